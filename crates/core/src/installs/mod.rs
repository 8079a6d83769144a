//! Installs: which app a device shall have, with which license, and whether it may be told so.

mod install;
mod install_command;
#[cfg(test)]
mod shape_tests;
mod want_of;

pub use install::{DevicePhase, Install, InstallLicense, LicenseFailure};
pub use install_command::{InstallWith, InstallWithheld, install_with};
pub use want_of::{SeatReasons, desired_of, pointing_at};
