//! Installs: which app a device shall have, with which license, when it may be told to install, and what is desired of
//! the seats that installs point at.

mod install;
mod install_command;
mod seat_reasons;
#[cfg(test)]
mod shape_tests;

pub use install::{DevicePhase, Install, InstallLicense, LicenseFailure};
pub use install_command::{InstallWith, InstallWithheld, install_with};
pub use seat_reasons::{SeatReasons, desired_of, pointing_at};
