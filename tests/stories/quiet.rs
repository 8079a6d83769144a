//! A part of Apple's service that fails for days is not asked again and again.

use chrono::TimeDelta;
use mdm_vpp::{
    decide::assignments::AssignmentChange,
    engine::WorkLimit,
    ports::Clock,
    simulator::{Endpoint, ErrorNumber, Fault, FaultRule},
};
use serde_json::Value;

use crate::house::{House, PUBLIC_ONE, ada, device, id, seat, serials};

/// What Apple does for a day, and how often it is asked meanwhile. Afterwards all is as wished.
async fn asked_in_a_day(endpoint: Endpoint, fault: Fault) -> usize {
    let house = House::build().await;
    let (uid, token) = house.location("Berlin");
    house.buy(&uid, PUBLIC_ONE, 10);
    house.upload("Berlin", &token).await;
    house.settle().await;

    house.simulator.inject(FaultRule::at(endpoint, fault).always());
    house.simulator.clear_requests();
    let give = serials(3).iter().map(|serial| seat(&uid, PUBLIC_ONE, device(serial))).collect();
    let change = AssignmentChange::Seats { assign: give, unassign: Default::default() };
    let _report = house.tenant().change_assignments(&id(&uid), &change, &ada()).await.unwrap();
    let end = house.clock.now() + TimeDelta::hours(24);
    while house.clock.now() < end && house.requests() < 1_000 {
        let next = house.vpp.work(WorkLimit::default()).await.unwrap().next_due.unwrap_or(end);
        house.clock.set(next.max(house.clock.now() + TimeDelta::milliseconds(1)));
        house.simulator.set_now(house.clock.now());
    }
    let asked = house.requests();

    house.simulator.clear_faults();
    house.advance(TimeDelta::hours(24));
    house.settle().await;
    let seats = house.seats(&uid).await;
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
    let house = House::build().await;
    let (uid, token) = house.location("Berlin");
    house.buy(&uid, PUBLIC_ONE, 10);
    house.upload("Berlin", &token).await;
    house.settle().await;
    let unlisted = Fault::edit_json(|page| page["assignments"] = Value::Array(Vec::new()));
    house.simulator.inject(FaultRule::at(Endpoint::Assignments, unlisted).always());
    let give = [seat(&uid, PUBLIC_ONE, device("C02A"))].into();
    let change = AssignmentChange::Seats { assign: give, unassign: Default::default() };
    let _report = house.tenant().change_assignments(&id(&uid), &change, &ada()).await.unwrap();
    for _ in 0..6 {
        house.advance(TimeDelta::seconds(10));
        house.work().await;
    }

    house.clock.advance(TimeDelta::hours(-24));
    house.simulator.clear_requests();
    house.tenant().sync(&id(&uid)).await.unwrap();
    let end = house.clock.now() + TimeDelta::hours(23);
    while house.clock.now() < end && house.requests() < 1_000 {
        let next = house.vpp.work(WorkLimit::default()).await.unwrap().next_due.unwrap_or(end);
        house.clock.set(next.max(house.clock.now() + TimeDelta::milliseconds(1)));
        house.simulator.set_now(house.clock.now() + TimeDelta::hours(24));
    }
    assert!(house.requests() < 300, "{} requests in a day", house.requests());
}
