//! What is stored of one location beside its token: seats, requests, users, who waits, and the full read under way.

mod adopt;
mod listing;
mod revoke;
mod rows;
mod state;

pub use adopt::Adopt;
pub use listing::WalkListing;
pub use revoke::Revoke;
pub use rows::{SeatChange, TalkChanges, TalkRows, WaitingChange};
pub use state::{ListedAsset, Notice, Talk, WaitingWish, Walk, WalkPage, WalkPhase};
