//! An install: which app a device shall have, and with which license.

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
/// A seat says who holds a license, an install what a device should have. The seats that an install points at are the
/// only ones that it wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Install {
    /// The tenant.
    pub tenant: TenantId,
    /// The device, by the host's id.
    pub device: DeviceId,
    /// The app.
    pub adam_id: AdamId,
    /// With which license.
    pub license: InstallLicense,
    /// How far the device is.
    pub phase: DevicePhase,
    /// The number that the next command gets.
    pub next_command: CommandNumber,
    /// How new the host's facts were when it was judged last. Older facts are refused.
    pub judged: Revision,
}

/// With which license an app is installed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum InstallLicense {
    /// With the license of a seat.
    OnSeat {
        /// The seat.
        seat: SeatKey,
    },
    /// With the license of one seat until another's was read as present, so that there is no moment without.
    Moving {
        /// The seat that it leaves.
        from: SeatKey,
        /// The seat that it goes to.
        to: SeatKey,
    },
    /// Without a license.
    Unlicensed,
    /// It waits for a license.
    Waiting {
        /// Since when, UTC: its place in the queue of the tenant.
        since: DateTime<Utc>,
        /// The tokens from which it may get one, best first.
        candidates: Vec<Candidate>,
        /// For what it waits.
        waits_for: WaitsFor,
    },
    /// The device or the user cannot have the app in any way that is allowed.
    NotRelevant {
        /// Why.
        why: NotRelevant,
    },
    /// There is no license, and the rule says neither to wait nor to do without.
    Failed {
        /// Why.
        why: LicenseFailure,
    },
}

/// Why an install has no license for good.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum LicenseFailure {
    /// None is free, and the rule of the token says so.
    OutOfLicenses,
    /// The user is retired at Apple.
    RetiredUser,
    /// Apple gives none to this holder.
    Apple {
        /// What Apple said.
        error: AppleError,
    },
}

/// How far a device is with an app, by what was sent to it and what it reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum DevicePhase {
    /// Nothing was sent, and it has not reported the app.
    Idle,
    /// A command to install waits for the device.
    InstallCommanded {
        /// The command.
        command: CommandNumber,
    },
    /// It fetches or installs the app.
    Installing,
    /// It has the app.
    Installed,
    /// A command to remove waits for the device.
    RemoveCommanded {
        /// The command.
        command: CommandNumber,
    },
    /// The user removed the app.
    RemovedByUser,
    /// It reported that it cannot install the app.
    Failed,
}

impl Install {
    /// An install of which nothing was decided yet: it waits, without a candidate.
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

    /// The same, after a seat was read: when it moves to that seat and the license is usable now, the old seat is left.
    /// `None` when nothing changes.
    ///
    /// So the new license was confirmed before the old one is given back.
    #[must_use]
    pub fn after_read(&self, seat: &Seat) -> Option<Self> {
        match &self.license {
            InstallLicense::Moving { to, .. } if *to == seat.key && seat.is_usable() => {
                Some(Self { license: InstallLicense::OnSeat { seat: to.clone() }, ..self.clone() })
            }
            _ => None,
        }
    }

    /// The same, on its way to another seat. One that has a seat keeps it until the other was read as present; one that
    /// is under way already turns to the new goal and keeps the seat that it came from.
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
    /// The seats that it points at: none, one, or two while it moves.
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
    //! Which seats an install points at, and when it leaves the old one.

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
    fn another_seat_that_was_read_ends_no_move() {
        let moving = on(user_seat(7, "u1")).moved_to(device_seat(7, "C02B"));
        assert_eq!(moving.after_read(&seat(HOLD, Observed::Assigned, now())), None);
        assert_eq!(on(device_seat(7, "C02A")).after_read(&seat(HOLD, Observed::Assigned, now())), None);
    }

    #[test]
    fn an_install_on_its_way_turns_without_letting_go_of_where_it_came_from() {
        let [one, two, three] = ["A", "B", "C"].map(|serial| device_seat(7, serial));
        let moving = on(one.clone()).moved_to(two);
        let turned = moving.moved_to(three.clone());
        assert_eq!(turned.license, InstallLicense::Moving { from: one.clone(), to: three });
        assert_eq!(moving.moved_to(one.clone()), on(one.clone()), "and back again");
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
