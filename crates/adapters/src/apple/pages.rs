//! Walking a list page by page.

use std::future::Future;

use futures_util::{StreamExt, stream};
use mdm_vpp_core::apple_error::{ErrorClass, ErrorNumber};
use mdm_vpp_ports::{ServiceError, ServiceErrorKind};

use super::wire::PageMembers;

/// So many pages are read at a time, as Apple's documentation allows.
const PARALLEL: usize = 5;
/// A walk whose list changed in a way that could lose pages is begun again so often.
const RESTARTS: u32 = 2;
/// "Page index out of range".
const OUT_OF_RANGE: ErrorNumber = ErrorNumber(9650);

/// A page that was read.
#[derive(Debug, Clone)]
pub(crate) struct Page<T> {
    pub(crate) members: PageMembers,
    pub(crate) content: T,
}

/// What comes after a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The list ends here.
    End,
    /// The page promises this one.
    Promised(u32),
    /// The page promises none but counts more pages: a `nextPageIndex` that was lost must not lose the rest of the
    /// list, and a count that is off by one must not end the walk in an error.
    Counted(u32),
}

/// A page that does not fit into the walk.
type Misfit = (&'static str, String);

/// Reads all pages, in order.
///
/// Page 0 comes first; the pages that it counts are then read ahead, at most 5 at a time. The walk follows
/// `nextPageIndex`, and ends at a page without it. It is begun again, at most twice, when a page is out of range
/// that the page before promised, or when `nextPageIndex` repeats or skips.
pub(crate) async fn walk<T, F>(
    call: &'static str,
    largest_page_count: u32,
    read: impl Fn(u32) -> F,
) -> Result<Vec<Page<T>>, ServiceError>
where
    F: Future<Output = Result<Page<T>, ServiceError>> + Send,
{
    let mut restarts = 0;
    loop {
        match walk_once(call, largest_page_count, &read).await {
            Err(Broken::BeginAgain(error)) if restarts < RESTARTS => {
                restarts += 1;
                tracing::debug!(call, restarts, code = error.code(), "the list changed, beginning again");
            }
            Err(Broken::BeginAgain(error) | Broken::Failed(error)) => return Err(error),
            Ok(pages) => return Ok(pages),
        }
    }
}

enum Broken {
    BeginAgain(ServiceError),
    Failed(ServiceError),
}

async fn walk_once<T, F>(
    call: &'static str,
    largest_page_count: u32,
    read: &impl Fn(u32) -> F,
) -> Result<Vec<Page<T>>, Broken>
where
    F: Future<Output = Result<Page<T>, ServiceError>> + Send,
{
    let fail = |trouble| ServiceError { call, kind: trouble, retry_after: None };
    let misfit = |(member, found): Misfit| {
        Broken::BeginAgain(fail(ServiceErrorKind::UnexpectedReply { member: member.to_owned(), found }))
    };
    let first = read(0).await.map_err(Broken::Failed)?;
    let mut next = after(&first.members, 0).map_err(misfit)?;
    let counted = first.members.total.unwrap_or(0).min(largest_page_count);
    let mut ahead = std::pin::pin!(stream::iter(1..counted).map(read).buffered(PARALLEL));
    let mut pages = vec![first];
    loop {
        let (index, promised) = match next {
            Next::End => return Ok(pages),
            Next::Promised(index) => (index, true),
            Next::Counted(index) => (index, false),
        };
        if index >= largest_page_count {
            return Err(Broken::Failed(fail(ServiceErrorKind::TooManyPages { limit: largest_page_count })));
        }
        let page = match ahead.next().await {
            Some(page) => page,
            None => read(index).await,
        };
        match page {
            Ok(page) => {
                next = after(&page.members, index).map_err(misfit)?;
                pages.push(page);
            }
            Err(error) if !promised && no_such_page(&error) => return Ok(pages),
            Err(error) if error.number() == Some(OUT_OF_RANGE) => return Err(Broken::BeginAgain(error)),
            Err(error) => return Err(Broken::Failed(error)),
        }
    }
}

/// Whether a page that was asked for as `index` says that it is another, or that another than the next follows.
pub(super) fn misfit(page: &PageMembers, index: u32) -> Option<ServiceErrorKind> {
    let (member, found) = after(page, index).err()?;
    Some(ServiceErrorKind::UnexpectedReply { member: member.to_owned(), found })
}

/// What comes after the page that was asked for as `index`.
fn after(page: &PageMembers, index: u32) -> Result<Next, Misfit> {
    if let Some(current) = page.current.filter(|current| *current != index) {
        return Err(("currentPageIndex", format!("it is {current} on page {index}")));
    }
    let following = index.saturating_add(1);
    match page.next {
        Some(next) if next == following => Ok(Next::Promised(next)),
        Some(next) => Err(("nextPageIndex", format!("it is {next} on page {index}"))),
        None if page.total.is_some_and(|total| total > following) => Ok(Next::Counted(following)),
        None => Ok(Next::End),
    }
}

/// Whether Apple says that the request for a page was wrong, which is how it refuses a page that is not there.
const fn no_such_page(error: &ServiceError) -> bool {
    match error.apple_error() {
        Some(apple) => matches!(apple.class, ErrorClass::Conflict | ErrorClass::PermanentRequest),
        None => false,
    }
}

#[cfg(test)]
#[path = "pages_tests.rs"]
mod tests;
