//! What a plan of one app is made from.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::AllotPools;
use crate::{
    id::AdamId,
    policy::{ChoiceApp, Owners, Recipient, ReclaimRules},
    seats::{DepartureTrigger, DeviceLimit, SeatKey},
    token::AppPolicies,
};

/// An app, as far as its plan needs it.
#[derive(Debug, Clone, Copy)]
pub struct PlannedApp<'a> {
    /// The store's id.
    pub adam_id: AdamId,
    /// What it is, and to whom it is distributed.
    pub app: ChoiceApp<'a>,
    /// What happens to it and its licenses.
    pub policies: &'a AppPolicies,
    /// Whether it costs money in the store: whoever installs it without a license pays for it.
    pub paid: bool,
    /// The tokens whose locations own it.
    pub owners: &'a Owners<'a>,
    /// What somebody left who is not meant by any target any more.
    pub occasion: PlanOccasion,
}

/// What makes somebody who holds a license, and is not meant by any target any more, leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlanOccasion {
    /// An administrator changed the targets: [`DepartureTrigger::DistributionStopped`].
    ChangeApplied,
    /// The directory was read: [`DepartureTrigger::TargetGroupLeft`]. Nobody asked for what goes back then, so the
    /// blast radius judges it.
    DirectoryRead,
}

/// The licenses of an app, in all locations that own it.
#[derive(Debug, Clone, Default)]
pub struct AppStock {
    /// The pools.
    pub pools: AllotPools,
    /// The seats that are held already, each with how many installs use it: all those of users, which several devices
    /// may use, and those that nobody uses and a policy keeps (0). Whoever may use one takes no other. A user's seat
    /// that is left out here, or with too few uses, goes back while another device uses it.
    pub held: BTreeMap<SeatKey, usize>,
    /// How many devices a user's seat serves.
    pub device_limit: DeviceLimit,
}

/// A recipient, and what he has now.
#[derive(Debug, Clone, Copy)]
pub struct PlannedRecipient<'a, Id> {
    /// The recipient, as the caller knows him: his install's id, for example. A device that enrolled again may be here
    /// under two ids; it has one seat.
    pub id: Id,
    /// What the directory says.
    pub recipient: &'a Recipient,
    /// The seat that he uses now, if he does.
    pub holds: Option<Holding<'a>>,
    /// Since when he waits, UTC; `None` when he does not wait yet.
    pub waiting_since: Option<DateTime<Utc>>,
}

/// A seat that somebody uses, and what decides whether he can be parted from it.
#[derive(Debug, Clone, Copy)]
pub struct Holding<'a> {
    /// The seat. For one that moves, the seat that it leaves.
    pub seat: &'a SeatKey,
    /// The seat that it moves to, until that was read as present.
    pub moving_to: Option<&'a SeatKey>,
    /// The event after which a policy kept the seat, if one did.
    pub kept_since: Option<DepartureTrigger>,
    /// Whether Apple takes a license of this asset back.
    pub revocable: bool,
    /// The reclaim rules of its token.
    pub reclaim: &'a ReclaimRules,
}

impl PlanOccasion {
    /// What happened to somebody who is not meant by any target any more.
    #[must_use]
    pub const fn trigger(self) -> DepartureTrigger {
        match self {
            Self::ChangeApplied => DepartureTrigger::DistributionStopped,
            Self::DirectoryRead => DepartureTrigger::TargetGroupLeft,
        }
    }
}
