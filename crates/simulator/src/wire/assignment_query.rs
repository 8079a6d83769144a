//! The query of the assignments call.

use super::query::Query;
use crate::error_number::ErrorNumber;
use crate::model::{AdamId, ClientUserId, PricingParam, SerialNumber, VersionId};

/// What a client asked for; what it left out is `None`.
#[derive(Debug)]
pub(crate) struct AssignmentQuery {
    pub(crate) page_index: Option<i64>,
    pub(crate) since: Option<VersionId>,
    pub(crate) adam_id: Option<AdamId>,
    pub(crate) pricing_param: Option<PricingParam>,
    pub(crate) client_user_id: Option<ClientUserId>,
    pub(crate) serial_number: Option<SerialNumber>,
    pub(crate) include_user_state: bool,
    pub(crate) exclude_inactive_users: bool,
}

impl AssignmentQuery {
    /// Reads the parameters; a value that is none of its type is 9602, a version that cannot be one 9721.
    pub(crate) fn read(text: &str) -> Result<Self, ErrorNumber> {
        let query = Query::read(text);
        Ok(Self {
            page_index: query.int32("pageIndex")?,
            since: query.version()?,
            adam_id: query.value("adamId")?,
            pricing_param: query.value("pricingParam")?,
            client_user_id: query.text("clientUserId").map(ClientUserId::new),
            serial_number: query.text("serialNumber").map(SerialNumber::new),
            include_user_state: query.value("includeUserState")?.unwrap_or(false),
            exclude_inactive_users: query.value("excludeInactiveUsers")?.unwrap_or(false),
        })
    }
}
