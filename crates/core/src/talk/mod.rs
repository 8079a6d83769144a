//! Talking with Apple about one location: wishes become seats, seats requests, answers and readings seats again.

mod rows;
mod state;

pub use rows::{SeatChange, TalkChanges, TalkRows, WaitingChange};
pub use state::{ListedAsset, Talk, WaitingWish, Walk, WalkPage, WalkPhase};
