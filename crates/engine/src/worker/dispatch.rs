//! The dispatcher: from the kind of a job to the function that carries it out.

use mdm_vpp_core::{
    id::{LocationId, TenantId},
    transaction::{Job, JobKind},
};
use mdm_vpp_ports::StoreError;

use super::{
    Worker,
    requeue::{
        Ending, after_session, after_sync, finish, finish_after_store_error, reschedule_in_read_only_mode,
    },
};
use crate::{
    context::WorkFailure,
    reconcile::{
        claim_location, fill_waitlist, poll_events, read_assignments, read_back, read_delta, refresh_users,
        release_fences, send_requests, subscribe, sync_assets, tell_catalog,
    },
    sessions::{Acquire, JobOutcome, LocationSession, SessionError, acquire},
};

/// For whom a job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Requester {
    /// A person waits for it, and is not made to wait for other processes.
    Person,
    /// It is due.
    Schedule,
}

/// Runs a job and finishes it. Answers why it failed, if it did.
pub(super) async fn run_job(
    worker: &Worker,
    tenant: &TenantId,
    job: &Job,
    requester: Requester,
) -> Option<WorkFailure> {
    let finished = match dispatch(worker, tenant, job, requester).await {
        Ok(ending) => finish(worker.sessions(), tenant, job, ending).await,
        Err(error) => Err(error),
    };
    let failure = match finished {
        Ok(failure) => failure?,
        Err(error) => finish_after_store_error(worker, tenant, job, &error).await,
    };
    Some(failure.of(tenant, &job.kind))
}

async fn dispatch(
    worker: &Worker,
    tenant: &TenantId,
    job: &Job,
    requester: Requester,
) -> Result<Ending, StoreError> {
    let sessions = worker.sessions();
    if let Some(ending) = reschedule_in_read_only_mode(worker.context(), job) {
        return Ok(ending);
    }
    match &job.kind {
        JobKind::ClaimLocation { location }
        | JobKind::TakeOverLocation { location }
        | JobKind::SyncAssets { location } => {
            let _entered = match requester {
                Requester::Person => None,
                Requester::Schedule => match sessions.enter_leased(tenant, location).await {
                    Ok(Some(entered)) => Some(entered),
                    Ok(None) => return Ok(Ending::HELD_ELSEWHERE),
                    // The job itself finds that the token is gone, and ends.
                    Err(StoreError::UnknownToken { .. }) => None,
                    Err(error) => return Err(error),
                },
            };
            match &job.kind {
                JobKind::SyncAssets { .. } => after_sync(sync_assets(sessions, tenant, location, job).await),
                _ => Ok(Ending::Saved(claim_location(sessions, tenant, location, job).await?)),
            }
        }
        JobKind::SendRequests { location }
        | JobKind::PollEvents { location }
        | JobKind::ReadDelta { location }
        | JobKind::ReadBack { location }
        | JobKind::ReadAssignments { location }
        | JobKind::ReleaseFences { location }
        | JobKind::RefreshUsers { location }
        | JobKind::FillWaitlist { location }
        | JobKind::Subscribe { location } => run_in_session(worker, tenant, location, job).await,
        JobKind::TellCatalog { adam_id } => {
            Ok(Ending::Saved(tell_catalog(worker.context(), tenant, *adam_id, job).await?))
        }
        // A kind of a later version is left to the processes that know it.
        _ => Ok(Ending::Saved(None)),
    }
}

/// Runs a job in the session of its location.
async fn run_in_session(
    worker: &Worker,
    tenant: &TenantId,
    location: &LocationId,
    job: &Job,
) -> Result<Ending, StoreError> {
    let sessions = worker.sessions();
    let (generation, result) = match acquire(sessions, tenant, location, &job.kind).await {
        Ok(Acquire::Acquired(mut session)) => {
            (Some(session.generation()), reconcile_in(&mut session, job).await)
        }
        Ok(Acquire::HeldElsewhere { seconds }) => {
            return Ok(Ending::held_elsewhere(worker.context(), seconds));
        }
        Ok(Acquire::Forbidden) => return Ok(Ending::forbidden(worker.context(), job)),
        Ok(Acquire::Gone) => return Ok(Ending::Done),
        Err(error) => (None, Err(error)),
    };
    after_session(sessions, tenant, location, job, generation, result).await
}

async fn reconcile_in(session: &mut LocationSession<'_>, job: &Job) -> Result<JobOutcome, SessionError> {
    let outcome = match job.kind {
        JobKind::SendRequests { .. } => send_requests(session, job).await,
        JobKind::PollEvents { .. } => poll_events(session, job).await,
        JobKind::ReadDelta { .. } => read_delta(session, job).await,
        JobKind::ReadBack { .. } => read_back(session, job).await,
        JobKind::ReadAssignments { .. } => read_assignments(session, job).await,
        JobKind::ReleaseFences { .. } => release_fences(session, job).await,
        JobKind::RefreshUsers { .. } => refresh_users(session, job).await,
        JobKind::FillWaitlist { .. } => fill_waitlist(session).await,
        JobKind::Subscribe { .. } => subscribe(session, job).await,
        _ => Ok(JobOutcome::Done),
    }?;
    // The session's own decisions may have enqueued this kind again: the earlier of both times counts.
    let Some(at) = session.requeue_at() else { return Ok(outcome) };
    Ok(JobOutcome::Requeue(match outcome {
        JobOutcome::Done => Job { at, tries: 0, ..job.clone() },
        JobOutcome::Requeue(again) => Job { at: again.at.min(at), ..again },
    }))
}
