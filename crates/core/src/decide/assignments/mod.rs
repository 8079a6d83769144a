//! Decisions about who holds which license in one location.

mod adopt;
mod again;
mod answer;
mod asking;
mod drift;
mod notices;
mod pending;
mod reading;
mod retrying;
mod revoke;
mod serve;
mod wish;
mod write;

pub use adopt::decide_adopting;
pub use again::decide_again;
pub use answer::{decide_answer, decide_orphans};
pub use asking::{decide_pending, next_question};
pub use drift::{DriftFinder, DriftReport, VanishedAsset};
pub use notices::decide_notified;
pub use pending::{PendingRequest, pending_requests};
pub use reading::{Covers, Reading, decide_reading};
pub use retrying::decide_retrying;
pub use revoke::decide_revoking;
pub use serve::decide_serving;
pub use wish::{WishChange, WishRefusal, decide_wishes};
pub use write::decide_writing;
