//! Reads the stored rows, and prints what has changed in plain words.

use std::{
    collections::BTreeMap,
    io::{self, Write as _},
};

use mdm_vpp::{
    chrono::SecondsFormat,
    location::LocationRows,
    ports::{Clock as _, LoadScope, LocationScope, Pools, Requests, Seats, VppUsers},
    seats::{Observed, Progress, Request, RequestNumber, RequestState, Seat, SeatKey},
    simulator::Endpoint,
};

use crate::{Failure, fixture::Fixture};

/// The words for a seat with a fence.
const FENCE: &str = "fence until";

/// The words last printed for each seat and request.
pub(crate) struct Watch<'f> {
    fixture: &'f Fixture,
    seats: BTreeMap<SeatKey, String>,
    requests: BTreeMap<RequestNumber, String>,
    /// The number of the next request.
    next: RequestNumber,
}

impl<'f> Watch<'f> {
    pub(crate) fn begin(fixture: &'f Fixture) -> Result<Self, Failure> {
        let (seats, requests) = (BTreeMap::new(), BTreeMap::new());
        Ok(Self { fixture, seats, requests, next: RequestNumber(1) })
    }

    /// Prints a line with the time.
    pub(crate) fn say(&self, what: &str) -> Result<(), Failure> {
        let time = self.fixture.clock.now().to_rfc3339_opts(SecondsFormat::Secs, true);
        Ok(writeln!(io::stdout(), "{time}  {what}")?)
    }

    /// Prints what has changed since the last call.
    pub(crate) async fn print_changes(&mut self) -> Result<(), Failure> {
        let known: Vec<RequestNumber> = self.requests.keys().copied().chain([self.next]).collect();
        for number in known {
            let rows = self.load(Seats::None, Requests::One(number)).await?;
            let Some(request) = rows.requests.first() else { continue };
            let words = request_in_words(request);
            if number == self.next {
                let asked = request.seats().count();
                self.say(&format!("request {} was written and sent: {asked} licenses", number.0))?;
                self.next = number.next();
            }
            if self.requests.insert(number, words.clone()).as_ref() != Some(&words) {
                self.say(&format!("request {} {words}", number.0))?;
            }
        }
        for (key, seat) in self.load(Seats::After(None, 1_000), Requests::None).await?.seats {
            let words = seat_in_words(&seat);
            let before = self.seats.insert(key, words.clone());
            if before.as_ref() != Some(&words) {
                let fenced = before.is_some_and(|before| before.contains(FENCE));
                let read_back =
                    if fenced && seat.fence.is_none() { "was read back after the fence: it " } else { "" };
                self.say(&format!("{} {read_back}{words}", seat.key.holder))?;
            }
        }
        Ok(())
    }

    /// The seats whose license Apple lists, so that the app may be installed.
    pub(crate) async fn confirmed(&self) -> Result<Vec<Seat>, Failure> {
        let rows = self.load(Seats::After(None, 1_000), Requests::None).await?;
        Ok(rows.seats.into_values().filter(Seat::is_usable).collect())
    }

    /// Number of requests to each endpoint since the token was uploaded.
    pub(crate) fn requests(&self) -> Vec<(Endpoint, u64)> {
        let count = |endpoint| (endpoint, self.fixture.simulator.count(endpoint));
        Endpoint::ALL.into_iter().map(count).filter(|(_, requests)| *requests > 0).collect()
    }

    pub(crate) fn table(&self, confirmed: &[Seat], requests: &[(Endpoint, u64)]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        writeln!(out, "\nconfirmed licenses")?;
        for seat in confirmed {
            writeln!(out, "  app {}  {}", seat.key.asset.adam_id, seat.key.holder)?;
        }
        writeln!(out, "\nrequests to Apple")?;
        for (endpoint, count) in requests {
            writeln!(out, "  {count:>2}  {} {}", endpoint.method(), endpoint.path())?;
        }
        Ok(())
    }

    async fn load(&self, seats: Seats, requests: Requests) -> Result<LocationRows, Failure> {
        let location = LocationScope {
            location: self.fixture.location.clone(),
            lease: None,
            pools: Pools::None,
            seats,
            requests,
            users: VppUsers::None,
            waitlist: BTreeMap::new(),
            full_read_pages: false,
            notified_events: false,
        };
        let scope = LoadScope { location: Some(location), ..LoadScope::default() };
        let loaded = self.fixture.store.load(self.fixture.tenant.id(), &scope).await?;
        loaded.location.ok_or_else(|| "the token is gone".into())
    }
}

fn request_in_words(request: &Request) -> String {
    match &request.state {
        RequestState::Written { .. } => "waits for Apple'f answer".to_owned(),
        RequestState::Accepted { event_id, .. } => format!("was accepted as event {event_id}"),
        RequestState::Ended => "was completed by Apple".to_owned(),
        RequestState::Refused { error } => format!("was refused: {}", error.message),
        RequestState::Lost => {
            "has no answer: Apple may have carried it out, may still do so, or never".to_owned()
        }
    }
}

fn seat_in_words(seat: &Seat) -> String {
    let progress = match (&seat.progress, seat.observed) {
        (Progress::Queued { .. }, _) => "is queued for a request".to_owned(),
        (Progress::InRequest { request }, _) => format!("is in request {}", request.0),
        (Progress::GivenUp { error }, _) => format!("was given up: {error}"),
        (Progress::Idle, Observed::Unknown) => "is to be read back".to_owned(),
        (Progress::Idle, Observed::Unassigned) => "has no license".to_owned(),
        (Progress::Idle, Observed::Reported) => "is reported as assigned, and is to be read back".to_owned(),
        (Progress::Idle, Observed::Assigned) => "is listed: confirmed".to_owned(),
    };
    match seat.fence {
        Some(fence) => {
            let until = fence.until.to_rfc3339_opts(SecondsFormat::Secs, true);
            format!("{progress}; {FENCE} {until}: no request in the other direction before")
        }
        None => progress,
    }
}
