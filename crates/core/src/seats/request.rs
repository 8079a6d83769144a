//! A request to Apple: a row, written before it is sent.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    apple_error::AppleError,
    catalog::AssetKey,
    id::{ClientUserId, LocationId, SerialNumber},
    seats::{Direction, Epoch, EventId, Holder, RequestNumber, SeatKey},
};

/// How long after it was accepted a request that Apple still reports as pending is taken as lost and sent again, in
/// minutes. Apple's documentation.
pub const PENDING_MINUTES: i64 = 10;

/// A request to Apple: each of its assets for each of its holders, in one direction.
///
/// It is sent at most once: another try is another request, with another number. So every copy that Apple may still
/// run has a row of its own here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The location it is for.
    pub location: LocationId,
    /// Its number within the location.
    pub number: RequestNumber,
    /// Which way it moves licenses.
    pub direction: Direction,
    /// What is licensed, at most Apple's `maxAssets`.
    pub assets: BTreeSet<AssetKey>,
    /// For whom, at most Apple's `maxSerialNumbers` or `maxClientUserIds`.
    pub holders: Holders,
    /// How far it is.
    pub state: RequestState,
}

/// The holders of a request. Apple takes both kinds in one request; we keep them apart, so that one that Apple does not
/// accept for a kind is refused without the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Holders {
    /// Devices.
    Devices {
        /// Their serial numbers.
        serial_numbers: BTreeSet<SerialNumber>,
    },
    /// Users.
    Users {
        /// The ids under which they are registered at Apple.
        client_user_ids: BTreeSet<ClientUserId>,
    },
}

/// How far a request is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum RequestState {
    /// It was committed, and the location session of this lease may have sent it. A session of a later lease must take
    /// it as lost.
    Written {
        /// The lease.
        epoch: Epoch,
    },
    /// Apple accepted it and does it under this id.
    Accepted {
        /// The id to ask for.
        event_id: EventId,
        /// When the answer came, UTC.
        accepted_at: DateTime<Utc>,
        /// When Apple was asked for it last and said that it is pending, UTC.
        #[serde(default)]
        asked_at: Option<DateTime<Utc>>,
    },
    /// Apple said how it ended.
    Ended,
    /// Apple refused it as a whole; nothing was done.
    Refused {
        /// Why.
        error: AppleError,
    },
    /// The outcome is unknown. An answer that comes after all changes nothing.
    Lost,
}

impl Request {
    /// A request that is about to be sent.
    #[must_use]
    pub const fn written(
        location: LocationId,
        number: RequestNumber,
        direction: Direction,
        assets: BTreeSet<AssetKey>,
        holders: Holders,
        epoch: Epoch,
    ) -> Self {
        Self { location, number, direction, assets, holders, state: RequestState::Written { epoch } }
    }

    /// Its seats: each asset for each holder, holders of one asset together.
    pub fn seats(&self) -> impl Iterator<Item = SeatKey> {
        let holders = self.holders.each();
        self.assets.iter().flat_map(move |asset| {
            let (location, asset) = (self.location.clone(), asset.clone());
            holders.clone().into_iter().map(move |holder| SeatKey {
                location: location.clone(),
                asset: asset.clone(),
                holder,
            })
        })
    }

    /// Whether it is to be taken as lost if Apple reports it as pending now.
    #[must_use]
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        match &self.state {
            RequestState::Accepted { accepted_at, .. } => {
                now.signed_duration_since(accepted_at) >= TimeDelta::minutes(PENDING_MINUTES)
            }
            _ => false,
        }
    }

    /// The event under which Apple does it, while it is accepted and not over.
    #[must_use]
    pub const fn event_id(&self) -> Option<&EventId> {
        match &self.state {
            RequestState::Accepted { event_id, .. } => Some(event_id),
            _ => None,
        }
    }

    /// Whether it still awaits an answer, so that its seats may be in no other request.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.state, RequestState::Written { .. } | RequestState::Accepted { .. })
    }
}

impl Holders {
    /// The holders one by one.
    #[must_use]
    pub fn each(&self) -> Vec<Holder> {
        match self {
            Self::Devices { serial_numbers } => serial_numbers
                .iter()
                .map(|serial_number| Holder::Device { serial_number: serial_number.clone() })
                .collect(),
            Self::Users { client_user_ids } => client_user_ids
                .iter()
                .map(|client_user_id| Holder::User { client_user_id: client_user_id.clone() })
                .collect(),
        }
    }
}
