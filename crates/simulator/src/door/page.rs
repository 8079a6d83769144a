//! Cutting a list into pages.

use std::num::NonZeroUsize;

use crate::error_number::ErrorNumber;
use crate::model::VersionId;
use crate::wire::Page;

/// A page: where it begins, and what it tells of itself.
pub(super) struct Cut {
    pub(super) skip: usize,
    pub(super) take: usize,
    pub(super) page: Page,
}

/// The page with this index of a list of so many records. Nothing at all is still one page, an empty one (assumption).
pub(super) fn cut(
    index: Option<i64>,
    records: usize,
    capacity: NonZeroUsize,
    version: VersionId,
) -> Result<Cut, ErrorNumber> {
    let index = index.unwrap_or(0);
    let total_pages = count(records.div_ceil(capacity.get())).max(1);
    if index < 0 || index >= total_pages {
        return Err(ErrorNumber::PAGE_OUT_OF_RANGE);
    }
    let skip = usize::try_from(index).unwrap_or(usize::MAX).saturating_mul(capacity.get());
    let take = records.saturating_sub(skip).min(capacity.get());
    let next = index.saturating_add(1);
    let page = Page {
        current_page_index: index,
        next_page_index: (next < total_pages).then_some(next),
        size: count(take),
        total_pages,
        version_id: version.to_string(),
    };
    Ok(Cut { skip, take, page })
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
