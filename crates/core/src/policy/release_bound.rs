//! A directory that answers empty must not revoke a company.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// How much a transaction may release without a trigger of its own before it stops and asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReleaseBound {
    /// Percent of a location's held seats; 10 by default, 100 and more never ask.
    pub percent: u8,
    /// Up to so many releases nothing is asked; 20 by default.
    pub at_least: u32,
}

/// Too much would be released. Nothing of the transaction is saved until somebody confirms it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "this would give back {releases} of {held} licenses without anybody having asked for it: \
     check the directory, then confirm the turn or let it be"
)]
pub struct TooManyReleases {
    /// Releases without a trigger of their own.
    pub releases: u64,
    /// Seats that the location holds now.
    pub held: u64,
}

impl TooManyReleases {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "too_many_releases"
    }
}

impl Default for ReleaseBound {
    fn default() -> Self {
        Self { percent: 10, at_least: 20 }
    }
}

impl ReleaseBound {
    /// Judges the releases of one transaction in one location. It has no memory: what follows from one reading of the directory
    /// in several transactions, or app by app, is counted in a [`ReleaseCount`](super::ReleaseCount). Only releases without a trigger of their own count: an act or
    /// event that the host named (a change applied, a device report) is a trigger, a difference found in the directory
    /// is none.
    ///
    /// ```
    /// use mdm_vpp_core::policy::ReleaseBound;
    ///
    /// assert!(ReleaseBound::default().check(19, 100).is_ok());
    /// assert!(ReleaseBound::default().check(20, 100).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// [`TooManyReleases`] from [`at_least`](Self::at_least) releases on, when they are more than
    /// [`percent`](Self::percent) of what is held.
    pub fn check(&self, releases: u64, held: u64) -> Result<(), TooManyReleases> {
        let more = u128::from(releases) * 100 > u128::from(held) * u128::from(self.percent);
        if self.percent < 100 && releases >= u64::from(self.at_least) && more {
            return Err(TooManyReleases { releases, held });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_asks_from_twenty_releases_on_and_above_ten_percent() {
        let asks = |releases, held| ReleaseBound::default().check(releases, held).is_err();
        assert!(!asks(19, 19), "few, though all");
        assert!(asks(20, 199) && !asks(20, 200), "exactly ten percent passes");
        assert!(asks(50_000, 50_000));
        assert_eq!(
            ReleaseBound::default().check(50, 50).map_err(|error| error.code()),
            Err("too_many_releases")
        );
        assert!(asks(20, 0), "releases of seats that nobody knew");
        assert!(asks(u64::MAX, u64::MAX));
    }

    #[test]
    fn the_setting_moves_both_bounds() {
        let never = ReleaseBound { percent: 100, at_least: 0 };
        assert!(never.check(10, 10).is_ok() && never.check(10, 5).is_ok());
        assert!(ReleaseBound { percent: u8::MAX, at_least: 0 }.check(u64::MAX, 0).is_ok());
        let always = ReleaseBound { percent: 0, at_least: 1 };
        assert!(always.check(1, 1_000_000).is_err() && always.check(0, 5).is_ok());
    }
}
