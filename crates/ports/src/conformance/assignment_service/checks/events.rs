//! Requests that Apple accepts and does later, and those that it refuses as a whole.

use mdm_vpp_core::{
    apple_error::ErrorNumber,
    id::{AdamId, SerialNumber},
    seats::{Direction, ErrorSubjects, EventId, Holders},
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
    fixture: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("an accepted request is pending until it is done", fixture).await?;
    let devices = run.devices(1..=3)?;
    let all = AssignmentsQuery::default();
    for (direction, before, after) in [
        (Direction::Associate, Default::default(), each(&[1, 2], &devices)),
        (Direction::Disassociate, each(&[1, 2], &devices), Default::default()),
    ] {
        let step = format!("{direction:?}");
        let accepted = run.promise.works(&step, run.change(direction, &[1, 2], &devices).await)?;
        let report = run.promise.works(&step, run.service().event(&run.token, &accepted.event_id).await)?;
        run.promise.same(&format!("{step} at first"), &EventStatus::Pending, &report.status)?;
        run.promise.same(&format!("{step} at first"), &before, &run.listed(&step, &all).await?)?;
        let ended = run.end_of(&step, &accepted).await?;
        run.promise.same(&format!("{step} at last"), &EventStatus::Complete, &ended)?;
        run.promise.same(&format!("{step} at last"), &after, &run.listed(&step, &all).await?)?;
    }
    Ok(())
}

/// Assigning a license that the holder has, and unassigning one that it does not have, both succeed.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_change_that_changes_nothing_succeeds(
    fixture: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("a change that changes nothing succeeds", fixture).await?;
    let device = run.devices([1])?;
    run.change_and_see("unassigning what it does not have", Direction::Disassociate, &[1], &device).await?;
    run.change_and_see("assigning", Direction::Associate, &[1], &device).await?;
    run.change_and_see("assigning what it has", Direction::Associate, &[1], &device).await
}

/// Where licenses are too few, the event fails with 9709 and names the holders that got none; the others have theirs.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn an_event_that_fails_names_the_holders_without_a_license(
    fixture: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("an event that fails names the holders without a license", fixture).await?;
    let step = "twelve devices for ten licenses";
    let devices = run.devices(1..=12)?;
    let change = run.change(Direction::Associate, &[1], &devices).await;
    let accepted = run.promise.works(step, change)?;
    let EventStatus::Failed { failures } = run.end_of(step, &accepted).await? else {
        return Err(run.promise.broken(step, "that it fails", "that it succeeds"));
    };
    let numbers: Vec<_> = failures.iter().map(|failure| failure.error.number).collect();
    run.promise.same(step, &vec![Some(ErrorNumber(9709))], &numbers)?;
    let named = failures.into_iter().flat_map(|failure| failure.subjects.serial_numbers).collect();
    let without = Holders::Devices { serial_numbers: named };
    let listed = run.listed(step, &AssignmentsQuery::default()).await?;
    run.promise.same("the holders with a license", &10, &listed.len())?;
    let mut all = listed;
    all.extend(each(&[1], &without));
    run.promise.same("the holders with a license and those named", &each(&[1], &devices), &all)
}

/// A revocation takes all licenses of a holder, and of no other.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_revocation_takes_all_of_a_holder(
    fixture: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("a revocation takes all of a holder", fixture).await?;
    run.change_and_see("assigning", Direction::Associate, &[1, 2], &run.devices(1..=3)?).await?;
    let step = "revoking";
    let revoked = run.service().revoke_assets(&run.token, &run.devices([1, 2])?).await;
    let accepted = run.promise.works(step, revoked)?;
    run.promise.same(step, &EventStatus::Complete, &run.end_of(step, &accepted).await?)?;
    let left = run.listed(step, &AssignmentsQuery::default()).await?;
    run.promise.same("what is left", &each(&[1, 2], &run.devices([3])?), &left)
}

/// An event that Apple does not know is refused with 9708.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn an_unknown_event_is_refused(fixture: &dyn AssignmentServiceFixture) -> Result<(), Violation> {
    let run = CheckRun::begin("an unknown event is refused", fixture).await?;
    let event_id = run.promise.built(EventId::new("00000000-0000-4000-8000-0000000000ff"))?;
    let error = run.promise.fails("an unknown event", run.service().event(&run.token, &event_id).await)?;
    run.promise.same("an unknown event", &Some(ErrorNumber(9708)), &error.number())
}

/// A license for a user that Apple does not know is refused with 9609, and nothing is done.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_license_for_an_unknown_user_is_refused(
    fixture: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("a license for an unknown user is refused", fixture).await?;
    let (known, unknown) = (run.registered("known").await?, run.user("unknown")?);
    let holders = Holders::Users { client_user_ids: [known, unknown].into() };
    let step = "one known, one unknown";
    let error = run.promise.fails(step, run.change(Direction::Associate, &[1], &holders).await)?;
    run.promise.same(step, &Some(ErrorNumber(9609)), &error.number())?;
    run.promise.same("it is refused", &true, &error.refusal().is_some())?;
    run.prepared(fixture.finish_events().await)?;
    let listed = run.listed(step, &AssignmentsQuery::default()).await?;
    run.promise.same("nothing is done", &Default::default(), &listed)
}

/// A refusal has its number, the HTTP status that carried it, and the subjects that Apple names.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_refusal_names_its_subjects(fixture: &dyn AssignmentServiceFixture) -> Result<(), Violation> {
    let run = CheckRun::begin("a refusal names its subjects", fixture).await?;
    let subjects = ErrorSubjects {
        adam_ids: [AdamId::new(1), AdamId::new(2)].into(),
        serial_numbers: [run.promise.built(SerialNumber::new("C02A000001"))?].into(),
        client_user_ids: [run.user("9d1e ü")?].into(),
    };
    for (step, subjects) in [("with subjects", subjects), ("without subjects", ErrorSubjects::default())] {
        let number = ErrorNumber(9609);
        run.prepared(fixture.answer_with_error(number, "No", &subjects).await)?;
        let change = run.change(Direction::Associate, &[1], &run.devices([1])?).await;
        let error = run.promise.fails(step, change)?;
        let Some(refusal) = error.refusal() else {
            return Err(run.promise.broken(step, "a refusal", format_args!("{error:?}")));
        };
        run.promise.same(step, &Some(number), &refusal.error.number)?;
        run.promise.same(step, &200, &refusal.http_status)?;
        run.promise.same(step, &subjects, &refusal.subjects)?;
        run.promise.same(step, &false, &error.may_have_arrived())?;
        run.prepared(fixture.answer_normally().await)?;
    }
    Ok(())
}
