//! A transaction: what is loaded for a decision, and what a decision changes.

mod audit;
mod decision;
mod decision_builder;
mod job;
mod loaded;
mod retry;

pub use audit::{AuditAct, AuditDraft, AuditEntry, AuditPosition};
pub use decision::{Decision, TokenChange};
pub use decision_builder::LINGER_SECONDS;
pub(crate) use decision_builder::{DecisionBuilder, whole_microseconds};
pub use job::{CompletedJob, Job, JobKind};
pub use loaded::Loaded;
pub use retry::CallFailure;
