//! How a check runs, alone and in the whole suite: a location with licenses, and what is listed of them.

use std::collections::BTreeSet;

use mdm_vpp_core::{
    catalog::{AssetKey, PricingParam},
    id::{AdamId, ClientUserId, LocationId, SerialNumber},
    seats::{Direction, Holder, Holders},
    token::ContentToken,
};

use super::{AssignmentServiceFixture, FixtureFuture, FixtureLicenses, Violation};
use crate::{
    AcceptedEvent, Assignment, AssignmentService, AssignmentsQuery, EventStatus, ManageAssets, ManageUsers,
    RegisteredUser, ServiceError, UserAct, UserToManage, UsersQuery, conformance::promise::Promise,
};

/// Runs every check, each on a fixture that `open` makes for it.
///
/// ```
/// use mdm_vpp_ports::conformance::assignment_service::{self, AssignmentServiceFixture, Violation};
///
/// async fn my_client_keeps_its_promises<S: AssignmentServiceFixture>(
///     open: impl AsyncFn() -> S,
/// ) -> Result<(), Violation> {
///     assignment_service::all(open).await
/// }
/// ```
///
/// # Errors
///
/// [`Violation`] tells the first promise that the service broke.
pub async fn all<S: AssignmentServiceFixture>(open: impl AsyncFn() -> S) -> Result<(), Violation> {
    macro_rules! run_each {
        ($($check:ident),+ $(,)?) => { $(super::checks::$check(&open().await).await?;)+ };
    }
    crate::for_each_assignment_service_check!(run_each);
    Ok(())
}

/// The number of pages after which a list counts as endless. The longest list of the suite has five.
const MOST_PAGES: u32 = 100;

/// A fixture with a location, and the promise that is tested there.
pub(super) struct CheckRun<'a> {
    pub(super) promise: Promise,
    pub(super) fixture: &'a dyn AssignmentServiceFixture,
    pub(super) location: LocationId,
    pub(super) token: ContentToken,
}

/// All pages of a list of assignments.
pub(super) struct FullList {
    pub(super) assignments: Vec<Assignment>,
    /// The version of the first page.
    pub(super) version_id: Option<String>,
    pub(super) pages: u32,
}

impl<'a> CheckRun<'a> {
    /// Begins at a location with ten licenses of each of the apps 1 and 2.
    pub(super) async fn begin(
        check: &'static str,
        fixture: &'a dyn AssignmentServiceFixture,
    ) -> Result<Self, Violation> {
        let promise = Promise(check);
        let licenses = [1, 2].map(|id| FixtureLicenses { adam_id: AdamId::new(id), licenses: 10 });
        let access = promise.staged(fixture.location(&licenses).await)?;
        Ok(Self { promise, fixture, location: access.location, token: access.token })
    }

    /// What the fixture has to prepare. A check on a fixture that could not be prepared shows nothing, so that is a
    /// violation too.
    pub(super) fn prepared<T>(&self, prepared: FixtureFuture<T>) -> Result<T, Violation> {
        self.promise.staged(prepared)
    }

    pub(super) fn service(&self) -> &'a dyn AssignmentService {
        self.fixture.service()
    }

    pub(super) fn user(&self, id: &str) -> Result<ClientUserId, Violation> {
        self.promise.built(ClientUserId::new(id))
    }

    /// The devices of these numbers.
    pub(super) fn devices(&self, numbers: impl IntoIterator<Item = u32>) -> Result<Holders, Violation> {
        let serial_numbers: Result<BTreeSet<_>, _> =
            numbers.into_iter().map(|number| SerialNumber::new(format!("C02A{number:06}"))).collect();
        Ok(Holders::Devices { serial_numbers: self.promise.built(serial_numbers)? })
    }

    pub(super) async fn change(
        &self,
        direction: Direction,
        apps: &[u64],
        holders: &Holders,
    ) -> Result<AcceptedEvent, ServiceError> {
        let assets = apps.iter().map(|id| asset(*id)).collect();
        let request = ManageAssets { direction, assets, holders: holders.clone() };
        self.service().manage_assets(&self.token, &request).await
    }

    /// Assigns or unassigns licenses, and sees it done.
    pub(super) async fn change_and_see(
        &self,
        step: &str,
        direction: Direction,
        apps: &[u64],
        holders: &Holders,
    ) -> Result<(), Violation> {
        let accepted = self.promise.works(step, self.change(direction, apps, holders).await)?;
        self.promise.same(step, &EventStatus::Complete, &self.end_of(step, &accepted).await?)
    }

    /// How an event ends.
    pub(super) async fn end_of(
        &self,
        step: &str,
        accepted: &AcceptedEvent,
    ) -> Result<EventStatus, Violation> {
        self.prepared(self.fixture.finish_events().await)?;
        Ok(self.promise.works(step, self.service().event(&self.token, &accepted.event_id).await)?.status)
    }

    /// All assignments of a list, page by page.
    pub(super) async fn read_all(&self, step: &str, query: &AssignmentsQuery) -> Result<FullList, Violation> {
        let mut list = FullList { assignments: Vec::new(), version_id: None, pages: 0 };
        let mut next = Some(query.page);
        while let Some(page) = next.filter(|_| list.pages < MOST_PAGES) {
            let query = AssignmentsQuery { page, ..query.clone() };
            let read = self.promise.works(step, self.service().assignments(&self.token, &query).await)?;
            list.version_id = list.version_id.or(read.page.version_id);
            list.assignments.extend(read.assignments);
            list.pages += 1;
            next = read.page.next;
        }
        Ok(list)
    }

    /// The assignments of a list, each once and in order; twice is a violation.
    pub(super) async fn listed(
        &self,
        step: &str,
        query: &AssignmentsQuery,
    ) -> Result<BTreeSet<Assignment>, Violation> {
        let assignments = self.read_all(step, query).await?.assignments;
        let (count, set) = (assignments.len(), BTreeSet::from_iter(assignments));
        self.promise.same(&format!("{step}: each once"), &set.len(), &count)?;
        Ok(set)
    }

    pub(super) async fn manage_user(
        &self,
        act: UserAct,
        user: &ClientUserId,
        managed_apple_id: Option<&str>,
    ) -> Result<AcceptedEvent, ServiceError> {
        let (client_user_id, managed_apple_id) = (user.clone(), managed_apple_id.map(str::to_owned));
        let users = vec![UserToManage { client_user_id, email: None, managed_apple_id }];
        self.service().manage_users(&self.token, &ManageUsers { act, users }).await
    }

    /// Registers a user, and sees it done.
    pub(super) async fn registered(&self, id: &str) -> Result<ClientUserId, Violation> {
        let user = self.user(id)?;
        let step = "registering a user";
        let accepted = self.promise.works(step, self.manage_user(UserAct::Create, &user, None).await)?;
        self.promise.same(step, &EventStatus::Complete, &self.end_of(step, &accepted).await?)?;
        Ok(user)
    }

    /// The first page of the users that are asked for.
    pub(super) async fn users(
        &self,
        step: &str,
        query: &UsersQuery,
    ) -> Result<Vec<RegisteredUser>, Violation> {
        Ok(self.promise.works(step, self.service().users(&self.token, query).await)?.users)
    }
}

pub(super) fn asset(id: u64) -> AssetKey {
    AssetKey { adam_id: AdamId::new(id), pricing_param: PricingParam::Standard }
}

/// Each of the apps for each of the holders.
pub(super) fn each(apps: &[u64], holders: &Holders) -> BTreeSet<Assignment> {
    let of = |id: &u64| {
        let asset = asset(*id);
        let to = |holder: Holder| Assignment { asset: asset.clone(), holder };
        holders.each().into_iter().map(to).collect::<Vec<_>>()
    };
    apps.iter().flat_map(of).collect()
}
