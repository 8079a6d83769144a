//! The world of a seed: one tenant with one location, a process that may die, and what happens to them.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fmt,
    num::NonZeroUsize,
    sync::{Arc, Mutex},
};

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    check::Finding,
    decide::assignments::AssignmentChange,
    id::{Actor, LocationId, TenantId},
    seats::SeatKey,
    token::{Region, TokenName, TokenSettings},
};
use mdm_vpp_engine::{UploadToken, WorkLimit};
use mdm_vpp_ports::{Clock, fake::ManualClock};
use mdm_vpp_simulator::{NewLocation, Notification, RateJudged, Simulator, StoreListing, TokenDownload};
use mdm_vpp_store::{
    memory::MemoryStore,
    sealing::{KeyId, KeyRing, SealingKey},
};

use crate::{
    Chance, Faults, Mistake,
    fixture::{APPS, WorldFixture},
    judge::Judge,
    process::Process,
};

/// Time from the last fault until desired and observed agree, in hours of virtual time. The next sync with its full
/// read comes within a day; six more hours are for the requests that follow from it.
const SETTLED_WITHIN_HOURS: i64 = 30;
/// Most requests to Apple within [`SETTLED_WITHIN_HOURS`], observed: more means that a job repeats without effect.
const SETTLED_WITH_REQUESTS: usize = 300;
/// Most calls of `work` in a row, so that a job that is always due ends as a failure and not as a hang.
const CALLS_OF_WORK: usize = 20;

/// An error of the bench itself.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// One tenant with one location, and the process that runs the library for it.
pub struct World {
    fixture: WorldFixture,
    process: Process,
    /// Notifications that Apple has sent and the process has not received.
    under_way: Vec<Notification>,
    /// Number of notifications that the process has taken.
    notified: usize,
    seed: u64,
    steps: usize,
}

/// How a world failed. The same seed fails in the same way.
#[derive(Debug)]
pub enum WorldFailure {
    /// Invariants are broken.
    Broken {
        /// The seed.
        seed: u64,
        /// The number of the step after which they are, from 1.
        step: usize,
        /// The broken invariants.
        findings: Vec<Finding>,
    },
    /// All faults have ended, and desired and observed do not agree in time.
    Unsettled {
        /// The seed.
        seed: u64,
        /// The difference, in words.
        what: String,
    },
    /// The bench itself failed.
    Internal {
        /// The seed.
        seed: u64,
        /// The error.
        source: BoxError,
    },
}

impl fmt::Display for WorldFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken { seed, step, findings } => write!(f, "seed {seed}, step {step}: {findings:#?}"),
            Self::Unsettled { seed, what } => write!(f, "seed {seed}: {what}"),
            Self::Internal { seed, source } => write!(f, "seed {seed}: {source}"),
        }
    }
}

impl Error for WorldFailure {}

impl World {
    /// Builds the world of a seed: a location with some licenses, its token uploaded and synced. The faults of the seed
    /// begin afterwards.
    ///
    /// # Errors
    ///
    /// [`WorldFailure::Internal`].
    pub async fn of(seed: u64) -> Result<Self, WorldFailure> {
        Self::build(seed, None).await.map_err(|source| WorldFailure::Internal { seed, source })
    }

    /// Builds the world of a seed with a mistake in the engine, for tests that show that some seeds find it.
    ///
    /// # Errors
    ///
    /// [`WorldFailure::Internal`].
    pub async fn with_mistake(seed: u64, mistake: Mistake) -> Result<Self, WorldFailure> {
        Self::build(seed, Some(mistake)).await.map_err(|source| WorldFailure::Internal { seed, source })
    }

    async fn build(seed: u64, mistake: Option<Mistake>) -> Result<Self, BoxError> {
        let now: DateTime<Utc> = "2027-03-01T10:00:00Z".parse()?;
        let (clock, simulator) = (Arc::new(ManualClock::at(now)), Simulator::new(now));
        let chance = Arc::new(Chance::of(seed));
        let uid = simulator.create_location(NewLocation::new("Berlin", "Example GmbH", "DE"));
        let file = simulator.download_token(&uid, TokenDownload::usual())?.file;
        for app in APPS {
            let app = mdm_vpp_simulator::AdamId::new(app);
            simulator.list(StoreListing::ios_app(app, "App", "com.example.app"));
            simulator.buy(&uid, app, u32::try_from(chance.below(6))?.saturating_add(1))?;
        }
        let pages =
            [NonZeroUsize::MIN, NonZeroUsize::MIN.saturating_add(2), NonZeroUsize::MIN.saturating_add(499)];
        let page = chance.one(&pages).copied().unwrap_or(NonZeroUsize::MIN);
        simulator.change_settings(|settings| {
            settings.rate_limit.judged = RateJudged::Always;
            settings.page_capacity = page;
        });
        let keys = KeyRing::new(KeyId::new("world")?, SealingKey::parse("00112233".repeat(8))?);
        let fixture = WorldFixture {
            store: Arc::new(MemoryStore::new(keys).clock(clock.clone())),
            faults: Arc::new(Mutex::new(Faults::none())),
            location: LocationId::new(uid.as_str())?,
            tenant: TenantId::new("company")?,
            actor: Actor::new("ada@example.org")?,
            mistake,
            disturbed: Mutex::default(),
            takes_notifications: chance.percent(60),
            chance,
            clock,
            simulator,
            uid,
        };
        fixture.lose_test_notifications();
        let process = fixture.start_process()?;
        let settings = TokenSettings::new(TokenName::new("Berlin")?, Region::new("DE")?);
        let upload = UploadToken::new(settings, file);
        process.vpp.tenant(fixture.tenant.clone()).upload_token(upload, &fixture.actor).await?;
        let mut world = Self { fixture, process, under_way: Vec::new(), notified: 0, seed, steps: 0 };
        world.work().await?;
        let faults = Faults::of(&world.fixture.chance);
        *world.fixture.faults() = faults;
        Ok(world)
    }

    /// The faults that exist now.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.fixture.faults().clone()
    }

    /// Number of Apple's notifications that the process has taken.
    #[must_use]
    pub const fn notified(&self) -> usize {
        self.notified
    }

    /// Lets one event happen, and checks the invariants.
    ///
    /// # Errors
    ///
    /// [`WorldFailure`].
    pub async fn step(&mut self) -> Result<(), WorldFailure> {
        self.steps = self.steps.saturating_add(1);
        let seed = self.seed;
        self.draw_event().await.map_err(|source| WorldFailure::Internal { seed, source })?;
        let findings =
            self.judge().broken().await.map_err(|source| WorldFailure::Internal { seed, source })?;
        if findings.is_empty() {
            Ok(())
        } else {
            Err(WorldFailure::Broken { seed, step: self.steps, findings })
        }
    }

    async fn draw_event(&mut self) -> Result<(), BoxError> {
        match self.fixture.chance.below(17) {
            // An administrator sets the machine's clock back.
            16 => {
                let seconds = i64::try_from(self.fixture.chance.below(300))?;
                self.fixture.set_clock_back(TimeDelta::seconds(seconds));
            }
            0..=3 => self.change_assignments().await?,
            4..=7 => self.work().await?,
            8..=10 => {
                let seconds = i64::try_from(self.fixture.chance.below(120))?;
                self.fixture.clock.advance(TimeDelta::seconds(seconds));
            }
            11 => {
                let minutes = i64::try_from(self.fixture.chance.below(60))?;
                self.fixture.clock.advance(TimeDelta::minutes(minutes));
            }
            12 => self.fixture.act_at_the_portal()?,
            13..=14 => self.deliver().await?,
            _ => self.process = self.fixture.start_process()?,
        }
        self.fixture.set_apples_clock();
        self.replace_dead_process()
    }

    /// Starts the next process some time after one that died.
    fn replace_dead_process(&mut self) -> Result<(), BoxError> {
        if self.process.is_dead() {
            let seconds = i64::try_from(self.fixture.chance.below(90))?;
            self.fixture.clock.advance(TimeDelta::seconds(seconds));
            self.process = self.fixture.start_process()?;
        }
        Ok(())
    }

    async fn change_assignments(&mut self) -> Result<(), BoxError> {
        let chance = &self.fixture.chance;
        let seats = self.fixture.seats()?;
        let unassign: BTreeSet<SeatKey> = chance.some(&seats, 25).into_iter().collect();
        let assign: BTreeSet<SeatKey> =
            chance.some(&seats, 25).into_iter().filter(|seat| !unassign.contains(seat)).collect();
        let tenant = self.process.vpp.tenant(self.fixture.tenant.clone());
        // The process may die during the call: then the change is stored, or it is not, and both are right.
        let _ = tenant
            .change_assignments(
                &self.fixture.location,
                &AssignmentChange::Seats { assign, unassign },
                &self.fixture.actor,
            )
            .await;
        Ok(())
    }

    const fn judge(&self) -> Judge<'_> {
        Judge { fixture: &self.fixture }
    }

    /// Brings notifications to the process in any order. Some are lost, some arrive later, some twice.
    async fn deliver(&mut self) -> Result<(), BoxError> {
        self.under_way.extend(self.fixture.simulator.take_notifications());
        let (chance, faults) = (self.fixture.chance.clone(), self.faults());
        let mut later = Vec::new();
        while let Some(last) = self.under_way.len().checked_sub(1) {
            let any = usize::try_from(chance.below(self.under_way.len() as u64))?.min(last);
            let notification = self.under_way.swap_remove(any);
            if chance.percent(faults.notifications_lost) {
                continue;
            }
            if chance.percent(faults.notifications_late) {
                later.push(notification);
                continue;
            }
            let header = format!("Bearer {}", notification.bearer);
            match self.process.vpp.notification(Some(&header), &notification.body).await {
                Ok(answer) if answer.http_status() != 200 => {
                    return Err(format!("the engine refused a notification of Apple: {answer:?}").into());
                }
                Ok(_) if !chance.percent(faults.notifications_doubled) => {
                    self.notified = self.notified.saturating_add(1);
                }
                // Apple sends it again: this one is doubled, or the process died before it answered 200.
                Ok(_) | Err(_) => later.push(notification),
            }
        }
        self.under_way = later;
        self.replace_dead_process()
    }

    /// Works until no job is due now.
    async fn work(&mut self) -> Result<(), BoxError> {
        for _ in 0..CALLS_OF_WORK {
            match self.process.vpp.work(WorkLimit::default()).await {
                Ok(worked) if worked.done > 0 => {}
                _ => break,
            }
        }
        self.replace_dead_process()
    }

    /// Ends all faults, lets time pass, and checks that desired and observed agree in the end, here and at Apple.
    ///
    /// # Errors
    ///
    /// [`WorldFailure`].
    pub async fn settle(&mut self) -> Result<(), WorldFailure> {
        let seed = self.seed;
        let what = self
            .difference_without_faults()
            .await
            .map_err(|source| WorldFailure::Internal { seed, source })?;
        what.map_or(Ok(()), |what| Err(WorldFailure::Unsettled { seed, what }))
    }

    async fn difference_without_faults(&mut self) -> Result<Option<String>, BoxError> {
        let behind = self.fixture.faults().behind;
        *self.fixture.faults() = Faults { behind, ..Faults::none() };
        let end = self.fixture.clock.now() + TimeDelta::hours(SETTLED_WITHIN_HOURS);
        self.process = self.fixture.start_process()?;
        let mut requests: BTreeMap<String, usize> = BTreeMap::new();
        while self.fixture.clock.now() < end {
            self.deliver().await?;
            self.work().await?;
            for request in self.fixture.simulator.requests() {
                let of_path = requests.entry(format!("{} {}", request.method, request.path)).or_default();
                *of_path = of_path.saturating_add(1);
            }
            let findings = self.judge().broken().await?;
            if !findings.is_empty() {
                return Ok(Some(format!("{findings:#?}")));
            }
            let next = self.fixture.store.next_due().await?.unwrap_or(end);
            let now = self.fixture.clock.now();
            self.fixture.clock.set(next.max(now + TimeDelta::seconds(1)).min(end));
            self.fixture.set_apples_clock();
        }
        if requests.values().sum::<usize>() > SETTLED_WITH_REQUESTS {
            return Ok(Some(format!(
                "more than {SETTLED_WITH_REQUESTS} requests until desired and observed agree: {requests:#?}"
            )));
        }
        self.judge().differences().await
    }
}
