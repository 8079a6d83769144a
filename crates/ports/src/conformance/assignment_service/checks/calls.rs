//! What is true of every call: one request, an error by its number, no secret, and the facts of every reply.

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

/// Makes one call; what a good answer holds does not matter here.
async fn ask(
    run: &CheckRun<'_>,
    call: Call,
    event_id: &EventId,
    holders: &Holders,
) -> Result<Result<(), ServiceError>, Violation> {
    let (service, token) = (run.service(), &run.token);
    let user = run.user("9d1e")?;
    Ok(match call {
        Call::Assignments => service.assignments(token, &AssignmentsQuery::default()).await.map(drop),
        Call::Associate => run.change(Direction::Associate, &[1], holders).await.map(drop),
        Call::Disassociate => run.change(Direction::Disassociate, &[1], holders).await.map(drop),
        Call::Revoke => service.revoke_assets(token, holders).await.map(drop),
        Call::Event => service.event(token, event_id).await.map(drop),
        Call::Users => service.users(token, &UsersQuery::default()).await.map(drop),
        Call::Create => run.manage_user(UserAct::Create, &user, None).await.map(drop),
        Call::Update => run.manage_user(UserAct::Update, &user, None).await.map(drop),
        Call::Retire => run.manage_user(UserAct::Retire, &user, None).await.map(drop),
    })
}

/// A user, a device and an event, so that every call finds what it is about.
async fn event_and_holders(run: &CheckRun<'_>) -> Result<(EventId, Holders), Violation> {
    run.registered("9d1e").await?;
    let devices = run.devices([1])?;
    let change = run.change(Direction::Associate, &[2], &devices).await;
    Ok((run.promise.works("an event", change)?.event_id, devices))
}

/// Each call is one request, whether it succeeds or fails in a way that may pass.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn each_call_is_one_request(fixture: &dyn AssignmentServiceFixture) -> Result<(), Violation> {
    let run = CheckRun::begin("each call is one request", fixture).await?;
    let (event_id, holders) = event_and_holders(&run).await?;
    for number in [None, Some(9603), Some(9646), Some(9644)] {
        run.prepared(fixture.answer_normally().await)?;
        if let Some(number) = number {
            let none = ErrorSubjects::default();
            run.prepared(fixture.answer_with_error(ErrorNumber(number), "Later", &none).await)?;
        }
        for call in CALLS {
            let step = format!("{call:?}, answered with {number:?}");
            let before = run.prepared(fixture.requests().await)?;
            let answer = ask(&run, call, &event_id, &holders).await?;
            let after = run.prepared(fixture.requests().await)?;
            run.promise.same(&step, &1, &after.saturating_sub(before))?;
            run.promise.same(&step, &number.is_some(), &answer.is_err())?;
        }
    }
    Ok(())
}

/// A number beside status 200 is an error of that number, also an unknown one; the next call works.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_number_beside_status_200_is_an_error_of_every_call(
    fixture: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("a number beside status 200 is an error of every call", fixture).await?;
    let (event_id, holders) = event_and_holders(&run).await?;
    for call in CALLS {
        for number in [ErrorNumber(9602), ErrorNumber(9625), ErrorNumber(9799)] {
            let step = format!("{call:?} with {number}");
            run.prepared(fixture.answer_with_error(number, "No", &ErrorSubjects::default()).await)?;
            let answer = ask(&run, call, &event_id, &holders).await?;
            let error = run.promise.fails(&step, answer)?;
            run.promise.same(&step, &Some(number), &error.number())?;
            run.prepared(fixture.answer_normally().await)?;
        }
        let step = format!("{call:?} afterwards");
        let answer = ask(&run, call, &event_id, &holders).await?;
        run.promise.works(&step, answer)?;
    }
    Ok(())
}

/// No error of any call holds a token that Apple's own message repeats.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn no_error_of_any_call_holds_the_secret(
    fixture: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("no error of any call holds the secret", fixture).await?;
    let (event_id, holders) = event_and_holders(&run).await?;
    let message = format!("cannot read Bearer {}", run.token.expose());
    run.prepared(fixture.answer_with_error(ErrorNumber(9722), &message, &ErrorSubjects::default()).await)?;
    for call in CALLS {
        let step = format!("{call:?}");
        let answer = ask(&run, call, &event_id, &holders).await?;
        let error = run.promise.fails(&step, answer)?;
        run.promise.keeps_secret(&step, &error, &run.token)?;
    }
    Ok(())
}

/// Every answer names the location, and when the token ends.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn every_answer_names_the_location(
    fixture: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("every answer names the location", fixture).await?;
    let (service, token) = (run.service(), &run.token);
    let change = run.change(Direction::Associate, &[1], &run.devices([1])?).await;
    let accepted = run.promise.works("an accepted request", change)?;
    let query = AssignmentsQuery::default();
    let assignments = run.promise.works("assignments", service.assignments(token, &query).await)?.page;
    let users = run.promise.works("users", service.users(token, &UsersQuery::default()).await)?.page;
    let event = run.promise.works("an event", service.event(token, &accepted.event_id).await)?;
    for (step, location, reply) in [
        ("an accepted request", accepted.location, accepted.reply),
        ("assignments", assignments.location, assignments.reply),
        ("users", users.location, users.reply),
        ("an event", event.location, event.reply),
    ] {
        run.promise.same(step, &Some(&run.location), &location.as_ref())?;
        run.promise.same(step, &true, &reply.expires_at.is_some())?;
    }
    Ok(())
}

/// Limits are those that the service config tells.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn limits_are_those_of_the_service_config(
    fixture: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("limits are those of the service config", fixture).await?;
    let reported = ServiceLimits {
        pack: run.promise.built(PackLimits::new(7, 70, 700))?,
        revoke_serial_numbers: 8,
        revoke_client_user_ids: 9,
        users: 11,
        pace: run.promise.built(PaceLimits::new(12, 3, 5))?,
    };
    run.prepared(fixture.limits(&reported).await)?;
    let found = run.promise.works("reading the limits", run.service().limits().await)?;
    run.promise.same("the limits", &reported, &found)
}
