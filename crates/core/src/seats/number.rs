//! Counters that name things: computed under the tenant's lock, never random.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl $name {
            /// The next one.
            #[must_use]
            pub const fn next(self) -> Self {
                Self(self.0.saturating_add(1))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number!(
    /// A request to Apple, counted within its location from 1.
    RequestNumber
);

number!(
    /// A lease of the right to call Apple about a location: each new session has a greater one.
    Epoch
);

number!(
    /// A command to a device, counted within its install from 1.
    CommandNumber
);

number!(
    /// How new the embedder's facts about a recipient are; it only grows.
    Revision
);
