//! Whether a device may be told to install: never with a license that was not read as present.

use thiserror::Error;

use crate::{
    installs::InstallLicense,
    seats::{Holder, Seat, SeatKey, VppUser, VppUserStatus},
};

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
#[path = "install_command_tests.rs"]
mod tests;
