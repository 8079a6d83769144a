//! The query of the metadata lookup.

use super::query::Query;
use crate::model::{AdamId, Country, StoreView};

/// The one value of `p` that gives results. The likely misspelling `mdm-lookup` gives none (observed in the wild).
const PURPOSE: &str = "mdm-lockup";

/// What a client asked the store.
#[derive(Debug)]
pub(crate) struct LookupQuery {
    /// `None` when purpose or platform are none that the store answers.
    pub(crate) view: Option<StoreView>,
    /// What is no id is left out.
    pub(crate) ids: Vec<AdamId>,
    pub(crate) country: Country,
    pub(crate) language: String,
    /// Of the reply's format; only echoed.
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
