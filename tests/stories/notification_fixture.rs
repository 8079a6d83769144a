//! A location that is subscribed to notifications, and an HTTP server through which they reach the library.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::TimeDelta;
use mdm_vpp::{
    Vpp,
    catalog::{AssetKey, PricingParam},
    decide::assignments::AssignmentChange,
    engine::{NotificationKey, NotificationKeys, NotificationUrl, Tenant, UploadToken, VppBuilder, Worked},
    id::{AdamId, LocationId, SerialNumber},
    location::LocationRows,
    ports::{LARGEST_NOTIFICATION, LoadScope, LocationScope, Pools, Requests, Seats, VppUsers},
    seats::{Holder, Observed, Progress, SeatKey},
    simulator::{BaseUrl, Endpoint, EventPlan, LocationUid, Notification},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use crate::fixture::{Fixture, PUBLIC_ONE, ada, builder, id, settings, work};

pub(crate) const URL: &str = "https://mdm.example.org/apple/notifications";
pub(crate) const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
pub(crate) const NEXT_KEY: &str = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";

pub(crate) fn key(text: &str) -> NotificationKey {
    NotificationKey::parse(text).unwrap()
}

/// The library with notifications under these keys.
pub(crate) fn vpp_with_notifications(fixture: &Fixture, keys: NotificationKeys) -> Vpp {
    builder_with_notifications(fixture, keys).build()
}

pub(crate) fn builder_with_notifications(fixture: &Fixture, keys: NotificationKeys) -> VppBuilder {
    builder(fixture.store.clone(), &fixture.client, fixture.clock.clone())
        .notifications(NotificationUrl::new(URL).unwrap(), keys)
}

/// A location with 200 licenses whose token is uploaded, and the receiver of its notifications.
pub(crate) struct NotificationFixture {
    pub(crate) base: Fixture,
    pub(crate) vpp: Vpp,
    pub(crate) receiver: Receiver,
    pub(crate) uid: LocationUid,
}

impl NotificationFixture {
    /// Builds all but the subscription.
    pub(crate) async fn not_subscribed() -> Self {
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

    /// Apple delivers each notification to the receiver at once.
    pub(crate) async fn subscribed() -> Self {
        let fixture = Self::not_subscribed().await;
        fixture.deliver_to(Some(&fixture.receiver.address));
        let worked = fixture.work().await;
        assert!(worked.failures.is_empty(), "{:?}", worked.failures);
        assert!(fixture.rows().await.state.subscribed);
        fixture
    }

    /// Apple keeps each notification until the test takes and delivers it.
    pub(crate) async fn with_held_notifications() -> Self {
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

    /// Lets a delta read confirm what was notified, and another one follow. The clock has to move before each: a delta
    /// read confirms only what became known before it began.
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
        // The worker holds queued seats back for a moment, so that many share a request.
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

    /// Number of confirmed seats.
    pub(crate) async fn confirmed(&self) -> usize {
        self.rows().await.seats.values().filter(|seat| seat.is_usable()).count()
    }

    /// The seats without their times. Asserts that no request is open.
    pub(crate) async fn seats(&self) -> Vec<(SeatKey, bool, Observed, Progress)> {
        let rows = self.rows().await;
        assert!(rows.requests.is_empty(), "{:?}", rows.requests);
        rows.seats
            .into_values()
            .map(|seat| (seat.key, seat.desired.is_assigned(), seat.observed, seat.progress))
            .collect()
    }

    /// Number of reads of an event's status.
    pub(crate) fn event_reads(&self) -> u64 {
        self.base.simulator.count(Endpoint::EventStatus)
    }

    pub(crate) fn secret(&self) -> String {
        self.base.simulator.notification_settings(&self.uid).unwrap().auth_token.unwrap()
    }

    /// Delivers a notification to the receiver; the answer is the HTTP status.
    pub(crate) async fn receive(&self, notification: &Notification) -> u16 {
        let bearer = format!("Bearer {}", notification.bearer);
        post(&self.receiver.address, Some(&bearer), &notification.body).await
    }
}

/// The embedder's route for notifications: a small HTTP server that hands each request to the library.
#[derive(Clone)]
pub(crate) struct Receiver {
    /// `http://127.0.0.1:port`.
    pub(crate) address: String,
    vpp: Arc<Mutex<Option<Vpp>>>,
    answered: Arc<Mutex<Vec<(u16, &'static str)>>>,
}

impl Receiver {
    /// Starts the server, without a library behind it yet.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let receiver = Self { address, vpp: Arc::default(), answered: Arc::default() };
        let serving = receiver.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let serving = serving.clone();
                tokio::spawn(async move { serving.answer(stream).await });
            }
        });
        receiver
    }

    /// Hands all requests to this library from now on.
    pub(crate) fn lead_to(&self, vpp: &Vpp) {
        *self.vpp.lock().unwrap() = Some(vpp.clone());
    }

    /// The status and the code of each answer so far.
    pub(crate) fn answered(&self) -> Vec<(u16, &'static str)> {
        self.answered.lock().unwrap().clone()
    }

    async fn answer(&self, mut stream: TcpStream) {
        let (head, body) = read(&mut stream).await;
        let value_of = |line: &str| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("authorization").then(|| value.trim().to_owned())
        };
        let authorization = head.lines().find_map(value_of);
        let vpp = self.vpp.lock().unwrap().clone().unwrap();
        let (status, code) = match vpp.notification(authorization.as_deref(), &body).await {
            Ok(answer) => (answer.http_status(), answer.code()),
            Err(error) => (503, error.code()),
        };
        self.answered.lock().unwrap().push((status, code));
        let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        // A client that sends too much may have closed the connection.
        let _ = stream.write_all(answer.as_bytes()).await;
    }
}

/// Reads the head of a request, and of its body one byte more than the largest notification at most.
async fn read(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(reader.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0).min(LARGEST_NOTIFICATION + 1)];
    reader.read_exact(&mut body).await.unwrap();
    (head, body)
}

/// Posts a body; the answer is the HTTP status.
pub(crate) async fn post(address: &str, authorization: Option<&str>, body: &[u8]) -> u16 {
    let mut stream = TcpStream::connect(address.strip_prefix("http://").unwrap()).await.unwrap();
    let authorization = authorization.map(|value| format!("Authorization: {value}\r\n")).unwrap_or_default();
    let head =
        format!("POST /n HTTP/1.1\r\nHost: x\r\n{authorization}Content-Length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let body = body.to_vec();
    let sending = tokio::spawn(async move {
        // The receiver may close the connection before the end of a body that is too large.
        let _ = writing.write_all(&body).await;
        writing
    });
    let mut answer = [0; 12];
    reading.read_exact(&mut answer).await.unwrap();
    drop(sending.await.unwrap());
    std::str::from_utf8(&answer).unwrap()[9..12].parse().unwrap()
}
