//! The whole suite.

use super::{AssignmentServiceFixture, Violation};

/// Runs every check, each on a stage that `open` opens for it.
///
/// ```
/// use mdm_vpp_ports::conformance::assignment_service::{self, AssignmentServiceFixture, Violation};
///
/// async fn my_client_keeps_its_promises<S: AssignmentServiceFixture>(
///     open: impl AsyncFn() -> S,
/// ) -> Result<(), Violation> {
///     assignment_service::all(open).await
/// }
/// ```
///
/// # Errors
///
/// [`Violation`] tells the first promise that the service broke.
pub async fn all<S: AssignmentServiceFixture>(open: impl AsyncFn() -> S) -> Result<(), Violation> {
    macro_rules! run_each {
        ($($check:ident),+ $(,)?) => { $(super::checks::$check(&open().await).await?;)+ };
    }
    crate::for_each_assignment_service_check!(run_each);
    Ok(())
}
