//! Rows of leases.

use mdm_vpp_ports::{LeaseHolder, StoreError};

use super::{Columns, Reading};
use crate::lease_row::LeaseRow;

/// A row as the lease of a location.
pub(crate) fn read(row: &dyn Columns) -> Result<LeaseRow, StoreError> {
    let reading = Reading::new("leases", &["location"], row);
    Ok(LeaseRow {
        epoch: reading.number("epoch")?,
        talker: LeaseHolder(reading.text("holder")?.to_owned()),
        until: reading.optional_number("until")?,
    })
}
