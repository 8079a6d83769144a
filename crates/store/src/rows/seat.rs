//! Rows of seats and of wishes that wait.

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    catalog::AssetKey,
    id::LocationId,
    location::WaitlistEntry,
    seats::{Seat, SeatKey},
};
use mdm_vpp_ports::StoreError;

use super::{
    Columns, Reading,
    seat_code::{UnderWay, desired_of, holder_of, observed_of},
};
use crate::kept;

/// The columns of the key of a seat or a wish.
const KEY: &[&str] = &["pool", "holder"];

/// A row as the seat of an asset.
pub(crate) fn read(location: &LocationId, asset: &AssetKey, row: &dyn Columns) -> Result<Seat, StoreError> {
    let reading = Reading::new("seats", KEY, row);
    let under_way: Option<UnderWay> = reading.optional_document("under_way")?;
    let (motion, fence, tries) = UnderWay::parts(under_way);
    Ok(Seat {
        key: key(location, asset, &reading)?,
        desired: reading.parsed("desired", desired_of)?,
        observed: reading.parsed("observed", observed_of)?,
        progress: motion,
        fence,
        tries,
        touched_at: touch(&reading, "touched_at")?,
    })
}

#[cfg(feature = "sqlite")]
/// The key of a seat and when it was touched, without a look at the rest.
pub(crate) fn touched(
    location: &LocationId,
    asset: &AssetKey,
    row: &dyn Columns,
) -> Result<(DateTime<Utc>, SeatKey), StoreError> {
    let reading = Reading::new("seats", KEY, row);
    Ok((touch(&reading, "touched_at")?, key(location, asset, &reading)?))
}

/// A row as a wish that waits for an asset.
pub(crate) fn waiting(
    location: &LocationId,
    asset: &AssetKey,
    row: &dyn Columns,
) -> Result<WaitlistEntry, StoreError> {
    let reading = Reading::new("waitlist", KEY, row);
    Ok(WaitlistEntry { seat: key(location, asset, &reading)?, since: touch(&reading, "since")? })
}

fn key(location: &LocationId, asset: &AssetKey, reading: &Reading<'_>) -> Result<SeatKey, StoreError> {
    let holder = reading.parsed("holder", holder_of)?;
    Ok(SeatKey { location: location.clone(), asset: asset.clone(), holder })
}

fn touch(reading: &Reading<'_>, column: &'static str) -> Result<DateTime<Utc>, StoreError> {
    kept::due_time(reading.number(column)?).ok_or_else(|| reading.unreadable(column, "is no time"))
}
