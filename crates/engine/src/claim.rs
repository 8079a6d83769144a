//! Claiming a location.

use mdm_vpp_core::{
    decide::{
        catalog::SyncRefusal,
        token::{ClaimRefusal, TokenCall, TokenCallResult, decide_claim_location, decide_record_call},
    },
    id::{Actor, LocationId, TenantId},
    token::{ClaimHolder, TokenOperation},
    transaction::{CallFailure, Job},
};
use mdm_vpp_ports::{ClientConfig, ServiceError, StoreError};
use thiserror::Error;

use crate::{
    Tenant, TokenOutcome, WorkLimit,
    calls::{CallError, rejects_token},
    transact::{TransactError, one_token, token_after},
    vpp::Context,
    work_failure::{Failure, call_failure},
};

/// Why a location was not claimed. No call was made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ClaimError {
    /// The rules refuse it.
    #[error(transparent)]
    Refused(#[from] ClaimRefusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ClaimError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Refused(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }
}

impl Tenant {
    /// Claims a location from another MDM server. The wish and its actor are recorded first; if Apple cannot be
    /// reached it stays due, and the outcome's failures say why.
    ///
    /// # Errors
    ///
    /// [`ClaimError`]: a token that is revoked, invalid or expired is refused without a call.
    pub async fn claim_token(&self, token: &LocationId, actor: &Actor) -> Result<TokenOutcome, ClaimError> {
        let (of, by, now) = (token.clone(), actor.clone(), self.parts.clock.now());
        let decide = move |loaded: &_| {
            let decision = decide_claim_location(loaded, &of, &by, now)?;
            let token = token_after(&decision, loaded, &of);
            Ok((decision, token))
        };
        let saved =
            self.parts.transact(&self.id, &one_token(token), decide).await.map_err(|error| match error {
                TransactError::Refused(refusal) => ClaimError::Refused(refusal),
                TransactError::Store(error) => ClaimError::Store(error),
            })?;
        let saved = saved.ok_or_else(|| ClaimRefusal::UnknownToken { location: token.clone() })?;
        Ok(self.work_on(saved, &WorkLimit::default()).await)
    }
}

/// How far a claim came.
enum Claim {
    /// The token's status forbids it; no call was made.
    Forbidden,
    Called {
        answer: TokenCallResult,
        generation: u32,
        went_wrong: Option<Failure>,
        /// What Apple says of the location, unless the call failed.
        read: Option<Box<ClientConfig>>,
    },
}

impl Context {
    /// Carries out a claim that is due. The answer is what went wrong, if Apple refused.
    pub(crate) async fn claim_due(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        due: &Job,
        take_over: bool,
    ) -> Result<Option<Failure>, StoreError> {
        let claim = self.try_to_claim(tenant, location, take_over).await?;
        let Claim::Called { answer, generation, went_wrong, read } = claim else {
            self.postpone(tenant, due).await?;
            return Ok(None);
        };
        let called = TokenCall {
            location: location.clone(),
            generation,
            claim: self.claim_id(location),
            job: due.clone(),
            result: answer,
        };
        let now = self.clock.now();
        self.save(tenant, &one_token(location), move |loaded| decide_record_call(loaded, &called, now))
            .await?;
        if let Some(read) = read {
            self.watch_subscription(tenant, location, read.subscription.as_ref()).await?;
        }
        Ok(went_wrong)
    }

    async fn try_to_claim(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        take_over: bool,
    ) -> Result<Claim, StoreError> {
        let loaded = self.store.load(tenant, &one_token(location)).await?;
        let allowed = loaded
            .token(location)
            .is_some_and(|token| token.status(self.clock.now()).allows(TokenOperation::Claim));
        if !allowed {
            return Ok(Claim::Forbidden);
        }
        let mut opened = match self.open(tenant, location).await {
            Ok(opened) => opened,
            Err(CallError::Service { error, generation }) => return Ok(failed(&error, generation)),
            Err(CallError::OtherLocation { answered, generation }) => {
                return Ok(of_other_location(location, &answered, generation));
            }
            Err(CallError::Store(error)) => return Err(error),
        };
        let facts = opened.config.reply.clone();
        let holder = ClaimHolder::of(&facts, &self.claim_id(location));
        if holder == ClaimHolder::Us || (holder != ClaimHolder::Unclaimed && !take_over) {
            let (answer, generation) = (TokenCallResult::ClaimNotNeeded(facts), opened.generation);
            return Ok(Claim::Called {
                answer,
                generation,
                went_wrong: None,
                read: Some(Box::new(opened.config)),
            });
        }
        let claim = self.claim(location);
        let mut answer = self.paced(location, self.service.claim(&opened.secret, &claim)).await;
        if answer.as_ref().is_err_and(rejects_token) {
            opened = match self.reopen(tenant, location).await {
                Ok(opened) => opened,
                Err(CallError::Service { error, generation }) => return Ok(failed(&error, generation)),
                Err(CallError::OtherLocation { answered, generation }) => {
                    return Ok(of_other_location(location, &answered, generation));
                }
                Err(CallError::Store(error)) => return Err(error),
            };
            answer = self.paced(location, self.service.claim(&opened.secret, &claim)).await;
        }
        Ok(match answer {
            Ok(config) => Claim::Called {
                answer: TokenCallResult::Claimed(config.reply.clone()),
                generation: opened.generation,
                went_wrong: None,
                read: Some(Box::new(config)),
            },
            Err(error) => failed(&error, opened.generation),
        })
    }
}

fn failed(error: &ServiceError, generation: u32) -> Claim {
    Claim::Called {
        answer: TokenCallResult::ClaimFailed(call_failure(error)),
        generation,
        went_wrong: Some(Failure::service(error)),
        read: None,
    }
}

/// Nothing is claimed with a token that opens another location than it did.
fn of_other_location(location: &LocationId, answered: &LocationId, generation: u32) -> Claim {
    let (expected, answered) = (location.clone(), answered.clone());
    let refusal = SyncRefusal::OtherLocation { expected, answered };
    let (code, trouble) = (refusal.code(), refusal.to_string());
    Claim::Called {
        answer: TokenCallResult::ClaimFailed(CallFailure {
            number: None,
            message: trouble.clone(),
            retry_after: None,
        }),
        generation,
        went_wrong: Some(Failure { code, number: None, message: trouble }),
        read: None,
    }
}
