//! The jobs `ClaimLocation` and `TakeOverLocation`: Apple is told that this installation manages a location.

use mdm_vpp_core::{
    decide::token::{TokenCall, TokenCallResult, decide_record_call},
    id::{LocationId, TenantId},
    token::{ClaimHolder, TokenOperation},
    transaction::{CallFailure, Job, JobKind},
};
use mdm_vpp_ports::{ClientConfig, ServiceError, StoreError};

use super::{
    open_token::{OpenError, OpenedToken, open_token, open_token_once, rejects_token},
    subscribe::watch_subscription,
};
use crate::{
    context::{Failure, call_failure, one_token},
    sessions::{Sessions, paced},
};

/// What calling Apple about a claim brought.
struct Claimed {
    result: TokenCallResult,
    generation: u32,
    failure: Option<Failure>,
    /// The client config, unless the call failed.
    config: Option<ClientConfig>,
}

/// Claims a location and saves what came of it together with the job's row. Answers why the claim failed, if it did.
pub(crate) async fn claim_location(
    sessions: &Sessions,
    tenant: &TenantId,
    location: &LocationId,
    job: &Job,
) -> Result<Option<Failure>, StoreError> {
    let context = sessions.context();
    let loaded = context.store().load(tenant, &one_token(location)).await?;
    let now = context.now();
    if !loaded.token(location).is_some_and(|token| token.status(now).allows(TokenOperation::Claim)) {
        // A renewal enqueues the claim again at once, so a daily look is enough.
        context.reschedule(tenant, job, job.next_day(context.now())).await?;
        return Ok(None);
    }
    let takes_over = matches!(job.kind, JobKind::TakeOverLocation { .. });
    let Claimed { result, generation, failure, config } = match open_token(sessions, tenant, location).await {
        Ok(opened) => claim_with(sessions, tenant, location, opened, takes_over).await?,
        Err(error) => not_opened(error)?,
    };
    let call = TokenCall {
        location: location.clone(),
        generation,
        claim: context.claim_id(location),
        job: job.clone(),
        result,
    };
    let now = context.now();
    context.save(tenant, &one_token(location), move |loaded| decide_record_call(loaded, &call, now)).await?;
    if let Some(config) = config {
        watch_subscription(context, tenant, location, config.subscription.as_ref()).await?;
    }
    Ok(failure)
}

/// Claims the location unless it is ours, or another server's that is not to be taken over.
async fn claim_with(
    sessions: &Sessions,
    tenant: &TenantId,
    location: &LocationId,
    mut opened: OpenedToken,
    takes_over: bool,
) -> Result<Claimed, StoreError> {
    let context = sessions.context();
    let reply = opened.config.reply.clone();
    let holder = ClaimHolder::of(&reply, &context.claim_id(location));
    if holder == ClaimHolder::Us || (holder != ClaimHolder::Unclaimed && !takes_over) {
        let (result, generation) = (TokenCallResult::ClaimNotNeeded(reply), opened.generation);
        return Ok(Claimed { result, generation, failure: None, config: Some(opened.config) });
    }
    let info = context.mdm_info(location);
    let mut answer = paced(sessions, location, context.licenses().claim(&opened.secret, &info)).await;
    if answer.as_ref().is_err_and(rejects_token) {
        // As with every call: one refusal of the token is not believed.
        opened = match open_token_once(sessions, tenant, location).await {
            Ok(opened) => opened,
            Err(error) => return not_opened(error),
        };
        answer = paced(sessions, location, context.licenses().claim(&opened.secret, &info)).await;
    }
    let generation = opened.generation;
    Ok(match answer {
        Ok(config) => Claimed {
            result: TokenCallResult::Claimed(config.reply.clone()),
            generation,
            failure: None,
            config: Some(config),
        },
        Err(error) => failed(&error, generation),
    })
}

fn not_opened(error: OpenError) -> Result<Claimed, StoreError> {
    match error {
        OpenError::Service { error, generation } => Ok(failed(&error, generation)),
        // With a token that opens another location than it did, nothing is claimed.
        OpenError::OtherLocation { refusal, generation } => {
            let message = refusal.to_string();
            let failure = CallFailure { number: None, message: message.clone(), retry_after: None };
            Ok(Claimed {
                result: TokenCallResult::ClaimFailed(failure),
                generation,
                failure: Some(Failure::new(refusal.code(), message)),
                config: None,
            })
        }
        OpenError::Store(error) => Err(error),
    }
}

fn failed(error: &ServiceError, generation: u32) -> Claimed {
    Claimed {
        result: TokenCallResult::ClaimFailed(call_failure(error)),
        generation,
        failure: Some(Failure::service(error)),
        config: None,
    }
}
