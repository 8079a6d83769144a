//! Users: registered, associated, retired.

use mdm_vpp_core::{apple_error::ErrorNumber, seats::VppUserStatus};

use super::super::{AssignmentServiceFixture, Violation, check_run::CheckRun};
use crate::{EventStatus, UserAct, UsersQuery};

/// A user is registered with an invitation, associated at once with a managed account, and retired.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_user_is_registered_associated_and_retired(
    stage: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("a user is registered, associated and retired", stage).await?;
    let account = "ada@example.org";
    story.promise.staged(stage.managed_account(&story.location, account).await)?;
    let user = story.registered("9d1e").await?;
    let asked = UsersQuery { client_user_id: Some(user.clone()), ..UsersQuery::default() };
    for (act, account, status) in [
        (None, None, VppUserStatus::Registered),
        (Some(UserAct::Update), Some(account), VppUserStatus::Associated),
        (Some(UserAct::Retire), None, VppUserStatus::Retired),
    ] {
        let step = format!("{status:?}");
        if let Some(act) = act {
            let accepted = story.promise.works(&step, story.manage_user(act, &user, account).await)?;
            let ended = story.ended(&step, &accepted).await?;
            story.promise.same(&step, &EventStatus::Complete, &ended)?;
        }
        let found = story.users(&step, &asked).await?;
        let found: Vec<_> = found
            .into_iter()
            .map(|user| (user.client_user_id, user.status, user.invite_code.is_some()))
            .collect();
        let invited = status == VppUserStatus::Registered;
        story.promise.same(&step, &vec![(user.clone(), status, invited)], &found)?;
    }
    Ok(())
}

/// Whoever is retired is not among the active ones.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn who_is_retired_is_not_active(stage: &dyn AssignmentServiceFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("who is retired is not active", stage).await?;
    let (stays, retires) = (story.registered("stays").await?, story.registered("retires").await?);
    let step = "retiring one of two";
    let accepted = story.promise.works(step, story.manage_user(UserAct::Retire, &retires, None).await)?;
    story.promise.same(step, &EventStatus::Complete, &story.ended(step, &accepted).await?)?;
    let ids = async |active_only| {
        let asked = UsersQuery { active_only, ..UsersQuery::default() };
        let mut ids: Vec<_> =
            story.users(step, &asked).await?.into_iter().map(|user| user.client_user_id).collect();
        ids.sort();
        Ok(ids)
    };
    story.promise.same("the active ones", &vec![stays.clone()], &ids(true).await?)?;
    story.promise.same("all", &vec![retires, stays], &ids(false).await?)
}

/// Registering a user who is there fails later, with 9716.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_user_who_is_there_is_not_registered_again(
    stage: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("a user who is there is not registered again", stage).await?;
    let user = story.registered("9d1e").await?;
    let step = "the second time";
    let accepted = story.promise.works(step, story.manage_user(UserAct::Create, &user, None).await)?;
    let EventStatus::Failed { failures } = story.ended(step, &accepted).await? else {
        return Err(story.promise.broken(step, "that it fails", "that it does not"));
    };
    let told: Vec<_> = failures
        .into_iter()
        .map(|failure| (failure.error.number, failure.subjects.client_user_ids))
        .collect();
    story.promise.same(step, &vec![(Some(ErrorNumber(9716)), [user].into())], &told)
}
