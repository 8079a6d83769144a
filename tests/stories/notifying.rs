//! Notifications: Apple subscribed by itself, forged ones refused, and the same end whatever happens to them.

use std::time::Duration;

use chrono::TimeDelta;
use mdm_vpp::{
    decide::catalog::LicenseCount,
    engine::NotificationKeys,
    simulator::{Endpoint, ErrorNumber, EventPlan, Notification},
};

use crate::{
    house::{PUBLIC_ONE, builder, simulated},
    listening::{KEY, NEXT_KEY, Scene, URL, key, listening, listening_builder},
    receiver::post,
};

#[tokio::test]
async fn p13_the_test_notification_is_answered_while_apple_is_told_where_to_send_them() {
    let scene = Scene::subscribed().await;
    assert_eq!(scene.receiver.answered(), [(200, "taken")]);
    let told = scene.house.simulator.notification_settings(&scene.uid).unwrap();
    assert_eq!(told.url.as_deref(), Some(URL));
    assert!(told.auth_token.unwrap().starts_with(&format!("{}.", scene.uid)));
    assert_eq!(told.types, ["ASSET_COUNT", "ASSET_MANAGEMENT", "USER_ASSOCIATED", "USER_MANAGEMENT"]);

    let writes = scene.house.simulator.count(Endpoint::WriteClientConfig);
    scene.pass(25 * 3_600).await;
    assert_eq!(scene.house.simulator.count(Endpoint::WriteClientConfig), writes, "once is enough");
}

#[tokio::test]
async fn p13_an_address_that_apple_cannot_reach_is_a_hitch_that_says_what_to_do_and_nothing_depends_on_it() {
    let scene = Scene::before().await;
    scene.deliver_to(Some("http://127.0.0.1:1"));
    let worked = scene.work().await;
    let [hitch] = &worked.failures[..] else { panic!("{:?}", worked.failures) };
    assert_eq!(hitch.number.map(|number| number.0), Some(9728));
    assert!(hitch.message.contains(URL) && hitch.message.contains("reachable"), "{}", hitch.message);
    assert_eq!(hitch.doing(), format!("subscribing to the notifications of location {}", scene.uid));
    assert!(!hitch.message.contains(&format!("{}.", scene.uid)), "no secret: {}", hitch.message);

    scene.wish(0..3, 0..0).await;
    scene.pass(6).await;
    scene.confirm().await;
    assert_eq!((scene.present().await, scene.asked()), (3, 1), "Apple is asked, as ever");

    scene.pass(600).await;
    assert!(!scene.rows().await.state.subscribed);
    scene.deliver_to(Some(&scene.receiver.address));
    scene.pass(24 * 3_600).await;
    assert!(scene.rows().await.state.subscribed, "it is tried again until it works");
}

#[tokio::test]
async fn p13_a_grant_is_confirmed_without_a_single_question_about_its_event() {
    let scene = Scene::subscribed().await;
    scene.events_take(10);
    scene.wish(0..3, 0..0).await;
    assert_eq!(scene.present().await, 0);
    scene.house.advance(TimeDelta::seconds(10));
    for _ in 0..500 {
        if scene.receiver.answered().len() == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(scene.receiver.answered(), [(200, "taken"), (200, "taken")]);
    scene.confirm().await;
    assert_eq!((scene.present().await, scene.asked()), (3, 0));
    scene.pass(600).await;
    assert_eq!((scene.present().await, scene.asked()), (3, 0));
}

#[tokio::test]
async fn p13_doubled_reordered_and_lost_notifications_end_in_the_same_state_as_plain_ones() {
    let mut ends = Vec::new();
    for treated in ["plain", "doubled", "reversed", "one lost", "all lost"] {
        let scene = Scene::by_hand().await;
        scene.events_take(10);
        scene.wish(0..150, 0..0).await;
        scene.house.advance(TimeDelta::seconds(10));
        let told = scene.house.simulator.take_notifications();
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
            answered.push(scene.hear(notification).await);
        }
        assert_eq!(answered, answers);
        scene.confirm().await;
        let lost = treated.ends_with("lost");
        assert_eq!((scene.present().await, scene.asked()), (if lost { 0 } else { 150 }, 0), "{treated}");
        scene.pass(61).await;
        assert_eq!(scene.asked(), u64::from(lost), "{treated}: asked after a minute");
        scene.confirm().await;
        assert_eq!(scene.present().await, 150, "{treated}");
        ends.push(scene.seats().await);
    }
    assert!(ends.iter().all(|end| *end == ends[0]));
}

#[tokio::test]
async fn p13_licenses_that_went_back_and_failures_are_asked_about_at_once() {
    let scene = Scene::by_hand().await;
    scene.wish(0..3, 0..0).await;
    scene.pass(61).await;
    scene.confirm().await;
    assert_eq!(scene.present().await, 3);
    drop(scene.house.simulator.take_notifications());
    scene.house.simulator.clear_requests();

    scene.events_take(10);
    scene.wish(0..0, 0..1).await;
    scene.pass(10).await;
    assert_eq!(scene.asked(), 0, "Apple tells by itself");
    for notification in scene.house.simulator.take_notifications() {
        assert_eq!(scene.hear(&notification).await, 200);
    }
    scene.work().await;
    assert_eq!((scene.present().await, scene.asked()), (2, 1));
    assert!(scene.rows().await.requests.is_empty());

    let mut plan = EventPlan::usual().after(Duration::from_secs(10));
    plan.all_fail = Some(ErrorNumber::TOKEN_REVOKED);
    scene.house.simulator.change_settings(|settings| settings.events = plan.clone());
    scene.wish(7..8, 0..0).await;
    scene.house.advance(TimeDelta::seconds(10));
    for notification in scene.house.simulator.take_notifications() {
        assert_eq!(scene.hear(&notification).await, 200);
    }
    scene.house.simulator.clear_requests();
    scene.work().await;
    assert_eq!(scene.asked(), 1, "the failure was looked at");
    assert!(scene.rows().await.requests.is_empty());
}

#[tokio::test]
async fn p13_what_is_forged_broken_or_unknown_has_its_answer_and_changes_nothing() {
    let scene = Scene::by_hand().await;
    let (address, right) = (&scene.receiver.address, format!("Bearer {}", scene.secret()));
    let body = |kind: &str, uid: &str, told: &str| {
        format!(
            r#"{{"notificationId": "{kind}", "notificationType": "{kind}", "uId": "{uid}", "notification": {told}}}"#
        )
    };
    let uid = scene.uid.to_string();
    let count = r#"{"adamId": "1100000001", "pricingParam": "STDQ", "countDelta": 5}"#;
    let managed = r#"{"type": "ASSOCIATE", "result": "SUCCESS", "eventId": "foreign", "assignments":
        [{"adamId": "1100000001", "pricingParam": "STDQ", "serialNumber": "C02FOREIGN01"}]}"#;
    let (before, due) = (scene.house.stored().await, scene.house.store.next_due().await.unwrap());
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
    assert_eq!(scene.house.stored().await, before);
    assert_eq!(scene.house.store.next_due().await.unwrap(), due, "nothing is due because of it");

    assert_eq!(post(address, Some(&right), body("ASSET_MANAGEMENT", &uid, managed).as_bytes()).await, 200);
    assert_eq!(scene.receiver.answered().last(), Some(&(200, "unknown_event")));
    assert_eq!(post(address, Some(&right), good.as_bytes()).await, 200);
    assert_eq!(post(address, Some(&right), good.as_bytes()).await, 200);
    let answered = scene.receiver.answered();
    assert_eq!(answered[answered.len() - 2..], [(200, "taken"), (200, "repeated")]);
    let worked = scene.pass(2).await;
    assert!(worked.failures.is_empty(), "the token works: {:?}", worked.failures);
    let page = scene.house.page(&scene.uid).await;
    assert_eq!(page[0].total, Some(LicenseCount::Limited(200)), "counts are read, not added");
}

#[tokio::test]
async fn p13_licenses_that_were_bought_are_seen_at_once() {
    let scene = Scene::by_hand().await;
    scene.house.simulator.buy(&scene.uid, simulated(PUBLIC_ONE), 7).unwrap();
    for notification in scene.house.simulator.take_notifications() {
        assert_eq!(scene.hear(&notification).await, 200);
    }
    scene.work().await;
    let page = scene.house.page(&scene.uid).await;
    assert_eq!(page[0].total, Some(LicenseCount::Limited(207)));
}

#[tokio::test]
async fn p13_a_new_key_is_subscribed_at_the_next_sync_and_both_secrets_are_taken_meanwhile() {
    let mut scene = Scene::by_hand().await;
    let old = scene.secret();
    scene.vpp = listening(&scene.house, NotificationKeys::rotating(key(NEXT_KEY), key(KEY)));
    scene.receiver.lead_to(&scene.vpp);
    let count = |id: &str| {
        format!(
            r#"{{"notificationId": "{id}", "notificationType": "ASSET_COUNT", "uId": "{}", "notification":
                {{"adamId": "1100000001", "pricingParam": "STDQ", "countDelta": 5}}}}"#,
            scene.uid
        )
    };
    let (address, old_header) = (scene.receiver.address.clone(), format!("Bearer {old}"));
    assert_eq!(post(&address, Some(&old_header), count("1").as_bytes()).await, 200);
    scene.deliver_to(Some(&address));
    // The lease of the process that ran before has to end.
    scene.pass(150).await;
    let new_header = format!("Bearer {}", scene.secret());
    assert_ne!(new_header, old_header);
    assert!(scene.rows().await.state.subscribed);
    for (id, header) in [("2", &old_header), ("3", &new_header)] {
        assert_eq!(post(&address, Some(header), count(id).as_bytes()).await, 200);
    }

    scene.vpp = listening(&scene.house, NotificationKeys::only(key(NEXT_KEY)));
    scene.receiver.lead_to(&scene.vpp);
    assert_eq!(post(&address, Some(&old_header), count("4").as_bytes()).await, 403);
    assert_eq!(post(&address, Some(&new_header), count("4").as_bytes()).await, 200);

    // A host that takes no notifications any more refuses them, and asks again.
    scene.vpp = builder(scene.house.store.clone(), &scene.house.client, scene.house.clock.clone()).build();
    scene.receiver.lead_to(&scene.vpp);
    assert_eq!(post(&address, Some(&new_header), count("5").as_bytes()).await, 403);
    scene.pass(24 * 3_600).await;
    assert!(!scene.rows().await.state.subscribed);
}

#[tokio::test]
async fn p13_a_library_that_only_reads_subscribes_nothing_and_takes_what_comes() {
    let mut scene = Scene::by_hand().await;
    let right = format!("Bearer {}", scene.secret());
    let keys = || NotificationKeys::rotating(key(NEXT_KEY), key(KEY));
    scene.vpp = listening_builder(&scene.house, keys()).read_only().build();
    scene.receiver.lead_to(&scene.vpp);
    let worked = scene.pass(25 * 3_600).await;
    assert!(worked.failures.is_empty(), "{:?}", worked.failures);
    assert_eq!((scene.house.writes(), scene.rows().await.state.subscribed), (0, false));
    scene.house.simulator.buy(&scene.uid, simulated(PUBLIC_ONE), 7).unwrap();
    for notification in scene.house.simulator.take_notifications() {
        assert_eq!(post(&scene.receiver.address, Some(&right), &notification.body).await, 200);
    }
    scene.work().await;
    assert_eq!(scene.house.page(&scene.uid).await[0].total, Some(LicenseCount::Limited(207)));
}
