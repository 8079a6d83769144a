//! What a seat is wanted for, from all that points at it.

use serde::{Deserialize, Serialize};

use crate::{
    installs::Install,
    seats::{AssignReason, DepartureTrigger, Desired, SeatKey, UnassignReason},
};

/// What besides installs may want a seat, and what took it from the last one that did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeatReasons {
    /// Somebody wishes it without an install, for example a book.
    pub direct: bool,
    /// A policy keeps it although this event would have taken it.
    pub kept: Option<DepartureTrigger>,
    /// Its token was deleted and its licenses were left.
    pub token_deleted: bool,
    /// It is somebody else's until now: not [`is_ours`](crate::seats::Seat::is_ours). Leaving this out would free, and so
    /// give back, a license that somebody else gave.
    pub foreign: bool,
    /// The event that took it, if one did.
    pub departed: Option<DepartureTrigger>,
    /// The install that pointed at it moved to another seat.
    pub moved: bool,
}

/// What is desired of a seat: it is held if and only if an install points at it, somebody wishes it directly, a policy
/// keeps it, or it is somebody else's. The first reason that holds is named.
///
/// ```
/// use mdm_vpp_core::seats::{DepartureTrigger, *};
///
/// let kept = Wishes { kept: Some(DepartureTrigger::DeviceWiped), ..Wishes::default() };
/// let because = AssignReason::Kept { trigger: DepartureTrigger::DeviceWiped };
/// assert_eq!(desired_of(0, &kept), Desired::Hold { because });
/// assert_eq!(desired_of(0, &Wishes::default()), Desired::Free { because: UnassignReason::NotNeeded });
/// ```
#[must_use]
pub fn desired_of(installs: usize, wishes: &SeatReasons) -> Desired {
    let hold = |because| Desired::Assigned { because };
    let free = |because| Desired::Unassigned { because };
    match wishes {
        _ if installs > 0 => hold(AssignReason::Install),
        SeatReasons { direct: true, .. } => hold(AssignReason::Direct),
        SeatReasons { kept: Some(trigger), .. } => hold(AssignReason::Kept { trigger: *trigger }),
        SeatReasons { token_deleted: true, .. } => hold(AssignReason::TokenDeleted),
        SeatReasons { foreign: true, .. } => hold(AssignReason::Foreign),
        SeatReasons { departed: Some(trigger), .. } => free(UnassignReason::Departed { trigger: *trigger }),
        SeatReasons { moved: true, .. } => free(UnassignReason::Moved),
        _ => free(UnassignReason::NotNeeded),
    }
}

/// How many of these installs point at a seat.
#[must_use]
pub fn pointing_at<'a>(seat: &SeatKey, installs: impl IntoIterator<Item = &'a Install>) -> usize {
    installs.into_iter().filter(|install| install.points_at(seat)).count()
}

#[cfg(test)]
#[path = "want_of_tests.rs"]
mod tests;
