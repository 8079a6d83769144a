//! Seats: who holds a license, what is desired, and what was sent to Apple about it.
//!
//! A [`Seat`] is one license for one holder: [`seat_rule`] says what is to be done about it, [`decide_next_action`]
//! decides so, [`apply`] takes in what happens to it. A [`Request`] carries many seats to Apple. A [`VppUser`] is a
//! user as Apple knows them.
//!
//! ```
//! use mdm_vpp_core::seats::{Direction, RequestNumber, SeatEvent, SeatOutcome};
//!
//! // An answer that never came: Apple may still run the request, so nothing goes the other way for 15 minutes.
//! let last_possible_send = chrono::DateTime::UNIX_EPOCH;
//! let outcome = SeatOutcome::Lost { last_possible_send };
//! let lost = SeatEvent::Answered { request: RequestNumber(1), direction: Direction::Associate, outcome };
//! # let _ = lost;
//! ```

mod device_limit;
mod event_id;
mod fence;
#[cfg(test)]
mod model;
mod next_action;
mod number;
mod request;
mod request_answer;
mod rule_table;
mod seat;
#[cfg(test)]
mod shape_tests;
#[cfg(test)]
pub(crate) mod testing;
mod transition;
mod trigger;
mod vpp_user;

pub use device_limit::DeviceLimit;
pub use event_id::{EventId, EventIdError};
pub use fence::{Fence, QUIET_MINUTES};
pub use next_action::{Gate, NextAction, SeatDecision, decide_next_action, seat_rule};
pub use number::{CommandNumber, Epoch, RequestNumber, Revision};
pub use request::{Holders, PENDING_MINUTES, Request, RequestState};
pub use request_answer::{
    ErrorSubjects, RequestApplied, RequestEvent, RequestFailure, RequestRefusal, apply_to_request,
};
pub use rule_table::{DesiredClass, FenceClass, ProgressClass, SeatRuleRow, seat_rule_table};
pub use seat::{
    AssignReason, Desired, Direction, Half, Holder, Observed, Progress, Seat, SeatError, SeatKey,
    UnassignReason,
};
pub use transition::{Applied, MOST_TRIES, SeatEvent, SeatOutcome, apply};
pub use trigger::DepartureTrigger;
pub use vpp_user::{VppUser, VppUserEvent, VppUserProgress, VppUserStatus, VppUserStep};
