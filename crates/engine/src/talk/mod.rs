//! Talking with Apple about seats: who may talk, at which pace, and what is done when something is due.

mod adopt;
mod alone;
mod ask;
mod calls;
mod confirm;
mod drift;
mod in_turns;
mod look;
mod pace;
mod pages;
mod pending;
mod resume;
mod revoke;
mod saving;
mod scopes;
mod seats;
mod send;
mod serve;
mod subscribe;
mod talker;
mod unfence;
mod users;
mod walk;
mod wish;

pub use adopt::AdoptError;
pub(crate) use calls::ELSEWHERE_SECONDS;
pub use drift::DriftError;
pub(crate) use pace::{Paces, later};
pub use pending::PendingError;
pub use revoke::RevokeError;
pub use seats::SeatsAsked;
pub(crate) use talker::TalkerState;
pub use wish::WishError;
