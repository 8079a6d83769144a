//! The whole suite.

use super::{AppMetadataFixture, Violation};

/// Runs every check, each on a stage that `open` opens for it.
///
/// ```
/// use mdm_vpp_ports::conformance::app_metadata::{self, AppMetadataFixture, Violation};
///
/// async fn my_lookup_keeps_its_promises<S: AppMetadataFixture>(
///     open: impl AsyncFn() -> S,
/// ) -> Result<(), Violation> {
///     app_metadata::all(open).await
/// }
/// ```
///
/// # Errors
///
/// [`Violation`] tells the first promise that the implementation broke.
pub async fn all<S: AppMetadataFixture>(open: impl AsyncFn() -> S) -> Result<(), Violation> {
    macro_rules! run_each {
        ($($check:ident),+ $(,)?) => { $(super::checks::$check(&open().await).await?;)+ };
    }
    crate::for_each_app_metadata_check!(run_each);
    Ok(())
}
