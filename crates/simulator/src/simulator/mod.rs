//! The handle on the simulated service: what a test or a program does with it, and one request from beginning to end.

mod acts;
mod faults;
mod handle;
mod handling;

pub use acts::EventOrder;
pub use faults::{Fault, FaultRule, JsonEdit, PortalHook};
pub use handle::Simulator;
