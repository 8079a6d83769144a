//! Revoking all licenses of a token, an app, a device or a user.

use std::collections::BTreeSet;

use mdm_vpp::{
    decide::assignments::AssignmentChange,
    id::ClientUserId,
    location::Revoke,
    plan::Report,
    seats::{Holder, SeatKey},
    simulator::{self, Assignment, EventKind, LocationUid},
    transaction::AuditAct,
};

use crate::fixture::{
    BOOK, Fixture, PUBLIC_ONE, PUBLIC_TWO, ada, asset, device, id, seat, serials, simulated,
};

/// Licenses that we assigned; more than one transaction decides about.
const DEVICES: usize = 2_100;
/// Most devices in a request at this Apple; few, so that many requests are needed.
const MOST_DEVICES: i32 = 300;

fn reader() -> Holder {
    Holder::User { client_user_id: ClientUserId::new("reader").unwrap() }
}

/// A location with 2,100 devices that we assigned an app to and one device on its waitlist. Another product assigned a
/// second app to three devices, and that app and a book to a user.
async fn busy_location() -> (Fixture, LocationUid) {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location("Berlin");
    fixture.buy(&uid, PUBLIC_ONE, DEVICES.try_into().unwrap());
    fixture.buy(&uid, PUBLIC_TWO, 20);
    fixture.buy(&uid, BOOK, 5);
    fixture.simulator.change_limits(|limits| limits.max_serial_numbers = Some(MOST_DEVICES));
    let user = simulator::Holder::user("reader");
    let create =
        simulator::Request::post_json("/mdm/v2/users/create", r#"{"users": [{"clientUserId": "reader"}]}"#);
    assert_eq!(fixture.simulator.handle(create.bearer(&token.file)).status, 200);
    let mut others: Vec<_> = serials(3).iter().map(|serial| simulator::Holder::device(serial)).collect();
    others.push(user.clone());
    fixture.simulator.assign(&uid, simulated(PUBLIC_TWO), others).unwrap();
    fixture.simulator.assign(&uid, simulated(BOOK), [user]).unwrap();
    fixture.upload("Berlin", &token).await;
    fixture.work().await;
    let devices = serials(DEVICES + 1);
    let assign = devices.iter().map(|serial| seat(&uid, PUBLIC_ONE, device(serial))).collect();
    let change = AssignmentChange::Seats { assign, unassign: BTreeSet::new() };
    let report = fixture.tenant().change_assignments(&id(&uid), &change, &ada()).await.unwrap();
    assert_eq!(report.counts(), [("gains", 2_100), ("waits", 1)].into());
    fixture.settle().await;
    assert_eq!(fixture.simulator.assignments(&uid).unwrap().len(), 2_105);
    fixture.simulator.clear_requests();
    (fixture, uid)
}

async fn revoke(fixture: &Fixture, uid: &LocationUid, revoke: &Revoke) -> Report<SeatKey> {
    fixture.tenant().revoke(&id(uid), revoke, &ada()).await.unwrap()
}

/// Number of assignments at Apple of the first app, the second app and the book.
fn assignments_at_apple(fixture: &Fixture, uid: &LocationUid) -> [usize; 3] {
    let all = fixture.simulator.assignments(uid).unwrap();
    let of = |adam_id| all.iter().filter(|held| held.asset.adam_id == simulated(adam_id)).count();
    [of(PUBLIC_ONE), of(PUBLIC_TWO), of(BOOK)]
}

/// Number of requests that released licenses. Asserts that Apple refused none and that each kept to the limits.
fn release_requests(fixture: &Fixture) -> usize {
    assert!(fixture.simulator.requests().iter().all(|request| request.error.is_none()));
    let limits = fixture.simulator.limits();
    let most = usize::try_from(limits.max_assets.unwrap() * limits.max_serial_numbers.unwrap()).unwrap();
    let releases: Vec<_> = fixture
        .simulator
        .events()
        .into_iter()
        .filter(|event| event.kind == EventKind::Disassociate)
        .collect();
    assert!(releases.iter().all(|event| event.requested <= most && event.completed == event.requested));
    assert!(fixture.simulator.events().iter().all(|event| event.kind != EventKind::Revoke));
    releases.len()
}

#[tokio::test]
async fn p10_all_licenses_of_an_app_go_back_in_few_requests_and_the_waiting_device_gets_none() {
    let (fixture, uid) = busy_location().await;
    let app = Revoke::App { asset: asset(PUBLIC_ONE) };
    let report = revoke(&fixture, &uid, &app).await;
    assert_eq!(report.counts(), [("loses", 2_100), ("not_given", 1)].into());
    let lines = fixture.tenant().audit_since(Default::default(), 1_000).await.unwrap().entries;
    let revocations = lines.iter().filter_map(|entry| match &entry.act {
        AuditAct::LicensesRevoked { revoked, outcomes, .. } => {
            Some((revoked, outcomes.get("loses").copied()))
        }
        _ => None,
    });
    assert_eq!(
        revocations.collect::<Vec<_>>(),
        [(&app, Some(2_000)), (&app, Some(100))],
        "one audit entry for each transaction"
    );
    fixture.settle().await;
    assert_eq!(
        assignments_at_apple(&fixture, &uid),
        [0, 4, 1],
        "the waiting device did not get a released license"
    );
    assert_eq!(release_requests(&fixture), 7, "300 devices a request");

    let before = fixture.stored().await;
    assert!(revoke(&fixture, &uid, &app).await.lines.is_empty());
    assert_eq!(fixture.stored().await, before, "revoking twice changes nothing");
}

#[tokio::test]
async fn p10_a_device_loses_our_licenses_and_those_of_another_product() {
    let (fixture, uid) = busy_location().await;
    let one = device(&serials(1)[0]);
    let report = revoke(&fixture, &uid, &Revoke::Holder { holder: one.clone() }).await;
    let named: Vec<_> = report.lines.iter().map(|line| (&line.id, line.outcome.name())).collect();
    let expected = [seat(&uid, PUBLIC_ONE, one.clone()), seat(&uid, PUBLIC_TWO, one.clone())];
    assert_eq!(named, [(&expected[0], "loses"), (&expected[1], "loses")]);
    fixture.settle().await;
    assert_eq!(
        assignments_at_apple(&fixture, &uid),
        [2_100, 3, 1],
        "the waiting device got the released license"
    );
    let of_device = |held: &Assignment| held.holder == simulator::Holder::device(&serials(1)[0]);
    assert!(!fixture.simulator.assignments(&uid).unwrap().iter().any(of_device));
}

#[tokio::test]
async fn p10_a_user_loses_their_apps_and_keeps_their_book() {
    let (fixture, uid) = busy_location().await;
    let report = revoke(&fixture, &uid, &Revoke::Holder { holder: reader() }).await;
    let named: Vec<_> = report.lines.iter().map(|line| (&line.id, line.outcome.name())).collect();
    let (app, book) = (seat(&uid, PUBLIC_TWO, reader()), seat(&uid, BOOK, reader()));
    assert_eq!(named, [(&app, "loses"), (&book, "keeps")]);
    fixture.settle().await;
    assert_eq!(assignments_at_apple(&fixture, &uid), [2_100, 3, 1]);
    assert_eq!(release_requests(&fixture), 1);
}

#[tokio::test]
async fn p10_a_token_loses_all_licenses_but_books_and_no_request_names_a_book() {
    let (fixture, uid) = busy_location().await;
    let report = revoke(&fixture, &uid, &Revoke::Token).await;
    assert_eq!(report.counts(), [("keeps", 1), ("loses", 2_104), ("not_given", 1)].into());
    let kept: Vec<_> = report.lines.iter().filter(|line| line.outcome.name() == "keeps").collect();
    assert_eq!(kept[0].id, seat(&uid, BOOK, reader()));
    fixture.settle().await;
    assert_eq!(assignments_at_apple(&fixture, &uid), [0, 0, 1]);
    release_requests(&fixture);
    let book = fixture.seats(&uid).await.into_iter().find(|seat| seat.key.asset == asset(BOOK)).unwrap();
    assert!(
        !book.is_ours() && book.next_action().is_none(),
        "the book is left alone: Apple refuses requests that release books"
    );
    assert_eq!(revoke(&fixture, &uid, &Revoke::Token).await.counts(), [("keeps", 1)].into());
}
