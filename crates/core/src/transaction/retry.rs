//! When something that failed is tried again.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    apple_error::ErrorNumber,
    token::{ReadOnlyReason, RejectionKind, TokenObservation},
    transaction::Job,
};

/// The longest wait between two tries of something that may pass by itself, in hours. Our choice.
const LONGEST_WAIT_HOURS: i64 = 6;

/// A token that Apple refuses, or does not let write, is tried once a day. Our choice.
const PROBE_HOURS: i64 = 24;

/// A call to Apple that failed, as far as decisions need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallFailure {
    /// Apple's error number, if Apple answered with one.
    pub number: Option<ErrorNumber>,
    /// Apple's text, or what happened instead of an answer.
    pub message: String,
    /// How long Apple asked to wait.
    pub retry_after: Option<TimeDelta>,
}

impl CallFailure {
    /// What the failure says about the token, if it says something.
    #[must_use]
    pub fn observation(&self) -> Option<TokenObservation> {
        let number = self.number?;
        let message = self.message.clone();
        if let Some(meaning) = RejectionKind::of(number) {
            return Some(TokenObservation::Rejected { meaning, number, message });
        }
        ReadOnlyReason::of(number).map(|reason| TokenObservation::WriteRefused { reason, message })
    }
}

impl Job {
    /// The same, after a failed try: later each time, from one minute to six hours, never before Apple allows it.
    /// A token that Apple refuses is tried once a day.
    #[must_use]
    pub fn after_failure(&self, failure: &CallFailure, now: DateTime<Utc>) -> Self {
        let wait = if failure.observation().is_some() {
            TimeDelta::hours(PROBE_HOURS)
        } else {
            let doubled = TimeDelta::minutes(1i64 << self.tries.min(10));
            doubled.min(TimeDelta::hours(LONGEST_WAIT_HOURS))
        };
        self.tried_again(now, wait.max(failure.retry_after.unwrap_or_default()))
    }

    /// The same, a day later: an act that the token's status forbids for now.
    #[must_use]
    pub fn next_day(&self, now: DateTime<Utc>) -> Self {
        self.tried_again(now, TimeDelta::hours(PROBE_HOURS))
    }

    /// The same, after a while: it was looked at, and something is still to come.
    #[must_use]
    pub fn rescheduled_in(&self, now: DateTime<Utc>, wait: TimeDelta) -> Self {
        self.tried_again(now, wait)
    }

    fn tried_again(&self, now: DateTime<Utc>, wait: TimeDelta) -> Self {
        let at = now.checked_add_signed(wait).unwrap_or(now);
        Self { kind: self.kind.clone(), at, generation: 0, tries: self.tries.saturating_add(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{id::AdamId, transaction::JobKind};

    fn wait_after(tries: u32, number: Option<u32>, retry_after: i64) -> TimeDelta {
        let now = DateTime::UNIX_EPOCH;
        let due = Job { tries, ..Job::at(JobKind::TellCatalog { adam_id: AdamId::new(1) }, now) };
        let failure = CallFailure {
            number: number.map(ErrorNumber),
            message: String::new(),
            retry_after: Some(TimeDelta::seconds(retry_after)),
        };
        due.after_failure(&failure, now).at - now
    }

    #[test]
    fn each_failure_waits_longer_up_to_six_hours_and_never_less_than_apple_asks() {
        let minutes = |tries| wait_after(tries, None, 0).num_minutes();
        assert_eq!([minutes(0), minutes(1), minutes(5), minutes(9), minutes(u32::MAX)], [1, 2, 32, 360, 360]);
        assert_eq!(wait_after(0, Some(9646), 7200).num_minutes(), 120);
    }

    #[test]
    fn a_refused_token_is_tried_once_a_day() {
        for number in [9621, 9622, 9625, 9601, 9637, 9645] {
            assert_eq!(wait_after(0, Some(number), 0).num_hours(), 24, "{number}");
        }
    }
}
