//! A user as Apple knows them in one location. The licenses of a user wait until the user is registered.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    apple_error::AppleError,
    id::{ClientUserId, LocationId, UserId},
    seats::{Gate, RequestNumber},
};

/// A user in one location.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VppUser {
    /// The location.
    pub location: LocationId,
    /// The id under which the user is registered at Apple.
    pub client_user_id: ClientUserId,
    /// The embedder's user.
    pub user: UserId,
    /// What is known of Apple's side.
    pub status: VppUserStatus,
    /// What is under way.
    pub progress: VppUserProgress,
    /// When something last changed what may be true at Apple, UTC. A read that began no later says nothing.
    pub touched_at: DateTime<Utc>,
}

/// What is known of Apple's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum VppUserStatus {
    /// Nothing that can be relied on.
    Unknown,
    /// Apple does not know the user.
    Unregistered,
    /// Apple knows the user, who has not accepted the invitation yet. They can be given licenses.
    Registered,
    /// Apple knows the user with their Apple Account.
    Associated,
    /// The user is retired: they have no licenses and can be given none.
    Retired,
}

/// What is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum VppUserProgress {
    /// Nothing.
    Idle,
    /// The request that registers the user may have been sent.
    InRequest {
        /// The request, within the location.
        request: RequestNumber,
    },
    /// It failed and is left until a person asks again.
    GivenUp {
        /// Why.
        error: AppleError,
    },
}

/// What can happen to a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum VppUserEvent {
    /// The user was put into a request that registers them.
    Written {
        /// The request.
        request: RequestNumber,
    },
    /// The request is complete, was lost, or failed without naming the user: they have to be read.
    Ended {
        /// The request.
        request: RequestNumber,
    },
    /// The request failed because of the user.
    Failed {
        /// The request.
        request: RequestNumber,
        /// Why.
        error: AppleError,
    },
    /// A read listed the user, or came to its end and did not (`Unregistered`).
    Read {
        /// As what.
        status: VppUserStatus,
        /// When the read began, UTC: before its first request left.
        begun_at: DateTime<Utc>,
    },
    /// A person asks for it again, or the time for another try has come, after it was given up.
    Retry,
}

/// What is to be done about a user who is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VppUserStep {
    /// Nothing: the user can hold licenses, was given up, or is retired.
    Nothing,
    /// Read the user.
    Read,
    /// Register the user.
    Register,
    /// The request has to be answered or lost first.
    Await {
        /// The request, within the location.
        request: RequestNumber,
    },
}

impl VppUser {
    /// A user about whom nothing was read yet.
    #[must_use]
    pub const fn new(
        location: LocationId,
        client_user_id: ClientUserId,
        user: UserId,
        now: DateTime<Utc>,
    ) -> Self {
        let (status, progress) = (VppUserStatus::Unknown, VppUserProgress::Idle);
        Self { location, client_user_id, user, status, progress, touched_at: now }
    }

    /// What is to be done, given that a seat needs the user.
    ///
    /// Registering has no opposite here, so a lost request needs no fence: sent twice, Apple answers the second time
    /// that the user exists (9716), and the read that follows every request says so too. A retired user is not
    /// registered again by itself, because a person retired them on purpose.
    #[must_use]
    pub const fn step(&self) -> VppUserStep {
        match (&self.progress, self.status) {
            (VppUserProgress::InRequest { request }, _) => VppUserStep::Await { request: *request },
            (_, VppUserStatus::Unknown) => VppUserStep::Read,
            (VppUserProgress::Idle, VppUserStatus::Unregistered) => VppUserStep::Register,
            _ => VppUserStep::Nothing,
        }
    }

    /// Whether nothing is known of the user, so that they have to be read.
    #[must_use]
    pub fn is_to_be_read(&self) -> bool {
        self.step() == VppUserStep::Read
    }

    /// Whether seats of the user may go: a license waits until the user is registered, and is refused when they are
    /// retired.
    #[must_use]
    pub const fn gate(&self) -> Gate {
        match self.status {
            VppUserStatus::Registered | VppUserStatus::Associated => Gate::Open,
            VppUserStatus::Unknown | VppUserStatus::Unregistered => Gate::NotYet,
            VppUserStatus::Retired => Gate::Retired,
        }
    }

    /// Applies an event; `None` when it changes nothing. Answers count only for the request that the user is in, reads
    /// only if they began after the last thing that touched the user.
    #[must_use]
    pub fn after(&self, event: &VppUserEvent, now: DateTime<Utc>) -> Option<Self> {
        let touched = || Self { touched_at: self.touched_at.max(now), ..self.clone() };
        let own =
            |request| matches!(&self.progress, VppUserProgress::InRequest { request: own } if own == request);
        let after = match event {
            VppUserEvent::Written { request } if self.step() == VppUserStep::Register => {
                Self { progress: VppUserProgress::InRequest { request: *request }, ..touched() }
            }
            VppUserEvent::Ended { request } if own(request) => {
                Self { status: VppUserStatus::Unknown, progress: VppUserProgress::Idle, ..touched() }
            }
            VppUserEvent::Failed { request, error } if own(request) => {
                let progress = VppUserProgress::GivenUp { error: error.clone() };
                Self { status: VppUserStatus::Unknown, progress, ..touched() }
            }
            VppUserEvent::Read { status, begun_at }
                if *begun_at > self.touched_at
                    && !matches!(self.progress, VppUserProgress::InRequest { .. }) =>
            {
                self.read(*status, *begun_at)
            }
            VppUserEvent::Retry if matches!(self.progress, VppUserProgress::GivenUp { .. }) => {
                Self { progress: VppUserProgress::Idle, ..self.clone() }
            }
            _ => return None,
        };
        (after != *self).then_some(after)
    }

    fn read(&self, status: VppUserStatus, begun_at: DateTime<Utc>) -> Self {
        let progress = match (&self.progress, status) {
            (VppUserProgress::GivenUp { .. }, VppUserStatus::Registered | VppUserStatus::Associated) => {
                VppUserProgress::Idle
            }
            (progress, _) => progress.clone(),
        };
        let after = Self { status, progress, ..self.clone() };
        if after == *self { after } else { Self { touched_at: begun_at, ..after } }
    }
}

#[cfg(test)]
#[path = "vpp_user_tests.rs"]
mod tests;
