//! Walks over lists that behave and lists that do not.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use mdm_vpp_ports::AppleError;

use super::*;

/// A list by page: `Err` is Apple's error number.
#[derive(Default)]
struct List {
    pages: BTreeMap<u32, Result<PageMembers, u32>>,
    /// Pages that change after so many walks.
    later: Vec<(u32, u32, Result<PageMembers, u32>)>,
    asked: Mutex<Vec<u32>>,
    walks: AtomicU32,
}

fn page(index: u32, next: Option<u32>, total: u32) -> Result<PageMembers, u32> {
    Ok(PageMembers { current: Some(index), next, total: Some(total), version_id: None })
}

fn refusal(number: u32) -> ServiceError {
    let number = ErrorNumber(number);
    let class = ErrorClass::of(number, 400);
    let trouble =
        ServiceErrorKind::Apple(AppleError { number, class, message: String::new(), http_status: 400 });
    ServiceError { call: "reading the assets", kind: trouble, retry_after: None }
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
            self.walks.fetch_add(1, Ordering::Relaxed);
        }
        self.asked.lock().unwrap().push(index);
        tokio::task::yield_now().await;
        let walk = self.walks.load(Ordering::Relaxed);
        let later = self.later.iter().rfind(|(from, at, _)| walk >= *from && *at == index);
        let page = later.map(|(_, _, page)| page).or_else(|| self.pages.get(&index));
        match page.unwrap_or(&Err(9650)) {
            Ok(members) => Ok(Page { members: members.clone(), content: index }),
            Err(number) => Err(refusal(*number)),
        }
    }

    async fn walk(&self, limit: u32) -> Result<Vec<u32>, ServiceError> {
        let pages = walk("reading the assets", limit, |index| self.read(index)).await?;
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
        assert_eq!(list.walk(10_000).await.unwrap(), upto(total));
        assert_eq!(list.asked(), upto(total));
    }
}

#[tokio::test]
async fn a_list_without_a_count_is_read_page_by_page() {
    let members = |index, next| Ok(PageMembers { current: Some(index), next, ..PageMembers::default() });
    let list = List::of([members(0, Some(1)), members(1, Some(2)), members(2, None)]);
    assert_eq!(list.walk(10_000).await.unwrap(), upto(3));
}

#[tokio::test]
async fn a_list_that_grew_is_read_beyond_its_count() {
    let list = List::of([page(0, Some(1), 2), page(1, Some(2), 2), page(2, Some(3), 4), page(3, None, 4)]);
    assert_eq!(list.walk(10_000).await.unwrap(), upto(4));
}

#[tokio::test]
async fn a_list_that_shrank_ends_where_it_says() {
    let list = List::of([page(0, Some(1), 5), page(1, None, 2)]);
    assert_eq!(list.walk(10_000).await.unwrap(), upto(2));
}

#[tokio::test]
async fn a_next_that_was_lost_does_not_lose_the_rest() {
    let list = List::of([page(0, None, 3), page(1, None, 3), page(2, None, 3)]);
    assert_eq!(list.walk(10_000).await.unwrap(), upto(3));
}

#[tokio::test]
async fn a_count_that_is_off_by_one_does_not_fail() {
    for number in [9650, 9602] {
        let mut list = List::of([page(0, Some(1), 3), page(1, None, 3)]);
        list.pages.insert(2, Err(number));
        assert_eq!(list.walk(10_000).await.unwrap(), upto(2));
        assert_eq!(list.walks.load(Ordering::Relaxed), 1);
    }
}

#[tokio::test]
async fn a_promised_page_out_of_range_begins_the_walk_again() {
    let mut list = List::of([page(0, Some(1), 3), page(1, Some(2), 3), Err(9650)]);
    list.later = vec![(2, 1, page(1, None, 2))];
    assert_eq!(list.walk(10_000).await.unwrap(), upto(2));
    assert_eq!(list.walks.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_walk_is_begun_again_twice_and_no_more() {
    for (list, member) in [
        (List::of([page(0, Some(1), 3), page(1, Some(1), 3)]), "nextPageIndex"),
        (List::of([page(0, Some(0), 3)]), "nextPageIndex"),
        (List::of([page(0, Some(2), 3), page(1, Some(2), 3)]), "nextPageIndex"),
        (List::of([page(0, Some(1), 2), page(0, None, 2)]), "currentPageIndex"),
    ] {
        let error = list.walk(10_000).await.unwrap_err();
        assert!(
            matches!(error.kind, ServiceErrorKind::UnexpectedReply { member: told, .. } if told == member)
        );
        assert_eq!(list.walks.load(Ordering::Relaxed), 3);
    }
    let list = List::of([page(0, Some(1), 2)]);
    assert_eq!(list.walk(10_000).await.unwrap_err().number(), Some(OUT_OF_RANGE));
    assert_eq!(list.walks.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn any_other_error_ends_the_walk_without_a_partial_answer() {
    for broken in [0, 1, 2] {
        let mut list = List::whole(3);
        list.pages.insert(broken, Err(9625));
        assert_eq!(list.walk(10_000).await.unwrap_err().number(), Some(ErrorNumber(9625)));
        assert_eq!(list.walks.load(Ordering::Relaxed), 1);
    }
}

#[tokio::test]
async fn a_list_that_never_ends_is_given_up() {
    for total in [0, 3, 5, u32::MAX] {
        let list = List::of((0..20).map(|index| page(index, Some(index + 1), total)));
        let error = list.walk(5).await.unwrap_err();
        assert_eq!(error.kind, ServiceErrorKind::TooManyPages { limit: 5 });
        assert!(list.asked().len() <= 5);
    }
    assert_eq!(List::whole(5).walk(5).await.unwrap(), upto(5));
}

#[tokio::test]
async fn a_count_that_lies_costs_a_few_requests_only() {
    let list = List::of([page(0, Some(1), u32::MAX), page(1, None, 2)]);
    assert_eq!(list.walk(10_000).await.unwrap(), upto(2));
    assert!(list.asked().len() <= 2 + PARALLEL, "{:?}", list.asked());
}
