//! Notifications are taken once, reach the requests of their events, and are forgotten after an hour.

use std::sync::Arc;

use chrono::TimeDelta;
use mdm_vpp_core::{
    id::LocationId,
    location::{Notice, TalkChanges},
    seats::{EventId, Request, RequestNumber, RequestState},
    transaction::{Due, DueKind},
};

use super::super::{
    Violation,
    rows::at,
    story::{Story, build},
    talking::{asset, request, talk_of},
};
use crate::{HeardNotification, Hearing, NotificationId, Requests, Store, TalkScope};

fn event_id(story: &Story, text: &str) -> Result<EventId, Violation> {
    build(story.check, EventId::new(text))
}

fn heard(
    story: &Story,
    location: &LocationId,
    id: &str,
    seconds: i64,
) -> Result<HeardNotification, Violation> {
    let id =
        NotificationId::new(id).ok_or_else(|| story.violation("an id", "it can be built", "it cannot"))?;
    let due = vec![Due::at(DueKind::Ask { location: location.clone() }, at(seconds))];
    Ok(HeardNotification { location: location.clone(), id, heard_at: at(seconds), notice: None, due })
}

fn accepted(story: &Story, number: u64, event: &str) -> Result<Request, Violation> {
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
    let story = Story::begin("a notification is taken once", store)?;
    story.settle_talk(&story.acme, &story.berlin).await?;
    let one = heard(&story, &story.berlin, "one", 5)?;
    let hear =
        async |notification: &HeardNotification| story.works("hearing", story.store.hear(notification).await);
    story.same("the first time", &Hearing::Taken, &hear(&one).await?)?;
    let due = story.due(at(5)).await?;
    story.same("what it made due", &vec![&story.acme], &due.iter().map(|due| &due.tenant).collect())?;
    let again = HeardNotification { heard_at: at(9), ..one.clone() };
    story.same("the second time", &Hearing::Repeated, &hear(&again).await?)?;
    story.same("nothing more is due", &due, &story.due(at(5)).await?)?;
    let other = heard(&story, &story.munich, "one", 5)?;
    story.same("of nobody's location", &Hearing::UnknownLocation, &hear(&other).await?)?;
    let late = TimeDelta::hours(1) + TimeDelta::seconds(6);
    let later = HeardNotification { heard_at: at(0) + late, ..heard(&story, &story.berlin, "two", 0)? };
    story.same("an hour later", &Hearing::Taken, &hear(&later).await?)?;
    let within = HeardNotification { heard_at: at(0) + late, ..later };
    story.same("what is younger than an hour is known", &Hearing::Repeated, &hear(&within).await?)
}

/// What notifications say of an event comes with the request that has it, whichever was first.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn what_notifications_say_comes_with_the_request(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = Story::begin("what notifications say comes with the request", store)?;
    story.settle_talk(&story.acme, &story.berlin).await?;
    let notice = |event: &str, serial: &str| {
        Ok::<_, Violation>(Notice::of(event_id(&story, event)?, [(asset(2), story.device(serial)?)]))
    };
    let hear = async |id: &str, seconds, notice: &Notice| {
        let plain = heard(&story, &story.berlin, id, seconds)?;
        let notification = HeardNotification { notice: Some(notice.clone()), ..plain };
        story.works("hearing", story.store.hear(&notification).await)
    };
    let (early, late) = (notice("e'%_\\", "C02")?, notice("e'%_\\", "C03")?);
    story.same("before its answer", &Hearing::UnknownEvent, &hear("z", 1, &early).await?)?;
    let requests = vec![accepted(&story, 1, "e'%_\\")?, accepted(&story, 2, "other")?];
    let saved = |requests| TalkChanges { requests, ..TalkChanges::default() };
    story.talk(&story.acme, &story.berlin, saved(requests.clone())).await?;
    story.same("after its answer", &Hearing::Taken, &hear("a", 2, &late).await?)?;
    let scope = TalkScope { requests: Requests::Open, notices: true, ..talk_of(&story.berlin) };
    let rows = story.in_berlin(scope.clone()).await?;
    story.same("in the order in which they were heard", &vec![early, late], &rows.notices)?;
    let without = story.in_berlin(TalkScope { notices: false, ..scope.clone() }).await?;
    story.same("unless they are asked for", &0, &without.notices.len())?;
    let over = requests.into_iter().map(|request| Request { state: RequestState::Settled, ..request });
    story.talk(&story.acme, &story.berlin, saved(over.collect())).await?;
    story.same("not when it is over", &0, &story.in_berlin(scope).await?.notices.len())?;
    let unknown = hear("b", 3, &notice("other", "C02")?).await?;
    story.same("nor is its event known then", &Hearing::UnknownEvent, &unknown)
}

/// Requests that are over are forgotten when a decision says so; those that await their answer are not.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn old_requests_are_forgotten_when_they_are_over(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = Story::begin("old requests are forgotten when they are over", store)?;
    story.settle_talk(&story.acme, &story.berlin).await?;
    let over = |number| {
        let state = RequestState::Settled;
        Ok::<_, Violation>(Request { state, ..accepted(&story, number, "e")? })
    };
    let requests = vec![over(1)?, accepted(&story, 2, "e")?, over(3)?, over(4)?];
    let saved = TalkChanges { requests, ..TalkChanges::default() };
    story.talk(&story.acme, &story.berlin, saved).await?;
    let before = Some(RequestNumber(4));
    let forget = TalkChanges { forget_requests_before: before, ..TalkChanges::default() };
    story.talk(&story.acme, &story.berlin, forget).await?;
    for (number, expected) in [(1, 0), (2, 1), (3, 0), (4, 1)] {
        let scope = TalkScope { requests: Requests::One(RequestNumber(number)), ..talk_of(&story.berlin) };
        let found = story.in_berlin(scope).await?.requests.len();
        story.same(&format!("request {number}"), &expected, &found)?;
    }
    Ok(())
}
