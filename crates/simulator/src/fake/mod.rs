//! Apple as the ports of `mdm-vpp` see it, in-process: a third way to the same service.

mod convert;
#[cfg(test)]
mod fake_tests;
mod ports;
mod reply;
mod simulated_apple;

pub use simulated_apple::SimulatedApple;
