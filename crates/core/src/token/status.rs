//! The status that administrators see, as one function of a token's condition and the time.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    apple_error::ErrorNumber,
    token::{ClaimHolder, ReadOnlyReason, RejectionKind, TokenCondition},
};

/// So many days before its end a token is shown as expiring: the largest of the usual alert thresholds.
pub const EXPIRING_WITHIN_DAYS: i64 = 30;

/// What a token is, in the order in which the statuses win over each other when several hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum TokenStatus {
    /// Apple revoked it.
    Revoked {
        /// Apple's error number.
        number: ErrorNumber,
        /// Apple's text.
        message: String,
    },
    /// Apple does not know it.
    Invalid {
        /// Apple's error number.
        number: ErrorNumber,
        /// Apple's text.
        message: String,
    },
    /// Its year is over.
    Expired {
        /// Since when, UTC.
        expired_at: DateTime<Utc>,
    },
    /// Another MDM server claims the location.
    ClaimedByOther {
        /// The claimant as people know him.
        name: String,
    },
    /// Apple lets it read only.
    ReadOnly {
        /// Why.
        reason: ReadOnlyReason,
        /// Apple's text.
        message: String,
    },
    /// It was uploaded; the claim or the first sync is still to come.
    Joining,
    /// It works and ends within [`EXPIRING_WITHIN_DAYS`].
    Expiring {
        /// When it ends, UTC.
        expires_at: DateTime<Utc>,
    },
    /// It works.
    Active,
}

impl TokenStatus {
    /// The status at `now`: the first that holds.
    #[must_use]
    pub fn of(condition: &TokenCondition, now: DateTime<Utc>) -> Self {
        if let Some(rejection) = &condition.rejection {
            let (number, message) = (rejection.number, rejection.message.clone());
            match rejection.meaning {
                RejectionKind::Revoked => return Self::Revoked { number, message },
                RejectionKind::Invalid => return Self::Invalid { number, message },
                RejectionKind::Expired => {
                    return Self::Expired { expired_at: condition.expires_at.min(rejection.since) };
                }
            }
        }
        if condition.expires_at <= now {
            return Self::Expired { expired_at: condition.expires_at };
        }
        if let ClaimHolder::Other { mdm_info } = &condition.claim {
            return Self::ClaimedByOther { name: mdm_info.claimant() };
        }
        if let Some(read_only) = &condition.read_only {
            return Self::ReadOnly { reason: read_only.reason, message: read_only.message.clone() };
        }
        if condition.claim != ClaimHolder::Us || !condition.first_sync_done {
            return Self::Joining;
        }
        if condition.expires_at - now <= TimeDelta::days(EXPIRING_WITHIN_DAYS) {
            return Self::Expiring { expires_at: condition.expires_at };
        }
        Self::Active
    }

    /// The status as administrators read it, for example `Active` or `Claimed by another MDM`.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Revoked { .. } => "Revoked",
            Self::Invalid { .. } => "Invalid",
            Self::Expired { .. } => "Expired",
            Self::ClaimedByOther { .. } => "Claimed by another MDM",
            Self::ReadOnly { .. } => "Read-only",
            Self::Joining => "Joining",
            Self::Expiring { .. } => "Expiring",
            Self::Active => "Active",
        }
    }

    /// Apple's own text behind the status, where there is one.
    #[must_use]
    pub fn apple_message(&self) -> Option<&str> {
        match self {
            Self::Revoked { message, .. }
            | Self::Invalid { message, .. }
            | Self::ReadOnly { message, .. } => Some(message),
            _ => None,
        }
    }

    /// What an administrator should do, in plain language; `None` for a token that works and does not end soon.
    #[must_use]
    pub const fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Revoked { .. } => {
                "Apple revoked this token. Either the password of the Managed Apple Account that downloaded it was \
                 changed, or Apple flagged the account, for example after thousands of apps were renewed at once. \
                 Download a new token and update this one with it; if that is revoked too, contact Apple Support."
            }
            Self::Invalid { .. } => {
                "Apple does not accept this token. Mostly the password of the Managed Apple Account that downloaded \
                 it was changed, or the account lost its role. Download a new token and update this one with it."
            }
            Self::Expired { .. } => {
                "This token's year is over. Installed apps keep working, licenses cannot be changed. Download a new \
                 token and update this one with it."
            }
            Self::ClaimedByOther { .. } => {
                "Another MDM server manages this location. Use a location of your own, or claim this one \
                 explicitly and remove its token from the other server."
            }
            Self::ReadOnly { reason: ReadOnlyReason::Role, .. } => {
                "The account that downloaded this token may only look at licenses. Give it a role that manages \
                 licenses, download a new token and update this one with it."
            }
            Self::ReadOnly { reason: ReadOnlyReason::ManagedByApple, .. } => {
                "Apple's built-in device management runs this location. Create another location, move the licenses \
                 there and upload its token."
            }
            Self::Expiring { .. } => {
                "This token ends soon. Download a new token and update this one with it."
            }
            Self::Joining => {
                "The claim or the first sync is still to come. Wait for it; if it takes long, look at what the last \
                 sync says."
            }
            Self::Active => return None,
        })
    }
}

#[cfg(test)]
#[path = "status_tests.rs"]
mod tests;
