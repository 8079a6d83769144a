//! Outcomes: the result of a plan for one recipient of an app, and what a recipient waits for.

use serde::{Deserialize, Serialize};

use crate::{
    id::LocationId,
    policy::{AppEffect, Grace, KeepReason, NotRelevant},
    seats::{DepartureTrigger, SeatKey},
};

/// The result of a plan for one recipient of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// The recipient keeps the license that it holds.
    Keeps {
        /// The seat.
        seat: SeatKey,
        /// The reason.
        because: KeepsBecause,
    },
    /// The recipient gets a license, so a seat is taken.
    Gains {
        /// The seat.
        seat: SeatKey,
    },
    /// The recipient uses a seat that is held already: that of its user, or its own that a policy kept. No license is
    /// taken.
    Reuses {
        /// The seat.
        seat: SeatKey,
    },
    /// The recipient gets another license. The one it holds is released after the new one was read as assigned.
    Moves {
        /// The seat that the recipient leaves.
        from: SeatKey,
        /// The seat that the recipient gets.
        to: SeatKey,
    },
    /// The recipient leaves its seat. The seat is released unless another device of its user still uses it.
    Loses {
        /// The seat.
        seat: SeatKey,
        /// The event that releases it.
        trigger: DepartureTrigger,
        /// The effect on the app.
        app: AppEffect,
        /// The delay before the release.
        grace: Grace,
    },
    /// The recipient waits, and meanwhile keeps what it holds.
    Waits {
        /// What it waits for.
        waits_for: WaitsFor,
        /// The seat that it holds meanwhile.
        holds: Option<SeatKey>,
    },
    /// The recipient has the app without a license.
    Unlicensed {
        /// Whether the app costs money, so that its user has to buy it.
        user_pays: bool,
        /// The seat that the recipient leaves for it.
        leaves: Option<SeatKey>,
    },
    /// The recipient cannot have the app.
    NotRelevant {
        /// The first obstacle.
        why: NotRelevant,
    },
    /// No license is left, and the rule is [`OutOfLicenseRule::Fail`](crate::token::OutOfLicenseRule::Fail).
    OutOfLicenses,
    /// No target includes the recipient.
    NotGiven,
    /// An administrator refused the app.
    Refused,
}

/// The reason for which a recipient keeps the license that it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum KeepsBecause {
    /// The recipient shall have the app, and this license can still be chosen.
    Chosen,
    /// The recipient shall not have the app any more, but no rule releases the license.
    Policy {
        /// The event that could have released it.
        trigger: DepartureTrigger,
        /// The reason for which it did not.
        why: KeepReason,
    },
    /// A license of this asset cannot be revoked, so the recipient does not move to another one.
    Irrevocable,
    /// The app waits for an approval again, so nothing is given and nothing is taken.
    AwaitingApproval,
    /// The recipient could not get it now, but no event asks for its release.
    NotRelevant {
        /// The first obstacle to a new license.
        why: NotRelevant,
    },
}

impl Outcome {
    /// The stable name, as in JSON.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Keeps { .. } => "keeps",
            Self::Gains { .. } => "gains",
            Self::Reuses { .. } => "reuses",
            Self::Moves { .. } => "moves",
            Self::Loses { .. } => "loses",
            Self::Waits { .. } => "waits",
            Self::Unlicensed { .. } => "unlicensed",
            Self::NotRelevant { .. } => "not_relevant",
            Self::OutOfLicenses => "out_of_licenses",
            Self::NotGiven => "not_given",
            Self::Refused => "refused",
        }
    }

    /// The seat that the recipient gets.
    #[must_use]
    pub const fn gets(&self) -> Option<&SeatKey> {
        match self {
            Self::Gains { seat } | Self::Reuses { seat } | Self::Moves { to: seat, .. } => Some(seat),
            _ => None,
        }
    }

    /// The seat that the recipient leaves.
    #[must_use]
    pub const fn leaves(&self) -> Option<&SeatKey> {
        match self {
            Self::Loses { seat, .. } | Self::Moves { from: seat, .. } => Some(seat),
            Self::Unlicensed { leaves, .. } => leaves.as_ref(),
            _ => None,
        }
    }

    /// The seat that the recipient holds and keeps, at least for now.
    #[must_use]
    pub const fn keeps(&self) -> Option<&SeatKey> {
        match self {
            Self::Keeps { seat, .. } => Some(seat),
            Self::Waits { holds, .. } => holds.as_ref(),
            _ => None,
        }
    }

    /// What the recipient waits for.
    #[must_use]
    pub const fn waits_for(&self) -> Option<&WaitsFor> {
        match self {
            Self::Waits { waits_for, .. } => Some(waits_for),
            _ => None,
        }
    }
}

/// What a recipient waits for that shall have an app.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum WaitsFor {
    /// A decision: the recipient was not planned yet.
    Decision,
    /// The approval of the app. No call is made for it.
    Approval,
    /// A license of any token that may give one.
    FreeSeat,
    /// A token that has a free license but cannot write: it has to be renewed, claimed or given rights.
    Token {
        /// The token's location.
        location: LocationId,
    },
    /// The counts of a pool that was never read: the location has to be synced.
    Counts,
    /// Another device of the user to leave: the user's seat has as many devices as the limit allows.
    DeviceLimit,
}

impl WaitsFor {
    /// The stable name, as in JSON.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Approval => "approval",
            Self::FreeSeat => "free_seat",
            Self::Token { .. } => "token",
            Self::Counts => "counts",
            Self::DeviceLimit => "device_limit",
        }
    }
}
