//! Decisions about who holds which license in one location.

mod adopt;
mod apply_notifications;
mod apply_read;
mod assign;
mod drift;
mod fill_waitlist;
mod poll;
mod preview_requests;
mod record_answer;
mod refresh_seats;
mod retry_given_up;
mod revoke;
mod write_request;

pub use adopt::decide_adopt;
pub use apply_notifications::decide_apply_notifications;
pub use apply_read::{AssignmentsRead, Covers, decide_apply_read};
pub use assign::{AssignmentChange, AssignmentRefusal, decide_change_assignments};
pub use drift::{DriftFinder, DriftReport, VanishedAsset};
pub use fill_waitlist::decide_fill_waitlist;
pub use poll::{decide_record_pending, next_poll_at};
pub use preview_requests::{PreviewedRequest, preview_requests};
pub use record_answer::{decide_orphans, decide_record_answer};
pub use refresh_seats::decide_refresh_seats;
pub use retry_given_up::decide_retry_given_up;
pub use revoke::decide_revoke;
pub use write_request::decide_write_request;
