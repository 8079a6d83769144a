//! The whole suite.

use super::{LicenseServiceFixture, Violation};

/// Runs every check, each on a stage that `open` opens for it.
///
/// ```
/// use mdm_vpp_ports::conformance::license_service::{self, LicenseServiceFixture, Violation};
///
/// async fn my_client_keeps_its_promises<S: LicenseServiceFixture>(
///     open: impl AsyncFn() -> S,
/// ) -> Result<(), Violation> {
///     license_service::all(open).await
/// }
/// ```
///
/// # Errors
///
/// [`Violation`] tells the first promise that the service broke.
pub async fn all<S: LicenseServiceFixture>(open: impl AsyncFn() -> S) -> Result<(), Violation> {
    macro_rules! run_each {
        ($($check:ident),+ $(,)?) => { $(super::checks::$check(&open().await).await?;)+ };
    }
    crate::for_each_license_service_check!(run_each);
    Ok(())
}
