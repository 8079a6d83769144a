//! Who holds an asset: a device by its serial number, or a user.

use std::fmt;
use std::sync::Arc;

use super::asset::AssetKey;

/// The serial number of a device. Apple checks neither its form nor whose device it is (observed in the wild).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SerialNumber(Arc<str>);

impl SerialNumber {
    /// The serial number with this text.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for SerialNumber {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Display for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id that an MDM gave a user. It never changes and is used by one active user of a location at a time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientUserId(Arc<str>);

impl ClientUserId {
    /// The id with this text.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ClientUserId {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Display for ClientUserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who holds an asset.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// A device.
    Device(SerialNumber),
    /// A user, on however many devices.
    User(ClientUserId),
}

impl Holder {
    /// The device with this serial number.
    pub fn device(serial_number: &str) -> Self {
        Self::Device(serial_number.into())
    }

    /// The user with this id.
    pub fn user(client_user_id: &str) -> Self {
        Self::User(client_user_id.into())
    }
}

/// One seat of an asset with who holds it. There is at most one of each (Apple's documentation).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Assignment {
    /// What is held.
    pub asset: AssetKey,
    /// Who holds it.
    pub holder: Holder,
}

impl Assignment {
    /// This asset, held by this holder.
    pub fn new(asset: impl Into<AssetKey>, holder: Holder) -> Self {
        Self { asset: asset.into(), holder }
    }
}

/// An assignment that comes or goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) assignment: Assignment,
    /// Whether it is there afterwards.
    pub(crate) held: bool,
}
