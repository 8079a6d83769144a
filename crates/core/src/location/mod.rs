//! What is stored of one location beside its token: seats, requests, users, the waitlist, and the full read under way.

mod full_read;
mod rows;
mod state;

pub use full_read::{FullRead, FullReadListing, FullReadPage, FullReadPhase, ListedAsset, NotifiedEvent};
pub use rows::{LocationChanges, LocationRows, SeatChange, WaitlistChange};
pub use state::{Adopt, LocationState, Revoke, WaitlistEntry};
