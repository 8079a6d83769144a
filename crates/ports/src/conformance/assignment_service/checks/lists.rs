//! Lists of assignments and users: all pages, parts, and what changed.

use mdm_vpp_core::{
    apple_error::ErrorNumber,
    id::AdamId,
    seats::{Direction, Holder, Holders, VppUserStatus},
};

use super::super::{
    AssignmentServiceFixture, Violation,
    check_run::{CheckRun, each},
};
use crate::{AssignmentsQuery, EventStatus, UserAct, UsersQuery};

const NO_SUCH_PAGE: ErrorNumber = ErrorNumber(9650);
const UNKNOWN_VERSION: ErrorNumber = ErrorNumber(9721);

/// Every page is read, and each assignment comes once.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn every_page_of_assignments_is_read(
    fixture: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("every page of assignments is read", fixture).await?;
    let devices = run.devices(1..=7)?;
    run.change_and_see("assigning licenses", Direction::Associate, &[1, 2], &devices).await?;
    for (capacity, pages) in [(3, 5), (7, 2), (14, 1), (100, 1)] {
        let step = format!("14 assignments, {capacity} a page");
        run.prepared(fixture.page_capacity(capacity).await)?;
        let list = run.read_all(&step, &AssignmentsQuery::default()).await?;
        run.promise.same(&format!("{step}: pages"), &pages, &list.pages)?;
        let listed = run.listed(&step, &AssignmentsQuery::default()).await?;
        run.promise.same(&step, &each(&[1, 2], &devices), &listed)?;
    }
    Ok(())
}

/// A location without assignments has one page, and nothing on it.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_list_of_nothing_is_empty(fixture: &dyn AssignmentServiceFixture) -> Result<(), Violation> {
    let run = CheckRun::begin("a list of nothing is empty", fixture).await?;
    let list = run.read_all("no assignments", &AssignmentsQuery::default()).await?;
    run.promise.same("assignments", &Vec::new(), &list.assignments)?;
    run.promise.same("pages", &1, &list.pages)?;
    run.promise.same("users", &Vec::new(), &run.users("no users", &UsersQuery::default()).await?)
}

/// A page that is not there is refused with 9650.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_page_that_is_not_there_is_refused(
    fixture: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("a page that is not there is refused", fixture).await?;
    run.change_and_see("assigning a license", Direction::Associate, &[1], &run.devices([1])?).await?;
    let query = AssignmentsQuery { page: 7, ..AssignmentsQuery::default() };
    let error = run.promise.fails("page 7", run.service().assignments(&run.token, &query).await)?;
    run.promise.same("page 7 of the assignments", &Some(NO_SUCH_PAGE), &error.number())?;
    let query = UsersQuery { page: 7, ..UsersQuery::default() };
    let error = run.promise.fails("page 7", run.service().users(&run.token, &query).await)?;
    run.promise.same("page 7 of the users", &Some(NO_SUCH_PAGE), &error.number())
}

/// A part of the list that is asked for by app, device or user holds all of that part and nothing else.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_part_of_a_list_is_all_of_it_and_nothing_else(
    fixture: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("a part of a list is all of it and nothing else", fixture).await?;
    let (devices, first) = (run.devices(1..=3)?, run.devices([1])?);
    let user = run.registered("9d1e+& ü").await?;
    let users = Holders::Users { client_user_ids: [user.clone()].into() };
    run.change_and_see("to devices", Direction::Associate, &[1, 2], &devices).await?;
    run.change_and_see("to a user", Direction::Associate, &[2], &users).await?;
    run.prepared(fixture.page_capacity(2).await)?;
    let all = AssignmentsQuery::default;

    let of_app = AssignmentsQuery { adam_id: Some(AdamId::new(1)), ..all() };
    run.promise.same("of an app", &each(&[1], &devices), &run.listed("of an app", &of_app).await?)?;
    let serial_number = first.each().into_iter().find_map(|holder| match holder {
        Holder::Device { serial_number } => Some(serial_number),
        Holder::User { .. } => None,
    });
    let of_device = AssignmentsQuery { serial_number, ..all() };
    let listed = run.listed("of a device", &of_device).await?;
    run.promise.same("of a device", &each(&[1, 2], &first), &listed)?;
    let of_user = AssignmentsQuery { client_user_id: Some(user), ..all() };
    run.promise.same("of a user", &each(&[2], &users), &run.listed("of a user", &of_user).await?)?;
    let of_both = AssignmentsQuery { adam_id: Some(AdamId::new(1)), ..of_device };
    let listed = run.listed("of a device and an app", &of_both).await?;
    run.promise.same("of a device and an app", &each(&[1], &first), &listed)
}

/// What was assigned since a version is in its delta, and nothing that stayed.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_delta_holds_what_was_assigned_since(
    fixture: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("a delta holds what was assigned since", fixture).await?;
    run.change_and_see("before", Direction::Associate, &[1], &run.devices(1..=3)?).await?;
    let version = run.read_all("before", &AssignmentsQuery::default()).await?.version_id;
    run.promise.same("a version is told", &true, &version.is_some())?;
    let query = AssignmentsQuery { since_version: version, ..AssignmentsQuery::default() };
    let step = "before anything changed";
    run.promise.same(step, &Default::default(), &run.listed(step, &query).await?)?;
    let later = run.devices(4..=6)?;
    run.change_and_see("after", Direction::Associate, &[2], &later).await?;
    run.promise.same("after", &each(&[2], &later), &run.listed("after", &query).await?)
}

/// A version that Apple does not know is refused with 9721.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn an_unknown_version_is_refused(fixture: &dyn AssignmentServiceFixture) -> Result<(), Violation> {
    let run = CheckRun::begin("an unknown version is refused", fixture).await?;
    let since_version = Some("00000000-0000-1000-8000-0000000000ff".to_owned());
    let query = AssignmentsQuery { since_version: since_version.clone(), ..AssignmentsQuery::default() };
    let error = run.promise.fails("assignments", run.service().assignments(&run.token, &query).await)?;
    run.promise.same("assignments", &Some(UNKNOWN_VERSION), &error.number())?;
    let query = UsersQuery { since_version, ..UsersQuery::default() };
    let error = run.promise.fails("users", run.service().users(&run.token, &query).await)?;
    run.promise.same("users", &Some(UNKNOWN_VERSION), &error.number())
}

/// A user is registered with an invitation, associated at once with a managed account, and retired.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_user_is_registered_associated_and_retired(
    fixture: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("a user is registered, associated and retired", fixture).await?;
    let account = "ada@example.org";
    run.prepared(fixture.managed_account(&run.location, account).await)?;
    let user = run.registered("9d1e").await?;
    let query = UsersQuery { client_user_id: Some(user.clone()), ..UsersQuery::default() };
    for (act, account, status) in [
        (None, None, VppUserStatus::Registered),
        (Some(UserAct::Update), Some(account), VppUserStatus::Associated),
        (Some(UserAct::Retire), None, VppUserStatus::Retired),
    ] {
        let step = format!("{status:?}");
        if let Some(act) = act {
            let accepted = run.promise.works(&step, run.manage_user(act, &user, account).await)?;
            let ended = run.end_of(&step, &accepted).await?;
            run.promise.same(&step, &EventStatus::Complete, &ended)?;
        }
        let found = run.users(&step, &query).await?;
        let found: Vec<_> = found
            .into_iter()
            .map(|user| (user.client_user_id, user.status, user.invite_code.is_some()))
            .collect();
        let invited = status == VppUserStatus::Registered;
        run.promise.same(&step, &vec![(user.clone(), status, invited)], &found)?;
    }
    Ok(())
}

/// A retired user is not among the active ones.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_retired_user_is_not_active(fixture: &dyn AssignmentServiceFixture) -> Result<(), Violation> {
    let run = CheckRun::begin("a retired user is not active", fixture).await?;
    let (stays, retires) = (run.registered("stays").await?, run.registered("retires").await?);
    let step = "retiring one of two";
    let accepted = run.promise.works(step, run.manage_user(UserAct::Retire, &retires, None).await)?;
    run.promise.same(step, &EventStatus::Complete, &run.end_of(step, &accepted).await?)?;
    let ids = async |active_only| {
        let query = UsersQuery { active_only, ..UsersQuery::default() };
        let mut ids: Vec<_> =
            run.users(step, &query).await?.into_iter().map(|user| user.client_user_id).collect();
        ids.sort();
        Ok(ids)
    };
    run.promise.same("the active ones", &vec![stays.clone()], &ids(true).await?)?;
    run.promise.same("all", &vec![retires, stays], &ids(false).await?)
}

/// Registering an existing user fails later, with 9716.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn an_existing_user_is_not_registered_again(
    fixture: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("an existing user is not registered again", fixture).await?;
    let user = run.registered("9d1e").await?;
    let step = "the second time";
    let accepted = run.promise.works(step, run.manage_user(UserAct::Create, &user, None).await)?;
    let EventStatus::Failed { failures } = run.end_of(step, &accepted).await? else {
        return Err(run.promise.broken(step, "that it fails", "that it succeeds"));
    };
    let told: Vec<_> = failures
        .into_iter()
        .map(|failure| (failure.error.number, failure.subjects.client_user_ids))
        .collect();
    run.promise.same(step, &vec![(Some(ErrorNumber(9716)), [user].into())], &told)
}
