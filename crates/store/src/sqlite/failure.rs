//! What the driver's errors mean.

use mdm_vpp_ports::StoreError;
use rusqlite::ErrorCode;

/// Tells a busy database from a broken one.
pub(super) fn failed(doing: &'static str) -> impl Fn(rusqlite::Error) -> StoreError + Copy {
    move |error| match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
        _ => StoreError::Backend { doing, source: Box::new(error) },
    }
}

/// A number that a column of 64 bits with sign cannot hold.
pub(super) fn too_large(doing: &'static str) -> impl Fn(std::num::TryFromIntError) -> StoreError + Copy {
    move |error| StoreError::Backend { doing, source: Box::new(error) }
}
