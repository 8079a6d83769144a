//! Acts in the portal: their effects on lists, and refusals.

use mdm_vpp_simulator::demonstration::{CRATE_LABEL_READER, DEPOT_CHECKLIST, ROUTE_SHEET, TORQUE_CALCULATOR};
use mdm_vpp_simulator::{AdamId, LocationUid, PortalError};

use crate::fixture::{ASSETS, CLIENT_CONFIG, Fixture};

fn counts(fixture: &Fixture, adam_id: AdamId) -> (i64, i64) {
    let asset = fixture.reply(&format!("{ASSETS}?adamId={adam_id}"))["assets"][0].clone();
    (asset["totalCount"].as_i64().unwrap(), asset["availableCount"].as_i64().unwrap())
}

#[test]
fn bought_seats_are_added_to_the_total_and_are_available() {
    let fixture = Fixture::new();
    fixture.simulator.set_assigned(&fixture.location.uid, TORQUE_CALCULATOR, 5).unwrap();
    assert_eq!(counts(&fixture, TORQUE_CALCULATOR), (5, 0));
    fixture.simulator.buy(&fixture.location.uid, TORQUE_CALCULATOR, 20).unwrap();
    assert_eq!(counts(&fixture, TORQUE_CALCULATOR), (25, 20));
}

#[test]
fn a_new_location_owns_nothing_until_it_buys() {
    let fixture = Fixture::new();
    let (uid, token) = fixture.other_location();
    let size = || fixture.get_with(ASSETS, &token.file).value().unwrap()["size"].as_i64().unwrap();
    assert_eq!(size(), 0);
    fixture.simulator.buy(&uid, DEPOT_CHECKLIST, 1).unwrap();
    assert_eq!(size(), 1);
}

#[test]
fn a_refused_purchase_leaves_nothing_behind() {
    let fixture = Fixture::new();
    let (simulator, uid) = (&fixture.simulator, &fixture.location.uid);
    let unlisted = AdamId::new(1);

    let before = fixture.reply(ASSETS)["assets"].clone();

    assert_eq!(simulator.buy(uid, unlisted, 1), Err(PortalError::NotListed(unlisted)));
    assert_eq!(simulator.buy(uid, CRATE_LABEL_READER, 1), Err(PortalError::Unlimited(CRATE_LABEL_READER)));
    assert_eq!(simulator.buy(uid, ROUTE_SHEET, u32::MAX), Err(PortalError::TooManySeats(ROUTE_SHEET)));
    assert_eq!(simulator.buy(uid, ROUTE_SHEET, 2_147_483_147), Err(PortalError::TooManySeats(ROUTE_SHEET)));
    assert_eq!(fixture.reply(ASSETS)["assets"], before);
    assert_eq!(simulator.buy(uid, ROUTE_SHEET, 2_147_483_146), Ok(()));
    assert_eq!(counts(&fixture, ROUTE_SHEET).0, 2_147_483_646);
}

#[test]
fn more_seats_than_there_are_cannot_be_assigned() {
    let fixture = Fixture::new();
    let refused = fixture.simulator.set_assigned(&fixture.location.uid, TORQUE_CALCULATOR, 6);

    assert_eq!(refused, Err(PortalError::MoreAssignedThanOwned(TORQUE_CALCULATOR)));
}

#[test]
fn an_act_on_a_missing_location_or_asset_says_what_is_missing() {
    let fixture = Fixture::new();
    let unknown_uid = LocationUid::from("1");
    let unknown = PortalError::UnknownLocation(unknown_uid.clone());
    assert_eq!(fixture.simulator.buy(&unknown_uid, ROUTE_SHEET, 1), Err(unknown.clone()));
    assert_eq!(fixture.simulator.renew_token(&unknown_uid).unwrap_err(), unknown);
    assert_eq!(unknown.to_string(), "there is no location `1`; create it first");
    let missing = fixture.simulator.make_unlimited(&fixture.location.uid, AdamId::new(7)).unwrap_err();
    assert_eq!(missing, PortalError::NotOwned { uid: fixture.location.uid, adam_id: AdamId::new(7) });
}

#[test]
fn a_location_gets_another_name_and_another_country() {
    let fixture = Fixture::new();
    fixture.simulator.rename_location(&fixture.location.uid, "Musterwerk Kiel").unwrap();
    fixture.simulator.set_country(&fixture.location.uid, "us").unwrap();

    let config = fixture.reply(CLIENT_CONFIG);

    assert_eq!(config["locationName"], "Musterwerk Kiel");
    assert_eq!(config["countryISO2ACode"], "US");
}

#[test]
fn seats_given_back_leave_the_total_and_are_counted_as_retired() {
    let fixture = Fixture::new();
    let (simulator, uid) = (&fixture.simulator, &fixture.location.uid);
    simulator.set_assigned(uid, TORQUE_CALCULATOR, 3).unwrap();
    simulator.refund(uid, TORQUE_CALCULATOR, 1).unwrap();
    assert_eq!(fixture.seats(TORQUE_CALCULATOR), [4, 3, 1, 1]);
    let refused = PortalError::NotEnoughFreeSeats { adam_id: TORQUE_CALCULATOR, free: 1 };
    assert_eq!(simulator.refund(uid, TORQUE_CALCULATOR, 2), Err(refused));
    assert_eq!(simulator.refund(uid, CRATE_LABEL_READER, 1), Err(PortalError::Unlimited(CRATE_LABEL_READER)));
}

#[test]
fn seats_without_a_holder_move_to_another_location() {
    let fixture = Fixture::new();
    let (simulator, uid) = (&fixture.simulator, &fixture.location.uid);
    let (bremen, token) = fixture.other_location();
    simulator.set_assigned(uid, DEPOT_CHECKLIST, 45).unwrap();
    simulator.transfer(uid, &bremen, DEPOT_CHECKLIST, 5).unwrap();
    assert_eq!(fixture.seats(DEPOT_CHECKLIST), [45, 45, 0, 0]);
    let theirs = fixture.get_with(ASSETS, &token.file).value().unwrap();
    assert_eq!((&theirs["assets"][0]["totalCount"], &theirs["size"]), (&5.into(), &1.into()));
    let refused = PortalError::NotEnoughFreeSeats { adam_id: DEPOT_CHECKLIST, free: 0 };
    assert_eq!(simulator.transfer(uid, &bremen, DEPOT_CHECKLIST, 1), Err(refused));
    assert_eq!(
        simulator.transfer(uid, &bremen, ROUTE_SHEET, 25_000),
        Err(PortalError::TooManyToMove { most: 24_999 })
    );
    let unknown_uid = LocationUid::from("1");
    assert_eq!(
        simulator.transfer(uid, &unknown_uid, ROUTE_SHEET, 1),
        Err(PortalError::UnknownLocation(unknown_uid.clone()))
    );
    assert_eq!(fixture.seats(ROUTE_SHEET), [500, 0, 500, 0]);
}
