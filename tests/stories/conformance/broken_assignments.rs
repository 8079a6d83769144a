//! The suite of assignments finds what a service does wrong.

use std::collections::BTreeSet;

use async_trait::async_trait;
use mdm_vpp::{
    adapters::apple::AppleAssignmentService,
    ports::{
        AcceptedEvent, AssignmentService, AssignmentsPage, AssignmentsQuery, ClientConfig, EventReport,
        EventStatus, ManageAssets, ManageUsers, Notification, NotificationRefusal, ServiceError,
        ServiceErrorKind, ServiceLimits, Subscription, UserAct, UsersPage, UsersQuery,
        conformance::assignment_service::checks,
    },
    seats::{Direction, EventId, Holders, VppUserStatus},
    token::ContentToken,
};

use super::assignment_fixture::assignments_with;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mistake {
    None,
    TriesAgain,
    ReadsOnePage,
    ForgetsTheQuery,
    AsksForTheWholeList,
    TakesAnyPage,
    FailsOnNothing,
    BelievesAtOnce,
    GivesInsteadOfTakes,
    RevokesNothing,
    HidesFailures,
    HidesUnknownEvents,
    HidesTheNumber,
    ForgetsTheSubjects,
    TellsTheSecret,
    ForgetsTheLocation,
    KnowsItsOwnLimits,
    ListsTheRetired,
    ForgetsTheInvitation,
    TakesEveryRegistration,
    RefusesWhatIsDoneAlready,
}

/// Each mistake with checks that have to find it, perhaps among others.
const FOUND_BY: &[(Mistake, &[&str])] = &[
    (Mistake::TriesAgain, &["each_call_is_one_request"]),
    (Mistake::ReadsOnePage, &["every_page_of_assignments_is_read"]),
    (Mistake::ForgetsTheQuery, &["a_part_of_a_list_is_all_of_it_and_nothing_else"]),
    (
        Mistake::AsksForTheWholeList,
        &["a_delta_holds_what_was_assigned_since", "an_unknown_version_is_refused"],
    ),
    (Mistake::TakesAnyPage, &["a_page_that_is_not_there_is_refused"]),
    (Mistake::FailsOnNothing, &["a_list_of_nothing_is_empty"]),
    (Mistake::BelievesAtOnce, &["an_accepted_request_is_pending_until_it_is_done"]),
    (Mistake::GivesInsteadOfTakes, &["an_accepted_request_is_pending_until_it_is_done"]),
    (Mistake::RevokesNothing, &["a_revocation_takes_all_of_a_holder"]),
    (
        Mistake::HidesFailures,
        &[
            "an_event_that_fails_names_the_holders_without_a_license",
            "an_existing_user_is_not_registered_again",
        ],
    ),
    (Mistake::HidesUnknownEvents, &["an_unknown_event_is_refused"]),
    (
        Mistake::HidesTheNumber,
        &["a_number_beside_status_200_is_an_error_of_every_call", "a_license_for_an_unknown_user_is_refused"],
    ),
    (Mistake::ForgetsTheSubjects, &["a_refusal_names_its_subjects"]),
    (Mistake::TellsTheSecret, &["no_error_of_any_call_holds_the_secret"]),
    (Mistake::ForgetsTheLocation, &["every_answer_names_the_location"]),
    (Mistake::KnowsItsOwnLimits, &["limits_are_those_of_the_service_config"]),
    (Mistake::ListsTheRetired, &["a_retired_user_is_not_active"]),
    (Mistake::ForgetsTheInvitation, &["a_user_is_registered_associated_and_retired"]),
    (Mistake::TakesEveryRegistration, &["an_existing_user_is_not_registered_again"]),
    (Mistake::RefusesWhatIsDoneAlready, &["a_change_that_changes_nothing_succeeds"]),
];

/// The client with a mistake.
struct Broken {
    apple: AppleAssignmentService,
    mistake: Mistake,
}

impl Broken {
    fn is(&self, mistake: Mistake) -> bool {
        self.mistake == mistake
    }

    fn error(&self, mut error: ServiceError, token: &ContentToken) -> ServiceError {
        match (self.mistake, error.kind) {
            (Mistake::HidesTheNumber, ServiceErrorKind::Apple { error: apple, .. }) => {
                error.kind = ServiceErrorKind::HttpStatus { status: 500, excerpt: apple.message };
            }
            (Mistake::ForgetsTheSubjects, ServiceErrorKind::Apple { error: apple, http_status, .. }) => {
                error.kind = ServiceErrorKind::Apple { error: apple, http_status, subjects: Box::default() };
            }
            (Mistake::TellsTheSecret, _) => {
                error.kind = ServiceErrorKind::Unreachable { reason: token.expose().to_owned() };
            }
            (_, kind) => error.kind = kind,
        }
        error
    }

    fn accepted(
        &self,
        answer: Result<AcceptedEvent, ServiceError>,
        token: &ContentToken,
    ) -> Result<AcceptedEvent, ServiceError> {
        let mut accepted = answer.map_err(|error| self.error(error, token))?;
        if self.is(Mistake::ForgetsTheLocation) {
            accepted.location = None;
        }
        Ok(accepted)
    }
}

#[async_trait]
impl AssignmentService for Broken {
    async fn limits(&self) -> Result<ServiceLimits, ServiceError> {
        if self.is(Mistake::KnowsItsOwnLimits) {
            return Ok(ServiceLimits::default());
        }
        self.apple.limits().await
    }

    async fn assignments(
        &self,
        token: &ContentToken,
        asked: &AssignmentsQuery,
    ) -> Result<AssignmentsPage, ServiceError> {
        let mut asked = asked.clone();
        match self.mistake {
            Mistake::ForgetsTheQuery => asked.serial_number = None,
            Mistake::AsksForTheWholeList => asked.since_version = None,
            Mistake::TakesAnyPage if asked.page > 3 => asked.page = 0,
            _ => {}
        }
        let mut answer = self.apple.assignments(token, &asked).await;
        if self.is(Mistake::TriesAgain) && answer.is_err() {
            answer = self.apple.assignments(token, &asked).await;
        }
        let mut page = answer.map_err(|error| self.error(error, token))?;
        if self.is(Mistake::ReadsOnePage) {
            page.page.next = None;
        }
        if self.is(Mistake::FailsOnNothing) && page.assignments.is_empty() {
            return Err(ServiceError::apple("reading the assignments", 9603, "empty", 200));
        }
        Ok(page)
    }

    async fn manage_assets(
        &self,
        token: &ContentToken,
        order: &ManageAssets,
    ) -> Result<AcceptedEvent, ServiceError> {
        let mut order = order.clone();
        if self.is(Mistake::GivesInsteadOfTakes) {
            order.direction = Direction::Associate;
        }
        if self.is(Mistake::RefusesWhatIsDoneAlready) {
            let held = self.apple.assignments(token, &AssignmentsQuery::default()).await?.assignments;
            if held.is_empty() != (order.direction == Direction::Associate) {
                return Err(ServiceError::apple("associating assets", 9616, "already assigned", 400));
            }
        }
        self.accepted(self.apple.manage_assets(token, &order).await, token)
    }

    async fn revoke_assets(&self, token: &ContentToken, of: &Holders) -> Result<AcceptedEvent, ServiceError> {
        if self.is(Mistake::RevokesNothing) {
            let serial_numbers = BTreeSet::from(["C02Z".to_owned().try_into().unwrap()]);
            return self.apple.revoke_assets(token, &Holders::Devices { serial_numbers }).await;
        }
        self.accepted(self.apple.revoke_assets(token, of).await, token)
    }

    async fn event(&self, token: &ContentToken, event_id: &EventId) -> Result<EventReport, ServiceError> {
        let answer = self.apple.event(token, event_id).await.map_err(|error| self.error(error, token));
        let complete = |report| Ok(EventReport { status: EventStatus::Complete, ..report });
        match (self.mistake, answer) {
            (Mistake::BelievesAtOnce, Ok(report)) => complete(report),
            (Mistake::HidesFailures, Ok(report)) if report.status != EventStatus::Pending => complete(report),
            (Mistake::HidesUnknownEvents, Err(error)) if error.number().is_some() => {
                Ok(EventReport { status: EventStatus::Pending, location: None, reply: Default::default() })
            }
            (_, answer) => answer,
        }
    }

    async fn users(&self, token: &ContentToken, asked: &UsersQuery) -> Result<UsersPage, ServiceError> {
        let mut asked = asked.clone();
        if self.is(Mistake::ListsTheRetired) {
            asked.active_only = false;
        }
        let mut page = self.apple.users(token, &asked).await.map_err(|error| self.error(error, token))?;
        for user in &mut page.users {
            if self.is(Mistake::ForgetsTheInvitation) && user.status == VppUserStatus::Registered {
                user.invite_code = None;
            }
        }
        Ok(page)
    }

    async fn manage_users(
        &self,
        token: &ContentToken,
        order: &ManageUsers,
    ) -> Result<AcceptedEvent, ServiceError> {
        let mut order = order.clone();
        if self.is(Mistake::TakesEveryRegistration) {
            let known = self.apple.users(token, &UsersQuery::default()).await?;
            order.act = if known.users.is_empty() { order.act } else { UserAct::Update };
        }
        self.accepted(self.apple.manage_users(token, &order).await, token)
    }

    async fn subscribe(
        &self,
        token: &ContentToken,
        subscription: &Subscription,
    ) -> Result<ClientConfig, ServiceError> {
        self.apple.subscribe(token, subscription).await
    }

    fn read_notification(&self, body: &[u8]) -> Result<Notification, NotificationRefusal> {
        self.apple.read_notification(body)
    }
}

/// The checks that find a mistake.
async fn found_by(mistake: Mistake) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    macro_rules! run_each {
        ($($check:ident),+ $(,)?) => {
            $(
                let fixture = assignments_with(|apple| Box::new(Broken { apple, mistake })).await;
                if checks::$check(&fixture).await.is_err() {
                    found.insert(stringify!($check));
                }
            )+
        };
    }
    mdm_vpp::ports::for_each_assignment_service_check!(run_each);
    found
}

#[tokio::test]
async fn a_service_of_assignments_without_a_mistake_passes() {
    assert_eq!(found_by(Mistake::None).await, BTreeSet::new());
}

#[tokio::test]
async fn each_mistake_with_assignments_is_found() {
    for (mistake, by) in FOUND_BY {
        let found = found_by(*mistake).await;
        for check in *by {
            assert!(found.contains(check), "{check} did not find {mistake:?}; {found:?} did");
        }
    }
}

#[test]
fn each_check_of_assignments_finds_something() {
    macro_rules! names {
        ($($check:ident),+ $(,)?) => { BTreeSet::from([$(stringify!($check)),+]) };
    }
    let aimed: BTreeSet<&str> = FOUND_BY.iter().flat_map(|(_, by)| by.iter().copied()).collect();
    assert_eq!(aimed, mdm_vpp::ports::for_each_assignment_service_check!(names));
}
