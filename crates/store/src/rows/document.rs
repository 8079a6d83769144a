//! Values as JSON documents in columns of text.

use mdm_vpp_ports::StoreError;
use serde::Serialize;

/// A value as the JSON text of its column.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|error| StoreError::Backend { doing: "writing a document", source: Box::new(error) })
}
