//! The talk with Apple about one location.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    catalog::AssetKey,
    id::ClientUserId,
    location::{FullReadPage, LocationState},
    seats::{Holder, Request, RequestNumber, VppUser},
};
use mdm_vpp_ports::ReceivedNotification;

use super::seat_rows::SeatRows;

/// The rows of a talk.
#[derive(Default)]
pub(super) struct TalkState {
    pub(super) talk: Option<LocationState>,
    pub(super) seats: SeatRows,
    pub(super) requests: BTreeMap<RequestNumber, Request>,
    pub(super) open_requests: BTreeSet<RequestNumber>,
    pub(super) members: BTreeMap<ClientUserId, VppUser>,
    pub(super) waiting: BTreeMap<AssetKey, BTreeMap<Holder, DateTime<Utc>>>,
    pub(super) walk_pages: BTreeMap<u32, FullReadPage>,
    pub(super) heard: Vec<ReceivedNotification>,
}
