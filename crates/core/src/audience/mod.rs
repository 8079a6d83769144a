//! Who can act on an error.

use std::fmt;

/// Who can act on an error. Every error that an embedder receives has an `audience()` beside its `code()`,
/// `is_retryable()` and `retry_after()`.
///
/// An embedder routes errors by it: to the pages of its administrators, back to the program that called, or to the
/// person at the device. A retryable error has an audience too: the party that acts when retrying does not help.
///
/// ```
/// use mdm_vpp_core::audience::Audience;
///
/// assert_eq!(Audience::Operator.name(), "operator");
/// assert_eq!(Audience::Caller.to_string(), "caller");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Audience {
    /// The people who run the installation or its account at Apple: they renew a token, buy licenses, mend the network,
    /// the database or a setting.
    Operator,
    /// The program that made the call, and with it the administrator whose input it passed on: the call has to change.
    Caller,
    /// The device or the person at it: an update of the system, an invitation to accept, a refused install.
    Device,
}

impl Audience {
    /// A stable name for programs: `operator`, `caller` or `device`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Caller => "caller",
            Self::Device => "device",
        }
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
