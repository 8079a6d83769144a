//! The worker backs off from a part of Apple's service that fails for days.

use chrono::TimeDelta;
use mdm_vpp::{
    decide::assignments::AssignmentChange,
    engine::WorkLimit,
    ports::Clock,
    simulator::{Endpoint, ErrorNumber, Fault, FaultRule},
};
use serde_json::Value;

use crate::fixture::{Fixture, PUBLIC_ONE, ada, device, id, seat, serials};

/// Lets an endpoint fail for a day; the answer is the number of requests meanwhile. Asserts that the licenses are
/// assigned and confirmed once the fault has ended.
async fn requests_in_a_day(endpoint: Endpoint, fault: Fault) -> usize {
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
    let requests = fixture.requests();

    fixture.simulator.clear_faults();
    fixture.advance(TimeDelta::hours(24));
    fixture.settle().await;
    // A request that was lost meanwhile left a fence, and behind it the license is read back after 15 minutes.
    fixture.advance(TimeDelta::minutes(15));
    fixture.settle().await;
    let seats = fixture.seats(&uid).await;
    assert_eq!(seats.iter().filter(|seat| seat.is_usable()).count(), 3, "{seats:#?}");
    requests
}

#[tokio::test]
async fn a_location_whose_versions_apple_does_not_know_or_name_gets_few_full_reads_a_day() {
    let unnamed = |body: &mut Value| {
        if let Some(page) = body.as_object_mut() {
            page.remove("versionId");
        }
    };
    let unknown = Fault::Error(ErrorNumber::new(9721));
    for fault in
        [Fault::edit_json(unnamed), Fault::edit_json(|page| page["versionId"] = "tea".into()), unknown]
    {
        let requests = requests_in_a_day(Endpoint::Assignments, fault).await;
        assert!(requests < 50, "{requests} requests in a day");
    }
}

#[tokio::test]
async fn a_refused_token_that_a_sync_does_not_see_costs_about_one_try_an_hour() {
    for (endpoint, number) in
        [(Endpoint::Assignments, 9625), (Endpoint::AssociateAssets, 9637), (Endpoint::EventStatus, 9622)]
    {
        let requests = requests_in_a_day(endpoint, Fault::Error(ErrorNumber::new(number))).await;
        assert!(requests < 200, "{endpoint:?}, {number}: {requests} requests in a day");
    }
}

#[tokio::test]
async fn a_clock_that_is_set_back_a_day_causes_no_day_of_read_backs() {
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

    // Apple's clock stays, so what the library recorded lies a day ahead of its own clock.
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
