//! A secret that was opened.

use std::fmt;

use zeroize::Zeroizing;

/// The bytes of a secret that was opened: wiped from memory when dropped, never printed.
pub struct Opened(Zeroizing<Vec<u8>>);

impl Opened {
    pub(super) const fn new(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// The secret in clear.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opened(..)")
    }
}
