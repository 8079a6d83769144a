//! Installs: which app a device shall have, with which license, and whether it may be told so.

mod install;
mod install_command;
mod seat_reasons;
#[cfg(test)]
mod shape_tests;

pub use install::{DevicePhase, Install, InstallLicense, LicenseFailure};
pub use install_command::{InstallWith, InstallWithheld, install_with};
pub use seat_reasons::{SeatReasons, desired_of, pointing_at};
