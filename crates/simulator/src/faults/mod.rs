//! Faults on purpose: what goes wrong, for which requests, how often.

mod act;
mod fault;
mod script;

pub use fault::{Fault, JsonEdit, PortalHook, RetryAfter};
pub use script::FaultRule;

pub(crate) use act::{alter, instead};
pub(crate) use script::FaultScript;
pub(crate) use script::Suffered;
