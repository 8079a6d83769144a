//! What kind of finding it is, and its name.

use serde::Serialize;

use super::Finding;

/// What kind of finding it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FindingKind {
    /// It cannot be while this library alone decides: a mistake in it, in the host's storage or in what was changed by
    /// hand.
    Broken,
    /// It can be, and somebody should look at it.
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
