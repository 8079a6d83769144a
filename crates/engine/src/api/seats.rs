//! Reading seats: who has which license, what is under way, and who waits.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    catalog::AssetKey,
    id::LocationId,
    location::WaitlistEntry,
    seats::{Holder, NextAction, Seat, SeatKey},
};
use mdm_vpp_ports::{LocationScope, Seats, StoreError};

use super::{Page, PageQuery, Tenant};

/// Which seats of a location are asked for, page by page. The default is all of them, at most 1,000 on a page.
///
/// ```
/// use mdm_vpp_core::seats::{Holder, NextAction};
/// use mdm_vpp_engine::{SeatState, SeatsQuery};
///
/// /// The licenses of a device that wait to be sent.
/// fn queued(device: Holder) -> SeatsQuery {
///     SeatsQuery::of_holder(device).in_state(SeatState::Next(NextAction::Send))
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[must_use]
pub struct SeatsQuery {
    among: Among,
    state: Option<SeatState>,
    page: PageQuery<SeatKey>,
}

/// The state that seats are filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SeatState {
    /// Seats whose license a device can use now ([`Seat::is_usable`]).
    Usable,
    /// Seats that are ours ([`Seat::is_ours`]).
    Ours,
    /// Seats that another product, or a person at Apple's portal, assigned.
    Foreign,
    /// Seats that something is to be done for, by what comes next.
    Next(NextAction),
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Among {
    #[default]
    All,
    Asset(AssetKey),
    Holder(Holder),
}

impl SeatsQuery {
    /// All seats of the location, in the order of their keys.
    pub fn all() -> Self {
        Self::default()
    }

    /// The seats of an asset.
    pub fn of_asset(asset: AssetKey) -> Self {
        Self { among: Among::Asset(asset), ..Self::default() }
    }

    /// The seats of a device or a user.
    pub fn of_holder(holder: Holder) -> Self {
        Self { among: Among::Holder(holder), ..Self::default() }
    }

    /// Only those in a state.
    pub const fn in_state(mut self, state: SeatState) -> Self {
        self.state = Some(state);
        self
    }

    /// Only this page of them.
    pub fn page(mut self, page: PageQuery<SeatKey>) -> Self {
        self.page = page;
        self
    }

    /// What the store loads for a page.
    fn scope(&self) -> Seats {
        let after = self.page.cursor().cloned();
        match (&self.among, self.state) {
            // Few seats have a next action, and the store finds them by it; so they are loaded whole.
            (Among::All, Some(SeatState::Next(action))) => Seats::WithNextAction([action].into(), usize::MAX),
            // A filter may leave out most of what is loaded, so more than a small page is loaded at a time.
            (Among::All, Some(_)) => Seats::After(after, PageQuery::MAX_LIMIT),
            // One more than the page holds tells whether it is the last one.
            (Among::All, None) => Seats::After(after, self.page.limit_value().saturating_add(1)),
            // The store has no pages of these, so they are loaded whole, too.
            (Among::Asset(asset), _) => Seats::OfAsset(asset.clone()),
            (Among::Holder(holder), _) => Seats::OfHolder(holder.clone()),
        }
    }
}

impl SeatState {
    fn is_of(self, seat: &Seat) -> bool {
        match self {
            Self::Usable => seat.is_usable(),
            Self::Ours => seat.is_ours(),
            Self::Foreign => !seat.is_ours(),
            Self::Next(action) => seat.next_action() == Some(action),
        }
    }
}

impl Tenant {
    /// Seats as they are stored: what is desired, what Apple was read to say, and what is under way; seats of other
    /// products too ([`Seat::is_ours`]). Nothing is asked of Apple. An app may be installed with a license when
    /// [`Seat::is_usable`] says so, and not before.
    ///
    /// A page with a filter may hold fewer seats than its limit although it is not the last one: go on while there is a
    /// `next`.
    ///
    /// ```
    /// use mdm_vpp_core::{id::LocationId, seats::Holder};
    /// use mdm_vpp_engine::{SeatState, SeatsQuery, Tenant};
    ///
    /// /// The licenses that a device can use now.
    /// async fn usable(
    ///     tenant: &Tenant,
    ///     location: &LocationId,
    ///     device: Holder,
    /// ) -> Result<usize, mdm_vpp_ports::StoreError> {
    ///     let query = SeatsQuery::of_holder(device).in_state(SeatState::Usable);
    ///     Ok(tenant.seats(location, &query).await?.items.len())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownToken`], or a failure of the store.
    pub async fn seats(
        &self,
        location: &LocationId,
        query: &SeatsQuery,
    ) -> Result<Page<Seat, SeatKey>, StoreError> {
        let seats = query.scope();
        let loaded_at_most = match &seats {
            Seats::After(_, limit) => *limit,
            _ => usize::MAX,
        };
        let rows = self.location_rows(LocationScope::of(location.clone()).seats(seats)).await?;
        let last_loaded = rows.seats.keys().next_back().filter(|_| rows.seats.len() >= loaded_at_most);
        let last_loaded = last_loaded.cloned();
        let matching =
            rows.seats.into_values().filter(|seat| query.state.is_none_or(|state| state.is_of(seat)));
        let mut page = query.page.page(matching, |seat| seat.key.clone(), SeatKey::clone);
        // What was loaded is on the page; what comes after it was not looked at yet.
        page.next = page.next.or(last_loaded);
        Ok(page)
    }

    /// The waitlist of an asset, at most `limit` entries: the claimant that is served first comes first.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownToken`], or a failure of the store.
    pub async fn waitlist(
        &self,
        location: &LocationId,
        asset: &AssetKey,
        limit: usize,
    ) -> Result<Vec<WaitlistEntry>, StoreError> {
        let waitlist = BTreeMap::from([(asset.clone(), limit)]);
        let scope = LocationScope::of(location.clone()).waitlist(waitlist);
        Ok(self.location_rows(scope).await?.waitlist)
    }
}
