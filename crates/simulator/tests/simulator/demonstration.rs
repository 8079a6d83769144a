//! The demonstration location is what its documentation says, and the same every time.

use mdm_vpp_simulator::Simulator;

use crate::fixture::{ASSETS, Fixture, morning};

#[test]
fn the_same_moment_gives_the_same_location_the_same_token_and_the_same_replies() {
    let (one, other) = (Fixture::new(), Fixture::new());
    assert_eq!(one.location.token_file, other.location.token_file);
    assert_eq!(one.get(ASSETS).body, other.get(ASSETS).body);
}

#[test]
fn its_token_file_is_one_line_of_base64() {
    let file = Fixture::new().location.token_file;
    assert!(file.chars().all(|c| c.is_ascii_alphanumeric() || "+/=".contains(c)), "{file}");
    assert_eq!(file.len() % 4, 0);
}

#[test]
fn its_seats_are_as_documented() {
    let reply = Fixture::new().get(ASSETS).value().unwrap();
    let totals: Vec<_> = reply["assets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|asset| asset["totalCount"].as_i64().unwrap())
        .collect();
    assert_eq!(totals, [500, 250, 1000, 5, 50, 20, 30, 40, 2_147_483_647]);
}

#[test]
fn nothing_that_can_be_printed_shows_its_token() {
    let (simulator, location) = Simulator::demonstration(morning());
    let renewed = simulator.renew_token(&location.uid).unwrap();
    let printed = format!("{simulator:?} {location:?} {renewed:?}");
    assert!(printed.contains("(secret)"));
    assert!(!printed.contains(&location.token_file) && !printed.contains(&renewed.file));
}
