//! The one table from how a job ended to what becomes of its row.
//!
//! | Ending | Row | The embedder is told |
//! | --- | --- | --- |
//! | done, or the location has no token any more | deleted | |
//! | runs again | the time that the job named | |
//! | failed, and the job named its next run | that time | yes |
//! | Apple asked to wait | when it may be called again, in a second at the earliest | |
//! | the token's status forbids it | after a backoff | |
//! | Apple refused the token, which was renewed meanwhile | in a second | |
//! | Apple refused the token or writing | in a day; a sync looks for the reason | yes |
//! | another failure of a call | after a backoff, not before Apple allows | yes |
//! | another process has the location, or took its lease | untouched; the location is suppressed | |
//! | read-only mode, and the job writes | in an hour | once for a claim |
//! | the store failed | after a backoff | yes |
//! | the store cannot read a row | in a day: it stays damaged until a person mends it | yes |
//! | the store does not take any of this | untouched; the job is suppressed | yes |

use chrono::TimeDelta;
use mdm_vpp_core::{
    decide::catalog::SyncReport,
    id::{LocationId, TenantId},
    token::ReadOnlyReason,
    transaction::{CallFailure, Job, JobKind},
};
use mdm_vpp_ports::StoreError;

use super::Worker;
use crate::{
    context::{Context, Failure, call_failure, later},
    reconcile::{SyncFailure, rejects_token},
    sessions::{HELD_ELSEWHERE_SECONDS, JobOutcome, SessionError, Sessions},
};

/// After this many seconds a job runs again whose outcome the store did not take. Our choice: Apple must not be called
/// again and again meanwhile.
const UNSAVED_SECONDS: i64 = 30;

/// After this many minutes a job that writes runs again in read-only mode, without a call. Our choice: by then another
/// process, which may write, may have the store.
const READ_ONLY_MINUTES: i64 = 60;

/// The earliest next run where waiting is over at once, in seconds.
const SOON_SECONDS: i64 = 1;

/// How a job ended.
pub(super) enum Ending {
    /// The job's function saved its outcome together with the row, or leaves the row alone.
    Saved(Option<Failure>),
    /// Nothing is left to do.
    Done,
    /// It runs again.
    Requeue(Job, Option<Failure>),
    /// Its location is left alone for some seconds, and the row as it is: the process that has the location finishes it.
    Suppress { seconds: i64, failure: Option<Failure> },
}

impl Ending {
    pub(super) const HELD_ELSEWHERE: Self = Self::Suppress { seconds: HELD_ELSEWHERE_SECONDS, failure: None };

    pub(super) fn held_elsewhere(context: &Context, seconds: i64) -> Self {
        let no_assignments = || {
            let message = "licenses are to be assigned and nothing can be sent: build the library with a service \
                           for assignments (`AppleServices::new`), here or in another process of this store";
            Failure::new("no_assignments", message)
        };
        Self::Suppress { seconds, failure: context.assignments().is_none().then(no_assignments) }
    }

    pub(super) fn forbidden(context: &Context, job: &Job) -> Self {
        // A renewal of the token enqueues its jobs at once, so waiting longer each time loses nothing.
        let failure = CallFailure { number: None, message: String::new(), retry_after: None };
        Self::Requeue(job.after_failure(&failure, context.now()), None)
    }
}

/// The ending of a job that would write, if this process only reads; `None` when the job may run.
pub(super) fn reschedule_in_read_only_mode(context: &Context, job: &Job) -> Option<Ending> {
    let claims = matches!(job.kind, JobKind::ClaimLocation { .. } | JobKind::TakeOverLocation { .. });
    let writes = claims || matches!(job.kind, JobKind::SendRequests { .. } | JobKind::Subscribe { .. });
    if !context.is_read_only() || !writes {
        return None;
    }
    // The embedder is told of a claim once for each time that it is asked for. Other jobs keep their tries: nothing
    // failed, so no backoff shall grow.
    let is_first = claims && job.tries == 0;
    let tries = if claims { job.tries.max(1) } else { job.tries };
    let again = job.rescheduled_in(context.now(), TimeDelta::minutes(READ_ONLY_MINUTES));
    let failure = is_first.then(|| {
        let message = "the location is not claimed, because the library was built to read only: build it without \
                       `VppBuilder::read_only` to claim it";
        Failure::new("read_only_mode", message)
    });
    Some(Ending::Requeue(Job { tries, ..again }, failure))
}

/// The ending of a sync, which saves its row itself.
pub(super) fn after_sync(result: Result<SyncReport, SyncFailure>) -> Result<Ending, StoreError> {
    let failure = match result {
        Ok(report) => report.lookup_failure.map(|message| Failure::new("store_lookup", message)),
        Err(SyncFailure::Store(error)) => return Err(error),
        Err(SyncFailure::Service(error)) => Some(Failure::service(&error)),
        Err(SyncFailure::Refused(refusal)) => Some(Failure::new(refusal.code(), refusal.to_string())),
    };
    Ok(Ending::Saved(failure))
}

/// The ending of a job that ran in a session with the token of a generation, or could not get one.
pub(super) async fn after_session(
    sessions: &Sessions,
    tenant: &TenantId,
    location: &LocationId,
    job: &Job,
    generation: Option<u32>,
    result: Result<JobOutcome, SessionError>,
) -> Result<Ending, StoreError> {
    let context = sessions.context();
    let now = context.now();
    let error = match result {
        Ok(JobOutcome::Done) => return Ok(Ending::Done),
        Ok(JobOutcome::Requeue(again)) => return Ok(Ending::Requeue(again, None)),
        Err(SessionError::Failed(failed)) => {
            let (failure, again) = *failed;
            return Ok(Ending::Requeue(again, Some(failure)));
        }
        Err(SessionError::Store(StoreError::LeaseLost { .. })) => return Ok(Ending::HELD_ELSEWHERE),
        Err(SessionError::Store(error)) => return Err(error),
        Err(SessionError::Stopped(until)) => {
            let at = until.max(later(now, TimeDelta::seconds(SOON_SECONDS)));
            let again = Job { at, ..job.rescheduled_in(now, TimeDelta::zero()) };
            return Ok(Ending::Requeue(again, None));
        }
        Err(SessionError::Service(error)) => error,
    };
    let rejected = rejects_token(&error);
    if let Some(generation) = generation.filter(|_| rejected)
        && context.store().content_token(tenant, location).await?.generation != generation
    {
        // Another process renewed the token while the call was under way: the refusal was of the old secret.
        return Ok(Ending::Requeue(job.rescheduled_in(now, TimeDelta::seconds(SOON_SECONDS)), None));
    }
    if rejected || error.number().and_then(ReadOnlyReason::of).is_some() {
        // A sync reads the client config and finds what is wrong with the token. One that finds nothing enqueues the
        // jobs of the location at once, which may be refused again: hence once an hour.
        let kind = JobKind::SyncAssets { location: location.clone() };
        let at = sessions.at_most_hourly(&kind, generation.unwrap_or_default(), now);
        context.store().enqueue(tenant, &[Job::at(kind, at)]).await?;
    }
    let again = job.after_failure(&call_failure(&error), now);
    Ok(Ending::Requeue(again, Some(Failure::service(&error))))
}

/// Does to the job's row what its ending asks for. Answers why the job failed, if it did.
pub(super) async fn finish(
    sessions: &Sessions,
    tenant: &TenantId,
    job: &Job,
    ending: Ending,
) -> Result<Option<Failure>, StoreError> {
    match ending {
        Ending::Saved(failure) => Ok(failure),
        Ending::Done => sessions.context().complete(tenant, job).await.map(|()| None),
        Ending::Requeue(again, failure) => {
            sessions.context().reschedule(tenant, job, again).await?;
            Ok(failure)
        }
        Ending::Suppress { seconds, failure } => {
            if let Some(location) = job.kind.location() {
                sessions.suppress(tenant, location, seconds);
            }
            Ok(failure)
        }
    }
}

/// Puts off a job over which the store failed, so that it cannot stand in the way of every other job for ever.
pub(super) async fn finish_after_store_error(
    worker: &Worker,
    tenant: &TenantId,
    job: &Job,
    error: &StoreError,
) -> Failure {
    tracing::error!(%tenant, kind = ?job.kind, %error, "a job failed in the store");
    let now = worker.context().now();
    let again = if matches!(error, StoreError::Unreadable { .. }) {
        job.next_day(now)
    } else {
        let failure = CallFailure { number: None, message: error.to_string(), retry_after: None };
        job.after_failure(&failure, now)
    };
    if let Err(error) = worker.context().reschedule(tenant, job, again).await {
        tracing::error!(%tenant, kind = ?job.kind, %error, "the job could not be put off");
        worker.suppress(tenant, job, UNSAVED_SECONDS);
    }
    Failure::store(error)
}
