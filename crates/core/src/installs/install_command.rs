//! The install command: how a device may be told to install, and never with a license that Apple has not listed.

use thiserror::Error;

use super::InstallLicense;
use crate::seats::{Holder, Seat, SeatKey, VppUser, VppUserStatus};

/// The license with which a device is told to install.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InstallWith {
    /// The license of a seat, which was read as assigned.
    License {
        /// The seat.
        seat: SeatKey,
    },
    /// None: the app is installed without a license.
    NoLicense,
}

/// The reason for which a device is not told to install yet.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InstallWithheld {
    /// The license was not read as assigned yet, or a request that was sent may release it.
    #[error("cannot install: Apple has not confirmed the license of {holder} yet; wait for the next read")]
    Unconfirmed {
        /// The holder.
        holder: Holder,
    },
    /// The user has not accepted Apple's invitation yet, so the license cannot be used.
    #[error("cannot install: {holder} has not accepted Apple's invitation yet; invite the user again")]
    NotAssociated {
        /// The holder.
        holder: Holder,
    },
    /// The install has no license and is not one without a license.
    #[error("cannot install: no license was decided for this install; plan the app")]
    NoLicense,
}

/// Decides how a device may be told to install an app now.
///
/// `seat` returns the seat of a key, `user` the user of a user's seat. While an install moves, the license that it
/// leaves is used if it is usable, otherwise the one to which it moves.
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
        let accepted =
            !key.holder.is_user() || user(key).is_some_and(|user| user.status == VppUserStatus::Associated);
        match seat(key) {
            Some(seat) if seat.key == *key && seat.is_usable() && accepted => {
                return Ok(InstallWith::License { seat: key.clone() });
            }
            // A later seat overrides the reason of an earlier one: the goal of a move says what is missing.
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
    fn an_install_needs_a_listed_license_and_a_complete_event_is_not_enough() {
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
    fn a_user_license_is_used_after_the_user_has_accepted_the_invitation() {
        let key = user_seat(7, "u1");
        let license = InstallLicense::OnSeat { seat: key.clone() };
        let present = [Seat::new(key.clone(), HOLD, Observed::Assigned, now())];
        let withheld = asked(&license, &present, VppUserStatus::Registered);
        assert_eq!(withheld, Err(InstallWithheld::NotAssociated { holder: key.holder.clone() }));
        let with = asked(&license, &present, VppUserStatus::Associated);
        assert_eq!(with, Ok(InstallWith::License { seat: key }));
    }

    #[test]
    fn while_an_install_moves_the_license_that_it_leaves_is_used_if_it_is_usable() {
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
