//! Seats: who holds a license, what is desired, and what was sent to Apple about it.
//!
//! A [`Pool`] counts the licenses of an asset. A [`Seat`] is one license for one holder: [`seat_rule`] says what is to
//! be done about it, [`decide`] does it, [`apply`] takes in what happens to it. A [`Request`] carries many seats to
//! Apple. A [`VppUser`] is a user as Apple knows him. An [`Install`] points at the seats that a device needs.
//!
//! ```
//! use mdm_vpp_core::seats::{Direction, RequestNumber, SeatEvent, Outcome};
//!
//! // An answer that never came: Apple may still run the request, so nothing goes the other way for 15 minutes.
//! let last_possible_send = chrono::DateTime::UNIX_EPOCH;
//! let outcome = Outcome::Lost { last_possible_send };
//! let lost = SeatEvent::Answered { request: RequestNumber(1), direction: Direction::Associate, outcome };
//! # let _ = lost;
//! ```

mod agenda;
mod answer;
mod apply;
mod decide;
mod device_limit;
mod event_id;
#[cfg(test)]
mod model;
mod number;
mod reading;
mod request;
mod request_answer;
mod rule;
mod rule_table;
mod seat;
mod seat_error;
mod seat_key;
#[cfg(test)]
mod shape_tests;
#[cfg(test)]
pub(crate) mod testing;
mod trigger;
mod vpp_user;
mod want;

pub use agenda::NextAction;
pub use answer::{SeatEvent, SeatOutcome};
pub use apply::{Applied, MOST_TRIES, apply};
pub use decide::{Gate, NextStep, SeatDecision, decide};
pub use device_limit::DeviceLimit;
pub use event_id::{EventId, EventIdError};
pub use number::{CommandNumber, Epoch, RequestNumber, Revision};
pub use request::{Holders, PENDING_MINUTES, Request, RequestState};
pub use request_answer::{
    ErrorSubjects, RequestApplied, RequestEvent, RequestFailure, RequestRefusal, apply_to_request,
};
pub use rule::{SeatStep, seat_rule};
pub use rule_table::{DesiredClass, FenceClass, ProgressClass, SeatRuleRow, seat_rule_table};
pub use seat::{Fence, Half, Observed, Progress, QUIET_MINUTES, Seat};
pub use seat_error::{AppleError, SeatError};
pub use seat_key::{Holder, SeatKey};
pub use trigger::DepartureTrigger;
pub use vpp_user::{VppUser, VppUserEvent, VppUserProgress, VppUserStatus, VppUserStep};
pub use want::{AssignReason, Desired, Direction, UnassignReason};
