//! The members of a page: `currentPageIndex`, `nextPageIndex`, `totalPages`, `versionId`.

use mdm_vpp_ports::PageFacts;

use super::{Members, Unusable, read_location_id, read_reply_facts};

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

/// What a page says beside its list.
pub(crate) fn read_page_facts(reply: &Members<'_>, page: &PageMembers) -> Result<PageFacts, Unusable> {
    Ok(PageFacts {
        location: read_location_id(reply)?,
        next: page.next,
        total: page.total,
        version_id: page.version_id.clone(),
        reply: read_reply_facts(reply)?,
    })
}
