//! The world of a seed: one tenant with one location, a process that may die, and all that happens to them.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fmt,
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    catalog::{AssetKey, PricingParam},
    check::Finding,
    decide::assignments::AssignmentChange,
    id::{Actor, AdamId, LocationId, SerialNumber, TenantId},
    seats::{Holder, SeatKey},
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
    fixture::{Process, WorldFixture},
};

pub(crate) const APPS: [u64; 3] = [1_100_000_001, 1_100_000_002, 1_100_000_003];
const DEVICES: u64 = 4;
/// Once nothing fails any more, all is as desired within so many hours of virtual time: a day until the next sync and
/// walk, and some for what follows from it.
const SETTLED_WITHIN_HOURS: i64 = 30;
/// And Apple is asked no more often than so until then: nobody asks again and again for nothing.
const SETTLED_WITH_REQUESTS: usize = 300;

/// Anything that goes wrong with the world itself.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// One tenant with one location, and all that happens to it.
pub struct World {
    pub(crate) fixture: WorldFixture,
    pub(crate) process: Process,
    /// Notifications that are under way.
    pub(crate) under_way: Vec<Notification>,
    /// How many notifications were taken so far.
    pub(crate) notified: usize,
    seed: u64,
    steps: usize,
}

/// How a world failed. The same seed tells the same story.
#[derive(Debug)]
pub enum WorldFailure {
    /// Something that must hold does not.
    Broken {
        /// The seed.
        seed: u64,
        /// After how many steps.
        step: usize,
        /// What does not hold.
        findings: Vec<Finding>,
    },
    /// Nothing failed any more, and still not all is as desired.
    Unsettled {
        /// The seed.
        seed: u64,
        /// What is not, in words.
        what: String,
    },
    /// The world itself does not work.
    Internal {
        /// The seed.
        seed: u64,
        /// Why.
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
    /// Builds the world of a seed: a location with some licenses, its token uploaded and synced. From then on the faults
    /// of the seed are there.
    ///
    /// # Errors
    ///
    /// [`WorldFailure::Internal`].
    pub async fn of(seed: u64) -> Result<Self, WorldFailure> {
        Self::build(seed, None).await.map_err(|source| WorldFailure::Internal { seed, source })
    }

    /// The same with a program that makes a mistake: it should end badly for some seeds.
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
            listens: chance.percent(60),
            chance,
            clock,
            simulator,
            uid,
        };
        fixture.test_notifications();
        let process = fixture.start()?;
        let settings = TokenSettings::new(TokenName::new("Berlin")?, Region::new("DE")?);
        let upload = UploadToken::new(settings, file);
        process.vpp.tenant(fixture.tenant.clone()).upload_token(upload, &fixture.actor).await?;
        let mut world = Self { fixture, process, under_way: Vec::new(), notified: 0, seed, steps: 0 };
        world.work().await?;
        let faults = Faults::of(&world.fixture.chance);
        *world.fixture.faults() = faults;
        Ok(world)
    }

    /// The faults of the seed.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.fixture.faults().clone()
    }

    /// How many notifications of Apple's were taken so far.
    #[must_use]
    pub const fn notified(&self) -> usize {
        self.notified
    }

    /// Lets one thing happen, and looks whether all that must hold holds.
    ///
    /// # Errors
    ///
    /// [`WorldFailure`].
    pub async fn step(&mut self) -> Result<(), WorldFailure> {
        self.steps = self.steps.saturating_add(1);
        let seed = self.seed;
        self.happen().await.map_err(|source| WorldFailure::Internal { seed, source })?;
        let findings =
            self.fixture.broken().await.map_err(|source| WorldFailure::Internal { seed, source })?;
        if findings.is_empty() {
            Ok(())
        } else {
            Err(WorldFailure::Broken { seed, step: self.steps, findings })
        }
    }

    async fn happen(&mut self) -> Result<(), BoxError> {
        match self.fixture.chance.below(17) {
            // The machine's clock is set right.
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
            _ => self.process = self.fixture.start()?,
        }
        self.fixture.let_apple_know_the_time();
        self.bury()
    }

    /// A process that died is followed by another one, some time later.
    pub(crate) fn bury(&mut self) -> Result<(), BoxError> {
        if self.process.is_dead() {
            let seconds = i64::try_from(self.fixture.chance.below(90))?;
            self.fixture.clock.advance(TimeDelta::seconds(seconds));
            self.process = self.fixture.start()?;
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
        // It may die meanwhile: then the wish was taken or was not.
        let _ = tenant
            .change_assignments(
                &self.fixture.location,
                &AssignmentChange::Seats { assign, unassign },
                &self.fixture.actor,
            )
            .await;
        Ok(())
    }

    /// Carries out what is due, until nothing is due now.
    async fn work(&mut self) -> Result<(), BoxError> {
        for _ in 0..20 {
            match self.process.vpp.work(WorkLimit::default()).await {
                Ok(worked) if worked.done > 0 => {}
                _ => break,
            }
        }
        self.bury()
    }

    /// Lets nothing fail any more and time pass, and looks whether all is as desired in the end, here and at Apple.
    ///
    /// # Errors
    ///
    /// [`WorldFailure`].
    pub async fn settle(&mut self) -> Result<(), WorldFailure> {
        let seed = self.seed;
        let what = self.calm_down().await.map_err(|source| WorldFailure::Internal { seed, source })?;
        what.map_or(Ok(()), |what| Err(WorldFailure::Unsettled { seed, what }))
    }

    async fn calm_down(&mut self) -> Result<Option<String>, BoxError> {
        let behind = self.fixture.faults().behind;
        *self.fixture.faults() = Faults { behind, ..Faults::none() };
        let end = self.fixture.clock.now() + TimeDelta::hours(SETTLED_WITHIN_HOURS);
        self.process = self.fixture.start()?;
        let mut requests: BTreeMap<String, usize> = BTreeMap::new();
        while self.fixture.clock.now() < end {
            self.deliver().await?;
            self.work().await?;
            for request in self.fixture.simulator.requests() {
                let of_path = requests.entry(format!("{} {}", request.method, request.path)).or_default();
                *of_path = of_path.saturating_add(1);
            }
            let findings = self.fixture.broken().await?;
            if !findings.is_empty() {
                return Ok(Some(format!("{findings:#?}")));
            }
            let next = self.fixture.store.next_due().await?.unwrap_or(end);
            let now = self.fixture.clock.now();
            self.fixture.clock.set(next.max(now + TimeDelta::seconds(1)).min(end));
            self.fixture.let_apple_know_the_time();
        }
        if requests.values().sum::<usize>() > SETTLED_WITH_REQUESTS {
            return Ok(Some(format!("too many requests until all was as desired: {requests:#?}")));
        }
        self.fixture.differences().await
    }
}

impl WorldFixture {
    /// Every seat that can be wished.
    pub(crate) fn seats(&self) -> Result<Vec<SeatKey>, BoxError> {
        let mut seats = Vec::new();
        for app in APPS {
            for n in 0..DEVICES {
                let asset = AssetKey { adam_id: AdamId::new(app), pricing_param: PricingParam::Standard };
                let holder = Holder::Device { serial_number: SerialNumber::new(format!("C02AAAAAA{n:03}"))? };
                seats.push(SeatKey { location: self.location.clone(), asset, holder });
            }
        }
        Ok(seats)
    }

    /// Something that a person does at Apple's portal, or another product at Apple.
    fn act_at_the_portal(&self) -> Result<(), BoxError> {
        let app = mdm_vpp_simulator::AdamId::new(self.chance.one(&APPS).copied().unwrap_or_default());
        let serial = format!("C02AAAAAA{:03}", self.chance.below(DEVICES));
        let holder = mdm_vpp_simulator::Holder::device(&serial);
        let all = self.seats()?;
        let touched = |act: u64, key: &SeatKey| match act {
            // Apple chooses who loses his license.
            1 => key.asset.adam_id.number() == app.number(),
            2 | 3 => key.asset.adam_id.number() == app.number() && key.holder.to_string().contains(&serial),
            _ => false,
        };
        // What Apple refuses does not happen.
        let act = self.chance.below(5);
        let disturbed = all.into_iter().filter(|key| touched(act, key));
        self.disturbed.lock().unwrap_or_else(PoisonError::into_inner).extend(disturbed);
        match act {
            0 => drop(self.simulator.buy(&self.uid, app, 1)),
            1 => drop(self.simulator.refund(&self.uid, app, 1)),
            2 => drop(self.simulator.assign(&self.uid, app, [holder])),
            3 => drop(self.simulator.unassign(&self.uid, app, [holder])),
            _ => drop(self.simulator.forget_versions(&self.uid)),
        }
        Ok(())
    }
}
