//! The query of the assets call.

use std::str::FromStr;

use super::names;
use super::query::Query;
use crate::error_number::ErrorNumber;
use crate::model::{AdamId, PricingParam, ProductType};

/// What a client asked for; what it left out is `None`.
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
    /// Reads the parameters; a value that is none of its type is 9602.
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

impl FromStr for ProductType {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::App, Self::Book].into_iter().find(|kind| names::product_type(*kind) == text).ok_or(())
    }
}

impl FromStr for PricingParam {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let all = [Self::Standard, Self::HighQuality];
        all.into_iter().find(|param| names::pricing_param(*param) == text).ok_or(())
    }
}
