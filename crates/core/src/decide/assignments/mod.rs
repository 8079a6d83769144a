//! Decisions about who holds which license in one location.

mod adopt_and_revoke;
mod apply_read;
mod assign;
mod drift;
mod fill_waitlist;
mod record_answer;
mod write_request;

pub use adopt_and_revoke::{decide_adopt, decide_revoke};
pub use apply_read::{AssignmentsRead, Covers, decide_apply_read, decide_refresh_seats};
pub use assign::{
    AssignmentChange, AssignmentList, AssignmentRefusal, decide_assign, decide_change_assignments,
    decide_set_assignment_list, decide_unassign,
};
pub use drift::{DriftFinder, DriftReport, VanishedAsset};
pub use fill_waitlist::{decide_fill_waitlist, decide_retry_given_up};
pub use record_answer::{
    decide_apply_notifications, decide_orphans, decide_record_answer, decide_record_pending, next_poll_at,
};
pub use write_request::{PreviewedRequest, decide_write_request, preview_requests};
