//! The job `Subscribe`: Apple is told where to send notifications. After each sync and claim the subscription that Apple
//! has is compared with the one that is wanted.

use chrono::TimeDelta;
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    location::{LocationChanges, LocationRows, LocationState},
    token::TokenOperation,
    transaction::{Decision, Job, JobKind},
};
use mdm_vpp_ports::{Lease, LocationScope, ServiceError, StoreError, Subscription};

use crate::{
    context::{Context, Failure, leased_scope, one_token},
    sessions::{JobOutcome, LocationSession, SessionError},
};

/// Apple's number for "notification URL not reachable": the test notification was not answered with success.
const UNREACHABLE: u32 = 9728;
/// The longest wait between two tries, in minutes: a day. Our choice: only a person can change what is wrong.
const LONGEST_WAIT_MINUTES: i64 = 24 * 60;
/// The wait is doubled at most this often, which is more than a day of minutes.
const MOST_DOUBLED: u32 = 11;

/// Subscribes. Apple sends its test notification meanwhile, to any process that shares the keys.
pub(crate) async fn subscribe(
    session: &mut LocationSession<'_>,
    job: &Job,
) -> Result<JobOutcome, SessionError> {
    let Some(notifications) = session.context().notifications() else { return Ok(JobOutcome::Done) };
    let wanted = match notifications.subscription(session.location()) {
        Ok(wanted) => wanted,
        Err(error) => {
            let failure = Failure::new("notification_secret", error.to_string());
            return Err(not_subscribed(session, failure, job));
        }
    };
    session.renew_lease().await?;
    session.permit_write().await?;
    session.expect_to_outlast_a_call()?;
    let answer = session.service().subscribe(session.secret(), &wanted).await;
    match answer.map_err(|error| session.heed(error)) {
        Ok(_) => {
            let (context, lease) = (session.context(), Some(session.lease()));
            keep_subscribed(context, session.tenant(), session.location(), lease, true).await?;
            tracing::info!(location = %session.location(), "subscribed to notifications");
            Ok(JobOutcome::Done)
        }
        Err(error) if error.number().is_some_and(|number| number.0 == UNREACHABLE) => {
            let message = unreachable(&wanted.url, &error);
            let failure = Failure { message, ..Failure::service(&error) };
            Err(not_subscribed(session, failure, job))
        }
        Err(error) => Err(error.into()),
    }
}

/// Tries again after a wait that grows from a minute to a day.
fn not_subscribed(session: &LocationSession<'_>, failure: Failure, job: &Job) -> SessionError {
    let minutes = (1i64 << job.tries.min(MOST_DOUBLED)).min(LONGEST_WAIT_MINUTES);
    SessionError::failed(failure, job.rescheduled_in(session.now(), TimeDelta::minutes(minutes)))
}

fn unreachable(url: &str, error: &ServiceError) -> String {
    format!(
        "{error}. Apple's test notification was not answered with success: make `{url}` reachable from the internet, \
         let it hand the body and the header `Authorization` to `Vpp::notification`, and answer with the status that \
         this names. Until then Apple is polled instead, and nothing else depends on it"
    )
}

/// Compares the subscription of a location, as client config shows it, with the one that is wanted. When they differ and
/// this installation may write, subscribing is enqueued, unless it is already and waits for its next try.
pub(super) async fn watch_subscription(
    context: &Context,
    tenant: &TenantId,
    location: &LocationId,
    found: Option<&Subscription>,
) -> Result<(), StoreError> {
    if context.assignments().is_none() {
        return Ok(());
    }
    let wanted = context.notifications().map(|notifications| notifications.subscription(location).ok());
    let agrees = found.is_some() && wanted.as_ref().is_some_and(|wanted| wanted.as_ref() == found);
    let scope = one_token(location).location(LocationScope::of(location.clone()));
    let loaded = context.store().load(tenant, &scope).await?;
    let (Some(token), Some(rows)) = (loaded.token(location), &loaded.location) else { return Ok(()) };
    if rows.state.subscribed != agrees {
        keep_subscribed(context, tenant, location, None, agrees).await?;
    }
    let now = context.now();
    let may_write = !context.is_read_only() && token.status(now).allows(TokenOperation::Write);
    if agrees || wanted.is_none() || !may_write {
        return Ok(());
    }
    let subscribe = JobKind::Subscribe { location: location.clone() };
    let jobs = context.store().jobs_of_location(tenant, location).await?;
    if jobs.iter().any(|job| job.kind == subscribe) {
        // Enqueueing it again would take the earlier time, and so undo the wait after a failed try.
        return Ok(());
    }
    context.store().enqueue(tenant, &[Job::at(subscribe, now)]).await
}

/// Keeps whether Apple sends notifications: requests are polled later then.
async fn keep_subscribed(
    context: &Context,
    tenant: &TenantId,
    location: &LocationId,
    lease: Option<&Lease>,
    subscribed: bool,
) -> Result<(), StoreError> {
    let decide = move |rows: &LocationRows| {
        let state = Some(LocationState { subscribed, ..rows.state.clone() });
        Decision { location: LocationChanges { state, ..LocationChanges::default() }, ..Decision::default() }
    };
    let scope = lease.map_or_else(|| LocationScope::of(location.clone()), leased_scope);
    context.save_location(tenant, scope, decide).await
}
