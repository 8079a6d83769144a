//! Direct assignments: licenses, the waitlist, the bound on releases of a list, and the lease of a process.

use std::collections::BTreeSet;

use mdm_vpp::{
    decide::assignments::{AssignmentChange, AssignmentRefusal},
    engine::{AssignError, PageQuery, SeatState, SeatsQuery, WorkLimit},
    policy::ReleaseBound,
    seats::Holder,
    simulator::{self, Endpoint, Fault, FaultRule},
};

use crate::fixture::{Fixture, PUBLIC_ONE, ada, asset, device, id, seat, serials, simulated, work};

#[tokio::test]
async fn n15_a_list_that_releases_too_many_licenses_is_refused_until_an_administrator_allows_it() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location("Berlin");
    fixture.buy(&uid, PUBLIC_ONE, 50);
    fixture.upload("Berlin", &token).await;
    fixture.work().await;
    let all: BTreeSet<Holder> = serials(40).iter().map(|serial| device(serial)).collect();
    let list = |holders: BTreeSet<Holder>, bound| AssignmentChange::List {
        asset: asset(PUBLIC_ONE),
        holders,
        bound,
    };
    let bound = Some(ReleaseBound::default());
    let (tenant, location) = (fixture.tenant(), id(&uid));
    let _ = tenant.change_assignments(&location, &list(all.clone(), bound), &ada()).await.unwrap();
    fixture.settle().await;
    let assigned = || fixture.simulator.assignments(&uid).unwrap().len();
    assert_eq!(assigned(), 40);

    let (before, seats) = (fixture.stored().await, fixture.seats(&uid).await);
    let few: BTreeSet<Holder> = all.iter().take(5).cloned().collect();
    let refused = tenant.change_assignments(&location, &list(few.clone(), bound), &ada()).await.unwrap_err();
    assert_eq!(refused.code(), "too_many_releases");
    let AssignError::Refused(AssignmentRefusal::TooManyReleases(count)) = &refused else {
        panic!("{refused}")
    };
    assert_eq!((count.releases, count.held), (35, 40));
    assert!(refused.to_string().contains("35 of 40 licenses"), "{refused}");
    assert_eq!((fixture.stored().await, fixture.seats(&uid).await), (before, seats));
    fixture.settle().await;
    assert_eq!(assigned(), 40);

    let report = tenant.change_assignments(&location, &list(few, None), &ada()).await.unwrap();
    assert_eq!(report.counts(), [("keeps", 5), ("loses", 35)].into());
    fixture.settle().await;
    let kept: Vec<_> = serials(5).iter().map(|serial| simulator::Holder::device(serial)).collect();
    let kept: Vec<_> =
        kept.into_iter().map(|holder| simulator::Assignment::new(simulated(PUBLIC_ONE), holder)).collect();
    assert_eq!(fixture.simulator.assignments(&uid).unwrap(), kept);
}

#[tokio::test]
async fn the_device_that_has_waited_longest_gets_the_next_license_and_the_waitlist_shows_it() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location("Berlin");
    fixture.buy(&uid, PUBLIC_ONE, 2);
    fixture.upload("Berlin", &token).await;
    fixture.work().await;
    let (tenant, location) = (fixture.tenant(), id(&uid));
    let change = async |assign: &[&str], unassign: &[&str]| {
        let keys = |serials: &[&str]| {
            serials.iter().map(|serial| seat(&uid, PUBLIC_ONE, device(serial))).collect::<BTreeSet<_>>()
        };
        let change = AssignmentChange::Seats { assign: keys(assign), unassign: keys(unassign) };
        tenant.change_assignments(&location, &change, &ada()).await.unwrap().counts()
    };
    assert_eq!(change(&["C02A", "C02B"], &[]).await, [("gains", 2)].into());
    fixture.settle().await;
    for late in ["C02D", "C02C"] {
        assert_eq!(change(&[late], &[]).await, [("waits", 1)].into());
        fixture.settle().await;
    }
    let waitlist = async || {
        let entries = tenant.waitlist(&location, &asset(PUBLIC_ONE), 10).await.unwrap();
        entries.into_iter().map(|entry| entry.seat.holder).collect::<Vec<_>>()
    };
    assert_eq!(waitlist().await, [device("C02D"), device("C02C")]);
    let usable = async |query: SeatsQuery| {
        let seats = tenant.seats(&location, &query.in_state(SeatState::Usable)).await.unwrap();
        seats.items.into_iter().map(|seat| seat.key.holder).collect::<Vec<_>>()
    };
    assert_eq!(usable(SeatsQuery::of_asset(asset(PUBLIC_ONE))).await, [device("C02A"), device("C02B")]);
    assert_eq!(usable(SeatsQuery::of_holder(device("C02D"))).await, []);

    assert_eq!(change(&[], &["C02A"]).await, [("loses", 1)].into());
    fixture.settle().await;
    assert_eq!(waitlist().await, [device("C02C")]);
    let page = PageQuery::after(seat(&uid, PUBLIC_ONE, device("C02B"))).limit(9);
    assert_eq!(usable(SeatsQuery::all().page(page)).await, [device("C02D")]);
}

#[tokio::test]
async fn a_process_that_gives_up_its_lease_lets_the_next_process_call_apple_at_once() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location("Berlin");
    fixture.buy(&uid, PUBLIC_ONE, 1);
    fixture.upload("Berlin", &token).await;
    fixture.work().await;
    let assign = [seat(&uid, PUBLIC_ONE, device("C02A"))].into();
    let change = AssignmentChange::Seats { assign, unassign: BTreeSet::new() };
    let _ = fixture.tenant().change_assignments(&id(&uid), &change, &ada()).await.unwrap();
    fixture.advance(chrono::TimeDelta::seconds(3));
    let one_job = WorkLimit { subjects: 1, ..WorkLimit::default() };
    assert_eq!(
        fixture.vpp.work(one_job).await.unwrap().done,
        1,
        "more jobs are due, so the process keeps the lease"
    );
    let next = fixture.restarted();
    fixture.advance(chrono::TimeDelta::seconds(6));
    let event_reads = || fixture.simulator.count(Endpoint::EventStatus);
    work(&next).await;
    assert_eq!(event_reads(), 0, "the first process holds the lease");
    fixture.vpp.leave().await.unwrap();
    fixture.advance(chrono::TimeDelta::seconds(11));
    work(&next).await;
    assert_eq!(event_reads(), 1);
}

#[tokio::test]
async fn a_process_that_leaves_keeps_the_lease_that_another_call_of_it_still_needs() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location("Berlin");
    fixture.buy(&uid, PUBLIC_ONE, 1);
    fixture.upload("Berlin", &token).await;
    fixture.work().await;
    let pages = fixture.simulator.count(Endpoint::Assignments);
    let slow = Fault::SlowReply { delay: std::time::Duration::from_secs(1) };
    fixture.simulator.inject(FaultRule::at(Endpoint::Assignments, slow));
    let (tenant, location) = (fixture.tenant(), id(&uid));
    let drift = tokio::spawn(async move { tenant.drift(&location).await });
    while fixture.simulator.count(Endpoint::Assignments) == pages {
        tokio::task::yield_now().await;
    }
    fixture.vpp.leave().await.unwrap();
    let other = fixture.restarted().tenant(fixture.tenant().id().clone());
    assert_eq!(other.drift(&id(&uid)).await.unwrap_err().code(), "held_elsewhere");
    assert!(drift.await.unwrap().is_ok());
    fixture.vpp.leave().await.unwrap();
    assert!(other.drift(&id(&uid)).await.is_ok());
}
