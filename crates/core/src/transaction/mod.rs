//! A transaction: what is loaded for a decision, and what a decision changes.

mod audit;
mod decision;
mod decision_builder;
mod job;

pub use audit::{AuditAct, AuditDraft, AuditEntry, AuditPosition};
pub use decision::{Decision, Loaded, TokenChange};
pub use decision_builder::LINGER_SECONDS;
pub(crate) use decision_builder::{DecisionBuilder, whole_microseconds};
pub use job::{CallFailure, CompletedJob, Job, JobKind};
