//! The limits of one request to Apple, and the packed request.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::catalog::AssetKey;

/// Apple's limits for one request to associate or disassociate, as counts of at least 1.
///
/// The default is what Apple documents: 25 assets, 1,000 devices, 1,000 users. Apple may change the limits at any time,
/// so use those of the service config when it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackLimits {
    /// Assets in one request (`maxAssets`).
    pub max_assets: NonZeroU32,
    /// Devices in one request (`maxSerialNumbers`).
    pub max_serial_numbers: NonZeroU32,
    /// Users in one request (`maxClientUserIds`).
    pub max_client_user_ids: NonZeroU32,
}

/// The refusal of numbers that cannot be limits.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the limit `{name}` is 0, so no request could be sent: read the service config again")]
pub struct PackLimitsError {
    /// Apple's name of the limit.
    pub name: &'static str,
}

impl PackLimitsError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "limit_of_zero"
    }
}

impl PackLimits {
    /// Checks three limits.
    ///
    /// ```
    /// use mdm_vpp_core::plan::PackLimits;
    ///
    /// assert_eq!(PackLimits::new(25, 1000, 1000), Ok(PackLimits::default()));
    /// assert_eq!(PackLimits::new(25, 0, 1000).unwrap_err().name, "maxSerialNumbers");
    /// ```
    ///
    /// # Errors
    ///
    /// [`PackLimitsError`] for the first limit that is 0.
    pub fn new(
        max_assets: u32,
        max_serial_numbers: u32,
        max_client_user_ids: u32,
    ) -> Result<Self, PackLimitsError> {
        let positive = |name, limit| NonZeroU32::new(limit).ok_or(PackLimitsError { name });
        Ok(Self {
            max_assets: positive("maxAssets", max_assets)?,
            max_serial_numbers: positive("maxSerialNumbers", max_serial_numbers)?,
            max_client_user_ids: positive("maxClientUserIds", max_client_user_ids)?,
        })
    }

    /// The limits of a request about devices.
    #[must_use]
    pub const fn of_devices(&self) -> RequestLimits {
        RequestLimits { assets: self.max_assets, holders: self.max_serial_numbers }
    }

    /// The limits of a request about users.
    #[must_use]
    pub const fn of_users(&self) -> RequestLimits {
        RequestLimits { assets: self.max_assets, holders: self.max_client_user_ids }
    }
}

impl Default for PackLimits {
    fn default() -> Self {
        const fn positive(limit: u32) -> NonZeroU32 {
            NonZeroU32::MIN.saturating_add(limit - 1)
        }
        Self {
            max_assets: positive(25),
            max_serial_numbers: positive(1000),
            max_client_user_ids: positive(1000),
        }
    }
}

/// The limits of a request about one kind of holder, as counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestLimits {
    /// Assets in one request.
    pub assets: NonZeroU32,
    /// Holders in one request.
    pub holders: NonZeroU32,
}

impl RequestLimits {
    pub(super) fn most_assets(self) -> usize {
        usize::try_from(self.assets.get()).unwrap_or(usize::MAX)
    }

    pub(super) fn most_holders(self) -> usize {
        usize::try_from(self.holders.get()).unwrap_or(usize::MAX)
    }

    /// The largest number of pairs in one request when there are this many assets and holders.
    pub(super) fn area(self, assets: usize, holders: usize) -> usize {
        assets.min(self.most_assets()).saturating_mul(holders.min(self.most_holders()))
    }
}

/// A packed request: every asset for every holder. Both lists are in order, without duplicates and not empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackedRequest<H> {
    /// The assets.
    pub assets: Vec<AssetKey>,
    /// The holders, all of one kind.
    pub holders: Vec<H>,
}

impl<H> PackedRequest<H> {
    /// The number of pairs that it covers: Apple's `numRequested`.
    #[must_use]
    pub fn pairs(&self) -> usize {
        self.assets.len().saturating_mul(self.holders.len())
    }
}
