//! What a check finds, and how serious it is.

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
    /// A seat is desired for an install or a direct assignment, and there is none.
    #[error(
        "the seat of app `{}` for {} is desired, and no install or direct assignment needs it: decide about it again",
        seat.asset.adam_id, seat.holder
    )]
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
    /// Several installs point at the seat of one device: the embedder knows the device under several ids.
    #[error(
        "{installs} installs of app `{}` use the seat of {}: the device seems to be known under several ids, \
         delete the old ones",
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
    /// A seat is assigned directly, and there is none that we desire.
    #[error(
        "the seat of app `{}` for {} is assigned directly, and there is no seat that is desired: assign it again",
        seat.asset.adam_id, seat.holder
    )]
    AssignmentWithoutSeat {
        /// The seat.
        seat: SeatKey,
    },
    /// An install still keeps the seat that it left, although Apple lists the new one.
    #[error(
        "the install of app `{adam_id}` on device `{device}` has moved and still keeps the seat that it left"
    )]
    MoveNotEnded {
        /// The device.
        device: DeviceId,
        /// The app.
        adam_id: AdamId,
    },
    /// A device was commanded to install with a license that is not known to be there: too early, or the
    /// license has vanished since.
    #[error(
        "device `{device}` was commanded to install app `{adam_id}` with a license that Apple does not list: read the \
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
    #[error(
        "the seat of app `{}` for {} is in request {one} and in request {other}",
        seat.asset.adam_id, seat.holder
    )]
    InTwoRequests {
        /// The seat.
        seat: SeatKey,
        /// A request.
        one: RequestNumber,
        /// Another one.
        other: RequestNumber,
    },
    /// A seat waits for the answer to a request that does not await one, or does not name it.
    #[error(
        "the seat of app `{}` for {} waits for request {request}, which is not open for it",
        seat.asset.adam_id, seat.holder
    )]
    InNoRequest {
        /// The seat.
        seat: SeatKey,
        /// The request.
        request: RequestNumber,
    },
    /// A request awaits its answer, and one of its seats does not know.
    #[error(
        "request {request} is open for the seat of app `{}` for {}, which does not wait for it",
        seat.asset.adam_id, seat.holder
    )]
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
    /// A request would take back a foreign license.
    #[error(
        "request {request} takes back the seat of app `{}` for {}, which is foreign",
        seat.asset.adam_id, seat.holder
    )]
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
    /// A holder outside the groups of a token has one of its licenses, no rule keeps it, and no job will decide about
    /// it within a day: there is none, or it is later, or it was to run more than a day ago and did not.
    #[error(
        "{} holds a license of app `{}`, is in none of the token's groups, and no job decides about it within a day",
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
    /// There are seats of an asset whose licenses were never counted.
    #[error(
        "location `{location}` has {seats} seats of app `{}`, and its licenses are not known: read the location's \
         assets",
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
    /// A seat was given up until it is asked for again.
    #[error("the seat of app `{}` for {} was given up: {error}", seat.asset.adam_id, seat.holder)]
    GivenUp {
        /// The seat.
        seat: SeatKey,
        /// Why.
        error: SeatError,
    },
}

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FindingKind {
    /// It cannot happen while this library alone decides: a mistake in it, in the embedder's storage or in what was
    /// changed by hand.
    Broken,
    /// It can happen, and a person should look at it.
    Attention,
}

impl Finding {
    /// What kind of finding it is.
    #[must_use]
    pub const fn kind(&self) -> FindingKind {
        match self {
            Self::CommandWithoutLicense { .. }
            | Self::OutOfScope { .. }
            | Self::DeviceSeatShared { .. }
            | Self::BeyondDeviceLimit { .. }
            | Self::AssignmentWithoutSeat { .. }
            | Self::PoolUnknown { .. }
            | Self::Overdrawn { .. }
            | Self::GivenUp { .. } => FindingKind::Attention,
            _ => FindingKind::Broken,
        }
    }

    /// The stable name, as in JSON.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::GrantBeyondFree { .. } => "grant_beyond_free",
            Self::SeatTwice { .. } => "seat_twice",
            Self::DesiredWithoutReason { .. } => "desired_without_reason",
            Self::InstallOnUnassigned { .. } => "install_on_unassigned",
            Self::SeatMissing { .. } => "seat_missing",
            Self::SeatOfOtherApp { .. } => "seat_of_other_app",
            Self::DeviceSeatShared { .. } => "device_seat_shared",
            Self::BeyondDeviceLimit { .. } => "beyond_device_limit",
            Self::AssignmentWithoutSeat { .. } => "assignment_without_seat",
            Self::MoveNotEnded { .. } => "move_not_ended",
            Self::CommandWithoutLicense { .. } => "command_without_license",
            Self::InTwoRequests { .. } => "in_two_requests",
            Self::InNoRequest { .. } => "in_no_request",
            Self::NotInItsRequest { .. } => "not_in_its_request",
            Self::AgainstFence { .. } => "against_fence",
            Self::TakesBackForeign { .. } => "takes_back_foreign",
            Self::RequestOfWrongSize { .. } => "request_of_wrong_size",
            Self::OutOfScope { .. } => "out_of_scope",
            Self::Overdrawn { .. } => "overdrawn",
            Self::PoolUnknown { .. } => "pool_unknown",
            Self::GivenUp { .. } => "given_up",
        }
    }
}
