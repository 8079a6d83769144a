//! Installs: an app that a device shall have, its license, and how far the device is.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    apple_error::AppleError,
    id::{AdamId, DeviceId, TenantId},
    plan::WaitsFor,
    policy::{Candidate, NotRelevant},
    seats::{CommandNumber, Revision, Seat, SeatKey},
};

/// An app that a device of a tenant shall have.
///
/// A seat is about the holder of a license, an install about a device. An install desires exactly the seats that it
/// points at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Install {
    /// The tenant.
    pub tenant: TenantId,
    /// The device, by the embedder's id.
    pub device: DeviceId,
    /// The app.
    pub adam_id: AdamId,
    /// The license with which the app is installed.
    pub license: InstallLicense,
    /// The progress on the device.
    pub phase: DevicePhase,
    /// The number of the next command.
    pub next_command: CommandNumber,
    /// The revision of the embedder's facts from which it was last decided. Older facts are refused.
    pub judged: Revision,
}

/// The license with which an app is installed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum InstallLicense {
    /// The license of a seat.
    OnSeat {
        /// The seat.
        seat: SeatKey,
    },
    /// The license of one seat until that of another was read as assigned. So the device is never without a license.
    Moving {
        /// The seat that the install leaves.
        from: SeatKey,
        /// The seat to which it moves.
        to: SeatKey,
    },
    /// None: the app is installed without a license.
    Unlicensed,
    /// None yet: the install waits.
    Waiting {
        /// When it began to wait, UTC. This is its place on the tenant's waitlist.
        since: DateTime<Utc>,
        /// The tokens that may give a license, best first.
        candidates: Vec<Candidate>,
        /// What it waits for.
        waits_for: WaitsFor,
    },
    /// None: neither the device nor its user can have the app.
    NotRelevant {
        /// The first obstacle.
        why: NotRelevant,
    },
    /// None: the install failed.
    Failed {
        /// The reason.
        why: LicenseFailure,
    },
}

/// The reason for which an install finally has no license.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum LicenseFailure {
    /// No license is free, and the token's rule is [`OutOfLicenseRule::Fail`](crate::token::OutOfLicenseRule::Fail).
    OutOfLicenses,
    /// The user is retired at Apple.
    RetiredUser,
    /// Apple refuses a license for this holder.
    Apple {
        /// Apple's answer.
        error: AppleError,
    },
}

/// The progress of an app on a device, by the commands that were sent and the device's reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum DevicePhase {
    /// No command was sent, and the device has not reported the app.
    Idle,
    /// A command to install waits for the device.
    InstallCommanded {
        /// The command.
        command: CommandNumber,
    },
    /// The device downloads or installs the app.
    Installing,
    /// The device has the app.
    Installed,
    /// A command to remove waits for the device.
    RemoveCommanded {
        /// The command.
        command: CommandNumber,
    },
    /// The user removed the app.
    RemovedByUser,
    /// The device reported that it cannot install the app.
    Failed,
}

impl Install {
    /// Makes an install about which nothing was decided yet: it waits from `now` (UTC), without a candidate.
    #[must_use]
    pub const fn new(tenant: TenantId, device: DeviceId, adam_id: AdamId, now: DateTime<Utc>) -> Self {
        Self {
            tenant,
            device,
            adam_id,
            license: InstallLicense::Waiting {
                since: now,
                candidates: Vec::new(),
                waits_for: WaitsFor::Decision,
            },
            phase: DevicePhase::Idle,
            next_command: CommandNumber(1),
            judged: Revision(0),
        }
    }

    /// Whether it points at a seat.
    #[must_use]
    pub fn points_at(&self, seat: &SeatKey) -> bool {
        self.license.seats().any(|pointed| pointed == seat)
    }

    /// Returns the install after a seat was read; `None` when nothing changes.
    ///
    /// An install that moves to this seat leaves its old one as soon as the license is usable. So the old license is
    /// released only after the new one was confirmed.
    #[must_use]
    pub fn after_read(&self, seat: &Seat) -> Option<Self> {
        match &self.license {
            InstallLicense::Moving { to, .. } if *to == seat.key && seat.is_usable() => {
                Some(Self { license: InstallLicense::OnSeat { seat: to.clone() }, ..self.clone() })
            }
            _ => None,
        }
    }

    /// Returns the install on its way to another seat.
    ///
    /// An install that has a seat keeps it until the other was read as assigned. An install that is moving already
    /// changes its goal and keeps the seat that it came from.
    #[must_use]
    pub fn moved_to(&self, seat: SeatKey) -> Self {
        let license = match &self.license {
            InstallLicense::OnSeat { seat: from } | InstallLicense::Moving { from, .. } if *from != seat => {
                InstallLicense::Moving { from: from.clone(), to: seat }
            }
            _ => InstallLicense::OnSeat { seat },
        };
        Self { license, ..self.clone() }
    }
}

impl InstallLicense {
    /// The seats that it points at: none or one, and two while it moves.
    pub fn seats(&self) -> impl Iterator<Item = &SeatKey> {
        let (one, two) = match self {
            Self::OnSeat { seat } => (Some(seat), None),
            Self::Moving { from, to } => (Some(from), Some(to)),
            Self::Unlicensed | Self::Waiting { .. } | Self::NotRelevant { .. } | Self::Failed { .. } => {
                (None, None)
            }
        };
        one.into_iter().chain(two)
    }
}

#[cfg(test)]
mod tests {
    //! The seats that an install points at, and when it leaves the old one.

    use crate::{
        seats::{Observed, testing::*},
        testing::now,
    };

    use super::*;

    fn install(license: InstallLicense) -> Install {
        let (tenant, device) = (TenantId::new("t").unwrap(), DeviceId::new("d").unwrap());
        Install { license, ..Install::new(tenant, device, AdamId::new(7), now()) }
    }

    fn on(seat: SeatKey) -> Install {
        install(InstallLicense::OnSeat { seat })
    }

    #[test]
    fn p12_the_device_license_is_confirmed_before_the_user_license_is_left() {
        let (user, device) = (user_seat(7, "u1"), device_seat(7, "C02A"));
        let moving = on(user.clone()).moved_to(device.clone());
        assert!(moving.points_at(&user) && moving.points_at(&device));
        for seen in [Observed::Unknown, Observed::Unassigned, Observed::Reported] {
            assert_eq!(moving.after_read(&seat(HOLD, seen, now())), None, "{seen:?}");
        }
        let moved = moving.after_read(&seat(HOLD, Observed::Assigned, now())).unwrap();
        assert_eq!(moved, on(device));
        assert!(!moved.points_at(&user));
    }

    #[test]
    fn a_read_of_another_seat_ends_no_move() {
        let moving = on(user_seat(7, "u1")).moved_to(device_seat(7, "C02B"));
        assert_eq!(moving.after_read(&seat(HOLD, Observed::Assigned, now())), None);
        assert_eq!(on(device_seat(7, "C02A")).after_read(&seat(HOLD, Observed::Assigned, now())), None);
    }

    #[test]
    fn an_install_that_moves_can_change_its_goal_and_keeps_the_seat_it_came_from() {
        let [one, two, three] = ["A", "B", "C"].map(|serial| device_seat(7, serial));
        let moving = on(one.clone()).moved_to(two);
        let turned = moving.moved_to(three.clone());
        assert_eq!(turned.license, InstallLicense::Moving { from: one.clone(), to: three });
        assert_eq!(moving.moved_to(one.clone()), on(one.clone()), "back to where it came from");
        assert_eq!(install(InstallLicense::Unlicensed).moved_to(one.clone()), on(one.clone()));
        assert_eq!(on(one.clone()).moved_to(one.clone()), on(one));
    }

    #[test]
    fn only_licensed_installs_point_at_seats() {
        let waits = InstallLicense::Waiting {
            since: now(),
            candidates: Vec::new(),
            waits_for: crate::plan::WaitsFor::DeviceLimit,
        };
        let why = NotRelevant::NotOwned;
        let failed = InstallLicense::Failed { why: LicenseFailure::OutOfLicenses };
        for license in [InstallLicense::Unlicensed, waits, InstallLicense::NotRelevant { why }, failed] {
            assert_eq!(license.seats().count(), 0, "{license:?}");
        }
    }
}
