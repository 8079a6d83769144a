//! A fixture whose library takes notifications, with a location that is subscribed.

use std::{collections::BTreeMap, time::Duration};

use chrono::TimeDelta;
use mdm_vpp::{
    Vpp,
    catalog::{AssetKey, PricingParam},
    decide::assignments::AssignmentChange,
    engine::{NotificationKey, NotificationKeys, NotificationUrl, Tenant, UploadToken, VppBuilder, Worked},
    id::{AdamId, LocationId, SerialNumber},
    location::LocationRows,
    ports::{LoadScope, LocationScope, Pools, Requests, Seats, VppUsers},
    seats::{Holder, Observed, Progress, SeatKey},
    simulator::{BaseUrl, Endpoint, EventPlan, LocationUid, Notification},
};

use crate::{
    fixture::{Fixture, PUBLIC_ONE, ada, builder, id, settings, work},
    receiver::{Receiver, post},
};

pub(crate) const URL: &str = "https://mdm.example.org/apple/notifications";
pub(crate) const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
pub(crate) const NEXT_KEY: &str = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";

pub(crate) fn key(text: &str) -> NotificationKey {
    NotificationKey::parse(text).unwrap()
}

/// The library as the host starts it, with notifications under these keys.
pub(crate) fn vpp_with_notifications(fixture: &Fixture, keys: NotificationKeys) -> Vpp {
    builder_with_notifications(fixture, keys).build()
}

pub(crate) fn builder_with_notifications(fixture: &Fixture, keys: NotificationKeys) -> VppBuilder {
    builder(fixture.store.clone(), &fixture.client, fixture.clock.clone())
        .notifications(NotificationUrl::new(URL).unwrap(), keys)
}

/// A fixture with a location of 200 licenses, whose token is uploaded and whose notifications come to a receiver.
pub(crate) struct NotificationFixture {
    pub(crate) base: Fixture,
    pub(crate) vpp: Vpp,
    pub(crate) receiver: Receiver,
    pub(crate) uid: LocationUid,
}

impl NotificationFixture {
    /// Everything but the subscription.
    pub(crate) async fn before() -> Self {
        let base = Fixture::build().await;
        let (uid, token) = base.location("Berlin");
        base.buy(&uid, PUBLIC_ONE, 200);
        let vpp = vpp_with_notifications(&base, NotificationKeys::only(key(KEY)));
        let receiver = Receiver::start().await;
        receiver.lead_to(&vpp);
        let fixture = Self { base, vpp, receiver, uid };
        fixture
            .tenant()
            .upload_token(UploadToken::new(settings("Berlin"), token.file), &ada())
            .await
            .unwrap();
        fixture
    }

    pub(crate) async fn subscribed() -> Self {
        let fixture = Self::before().await;
        fixture.deliver_to(Some(&fixture.receiver.address));
        let worked = fixture.work().await;
        assert!(worked.failures.is_empty(), "{:?}", worked.failures);
        assert!(fixture.rows().await.state.subscribed);
        fixture
    }

    /// Subscribed, and from then on notifications wait until the story takes them.
    pub(crate) async fn by_hand() -> Self {
        let fixture = Self::subscribed().await;
        fixture.deliver_to(None);
        fixture.base.simulator.clear_requests();
        fixture
    }

    pub(crate) fn deliver_to(&self, address: Option<&str>) {
        let address = address.map(|address| BaseUrl::parse(address).unwrap());
        self.base.simulator.change_settings(|settings| settings.notifications.deliver_to = address.clone());
    }

    pub(crate) fn events_take(&self, seconds: u64) {
        let plan = EventPlan::usual().after(Duration::from_secs(seconds));
        self.base.simulator.change_settings(|settings| settings.events = plan.clone());
    }

    pub(crate) fn tenant(&self) -> Tenant {
        self.vpp.tenant(self.base.tenant().id().clone())
    }

    pub(crate) fn location(&self) -> LocationId {
        id(&self.uid)
    }

    pub(crate) async fn work(&self) -> Worked {
        work(&self.vpp).await
    }

    pub(crate) async fn advance_and_work(&self, seconds: i64) -> Worked {
        self.base.advance(TimeDelta::seconds(seconds));
        self.work().await
    }

    /// Long enough for the delta that confirms what was notified, and for another one: a delta has to begin later than
    /// what it confirms became known, and here no time passes by itself.
    pub(crate) async fn read_deltas(&self) {
        for _ in 0..3 {
            self.advance_and_work(2).await;
        }
    }

    pub(crate) fn seat(&self, n: usize) -> SeatKey {
        let asset = AssetKey { adam_id: AdamId::new(PUBLIC_ONE), pricing_param: PricingParam::Standard };
        let serial_number = SerialNumber::new(format!("C02AAAA{n:04}")).unwrap();
        SeatKey { location: self.location(), asset, holder: Holder::Device { serial_number } }
    }

    pub(crate) async fn assign(&self, assign: std::ops::Range<usize>, unassign: std::ops::Range<usize>) {
        let change = AssignmentChange::Seats {
            assign: assign.map(|n| self.seat(n)).collect(),
            unassign: unassign.map(|n| self.seat(n)).collect(),
        };
        drop(self.tenant().change_assignments(&self.location(), &change, &ada()).await.unwrap());
        // Seats linger for a moment, so that many share a request.
        self.advance_and_work(3).await;
    }

    pub(crate) async fn rows(&self) -> LocationRows {
        let location = LocationScope {
            location: self.location(),
            lease: None,
            pools: Pools::All,
            seats: Seats::After(None, 1_000),
            requests: Requests::Open,
            users: VppUsers::None,
            waitlist: BTreeMap::new(),
            full_read_pages: false,
            notified_events: false,
        };
        let scope = LoadScope { location: Some(location), ..LoadScope::default() };
        self.base.store.load(self.base.tenant().id(), &scope).await.unwrap().location.unwrap()
    }

    /// How many seats are confirmed, with nothing under way.
    pub(crate) async fn confirmed(&self) -> usize {
        self.rows().await.seats.values().filter(|seat| seat.is_usable()).count()
    }

    /// What is known of the seats, without times.
    pub(crate) async fn seats(&self) -> Vec<(SeatKey, bool, Observed, Progress)> {
        let rows = self.rows().await;
        assert!(rows.requests.is_empty(), "{:?}", rows.requests);
        rows.seats
            .into_values()
            .map(|seat| (seat.key, seat.desired.is_assigned(), seat.observed, seat.progress))
            .collect()
    }

    pub(crate) fn event_reads(&self) -> u64 {
        self.base.simulator.count(Endpoint::EventStatus)
    }

    pub(crate) fn secret(&self) -> String {
        self.base.simulator.notification_settings(&self.uid).unwrap().auth_token.unwrap()
    }

    pub(crate) async fn receive(&self, notification: &Notification) -> u16 {
        let bearer = format!("Bearer {}", notification.bearer);
        post(&self.receiver.address, Some(&bearer), &notification.body).await
    }
}
