//! Requests that Apple refuses as a whole: what the core learns of them.

use mdm_vpp_core::{
    apple_error::ErrorNumber,
    id::{AdamId, SerialNumber},
    seats::{Direction, ErrorSubjects, Holders},
};

use super::super::{AssignmentServiceFixture, Violation, check_run::CheckRun};
use crate::AssignmentsQuery;

/// A license for a user whom Apple does not know is refused with 9609, and nothing is done.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_license_for_an_unknown_user_is_refused(
    stage: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("a license for an unknown user is refused", stage).await?;
    let (known, unknown) = (story.registered("known").await?, story.user("unknown")?);
    let holders = Holders::Users { client_user_ids: [known, unknown].into() };
    let step = "one known, one unknown";
    let error = story.promise.fails(step, story.moves(Direction::Associate, &[1], &holders).await)?;
    story.promise.same(step, &Some(ErrorNumber(9609)), &error.number())?;
    story.promise.same("it is refused", &true, &error.refusal().is_some())?;
    story.promise.staged(stage.finish_events().await)?;
    let listed = story.listed(step, &AssignmentsQuery::default()).await?;
    story.promise.same("nothing is done", &Default::default(), &listed)
}

/// A refusal tells its number, the HTTP status that carried it, and whom Apple names.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_refusal_tells_whom_it_is_about(stage: &dyn AssignmentServiceFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("a refusal tells whom it is about", stage).await?;
    let culprits = ErrorSubjects {
        adam_ids: [AdamId::new(1), AdamId::new(2)].into(),
        serial_numbers: [story.promise.built(SerialNumber::new("C02A000001"))?].into(),
        client_user_ids: [story.user("9d1e ü")?].into(),
    };
    for (step, culprits) in [("somebody", culprits), ("nobody", ErrorSubjects::default())] {
        let number = ErrorNumber(9609);
        story.promise.staged(stage.answer_with_error(number, "No", &culprits).await)?;
        let moves = story.moves(Direction::Associate, &[1], &story.devices([1])?).await;
        let error = story.promise.fails(step, moves)?;
        let Some(refusal) = error.refusal() else {
            return Err(story.promise.broken(step, "a refusal", format_args!("{error:?}")));
        };
        story.promise.same(step, &Some(number), &refusal.error.number)?;
        story.promise.same(step, &200, &refusal.http_status)?;
        story.promise.same(step, &culprits, &refusal.subjects)?;
        story.promise.same(step, &false, &error.may_have_arrived())?;
        story.promise.staged(stage.answer_well().await)?;
    }
    Ok(())
}
