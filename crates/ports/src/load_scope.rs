//! What a transaction loads.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp_core::{
    catalog::AssetKey,
    id::{AdamId, ClientUserId, LocationId},
    seats::{Holder, NextAction, RequestNumber, SeatKey},
};

use crate::Lease;

/// The rows of a tenant that a transaction loads. The default is nothing but the number of the tenant's transactions.
///
/// ```
/// use mdm_vpp_core::id::LocationId;
/// use mdm_vpp_ports::{Apps, LoadScope, LocationScope, Pools, Requests, Tokens};
///
/// let berlin = LocationId::new("2049025000431439")?;
/// let catalog = LoadScope::default().tokens(Tokens::All).apps(Apps::AdmittedBy(berlin.clone()));
/// assert_eq!(catalog.location, None);
///
/// let open = LocationScope::of(berlin).pools(Pools::All).requests(Requests::Open);
/// assert!(LoadScope::of(open).location.is_some());
/// # Ok::<(), mdm_vpp_core::id::TextIdError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoadScope {
    /// The tokens.
    pub tokens: Tokens,
    /// The location whose pools and admissions are loaded.
    pub assets_of: Option<LocationId>,
    /// The apps of the catalog.
    pub apps: Apps,
    /// What is loaded of one location's assignments.
    pub location: Option<LocationScope>,
}

impl LoadScope {
    /// Loads of one location and nothing else.
    #[must_use]
    pub fn of(location: LocationScope) -> Self {
        Self { location: Some(location), ..Self::default() }
    }

    /// Loads these tokens too.
    #[must_use]
    pub fn tokens(mut self, tokens: Tokens) -> Self {
        self.tokens = tokens;
        self
    }

    /// Loads the pools and admissions of a location too.
    #[must_use]
    pub fn assets_of(mut self, location: LocationId) -> Self {
        self.assets_of = Some(location);
        self
    }

    /// Loads these apps too.
    #[must_use]
    pub fn apps(mut self, apps: Apps) -> Self {
        self.apps = apps;
        self
    }

    /// Loads of one location too. A decision may change only the location that is named here.
    #[must_use]
    pub fn location(mut self, location: LocationScope) -> Self {
        self.location = Some(location);
        self
    }
}

/// The tokens that a transaction loads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Tokens {
    /// None.
    #[default]
    None,
    /// The token of this location.
    Of(LocationId),
    /// All tokens of the tenant.
    All,
}

/// The apps that a transaction loads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Apps {
    /// None.
    #[default]
    None,
    /// Those of these that the catalog has.
    These(BTreeSet<AdamId>),
    /// Those for which this location has an admission, whatever its verdict.
    AdmittedBy(LocationId),
    /// All apps of the tenant.
    All,
}

/// What a transaction loads of one location's assignments. [`LocationScope::of`] loads the row of the location alone;
/// each method adds to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocationScope {
    /// The location. The tenant must have its token.
    pub location: LocationId,
    /// The lease that must still be held, by the store's clock; `None` for a transaction that needs no lease.
    pub lease: Option<Lease>,
    /// The pools.
    pub pools: Pools,
    /// The seats.
    pub seats: Seats,
    /// The requests.
    pub requests: Requests,
    /// The users.
    pub users: VppUsers,
    /// The assets whose waitlists are loaded, each with the largest number of entries to load. The entries that have
    /// waited longest come first.
    pub waitlist: BTreeMap<AssetKey, usize>,
    /// Whether the pages of the full read under way are loaded.
    pub full_read_pages: bool,
    /// Whether the events that notifications reported are loaded, for the requests that this scope loads.
    pub notified_events: bool,
}

impl LocationScope {
    /// Loads the row of a location and needs no lease.
    #[must_use]
    pub fn of(location: LocationId) -> Self {
        Self {
            location,
            lease: None,
            pools: Pools::None,
            seats: Seats::None,
            requests: Requests::None,
            users: VppUsers::None,
            waitlist: BTreeMap::new(),
            full_read_pages: false,
            notified_events: false,
        }
    }

    /// Needs this lease.
    #[must_use]
    pub fn lease(mut self, lease: Lease) -> Self {
        self.lease = Some(lease);
        self
    }

    /// Loads these pools too.
    #[must_use]
    pub fn pools(mut self, pools: Pools) -> Self {
        self.pools = pools;
        self
    }

    /// Loads these seats too.
    #[must_use]
    pub fn seats(mut self, seats: Seats) -> Self {
        self.seats = seats;
        self
    }

    /// Loads these requests too.
    #[must_use]
    pub const fn requests(mut self, requests: Requests) -> Self {
        self.requests = requests;
        self
    }

    /// Loads these users too.
    #[must_use]
    pub fn users(mut self, users: VppUsers) -> Self {
        self.users = users;
        self
    }

    /// Loads the waitlists of these assets too, at most this number of entries of each.
    #[must_use]
    pub fn waitlist(mut self, assets: impl IntoIterator<Item = (AssetKey, usize)>) -> Self {
        self.waitlist.extend(assets);
        self
    }

    /// Loads the pages of the full read under way too.
    #[must_use]
    pub const fn full_read_pages(mut self) -> Self {
        self.full_read_pages = true;
        self
    }

    /// Loads the events that notifications reported too, for the requests that this scope loads.
    #[must_use]
    pub const fn notified_events(mut self) -> Self {
        self.notified_events = true;
        self
    }
}

/// The pools of a location that a transaction loads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Pools {
    /// None.
    #[default]
    None,
    /// Those of these that exist.
    These(BTreeSet<AssetKey>),
    /// All.
    All,
}

/// The seats of a location that a transaction loads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Seats {
    /// None.
    #[default]
    None,
    /// Those of these that exist.
    These(BTreeSet<SeatKey>),
    /// All of an asset.
    OfAsset(AssetKey),
    /// All of a holder.
    OfHolder(Holder),
    /// Those of the requests that the transaction loads.
    OfRequests,
    /// At most this number of those with one of these [next actions](mdm_vpp_core::seats::Seat::next_action). The seats
    /// that were touched longest ago come first, and then by key.
    WithNextAction(BTreeSet<NextAction>, usize),
    /// At most this number of those after a key, in the order of keys.
    After(Option<SeatKey>, usize),
}

/// The requests of a location that a transaction loads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Requests {
    /// None.
    #[default]
    None,
    /// This one, if it exists.
    One(RequestNumber),
    /// Those that await their answer.
    Open,
}

/// The users of a location that a transaction loads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum VppUsers {
    /// None.
    #[default]
    None,
    /// Those of these that exist.
    These(BTreeSet<ClientUserId>),
    /// Those of the seats that the transaction loads.
    OfSeats,
    /// At most this number of those whose state at Apple is [not known](mdm_vpp_core::seats::VppUser::is_to_be_read),
    /// by id.
    ToRead(usize),
}
