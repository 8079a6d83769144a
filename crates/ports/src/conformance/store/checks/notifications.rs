//! Notifications are recorded once, and what they report comes with the requests of their events.

use std::sync::Arc;

use chrono::TimeDelta;
use mdm_vpp_core::{
    id::LocationId,
    location::{LocationChanges, NotifiedEvent},
    seats::{EventId, Request, RequestNumber, RequestState},
    transaction::{Job, JobKind},
};

use super::super::{
    Violation,
    location_fixture::{asset, request},
    rows::at,
    store_fixture::{StoreFixture, build},
};
use crate::{LocationScope, NotificationId, Receipt, ReceivedNotification, Requests, Store};

fn event_id(fixture: &StoreFixture, text: &str) -> Result<EventId, Violation> {
    build(fixture.check, EventId::new(text))
}

fn notification(
    fixture: &StoreFixture,
    location: &LocationId,
    id: &str,
    seconds: i64,
) -> Result<ReceivedNotification, Violation> {
    let id =
        NotificationId::new(id).ok_or_else(|| fixture.violation("an id", "it can be built", "it cannot"))?;
    let due = vec![Job::at(JobKind::PollEvents { location: location.clone() }, at(seconds))];
    Ok(ReceivedNotification {
        location: location.clone(),
        id,
        received_at: at(seconds),
        event: None,
        jobs: due,
    })
}

fn accepted(fixture: &StoreFixture, number: u64, event: &str) -> Result<Request, Violation> {
    let state =
        RequestState::Accepted { event_id: event_id(fixture, event)?, accepted_at: at(1), asked_at: None };
    Ok(Request { state, ..request(&fixture.berlin, number, &[2], &[fixture.serial("C02")?]) })
}

/// A notification is recorded once, for the tenant that has its location, and its jobs are enqueued.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_notification_is_recorded_once(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a notification is recorded once", store)?;
    fixture.add_location(&fixture.acme, &fixture.berlin).await?;
    let one = notification(&fixture, &fixture.berlin, "one", 5)?;
    let record = async |notification: &ReceivedNotification| {
        fixture.works("recording", fixture.store.record_notification(notification).await)
    };
    fixture.same("the first time", &Receipt::Recorded, &record(&one).await?)?;
    let due = fixture.jobs_due(at(5)).await?;
    fixture.same(
        "the jobs that it enqueued",
        &vec![&fixture.acme],
        &due.iter().map(|due| &due.tenant).collect(),
    )?;
    let again = ReceivedNotification { received_at: at(9), ..one.clone() };
    fixture.same("the second time", &Receipt::Repeated, &record(&again).await?)?;
    fixture.same("no more jobs", &due, &fixture.jobs_due(at(5)).await?)?;
    let other = notification(&fixture, &fixture.munich, "one", 5)?;
    fixture.same("of a location without a token", &Receipt::UnknownLocation, &record(&other).await?)?;
    let late = TimeDelta::hours(1) + TimeDelta::seconds(6);
    let later = ReceivedNotification {
        received_at: at(0) + late,
        ..notification(&fixture, &fixture.berlin, "two", 0)?
    };
    fixture.same("an hour later", &Receipt::Recorded, &record(&later).await?)?;
    let within = ReceivedNotification { received_at: at(0) + late, ..later };
    fixture.same("one that is younger than an hour is known", &Receipt::Repeated, &record(&within).await?)
}

/// The events that notifications reported come with their requests, whichever was saved first.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn notified_events_come_with_their_request(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("notified events come with their request", store)?;
    fixture.add_location(&fixture.acme, &fixture.berlin).await?;
    let event = |event: &str, serial: &str| {
        Ok::<_, Violation>(NotifiedEvent::of(
            event_id(&fixture, event)?,
            [(asset(2), fixture.device(serial)?)],
        ))
    };
    let record = async |id: &str, seconds, reported: &NotifiedEvent| {
        let plain = notification(&fixture, &fixture.berlin, id, seconds)?;
        let notification = ReceivedNotification { event: Some(reported.clone()), ..plain };
        fixture.works("recording", fixture.store.record_notification(&notification).await)
    };
    let (early, late) = (event("e'%_\\", "C02")?, event("e'%_\\", "C03")?);
    fixture.same("before Apple's answer", &Receipt::UnknownEvent, &record("z", 1, &early).await?)?;
    let requests = vec![accepted(&fixture, 1, "e'%_\\")?, accepted(&fixture, 2, "other")?];
    let saved = |requests| LocationChanges { requests, ..LocationChanges::default() };
    fixture.save_location(&fixture.acme, &fixture.berlin, saved(requests.clone())).await?;
    fixture.same("after Apple's answer", &Receipt::Recorded, &record("a", 2, &late).await?)?;
    let scope = LocationScope::of(fixture.berlin.clone()).requests(Requests::Open).notified_events();
    let rows = fixture.in_berlin(scope.clone()).await?;
    fixture.same("in the order in which they were received", &vec![early, late], &rows.notified_events)?;
    let without = fixture.in_berlin(LocationScope { notified_events: false, ..scope.clone() }).await?;
    fixture.same("unless the scope names them", &0, &without.notified_events.len())?;
    let over = requests.into_iter().map(|request| Request { state: RequestState::Ended, ..request });
    fixture.save_location(&fixture.acme, &fixture.berlin, saved(over.collect())).await?;
    fixture.same("not when it is settled", &0, &fixture.in_berlin(scope).await?.notified_events.len())?;
    let unknown = record("b", 3, &event("other", "C02")?).await?;
    fixture.same("nor is its event known then", &Receipt::UnknownEvent, &unknown)
}

/// A decision can forget old requests; those that await their answer stay.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn old_requests_are_forgotten_when_they_are_settled(
    store: Arc<dyn Store>,
) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("old requests are forgotten when they are settled", store)?;
    fixture.add_location(&fixture.acme, &fixture.berlin).await?;
    let settled = |number| {
        let state = RequestState::Ended;
        Ok::<_, Violation>(Request { state, ..accepted(&fixture, number, "e")? })
    };
    let requests = vec![settled(1)?, accepted(&fixture, 2, "e")?, settled(3)?, settled(4)?];
    let saved = LocationChanges { requests, ..LocationChanges::default() };
    fixture.save_location(&fixture.acme, &fixture.berlin, saved).await?;
    let before = Some(RequestNumber(4));
    let forget = LocationChanges { forget_requests_before: before, ..LocationChanges::default() };
    fixture.save_location(&fixture.acme, &fixture.berlin, forget).await?;
    for (number, expected) in [(1, 0), (2, 1), (3, 0), (4, 1)] {
        let scope = LocationScope::of(fixture.berlin.clone()).requests(Requests::One(RequestNumber(number)));
        let found = fixture.in_berlin(scope).await?.requests.len();
        fixture.same(&format!("request {number}"), &expected, &found)?;
    }
    Ok(())
}
