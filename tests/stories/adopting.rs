//! Moving in: licenses that another product gave become ours, and a mode that only looks.

use std::collections::BTreeSet;

use mdm_vpp::{
    Vpp,
    chrono::TimeDelta,
    decide::assignments::AssignmentChange,
    engine::UploadToken,
    id::TenantId,
    location::Adopt,
    seats::{AssignReason, Desired, Direction, Observed},
    simulator::{self, LocationUid},
    transaction::AuditAct,
};

use crate::house::{
    House, PUBLIC_ONE, PUBLIC_TWO, ada, asset, builder, device, id, seat, serials, settings, simulated, work,
};

fn wish(uid: &LocationUid, give: &[String], take: &[String]) -> AssignmentChange {
    let seats =
        |serials: &[String]| serials.iter().map(|serial| seat(uid, PUBLIC_ONE, device(serial))).collect();
    AssignmentChange::Seats { assign: seats(give), unassign: seats(take) }
}

fn assign(house: &House, uid: &LocationUid, adam_id: u64, serials: &[String]) {
    let holders = serials.iter().map(|serial| simulator::Holder::device(serial));
    house.simulator.assign(uid, simulated(adam_id), holders).unwrap();
}

#[tokio::test]
async fn p20_the_5000_licenses_of_another_product_become_ours_without_a_writing_call() {
    let house = House::build().await;
    let (uid, token) = house.location("Berlin");
    house.buy(&uid, PUBLIC_ONE, 5_010);
    let all = serials(5_000);
    assign(&house, &uid, PUBLIC_ONE, &all);
    let truth = house.simulator.assignments(&uid).unwrap();
    house.upload("Berlin", &token).await;
    let claimed = house.writes();
    house.work().await;
    assert!(house.seats(&uid).await.iter().all(|seat| !seat.is_ours()));

    let (tenant, location) = (house.tenant(), id(&uid));
    let report = tenant.adopt(&location, &Adopt::All, &ada()).await.unwrap();
    assert_eq!(report.counts(), [("reuses", 5_000)].into());
    house.settle().await;
    let ours = Desired::Assigned { because: AssignReason::Direct };
    let seats = house.seats(&uid).await;
    assert_eq!(seats.len(), 5_000);
    assert!(
        seats
            .iter()
            .all(|seat| (seat.desired, seat.observed) == (ours, Observed::Assigned) && seat.is_usable())
    );
    assert_eq!(house.simulator.assignments(&uid).unwrap(), truth, "none was lost");
    assert_eq!(house.writes(), claimed, "nothing was written");
    let drift = tenant.drift(&location).await.unwrap();
    assert!(drift.is_empty() && drift.under_way == 0, "{drift:?}");

    let before = house.stored().await;
    let again = tenant.adopt(&location, &Adopt::All, &ada()).await.unwrap();
    assert!(again.lines.is_empty());
    assert_eq!(house.stored().await, before, "twice is once");
    let entries = tenant.audit_since(Default::default(), 1_000).await.unwrap().entries;
    let adopted: u64 = entries
        .iter()
        .filter_map(|entry| match &entry.act {
            AuditAct::LicensesAdopted { seats, .. } => Some(*seats),
            _ => None,
        })
        .sum();
    assert_eq!(adopted, 5_000);

    // They are as good as wished: one is taken back, and the free licenses are given out.
    let more = ["NEW1".to_owned(), "NEW2".to_owned()];
    let report = tenant.change_assignments(&location, &wish(&uid, &more, &all[..1]), &ada()).await.unwrap();
    assert_eq!(report.counts(), [("gains", 2), ("loses", 1)].into());
    house.settle().await;
    let held = |serial: &str| {
        house.simulator.holds(&uid, simulated(PUBLIC_ONE), &simulator::Holder::device(serial)).unwrap()
    };
    assert_eq!((held(&all[0]), held("NEW1"), held("NEW2")), (false, true, true));
}

#[tokio::test]
async fn p20_only_the_app_that_was_named_is_adopted() {
    let house = House::build().await;
    let (uid, token) = house.location_with_three_apps("Berlin");
    for adam_id in [PUBLIC_ONE, PUBLIC_TWO] {
        assign(&house, &uid, adam_id, &serials(3));
    }
    house.upload("Berlin", &token).await;
    house.work().await;
    let app = Adopt::App { asset: asset(PUBLIC_TWO) };
    let report = house.tenant().adopt(&id(&uid), &app, &ada()).await.unwrap();
    assert!(report.lines.len() == 3 && report.lines.iter().all(|line| line.id.asset == asset(PUBLIC_TWO)));
    house.settle().await;
    let ours = house.seats(&uid).await.into_iter().filter(|seat| seat.is_ours());
    assert_eq!(ours.count(), 3);
}

/// The library on the same store, in the mode that only reads.
fn read_only(house: &House) -> Vpp {
    builder(house.store.clone(), &house.client, house.clock.clone()).read_only().build()
}

#[tokio::test]
async fn p20_read_only_mode_shows_what_would_follow_and_a_library_without_it_sends_exactly_that() {
    let house = House::build().await;
    let (uid, token) = house.location("Berlin");
    house.buy(&uid, PUBLIC_ONE, 100);
    let others = serials(10);
    assign(&house, &uid, PUBLIC_ONE, &others);
    let vpp = read_only(&house);
    let (tenant, location) = (vpp.tenant(TenantId::new("tenant").unwrap()), id(&uid));
    let upload = UploadToken::new(settings("Berlin"), token.file.as_str());
    let outcome = tenant.upload_token(upload, &ada()).await.unwrap();
    assert_eq!(outcome.overview.status.label(), "Joining", "nobody claims the location");
    assert_eq!(outcome.failures.iter().map(|hitch| hitch.code).collect::<Vec<_>>(), ["read_only_mode"]);
    work(&vpp).await;
    assert_eq!(tenant.token_details(&location).await.unwrap().len(), 1, "assets are read");
    assert_eq!(house.seats(&uid).await.len(), 10, "and assignments");

    // Two are adopted with the rest, one of them is taken back; five devices are new.
    let _ = tenant.adopt(&location, &Adopt::All, &ada()).await.unwrap();
    let new: Vec<String> = (0..5).map(|number| format!("NEW{number}")).collect();
    let report = tenant.change_assignments(&location, &wish(&uid, &new, &others[..1]), &ada()).await.unwrap();
    assert_eq!(report.counts(), [("gains", 5), ("loses", 1)].into());
    for _ in 0..30 {
        house.advance(TimeDelta::hours(1));
        let worked = work(&vpp).await;
        assert!(worked.failures.iter().all(|hitch| hitch.code == "read_only_mode"), "{:?}", worked.failures);
    }
    let _ = tenant.claim_token(&location, &ada()).await.unwrap();
    let pending = tenant.preview_requests(&location).await.unwrap();
    let asked =
        pending.iter().map(|request| (request.direction, request.assets.clone(), request.holders.each()));
    let app = BTreeSet::from([asset(PUBLIC_ONE)]);
    let expected = [
        (Direction::Disassociate, app.clone(), vec![device(&others[0])]),
        (Direction::Associate, app, new.iter().map(|serial| device(serial)).collect()),
    ];
    assert_eq!(asked.collect::<Vec<_>>(), expected);
    assert_eq!(house.writes(), 0, "no POST left");
    assert_eq!(tenant.token(&location).await.unwrap().status.label(), "Joining");

    house.simulator.clear_requests();
    for _ in 0..4 {
        house.advance(TimeDelta::hours(1));
        house.work().await;
    }
    assert_eq!(house.status(&uid).await, "Active");
    let events: Vec<_> = house.simulator.events().iter().map(|event| (event.kind, event.requested)).collect();
    let expected = [(simulator::EventKind::Disassociate, 1), (simulator::EventKind::Associate, 5)];
    assert_eq!(events, expected);
    assert_eq!(house.writes(), 3, "the claim and the two requests");
    let held: BTreeSet<String> = house
        .simulator
        .assignments(&uid)
        .unwrap()
        .iter()
        .map(|held| match &held.holder {
            simulator::Holder::Device(serial_number) => serial_number.as_str().to_owned(),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(held, others[1..].iter().chain(&new).cloned().collect());
    assert!(house.tenant().preview_requests(&location).await.unwrap().is_empty());
}
