//! Notifications: the worker subscribes, forged ones are refused, and the end is the same whichever are lost.

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
        KEY, NEXT_KEY, NotificationFixture, URL, builder_with_notifications, key, post,
        vpp_with_notifications,
    },
};

#[tokio::test]
async fn p13_the_library_answers_apples_test_notification_while_it_subscribes() {
    let fixture = NotificationFixture::subscribed().await;
    assert_eq!(fixture.receiver.answered(), [(200, "taken")]);
    let settings = fixture.base.simulator.notification_settings(&fixture.uid).unwrap();
    assert_eq!(settings.url.as_deref(), Some(URL));
    assert!(settings.auth_token.unwrap().starts_with(&format!("{}.", fixture.uid)));
    assert_eq!(settings.types, ["ASSET_COUNT", "ASSET_MANAGEMENT", "USER_ASSOCIATED", "USER_MANAGEMENT"]);

    let writes = fixture.base.simulator.count(Endpoint::WriteClientConfig);
    fixture.advance_and_work(25 * 3_600).await;
    assert_eq!(
        fixture.base.simulator.count(Endpoint::WriteClientConfig),
        writes,
        "a subscription is written once"
    );
}

#[tokio::test]
async fn p13_an_address_that_apple_cannot_reach_is_a_failure_that_says_what_to_do_and_stops_no_assignment() {
    let fixture = NotificationFixture::not_subscribed().await;
    fixture.deliver_to(Some("http://127.0.0.1:1"));
    let worked = fixture.work().await;
    let [failure] = &worked.failures[..] else { panic!("{:?}", worked.failures) };
    assert_eq!(failure.number.map(|number| number.0), Some(9728));
    assert!(failure.message.contains(URL) && failure.message.contains("reachable"), "{}", failure.message);
    assert_eq!(failure.doing(), format!("subscribing to the notifications of location {}", fixture.uid));
    assert!(
        !failure.message.contains(&format!("{}.", fixture.uid)),
        "the message holds no secret: {}",
        failure.message
    );

    fixture.assign(0..3, 0..0).await;
    fixture.advance_and_work(6).await;
    fixture.read_deltas().await;
    assert_eq!(
        (fixture.confirmed().await, fixture.event_reads()),
        (3, 1),
        "without notifications the worker polls the event"
    );

    fixture.advance_and_work(600).await;
    assert!(!fixture.rows().await.state.subscribed);
    fixture.deliver_to(Some(&fixture.receiver.address));
    fixture.advance_and_work(24 * 3_600).await;
    assert!(fixture.rows().await.state.subscribed, "the worker subscribes again until it works");
}

#[tokio::test]
async fn p13_a_notified_assignment_is_confirmed_without_a_read_of_its_event() {
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
    for delivery in ["plain", "doubled", "reversed", "one lost", "all lost"] {
        let fixture = NotificationFixture::with_held_notifications().await;
        fixture.events_take(10);
        fixture.assign(0..150, 0..0).await;
        fixture.base.advance(TimeDelta::seconds(10));
        let sent = fixture.base.simulator.take_notifications();
        assert_eq!(sent.len(), 2, "a notification holds at most 100 assignments");
        let (delivered, answers): (Vec<&Notification>, &[u16]) = match delivery {
            "plain" => (vec![&sent[0], &sent[1]], &[200, 200]),
            "doubled" => (vec![&sent[0], &sent[1], &sent[1], &sent[0]], &[200; 4]),
            "reversed" => (vec![&sent[1], &sent[0]], &[200, 200]),
            "one lost" => (vec![&sent[1]], &[200]),
            _ => (vec![], &[]),
        };
        let mut answered = Vec::new();
        for notification in delivered {
            answered.push(fixture.receive(notification).await);
        }
        assert_eq!(answered, answers);
        fixture.read_deltas().await;
        let lost = delivery.ends_with("lost");
        assert_eq!(
            (fixture.confirmed().await, fixture.event_reads()),
            (if lost { 0 } else { 150 }, 0),
            "{delivery}"
        );
        fixture.advance_and_work(61).await;
        assert_eq!(fixture.event_reads(), u64::from(lost), "{delivery}: the event is read after a minute");
        fixture.read_deltas().await;
        assert_eq!(fixture.confirmed().await, 150, "{delivery}");
        ends.push(fixture.seats().await);
    }
    assert!(ends.iter().all(|end| *end == ends[0]));
}

#[tokio::test]
async fn p13_a_notified_release_or_failure_is_read_from_apple_at_once() {
    let fixture = NotificationFixture::with_held_notifications().await;
    fixture.assign(0..3, 0..0).await;
    fixture.advance_and_work(61).await;
    fixture.read_deltas().await;
    assert_eq!(fixture.confirmed().await, 3);
    drop(fixture.base.simulator.take_notifications());
    fixture.base.simulator.clear_requests();

    fixture.events_take(10);
    fixture.assign(0..0, 0..1).await;
    fixture.advance_and_work(10).await;
    assert_eq!(fixture.event_reads(), 0, "the worker waits for the notification");
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
    assert_eq!(fixture.event_reads(), 1, "the worker reads the failed event");
    assert!(fixture.rows().await.requests.is_empty());
}

#[tokio::test]
async fn p13_each_forged_broken_or_unknown_notification_has_its_answer_and_changes_nothing() {
    let fixture = NotificationFixture::with_held_notifications().await;
    let (address, valid) = (&fixture.receiver.address, format!("Bearer {}", fixture.secret()));
    let body = |kind: &str, uid: &str, notification: &str| {
        format!(
            r#"{{"notificationId": "{kind}", "notificationType": "{kind}", "uId": "{uid}", "notification": {notification}}}"#
        )
    };
    let uid = fixture.uid.to_string();
    let count = r#"{"adamId": "1100000001", "pricingParam": "STDQ", "countDelta": 5}"#;
    let managed = r#"{"type": "ASSOCIATE", "result": "SUCCESS", "eventId": "foreign", "assignments":
        [{"adamId": "1100000001", "pricingParam": "STDQ", "serialNumber": "C02FOREIGN01"}]}"#;
    let (before, due) = (fixture.base.stored().await, fixture.base.store.next_due().await.unwrap());
    let count_changed = body("ASSET_COUNT", &uid, count);
    let cut = valid[..valid.len() - 1].to_owned();
    let other_location = valid.replace(&uid, "7");
    for (authorization, body, status) in [
        (None, count_changed.clone(), 401),
        (Some("Basic YWRhOmFkYQ=="), count_changed.clone(), 401),
        (Some("Bearer k3y"), count_changed.clone(), 403),
        (Some(cut.as_str()), count_changed.clone(), 403),
        (Some(other_location.as_str()), count_changed.clone(), 403),
        (Some("Bearer k3y"), "not even JSON".to_owned(), 403),
        (Some(valid.as_str()), body("ASSET_COUNT", "7", count), 403),
        (Some(valid.as_str()), "not even JSON".to_owned(), 400),
        (Some(valid.as_str()), count_changed[..count_changed.len() - 9].to_owned(), 400),
        (Some(valid.as_str()), body("ASSET_COUNT", &uid, r#"{"adamId": []}"#), 400),
        (Some(valid.as_str()), "x".repeat(10 << 20), 413),
        (Some(valid.as_str()), body("TEST_NOTIFICATION", &uid, "{}"), 200),
        (Some(valid.as_str()), body("TEA_IS_READY", &uid, "[7]"), 200),
    ] {
        assert_eq!(
            post(address, authorization, body.as_bytes()).await,
            status,
            "{authorization:?} {body:.80}"
        );
    }
    assert_eq!(fixture.base.stored().await, before);
    assert_eq!(fixture.base.store.next_due().await.unwrap(), due, "no job is due because of it");

    assert_eq!(post(address, Some(&valid), body("ASSET_MANAGEMENT", &uid, managed).as_bytes()).await, 200);
    assert_eq!(fixture.receiver.answered().last(), Some(&(200, "unknown_event")));
    assert_eq!(post(address, Some(&valid), count_changed.as_bytes()).await, 200);
    assert_eq!(post(address, Some(&valid), count_changed.as_bytes()).await, 200);
    let answered = fixture.receiver.answered();
    assert_eq!(answered[answered.len() - 2..], [(200, "taken"), (200, "repeated")]);
    let worked = fixture.advance_and_work(2).await;
    assert!(worked.failures.is_empty(), "the unknown event causes no failure: {:?}", worked.failures);
    let page = fixture.base.page(&fixture.uid).await;
    assert_eq!(
        page[0].total,
        Some(LicenseCount::Limited(200)),
        "the count is read from Apple, not summed up"
    );
}

#[tokio::test]
async fn p13_a_notified_purchase_updates_the_counts_at_once() {
    let fixture = NotificationFixture::with_held_notifications().await;
    fixture.base.simulator.buy(&fixture.uid, simulated(PUBLIC_ONE), 7).unwrap();
    for notification in fixture.base.simulator.take_notifications() {
        assert_eq!(fixture.receive(&notification).await, 200);
    }
    fixture.work().await;
    let page = fixture.base.page(&fixture.uid).await;
    assert_eq!(page[0].total, Some(LicenseCount::Limited(207)));
}

#[tokio::test]
async fn p13_a_new_key_is_subscribed_at_the_next_sync_and_both_secrets_are_accepted_meanwhile() {
    let mut fixture = NotificationFixture::with_held_notifications().await;
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
    // The lease of the first process ends meanwhile.
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

    // An embedder that no longer takes notifications refuses them, and the worker polls again.
    fixture.vpp =
        builder(fixture.base.store.clone(), &fixture.base.client, fixture.base.clock.clone()).build();
    fixture.receiver.lead_to(&fixture.vpp);
    assert_eq!(post(&address, Some(&new_header), count("5").as_bytes()).await, 403);
    fixture.advance_and_work(24 * 3_600).await;
    assert!(!fixture.rows().await.state.subscribed);
}

#[tokio::test]
async fn p13_a_read_only_library_does_not_subscribe_and_accepts_the_notifications_that_arrive() {
    let mut fixture = NotificationFixture::with_held_notifications().await;
    let valid = format!("Bearer {}", fixture.secret());
    let keys = || NotificationKeys::rotating(key(NEXT_KEY), key(KEY));
    fixture.vpp = builder_with_notifications(&fixture.base, keys()).read_only().build();
    fixture.receiver.lead_to(&fixture.vpp);
    let worked = fixture.advance_and_work(25 * 3_600).await;
    assert!(worked.failures.is_empty(), "{:?}", worked.failures);
    assert_eq!((fixture.base.writes(), fixture.rows().await.state.subscribed), (0, false));
    fixture.base.simulator.buy(&fixture.uid, simulated(PUBLIC_ONE), 7).unwrap();
    for notification in fixture.base.simulator.take_notifications() {
        assert_eq!(post(&fixture.receiver.address, Some(&valid), &notification.body).await, 200);
    }
    fixture.work().await;
    assert_eq!(fixture.base.page(&fixture.uid).await[0].total, Some(LicenseCount::Limited(207)));
}
