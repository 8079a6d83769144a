//! Assets, holders, and the assignments between them.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::ids::{AdamId, ClientUserId, SerialNumber};

/// The total that Apple shows for an unlimited asset when a client does not ask for unlimited assets apart
/// (Apple's documentation). It is the largest 32-bit number: never add to it in 32 bits.
pub const UNLIMITED: i64 = 2_147_483_647;

/// The quality of an asset. Apps are always `Standard`; a book can be owned in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PricingParam {
    /// Standard quality.
    #[default]
    Standard,
    /// High quality.
    HighQuality,
}

impl PricingParam {
    pub(crate) const ALL: [Self; 2] = [Self::Standard, Self::HighQuality];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Standard => "STDQ",
            Self::HighQuality => "PLUS",
        }
    }
}

impl FromStr for PricingParam {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|param| param.name() == text).ok_or(())
    }
}

/// Apps and books are counted and filtered apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProductType {
    App,
    Book,
}

impl ProductType {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::App => "App",
            Self::Book => "Book",
        }
    }
}

impl FromStr for ProductType {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::App, Self::Book].into_iter().find(|kind| kind.name() == text).ok_or(())
    }
}

/// Identifies an asset within a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AssetKey {
    /// The app or book.
    pub adam_id: AdamId,
    /// Its quality.
    pub pricing_param: PricingParam,
}

impl AssetKey {
    /// An asset in a given quality. `AssetKey::from(adam_id)` means standard quality.
    pub const fn new(adam_id: AdamId, pricing_param: PricingParam) -> Self {
        Self { adam_id, pricing_param }
    }
}

impl From<AdamId> for AssetKey {
    fn from(adam_id: AdamId) -> Self {
        Self::new(adam_id, PricingParam::Standard)
    }
}

/// The device or user that holds an asset.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// A device.
    Device(SerialNumber),
    /// A user, on any number of devices.
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

/// One seat of an asset with its holder. A location has at most one of each (Apple's documentation).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Assignment {
    /// The asset that is held.
    pub asset: AssetKey,
    /// Its holder.
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
