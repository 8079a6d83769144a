//! The status of a token as administrators see it: a function of its condition and the time, and what it allows.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{ClaimHolder, ReadOnlyReason, RejectionKind, TokenCondition};
use crate::apple_error::ErrorNumber;

/// Days before its end from which a token is shown as expiring. Ours: the largest threshold at which other MDM products
/// alert.
pub const EXPIRING_WITHIN_DAYS: i64 = 30;

/// The status of a token. When several hold, the first in this order is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum TokenStatus {
    /// Apple revoked it (9625).
    Revoked {
        /// Apple's error number.
        number: ErrorNumber,
        /// Apple's text.
        message: String,
    },
    /// Apple does not know it (9601, 9622).
    Invalid {
        /// Apple's error number.
        number: ErrorNumber,
        /// Apple's text.
        message: String,
    },
    /// Its year is over, by our clock or by Apple's answer (9621).
    Expired {
        /// When it ended, UTC.
        expired_at: DateTime<Utc>,
    },
    /// Another MDM server claims the location.
    ClaimedByOther {
        /// The claimant, for people.
        name: String,
    },
    /// Apple lets it read only.
    ReadOnly {
        /// What Apple's error number means.
        reason: ReadOnlyReason,
        /// Apple's text.
        message: String,
    },
    /// It was uploaded, and the claim or the first sync is still to come.
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
    /// The status at `now` (UTC): the first that holds.
    #[must_use]
    pub fn of(condition: &TokenCondition, now: DateTime<Utc>) -> Self {
        if let Some(rejection) = &condition.rejection {
            let (number, message) = (rejection.number, rejection.message.clone());
            match rejection.meaning {
                RejectionKind::Revoked => return Self::Revoked { number, message },
                RejectionKind::Invalid => return Self::Invalid { number, message },
                RejectionKind::Expired => {
                    // Apple may end a token before the date in its file. Then the first refusal is the best known end.
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

    /// What an administrator should do, for people; `None` for a token that works and does not end soon.
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
                "The claim or the first sync is still to come. Wait for it; if it takes longer than a few minutes, \
                 look at the result of the last sync."
            }
            Self::Active => return None,
        })
    }
}

/// An act that needs a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenOperation {
    /// Read from Apple: client config, assets. It is never blocked, because for a refused token it is the probe.
    Sync,
    /// Change licenses or users at Apple.
    Write,
    /// Claim the location for this installation.
    Claim,
    /// Replace the token by a fresh one of the same location.
    Update,
    /// Edit the settings.
    Edit,
}

/// The refusal of an act that the token's status does not allow. It is decided without a call to Apple.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{} is not possible while the token is {}: {hint}", operation.phrase(), status.label())]
pub struct OperationRefusal {
    /// The act that was asked for.
    pub operation: TokenOperation,
    /// The status that forbids it.
    pub status: TokenStatus,
    /// What an administrator should do.
    pub hint: &'static str,
}

impl TokenOperation {
    /// All operations, in the order of the published table.
    pub const ALL: [Self; 5] = [Self::Sync, Self::Write, Self::Claim, Self::Update, Self::Edit];

    /// The operation as a phrase for people.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Sync => "reading from Apple",
            Self::Write => "changing licenses",
            Self::Claim => "claiming the location",
            Self::Update => "updating the token",
            Self::Edit => "editing the settings",
        }
    }
}

impl TokenStatus {
    /// Whether this status allows an operation.
    #[must_use]
    pub const fn allows(&self, operation: TokenOperation) -> bool {
        match operation {
            TokenOperation::Sync | TokenOperation::Update | TokenOperation::Edit => true,
            TokenOperation::Write => matches!(self, Self::Active | Self::Expiring { .. }),
            TokenOperation::Claim => {
                !matches!(self, Self::Revoked { .. } | Self::Invalid { .. } | Self::Expired { .. })
            }
        }
    }

    /// Refuses an operation that this status does not allow.
    ///
    /// # Errors
    ///
    /// [`OperationRefusal`] names the operation, the status and what to do.
    pub fn check(&self, operation: TokenOperation) -> Result<(), OperationRefusal> {
        if self.allows(operation) {
            return Ok(());
        }
        let hint = self.hint().unwrap_or("Try again later.");
        Err(OperationRefusal { operation, status: self.clone(), hint })
    }
}

#[cfg(test)]
mod tests {
    //! The order of the statuses, and the effect of each observation.

    use crate::{
        id::{ClaimId, InstallationId, LocationId},
        token::{MdmInfo, ReadOnly, Rejection, ReplyFacts, TokenObservation},
    };

    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn days(n: i64) -> DateTime<Utc> {
        now() + TimeDelta::days(n)
    }

    fn claim() -> ClaimId {
        ClaimId::new(&InstallationId::new("here").unwrap(), &LocationId::new("1").unwrap())
    }

    fn facts(mdm_id: Option<&str>) -> ReplyFacts {
        let mdm_info =
            mdm_id.map(|id| MdmInfo { id: id.into(), name: "Some MDM".into(), metadata: String::new() });
        ReplyFacts { expires_at: None, mdm_info }
    }

    fn working() -> TokenCondition {
        TokenCondition { claim: ClaimHolder::Us, first_sync_done: true, ..TokenCondition::new(days(300)) }
    }

    fn rejected(number: u32) -> TokenObservation {
        let number = ErrorNumber(number);
        let meaning = RejectionKind::of(number).unwrap();
        TokenObservation::Rejected { meaning, number, message: "no".into() }
    }

    fn after(condition: &TokenCondition, observation: &TokenObservation) -> TokenCondition {
        condition.observe(observation, &claim(), now())
    }

    fn label(condition: &TokenCondition) -> &'static str {
        TokenStatus::of(condition, now()).label()
    }

    #[test]
    fn when_several_hold_the_first_is_shown() {
        let mut condition = TokenCondition::new(days(-1));
        condition.claim =
            ClaimHolder::Other { mdm_info: MdmInfo { name: "Other".into(), ..MdmInfo::default() } };
        condition.read_only = Some(ReadOnly { reason: ReadOnlyReason::Role, message: String::new() });
        let rejection =
            |meaning| Rejection { meaning, number: ErrorNumber(0), message: String::new(), since: now() };

        condition.rejection = Some(rejection(RejectionKind::Revoked));
        assert_eq!(label(&condition), "Revoked");
        condition.rejection = Some(rejection(RejectionKind::Invalid));
        assert_eq!(label(&condition), "Invalid");
        condition.rejection = None;
        assert_eq!(label(&condition), "Expired");
        condition.expires_at = days(10);
        condition.rejection = Some(rejection(RejectionKind::Expired));
        assert_eq!(label(&condition), "Expired", "Apple's word counts before our clock");
        condition.rejection = None;
        assert_eq!(label(&condition), "Claimed by another MDM");
        condition.claim = ClaimHolder::Unclaimed;
        assert_eq!(label(&condition), "Read-only");
        condition.read_only = None;
        assert_eq!(label(&condition), "Joining");
        condition.claim = ClaimHolder::Us;
        assert_eq!(label(&condition), "Joining", "the first sync is still to come");
        condition.first_sync_done = true;
        assert_eq!(label(&condition), "Expiring");
        condition.expires_at = days(31);
        assert_eq!(label(&condition), "Active");
    }

    #[test]
    fn each_number_of_apple_means_its_status_and_a_later_answer_ends_it() {
        for (number, expected) in [(9625, "Revoked"), (9622, "Invalid"), (9601, "Invalid"), (9621, "Expired")]
        {
            let refused = after(&working(), &rejected(number));
            assert_eq!(label(&refused), expected, "{number}");
            let seen_later = refused.observe(&rejected(number), &claim(), days(3));
            assert_eq!(seen_later, refused, "seen twice: since when it is so does not move");
            let answered = after(&refused, &TokenObservation::Answered(facts(Some("here:1"))));
            assert_eq!(answered, working());
        }
        assert_eq!(RejectionKind::of(ErrorNumber(9646)), None);
    }

    #[test]
    fn a_foreign_claim_is_seen_on_any_reply_and_ours_is_known_again() {
        let foreign = after(&working(), &TokenObservation::Answered(facts(Some("there:1"))));
        assert_eq!(label(&foreign), "Claimed by another MDM");
        assert_eq!(after(&foreign, &TokenObservation::Claimed(facts(Some("here:1")))), working());

        let cleared = after(&working(), &TokenObservation::Answered(facts(None)));
        assert_eq!(label(&cleared), "Joining", "our claim was cleared and has to be made again");
    }

    #[test]
    fn a_token_that_may_not_write_is_read_only_until_a_write_works() {
        let reason = ReadOnlyReason::of(ErrorNumber(9637)).unwrap();
        let refused = after(&working(), &TokenObservation::WriteRefused { reason, message: "role".into() });
        assert_eq!(label(&refused), "Read-only");
        assert_eq!(label(&after(&refused, &TokenObservation::Answered(facts(Some("here:1"))))), "Read-only");
        assert_eq!(label(&after(&refused, &TokenObservation::Claimed(facts(Some("here:1"))))), "Active");
    }

    #[test]
    fn a_renewal_clears_the_refusals_of_the_old_token_and_keeps_the_claim() {
        let dead = after(&working(), &rejected(9625));
        let reason = ReadOnlyReason::Role;
        let dead = after(&dead, &TokenObservation::WriteRefused { reason, message: String::new() });
        let dead = after(&dead, &rejected(9625));
        let renewed = after(&dead, &TokenObservation::Renewed { expires_at: days(365) });
        assert_eq!(label(&renewed), "Active");
        assert_eq!(renewed.expires_at, days(365));
    }

    #[test]
    fn a_status_that_forbids_an_operation_says_what_to_do() {
        let revoked = TokenStatus::of(&after(&working(), &rejected(9625)), now());
        let refusal = revoked.check(TokenOperation::Write).unwrap_err().to_string();
        assert!(refusal.contains("changing licenses") && refusal.contains("Revoked"), "{refusal}");
        assert!(refusal.contains("password") && refusal.contains("Apple Support"), "{refusal}");
        assert!(TokenStatus::Joining.check(TokenOperation::Write).is_err());
        assert!(revoked.check(TokenOperation::Sync).is_ok(), "reads are never blocked: they are the probe");
    }
}
