//! Rows of apps, admissions and pools.

use mdm_vpp_core::{
    catalog::{Admission, App, AssetKey, Pool},
    id::AdamId,
};
use mdm_vpp_ports::StoreError;

use super::{
    Columns, Reading,
    pricing_code::{pricing_key, pricing_of},
};

/// The columns of a pool's key.
const POOL_KEY: &[&str] = &["location", "adam_id", "pricing_param"];

/// A row as an app of the catalog.
pub(crate) fn app(row: &dyn Columns) -> Result<App, StoreError> {
    let reading = Reading::new("apps", &["tenant", "adam_id"], row);
    let app: App = reading.document("document")?;
    reading.stands_at_its_key("document", app.adam_id.to_string() == reading.text("adam_id")?)?;
    Ok(app)
}

/// A row as an admission.
pub(crate) fn admission(row: &dyn Columns) -> Result<Admission, StoreError> {
    let reading = Reading::new("admissions", &["location", "adam_id"], row);
    let admission: Admission = reading.document("document")?;
    let own = admission.location.as_str() == reading.text("location")?
        && admission.adam_id.to_string() == reading.text("adam_id")?;
    reading.stands_at_its_key("document", own)?;
    Ok(admission)
}

/// A row as a pool.
pub(crate) fn pool(row: &dyn Columns) -> Result<Pool, StoreError> {
    let reading = Reading::new("pools", POOL_KEY, row);
    let pool: Pool = reading.document("document")?;
    let own = pool.location.as_str() == reading.text("location")?
        && pool.adam_id.to_string() == reading.text("adam_id")?
        && pricing_key(&pool.pricing_param) == reading.text("pricing_param")?;
    reading.stands_at_its_key("document", own)?;
    Ok(pool)
}

/// The asset and the number of a pool, without a look at its document.
pub(crate) fn pool_number<N: TryFrom<i64>>(row: &dyn Columns) -> Result<(AssetKey, N), StoreError> {
    let reading = Reading::new("pools", POOL_KEY, row);
    let asset = AssetKey {
        adam_id: reading.parsed("adam_id", str::parse::<AdamId>)?,
        pricing_param: reading.parsed("pricing_param", pricing_of)?,
    };
    Ok((asset, reading.number("number")?))
}
