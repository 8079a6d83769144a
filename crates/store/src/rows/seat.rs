//! Rows of seats and of waitlist entries, and the numbers by which both name their pools.

use mdm_vpp_core::{
    catalog::AssetKey,
    id::{AdamId, LocationId},
    location::WaitlistEntry,
    seats::{Seat, SeatKey},
};
use mdm_vpp_ports::StoreError;

use super::{
    Columns, Reading,
    seat_code::{UnderWay, desired_of, holder_of, observed_of},
};
use crate::documents::pricing_of;

/// The columns of the key of a seat or a waitlist entry.
const KEY: &[&str] = &["pool", "holder"];

/// A row as a seat of an asset.
pub(crate) fn seat(location: &LocationId, asset: &AssetKey, row: &dyn Columns) -> Result<Seat, StoreError> {
    let reading = Reading::new("seats", KEY, row);
    let under_way: Option<UnderWay> = reading.optional_document("under_way")?;
    let (progress, fence, tries) = UnderWay::parts(under_way);
    Ok(Seat {
        key: key(location, asset, &reading)?,
        desired: reading.parsed("desired", desired_of)?,
        observed: reading.parsed("observed", observed_of)?,
        progress,
        fence,
        tries,
        touched_at: reading.micros("touched_at")?,
    })
}

/// The time of a seat's last touch, and its key. The other columns are not read.
#[cfg(feature = "sqlite")]
pub(crate) fn touched(
    location: &LocationId,
    asset: &AssetKey,
    row: &dyn Columns,
) -> Result<(chrono::DateTime<chrono::Utc>, SeatKey), StoreError> {
    let reading = Reading::new("seats", KEY, row);
    Ok((reading.micros("touched_at")?, key(location, asset, &reading)?))
}

/// A row as an entry of an asset's waitlist.
pub(crate) fn waitlist_entry(
    location: &LocationId,
    asset: &AssetKey,
    row: &dyn Columns,
) -> Result<WaitlistEntry, StoreError> {
    let reading = Reading::new("waitlist", KEY, row);
    Ok(WaitlistEntry { seat: key(location, asset, &reading)?, since: reading.micros("since")? })
}

/// The asset and the number of a pool. Its document is not read.
pub(crate) fn pool_number<N: TryFrom<i64>>(row: &dyn Columns) -> Result<(AssetKey, N), StoreError> {
    let reading = Reading::new("pools", &["location", "adam_id", "pricing_param"], row);
    let asset = AssetKey {
        adam_id: reading.parsed("adam_id", str::parse::<AdamId>)?,
        pricing_param: reading.parsed("pricing_param", pricing_of)?,
    };
    Ok((asset, reading.number("number")?))
}

fn key(location: &LocationId, asset: &AssetKey, reading: &Reading<'_>) -> Result<SeatKey, StoreError> {
    let holder = reading.parsed("holder", holder_of)?;
    Ok(SeatKey { location: location.clone(), asset: asset.clone(), holder })
}
