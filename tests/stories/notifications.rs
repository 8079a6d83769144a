//! Notifications: Apple subscribed by itself, forged ones refused, and the same end whatever happens to them.

use std::time::Duration;

use chrono::TimeDelta;
use mdm_vpp::{
    decide::catalog::LicenseCount,
    engine::NotificationKeys,
    simulator::{Endpoint, ErrorNumber, EventPlan, Notification},
};

use crate::{
    fixture::{PUBLIC_ONE, builder, simulated},
    notification_fixture::{
        KEY, NEXT_KEY, NotificationFixture, URL, builder_with_notifications, key, vpp_with_notifications,
    },
    receiver::post,
};

#[tokio::test]
async fn p13_the_test_notification_is_answered_while_apple_is_told_where_to_send_them() {
    let fixture = NotificationFixture::subscribed().await;
    assert_eq!(fixture.receiver.answered(), [(200, "taken")]);
    let told = fixture.base.simulator.notification_settings(&fixture.uid).unwrap();
    assert_eq!(told.url.as_deref(), Some(URL));
    assert!(told.auth_token.unwrap().starts_with(&format!("{}.", fixture.uid)));
    assert_eq!(told.types, ["ASSET_COUNT", "ASSET_MANAGEMENT", "USER_ASSOCIATED", "USER_MANAGEMENT"]);

    let writes = fixture.base.simulator.count(Endpoint::WriteClientConfig);
    fixture.advance_and_work(25 * 3_600).await;
    assert_eq!(fixture.base.simulator.count(Endpoint::WriteClientConfig), writes, "once is enough");
}

#[tokio::test]
async fn p13_an_address_that_apple_cannot_reach_is_a_hitch_that_says_what_to_do_and_nothing_depends_on_it() {
    let fixture = NotificationFixture::before().await;
    fixture.deliver_to(Some("http://127.0.0.1:1"));
    let worked = fixture.work().await;
    let [failure] = &worked.failures[..] else { panic!("{:?}", worked.failures) };
    assert_eq!(failure.number.map(|number| number.0), Some(9728));
    assert!(failure.message.contains(URL) && failure.message.contains("reachable"), "{}", failure.message);
    assert_eq!(failure.doing(), format!("subscribing to the notifications of location {}", fixture.uid));
    assert!(!failure.message.contains(&format!("{}.", fixture.uid)), "no secret: {}", failure.message);

    fixture.assign(0..3, 0..0).await;
    fixture.advance_and_work(6).await;
    fixture.read_deltas().await;
    assert_eq!((fixture.confirmed().await, fixture.event_reads()), (3, 1), "Apple is asked, as ever");

    fixture.advance_and_work(600).await;
    assert!(!fixture.rows().await.state.subscribed);
    fixture.deliver_to(Some(&fixture.receiver.address));
    fixture.advance_and_work(24 * 3_600).await;
    assert!(fixture.rows().await.state.subscribed, "it is tried again until it works");
}

#[tokio::test]
async fn p13_a_grant_is_confirmed_without_a_single_question_about_its_event() {
    let fixture = NotificationFixture::subscribed().await;
    fixture.events_take(10);
    fixture.assign(0..3, 0..0).await;
    assert_eq!(fixture.confirmed().await, 0);
    fixture.base.advance(TimeDelta::seconds(10));
    for _ in 0..500 {
        if fixture.receiver.answered().len() == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(fixture.receiver.answered(), [(200, "taken"), (200, "taken")]);
    fixture.read_deltas().await;
    assert_eq!((fixture.confirmed().await, fixture.event_reads()), (3, 0));
    fixture.advance_and_work(600).await;
    assert_eq!((fixture.confirmed().await, fixture.event_reads()), (3, 0));
}

#[tokio::test]
async fn p13_doubled_reordered_and_lost_notifications_end_in_the_same_state_as_plain_ones() {
    let mut ends = Vec::new();
    for treated in ["plain", "doubled", "reversed", "one lost", "all lost"] {
        let fixture = NotificationFixture::by_hand().await;
        fixture.events_take(10);
        fixture.assign(0..150, 0..0).await;
        fixture.base.advance(TimeDelta::seconds(10));
        let told = fixture.base.simulator.take_notifications();
        assert_eq!(told.len(), 2, "at most 100 in one");
        let (told, answers): (Vec<&Notification>, &[u16]) = match treated {
            "plain" => (vec![&told[0], &told[1]], &[200, 200]),
            "doubled" => (vec![&told[0], &told[1], &told[1], &told[0]], &[200; 4]),
            "reversed" => (vec![&told[1], &told[0]], &[200, 200]),
            "one lost" => (vec![&told[1]], &[200]),
            _ => (vec![], &[]),
        };
        let mut answered = Vec::new();
        for notification in told {
            answered.push(fixture.receive(notification).await);
        }
        assert_eq!(answered, answers);
        fixture.read_deltas().await;
        let lost = treated.ends_with("lost");
        assert_eq!(
            (fixture.confirmed().await, fixture.event_reads()),
            (if lost { 0 } else { 150 }, 0),
            "{treated}"
        );
        fixture.advance_and_work(61).await;
        assert_eq!(fixture.event_reads(), u64::from(lost), "{treated}: asked after a minute");
        fixture.read_deltas().await;
        assert_eq!(fixture.confirmed().await, 150, "{treated}");
        ends.push(fixture.seats().await);
    }
    assert!(ends.iter().all(|end| *end == ends[0]));
}

#[tokio::test]
async fn p13_licenses_that_went_back_and_failures_are_asked_about_at_once() {
    let fixture = NotificationFixture::by_hand().await;
    fixture.assign(0..3, 0..0).await;
    fixture.advance_and_work(61).await;
    fixture.read_deltas().await;
    assert_eq!(fixture.confirmed().await, 3);
    drop(fixture.base.simulator.take_notifications());
    fixture.base.simulator.clear_requests();

    fixture.events_take(10);
    fixture.assign(0..0, 0..1).await;
    fixture.advance_and_work(10).await;
    assert_eq!(fixture.event_reads(), 0, "Apple tells by itself");
    for notification in fixture.base.simulator.take_notifications() {
        assert_eq!(fixture.receive(&notification).await, 200);
    }
    fixture.work().await;
    assert_eq!((fixture.confirmed().await, fixture.event_reads()), (2, 1));
    assert!(fixture.rows().await.requests.is_empty());

    let mut plan = EventPlan::usual().after(Duration::from_secs(10));
    plan.all_fail = Some(ErrorNumber::TOKEN_REVOKED);
    fixture.base.simulator.change_settings(|settings| settings.events = plan.clone());
    fixture.assign(7..8, 0..0).await;
    fixture.base.advance(TimeDelta::seconds(10));
    for notification in fixture.base.simulator.take_notifications() {
        assert_eq!(fixture.receive(&notification).await, 200);
    }
    fixture.base.simulator.clear_requests();
    fixture.work().await;
    assert_eq!(fixture.event_reads(), 1, "the failure was looked at");
    assert!(fixture.rows().await.requests.is_empty());
}

#[tokio::test]
async fn p13_what_is_forged_broken_or_unknown_has_its_answer_and_changes_nothing() {
    let fixture = NotificationFixture::by_hand().await;
    let (address, right) = (&fixture.receiver.address, format!("Bearer {}", fixture.secret()));
    let body = |kind: &str, uid: &str, told: &str| {
        format!(
            r#"{{"notificationId": "{kind}", "notificationType": "{kind}", "uId": "{uid}", "notification": {told}}}"#
        )
    };
    let uid = fixture.uid.to_string();
    let count = r#"{"adamId": "1100000001", "pricingParam": "STDQ", "countDelta": 5}"#;
    let managed = r#"{"type": "ASSOCIATE", "result": "SUCCESS", "eventId": "foreign", "assignments":
        [{"adamId": "1100000001", "pricingParam": "STDQ", "serialNumber": "C02FOREIGN01"}]}"#;
    let (before, due) = (fixture.base.stored().await, fixture.base.store.next_due().await.unwrap());
    let good = body("ASSET_COUNT", &uid, count);
    let cut = right[..right.len() - 1].to_owned();
    let other = right.replace(&uid, "7");
    for (authorization, body, status) in [
        (None, good.clone(), 401),
        (Some("Basic YWRhOmFkYQ=="), good.clone(), 401),
        (Some("Bearer k3y"), good.clone(), 403),
        (Some(cut.as_str()), good.clone(), 403),
        (Some(other.as_str()), good.clone(), 403),
        (Some("Bearer k3y"), "not even JSON".to_owned(), 403),
        (Some(right.as_str()), body("ASSET_COUNT", "7", count), 403),
        (Some(right.as_str()), "not even JSON".to_owned(), 400),
        (Some(right.as_str()), good[..good.len() - 9].to_owned(), 400),
        (Some(right.as_str()), body("ASSET_COUNT", &uid, r#"{"adamId": []}"#), 400),
        (Some(right.as_str()), "x".repeat(10 << 20), 413),
        (Some(right.as_str()), body("TEST_NOTIFICATION", &uid, "{}"), 200),
        (Some(right.as_str()), body("TEA_IS_READY", &uid, "[7]"), 200),
    ] {
        assert_eq!(
            post(address, authorization, body.as_bytes()).await,
            status,
            "{authorization:?} {body:.80}"
        );
    }
    assert_eq!(fixture.base.stored().await, before);
    assert_eq!(fixture.base.store.next_due().await.unwrap(), due, "nothing is due because of it");

    assert_eq!(post(address, Some(&right), body("ASSET_MANAGEMENT", &uid, managed).as_bytes()).await, 200);
    assert_eq!(fixture.receiver.answered().last(), Some(&(200, "unknown_event")));
    assert_eq!(post(address, Some(&right), good.as_bytes()).await, 200);
    assert_eq!(post(address, Some(&right), good.as_bytes()).await, 200);
    let answered = fixture.receiver.answered();
    assert_eq!(answered[answered.len() - 2..], [(200, "taken"), (200, "repeated")]);
    let worked = fixture.advance_and_work(2).await;
    assert!(worked.failures.is_empty(), "the token works: {:?}", worked.failures);
    let page = fixture.base.page(&fixture.uid).await;
    assert_eq!(page[0].total, Some(LicenseCount::Limited(200)), "counts are read, not added");
}

#[tokio::test]
async fn p13_licenses_that_were_bought_are_seen_at_once() {
    let fixture = NotificationFixture::by_hand().await;
    fixture.base.simulator.buy(&fixture.uid, simulated(PUBLIC_ONE), 7).unwrap();
    for notification in fixture.base.simulator.take_notifications() {
        assert_eq!(fixture.receive(&notification).await, 200);
    }
    fixture.work().await;
    let page = fixture.base.page(&fixture.uid).await;
    assert_eq!(page[0].total, Some(LicenseCount::Limited(207)));
}

#[tokio::test]
async fn p13_a_new_key_is_subscribed_at_the_next_sync_and_both_secrets_are_taken_meanwhile() {
    let mut fixture = NotificationFixture::by_hand().await;
    let old = fixture.secret();
    fixture.vpp = vpp_with_notifications(&fixture.base, NotificationKeys::rotating(key(NEXT_KEY), key(KEY)));
    fixture.receiver.lead_to(&fixture.vpp);
    let count = |id: &str| {
        format!(
            r#"{{"notificationId": "{id}", "notificationType": "ASSET_COUNT", "uId": "{}", "notification":
                {{"adamId": "1100000001", "pricingParam": "STDQ", "countDelta": 5}}}}"#,
            fixture.uid
        )
    };
    let (address, old_header) = (fixture.receiver.address.clone(), format!("Bearer {old}"));
    assert_eq!(post(&address, Some(&old_header), count("1").as_bytes()).await, 200);
    fixture.deliver_to(Some(&address));
    // The lease of the process that ran before has to end.
    fixture.advance_and_work(150).await;
    let new_header = format!("Bearer {}", fixture.secret());
    assert_ne!(new_header, old_header);
    assert!(fixture.rows().await.state.subscribed);
    for (id, header) in [("2", &old_header), ("3", &new_header)] {
        assert_eq!(post(&address, Some(header), count(id).as_bytes()).await, 200);
    }

    fixture.vpp = vpp_with_notifications(&fixture.base, NotificationKeys::only(key(NEXT_KEY)));
    fixture.receiver.lead_to(&fixture.vpp);
    assert_eq!(post(&address, Some(&old_header), count("4").as_bytes()).await, 403);
    assert_eq!(post(&address, Some(&new_header), count("4").as_bytes()).await, 200);

    // A host that takes no notifications any more refuses them, and asks again.
    fixture.vpp =
        builder(fixture.base.store.clone(), &fixture.base.client, fixture.base.clock.clone()).build();
    fixture.receiver.lead_to(&fixture.vpp);
    assert_eq!(post(&address, Some(&new_header), count("5").as_bytes()).await, 403);
    fixture.advance_and_work(24 * 3_600).await;
    assert!(!fixture.rows().await.state.subscribed);
}

#[tokio::test]
async fn p13_a_library_that_only_reads_subscribes_nothing_and_takes_what_comes() {
    let mut fixture = NotificationFixture::by_hand().await;
    let right = format!("Bearer {}", fixture.secret());
    let keys = || NotificationKeys::rotating(key(NEXT_KEY), key(KEY));
    fixture.vpp = builder_with_notifications(&fixture.base, keys()).read_only().build();
    fixture.receiver.lead_to(&fixture.vpp);
    let worked = fixture.advance_and_work(25 * 3_600).await;
    assert!(worked.failures.is_empty(), "{:?}", worked.failures);
    assert_eq!((fixture.base.writes(), fixture.rows().await.state.subscribed), (0, false));
    fixture.base.simulator.buy(&fixture.uid, simulated(PUBLIC_ONE), 7).unwrap();
    for notification in fixture.base.simulator.take_notifications() {
        assert_eq!(post(&fixture.receiver.address, Some(&right), &notification.body).await, 200);
    }
    fixture.work().await;
    assert_eq!(fixture.base.page(&fixture.uid).await[0].total, Some(LicenseCount::Limited(207)));
}
