//! Talking with Apple about seats: who may talk, at which pace, and what is done when something is due.

mod ask;
mod calls;
mod confirm;
mod look;
mod members;
mod pace;
mod resume;
mod saving;
mod scopes;
mod send;
mod serve;
mod talker;
mod unfence;
mod walk;
mod wish;

pub(crate) use pace::{Paces, later};
pub(crate) use talker::TalkerState;
pub use wish::WishError;
