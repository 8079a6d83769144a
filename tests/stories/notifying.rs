//! Notifications: Apple subscribed by itself, forged ones refused, and the same end whatever happens to them.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chrono::TimeDelta;
use mdm_vpp::{
    Vpp,
    catalog::{AssetKey, PricingParam},
    engine::{NotificationKey, NotificationKeys, NotificationUrl, Tenant, UploadToken, Worked},
    id::{AdamId, LocationId, SerialNumber},
    ports::{Members, Pools, Requests, Seats, TalkScope, TurnScope},
    seats::{Holder, Motion, SeatKey, Seen},
    simulator::{BaseUrl, Endpoint, ErrorNumber, EventPlan, LocationUid, Notification},
    talk::{TalkRows, WishChange},
};

use crate::{
    house::{House, PUBLIC_ONE, ada, builder, id, settings, simulated, work},
    receiver::{Receiver, post},
};

const URL: &str = "https://mdm.example.org/apple/notifications";
pub(crate) const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
pub(crate) const NEXT_KEY: &str = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";

pub(crate) fn key(text: &str) -> NotificationKey {
    NotificationKey::parse(text).unwrap()
}

/// The library as the host starts it: with assignments and with notifications under these keys.
pub(crate) fn listening(house: &House, keys: NotificationKeys) -> Vpp {
    builder(house.store.clone(), &house.client, house.clock.clone())
        .assignments(Arc::new(house.client.assignment_service()))
        .timer(house.clock.clone())
        .notifications(NotificationUrl::new(URL).unwrap(), keys)
        .build()
}

/// A house with a location of 200 licenses, whose token is uploaded and whose notifications come to a receiver.
struct Scene {
    house: House,
    vpp: Vpp,
    receiver: Receiver,
    uid: LocationUid,
}

impl Scene {
    /// Everything but the subscription.
    async fn before() -> Self {
        let house = House::build().await;
        let (uid, token) = house.location("Berlin");
        house.buy(&uid, PUBLIC_ONE, 200);
        let vpp = listening(&house, NotificationKeys::only(key(KEY)));
        let receiver = Receiver::start().await;
        receiver.lead_to(&vpp);
        let scene = Self { house, vpp, receiver, uid };
        scene.tenant().upload_token(UploadToken::new(settings("Berlin"), token.file), &ada()).await.unwrap();
        scene
    }

    async fn subscribed() -> Self {
        let scene = Self::before().await;
        scene.deliver_to(Some(&scene.receiver.address));
        let worked = scene.work().await;
        assert!(worked.hitches.is_empty(), "{:?}", worked.hitches);
        assert!(scene.rows().await.talk.subscribed);
        scene
    }

    /// Subscribed, and from then on notifications wait until the story takes them.
    async fn by_hand() -> Self {
        let scene = Self::subscribed().await;
        scene.deliver_to(None);
        scene.house.simulator.clear_requests();
        scene
    }

    fn deliver_to(&self, address: Option<&str>) {
        let address = address.map(|address| BaseUrl::parse(address).unwrap());
        self.house.simulator.change_settings(|settings| settings.notifications.deliver_to = address.clone());
    }

    fn events_take(&self, seconds: u64) {
        let plan = EventPlan::usual().after(Duration::from_secs(seconds));
        self.house.simulator.change_settings(|settings| settings.events = plan.clone());
    }

    fn tenant(&self) -> Tenant {
        self.vpp.tenant(self.house.tenant().id().clone())
    }

    fn location(&self) -> LocationId {
        id(&self.uid)
    }

    async fn work(&self) -> Worked {
        work(&self.vpp).await
    }

    async fn pass(&self, seconds: i64) -> Worked {
        self.house.advance(TimeDelta::seconds(seconds));
        self.work().await
    }

    /// Long enough for the delta that confirms what was notified, and for another one: a delta has to begin later than
    /// what it confirms became known, and here no time passes by itself.
    async fn confirm(&self) {
        for _ in 0..3 {
            self.pass(2).await;
        }
    }

    fn seat(&self, n: usize) -> SeatKey {
        let asset = AssetKey { adam_id: AdamId::new(PUBLIC_ONE), pricing_param: PricingParam::Standard };
        let serial_number = SerialNumber::new(format!("C02AAAA{n:04}")).unwrap();
        SeatKey { location: self.location(), asset, holder: Holder::Device { serial_number } }
    }

    async fn wish(&self, give: std::ops::Range<usize>, take: std::ops::Range<usize>) {
        let change = WishChange::Change {
            give: give.map(|n| self.seat(n)).collect(),
            take: take.map(|n| self.seat(n)).collect(),
        };
        drop(self.tenant().wish(&self.location(), &change, &ada()).await.unwrap());
        // Seats linger for a moment, so that many share a request.
        self.pass(3).await;
    }

    async fn rows(&self) -> TalkRows {
        let talk = TalkScope {
            location: self.location(),
            lease: None,
            pools: Pools::All,
            seats: Seats::After(None, 1_000),
            requests: Requests::Open,
            members: Members::None,
            waiting: BTreeMap::new(),
            walk_pages: false,
            notices: false,
        };
        let scope = TurnScope { talk: Some(talk), ..TurnScope::default() };
        self.house.store.load(self.house.tenant().id(), &scope).await.unwrap().talk.unwrap()
    }

    /// How many seats are confirmed, with nothing under way.
    async fn present(&self) -> usize {
        self.rows().await.seats.values().filter(|seat| seat.is_usable()).count()
    }

    /// What is known of the seats, without times.
    async fn seats(&self) -> Vec<(SeatKey, bool, Seen, Motion)> {
        let rows = self.rows().await;
        assert!(rows.requests.is_empty(), "{:?}", rows.requests);
        rows.seats.into_values().map(|seat| (seat.key, seat.want.is_hold(), seat.seen, seat.motion)).collect()
    }

    fn asked(&self) -> u64 {
        self.house.simulator.count(Endpoint::EventStatus)
    }

    fn secret(&self) -> String {
        self.house.simulator.notification_settings(&self.uid).unwrap().auth_token.unwrap()
    }

    async fn hear(&self, notification: &Notification) -> u16 {
        let bearer = format!("Bearer {}", notification.bearer);
        post(&self.receiver.address, Some(&bearer), &notification.body).await
    }
}

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
    let [hitch] = &worked.hitches[..] else { panic!("{:?}", worked.hitches) };
    assert_eq!(hitch.number.map(|number| number.0), Some(9728));
    assert!(hitch.trouble.contains(URL) && hitch.trouble.contains("reachable"), "{}", hitch.trouble);
    assert_eq!(hitch.doing(), format!("subscribing to the notifications of location {}", scene.uid));
    assert!(!hitch.trouble.contains(&format!("{}.", scene.uid)), "no secret: {}", hitch.trouble);

    scene.wish(0..3, 0..0).await;
    scene.pass(6).await;
    scene.confirm().await;
    assert_eq!((scene.present().await, scene.asked()), (3, 1), "Apple is asked, as ever");

    scene.pass(600).await;
    assert!(!scene.rows().await.talk.subscribed);
    scene.deliver_to(Some(&scene.receiver.address));
    scene.pass(24 * 3_600).await;
    assert!(scene.rows().await.talk.subscribed, "it is tried again until it works");
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
    assert!(worked.hitches.is_empty(), "the token works: {:?}", worked.hitches);
    let page = scene.house.page(&scene.uid).await;
    assert_eq!(
        page[0].total,
        Some(mdm_vpp::catalog::LicenseCount::Limited(200)),
        "counts are read, not added"
    );
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
    assert_eq!(page[0].total, Some(mdm_vpp::catalog::LicenseCount::Limited(207)));
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
    assert!(scene.rows().await.talk.subscribed);
    for (id, header) in [("2", &old_header), ("3", &new_header)] {
        assert_eq!(post(&address, Some(header), count(id).as_bytes()).await, 200);
    }

    scene.vpp = listening(&scene.house, NotificationKeys::only(key(NEXT_KEY)));
    scene.receiver.lead_to(&scene.vpp);
    assert_eq!(post(&address, Some(&old_header), count("4").as_bytes()).await, 403);
    assert_eq!(post(&address, Some(&new_header), count("4").as_bytes()).await, 200);

    // A host that takes no notifications any more refuses them, and asks again.
    scene.vpp = builder(scene.house.store.clone(), &scene.house.client, scene.house.clock.clone())
        .assignments(Arc::new(scene.house.client.assignment_service()))
        .timer(scene.house.clock.clone())
        .build();
    scene.receiver.lead_to(&scene.vpp);
    assert_eq!(post(&address, Some(&new_header), count("5").as_bytes()).await, 403);
    scene.pass(24 * 3_600).await;
    assert!(!scene.rows().await.talk.subscribed);
}
