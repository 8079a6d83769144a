//! Moving from another product: its licenses become ours, and read-only mode sends nothing.

use std::collections::BTreeSet;

use mdm_vpp::{
    Vpp,
    chrono::TimeDelta,
    decide::assignments::AssignmentChange,
    engine::{PageQuery, UploadToken},
    id::TenantId,
    location::Adopt,
    seats::{AssignReason, Desired, Direction, Observed},
    simulator::{self, LocationUid},
    transaction::AuditAct,
};

use crate::fixture::{
    Fixture, PUBLIC_ONE, PUBLIC_TWO, ada, asset, builder, device, id, seat, serials, settings, simulated,
    work,
};

fn change(uid: &LocationUid, assign: &[String], unassign: &[String]) -> AssignmentChange {
    let seats =
        |serials: &[String]| serials.iter().map(|serial| seat(uid, PUBLIC_ONE, device(serial))).collect();
    AssignmentChange::Seats { assign: seats(assign), unassign: seats(unassign) }
}

fn assign_at_apple(fixture: &Fixture, uid: &LocationUid, adam_id: u64, serials: &[String]) {
    let holders = serials.iter().map(|serial| simulator::Holder::device(serial));
    fixture.simulator.assign(uid, simulated(adam_id), holders).unwrap();
}

#[tokio::test]
async fn p20_5000_licenses_of_another_product_become_ours_without_a_write_to_apple() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location("Berlin");
    fixture.buy(&uid, PUBLIC_ONE, 5_010);
    let all = serials(5_000);
    assign_at_apple(&fixture, &uid, PUBLIC_ONE, &all);
    let truth = fixture.simulator.assignments(&uid).unwrap();
    fixture.upload("Berlin", &token).await;
    let claimed = fixture.writes();
    fixture.work().await;
    assert!(fixture.seats(&uid).await.iter().all(|seat| !seat.is_ours()));

    let (tenant, location) = (fixture.tenant(), id(&uid));
    let report = tenant.adopt(&location, &Adopt::All, &ada()).await.unwrap();
    assert_eq!(report.counts(), [("reuses", 5_000)].into());
    fixture.settle().await;
    let ours = Desired::Assigned { because: AssignReason::Direct };
    let seats = fixture.seats(&uid).await;
    assert_eq!(seats.len(), 5_000);
    assert!(
        seats
            .iter()
            .all(|seat| (seat.desired, seat.observed) == (ours, Observed::Assigned) && seat.is_usable())
    );
    assert_eq!(fixture.simulator.assignments(&uid).unwrap(), truth, "no license was lost");
    assert_eq!(fixture.writes(), claimed, "adopting writes nothing at Apple");
    let drift = tenant.drift(&location).await.unwrap();
    assert!(drift.is_empty() && drift.under_way == 0, "{drift:?}");

    let before = fixture.stored().await;
    let again = tenant.adopt(&location, &Adopt::All, &ada()).await.unwrap();
    assert!(again.lines.is_empty());
    assert_eq!(fixture.stored().await, before, "adopting twice changes nothing");
    let entries = tenant.audit_since(Default::default(), 1_000).await.unwrap().entries;
    let adopted: u64 = entries
        .iter()
        .filter_map(|entry| match &entry.act {
            AuditAct::LicensesAdopted { seats, .. } => Some(*seats),
            _ => None,
        })
        .sum();
    assert_eq!(adopted, 5_000);

    // Adopted licenses behave like assigned ones: one is unassigned, and the free ones are assigned.
    let new = ["NEW1".to_owned(), "NEW2".to_owned()];
    let report = tenant.change_assignments(&location, &change(&uid, &new, &all[..1]), &ada()).await.unwrap();
    assert_eq!(report.counts(), [("gains", 2), ("loses", 1)].into());
    fixture.settle().await;
    let held = |serial: &str| {
        fixture.simulator.holds(&uid, simulated(PUBLIC_ONE), &simulator::Holder::device(serial)).unwrap()
    };
    assert_eq!((held(&all[0]), held("NEW1"), held("NEW2")), (false, true, true));
}

#[tokio::test]
async fn p20_adopting_one_app_leaves_the_licenses_of_others_foreign() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    for adam_id in [PUBLIC_ONE, PUBLIC_TWO] {
        assign_at_apple(&fixture, &uid, adam_id, &serials(3));
    }
    fixture.upload("Berlin", &token).await;
    fixture.work().await;
    let app = Adopt::App { asset: asset(PUBLIC_TWO) };
    let report = fixture.tenant().adopt(&id(&uid), &app, &ada()).await.unwrap();
    assert!(report.lines.len() == 3 && report.lines.iter().all(|line| line.id.asset == asset(PUBLIC_TWO)));
    fixture.settle().await;
    let ours = fixture.seats(&uid).await.into_iter().filter(|seat| seat.is_ours());
    assert_eq!(ours.count(), 3);
}

/// The library on the same store in read-only mode.
fn read_only(fixture: &Fixture) -> Vpp {
    builder(fixture.store.clone(), &fixture.client, fixture.clock.clone()).read_only().build()
}

#[tokio::test]
async fn p20_read_only_mode_previews_the_requests_that_a_writing_library_then_sends() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location("Berlin");
    fixture.buy(&uid, PUBLIC_ONE, 100);
    let others = serials(10);
    assign_at_apple(&fixture, &uid, PUBLIC_ONE, &others);
    let vpp = read_only(&fixture);
    let (tenant, location) = (vpp.tenant(TenantId::new("tenant").unwrap()), id(&uid));
    let upload = UploadToken::new(settings("Berlin"), token.file.as_str());
    let outcome = tenant.upload_token(upload, &ada()).await.unwrap();
    assert_eq!(outcome.overview.status.label(), "Joining", "read-only mode does not claim the location");
    assert_eq!(outcome.failures.iter().map(|failure| failure.code).collect::<Vec<_>>(), ["read_only_mode"]);
    work(&vpp).await;
    assert_eq!(
        tenant.token_details(&location, &PageQuery::default()).await.unwrap().items.len(),
        1,
        "assets are synced"
    );
    assert_eq!(fixture.seats(&uid).await.len(), 10, "assignments are read");

    // All ten licenses are adopted, one of them is unassigned, and five devices are new.
    let _ = tenant.adopt(&location, &Adopt::All, &ada()).await.unwrap();
    let new: Vec<String> = (0..5).map(|number| format!("NEW{number}")).collect();
    let report =
        tenant.change_assignments(&location, &change(&uid, &new, &others[..1]), &ada()).await.unwrap();
    assert_eq!(report.counts(), [("gains", 5), ("loses", 1)].into());
    for _ in 0..30 {
        fixture.advance(TimeDelta::hours(1));
        let worked = work(&vpp).await;
        assert!(
            worked.failures.iter().all(|failure| failure.code == "read_only_mode"),
            "{:?}",
            worked.failures
        );
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
    assert_eq!(fixture.writes(), 0, "no POST was sent");
    assert_eq!(tenant.token(&location).await.unwrap().status.label(), "Joining");

    fixture.simulator.clear_requests();
    for _ in 0..4 {
        fixture.advance(TimeDelta::hours(1));
        fixture.work().await;
    }
    assert_eq!(fixture.status(&uid).await, "Active");
    let events: Vec<_> =
        fixture.simulator.events().iter().map(|event| (event.kind, event.requested)).collect();
    let expected = [(simulator::EventKind::Disassociate, 1), (simulator::EventKind::Associate, 5)];
    assert_eq!(events, expected);
    assert_eq!(fixture.writes(), 3, "the claim and the two requests");
    let held: BTreeSet<String> = fixture
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
    assert!(fixture.tenant().preview_requests(&location).await.unwrap().is_empty());
}
