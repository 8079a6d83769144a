//! Drift: the report names each difference between Apple and us, and changes nothing.

use std::collections::BTreeSet;

use mdm_vpp::{
    chrono::TimeDelta,
    decide::assignments::{AssignmentChange, DriftReport, VanishedAsset},
    engine::DriftError,
    id::{LocationId, TenantId},
    simulator::{self, Endpoint, Fault, FaultRule, LocationUid},
};

use crate::fixture::{CUSTOM, Fixture, PUBLIC_ONE, PUBLIC_TWO, ada, asset, device, id, seat, simulated};

async fn change_assignments(
    fixture: &Fixture,
    uid: &LocationUid,
    adam_id: u64,
    assign: &[&str],
    unassign: &[&str],
) {
    let seats = |serials: &[&str]| serials.iter().map(|serial| seat(uid, adam_id, device(serial))).collect();
    let change = AssignmentChange::Seats { assign: seats(assign), unassign: seats(unassign) };
    let _ = fixture.tenant().change_assignments(&id(uid), &change, &ada()).await.unwrap();
}

async fn drift(fixture: &Fixture, uid: &LocationUid) -> DriftReport {
    fixture.advance(TimeDelta::seconds(10));
    fixture.tenant().drift(&id(uid)).await.unwrap()
}

fn holders(serials: &[&str]) -> Vec<simulator::Holder> {
    serials.iter().map(|serial| simulator::Holder::device(serial)).collect()
}

#[tokio::test]
async fn p11_a_drift_report_names_foreign_orphaned_missing_and_vanished_licenses_and_changes_nothing() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    fixture.upload("Berlin", &token).await;
    fixture.work().await;
    change_assignments(&fixture, &uid, PUBLIC_ONE, &["A", "B", "C", "E"], &[]).await;
    change_assignments(&fixture, &uid, CUSTOM, &["G"], &[]).await;
    fixture.settle().await;
    let quiet = drift(&fixture, &uid).await;
    assert!(quiet.is_empty() && quiet.under_way == 0 && !quiet.changed_meanwhile, "{quiet:?}");

    change_assignments(&fixture, &uid, PUBLIC_ONE, &[], &["E"]).await;
    fixture.settle().await;
    // Another product unassigns A, assigns E again, and assigns another app to F.
    fixture.simulator.unassign(&uid, simulated(PUBLIC_ONE), holders(&["A"])).unwrap();
    fixture.simulator.assign(&uid, simulated(PUBLIC_ONE), holders(&["E"])).unwrap();
    fixture.simulator.assign(&uid, simulated(PUBLIC_TWO), holders(&["F"])).unwrap();
    // Apple no longer lists an app.
    let unlisted = Fault::edit_json(|body| {
        let assets = body.get_mut("assets").and_then(|assets| assets.as_array_mut()).unwrap();
        assets.retain(|asset| asset["adamId"].as_str().unwrap().parse() != Ok(CUSTOM));
    });
    fixture.simulator.inject(FaultRule::at(Endpoint::Assets, unlisted).always());
    // Two changes have not been requested yet.
    change_assignments(&fixture, &uid, PUBLIC_ONE, &["H"], &["B"]).await;

    let (stored, seats) = (fixture.stored().await, fixture.seats(&uid).await);
    let truth = fixture.simulator.assignments(&uid).unwrap();
    fixture.simulator.clear_requests();
    let report = drift(&fixture, &uid).await;
    assert_eq!(report.foreign, [seat(&uid, PUBLIC_TWO, device("F"))]);
    assert_eq!(report.orphans, [seat(&uid, PUBLIC_ONE, device("E"))]);
    assert_eq!(report.missing, [seat(&uid, PUBLIC_ONE, device("A"))]);
    let vanished = VanishedAsset { asset: asset(CUSTOM), seats: vec![seat(&uid, CUSTOM, device("G"))] };
    assert_eq!(report.vanished, [vanished]);
    assert_eq!(report.under_way, 2, "the report cannot judge H and B yet");

    let again = drift(&fixture, &uid).await;
    assert_eq!(DriftReport { read_at: report.read_at, ..again }, report);
    assert_eq!(fixture.writes(), 0);
    assert_eq!((fixture.stored().await, fixture.seats(&uid).await), (stored, seats));
    assert_eq!(fixture.simulator.assignments(&uid).unwrap(), truth);
}

#[tokio::test]
async fn p11_a_drift_report_reads_all_pages_and_says_when_the_list_changed_meanwhile() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location("Berlin");
    fixture.buy(&uid, PUBLIC_ONE, 2_000);
    let others: Vec<String> = crate::fixture::serials(1_700);
    let holders = others.iter().map(|serial| simulator::Holder::device(serial));
    fixture.simulator.assign(&uid, simulated(PUBLIC_ONE), holders).unwrap();
    fixture.upload("Berlin", &token).await;
    let report = drift(&fixture, &uid).await;
    let expected: BTreeSet<_> = others.iter().map(|serial| seat(&uid, PUBLIC_ONE, device(serial))).collect();
    assert_eq!(
        report.foreign.iter().cloned().collect::<BTreeSet<_>>(),
        expected,
        "before the first full read"
    );
    assert!(!report.changed_meanwhile);

    let location = uid.clone();
    let assign_meanwhile = Fault::first(move |simulator| {
        let more = [simulator::Holder::device("ZZZ")];
        simulator.assign(&location, simulated(PUBLIC_ONE), more).unwrap();
    });
    fixture.simulator.inject(FaultRule::at(Endpoint::Assignments, assign_meanwhile).on_page(2));
    assert!(drift(&fixture, &uid).await.changed_meanwhile);
}

#[tokio::test]
async fn p11_drift_of_an_unknown_token_is_an_error_that_names_it() {
    let fixture = Fixture::build().await;
    let tenant = fixture.vpp.tenant(TenantId::new("stranger").unwrap());
    let error = tenant.drift(&LocationId::new("1").unwrap()).await.unwrap_err();
    assert!(matches!(error, DriftError::Store(_)) && error.to_string().contains('1'), "{error}");
}
