//! A part of Apple's service that fails for days is not asked again and again.

use chrono::TimeDelta;
use mdm_vpp::{
    decide::assignments::AssignmentChange,
    engine::WorkLimit,
    ports::Clock,
    simulator::{Endpoint, ErrorNumber, Fault, FaultRule},
};
use serde_json::Value;

use crate::fixture::{Fixture, PUBLIC_ONE, ada, device, id, seat, serials};

/// What Apple does for a day, and how often it is asked meanwhile. Afterwards all is as wished.
async fn asked_in_a_day(endpoint: Endpoint, fault: Fault) -> usize {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location("Berlin");
    fixture.buy(&uid, PUBLIC_ONE, 10);
    fixture.upload("Berlin", &token).await;
    fixture.settle().await;

    fixture.simulator.inject(FaultRule::at(endpoint, fault).always());
    fixture.simulator.clear_requests();
    let assign = serials(3).iter().map(|serial| seat(&uid, PUBLIC_ONE, device(serial))).collect();
    let change = AssignmentChange::Seats { assign, unassign: Default::default() };
    let _report = fixture.tenant().change_assignments(&id(&uid), &change, &ada()).await.unwrap();
    let end = fixture.clock.now() + TimeDelta::hours(24);
    while fixture.clock.now() < end && fixture.requests() < 1_000 {
        let next = fixture.vpp.work(WorkLimit::default()).await.unwrap().next_due.unwrap_or(end);
        fixture.clock.set(next.max(fixture.clock.now() + TimeDelta::milliseconds(1)));
        fixture.simulator.set_now(fixture.clock.now());
    }
    let asked = fixture.requests();

    fixture.simulator.clear_faults();
    fixture.advance(TimeDelta::hours(24));
    fixture.settle().await;
    let seats = fixture.seats(&uid).await;
    assert_eq!(seats.iter().filter(|seat| seat.is_usable()).count(), 3, "{seats:#?}");
    asked
}

#[tokio::test]
async fn a_location_whose_versions_apple_does_not_know_or_name_is_not_walked_again_and_again() {
    let unnamed = |body: &mut Value| {
        if let Some(page) = body.as_object_mut() {
            page.remove("versionId");
        }
    };
    let unknown = Fault::Error(ErrorNumber::new(9721));
    for fault in
        [Fault::edit_json(unnamed), Fault::edit_json(|page| page["versionId"] = "tea".into()), unknown]
    {
        let asked = asked_in_a_day(Endpoint::Assignments, fault).await;
        assert!(asked < 50, "{asked} requests in a day");
    }
}

#[tokio::test]
async fn a_refusal_of_the_token_that_a_sync_does_not_see_is_asked_about_once_an_hour() {
    for (endpoint, number) in
        [(Endpoint::Assignments, 9625), (Endpoint::AssociateAssets, 9637), (Endpoint::EventStatus, 9622)]
    {
        let asked = asked_in_a_day(endpoint, Fault::Error(ErrorNumber::new(number))).await;
        assert!(asked < 200, "{endpoint:?}, {number}: {asked} requests in a day");
    }
}

#[tokio::test]
async fn what_was_told_before_the_clock_jumped_back_is_not_read_all_day_long() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location("Berlin");
    fixture.buy(&uid, PUBLIC_ONE, 10);
    fixture.upload("Berlin", &token).await;
    fixture.settle().await;
    let unlisted = Fault::edit_json(|page| page["assignments"] = Value::Array(Vec::new()));
    fixture.simulator.inject(FaultRule::at(Endpoint::Assignments, unlisted).always());
    let assign = [seat(&uid, PUBLIC_ONE, device("C02A"))].into();
    let change = AssignmentChange::Seats { assign, unassign: Default::default() };
    let _report = fixture.tenant().change_assignments(&id(&uid), &change, &ada()).await.unwrap();
    for _ in 0..6 {
        fixture.advance(TimeDelta::seconds(10));
        fixture.work().await;
    }

    fixture.clock.advance(TimeDelta::hours(-24));
    fixture.simulator.clear_requests();
    fixture.tenant().sync_assets(&id(&uid)).await.unwrap();
    let end = fixture.clock.now() + TimeDelta::hours(23);
    while fixture.clock.now() < end && fixture.requests() < 1_000 {
        let next = fixture.vpp.work(WorkLimit::default()).await.unwrap().next_due.unwrap_or(end);
        fixture.clock.set(next.max(fixture.clock.now() + TimeDelta::milliseconds(1)));
        fixture.simulator.set_now(fixture.clock.now() + TimeDelta::hours(24));
    }
    assert!(fixture.requests() < 300, "{} requests in a day", fixture.requests());
}
