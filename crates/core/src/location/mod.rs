//! What is stored of one location beside its token: seats, requests, users, who waits, and the full read under way.

mod adopt;
mod listing;
mod revoke;
mod rows;
mod state;

pub use adopt::Adopt;
pub use listing::FullReadListing;
pub use revoke::Revoke;
pub use rows::{LocationChanges, LocationRows, SeatChange, WaitlistChange};
pub use state::{
    FullRead, FullReadPage, FullReadPhase, ListedAsset, LocationState, NotifiedEvent, WaitlistEntry,
};
