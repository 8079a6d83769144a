//! `docs/SEATS.md`: what is done about a seat, asked from the seat rule itself.

use mdm_vpp_core::seats::{
    DesiredClass, Direction, FenceClass, MOST_TRIES, NextAction, Observed, ProgressClass, QUIET_MINUTES,
    SeatRuleRow, seat_rule_table,
};

use super::markdown::table;

const INTRODUCTION: &str = "\
# The seat rule

A seat is one license of one location for one holder: a device by its serial number, or a user. Three things are kept
apart: what is **desired**, what was **observed** of Apple's side, and what is **under way**. What is to be done follows
from these three and from the **fence**.

Apple does requests later than it accepts them, in any order, and an answer may be lost. A lost request may still be
run. Sending the opposite meanwhile would leave the outcome to chance, and reading does not help: what was read is true
only until the lost request runs. So a lost request leaves a fence, and until it has passed nothing goes the other way,
even after the same request was sent again and completed.

";

fn words() -> String {
    format!(
        "- **Desired**: *foreign* is a license that another product or a person gave. It is counted and left alone.\n\
         - **Observed**: *reported* means that Apple reported a request as complete and has not listed the license \
         since. That\n  is not enough for an install: only *assigned* is, which was read.\n\
         - **Fence**: the direction of the lost request, until {QUIET_MINUTES} minutes after it may have left, or was \
         last reported as\n  pending. It *stands* until then; it has *passed* until a read that began after it was \
         taken in.\n\
         - **Queued**: a seat is queued while the rule says that a request is sent, and leaves the queue when the rule \
         says\n  something else.\n\
         - **Given up**: Apple named the seat in an error, or {MOST_TRIES} answers in a row led to nothing. It is taken \
         up again when\n  a person asks, when the opposite is desired, or when a read finds it as desired.\n\n"
    )
}

const AFTER: &str = "
A dash means that it does not matter. Every combination of inputs is in exactly one row.

Times are the store's, so that a read and an answer can be put in order. A read that began before the last thing that
touched the seat says nothing; one while a request with the seat is under way says only that the license is listed. One
that began before a fence has passed counts only if it says what the lost request would bring about anyway.

A seat that is desired unassigned and is so stays on record until a read that began after its fence does not list it. If
one does list it, it goes back.

A test explores every state of one seat against a service that does all of this, and shows that the rule fails without
the fence: `crates/core/src/seats/model`.
";

pub(super) fn page() -> String {
    let heading = ["Under way", "Fence", "Desired", "Observed", "What is done"];
    let rows: Vec<_> = seat_rule_table().iter().map(row).collect();
    format!("{INTRODUCTION}{}{}{AFTER}", words(), table(&heading, &rows))
}

fn row(row: &SeatRuleRow) -> Vec<String> {
    vec![
        listed(&row.progress, &ProgressClass::ALL, progress),
        listed(&row.fences, &FenceClass::ALL, fence),
        listed(&row.desired, &DesiredClass::ALL, desired),
        listed(&row.observed, &Observed::ALL, observed),
        action(row).to_owned(),
    ]
}

/// The names of inputs; a dash when it is all that there are.
fn listed<T: PartialEq + Copy>(some: &[T], all: &[T], name: fn(T) -> &'static str) -> String {
    if all.iter().all(|one| some.contains(one)) {
        return "–".to_owned();
    }
    let names: Vec<_> = all.iter().filter(|one| some.contains(one)).map(|one| name(*one)).collect();
    names.join(" or ")
}

const fn progress(progress: ProgressClass) -> &'static str {
    match progress {
        ProgressClass::Idle => "nothing",
        ProgressClass::Queued => "queued",
        ProgressClass::InRequest => "in a request",
        ProgressClass::GivenUp => "given up",
    }
}

const fn fence(fence: FenceClass) -> &'static str {
    match fence {
        FenceClass::None => "none",
        FenceClass::Standing { direction: Direction::Associate } => "to assign, stands",
        FenceClass::Standing { direction: Direction::Disassociate } => "to unassign, stands",
        FenceClass::Passed => "passed",
    }
}

const fn desired(desired: DesiredClass) -> &'static str {
    match desired {
        DesiredClass::Assigned => "assigned",
        DesiredClass::Unassigned => "unassigned",
        DesiredClass::Foreign => "foreign",
    }
}

const fn observed(observed: Observed) -> &'static str {
    match observed {
        Observed::Unknown => "unknown",
        Observed::Unassigned => "unassigned",
        Observed::Reported => "reported",
        Observed::Assigned => "assigned",
    }
}

fn action(row: &SeatRuleRow) -> &'static str {
    match row.action {
        None => "nothing",
        Some(NextAction::ReadDelta) => "read: the next delta read is enough",
        Some(NextAction::ReadBack) => "read back: a read that says yes or no",
        Some(NextAction::Send) => match direction(row) {
            Some(Direction::Disassociate) => "send a request to unassign",
            Some(Direction::Associate) | None => "send a request to assign",
        },
        Some(NextAction::AwaitFence) => "wait until the fence has passed",
        Some(NextAction::AwaitAnswer) => "wait for the answer, or the loss, of its request",
        Some(NextAction::AwaitUser) => "wait until the user is registered",
        Some(NextAction::GivenUp) => "nothing, until it is taken up again",
    }
}

/// The direction of a row's request. What is desired is the same in all inputs of a row that sends.
fn direction(row: &SeatRuleRow) -> Option<Direction> {
    row.desired.iter().find_map(|desired| desired.direction())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_come_from_the_rules_of_the_core() {
        let page = page();
        for words in [
            "until 15 minutes after",
            "| in a request | – | – | – | wait for the answer",
            "| nothing or queued | none | assigned | unassigned | send a request to assign |",
        ] {
            assert!(page.contains(words), "{words}\n{page}");
        }
    }

    #[test]
    fn no_row_sends_against_a_fence_nor_for_two_desires() {
        for row in seat_rule_table().iter().filter(|row| row.action == Some(NextAction::Send)) {
            assert_eq!(row.desired.len(), 1, "{row:?}");
            let against = FenceClass::Standing { direction: direction(row).unwrap().opposite() };
            assert!(!row.fences.contains(&against) && !row.fences.contains(&FenceClass::Passed), "{row:?}");
        }
    }
}
