//! Apple as the ports of `mdm-vpp` see it, in-process: a third door to the same service.

mod app_metadata;
mod apple;
mod asking;
mod asset;
mod license_service;
mod listing;
mod location;
mod reply;
mod retry_after;
mod text;
mod wire;

pub use apple::SimulatedApple;

#[cfg(test)]
mod tests;
