//! A list that comes in pages, read as one stream.

use std::future::Future;

use futures_util::{
    Stream, StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use mdm_vpp_core::apple_error::{ErrorClass, ErrorNumber};
use mdm_vpp_ports::{ServiceError, ServiceErrorKind};

use super::wire::PageMembers;

/// The number of pages that are read at a time. Apple's documentation allows five.
const PARALLEL: usize = 5;

/// How often reading is begun again when the list changed in a way that could lose pages. Our choice: a list that
/// changes under three readings in a row is read better by the next job.
const RESTARTS: u32 = 2;

/// "Page index out of range".
const OUT_OF_RANGE: ErrorNumber = ErrorNumber(9650);

/// A page that was read.
#[derive(Debug, Clone)]
pub(super) struct Page<T> {
    pub(super) members: PageMembers,
    pub(super) content: T,
}

/// What comes after a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The list ends here.
    End,
    /// The page promises this one.
    Promised(u32),
    /// The page promises none but counts more pages: a `nextPageIndex` that was lost must not lose the rest of the
    /// list, and a count that is off by one must not fail the reading.
    Counted(u32),
}

/// A reading after its first page: what comes next, and the pages that are read ahead.
type Rest<'a, T> = (Next, BoxStream<'a, Result<Page<T>, ServiceError>>);

/// Why a reading ended before its list.
enum Interrupted {
    /// The list changed meanwhile: a new reading may succeed.
    ListChanged(ServiceError),
    Failed(ServiceError),
}

/// Reads all pages, in order. Begins again, at most [`RESTARTS`] times, when the list changed meanwhile; an error gives
/// no part of the list.
pub(super) async fn read_all_pages<T, F>(
    call: &'static str,
    largest_page_count: u32,
    read: impl Fn(u32) -> F + Sync,
) -> Result<Vec<Page<T>>, ServiceError>
where
    T: Send,
    F: Future<Output = Result<Page<T>, ServiceError>> + Send,
{
    let mut restarts = 0;
    loop {
        match pages(call, largest_page_count, &read).try_collect().await {
            Ok(pages) => return Ok(pages),
            Err(Interrupted::ListChanged(error)) if restarts < RESTARTS => {
                restarts += 1;
                tracing::debug!(call, restarts, code = error.code(), "the list changed, reading it again");
            }
            Err(Interrupted::ListChanged(error) | Interrupted::Failed(error)) => return Err(error),
        }
    }
}

/// The pages of one reading. Page 0 comes first; the pages that it counts are then read ahead, at most [`PARALLEL`] at
/// a time. The stream follows `nextPageIndex` and ends at a page without it.
fn pages<'a, T, F>(
    call: &'static str,
    largest_page_count: u32,
    read: &'a (impl Fn(u32) -> F + Sync),
) -> impl Stream<Item = Result<Page<T>, Interrupted>> + Send + 'a
where
    T: Send + 'a,
    F: Future<Output = Result<Page<T>, ServiceError>> + Send + 'a,
{
    stream::try_unfold(None, move |rest: Option<Rest<'a, T>>| async move {
        let Some((next, mut ahead)) = rest else {
            let first = read(0).await.map_err(Interrupted::Failed)?;
            let next = next_after(&first.members, 0).map_err(|misfit| misfit.interrupts(call))?;
            // A count that lies costs at most `PARALLEL` requests: the stream is dropped where the list ends.
            let counted = first.members.total.unwrap_or(0).min(largest_page_count);
            let ahead = stream::iter(1..counted).map(read).buffered(PARALLEL).boxed();
            return Ok(Some((first, Some((next, ahead)))));
        };
        let (index, promised) = match next {
            Next::End => return Ok(None),
            Next::Promised(index) => (index, true),
            Next::Counted(index) => (index, false),
        };
        if index >= largest_page_count {
            let kind = ServiceErrorKind::TooManyPages { limit: largest_page_count };
            return Err(Interrupted::Failed(ServiceError { call, kind, retry_after: None }));
        }
        let page = match ahead.next().await {
            Some(page) => page,
            None => read(index).await,
        };
        match page {
            Ok(page) => {
                let next = next_after(&page.members, index).map_err(|misfit| misfit.interrupts(call))?;
                Ok(Some((page, Some((next, ahead)))))
            }
            Err(error) if !promised && no_such_page(&error) => Ok(None),
            Err(error) if error.number() == Some(OUT_OF_RANGE) => Err(Interrupted::ListChanged(error)),
            Err(error) => Err(Interrupted::Failed(error)),
        }
    })
}

/// A page that does not fit its place in the list.
pub(super) struct Misfit {
    member: &'static str,
    found: String,
}

impl Misfit {
    /// Whether a page that was asked for as `index` says that it is another, or that another than the next follows.
    pub(super) fn of(page: &PageMembers, index: u32) -> Option<Self> {
        next_after(page, index).err()
    }

    pub(super) fn into_error(self, call: &'static str) -> ServiceError {
        let kind = ServiceErrorKind::UnexpectedReply { member: self.member.to_owned(), found: self.found };
        ServiceError { call, kind, retry_after: None }
    }

    fn interrupts(self, call: &'static str) -> Interrupted {
        Interrupted::ListChanged(self.into_error(call))
    }
}

/// What comes after the page that was asked for as `index`. A page that repeats or skips is a misfit: following it
/// would make a list seem complete that is not, or read without end.
fn next_after(page: &PageMembers, index: u32) -> Result<Next, Misfit> {
    if let Some(current) = page.current.filter(|current| *current != index) {
        return Err(Misfit { member: "currentPageIndex", found: format!("it is {current} on page {index}") });
    }
    let following = index.saturating_add(1);
    match page.next {
        Some(next) if next == following => Ok(Next::Promised(next)),
        Some(next) => Err(Misfit { member: "nextPageIndex", found: format!("it is {next} on page {index}") }),
        None if page.total.is_some_and(|total| total > following) => Ok(Next::Counted(following)),
        None => Ok(Next::End),
    }
}

/// Whether Apple says that the request for a page was wrong, which is how it refuses a page that is not there.
fn no_such_page(error: &ServiceError) -> bool {
    matches!(error.class(), Some(ErrorClass::Conflict | ErrorClass::PermanentRequest))
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeMap,
        sync::{
            Mutex,
            atomic::{AtomicU32, Ordering},
        },
    };

    use super::*;

    /// A list by page: `Err` is Apple's error number.
    #[derive(Default)]
    struct List {
        pages: BTreeMap<u32, Result<PageMembers, u32>>,
        /// From which reading on, which page, and what it is then.
        later: Vec<(u32, u32, Result<PageMembers, u32>)>,
        asked: Mutex<Vec<u32>>,
        readings: AtomicU32,
    }

    fn page(index: u32, next: Option<u32>, total: u32) -> Result<PageMembers, u32> {
        Ok(PageMembers { current: Some(index), next, total: Some(total), version_id: None })
    }

    fn refusal(number: u32) -> ServiceError {
        ServiceError::apple("reading the assets", number, "", 400)
    }

    impl List {
        fn of(pages: impl IntoIterator<Item = Result<PageMembers, u32>>) -> Self {
            Self { pages: (0..).zip(pages).collect(), ..Self::default() }
        }

        fn whole(total: u32) -> Self {
            Self::of((0..total).map(|index| page(index, (index + 1 < total).then_some(index + 1), total)))
        }

        async fn read(&self, index: u32) -> Result<Page<u32>, ServiceError> {
            if index == 0 {
                self.readings.fetch_add(1, Ordering::Relaxed);
            }
            self.asked.lock().unwrap().push(index);
            tokio::task::yield_now().await;
            let reading = self.readings.load(Ordering::Relaxed);
            let later = self.later.iter().rfind(|(from, at, _)| reading >= *from && *at == index);
            let page = later.map(|(_, _, page)| page).or_else(|| self.pages.get(&index));
            match page.unwrap_or(&Err(9650)) {
                Ok(members) => Ok(Page { members: members.clone(), content: index }),
                Err(number) => Err(refusal(*number)),
            }
        }

        async fn read_all(&self, limit: u32) -> Result<Vec<u32>, ServiceError> {
            let pages = read_all_pages("reading the assets", limit, |index| self.read(index)).await?;
            Ok(pages.into_iter().map(|page| page.content).collect())
        }

        fn asked(&self) -> Vec<u32> {
            self.asked.lock().unwrap().clone()
        }
    }

    fn upto(end: u32) -> Vec<u32> {
        (0..end).collect()
    }

    #[tokio::test]
    async fn every_page_is_read_once_and_in_order() {
        for total in [1, 2, 3, 6, 7, 40] {
            let list = List::whole(total);
            assert_eq!(list.read_all(10_000).await.unwrap(), upto(total));
            assert_eq!(list.asked(), upto(total));
        }
    }

    #[tokio::test]
    async fn a_list_without_a_count_is_read_page_by_page() {
        let members = |index, next| Ok(PageMembers { current: Some(index), next, ..PageMembers::default() });
        let list = List::of([members(0, Some(1)), members(1, Some(2)), members(2, None)]);
        assert_eq!(list.read_all(10_000).await.unwrap(), upto(3));
    }

    #[tokio::test]
    async fn a_list_that_grew_is_read_beyond_its_count() {
        let list =
            List::of([page(0, Some(1), 2), page(1, Some(2), 2), page(2, Some(3), 4), page(3, None, 4)]);
        assert_eq!(list.read_all(10_000).await.unwrap(), upto(4));
    }

    #[tokio::test]
    async fn a_list_that_shrank_ends_where_it_says() {
        let list = List::of([page(0, Some(1), 5), page(1, None, 2)]);
        assert_eq!(list.read_all(10_000).await.unwrap(), upto(2));
    }

    #[tokio::test]
    async fn a_next_that_was_lost_does_not_lose_the_rest() {
        let list = List::of([page(0, None, 3), page(1, None, 3), page(2, None, 3)]);
        assert_eq!(list.read_all(10_000).await.unwrap(), upto(3));
    }

    #[tokio::test]
    async fn a_count_that_is_off_by_one_does_not_fail() {
        for number in [9650, 9602] {
            let mut list = List::of([page(0, Some(1), 3), page(1, None, 3)]);
            list.pages.insert(2, Err(number));
            assert_eq!(list.read_all(10_000).await.unwrap(), upto(2));
            assert_eq!(list.readings.load(Ordering::Relaxed), 1);
        }
    }

    #[tokio::test]
    async fn a_promised_page_out_of_range_makes_the_list_be_read_again() {
        let mut list = List::of([page(0, Some(1), 3), page(1, Some(2), 3), Err(9650)]);
        list.later = vec![(2, 1, page(1, None, 2))];
        assert_eq!(list.read_all(10_000).await.unwrap(), upto(2));
        assert_eq!(list.readings.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn a_list_is_read_again_twice_and_no_more() {
        for (list, member) in [
            (List::of([page(0, Some(1), 3), page(1, Some(1), 3)]), "nextPageIndex"),
            (List::of([page(0, Some(0), 3)]), "nextPageIndex"),
            (List::of([page(0, Some(2), 3), page(1, Some(2), 3)]), "nextPageIndex"),
            (List::of([page(0, Some(1), 2), page(0, None, 2)]), "currentPageIndex"),
        ] {
            let error = list.read_all(10_000).await.unwrap_err();
            assert!(
                matches!(error.kind, ServiceErrorKind::UnexpectedReply { member: reported, .. } if reported == member)
            );
            assert_eq!(list.readings.load(Ordering::Relaxed), 3);
        }
        let list = List::of([page(0, Some(1), 2)]);
        assert_eq!(list.read_all(10_000).await.unwrap_err().number(), Some(OUT_OF_RANGE));
        assert_eq!(list.readings.load(Ordering::Relaxed), 3);
    }

    #[tokio::test]
    async fn any_other_error_ends_the_reading_without_a_partial_answer() {
        for broken in [0, 1, 2] {
            let mut list = List::whole(3);
            list.pages.insert(broken, Err(9625));
            assert_eq!(list.read_all(10_000).await.unwrap_err().number(), Some(ErrorNumber(9625)));
            assert_eq!(list.readings.load(Ordering::Relaxed), 1);
        }
    }

    #[tokio::test]
    async fn a_list_that_never_ends_is_given_up() {
        for total in [0, 3, 5, u32::MAX] {
            let list = List::of((0..20).map(|index| page(index, Some(index + 1), total)));
            let error = list.read_all(5).await.unwrap_err();
            assert_eq!(error.kind, ServiceErrorKind::TooManyPages { limit: 5 });
            assert!(list.asked().len() <= 5);
        }
        assert_eq!(List::whole(5).read_all(5).await.unwrap(), upto(5));
    }

    #[tokio::test]
    async fn a_count_that_lies_costs_a_few_requests_only() {
        let list = List::of([page(0, Some(1), u32::MAX), page(1, None, 2)]);
        assert_eq!(list.read_all(10_000).await.unwrap(), upto(2));
        assert!(list.asked().len() <= 2 + PARALLEL, "{:?}", list.asked());
    }
}
