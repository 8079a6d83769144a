//! Requests that Apple accepts and does later.

use mdm_vpp_core::{
    apple_error::ErrorNumber,
    seats::{Direction, EventId, Holders},
};

use super::super::{
    AssignmentServiceFixture, Violation,
    check_run::{CheckRun, each},
};
use crate::{AssignmentsQuery, EventStatus};

/// An accepted request is pending until it is done, and then listed; taken back, it is listed no more.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn an_accepted_request_is_pending_until_it_is_done(
    stage: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("an accepted request is pending until it is done", stage).await?;
    let devices = story.devices(1..=3)?;
    let all = AssignmentsQuery::default();
    for (direction, before, after) in [
        (Direction::Associate, Default::default(), each(&[1, 2], &devices)),
        (Direction::Disassociate, each(&[1, 2], &devices), Default::default()),
    ] {
        let step = format!("{direction:?}");
        let accepted = story.promise.works(&step, story.moves(direction, &[1, 2], &devices).await)?;
        let report =
            story.promise.works(&step, story.service().event(&story.token, &accepted.event_id).await)?;
        story.promise.same(&format!("{step} at first"), &EventStatus::Pending, &report.status)?;
        story.promise.same(&format!("{step} at first"), &before, &story.listed(&step, &all).await?)?;
        let ended = story.ended(&step, &accepted).await?;
        story.promise.same(&format!("{step} at last"), &EventStatus::Complete, &ended)?;
        story.promise.same(&format!("{step} at last"), &after, &story.listed(&step, &all).await?)?;
    }
    Ok(())
}

/// Giving what somebody has and taking what nobody has both succeed.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn what_is_so_already_succeeds(stage: &dyn AssignmentServiceFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("what is so already succeeds", stage).await?;
    let device = story.devices([1])?;
    story.moved("taking what it has not", Direction::Disassociate, &[1], &device).await?;
    story.moved("giving", Direction::Associate, &[1], &device).await?;
    story.moved("giving what it has", Direction::Associate, &[1], &device).await
}

/// Where licenses are too few, the event fails with 9709 and names who got none; the others have theirs.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn an_event_that_fails_names_whom_it_failed_for(
    stage: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("an event that fails names whom it failed for", stage).await?;
    let step = "twelve devices for ten licenses";
    let devices = story.devices(1..=12)?;
    let moves = story.moves(Direction::Associate, &[1], &devices).await;
    let accepted = story.promise.works(step, moves)?;
    let EventStatus::Failed { failures } = story.ended(step, &accepted).await? else {
        return Err(story.promise.broken(step, "that it fails", "that it does not"));
    };
    let numbers: Vec<_> = failures.iter().map(|failure| failure.error.number).collect();
    story.promise.same(step, &vec![Some(ErrorNumber(9709))], &numbers)?;
    let named = failures.into_iter().flat_map(|failure| failure.subjects.serial_numbers).collect();
    let without = Holders::Devices { serial_numbers: named };
    let listed = story.listed(step, &AssignmentsQuery::default()).await?;
    story.promise.same("who got one", &10, &listed.len())?;
    let mut all = listed;
    all.extend(each(&[1], &without));
    story.promise.same("who got one and who was named", &each(&[1], &devices), &all)
}

/// A revocation takes all licenses of a holder, and of no other.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_revocation_takes_all_of_a_holder(
    stage: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("a revocation takes all of a holder", stage).await?;
    story.moved("giving", Direction::Associate, &[1, 2], &story.devices(1..=3)?).await?;
    let step = "revoking";
    let revoked = story.service().revoke_assets(&story.token, &story.devices([1, 2])?).await;
    let accepted = story.promise.works(step, revoked)?;
    story.promise.same(step, &EventStatus::Complete, &story.ended(step, &accepted).await?)?;
    let left = story.listed(step, &AssignmentsQuery::default()).await?;
    story.promise.same("what is left", &each(&[1, 2], &story.devices([3])?), &left)
}

/// An event that Apple does not know is refused with 9708.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn an_unknown_event_is_refused(stage: &dyn AssignmentServiceFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("an unknown event is refused", stage).await?;
    let event_id = story.promise.built(EventId::new("00000000-0000-4000-8000-0000000000ff"))?;
    let error =
        story.promise.fails("an unknown event", story.service().event(&story.token, &event_id).await)?;
    story.promise.same("an unknown event", &Some(ErrorNumber(9708)), &error.number())
}
