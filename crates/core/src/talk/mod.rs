//! Talking with Apple about one location: wishes become seats, seats requests, answers and readings seats again.
//!
//! Each function here is the pure part of one transaction: rows go in, changes come out. [`decide_wishes`] and
//! [`decide_serving`] say who shall have what; [`decide_writing`] makes requests of seats that are queued;
//! [`decide_answer`], [`decide_notified`] and [`decide_orphans`] take in what became of them; [`decide_reading`] takes in what Apple lists;
//! [`decide_again`] and [`decide_retrying`] look at seats that waited for a time, a user or a license.
//! [`decide_revoking`] and [`decide_adopting`] are acts of people on many seats; [`pending_requests`] and [`DriftFinder`]
//! only tell.

mod adopt;
mod again;
mod answer;
mod asking;
mod drift;
mod ledger;
mod listing;
mod notices;
mod pending;
mod reading;
mod retrying;
mod revoke;
mod rows;
mod serve;
mod state;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod testing;
mod wish;
mod write;

pub use adopt::{Adopt, decide_adopting};
pub use again::decide_again;
pub use answer::{decide_answer, decide_orphans};
pub use asking::{decide_pending, next_question};
pub use drift::{DriftFinder, DriftReport, VanishedAsset};
pub use ledger::LINGER_SECONDS;
pub use listing::WalkListing;
pub use notices::decide_notified;
pub use pending::{PendingRequest, pending_requests};
pub use reading::{Covers, Reading, decide_reading};
pub use retrying::decide_retrying;
pub use revoke::{Revoke, decide_revoking};
pub use rows::{SeatChange, TalkChanges, TalkRows, WaitingChange};
pub use serve::decide_serving;
pub use state::{ListedAsset, Notice, Talk, WaitingWish, Walk, WalkPage, WalkPhase};
pub use wish::{WishChange, WishRefusal, decide_wishes};
pub use write::decide_writing;
