//! Drift: what differs between Apple and us is told by name, and nothing is changed.

use std::collections::BTreeSet;

use mdm_vpp::{
    chrono::TimeDelta,
    decide::assignments::{AssignmentChange, DriftReport, VanishedAsset},
    engine::DriftError,
    id::{LocationId, TenantId},
    simulator::{self, Endpoint, Fault, FaultRule, LocationUid},
};

use crate::house::{CUSTOM, House, PUBLIC_ONE, PUBLIC_TWO, ada, asset, device, id, seat, simulated};

async fn wish(house: &House, uid: &LocationUid, adam_id: u64, give: &[&str], take: &[&str]) {
    let seats = |serials: &[&str]| serials.iter().map(|serial| seat(uid, adam_id, device(serial))).collect();
    let wish = AssignmentChange::Seats { assign: seats(give), unassign: seats(take) };
    let _ = house.tenant().change_assignments(&id(uid), &wish, &ada()).await.unwrap();
}

async fn drift(house: &House, uid: &LocationUid) -> DriftReport {
    house.advance(TimeDelta::seconds(10));
    house.tenant().drift(&id(uid)).await.unwrap()
}

fn holders(serials: &[&str]) -> Vec<simulator::Holder> {
    serials.iter().map(|serial| simulator::Holder::device(serial)).collect()
}

#[tokio::test]
async fn p11_a_drift_report_names_foreign_orphaned_missing_and_vanished_ones_and_changes_nothing() {
    let house = House::build().await;
    let (uid, token) = house.location_with_three_apps("Berlin");
    house.upload("Berlin", &token).await;
    house.work().await;
    wish(&house, &uid, PUBLIC_ONE, &["A", "B", "C", "E"], &[]).await;
    wish(&house, &uid, CUSTOM, &["G"], &[]).await;
    house.settle().await;
    let quiet = drift(&house, &uid).await;
    assert!(quiet.is_empty() && quiet.under_way == 0 && !quiet.changed_meanwhile, "{quiet:?}");

    wish(&house, &uid, PUBLIC_ONE, &[], &["E"]).await;
    house.settle().await;
    // Another product takes A's license, gives E one again, and F one of another app.
    house.simulator.unassign(&uid, simulated(PUBLIC_ONE), holders(&["A"])).unwrap();
    house.simulator.assign(&uid, simulated(PUBLIC_ONE), holders(&["E"])).unwrap();
    house.simulator.assign(&uid, simulated(PUBLIC_TWO), holders(&["F"])).unwrap();
    // Apple forgets an app.
    let forget = Fault::edit_json(|body| {
        let assets = body.get_mut("assets").and_then(|assets| assets.as_array_mut()).unwrap();
        assets.retain(|asset| asset["adamId"].as_str().unwrap().parse() != Ok(CUSTOM));
    });
    house.simulator.inject(FaultRule::at(Endpoint::Assets, forget).always());
    // And something is under way.
    wish(&house, &uid, PUBLIC_ONE, &["H"], &["B"]).await;

    let (stored, seats) = (house.stored().await, house.seats(&uid).await);
    let truth = house.simulator.assignments(&uid).unwrap();
    house.simulator.clear_requests();
    let report = drift(&house, &uid).await;
    assert_eq!(report.foreign, [seat(&uid, PUBLIC_TWO, device("F"))]);
    assert_eq!(report.orphans, [seat(&uid, PUBLIC_ONE, device("E"))]);
    assert_eq!(report.missing, [seat(&uid, PUBLIC_ONE, device("A"))]);
    let gone = VanishedAsset { asset: asset(CUSTOM), seats: vec![seat(&uid, CUSTOM, device("G"))] };
    assert_eq!(report.vanished, [gone]);
    assert_eq!(report.under_way, 2, "of H and of B nothing can be said yet");

    let again = drift(&house, &uid).await;
    assert_eq!(DriftReport { read_at: report.read_at, ..again }, report);
    assert_eq!(house.writes(), 0);
    assert_eq!((house.stored().await, house.seats(&uid).await), (stored, seats));
    assert_eq!(house.simulator.assignments(&uid).unwrap(), truth);
}

#[tokio::test]
async fn p11_many_pages_are_read_and_a_list_that_changes_meanwhile_is_told() {
    let house = House::build().await;
    let (uid, token) = house.location("Berlin");
    house.buy(&uid, PUBLIC_ONE, 2_000);
    let others: Vec<String> = crate::house::serials(1_700);
    let holders = others.iter().map(|serial| simulator::Holder::device(serial));
    house.simulator.assign(&uid, simulated(PUBLIC_ONE), holders).unwrap();
    house.upload("Berlin", &token).await;
    let report = drift(&house, &uid).await;
    let expected: BTreeSet<_> = others.iter().map(|serial| seat(&uid, PUBLIC_ONE, device(serial))).collect();
    assert_eq!(report.foreign.iter().cloned().collect::<BTreeSet<_>>(), expected, "before any walk");
    assert!(!report.changed_meanwhile);

    let of = uid.clone();
    let meddle = Fault::first(move |simulator| {
        let more = [simulator::Holder::device("ZZZ")];
        simulator.assign(&of, simulated(PUBLIC_ONE), more).unwrap();
    });
    house.simulator.inject(FaultRule::at(Endpoint::Assignments, meddle).on_page(2));
    assert!(drift(&house, &uid).await.changed_meanwhile);
}

#[tokio::test]
async fn p11_drift_of_an_unknown_token_is_an_error_that_names_it() {
    let house = House::build().await;
    let tenant = house.vpp.tenant(TenantId::new("nobody").unwrap());
    let error = tenant.drift(&LocationId::new("1").unwrap()).await.unwrap_err();
    assert!(matches!(error, DriftError::Store(_)) && error.to_string().contains('1'), "{error}");
}
