//! What is wrong with the text that says where a server is.

use mdm_vpp_ports::StoreError;

/// What is wrong with the text that says where a server is. The driver's own errors name parts of the text, and a part that
/// it takes for an option may be of a password.
#[derive(Debug, thiserror::Error)]
pub(super) enum PlaceError {
    #[error(
        "it is neither a URL (`postgres://user:password@host:5432/database`) nor words (`host=... user=... dbname=...`) \
         whose options and values PostgreSQL knows: correct it; in a URL, each `@`, `/`, `?`, `#` and `%` of a name or \
         password is written as `%40`, `%2F`, `%3F`, `%23` and `%25`"
    )]
    Unreadable,
    #[error("it says `sslmode=disable`, but encrypted connections are asked for: take that out")]
    Disabled,
}

impl PlaceError {
    pub(super) fn while_reading(self) -> StoreError {
        StoreError::Backend { doing: "reading where the server is", source: Box::new(self) }
    }
}
