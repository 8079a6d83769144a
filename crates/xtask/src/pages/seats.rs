//! `docs/SEATS.md`: what is done about a seat, asked from the seat rule itself.

use mdm_vpp_core::seats::{
    DesiredClass, Direction, FenceClass, MOST_TRIES, Observed, ProgressClass, QUIET_MINUTES, SeatRuleRow,
    SeatStep, seat_rule_table,
};

use super::page::table;

const INTRODUCTION: &str = "\
# The seat rule

A seat is one license of one location for one holder: a device by its serial number, or a user. Three things are kept
apart: what is **desired**, what was **seen** of Apple's side, and what is **under way**. What is to be done follows from
these three and from the **fence**.

Apple does requests later than it accepts them, in any order, and an answer may be lost. A lost request may still be
run. Sending the opposite meanwhile would leave the outcome to chance, and looking does not help: what was read is true
only until the lost request runs. So a lost request leaves a fence, and until it has passed nothing goes the other way,
even after the same request was sent again and completed.

";

fn words() -> String {
    format!(
        "- **Desired**: *foreign* is a license that somebody else gave. It is counted and left alone.\n\
         - **Seen**: *told* means that Apple reported a grant as complete and has not listed it since. That is not enough \
         for\n  an install: only *present* is, which was read.\n\
         - **Fence**: the direction of the lost request, until {QUIET_MINUTES} minutes after it may have left, or was \
         last reported as\n  pending. It *stands* until then; it has *passed* until a reading that began after it was \
         taken in.\n\
         - **Given up**: Apple named the seat in an error, or {MOST_TRIES} answers in a row led to nothing. It is taken \
         up again when\n  somebody asks, when the opposite is desired, or when a reading finds it as desired.\n\n"
    )
}

const AFTER: &str = "
A dash means that it does not matter. Every combination of inputs is in exactly one row.

Times are the store's, so that a reading and an answer can be put in order. A reading that began before the last thing
that touched the seat says nothing, and neither does one while a request with the seat is under way. One that began
before a fence has passed counts only if it says what the lost request would bring about anyway.

A seat that is not desired and is absent stays on record until a reading that began after its fence does not list it. If
one does list it, it goes back.

A test explores every state of one seat against a service that does all of this, and shows that the rule fails without
the fence: `crates/core/src/seats/model`.
";

pub(super) fn page() -> String {
    let heading = ["Under way", "Fence", "Desired", "Seen", "What is done"];
    let rows: Vec<_> = seat_rule_table().iter().map(row).collect();
    format!("{INTRODUCTION}{}{}{AFTER}", words(), table(&heading, &rows))
}

fn row(row: &SeatRuleRow) -> Vec<String> {
    vec![
        listed(&row.motions, &ProgressClass::ALL, motion),
        listed(&row.fences, &FenceClass::ALL, fence),
        listed(&row.wants, &DesiredClass::ALL, want),
        listed(&row.seen, &Observed::ALL, seen),
        step(row.step).to_owned(),
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

const fn motion(motion: ProgressClass) -> &'static str {
    match motion {
        ProgressClass::Still => "nothing",
        ProgressClass::Queued => "queued",
        ProgressClass::InRequest => "in a request",
        ProgressClass::GivenUp => "given up",
    }
}

const fn fence(fence: FenceClass) -> &'static str {
    match fence {
        FenceClass::None => "none",
        FenceClass::Standing { direction: Direction::Associate } => "a grant's stands",
        FenceClass::Standing { direction: Direction::Disassociate } => "a release's stands",
        FenceClass::Passed => "passed",
    }
}

const fn want(want: DesiredClass) -> &'static str {
    match want {
        DesiredClass::Hold => "a license",
        DesiredClass::Free => "no license",
        DesiredClass::Foreign => "foreign",
    }
}

const fn seen(seen: Observed) -> &'static str {
    match seen {
        Observed::Unknown => "unknown",
        Observed::Unassigned => "absent",
        Observed::Reported => "told",
        Observed::Assigned => "present",
    }
}

const fn step(step: SeatStep) -> &'static str {
    match step {
        SeatStep::Nothing => "nothing",
        SeatStep::Confirm => "read it back: the next delta is enough",
        SeatStep::Look => "look: a reading that says yes or no",
        SeatStep::Queue { direction: Direction::Associate } => "queue it for a grant",
        SeatStep::Queue { direction: Direction::Disassociate } => "queue it for a release",
        SeatStep::Send { direction: Direction::Associate } => "may be put into a request to grant",
        SeatStep::Send { direction: Direction::Disassociate } => "may be put into a request to release",
        SeatStep::Unqueue => "take it from the queue, then as if nothing were under way",
        SeatStep::Wait { .. } => "wait until the fence has passed",
        SeatStep::Await { .. } => "wait for the answer, or the loss, of its request",
    }
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
            "| nothing | none | a license | absent | queue it for a grant |",
        ] {
            assert!(page.contains(words), "{words}\n{page}");
        }
    }

    #[test]
    fn against_a_fence_no_row_queues_or_sends() {
        for row in seat_rule_table() {
            let direction = match row.step {
                SeatStep::Queue { direction } | SeatStep::Send { direction } => direction,
                _ => continue,
            };
            let against = FenceClass::Standing { direction: direction.opposite() };
            assert!(!row.fences.contains(&against) && !row.fences.contains(&FenceClass::Passed), "{row:?}");
        }
    }
}
