//! A token with thousands of apps is renewed, and Apple has no reason to flag the account.

use std::time::Duration;

use mdm_vpp::{
    chrono::TimeDelta,
    decide::token::RenewalVerdict,
    ports::Clock as _,
    seats::SeatKey,
    simulator::{
        AdamId, ErrorNumber, Fault, FaultRule, FlaggingRule, LocationUid, NewLocation, RateJudged, Request,
        Simulator, StoreListing, TokenDownload,
    },
};

use super::location_fixture::{change_assignments, run_for};
use crate::fixture::{Fixture, ada, device, id, seat, serials, simulated};

const APPS: u64 = 5_000;

fn app(number: u64) -> u64 {
    1_300_000_000 + number
}

/// Creates 5,000 apps at an Apple that judges requests per second and revokes a token that makes more than a hundred
/// inventory requests within five seconds.
fn make_strict(apple: &Simulator, uid: &LocationUid) {
    for number in 0..APPS {
        let id = AdamId::new(app(number));
        apple.list(StoreListing::ios_app(id, format!("App {number}"), "com.example.app"));
        apple.buy(uid, id, 100).unwrap();
    }
    apple.change_settings(|settings| {
        settings.rate_limit.judged = RateJudged::Always;
        settings.flagging = Some(FlaggingRule { requests: 100, within: Duration::from_secs(5) });
        settings.log_capacity = 100_000;
    });
}

/// Number of requests that Apple refused because the client sent too many.
fn refused_requests(apple: &Simulator) -> usize {
    let of = [ErrorNumber::TOO_MANY_REQUESTS, ErrorNumber::TOKEN_REVOKED];
    apple.requests().iter().filter(|request| request.error.is_some_and(|error| of.contains(&error))).count()
}

#[tokio::test]
async fn s23_a_renewal_of_5_000_apps_stays_under_every_limit_and_a_client_without_a_pace_is_flagged() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location("Berlin");
    make_strict(&fixture.simulator, &uid);
    // A client that waits for its pace moves our clock, so each request first moves Apple's clock to the same time.
    let clock = fixture.clock.clone();
    let same_time = Fault::first(move |apple| apple.set_now(clock.now()));
    fixture.simulator.inject(FaultRule::new(same_time).always());
    fixture.upload("Berlin", &token).await;
    fixture.settle().await;
    assert_eq!(fixture.catalog_ids().await.len(), APPS as usize);

    let fresh = fixture.simulator.renew_token(&uid).unwrap();
    let renewed = fixture.tenant().update_token(&id(&uid), fresh.file.as_bytes(), &ada()).await.unwrap();
    assert_eq!(renewed.verdict, RenewalVerdict::Renewed);
    // A hundred apps are assigned to fifty devices.
    let desired: Vec<SeatKey> = serials(50)
        .iter()
        .flat_map(|serial| (0..100).map(|number| seat(&uid, app(number), device(serial))).collect::<Vec<_>>())
        .collect();
    change_assignments(&fixture, &fixture.vpp, &uid, &desired, &[]).await.unwrap();
    run_for(&fixture, || fixture.vpp.clone(), TimeDelta::hours(1), async || {}).await;

    assert_eq!(fixture.status(&uid).await, "Active");
    assert_eq!(refused_requests(&fixture.simulator), 0, "of {} requests", fixture.requests());
    let usable = fixture.seats(&uid).await.iter().filter(|seat| seat.is_usable()).count();
    assert_eq!(usable, 5_000);
    assert_eq!(fixture.simulator.free_licenses(&uid, simulated(app(0))).unwrap(), 50);

    // The control: another client sends the same requests at once.
    let apple = Simulator::new(fixture.simulator.now());
    let other = apple.create_location(NewLocation::new("Berlin", "Example GmbH", "DE"));
    make_strict(&apple, &other);
    let file = apple.download_token(&other, TokenDownload::usual()).unwrap().file;
    for sent in fixture.simulator.requests() {
        let request = Request::new(sent.method, &format!("{}?{}", sent.path, sent.query));
        apple.handle(request.bearer(&file).itvt(&file));
    }
    let config = apple.handle(Request::get("/mdm/v2/client/config").bearer(&file)).value().unwrap();
    assert_eq!(
        config["errorNumber"],
        ErrorNumber::TOKEN_REVOKED.number(),
        "Apple revokes the token of the client without a pace"
    );
}
