//! The job `TellCatalog`: the embedder's catalog is told about an app.

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::Poll,
};

use mdm_vpp_core::{
    id::{AdamId, TenantId},
    transaction::{CallFailure, Job},
};
use mdm_vpp_ports::{AppCatalogError, Apps, LoadScope, StoreError};

use crate::context::{Context, Failure};

/// Tells the embedder's catalog about an app, and saves what came of it. Answers why it failed, if it did.
pub(crate) async fn tell_catalog(
    context: &Context,
    tenant: &TenantId,
    adam_id: AdamId,
    job: &Job,
) -> Result<Option<Failure>, StoreError> {
    let scope = LoadScope::default().apps(Apps::These([adam_id].into()));
    let loaded = context.store().load(tenant, &scope).await?;
    if let (Some(catalog), Some(app)) = (context.catalog(), loaded.apps.get(&adam_id))
        && let Err(error) = without_panic(catalog.put_app(tenant, app), adam_id).await
    {
        let message = error.to_string();
        let failure = CallFailure { number: None, message: message.clone(), retry_after: None };
        context.reschedule(tenant, job, job.after_failure(&failure, context.now())).await?;
        return Ok(Some(Failure::new("app_catalog", message)));
    }
    context.complete(tenant, job).await?;
    Ok(None)
}

/// The answer of the embedder's code. A panic in it becomes an error like others: it must not stop the work of every
/// tenant.
async fn without_panic(
    mut put: Pin<Box<dyn Future<Output = Result<(), AppCatalogError>> + Send + '_>>,
    adam_id: AdamId,
) -> Result<(), AppCatalogError> {
    poll_fn(move |context| {
        let polled = catch_unwind(AssertUnwindSafe(|| put.as_mut().poll(context)));
        polled.unwrap_or_else(|_| {
            Poll::Ready(Err(AppCatalogError { adam_id, reason: "it panicked".to_owned() }))
        })
    })
    .await
}
