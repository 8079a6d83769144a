//! What a plan says about one recipient of an app.

use serde::{Deserialize, Serialize};

use crate::{
    id::LocationId,
    policy::{AppEffect, Grace, KeepReason, NotRelevant},
    seats::{DepartureTrigger, SeatKey},
};

/// What a plan says about one recipient of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// He keeps the license that he holds.
    Keeps {
        /// The seat.
        seat: SeatKey,
        /// Why.
        because: KeepsBecause,
    },
    /// He gets a license: a seat is taken.
    Gains {
        /// The seat.
        seat: SeatKey,
    },
    /// He uses a seat that is held already: his user's, or his own that a policy kept. No seat is taken.
    Reuses {
        /// The seat.
        seat: SeatKey,
    },
    /// He gets another license than the one he holds, which goes back when the new one was read as present.
    Moves {
        /// The seat that he leaves.
        from: SeatKey,
        /// The seat that he gets.
        to: SeatKey,
    },
    /// He leaves his seat. It goes back, unless another device of its user still uses it.
    Loses {
        /// The seat.
        seat: SeatKey,
        /// The event that takes it.
        trigger: DepartureTrigger,
        /// What becomes of the app.
        app: AppEffect,
        /// When it goes back.
        grace: Grace,
    },
    /// He waits. What he holds he keeps until then.
    Waits {
        /// For what.
        waits_for: WaitsFor,
        /// What he holds meanwhile.
        holds: Option<SeatKey>,
    },
    /// He has the app without a license.
    Unlicensed {
        /// Whether the app costs money, so that its user has to buy it.
        user_pays: bool,
        /// The seat that he leaves for it.
        leaves: Option<SeatKey>,
    },
    /// He cannot have the app.
    NotRelevant {
        /// Why.
        why: NotRelevant,
    },
    /// No license is left, and the rule says neither to wait nor to do without.
    OutOfLicenses,
    /// No target means him.
    NotGiven,
    /// The app was refused.
    Refused,
}

/// Why somebody keeps the license that he holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum KeepsBecause {
    /// He shall have the app, and this license still stands.
    Chosen,
    /// He shall have it no more, but no rule takes it.
    Policy {
        /// The event that would take it.
        trigger: DepartureTrigger,
        /// Why it does not.
        why: KeepReason,
    },
    /// Apple does not take a license of this asset back, so he cannot leave it for another one.
    Irrevocable,
    /// The app waits for an approval again: nothing is given and nothing taken.
    AwaitingApproval,
    /// He could not get it now; nothing that anybody did takes it.
    NotRelevant {
        /// Why he could not.
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

    /// The seat that he gets.
    #[must_use]
    pub const fn gets(&self) -> Option<&SeatKey> {
        match self {
            Self::Gains { seat } | Self::Reuses { seat } | Self::Moves { to: seat, .. } => Some(seat),
            _ => None,
        }
    }

    /// The seat that he leaves.
    #[must_use]
    pub const fn leaves(&self) -> Option<&SeatKey> {
        match self {
            Self::Loses { seat, .. } | Self::Moves { from: seat, .. } => Some(seat),
            Self::Unlicensed { leaves, .. } => leaves.as_ref(),
            _ => None,
        }
    }

    /// The seat that he holds and keeps, at least for now.
    #[must_use]
    pub const fn keeps(&self) -> Option<&SeatKey> {
        match self {
            Self::Keeps { seat, .. } => Some(seat),
            Self::Waits { holds, .. } => holds.as_ref(),
            _ => None,
        }
    }

    /// What he waits for.
    #[must_use]
    pub const fn waits_for(&self) -> Option<&WaitsFor> {
        match self {
            Self::Waits { waits_for, .. } => Some(waits_for),
            _ => None,
        }
    }
}

/// What somebody waits for who shall have an app.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum WaitsFor {
    /// To be decided about: nobody has looked yet.
    Decision,
    /// The app waits for an approval. No call is made for it.
    Approval,
    /// A license, in any of the tokens that may give one.
    FreeSeat,
    /// A license is free, but its token cannot write: the token has to be updated, claimed or given rights.
    Token {
        /// The token's location.
        location: LocationId,
    },
    /// No pool is known for any of the tokens: the location has to be synced.
    Counts,
    /// One of the user's other devices has to leave: a user's license serves as many as it may.
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
