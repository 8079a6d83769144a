//! What is next for a seat, as one word: so that stores find the few seats that need something among the many that do
//! not.

use serde::{Deserialize, Serialize};

use crate::seats::{Direction, Observed, Progress, Seat};

/// What is next for a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum NextAction {
    /// It waits for the session to put it into a request.
    Queued,
    /// Its request awaits an answer.
    InRequest,
    /// A lost request may still be run: after that time it is looked at.
    Fenced,
    /// Nothing is known: a walk, or the assignments of its holder, have to be read.
    Look,
    /// Apple says that the license is given and did not list it yet.
    Confirm,
    /// It differs from what is desired, and waits for its user to be registered.
    AwaitUser,
    /// It was given up.
    GivenUp,
}

impl NextAction {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Queued,
        Self::InRequest,
        Self::Fenced,
        Self::Look,
        Self::Confirm,
        Self::AwaitUser,
        Self::GivenUp,
    ];

    /// The stable name, as in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::InRequest => "in_request",
            Self::Fenced => "fenced",
            Self::Look => "look",
            Self::Confirm => "confirm",
            Self::AwaitUser => "member",
            Self::GivenUp => "given_up",
        }
    }
}

impl Seat {
    /// What is next for the seat; `None` when nothing is, which is so for nearly all seats at nearly all times.
    ///
    /// It follows from the row alone, so a store may keep it beside the row to search by.
    #[must_use]
    pub fn next_action(&self) -> Option<NextAction> {
        let wanted = self.desired.direction();
        match &self.progress {
            Progress::Queued { .. } => return Some(NextAction::Queued),
            Progress::InRequest { .. } => return Some(NextAction::InRequest),
            Progress::GivenUp { .. } | Progress::Idle if self.fence.is_some() => {
                return Some(NextAction::Fenced);
            }
            Progress::GivenUp { .. } | Progress::Idle => {}
        }
        let differs = wanted.is_some_and(|direction| !self.observed.agrees_with(direction));
        match self.observed {
            // Also of one that was given up: nobody knows what became of it.
            Observed::Unknown => Some(NextAction::Look),
            Observed::Reported if wanted == Some(Direction::Associate) => Some(NextAction::Confirm),
            _ if matches!(self.progress, Progress::GivenUp { .. }) => Some(NextAction::GivenUp),
            _ if differs => Some(NextAction::AwaitUser),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        seats::{
            Fence, Gate, NextStep, RequestNumber, SeatStep, decide, seat_rule,
            testing::{FOREIGN, FREE, HOLD, apple_error, seat},
        },
        testing::now,
    };

    #[test]
    fn a_seat_has_an_agenda_if_and_only_if_the_rule_has_something_to_do_or_it_was_given_up() {
        let motions = [
            Progress::Idle,
            Progress::Queued { apart: None },
            Progress::InRequest { request: RequestNumber(1) },
            Progress::GivenUp { error: apple_error() },
        ];
        let fences = [None, Some(Fence::around(Direction::Associate, now()))];
        for want in [HOLD, FREE, FOREIGN] {
            for seen in [Observed::Unknown, Observed::Unassigned, Observed::Reported, Observed::Assigned] {
                for motion in &motions {
                    for fence in fences {
                        let seat = Seat { progress: motion.clone(), fence, ..seat(want, seen, now()) };
                        let step = seat_rule(want, seen, motion, fence, now());
                        let given_up = matches!(motion, Progress::GivenUp { .. });
                        let expected = step != SeatStep::Nothing || given_up;
                        assert_eq!(seat.next_action().is_some(), expected, "{seat:?} {step:?}");
                        let looks = step == SeatStep::Look && fence.is_none();
                        assert_eq!(seat.next_action() == Some(NextAction::Look), looks, "{seat:?} {step:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_seat_that_waits_for_its_user_is_found_as_such() {
        let wanted = seat(HOLD, Observed::Unassigned, now());
        let decision = decide(&wanted, Gate::NotYet, now());
        assert_eq!(decision.next, NextStep::AwaitUser);
        let wanted = decision.applied.or_unchanged(&wanted).unwrap();
        assert_eq!(wanted.next_action(), Some(NextAction::AwaitUser));
    }

    #[test]
    fn an_agenda_is_stored_under_its_name() {
        for agenda in NextAction::ALL {
            assert_eq!(serde_json::to_value(agenda).unwrap(), serde_json::json!({"kind": agenda.name()}));
        }
    }
}
