//! What a call to Apple said about a token.

use chrono::{DateTime, Utc};

use crate::{
    id::{ClaimId, LocationId},
    token::{ClaimHolder, ReplyFacts, SyncRecord, Token, TokenObservation},
    transaction::{CallFailure, Decision, Job, Loaded},
};

/// A call to Apple that was due, and what came of it.
#[derive(Debug, Clone)]
pub struct TokenCall {
    /// The token's location.
    pub location: LocationId,
    /// The generation of the secret that was used. What a call with an older secret says does not count.
    pub generation: u32,
    /// The id under which this installation claims the location.
    pub claim: ClaimId,
    /// The job that asked for it.
    pub job: Job,
    /// What came of it.
    pub result: TokenCallResult,
}

/// What came of a call.
#[derive(Debug, Clone)]
pub enum TokenCallResult {
    /// A claim turned out to be needless: the location is ours, or another MDM server's and no administrator asked to
    /// take it over.
    ClaimNotNeeded(ReplyFacts),
    /// Apple took a claim.
    Claimed(ReplyFacts),
    /// A claim failed.
    ClaimFailed(CallFailure),
    /// A sync failed.
    SyncFailed(CallFailure),
}

/// Decides what a call of a job changes: the token's condition, and when the call is tried again.
///
/// Applying a known fact changes no token. When the token is not there any more, only the job is completed.
#[must_use]
pub fn decide_record_call(loaded: &Loaded, called: &TokenCall, now: DateTime<Utc>) -> Decision {
    let mut decision = Decision { completed: vec![called.job.completed()], ..Decision::default() };
    let Some(before) = loaded.token(&called.location) else { return decision };
    let observe = |observation: &TokenObservation| {
        let condition = before.condition.observe(observation, &called.claim, now);
        Token { condition, ..before.clone() }
    };
    // What an older secret brought says nothing about the new one.
    let current = called.generation == before.generation;
    let after = match &called.result {
        TokenCallResult::ClaimNotNeeded(_) | TokenCallResult::Claimed(_) if !current => {
            decision.jobs.push(Job::at(called.job.kind.clone(), now));
            before.clone()
        }
        TokenCallResult::ClaimNotNeeded(facts) => observe(&TokenObservation::Answered(facts.clone())),
        TokenCallResult::Claimed(facts) => {
            let after = observe(&TokenObservation::Claimed(facts.clone()));
            if after.condition.claim != ClaimHolder::Us {
                decision.jobs.push(called.job.next_day(now));
            }
            after
        }
        TokenCallResult::ClaimFailed(failure) | TokenCallResult::SyncFailed(failure) => {
            decision.jobs.push(called.job.after_failure(failure, now));
            let mut after = match failure.observation() {
                Some(observation) if current => observe(&observation),
                _ => before.clone(),
            };
            if matches!(called.result, TokenCallResult::SyncFailed(_)) {
                after.last_sync = Some(SyncRecord { at: now, failure: Some(failure.message.clone()) });
            }
            after
        }
    };
    decision.save_observed(before, after, now);
    decision
}
