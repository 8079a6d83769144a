//! The reasons that a seat has besides installs, and what is desired of it.

use serde::{Deserialize, Serialize};

use super::Install;
use crate::seats::{AssignReason, DepartureTrigger, Desired, SeatKey, UnassignReason};

/// The reasons besides installs for which a seat is desired, and the cause for which the last reason ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeatReasons {
    /// A direct assignment desires it, for example that of a book.
    pub direct: bool,
    /// A policy keeps it after this event.
    pub kept: Option<DepartureTrigger>,
    /// Its token was deleted, and the administrator chose to leave its licenses assigned.
    pub token_deleted: bool,
    /// Another product or the portal assigned it, so it is not ours ([`is_ours`](crate::seats::Seat::is_ours)). Without
    /// this reason the seat would be released, although we never assigned it.
    pub foreign: bool,
    /// The event that ended the last reason, if one did.
    pub departed: Option<DepartureTrigger>,
    /// The install that pointed at it moved to another seat.
    pub moved: bool,
}

/// Returns what is desired of a seat, with the first reason that applies.
///
/// A seat shall be assigned if and only if an install points at it, a direct assignment desires it, a policy keeps it,
/// its token was deleted with its licenses left, or it is not ours. `installs` is the number of installs that point at
/// it.
///
/// ```
/// use mdm_vpp_core::{installs::*, seats::{AssignReason, DepartureTrigger, Desired, UnassignReason}};
///
/// let kept = SeatReasons { kept: Some(DepartureTrigger::DeviceWiped), ..SeatReasons::default() };
/// let because = AssignReason::Kept { trigger: DepartureTrigger::DeviceWiped };
/// assert_eq!(desired_of(0, &kept), Desired::Assigned { because });
/// let because = UnassignReason::NotNeeded;
/// assert_eq!(desired_of(0, &SeatReasons::default()), Desired::Unassigned { because });
/// ```
#[must_use]
pub fn desired_of(installs: usize, reasons: &SeatReasons) -> Desired {
    let assigned = |because| Desired::Assigned { because };
    let unassigned = |because| Desired::Unassigned { because };
    match reasons {
        _ if installs > 0 => assigned(AssignReason::Install),
        SeatReasons { direct: true, .. } => assigned(AssignReason::Direct),
        SeatReasons { kept: Some(trigger), .. } => assigned(AssignReason::Kept { trigger: *trigger }),
        SeatReasons { token_deleted: true, .. } => assigned(AssignReason::TokenDeleted),
        SeatReasons { foreign: true, .. } => assigned(AssignReason::Foreign),
        SeatReasons { departed: Some(trigger), .. } => {
            unassigned(UnassignReason::Departed { trigger: *trigger })
        }
        SeatReasons { moved: true, .. } => unassigned(UnassignReason::Moved),
        _ => unassigned(UnassignReason::NotNeeded),
    }
}

/// The number of these installs that point at a seat.
#[must_use]
pub fn pointing_at<'a>(seat: &SeatKey, installs: impl IntoIterator<Item = &'a Install>) -> usize {
    installs.into_iter().filter(|install| install.points_at(seat)).count()
}

#[cfg(test)]
mod tests {
    //! The reasons for which a seat is desired, and the number of devices that share one license.

    use crate::{
        id::{AdamId, DeviceId, TenantId},
        installs::InstallLicense,
        seats::{DeviceLimit, testing::*},
        testing::now,
    };

    use super::*;

    const WIPED: DepartureTrigger = DepartureTrigger::DeviceWiped;

    #[test]
    fn a_seat_is_desired_exactly_while_it_has_a_reason_and_the_first_one_is_named() {
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
        let assigned = |because| Desired::Assigned { because };
        let unassigned = |because| Desired::Unassigned { because };
        for (installs, reasons, desired) in [
            (1, all, assigned(Install)),
            (0, all, assigned(Direct)),
            (0, SeatReasons { direct: false, ..all }, assigned(Kept { trigger: WIPED })),
            (0, SeatReasons { token_deleted: true, foreign: true, ..none }, assigned(TokenDeleted)),
            (0, SeatReasons { foreign: true, departed: Some(WIPED), ..none }, assigned(Foreign)),
            (
                0,
                SeatReasons { departed: Some(WIPED), moved: true, ..none },
                unassigned(Departed { trigger: WIPED }),
            ),
            (0, SeatReasons { moved: true, ..none }, unassigned(Moved)),
            (0, none, unassigned(NotNeeded)),
        ] {
            assert_eq!(desired_of(installs, &reasons), desired, "{installs} {reasons:?}");
        }
    }

    #[test]
    fn p19_one_user_license_serves_five_devices_and_is_released_by_the_last() {
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
            let desired = desired_of(pointing_at(&seat, &installs), &SeatReasons::default());
            assert_eq!(desired.is_assigned(), !installs.is_empty());
        }
    }

    #[test]
    fn a_device_license_serves_its_device_alone() {
        let seat = device_seat(7, "C02A");
        assert!(DeviceLimit::default().has_room(&seat, 0));
        assert!(!DeviceLimit::default().has_room(&seat, 1));
    }
}
