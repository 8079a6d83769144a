//! Checks: what must hold of the state of a tenant, as named findings, for tests and for operators.
//!
//! Nothing here changes anything. [`check`] goes through everything that is known; [`check_grants`] judges a plan
//! before it is carried out; [`unsettled`] tells whether all is as desired.

mod finding;
mod installs;
mod requests;
mod seats;
mod state;

pub use finding::{Finding, FindingKind};
pub use seats::unsettled;
pub use state::{Checked, check, check_grants};

#[cfg(test)]
mod tests;
