//! Which licenses of a location a person revokes.

use serde::{Deserialize, Serialize};

use crate::{
    catalog::AssetKey,
    seats::{Holder, SeatKey},
};

/// Which licenses of a location are revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Revoke {
    /// All of them.
    Token,
    /// Those of one asset: an app, or a book, in one quality.
    App {
        /// The asset.
        asset: AssetKey,
    },
    /// Those of one device or user.
    Holder {
        /// The device or user.
        holder: Holder,
    },
}

impl Revoke {
    /// Whether a seat is among them.
    #[must_use]
    pub fn names(&self, seat: &SeatKey) -> bool {
        match self {
            Self::Token => true,
            Self::App { asset } => seat.asset == *asset,
            Self::Holder { holder } => seat.holder == *holder,
        }
    }
}
