//! Talking with Apple about seats: who may talk, at which pace, and what is done when something is due.

mod adopt;
mod assign;
mod calls;
mod drift;
mod fill_waitlist;
mod in_chunks;
mod location_session;
mod pace;
mod paced;
mod pages;
mod poll_events;
mod preview_requests;
mod read_assignments;
mod read_back;
mod read_delta;
mod refresh_users;
mod release_fences;
mod resume;
mod revoke;
mod running_job;
mod scopes;
mod seats;
mod send_requests;
mod subscribe;

pub use adopt::AdoptError;
pub use assign::AssignError;
pub(crate) use calls::ELSEWHERE_SECONDS;
pub use drift::DriftError;
pub(crate) use location_session::Sessions;
pub(crate) use pace::{Paces, later};
pub use preview_requests::PreviewRequestsError;
pub use revoke::RevokeError;
pub use seats::SeatQuery;
