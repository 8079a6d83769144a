//! The members of a page: `currentPageIndex`, `nextPageIndex`, `totalPages`, `versionId`.

use super::{Members, Unusable};

/// Where a page stands in its list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PageMembers {
    pub(crate) current: Option<u32>,
    pub(crate) next: Option<u32>,
    pub(crate) total: Option<u32>,
    pub(crate) version_id: Option<String>,
}

/// Reads where a page stands.
pub(crate) fn read_page_members(reply: &Members<'_>) -> Result<PageMembers, Unusable> {
    let index = |name| -> Result<Option<u32>, Unusable> {
        let Some(text) = reply.id(name)? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| reply.unusable(name, "it is not the number of a page"))
    };
    Ok(PageMembers {
        current: index("currentPageIndex")?,
        next: index("nextPageIndex")?,
        total: index("totalPages")?,
        version_id: reply.id("versionId")?,
    })
}
