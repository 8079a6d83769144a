//! What a seat is wanted for, from all that points at it.

use serde::{Deserialize, Serialize};

use super::Install;
use crate::seats::{AssignReason, DepartureTrigger, Desired, SeatKey, UnassignReason};

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
mod tests {
    //! Held if and only if somebody or something wants it; and how many devices one license serves.

    use crate::{
        id::{AdamId, DeviceId, TenantId},
        installs::InstallLicense,
        seats::{DeviceLimit, testing::*},
        testing::now,
    };

    use super::*;

    const WIPED: DepartureTrigger = DepartureTrigger::DeviceWiped;

    #[test]
    fn a_seat_is_held_exactly_when_something_wants_it_and_the_first_reason_is_named() {
        use AssignReason::{Direct, Foreign, Install, Kept, TokenDeleted};
        use UnassignReason::{Departed, Moved, NotNeeded};
        let none = SeatReasons::default();
        let all = SeatReasons {
            direct: true,
            kept: Some(WIPED),
            token_deleted: true,
            foreign: true,
            departed: Some(WIPED),
            moved: true,
        };
        let hold = |because| Desired::Assigned { because };
        let free = |because| Desired::Unassigned { because };
        for (installs, wishes, want) in [
            (1, all, hold(Install)),
            (0, all, hold(Direct)),
            (0, SeatReasons { direct: false, ..all }, hold(Kept { trigger: WIPED })),
            (0, SeatReasons { token_deleted: true, foreign: true, ..none }, hold(TokenDeleted)),
            (0, SeatReasons { foreign: true, departed: Some(WIPED), ..none }, hold(Foreign)),
            (
                0,
                SeatReasons { departed: Some(WIPED), moved: true, ..none },
                free(Departed { trigger: WIPED }),
            ),
            (0, SeatReasons { moved: true, ..none }, free(Moved)),
            (0, none, free(NotNeeded)),
        ] {
            assert_eq!(desired_of(installs, &wishes), want, "{installs} {wishes:?}");
        }
    }

    #[test]
    fn p19_one_user_license_serves_five_devices_and_is_freed_by_the_last() {
        let seat = user_seat(7, "u1");
        let on_device = |n: usize| crate::installs::Install {
            license: InstallLicense::OnSeat { seat: seat.clone() },
            ..crate::installs::Install::new(
                TenantId::new("t").unwrap(),
                DeviceId::new(format!("d{n}")).unwrap(),
                AdamId::new(7),
                now(),
            )
        };
        let mut installs: Vec<_> = (0..5).map(on_device).collect();
        let limit = DeviceLimit::default();
        assert!(limit.has_room(&seat, 4));
        assert!(!limit.has_room(&seat, pointing_at(&seat, &installs)), "the sixth waits");
        while installs.pop().is_some() {
            let want = desired_of(pointing_at(&seat, &installs), &SeatReasons::default());
            assert_eq!(want.is_assigned(), !installs.is_empty());
        }
    }

    #[test]
    fn a_device_license_serves_its_device_alone() {
        let seat = device_seat(7, "C02A");
        assert!(DeviceLimit::default().has_room(&seat, 0));
        assert!(!DeviceLimit::default().has_room(&seat, 1));
    }
}
