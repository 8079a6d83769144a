//! The whole suite.

use std::sync::Arc;

use super::Violation;
use crate::Store;

/// Runs every check, each on a store that `open` opens for it: empty, with a sealing key, used by nobody else.
///
/// ```
/// use std::sync::Arc;
/// use mdm_vpp_ports::{Store, conformance::store};
///
/// # async fn open_my_store() -> Arc<dyn Store> { std::future::pending().await }
/// async fn my_store_keeps_its_promises() -> Result<(), store::Violation> {
///     store::all(async || open_my_store().await).await
/// }
/// ```
///
/// # Errors
///
/// [`Violation`] tells the first promise that the store broke.
pub async fn all(open: impl AsyncFn() -> Arc<dyn Store>) -> Result<(), Violation> {
    macro_rules! run_each {
        ($($check:ident),+ $(,)?) => { $(super::checks::$check(open().await).await?;)+ };
    }
    crate::for_each_store_check!(run_each);
    Ok(())
}
