//! Lists of assignments: all pages, parts, and what changed.

use mdm_vpp_core::{
    apple_error::ErrorNumber,
    id::AdamId,
    seats::{Direction, Holder, Holders},
};

use super::super::{
    AssignmentServiceFixture, Violation,
    check_run::{CheckRun, each},
};
use crate::{AssignmentsQuery, UsersQuery};

const NO_SUCH_PAGE: ErrorNumber = ErrorNumber(9650);
const UNKNOWN_VERSION: ErrorNumber = ErrorNumber(9721);

/// Every page is read, and each assignment comes once.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn every_page_of_assignments_is_read(
    stage: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("every page of assignments is read", stage).await?;
    let devices = story.devices(1..=7)?;
    story.moved("giving licenses", Direction::Associate, &[1, 2], &devices).await?;
    for (capacity, pages) in [(3, 5), (7, 2), (14, 1), (100, 1)] {
        let step = format!("14 assignments, {capacity} a page");
        story.promise.staged(stage.page_capacity(capacity).await)?;
        let walked = story.walk(&step, &AssignmentsQuery::default()).await?;
        story.promise.same(&format!("{step}: pages"), &pages, &walked.pages)?;
        let listed = story.listed(&step, &AssignmentsQuery::default()).await?;
        story.promise.same(&step, &each(&[1, 2], &devices), &listed)?;
    }
    Ok(())
}

/// A location without assignments has one page, and nothing on it.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_list_of_nothing_is_empty(stage: &dyn AssignmentServiceFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("a list of nothing is empty", stage).await?;
    let walked = story.walk("no assignments", &AssignmentsQuery::default()).await?;
    story.promise.same("assignments", &Vec::new(), &walked.assignments)?;
    story.promise.same("pages", &1, &walked.pages)?;
    story.promise.same("users", &Vec::new(), &story.users("no users", &UsersQuery::default()).await?)
}

/// A page that is not there is refused with 9650.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_page_that_is_not_there_is_refused(
    stage: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("a page that is not there is refused", stage).await?;
    story.moved("giving a license", Direction::Associate, &[1], &story.devices([1])?).await?;
    let asked = AssignmentsQuery { page: 7, ..AssignmentsQuery::default() };
    let error = story.promise.fails("page 7", story.service().assignments(&story.token, &asked).await)?;
    story.promise.same("page 7 of the assignments", &Some(NO_SUCH_PAGE), &error.number())?;
    let asked = UsersQuery { page: 7, ..UsersQuery::default() };
    let error = story.promise.fails("page 7", story.service().users(&story.token, &asked).await)?;
    story.promise.same("page 7 of the users", &Some(NO_SUCH_PAGE), &error.number())
}

/// A part of the list that is asked for by app, device or user holds all of that part and nothing else.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_part_of_a_list_is_all_of_it_and_nothing_else(
    stage: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("a part of a list is all of it and nothing else", stage).await?;
    let (devices, first) = (story.devices(1..=3)?, story.devices([1])?);
    let user = story.registered("9d1e+& ü").await?;
    let users = Holders::Users { client_user_ids: [user.clone()].into() };
    story.moved("to devices", Direction::Associate, &[1, 2], &devices).await?;
    story.moved("to a user", Direction::Associate, &[2], &users).await?;
    story.promise.staged(stage.page_capacity(2).await)?;
    let all = AssignmentsQuery::default;

    let of_app = AssignmentsQuery { adam_id: Some(AdamId::new(1)), ..all() };
    story.promise.same("of an app", &each(&[1], &devices), &story.listed("of an app", &of_app).await?)?;
    let serial_number = first.each().into_iter().find_map(|holder| match holder {
        Holder::Device { serial_number } => Some(serial_number),
        Holder::User { .. } => None,
    });
    let of_device = AssignmentsQuery { serial_number, ..all() };
    let listed = story.listed("of a device", &of_device).await?;
    story.promise.same("of a device", &each(&[1, 2], &first), &listed)?;
    let of_user = AssignmentsQuery { client_user_id: Some(user), ..all() };
    story.promise.same("of a user", &each(&[2], &users), &story.listed("of a user", &of_user).await?)?;
    let of_both = AssignmentsQuery { adam_id: Some(AdamId::new(1)), ..of_device };
    let listed = story.listed("of a device and an app", &of_both).await?;
    story.promise.same("of a device and an app", &each(&[1], &first), &listed)
}

/// What was given since a version is in its delta, and nothing that stayed.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_delta_holds_what_was_given_since(
    stage: &dyn AssignmentServiceFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("a delta holds what was given since", stage).await?;
    story.moved("before", Direction::Associate, &[1], &story.devices(1..=3)?).await?;
    let version = story.walk("before", &AssignmentsQuery::default()).await?.version_id;
    story.promise.same("a version is told", &true, &version.is_some())?;
    let asked = AssignmentsQuery { since_version: version, ..AssignmentsQuery::default() };
    let step = "before anything changed";
    story.promise.same(step, &Default::default(), &story.listed(step, &asked).await?)?;
    let later = story.devices(4..=6)?;
    story.moved("after", Direction::Associate, &[2], &later).await?;
    story.promise.same("after", &each(&[2], &later), &story.listed("after", &asked).await?)
}

/// A version that Apple does not know is refused with 9721.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn an_unknown_version_is_refused(stage: &dyn AssignmentServiceFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("an unknown version is refused", stage).await?;
    let since_version = Some("00000000-0000-1000-8000-0000000000ff".to_owned());
    let asked = AssignmentsQuery { since_version: since_version.clone(), ..AssignmentsQuery::default() };
    let error =
        story.promise.fails("assignments", story.service().assignments(&story.token, &asked).await)?;
    story.promise.same("assignments", &Some(UNKNOWN_VERSION), &error.number())?;
    let asked = UsersQuery { since_version, ..UsersQuery::default() };
    let error = story.promise.fails("users", story.service().users(&story.token, &asked).await)?;
    story.promise.same("users", &Some(UNKNOWN_VERSION), &error.number())
}
