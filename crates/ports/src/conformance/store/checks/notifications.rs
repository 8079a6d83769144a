//! Notifications are taken once, reach the requests of their events, and are forgotten after an hour.

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
    rows::at,
    store_fixture::{StoreFixture, build},
    talking::{asset, request, talk_of},
};
use crate::{LocationScope, NotificationId, Receipt, ReceivedNotification, Requests, Store};

fn event_id(story: &StoreFixture, text: &str) -> Result<EventId, Violation> {
    build(story.check, EventId::new(text))
}

fn heard(
    story: &StoreFixture,
    location: &LocationId,
    id: &str,
    seconds: i64,
) -> Result<ReceivedNotification, Violation> {
    let id =
        NotificationId::new(id).ok_or_else(|| story.violation("an id", "it can be built", "it cannot"))?;
    let due = vec![Job::at(JobKind::PollEvents { location: location.clone() }, at(seconds))];
    Ok(ReceivedNotification {
        location: location.clone(),
        id,
        received_at: at(seconds),
        event: None,
        jobs: due,
    })
}

fn accepted(story: &StoreFixture, number: u64, event: &str) -> Result<Request, Violation> {
    let state =
        RequestState::Accepted { event_id: event_id(story, event)?, accepted_at: at(1), asked_at: None };
    Ok(Request { state, ..request(&story.berlin, number, &[2], &[story.serial("C02")?]) })
}

/// A notification is taken once, for the tenant that has its location, and makes due what it says.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_notification_is_taken_once(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a notification is taken once", store)?;
    story.settle_talk(&story.acme, &story.berlin).await?;
    let one = heard(&story, &story.berlin, "one", 5)?;
    let hear = async |notification: &ReceivedNotification| {
        story.works("hearing", story.store.record_notification(notification).await)
    };
    story.same("the first time", &Receipt::Recorded, &hear(&one).await?)?;
    let due = story.due(at(5)).await?;
    story.same("what it made due", &vec![&story.acme], &due.iter().map(|due| &due.tenant).collect())?;
    let again = ReceivedNotification { received_at: at(9), ..one.clone() };
    story.same("the second time", &Receipt::Repeated, &hear(&again).await?)?;
    story.same("nothing more is due", &due, &story.due(at(5)).await?)?;
    let other = heard(&story, &story.munich, "one", 5)?;
    story.same("of nobody's location", &Receipt::UnknownLocation, &hear(&other).await?)?;
    let late = TimeDelta::hours(1) + TimeDelta::seconds(6);
    let later = ReceivedNotification { received_at: at(0) + late, ..heard(&story, &story.berlin, "two", 0)? };
    story.same("an hour later", &Receipt::Recorded, &hear(&later).await?)?;
    let within = ReceivedNotification { received_at: at(0) + late, ..later };
    story.same("what is younger than an hour is known", &Receipt::Repeated, &hear(&within).await?)
}

/// What notifications say of an event comes with the request that has it, whichever was first.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn what_notifications_say_comes_with_the_request(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("what notifications say comes with the request", store)?;
    story.settle_talk(&story.acme, &story.berlin).await?;
    let notice = |event: &str, serial: &str| {
        Ok::<_, Violation>(NotifiedEvent::of(event_id(&story, event)?, [(asset(2), story.device(serial)?)]))
    };
    let hear = async |id: &str, seconds, notice: &NotifiedEvent| {
        let plain = heard(&story, &story.berlin, id, seconds)?;
        let notification = ReceivedNotification { event: Some(notice.clone()), ..plain };
        story.works("hearing", story.store.record_notification(&notification).await)
    };
    let (early, late) = (notice("e'%_\\", "C02")?, notice("e'%_\\", "C03")?);
    story.same("before its answer", &Receipt::UnknownEvent, &hear("z", 1, &early).await?)?;
    let requests = vec![accepted(&story, 1, "e'%_\\")?, accepted(&story, 2, "other")?];
    let saved = |requests| LocationChanges { requests, ..LocationChanges::default() };
    story.talk(&story.acme, &story.berlin, saved(requests.clone())).await?;
    story.same("after its answer", &Receipt::Recorded, &hear("a", 2, &late).await?)?;
    let scope = LocationScope { requests: Requests::Open, notified_events: true, ..talk_of(&story.berlin) };
    let rows = story.in_berlin(scope.clone()).await?;
    story.same("in the order in which they were heard", &vec![early, late], &rows.notified_events)?;
    let without = story.in_berlin(LocationScope { notified_events: false, ..scope.clone() }).await?;
    story.same("unless they are asked for", &0, &without.notified_events.len())?;
    let over = requests.into_iter().map(|request| Request { state: RequestState::Ended, ..request });
    story.talk(&story.acme, &story.berlin, saved(over.collect())).await?;
    story.same("not when it is over", &0, &story.in_berlin(scope).await?.notified_events.len())?;
    let unknown = hear("b", 3, &notice("other", "C02")?).await?;
    story.same("nor is its event known then", &Receipt::UnknownEvent, &unknown)
}

/// Requests that are over are forgotten when a decision says so; those that await their answer are not.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn old_requests_are_forgotten_when_they_are_over(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("old requests are forgotten when they are over", store)?;
    story.settle_talk(&story.acme, &story.berlin).await?;
    let over = |number| {
        let state = RequestState::Ended;
        Ok::<_, Violation>(Request { state, ..accepted(&story, number, "e")? })
    };
    let requests = vec![over(1)?, accepted(&story, 2, "e")?, over(3)?, over(4)?];
    let saved = LocationChanges { requests, ..LocationChanges::default() };
    story.talk(&story.acme, &story.berlin, saved).await?;
    let before = Some(RequestNumber(4));
    let forget = LocationChanges { forget_requests_before: before, ..LocationChanges::default() };
    story.talk(&story.acme, &story.berlin, forget).await?;
    for (number, expected) in [(1, 0), (2, 1), (3, 0), (4, 1)] {
        let scope =
            LocationScope { requests: Requests::One(RequestNumber(number)), ..talk_of(&story.berlin) };
        let found = story.in_berlin(scope).await?.requests.len();
        story.same(&format!("request {number}"), &expected, &found)?;
    }
    Ok(())
}
