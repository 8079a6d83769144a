//! Which licenses of a location a person adopts.

use serde::{Deserialize, Serialize};

use crate::{catalog::AssetKey, seats::SeatKey};

/// Which licenses of a location are adopted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Adopt {
    /// All that are not ours.
    All,
    /// Those of one asset: an app, or a book, in one quality.
    App {
        /// The asset.
        asset: AssetKey,
    },
}

impl Adopt {
    /// Whether a seat is among them, if it is somebody else's.
    #[must_use]
    pub fn names(&self, seat: &SeatKey) -> bool {
        match self {
            Self::All => true,
            Self::App { asset } => seat.asset == *asset,
        }
    }
}
