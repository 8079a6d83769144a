//! In-memory fakes of the ports, for tests.
//!
//! The fake of Apple's service and of the store lookup is the simulator's `SimulatedApple`; that of the store is the
//! store crate's `MemoryStore`.

mod gated_store;

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    catalog::App,
    id::{AdamId, TenantId},
};

use crate::{AppCatalog, AppCatalogError, Clock, Timer};

pub use gated_store::{Gate, GatedStore};

/// A clock that stands until it is moved.
///
/// ```
/// use chrono::{DateTime, TimeDelta};
/// use mdm_vpp_ports::{Clock, fake::ManualClock};
///
/// let clock = ManualClock::at(DateTime::UNIX_EPOCH);
/// clock.advance(TimeDelta::hours(24));
/// assert_eq!(clock.now().timestamp(), 86_400);
/// ```
#[derive(Debug)]
pub struct ManualClock(Mutex<DateTime<Utc>>);

impl ManualClock {
    /// A clock that shows this time.
    #[must_use]
    pub const fn at(now: DateTime<Utc>) -> Self {
        Self(Mutex::new(now))
    }

    /// Shows this time from now on.
    pub fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// Moves the clock, forwards or back. A step beyond the end of time changes nothing.
    pub fn advance(&self, step: TimeDelta) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.checked_add_signed(step).unwrap_or(*now);
    }
}

/// Waiting moves the clock to the time that is waited for: nothing else happens meanwhile.
#[async_trait]
impl Timer for ManualClock {
    async fn wait_until(&self, at: DateTime<Utc>) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = at.max(*now);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An embedder's catalog in memory.
#[derive(Debug, Default)]
pub struct MemoryAppCatalog(Mutex<BTreeMap<(TenantId, AdamId), App>>);

impl MemoryAppCatalog {
    /// The apps of a tenant, by id.
    #[must_use]
    pub fn apps(&self, tenant: &TenantId) -> Vec<App> {
        let apps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        apps.iter().filter(|((of, _), _)| of == tenant).map(|(_, app)| app.clone()).collect()
    }
}

#[async_trait]
impl AppCatalog for MemoryAppCatalog {
    async fn put_app(&self, tenant: &TenantId, app: &App) -> Result<(), AppCatalogError> {
        let mut apps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        apps.insert((tenant.clone(), app.adam_id), app.clone());
        Ok(())
    }
}
