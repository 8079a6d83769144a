//! The queries of requests, with Apple's names of parameters and types of values.

use std::str::FromStr;

use crate::apple::{
    AdamId, ClientUserId, Country, ErrorNumber, EventId, PricingParam, ProductType, SerialNumber, StoreView,
    VersionId,
};

/// Decoded query parameters. Unknown ones are ignored, of repeated ones the first counts (assumptions).
#[derive(Debug)]
struct Query(Vec<(String, String)>);

impl Query {
    fn read(text: &str) -> Self {
        Self(form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// A value of a type that can be read from text; anything else is 9602.
    fn value<T: FromStr>(&self, name: &str) -> Result<Option<T>, ErrorNumber> {
        self.text(name).map(str::parse).transpose().map_err(|_| ErrorNumber::INVALID_ARGUMENT)
    }

    /// A whole number of 32 bits, widened so that arithmetic on it cannot overflow.
    fn int32(&self, name: &str) -> Result<Option<i64>, ErrorNumber> {
        Ok(self.value::<i32>(name)?.map(i64::from))
    }

    /// The version since which a delta is asked for; a text that is no version of this service is 9721.
    fn version(&self) -> Result<Option<VersionId>, ErrorNumber> {
        self.text("sinceVersionId").map(str::parse).transpose().map_err(|()| ErrorNumber::INVALID_VERSION)
    }
}

/// The event whose status a query asks for.
pub(crate) fn event_id(text: &str) -> Option<EventId> {
    Query::read(text).text("eventId").map(EventId::from)
}

/// The query of the assets call; parameters left out are `None`.
#[derive(Debug)]
pub(crate) struct AssetQuery {
    pub(crate) page_index: Option<i64>,
    pub(crate) product_type: Option<ProductType>,
    pub(crate) pricing_param: Option<PricingParam>,
    pub(crate) revocable: Option<bool>,
    pub(crate) device_assignable: Option<bool>,
    pub(crate) min_available: Option<i64>,
    pub(crate) max_available: Option<i64>,
    pub(crate) min_assigned: Option<i64>,
    pub(crate) max_assigned: Option<i64>,
    pub(crate) adam_id: Option<AdamId>,
    pub(crate) unlimited: Option<bool>,
}

impl AssetQuery {
    /// Reads the parameters. A value of another type is 9602.
    pub(crate) fn read(text: &str) -> Result<Self, ErrorNumber> {
        let query = Query::read(text);
        Ok(Self {
            page_index: query.int32("pageIndex")?,
            product_type: query.value("productType")?,
            pricing_param: query.value("pricingParam")?,
            revocable: query.value("revocable")?,
            device_assignable: query.value("deviceAssignable")?,
            min_available: query.int32("minAvailableCount")?,
            max_available: query.int32("maxAvailableCount")?,
            min_assigned: query.int32("minAssignedCount")?,
            max_assigned: query.int32("maxAssignedCount")?,
            adam_id: query.value("adamId")?,
            unlimited: query.value("unlimited")?,
        })
    }
}

/// The page that a query asks for, whatever the endpoint; the first when it does not say.
pub(crate) fn page_index(text: &str) -> i64 {
    Query::read(text).int32("pageIndex").ok().flatten().unwrap_or(0)
}

/// The query of the assignments call; parameters left out are `None`.
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
    /// Reads the parameters. A value of another type is 9602, an impossible version 9721.
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

/// The query of the users call; parameters left out are `None`.
#[derive(Debug)]
pub(crate) struct UserQuery {
    pub(crate) page_index: Option<i64>,
    pub(crate) since: Option<VersionId>,
    pub(crate) client_user_id: Option<ClientUserId>,
    pub(crate) active_only: bool,
    pub(crate) retired_only: bool,
}

impl UserQuery {
    /// Reads the parameters. A value of another type is 9602, an impossible version 9721.
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

/// The one value of `p` that gives results. The likely misspelling `mdm-lookup` gives none (observed in the wild).
const PURPOSE: &str = "mdm-lockup";

/// The query of the metadata lookup.
#[derive(Debug)]
pub(crate) struct LookupQuery {
    /// `None` when the store does not answer this purpose or platform.
    pub(crate) view: Option<StoreView>,
    /// The ids asked for; texts that are no id are left out.
    pub(crate) ids: Vec<AdamId>,
    pub(crate) country: Country,
    pub(crate) language: String,
    /// The version of the reply's format; only echoed.
    pub(crate) version: i64,
}

impl LookupQuery {
    pub(crate) fn read(text: &str) -> Self {
        let query = Query::read(text);
        let view = match query.text("platform") {
            Some("enterprisestore" | "volumestore") => Some(StoreView::Organization),
            Some("macappstore") => Some(StoreView::Mac),
            _ => None,
        };
        let ids = query.text("id").unwrap_or_default().split(',').filter_map(|id| id.trim().parse().ok());
        Self {
            view: view.filter(|_| query.text("p") == Some(PURPOSE)),
            ids: ids.collect(),
            country: Country::new(query.text("cc").unwrap_or("us")),
            language: query.text("l").unwrap_or("en").to_owned(),
            version: query.text("version").and_then(|version| version.parse().ok()).unwrap_or(2),
        }
    }
}
