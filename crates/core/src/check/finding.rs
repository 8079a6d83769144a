//! What a check finds.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    catalog::AssetKey,
    id::{AdamId, DeviceId, LocationId},
    seats::{RequestNumber, SeatError, SeatKey},
};

/// What a check finds. Its text is for operators, its [`name`](Self::name) for programs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Error)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Finding {
    /// A plan gives out more seats of a pool than were free.
    #[error(
        "{granted} seats of app `{}` in location `{location}` would be given out, but {free} are free",
        asset.adam_id
    )]
    GrantBeyondFree {
        /// The location.
        location: LocationId,
        /// The asset.
        asset: AssetKey,
        /// How many seats would be given out.
        granted: u64,
        /// How many were free.
        free: u64,
    },
    /// There are two seats with one key.
    #[error("there are two seats of app `{}` for {}", seat.asset.adam_id, seat.holder)]
    SeatTwice {
        /// The key.
        seat: SeatKey,
    },
    /// A seat is wanted for an install or a direct wish, and there is none.
    #[error("the seat of app `{}` for {} is wanted by nobody: decide about it again", seat.asset.adam_id, seat.holder)]
    DesiredWithoutReason {
        /// The seat.
        seat: SeatKey,
    },
    /// An install points at a seat that is to be given back.
    #[error(
        "the install of app `{adam_id}` on device `{device}` points at a seat that is to be given back: decide about \
         the seat again"
    )]
    InstallOnUnassigned {
        /// The device.
        device: DeviceId,
        /// The app.
        adam_id: AdamId,
        /// The seat.
        seat: SeatKey,
    },
    /// An install points at a seat that does not exist.
    #[error(
        "the install of app `{adam_id}` on device `{device}` points at a seat that does not exist: decide about the \
         install again"
    )]
    SeatMissing {
        /// The device.
        device: DeviceId,
        /// The app.
        adam_id: AdamId,
        /// The seat.
        seat: SeatKey,
    },
    /// An install of one app points at a seat of another.
    #[error(
        "the install of app `{adam_id}` on device `{device}` points at a seat of app `{}`: decide about the install \
         again",
        seat.asset.adam_id
    )]
    SeatOfOtherApp {
        /// The device.
        device: DeviceId,
        /// The app.
        adam_id: AdamId,
        /// The seat.
        seat: SeatKey,
    },
    /// Several installs point at the seat of one device: the host knows the device under several ids.
    #[error(
        "{installs} installs of app `{}` use the seat of {}: the device seems to be known under several ids, delete the \
         old ones",
        seat.asset.adam_id, seat.holder
    )]
    DeviceSeatShared {
        /// The seat.
        seat: SeatKey,
        /// How many installs.
        installs: usize,
    },
    /// More installs point at the seat of a user than one license serves.
    #[error(
        "{installs} installs of app `{}` use the seat of {}, and one license serves {limit} devices",
        seat.asset.adam_id, seat.holder
    )]
    BeyondDeviceLimit {
        /// The seat.
        seat: SeatKey,
        /// How many installs.
        installs: usize,
        /// How many devices one license serves.
        limit: u32,
    },
    /// Somebody wishes a seat directly, and there is none that is wanted by us.
    #[error("the seat of app `{}` for {} is wished, and there is none that is wanted: decide about it again", seat.asset.adam_id, seat.holder)]
    AssignmentWithoutSeat {
        /// The seat.
        seat: SeatKey,
    },
    /// An install still keeps the seat that it left, although the new one was read as present.
    #[error(
        "the install of app `{adam_id}` on device `{device}` has moved and still keeps the seat that it left"
    )]
    MoveNotEnded {
        /// The device.
        device: DeviceId,
        /// The app.
        adam_id: AdamId,
    },
    /// A device was told to install with a license that is not known to be there: it was told too early, or the
    /// license has vanished since.
    #[error(
        "device `{device}` was told to install app `{adam_id}` with a license that Apple does not list: read the \
         location's assignments, and take the command back if it does not appear"
    )]
    CommandWithoutLicense {
        /// The device.
        device: DeviceId,
        /// The app.
        adam_id: AdamId,
        /// The seat.
        seat: SeatKey,
    },
    /// A seat is in two requests that await their answers.
    #[error("the seat of app `{}` for {} is in request {one} and in request {other}", seat.asset.adam_id, seat.holder)]
    InTwoRequests {
        /// The seat.
        seat: SeatKey,
        /// A request.
        one: RequestNumber,
        /// Another one.
        other: RequestNumber,
    },
    /// A seat waits for the answer to a request that does not await one, or does not name it.
    #[error("the seat of app `{}` for {} waits for request {request}, which is not open for it", seat.asset.adam_id, seat.holder)]
    InNoRequest {
        /// The seat.
        seat: SeatKey,
        /// The request.
        request: RequestNumber,
    },
    /// A request awaits its answer, and one of its seats does not know.
    #[error("request {request} is open for the seat of app `{}` for {}, which does not wait for it", seat.asset.adam_id, seat.holder)]
    NotInItsRequest {
        /// The seat.
        seat: SeatKey,
        /// The request.
        request: RequestNumber,
    },
    /// A request is about to leave against a fence.
    #[error(
        "request {request} moves the seat of app `{}` for {} although a lost request may still move it the other way \
         until {until}",
        seat.asset.adam_id, seat.holder
    )]
    AgainstFence {
        /// The seat.
        seat: SeatKey,
        /// The request.
        request: RequestNumber,
        /// Until when, UTC.
        until: DateTime<Utc>,
    },
    /// A request would take back a license that somebody else gave.
    #[error("request {request} takes back the seat of app `{}` for {}, which somebody else gave", seat.asset.adam_id, seat.holder)]
    TakesBackForeign {
        /// The seat.
        seat: SeatKey,
        /// The request.
        request: RequestNumber,
    },
    /// A request is larger than Apple takes, or has nothing in it. Nothing more is said about it.
    #[error("request {request} has {assets} assets and {holders} holders: Apple does not take that")]
    RequestOfWrongSize {
        /// The location.
        location: LocationId,
        /// The request.
        request: RequestNumber,
        /// How many assets.
        assets: usize,
        /// How many holders.
        holders: usize,
    },
    /// Somebody outside the groups of a token holds one of its licenses, no rule keeps it, and nobody will look at it
    /// within a day: nothing is due, or it is later, or was due more than a day ago and nobody looked.
    #[error(
        "{} holds a license of app `{}`, is in none of the token's groups, and nothing is due about it within a day",
        seat.holder, seat.asset.adam_id
    )]
    OutOfScope {
        /// The seat.
        seat: SeatKey,
    },
    /// Apple shrank a total below what is taken. Nothing more is given out and nothing is taken back.
    #[error(
        "location `{location}` has {total} licenses of app `{}` and {occupied} are taken: buy the missing ones or \
         take some back",
        asset.adam_id
    )]
    Overdrawn {
        /// The location.
        location: LocationId,
        /// The asset.
        asset: AssetKey,
        /// How many licenses there are.
        total: u64,
        /// How many are taken.
        occupied: u64,
    },
    /// There are seats of an asset whose licenses nobody has counted.
    #[error(
        "location `{location}` has {seats} seats of app `{}`, and its licenses are not known: read the location's assets",
        asset.adam_id
    )]
    PoolUnknown {
        /// The location.
        location: LocationId,
        /// The asset.
        asset: AssetKey,
        /// How many seats.
        seats: u64,
    },
    /// A seat was given up until somebody asks again.
    #[error("the seat of app `{}` for {} was given up: {error}", seat.asset.adam_id, seat.holder)]
    GivenUp {
        /// The seat.
        seat: SeatKey,
        /// Why.
        error: SeatError,
    },
}
