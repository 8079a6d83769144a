//! Suites that every implementation of a port has to pass.
//!
//! | Suite | For |
//! |---|---|
//! | [`store`] | [`Store`](crate::Store) |
//! | [`license_service`] | [`LicenseService`](crate::LicenseService) |
//! | [`assignment_service`] | [`AssignmentService`](crate::AssignmentService) |
//! | [`app_metadata`] | [`AppMetadata`](crate::AppMetadata) |
//!
//! A check is a function that is named after a promise and answers with a [`Violation`] when the promise is broken. The
//! checks of services of Apple need a fixture: an Apple that can be prepared, such as the simulator.

pub mod app_metadata;
pub mod assignment_service;
mod fixture_future;
pub mod license_service;
mod promise;
pub mod store;
mod violation;

pub use fixture_future::FixtureFuture;
pub use violation::Violation;
