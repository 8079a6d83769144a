//! Status 200 is not a license: an assignment that Apple reports and never lists is not used, and is given up.

use std::collections::BTreeSet;

use mdm_vpp::{
    chrono::TimeDelta,
    seats::{MOST_TRIES, Progress, Seat, SeatError},
    simulator::{self, Endpoint, EventPlan},
};

use super::location_fixture::{change_assignments, location_with_licenses, run_for, seat_keys};
use crate::fixture::{Fixture, PUBLIC_ONE, device};

const SERIALS: [&str; 5] = ["C02AAAAAAA01", "C02AAAAAAA02", "C02AAAAAAA03", "C02AAAAAAA04", "C02UNKNOWN00"];
const UNKNOWN: &str = SERIALS[4];

fn unknown_seat(seats: &[Seat]) -> Option<&Seat> {
    seats.iter().find(|seat| seat.key.holder == device(UNKNOWN))
}

/// Number of requests to each endpoint on a day without changes.
async fn requests_of_a_day(fixture: &Fixture) -> Vec<(Option<Endpoint>, usize)> {
    fixture.simulator.clear_requests();
    run_for(fixture, || fixture.vpp.clone(), TimeDelta::days(1), async || {}).await;
    let requests = fixture.simulator.requests();
    let endpoints: BTreeSet<_> = requests.iter().map(|request| request.endpoint).collect();
    let count = |endpoint: &_| requests.iter().filter(|request| request.endpoint == *endpoint).count();
    endpoints.iter().map(|endpoint| (*endpoint, count(endpoint))).collect()
}

#[tokio::test]
async fn n5_a_serial_number_that_apple_drops_silently_is_given_up_and_is_never_usable() {
    let (fixture, uid) = location_with_licenses(&[(PUBLIC_ONE, 10)]).await;
    let usual = requests_of_a_day(&fixture).await;
    let dropping = EventPlan::usual().dropping(simulator::Holder::device(UNKNOWN));
    fixture.simulator.change_settings(|settings| settings.events = dropping);
    fixture.simulator.clear_requests();

    change_assignments(&fixture, &fixture.vpp, &uid, &seat_keys(&uid, &[PUBLIC_ONE], &SERIALS), &[])
        .await
        .unwrap();
    run_for(
        &fixture,
        || fixture.vpp.clone(),
        TimeDelta::hours(6),
        async || {
            let seats = fixture.seats(&uid).await;
            assert!(
                unknown_seat(&seats).is_none_or(|seat| !seat.is_usable()),
                "the seat is not usable, so no install is sent"
            );
        },
    )
    .await;

    let seats = fixture.seats(&uid).await;
    let (unknown, known): (Vec<_>, Vec<_>) =
        seats.iter().partition(|seat| seat.key.holder == device(UNKNOWN));
    assert!(known.len() == 4 && known.iter().all(|seat| seat.is_usable()), "the others are confirmed");
    assert_eq!(unknown[0].progress, Progress::GivenUp { error: SeatError::Unconfirmed });
    assert_eq!(fixture.simulator.count(Endpoint::AssociateAssets), u64::from(MOST_TRIES));
    assert!(fixture.simulator.requests().len() < 40, "{} requests", fixture.simulator.requests().len());

    run_for(&fixture, || fixture.vpp.clone(), TimeDelta::days(1), async || {}).await;
    assert_eq!(requests_of_a_day(&fixture).await, usual, "the worker does not read the seat back any more");
    let seats = fixture.seats(&uid).await;
    assert_eq!(unknown_seat(&seats).unwrap().progress, Progress::GivenUp { error: SeatError::Unconfirmed });
}
