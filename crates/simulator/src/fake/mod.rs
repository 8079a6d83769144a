//! Apple as the ports of `mdm-vpp` see it, in-process: a third way to the same service.

mod apple;
mod convert;
#[cfg(test)]
mod fake_tests;
mod ports;
mod reply;

pub use apple::SimulatedApple;
