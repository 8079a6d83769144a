//! Whether a device may be told to install: never with a license that was not read as present.

use thiserror::Error;

use super::InstallLicense;
use crate::seats::{Holder, Seat, SeatKey, VppUser, VppUserStatus};

/// How a device is told to install.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InstallWith {
    /// With the license of a seat, which was read as present.
    License {
        /// The seat.
        seat: SeatKey,
    },
    /// Without a license.
    NoLicense,
}

/// Why a device is not told to install.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InstallWithheld {
    /// The license was not read as present yet, or something that was sent may take it away.
    #[error("the license of {holder} is not confirmed by Apple yet")]
    Unconfirmed {
        /// The holder.
        holder: Holder,
    },
    /// The user has not accepted Apple's invitation yet, so his license cannot be used.
    #[error("the {holder} has not accepted Apple's invitation yet")]
    NotAssociated {
        /// The holder.
        holder: Holder,
    },
    /// There is no license, and none is needed or to be had.
    #[error("no license was decided for this install")]
    NoLicense,
}

/// Decides how a device may be told to install an app now.
///
/// `seat` answers with the seat behind a key, `user` with the user of a user's seat. While an install moves, the
/// license that it leaves is used, for as long as it is usable; else the one that it goes to.
///
/// # Errors
///
/// [`InstallWithheld`] says what is missing.
pub fn install_with<'a>(
    license: &InstallLicense,
    seat: impl Fn(&SeatKey) -> Option<&'a Seat>,
    user: impl Fn(&SeatKey) -> Option<&'a VppUser>,
) -> Result<InstallWith, InstallWithheld> {
    if *license == InstallLicense::Unlicensed {
        return Ok(InstallWith::NoLicense);
    }
    let mut withheld = InstallWithheld::NoLicense;
    for key in license.seats() {
        let holder = || key.holder.clone();
        let accepted = !key.holder.is_user()
            || user(key).is_some_and(|member| member.status == VppUserStatus::Associated);
        match seat(key) {
            Some(seat) if seat.key == *key && seat.is_usable() && accepted => {
                return Ok(InstallWith::License { seat: key.clone() });
            }
            Some(seat) if seat.is_usable() => withheld = InstallWithheld::NotAssociated { holder: holder() },
            _ => withheld = InstallWithheld::Unconfirmed { holder: holder() },
        }
    }
    Err(withheld)
}

#[cfg(test)]
mod tests {
    //! No licensed install before its license was read.

    use crate::{
        id::UserId,
        seats::{Observed, testing::*},
        testing::{location_id, now},
    };

    use super::*;

    fn member(status: VppUserStatus) -> VppUser {
        let member = VppUser::new(location_id("1"), client_user("u1"), UserId::new("ada").unwrap(), now());
        VppUser { status, ..member }
    }

    fn asked(
        license: &InstallLicense,
        seats: &[Seat],
        status: VppUserStatus,
    ) -> Result<InstallWith, InstallWithheld> {
        let member = member(status);
        install_with(license, |key| seats.iter().find(|seat| seat.key == *key), |_| Some(&member))
    }

    #[test]
    fn complete_is_not_enough_for_an_install_and_listed_is() {
        let key = device_seat(7, "C02A");
        let license = InstallLicense::OnSeat { seat: key.clone() };
        for seen in [Observed::Unknown, Observed::Unassigned, Observed::Reported] {
            let withheld = asked(&license, &[seat(HOLD, seen, now())], VppUserStatus::Unknown);
            assert_eq!(
                withheld,
                Err(InstallWithheld::Unconfirmed { holder: key.holder.clone() }),
                "{seen:?}"
            );
        }
        let with = asked(&license, &[seat(HOLD, Observed::Assigned, now())], VppUserStatus::Unknown);
        assert_eq!(with, Ok(InstallWith::License { seat: key }));
        assert!(asked(&license, &[], VppUserStatus::Unknown).is_err(), "a seat that is not there");
    }

    #[test]
    fn a_user_license_is_used_once_the_user_has_accepted() {
        let key = user_seat(7, "u1");
        let license = InstallLicense::OnSeat { seat: key.clone() };
        let present = [Seat::new(key.clone(), HOLD, Observed::Assigned, now())];
        let withheld = asked(&license, &present, VppUserStatus::Registered);
        assert_eq!(withheld, Err(InstallWithheld::NotAssociated { holder: key.holder.clone() }));
        let with = asked(&license, &present, VppUserStatus::Associated);
        assert_eq!(with, Ok(InstallWith::License { seat: key }));
    }

    #[test]
    fn while_an_install_moves_the_license_that_it_leaves_is_used_as_long_as_it_can_be() {
        let (from, to) = (device_seat(7, "A"), device_seat(7, "B"));
        let license = InstallLicense::Moving { from: from.clone(), to: to.clone() };
        let both = |one, other| {
            [Seat::new(from.clone(), HOLD, one, now()), Seat::new(to.clone(), HOLD, other, now())]
        };
        let with = |one, other| asked(&license, &both(one, other), VppUserStatus::Unknown);
        assert_eq!(
            with(Observed::Assigned, Observed::Reported),
            Ok(InstallWith::License { seat: from.clone() })
        );
        assert_eq!(
            with(Observed::Unknown, Observed::Assigned),
            Ok(InstallWith::License { seat: to.clone() })
        );
        assert!(with(Observed::Reported, Observed::Reported).is_err());
    }

    #[test]
    fn an_unlicensed_install_needs_no_seat_and_a_waiting_one_gets_no_command() {
        assert_eq!(
            asked(&InstallLicense::Unlicensed, &[], VppUserStatus::Unknown),
            Ok(InstallWith::NoLicense)
        );
        let why = crate::policy::NotRelevant::NotOwned;
        let withheld = asked(&InstallLicense::NotRelevant { why }, &[], VppUserStatus::Unknown);
        assert_eq!(withheld, Err(InstallWithheld::NoLicense));
    }
}
