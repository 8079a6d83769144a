//! Talking with Apple about seats: who may talk, at which pace, and what is done when something is due.

mod adopt;
mod ask;
mod calls;
mod confirm;
mod drift;
mod in_turns;
mod look;
mod members;
mod pace;
mod pages;
mod pending;
mod resume;
mod revoke;
mod saving;
mod scopes;
mod send;
mod serve;
mod subscribe;
mod talker;
mod unfence;
mod walk;
mod wish;

pub use adopt::AdoptError;
pub use drift::DriftError;
pub(crate) use pace::Paces;
pub use pending::PendingError;
pub use revoke::RevokeError;
pub(crate) use talker::TalkerState;
pub use wish::WishError;
