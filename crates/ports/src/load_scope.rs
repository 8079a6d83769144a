//! What a transaction loads.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp_core::{
    catalog::AssetKey,
    id::{AdamId, ClientUserId, LocationId},
    seats::{Holder, NextAction, RequestNumber, SeatKey},
};

use crate::Lease;

/// What a transaction loads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoadScope {
    /// Which tokens.
    pub tokens: Tokens,
    /// The pools and admissions of this location.
    pub assets_of: Option<LocationId>,
    /// Which apps of the catalog.
    pub apps: Apps,
    /// What of the talk with Apple about one location.
    pub location: Option<LocationScope>,
}

/// Which tokens a transaction loads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Tokens {
    /// None.
    #[default]
    None,
    /// The one of this location.
    Of(LocationId),
    /// All of the tenant.
    All,
}

/// Which apps a transaction loads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Apps {
    /// None.
    #[default]
    None,
    /// These, as far as the catalog has them.
    These(BTreeSet<AdamId>),
    /// Those about which this location has an admission, whatever its verdict.
    AdmittedBy(LocationId),
    /// All of the tenant.
    All,
}

/// What a transaction loads of the talk with Apple about one location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocationScope {
    /// The location. It has to have a token in the tenant.
    pub location: LocationId,
    /// The lease that has to be held still, by the store's clock; `None` for what needs no lease.
    pub lease: Option<Lease>,
    /// Which pools.
    pub pools: Pools,
    /// Which seats.
    pub seats: Seats,
    /// Which requests.
    pub requests: Requests,
    /// Which users.
    pub users: VppUsers,
    /// The wishes that wait for these assets, at most so many for each: who waits longest comes first.
    pub waitlist: BTreeMap<AssetKey, usize>,
    /// Whether the pages of the walk that is under way.
    pub full_read_pages: bool,
    /// Whether what notifications said of the events of the requests that the transaction loads.
    pub notified_events: bool,
}

/// Which pools of a location a transaction loads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Pools {
    /// None.
    #[default]
    None,
    /// These, as far as they are known.
    These(BTreeSet<AssetKey>),
    /// All.
    All,
}

/// Which seats of a location a transaction loads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Seats {
    /// None.
    #[default]
    None,
    /// These, as far as they exist.
    These(BTreeSet<SeatKey>),
    /// All of an asset.
    OfAsset(AssetKey),
    /// All of a holder.
    OfHolder(Holder),
    /// Those of the requests that the transaction loads.
    OfRequests,
    /// Those with one of these [agendas](mdm_vpp_core::seats::Seat::agenda), at most so many: who was touched longest ago comes first, and
    /// then by key.
    WithNextAction(BTreeSet<NextAction>, usize),
    /// Those after a key, in the order of keys, at most so many.
    After(Option<SeatKey>, usize),
}

/// Which requests of a location a transaction loads.
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

/// Which users of a location a transaction loads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum VppUsers {
    /// None.
    #[default]
    None,
    /// These, as far as they are known.
    These(BTreeSet<ClientUserId>),
    /// Those of the seats that the transaction loads.
    OfSeats,
    /// Those of whom nothing is [known](mdm_vpp_core::seats::VppUser::is_to_be_read), at most so many, by id.
    ToRead(usize),
}
