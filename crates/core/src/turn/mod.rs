//! A turn: what is loaded for a decision, and what a decision changes.

mod audit;
mod decision;
mod due;
mod loaded;
mod retry;

pub use audit::{AuditAct, AuditDraft, AuditEntry, AuditPosition};
pub use decision::{Decision, TokenChange};
pub use due::{Due, DueKind, Settled};
pub use loaded::Loaded;
pub use retry::CallFailure;
