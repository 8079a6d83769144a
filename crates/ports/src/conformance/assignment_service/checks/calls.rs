//! What is true of every call: one request, an error by its number, no secret, and what every reply tells.

use mdm_vpp_core::{
    apple_error::ErrorNumber,
    plan::{PaceLimits, PackLimits},
    seats::{Direction, ErrorSubjects, EventId, Holders},
};

use super::super::{AssignmentServiceFixture, Violation, check_run::CheckRun};
use crate::{AssignmentsQuery, ServiceError, ServiceLimits, UserAct, UsersQuery};

/// The calls with a token that need nothing outside Apple.
#[derive(Debug, Clone, Copy)]
enum Call {
    Assignments,
    Associate,
    Disassociate,
    Revoke,
    Event,
    Users,
    Create,
    Update,
    Retire,
}

const CALLS: [Call; 9] = [
    Call::Assignments,
    Call::Associate,
    Call::Disassociate,
    Call::Revoke,
    Call::Event,
    Call::Users,
    Call::Create,
    Call::Update,
    Call::Retire,
];

/// Asks once; what a good answer holds does not matter here.
async fn ask(
    story: &CheckRun<'_>,
    call: Call,
    event_id: &EventId,
    holders: &Holders,
) -> Result<Result<(), ServiceError>, Violation> {
    let (service, token) = (story.service(), &story.token);
    let user = story.user("9d1e")?;
    Ok(match call {
        Call::Assignments => service.assignments(token, &AssignmentsQuery::default()).await.map(drop),
        Call::Associate => story.moves(Direction::Associate, &[1], holders).await.map(drop),
        Call::Disassociate => story.moves(Direction::Disassociate, &[1], holders).await.map(drop),
        Call::Revoke => service.revoke_assets(token, holders).await.map(drop),
        Call::Event => service.event(token, event_id).await.map(drop),
        Call::Users => service.users(token, &UsersQuery::default()).await.map(drop),
        Call::Create => story.manage_user(UserAct::Create, &user, None).await.map(drop),
        Call::Update => story.manage_user(UserAct::Update, &user, None).await.map(drop),
        Call::Retire => story.manage_user(UserAct::Retire, &user, None).await.map(drop),
    })
}

/// A user, a device and an event, so that every call finds what it is about.
async fn prepared(story: &CheckRun<'_>) -> Result<(EventId, Holders), Violation> {
    story.registered("9d1e").await?;
    let devices = story.devices([1])?;
    let moves = story.moves(Direction::Associate, &[2], &devices).await;
    Ok((story.promise.works("an event", moves)?.event_id, devices))
}

/// Each call is one request, whether it succeeds or fails in a way that may pass.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn each_call_is_one_request(stage: &dyn AssignmentServiceFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("each call is one request", stage).await?;
    let (event_id, holders) = prepared(&story).await?;
    for number in [None, Some(9603), Some(9646), Some(9644)] {
        story.promise.staged(stage.answer_well().await)?;
        if let Some(number) = number {
            let nobody = ErrorSubjects::default();
            story.promise.staged(stage.answer_with_error(ErrorNumber(number), "Later", &nobody).await)?;
        }
        for call in CALLS {
            let step = format!("{call:?}, answered with {number:?}");
            let before = story.promise.staged(stage.requests().await)?;
            let answer = ask(&story, call, &event_id, &holders).await?;
            let after = story.promise.staged(stage.requests().await)?;
            story.promise.same(&step, &1, &after.saturating_sub(before))?;
            story.promise.same(&step, &number.is_some(), &answer.is_err())?;
        }
    }
    Ok(())
}

/// A number beside status 200 is an error of that number, also one that nobody knows; the next call works.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_number_beside_status_200_is_an_error_of_every_call(
    stage: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("a number beside status 200 is an error of every call", stage).await?;
    let (event_id, holders) = prepared(&story).await?;
    for call in CALLS {
        for number in [ErrorNumber(9602), ErrorNumber(9625), ErrorNumber(9799)] {
            let step = format!("{call:?} with {number}");
            story.promise.staged(stage.answer_with_error(number, "No", &ErrorSubjects::default()).await)?;
            let answer = ask(&story, call, &event_id, &holders).await?;
            let error = story.promise.fails(&step, answer)?;
            story.promise.same(&step, &Some(number), &error.number())?;
            story.promise.staged(stage.answer_well().await)?;
        }
        let step = format!("{call:?} afterwards");
        let answer = ask(&story, call, &event_id, &holders).await?;
        story.promise.works(&step, answer)?;
    }
    Ok(())
}

/// A token that Apple's own message repeats comes into no error of any call.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn no_error_of_any_call_holds_the_secret(
    stage: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("no error of any call holds the secret", stage).await?;
    let (event_id, holders) = prepared(&story).await?;
    let message = format!("cannot read Bearer {}", story.token.expose());
    story
        .promise
        .staged(stage.answer_with_error(ErrorNumber(9722), &message, &ErrorSubjects::default()).await)?;
    for call in CALLS {
        let step = format!("{call:?}");
        let answer = ask(&story, call, &event_id, &holders).await?;
        let error = story.promise.fails(&step, answer)?;
        story.promise.keeps_secret(&step, &error, &story.token)?;
    }
    Ok(())
}

/// Every answer names the location, and when the token ends.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn every_answer_names_the_location(stage: &dyn AssignmentServiceFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("every answer names the location", stage).await?;
    let (service, token) = (story.service(), &story.token);
    let moves = story.moves(Direction::Associate, &[1], &story.devices([1])?).await;
    let accepted = story.promise.works("an accepted request", moves)?;
    let asked = AssignmentsQuery::default();
    let assignments = story.promise.works("assignments", service.assignments(token, &asked).await)?.page;
    let users = story.promise.works("users", service.users(token, &UsersQuery::default()).await)?.page;
    let event = story.promise.works("an event", service.event(token, &accepted.event_id).await)?;
    for (step, location, reply) in [
        ("an accepted request", accepted.location, accepted.reply),
        ("assignments", assignments.location, assignments.reply),
        ("users", users.location, users.reply),
        ("an event", event.location, event.reply),
    ] {
        story.promise.same(step, &Some(&story.location), &location.as_ref())?;
        story.promise.same(step, &true, &reply.expires_at.is_some())?;
    }
    Ok(())
}

/// Limits are those that the service config tells.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn limits_are_those_of_the_service_config(
    stage: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("limits are those of the service config", stage).await?;
    let told = ServiceLimits {
        pack: story.promise.built(PackLimits::new(7, 70, 700))?,
        revoke_serial_numbers: 8,
        revoke_client_user_ids: 9,
        users: 11,
        pace: story.promise.built(PaceLimits::new(12, 3, 5))?,
    };
    story.promise.staged(stage.limits(&told).await)?;
    let found = story.promise.works("reading the limits", story.service().limits().await)?;
    story.promise.same("the limits", &told, &found)
}
