//! Subscribing: where Apple sends notifications is compared with where it shall, and changed. All of it stands here.

use chrono::TimeDelta;
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    location::{LocationChanges, LocationRows, LocationState},
    plan::Call,
    token::TokenOperation,
    transaction::{Decision, Job, JobKind},
};
use mdm_vpp_ports::{Lease, LoadScope, ServiceError, StoreError, Subscription};

use super::{
    calls::{JobOutcome, SessionError, session_error},
    location_session::LocationSession,
    scopes,
};
use crate::{transact::one_token, vpp::Context, work_failure::Failure};

/// "Notification URL not reachable": the test notification was not answered with success.
const UNREACHABLE: u32 = 9728;
/// The longest wait between two tries, in minutes: a day. Our choice: only a person can change what is wrong.
const LONGEST_WAIT_MINUTES: i64 = 24 * 60;

impl Context {
    /// Compares where Apple sends the notifications of a location, as client config says, with where it shall. When it
    /// differs and the location is ours, subscribing is due, unless it is already and waits for its next try.
    pub(crate) async fn watch_subscription(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        seen: Option<&Subscription>,
    ) -> Result<(), StoreError> {
        if self.assignments.is_none() {
            return Ok(());
        }
        let wanted = self.notifications.as_ref().map(|notifications| notifications.wanted(location).ok());
        let agrees = seen.is_some() && wanted.as_ref().is_some_and(|wanted| wanted.as_ref() == seen);
        let scope =
            LoadScope { location: Some(scopes::location_scope(location, None)), ..one_token(location) };
        let loaded = self.store.load(tenant, &scope).await?;
        let (Some(token), Some(rows)) = (loaded.token(location), &loaded.location) else { return Ok(()) };
        if rows.state.subscribed != agrees {
            self.keep_subscribed(tenant, location, None, agrees).await?;
        }
        let now = self.clock.now();
        if agrees || self.read_only || wanted.is_none() || !token.status(now).allows(TokenOperation::Write) {
            return Ok(());
        }
        let subscribe = JobKind::Subscribe { location: location.clone() };
        let due = self.store.jobs_of_location(tenant, location).await?;
        if due.iter().any(|due| due.kind == subscribe) {
            return Ok(());
        }
        self.store.enqueue(tenant, &[Job::at(subscribe, now)]).await
    }

    async fn keep_subscribed(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        lease: Option<&Lease>,
        subscribed: bool,
    ) -> Result<(), StoreError> {
        let decide = move |rows: &LocationRows| {
            let talk = Some(LocationState { subscribed, ..rows.state.clone() });
            Decision {
                location: LocationChanges { state: talk, ..LocationChanges::default() },
                ..Decision::default()
            }
        };
        self.save_location(tenant, scopes::location_scope(location, lease), decide).await
    }
}

impl LocationSession<'_> {
    /// Subscribes. Apple sends its test notification meanwhile, to any process that shares the keys.
    pub(super) async fn subscribe(&mut self, due: &Job) -> Result<JobOutcome, SessionError> {
        let Some(notifications) = &self.parts.notifications else { return Ok(JobOutcome::Done) };
        let wanted = match notifications.wanted(self.location()) {
            Ok(wanted) => wanted,
            Err(error) => {
                return Err(self.not_subscribed("notification_secret", None, error.to_string(), due));
            }
        };
        self.renew_lease().await?;
        self.parts.permit(&self.lease, self.limits.pace, Call::Write).await?;
        if !self.outlasts_a_call() {
            return Err(StoreError::LeaseLost { location: self.location().clone() }.into());
        }
        match self.service.subscribe(&self.secret, &wanted).await.map_err(|error| self.heeding(error)) {
            Ok(_) => {
                let lease = Some(&self.lease);
                self.parts.keep_subscribed(self.tenant, self.location(), lease, true).await?;
                tracing::info!(location = %self.location(), "subscribed to notifications");
                Ok(JobOutcome::Done)
            }
            Err(error) if error.number().is_some_and(|number| number.0 == UNREACHABLE) => {
                let trouble = unreachable(&wanted.url, &error);
                Err(self.not_subscribed(error.code(), error.number(), trouble, due))
            }
            Err(error) => Err(session_error(error)),
        }
    }

    /// It is tried again after a wait that grows from a minute to a day.
    fn not_subscribed(
        &self,
        code: &'static str,
        number: Option<mdm_vpp_core::apple_error::ErrorNumber>,
        trouble: String,
        due: &Job,
    ) -> SessionError {
        let minutes = (1i64 << due.tries.min(11)).min(LONGEST_WAIT_MINUTES);
        let again = due.rescheduled_in(self.parts.clock.now(), TimeDelta::minutes(minutes));
        SessionError::Hitch(Box::new((Failure { code, number, message: trouble }, again)))
    }
}

fn unreachable(url: &str, error: &ServiceError) -> String {
    format!(
        "{error}. Apple's test notification was not answered with success: make `{url}` reachable from the internet, \
         let it hand the body and the header `Authorization` to `Vpp::notification`, and answer with the status that \
         this names. Until then Apple is asked instead, and nothing else depends on it"
    )
}
