//! Direct wishes: who has a license and who waits, and a list that would take back too much.

use std::collections::BTreeSet;

use mdm_vpp::{
    decide::assignments::{AssignmentChange, AssignmentRefusal},
    engine::{AssignError, SeatQuery, WorkLimit},
    policy::ReleaseBound,
    seats::{Holder, Seat},
    simulator::{self, Endpoint, Fault, FaultRule},
};

use crate::house::{House, PUBLIC_ONE, ada, asset, device, id, seat, serials, simulated, work};

#[tokio::test]
async fn n15_a_list_that_takes_back_too_much_is_refused_until_somebody_confirms_it() {
    let house = House::build().await;
    let (uid, token) = house.location("Berlin");
    house.buy(&uid, PUBLIC_ONE, 50);
    house.upload("Berlin", &token).await;
    house.work().await;
    let all: BTreeSet<Holder> = serials(40).iter().map(|serial| device(serial)).collect();
    let list = |holders: BTreeSet<Holder>, blast_radius| AssignmentChange::List {
        asset: asset(PUBLIC_ONE),
        holders,
        bound: blast_radius,
    };
    let asked = Some(ReleaseBound::default());
    let (tenant, location) = (house.tenant(), id(&uid));
    let _ = tenant.change_assignments(&location, &list(all.clone(), asked), &ada()).await.unwrap();
    house.settle().await;
    let held = || house.simulator.assignments(&uid).unwrap().len();
    assert_eq!(held(), 40);

    let (before, seats) = (house.stored().await, house.seats(&uid).await);
    let few: BTreeSet<Holder> = all.iter().take(5).cloned().collect();
    let refused = tenant.change_assignments(&location, &list(few.clone(), asked), &ada()).await.unwrap_err();
    assert_eq!(refused.code(), "too_many_releases");
    let AssignError::Refused(AssignmentRefusal::TooManyReleases(told)) = &refused else {
        panic!("{refused}")
    };
    assert_eq!((told.releases, told.held), (35, 40));
    assert!(refused.to_string().contains("35 of 40 licenses"), "{refused}");
    assert_eq!((house.stored().await, house.seats(&uid).await), (before, seats));
    house.settle().await;
    assert_eq!(held(), 40);

    let report = tenant.change_assignments(&location, &list(few, None), &ada()).await.unwrap();
    assert_eq!(report.counts(), [("keeps", 5), ("loses", 35)].into());
    house.settle().await;
    let kept: Vec<_> = serials(5).iter().map(|serial| simulator::Holder::device(serial)).collect();
    let kept: Vec<_> =
        kept.into_iter().map(|holder| simulator::Assignment::new(simulated(PUBLIC_ONE), holder)).collect();
    assert_eq!(house.simulator.assignments(&uid).unwrap(), kept);
}

#[tokio::test]
async fn who_has_a_license_and_who_waits_can_be_read_and_who_waits_longest_is_served_first() {
    let house = House::build().await;
    let (uid, token) = house.location("Berlin");
    house.buy(&uid, PUBLIC_ONE, 2);
    house.upload("Berlin", &token).await;
    house.work().await;
    let (tenant, location) = (house.tenant(), id(&uid));
    let wish = async |give: &[&str], take: &[&str]| {
        let keys = |serials: &[&str]| {
            serials.iter().map(|serial| seat(&uid, PUBLIC_ONE, device(serial))).collect::<BTreeSet<_>>()
        };
        let change = AssignmentChange::Seats { assign: keys(give), unassign: keys(take) };
        tenant.change_assignments(&location, &change, &ada()).await.unwrap().counts()
    };
    assert_eq!(wish(&["C02A", "C02B"], &[]).await, [("gains", 2)].into());
    house.settle().await;
    for late in ["C02D", "C02C"] {
        assert_eq!(wish(&[late], &[]).await, [("waits", 1)].into());
        house.settle().await;
    }
    let waiting = async || {
        let waiting = tenant.waitlist(&location, &asset(PUBLIC_ONE), 10).await.unwrap();
        waiting.into_iter().map(|wish| wish.seat.holder).collect::<Vec<_>>()
    };
    assert_eq!(waiting().await, [device("C02D"), device("C02C")]);
    let usable = async |asked: SeatQuery| {
        let seats = tenant.seats(&location, &asked).await.unwrap();
        seats.into_iter().filter(Seat::is_usable).map(|seat| seat.key.holder).collect::<Vec<_>>()
    };
    assert_eq!(usable(SeatQuery::Asset(asset(PUBLIC_ONE))).await, [device("C02A"), device("C02B")]);
    assert_eq!(usable(SeatQuery::Holder(device("C02D"))).await, []);

    assert_eq!(wish(&[], &["C02A"]).await, [("loses", 1)].into());
    house.settle().await;
    assert_eq!(waiting().await, [device("C02C")]);
    let page = SeatQuery::All { after: Some(seat(&uid, PUBLIC_ONE, device("C02B"))), limit: 9 };
    assert_eq!(usable(page).await, [device("C02D")]);
}

#[tokio::test]
async fn a_process_that_leaves_lets_the_next_one_talk_at_once() {
    let house = House::build().await;
    let (uid, token) = house.location("Berlin");
    house.buy(&uid, PUBLIC_ONE, 1);
    house.upload("Berlin", &token).await;
    house.work().await;
    let give = [seat(&uid, PUBLIC_ONE, device("C02A"))].into();
    let wish = AssignmentChange::Seats { assign: give, unassign: BTreeSet::new() };
    let _ = house.tenant().change_assignments(&id(&uid), &wish, &ada()).await.unwrap();
    house.advance(chrono::TimeDelta::seconds(3));
    let one_thing = WorkLimit { subjects: 1, ..WorkLimit::default() };
    assert_eq!(house.vpp.work(one_thing).await.unwrap().done, 1, "more is due, so it stays at it");
    let next = house.restarted();
    house.advance(chrono::TimeDelta::seconds(6));
    let questions = || house.simulator.count(Endpoint::EventStatus);
    work(&next).await;
    assert_eq!(questions(), 0, "the first one may be at it");
    house.vpp.leave().await.unwrap();
    house.advance(chrono::TimeDelta::seconds(11));
    work(&next).await;
    assert_eq!(questions(), 1);
}

#[tokio::test]
async fn who_leaves_keeps_what_another_part_of_the_process_needs_still() {
    let house = House::build().await;
    let (uid, token) = house.location("Berlin");
    house.buy(&uid, PUBLIC_ONE, 1);
    house.upload("Berlin", &token).await;
    house.work().await;
    let pages = house.simulator.count(Endpoint::Assignments);
    let slow = Fault::SlowReply { delay: std::time::Duration::from_secs(1) };
    house.simulator.inject(FaultRule::at(Endpoint::Assignments, slow));
    let (tenant, location) = (house.tenant(), id(&uid));
    let drift = tokio::spawn(async move { tenant.drift(&location).await });
    while house.simulator.count(Endpoint::Assignments) == pages {
        tokio::task::yield_now().await;
    }
    house.vpp.leave().await.unwrap();
    let another = house.restarted().tenant(house.tenant().id().clone());
    assert_eq!(another.drift(&id(&uid)).await.unwrap_err().code(), "talked_elsewhere");
    assert!(drift.await.unwrap().is_ok());
    house.vpp.leave().await.unwrap();
    assert!(another.drift(&id(&uid)).await.is_ok());
}
