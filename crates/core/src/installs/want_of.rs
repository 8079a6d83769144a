//! What a seat is wanted for, from all that points at it.

use serde::{Deserialize, Serialize};

use crate::{
    installs::Install,
    seats::{DepartureTrigger, FreeReason, HoldReason, SeatKey, Want},
};

/// What besides installs may want a seat, and what took it from the last one that did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wishes {
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
/// let because = HoldReason::Kept { trigger: DepartureTrigger::DeviceWiped };
/// assert_eq!(want_of(0, &kept), Want::Hold { because });
/// assert_eq!(want_of(0, &Wishes::default()), Want::Free { because: FreeReason::NotNeeded });
/// ```
#[must_use]
pub fn want_of(installs: usize, wishes: &Wishes) -> Want {
    let hold = |because| Want::Hold { because };
    let free = |because| Want::Free { because };
    match wishes {
        _ if installs > 0 => hold(HoldReason::Install),
        Wishes { direct: true, .. } => hold(HoldReason::Direct),
        Wishes { kept: Some(trigger), .. } => hold(HoldReason::Kept { trigger: *trigger }),
        Wishes { token_deleted: true, .. } => hold(HoldReason::TokenDeleted),
        Wishes { foreign: true, .. } => hold(HoldReason::Foreign),
        Wishes { departed: Some(trigger), .. } => free(FreeReason::Departed { trigger: *trigger }),
        Wishes { moved: true, .. } => free(FreeReason::Moved),
        _ => free(FreeReason::NotNeeded),
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
