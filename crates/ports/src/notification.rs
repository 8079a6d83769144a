//! What Apple notifies us of. All of it is a hint: notifications come late, twice, in any order, or not at all. State
//! changes only after Apple was asked.

use std::fmt;

use mdm_vpp_core::{
    catalog::AssetKey,
    id::{AdamId, ClientUserId, LocationId},
    seats::{Direction, EventId, RequestFailure},
};

use crate::{Assignment, RegisteredUser, UserAct};

/// A notification from Apple.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Its id. Sent again, it has the same one.
    pub id: NotificationId,
    /// The location that it is about.
    pub location: LocationId,
    /// What happened.
    pub kind: NotificationKind,
}

/// The id of a notification, as Apple wrote it: 1 to 100 visible ASCII characters, a UUID by its documentation.
///
/// ```
/// use mdm_vpp_ports::NotificationId;
///
/// assert!(NotificationId::new("4c0b7f0e-1111-4222-8333-944445555666").is_some());
/// assert!(NotificationId::new("").is_none());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NotificationId(Box<str>);

impl NotificationId {
    /// The largest number of characters. Our choice: a UUID has 36, and Apple documents no other form.
    pub const LONGEST: usize = 100;

    /// Checks and keeps a text; `None` when it cannot be an id.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        (!text.is_empty() && text.len() <= Self::LONGEST && visible).then(|| Self(text.into()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NotificationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a notification says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotificationKind {
    /// Nothing: Apple tests the address before it answers to a subscription (`TEST_NOTIFICATION`).
    Test,
    /// Licenses were bought, moved or refunded (`ASSET_COUNT`).
    AssetCount {
        /// The asset.
        asset: AssetKey,
        /// The change of the total, in licenses.
        delta: i64,
    },
    /// A part of an event that assigns or unassigns licenses has ended (`ASSET_MANAGEMENT`).
    AssetManagement {
        /// What was done.
        act: AssetAct,
        /// The event. Other notifications may tell other parts of it.
        event_id: EventId,
        /// How this part ended.
        result: NotifiedResult,
        /// The licenses of this part, at most 100.
        assignments: Vec<Assignment>,
    },
    /// A part of an event that changes users has ended (`USER_MANAGEMENT`).
    UserManagement {
        /// What was done.
        act: UserAct,
        /// The event. Other notifications may tell other parts of it.
        event_id: EventId,
        /// How this part ended.
        result: NotifiedResult,
        /// The users of this part, at most 100.
        users: Vec<RegisteredUser>,
    },
    /// Users accepted their invitations (`USER_ASSOCIATED`).
    UserAssociated {
        /// The users.
        users: Vec<RegisteredUser>,
    },
    /// A part of an event that assigns or unassigns subscriptions has ended (`SUBSCRIPTION_MANAGEMENT`).
    SubscriptionManagement {
        /// What was done.
        act: AssetAct,
        /// The event.
        event_id: EventId,
        /// How this part ended.
        result: NotifiedResult,
        /// The seats of this part.
        assignments: Vec<SubscriptionAssignment>,
    },
    /// Seats of a subscription were bought, ended or renewed (`SUBSCRIPTION_COUNT`).
    SubscriptionCount {
        /// The app that the subscription belongs to, if Apple names one.
        parent: Option<AdamId>,
        /// The subscription.
        adam_id: AdamId,
        /// Seats without a holder.
        available: SubscriptionSeats,
        /// All seats.
        total: SubscriptionSeats,
    },
    /// Something about an asset without a number of licenses (`UNLIMITED_ASSET`). Apple does not document what it
    /// carries, so nothing of it is read.
    UnlimitedAsset,
    /// A type that this version does not know, to be recorded and otherwise ignored.
    Unknown {
        /// Apple's name of it: a type, or a type and its act (`ASSET_MANAGEMENT/LEND`).
        name: String,
    },
}

impl NotificationKind {
    /// Apple's name of the type.
    #[must_use]
    pub fn type_name(&self) -> &str {
        match self {
            Self::Test => "TEST_NOTIFICATION",
            Self::AssetCount { .. } => "ASSET_COUNT",
            Self::AssetManagement { .. } => "ASSET_MANAGEMENT",
            Self::UserManagement { .. } => "USER_MANAGEMENT",
            Self::UserAssociated { .. } => "USER_ASSOCIATED",
            Self::SubscriptionManagement { .. } => "SUBSCRIPTION_MANAGEMENT",
            Self::SubscriptionCount { .. } => "SUBSCRIPTION_COUNT",
            Self::UnlimitedAsset => "UNLIMITED_ASSET",
            Self::Unknown { name } => name,
        }
    }
}

/// What was done with licenses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AssetAct {
    /// Assigned to holders.
    Associate,
    /// Taken back.
    Disassociate,
    /// Taken back, with all others of the holder.
    Revoke,
}

impl AssetAct {
    /// Whether the licenses were associated or disassociated.
    #[must_use]
    pub const fn direction(self) -> Direction {
        match self {
            Self::Associate => Direction::Associate,
            Self::Disassociate | Self::Revoke => Direction::Disassociate,
        }
    }
}

/// How a part of an event ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotifiedResult {
    /// It was done.
    Success,
    /// It was not done.
    Failure {
        /// Apple's error, if the notification carries one.
        failure: Option<RequestFailure>,
    },
}

/// A seat of a subscription that a user holds. Devices hold none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubscriptionAssignment {
    /// The subscription.
    pub adam_id: AdamId,
    /// The user.
    pub client_user_id: ClientUserId,
    /// Whether the seat is renewed at the end of its period, if Apple says.
    pub renewing: Option<bool>,
}

/// Seats of a subscription: counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SubscriptionSeats {
    /// Those that are renewed at the end of the period.
    pub renewing: u64,
    /// Those that end with it.
    pub expiring: u64,
}
