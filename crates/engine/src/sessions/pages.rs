//! Which page of a list comes next.

use mdm_vpp_ports::{PageFacts, ServiceError, ServiceErrorKind};

use super::SessionError;

/// A list with more pages is given up. Our choice: at a thousand on a page it would hold a hundred million assignments,
/// so the reply is wrong.
pub(crate) const MOST_PAGES: u32 = 100_000;
/// Apple's number for "page index out of range": the list has become shorter.
const OUT_OF_RANGE: u32 = 9650;

/// The page after one. A reply that names none but counts more pages has lost the name, and the rest of the list must
/// not be taken as not there: what is not listed counts as given back.
pub(crate) fn next_page(page: u32, facts: &PageFacts) -> Result<Option<u32>, SessionError> {
    let counted = facts.total.filter(|total| page.saturating_add(1) < *total).map(|_| page.saturating_add(1));
    match facts.next.or(counted) {
        Some(next) if next >= MOST_PAGES => Err(too_many_pages()),
        Some(next) if next <= page => Err(SessionError::from(ServiceError {
            call: CALL,
            kind: ServiceErrorKind::UnexpectedReply {
                member: "nextPageIndex".to_owned(),
                found: format!("{next} after page {page}"),
            },
            retry_after: None,
        })),
        next => Ok(next),
    }
}

pub(crate) fn too_many_pages() -> SessionError {
    SessionError::from(ServiceError {
        call: CALL,
        kind: ServiceErrorKind::TooManyPages { limit: MOST_PAGES },
        retry_after: None,
    })
}

/// Whether Apple says that there is no such page.
pub(crate) fn is_out_of_range(error: &SessionError) -> bool {
    error.has_number(OUT_OF_RANGE)
}

const CALL: &str = "reading the assignments";

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(next: Option<u32>, total: Option<u32>) -> PageFacts {
        PageFacts { next, total, ..PageFacts::default() }
    }

    #[test]
    fn the_next_page_is_named_or_counted_and_lies_ahead() {
        let next = |page, next, total| next_page(page, &facts(next, total)).ok();
        assert_eq!(next(0, Some(1), Some(2)), Some(Some(1)));
        assert_eq!(next(0, None, Some(3)), Some(Some(1)), "the name was lost");
        assert_eq!(next(2, None, Some(3)), Some(None));
        assert_eq!(next(0, None, None), Some(None));
        assert_eq!(next(0, Some(2), Some(3)), Some(Some(2)));
        for hostile in [Some(0), Some(4), Some(5), Some(MOST_PAGES), Some(u32::MAX)] {
            assert_eq!(next(5, hostile, None), None, "{hostile:?}");
        }
    }
}
