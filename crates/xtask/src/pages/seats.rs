//! `docs/SEATS.md`: the next step of a seat, asked from the seat rule itself.

use mdm_vpp_core::seats::{
    DesiredClass, Direction, FenceClass, MOST_TRIES, NextAction, Observed, ProgressClass, QUIET_MINUTES,
    SeatRuleRow, seat_rule_table,
};

use super::page::table;

const INTRODUCTION: &str = "\
# The seat rule

A seat is one license of one location for one holder: a device by its serial number, or a user. A seat has three parts:
what is **desired**, what was **observed** at Apple, and its **progress**. The next step follows from these three and
from the **fence**.

Apple runs requests later than it accepts them, in any order, and an answer may be lost. Apple may still run a request
whose answer was lost. To send the opposite meanwhile would leave the outcome to chance, and a read does not help: it
is true only until the lost request runs. A lost request therefore leaves a fence. Until the fence has passed, nothing
is sent in the other direction, even after the same request was sent again and completed.

";

fn words() -> String {
    format!(
        "- **Desired**: *foreign* is a license that we did not assign. It is counted and not changed.\n\
         - **Observed**: *reported* means that Apple reported an assignment as complete and has not listed it since.\n  \
         That is not enough for an install. Only *assigned* is: a read listed the license.\n\
         - **Fence**: the direction of the lost request. It *stands* until {QUIET_MINUTES} minutes after the request\n  \
         may have left, or was last reported as pending. It has *passed* until a read that began later was applied.\n\
         - **Queued**: a seat stays in the queue while the rule says that a request is sent. It leaves the queue when the\n  \
         rule says something else.\n\
         - **Given up**: Apple named the seat in an error, or {MOST_TRIES} answers in a row led to nothing. The seat\n  \
         is queued again when a person asks, when the opposite is desired, or when a read finds it as desired.\n\n"
    )
}

const AFTER: &str = "
A dash means that the value does not matter. Every combination of inputs is in exactly one row.

Times are the store's, so that reads and answers have an order. A read that began before the last change of the seat
proves nothing. While a request with the seat waits for its answer, a read proves only that the license is listed. A
read that began before a fence has passed counts only if it found what the lost request would bring about anyway.

A seat that is neither desired nor assigned stays on record until a read that began after its fence does not list it. If
such a read lists it, its license is given back.

A test explores every state of one seat against a service that does all of this, and shows that the rule fails without
the fence: `crates/core/src/seats/model`.
";

pub(super) fn page() -> String {
    let heading = ["Progress", "Fence", "Desired", "Observed", "Next step"];
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
        ProgressClass::Idle => "idle",
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
            "| idle or queued | none | assigned | unassigned | send a request to assign |",
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
