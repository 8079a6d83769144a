//! The query of the users call.

use super::query::Query;
use crate::error_number::ErrorNumber;
use crate::model::{ClientUserId, VersionId};

/// What a client asked for; what it left out is `None`.
#[derive(Debug)]
pub(crate) struct UserQuery {
    pub(crate) page_index: Option<i64>,
    pub(crate) since: Option<VersionId>,
    pub(crate) client_user_id: Option<ClientUserId>,
    pub(crate) active_only: bool,
    pub(crate) retired_only: bool,
}

impl UserQuery {
    /// Reads the parameters; a value that is none of its type is 9602, a version that cannot be one 9721.
    pub(crate) fn read(text: &str) -> Result<Self, ErrorNumber> {
        let query = Query::read(text);
        Ok(Self {
            page_index: query.int32("pageIndex")?,
            since: query.version()?,
            client_user_id: query.text("clientUserId").map(ClientUserId::new),
            active_only: query.value("activeOnly")?.unwrap_or(false),
            retired_only: query.value("retiredOnly")?.unwrap_or(false),
        })
    }
}
