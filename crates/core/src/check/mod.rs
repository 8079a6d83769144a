//! Checks: what must hold of the state of a tenant, as named findings, for tests and for operators.
//!
//! Nothing here changes anything. [`check`] goes through everything that is known; [`check_grants`] judges a plan
//! before it is carried out; [`unsettled`] tells whether all is as desired.

mod finding;
mod finding_kind;
mod grants;
mod installs;
mod requests;
mod seats;
mod state;

#[cfg(test)]
mod boundary_tests;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use finding::Finding;
pub use finding_kind::FindingKind;
pub use grants::check_grants;
pub use seats::unsettled;
pub use state::{Checked, check};
