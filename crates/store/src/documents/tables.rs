//! The tables of documents. A new entity costs a descriptor here, its table in both schemas, and a conformance check.

use mdm_vpp_core::{
    catalog::{Admission, App, AssetKey, Pool, PricingParam},
    id::{AdamId, ClientUserId},
    location::{FullReadPage, LocationState},
    seats::{Request, RequestNumber, VppUser},
};

use super::{Column, Table};

/// The apps of a tenant's catalog.
pub(crate) const APPS: Table<App, AdamId> = Table {
    name: "apps",
    reading: "reading the catalog",
    writing: "writing the catalog",
    owner: "tenant",
    owner_of: |_| None,
    key: &[Column::text("adam_id", AdamId::to_string)],
    key_of: |app| app.adam_id,
    extra: &[],
    number: None,
};

/// The verdicts on the assets of a location.
pub(crate) const ADMISSIONS: Table<Admission, AdamId> = Table {
    name: "admissions",
    reading: "reading the admissions of a location",
    writing: "writing the admissions of a location",
    owner: "location",
    owner_of: |admission| Some(admission.location.as_str()),
    key: &[Column::text("adam_id", AdamId::to_string)],
    key_of: |admission| admission.adam_id,
    extra: &[],
    number: None,
};

/// The pools of a location. Seats and waitlist entries name them by their numbers.
pub(crate) const POOLS: Table<Pool, AssetKey> = Table {
    name: "pools",
    reading: "reading the pools of a location",
    writing: "writing the pools of a location",
    owner: "location",
    owner_of: |pool| Some(pool.location.as_str()),
    key: &[
        Column::text("adam_id", |asset| asset.adam_id.to_string()),
        Column::text("pricing_param", |asset| pricing_code(&asset.pricing_param)),
    ],
    key_of: Pool::key,
    extra: &[],
    number: Some("number"),
};

/// Whether a request awaits an answer.
pub(crate) const OPEN: Column<Request> = Column::flag("open", Request::is_open);

/// The requests of a location. The event id is a column because notifications name the event alone.
pub(crate) const REQUESTS: Table<Request, RequestNumber> = Table {
    name: "requests",
    reading: "reading the requests of a location",
    writing: "writing the requests of a location",
    owner: "location",
    owner_of: |request| Some(request.location.as_str()),
    key: &[Column::number("number", |number| number.0)],
    key_of: |request| request.number,
    extra: &[
        OPEN,
        Column::optional_text("event_id", |request| request.event_id().map(|id| id.as_str().to_owned())),
    ],
    number: None,
};

/// Whether something is to be done about a user: Apple has to be asked for their state.
pub(crate) const TO_DO: Column<VppUser> = Column::flag("to_do", VppUser::is_to_be_read);

/// The users of a location.
pub(crate) const VPP_USERS: Table<VppUser, ClientUserId> = Table {
    name: "vpp_users",
    reading: "reading the users of a location",
    writing: "writing the users of a location",
    owner: "location",
    owner_of: |user| Some(user.location.as_str()),
    key: &[Column::text("client_user_id", |id| id.as_str().to_owned())],
    key_of: |user| user.client_user_id.clone(),
    extra: &[TO_DO],
    number: None,
};

/// The state of each location: one row, whose key is the location alone.
pub(crate) const LOCATION_STATES: Table<LocationState, ()> = Table {
    name: "location_states",
    reading: "reading the state of a location",
    writing: "writing the state of a location",
    owner: "location",
    owner_of: |state| Some(state.location.as_str()),
    key: &[],
    key_of: |_| (),
    extra: &[],
    number: None,
};

/// The pages of the full read under way.
pub(crate) const FULL_READ_PAGES: Table<FullReadPage, u32> = Table {
    name: "full_read_pages",
    reading: "reading the pages of a full read",
    writing: "writing the pages of a full read",
    owner: "location",
    owner_of: |_| None,
    key: &[Column::number("page", |page| (*page).into())],
    key_of: |page| page.page,
    extra: &[],
    number: None,
};

/// The quality of an asset as part of a key. The prefix keeps a quality that this version does not know from being
/// taken for one of ours.
fn pricing_code(pricing_param: &PricingParam) -> String {
    match pricing_param {
        PricingParam::Standard => "standard".to_owned(),
        PricingParam::HighQuality => "high_quality".to_owned(),
        PricingParam::Other { name } => format!("other:{name}"),
    }
}

/// The quality behind a part of a key.
pub(crate) fn pricing_of(code: &str) -> Result<PricingParam, &'static str> {
    match (code, code.strip_prefix("other:")) {
        ("standard", _) => Ok(PricingParam::Standard),
        ("high_quality", _) => Ok(PricingParam::HighQuality),
        (_, Some(name)) => Ok(PricingParam::Other { name: name.to_owned() }),
        _ => Err("is no quality that this version knows"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quality_that_is_called_like_one_of_ours_has_a_code_of_its_own() {
        let other = |name: &str| PricingParam::Other { name: name.to_owned() };
        for quality in
            [PricingParam::Standard, PricingParam::HighQuality, other("standard"), other(""), other("other:")]
        {
            assert_eq!(pricing_of(&pricing_code(&quality)), Ok(quality));
        }
        assert!(pricing_of("of_a_later_version").is_err());
    }
}
