//! Pages of what a tenant has.

/// Which page is asked for: at most `limit` items after a cursor. The default is the first page with at most 1,000 items.
///
/// ```
/// use mdm_vpp_core::id::AdamId;
/// use mdm_vpp_engine::PageQuery;
///
/// let first = PageQuery::default().limit(50);
/// let next = PageQuery::after(AdamId::new(361_309_726)).limit(50);
/// assert_ne!(first, next);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct PageQuery<Cursor> {
    after: Option<Cursor>,
    limit: usize,
}

/// A page of items, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page<Item, Cursor> {
    /// The items.
    pub items: Vec<Item>,
    /// Where the next page begins; `None` when this is the last one.
    pub next: Option<Cursor>,
}

impl PageQuery<()> {
    /// The largest number of items on a page. Our choice: a page of any kind stays below a few megabytes.
    pub const MAX_LIMIT: usize = 1_000;
}

impl<Cursor> Default for PageQuery<Cursor> {
    fn default() -> Self {
        Self { after: None, limit: PageQuery::MAX_LIMIT }
    }
}

impl<Cursor> PageQuery<Cursor> {
    /// The page after a cursor: the `next` of the page before.
    pub const fn after(cursor: Cursor) -> Self {
        Self { after: Some(cursor), limit: PageQuery::MAX_LIMIT }
    }

    /// At most this many items, between 1 and [`MAX_LIMIT`](PageQuery::MAX_LIMIT).
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit.clamp(1, PageQuery::MAX_LIMIT);
        self
    }

    pub(super) const fn limit_value(&self) -> usize {
        self.limit
    }

    pub(super) const fn cursor(&self) -> Option<&Cursor> {
        self.after.as_ref()
    }

    /// Cuts the page out of all items, which come in ascending order of their cursors.
    ///
    /// The store loads these items as a whole until it looks them up by key; the engine pages over them.
    pub(super) fn page<Item, Key: Ord>(
        &self,
        all: impl IntoIterator<Item = Item>,
        cursor: impl Fn(&Item) -> Cursor,
        key: impl Fn(&Cursor) -> Key,
    ) -> Page<Item, Cursor> {
        let after = self.after.as_ref().map(&key);
        let is_after = |item: &Item| after.as_ref().is_none_or(|after| key(&cursor(item)) > *after);
        let mut rest = all.into_iter().skip_while(|item| !is_after(item));
        let items: Vec<Item> = rest.by_ref().take(self.limit).collect();
        let next = rest.next().and_then(|_| items.last()).map(cursor);
        Page { items, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_cover_everything_once_and_the_last_one_says_so() {
        let page = |query: &PageQuery<u32>| query.page([1, 3, 5], |item| *item, |cursor| *cursor);
        let first = page(&PageQuery::default().limit(2));
        assert_eq!((first.items, first.next), (vec![1, 3], Some(3)));
        let last = page(&PageQuery::after(3).limit(1));
        assert_eq!((last.items, last.next), (vec![5], None));
        let gone = page(&PageQuery::after(2).limit(9));
        assert_eq!((gone.items, gone.next), (vec![3, 5], None), "the item of the cursor may be gone");
    }

    #[test]
    fn a_limit_is_at_least_one_and_at_most_a_thousand() {
        assert_eq!(PageQuery::<u32>::default().limit(0).limit_value(), 1);
        assert_eq!(PageQuery::<u32>::default().limit(usize::MAX).limit_value(), PageQuery::MAX_LIMIT);
        assert_eq!(PageQuery::<u32>::default().limit_value(), PageQuery::MAX_LIMIT);
    }
}
