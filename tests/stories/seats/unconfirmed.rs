//! A 200 is not a license: what Apple reports as given and never lists is never used, and is given up.

use std::collections::BTreeSet;

use mdm_vpp::{
    chrono::TimeDelta,
    seats::{MOST_TRIES, Progress, Seat, SeatError},
    simulator::{self, Endpoint, EventPlan},
};

use super::ground::{licensed, live, of, wish};
use crate::house::{House, PUBLIC_ONE, device};

const SERIALS: [&str; 5] = ["C02AAAAAAA01", "C02AAAAAAA02", "C02AAAAAAA03", "C02AAAAAAA04", "C02UNKNOWN00"];
const UNKNOWN: &str = SERIALS[4];

fn of_the_unknown(seats: &[Seat]) -> Option<&Seat> {
    seats.iter().find(|seat| seat.key.holder == device(UNKNOWN))
}

/// The requests of a day in which nothing changes, without those that are asked of Apple by the hour.
async fn requests_of_a_day(house: &House) -> Vec<(Option<Endpoint>, usize)> {
    house.simulator.clear_requests();
    live(house, || house.vpp.clone(), TimeDelta::days(1), async || {}).await;
    let requests = house.simulator.requests();
    let endpoints: BTreeSet<_> = requests.iter().map(|request| request.endpoint).collect();
    let count = |endpoint: &_| requests.iter().filter(|request| request.endpoint == *endpoint).count();
    endpoints.iter().map(|endpoint| (*endpoint, count(endpoint))).collect()
}

#[tokio::test]
async fn n5_a_serial_number_that_apple_drops_silently_ends_unconfirmed_and_gets_no_install() {
    let (house, uid) = licensed(&[(PUBLIC_ONE, 10)]).await;
    let usual = requests_of_a_day(&house).await;
    let dropping = EventPlan::usual().dropping(simulator::Holder::device(UNKNOWN));
    house.simulator.change_settings(|settings| settings.events = dropping);
    house.simulator.clear_requests();

    wish(&house, &house.vpp, &uid, &of(&uid, &[PUBLIC_ONE], &SERIALS), &[]).await.unwrap();
    live(
        &house,
        || house.vpp.clone(),
        TimeDelta::hours(6),
        async || {
            let seats = house.seats(&uid).await;
            assert!(of_the_unknown(&seats).is_none_or(|seat| !seat.is_usable()), "no install may be sent");
        },
    )
    .await;

    let seats = house.seats(&uid).await;
    let (unknown, known): (Vec<_>, Vec<_>) =
        seats.iter().partition(|seat| seat.key.holder == device(UNKNOWN));
    assert!(known.len() == 4 && known.iter().all(|seat| seat.is_usable()), "the others are confirmed");
    assert_eq!(unknown[0].progress, Progress::GivenUp { error: SeatError::Unconfirmed });
    assert_eq!(house.simulator.count(Endpoint::AssociateAssets), u64::from(MOST_TRIES));
    assert!(house.simulator.requests().len() < 40, "{} requests", house.simulator.requests().len());

    live(&house, || house.vpp.clone(), TimeDelta::days(1), async || {}).await;
    assert_eq!(requests_of_a_day(&house).await, usual, "nobody asks for it any more");
    let seats = house.seats(&uid).await;
    assert_eq!(of_the_unknown(&seats).unwrap().progress, Progress::GivenUp { error: SeatError::Unconfirmed });
}
