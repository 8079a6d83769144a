//! Carrying out what is due.

use mdm_vpp_core::{
    id::{AdamId, TenantId},
    turn::{CallFailure, Decision, Due, DueKind},
};
use mdm_vpp_ports::{Apps, StoreError, TurnScope};

use crate::{Hitch, SyncError, vpp::Parts};

impl Parts {
    /// Carries out something that is due. What fails is due again, later; the answer says what went wrong.
    pub(crate) async fn carry_out(&self, tenant: &TenantId, due: &Due) -> Result<Option<Hitch>, StoreError> {
        let hitch = |doing: &str, subject: &dyn std::fmt::Display, trouble: &dyn std::fmt::Display| {
            Some(Hitch { doing: format!("{doing} {subject}"), trouble: trouble.to_string() })
        };
        match &due.kind {
            DueKind::Claim { location } => {
                let error = self.claim_due(tenant, location, due, false).await?;
                Ok(error.and_then(|error| hitch("claiming location", location, &error)))
            }
            DueKind::TakeOver { location } => {
                let error = self.claim_due(tenant, location, due, true).await?;
                Ok(error.and_then(|error| hitch("claiming location", location, &error)))
            }
            DueKind::Sync { location } => match self.sync_due(tenant, location, due).await {
                Ok(report) => Ok(report
                    .trouble
                    .and_then(|trouble| hitch("looking up the apps of location", location, &trouble))),
                Err(SyncError::Store(error)) => Err(error),
                Err(error) => Ok(hitch("syncing location", location, &error)),
            },
            DueKind::TellCatalog { adam_id } => {
                let trouble = self.tell_catalog(tenant, *adam_id, due).await?;
                Ok(trouble.and_then(|trouble| hitch("telling the catalog about app", adam_id, &trouble)))
            }
            // A kind of a later version: left to the processes that know it.
            _ => Ok(None),
        }
    }

    /// Moves something a day on, without touching anything else.
    pub(crate) async fn postpone(&self, tenant: &TenantId, due: &Due) -> Result<(), StoreError> {
        let later = due.next_day(self.clock.now());
        self.put_off(tenant, due, later).await
    }

    async fn put_off(&self, tenant: &TenantId, due: &Due, later: Due) -> Result<(), StoreError> {
        let settled = due.settled();
        self.save(tenant, &TurnScope::default(), move |_| Decision {
            settled: vec![settled.clone()],
            due: vec![later.clone()],
            ..Decision::default()
        })
        .await
    }

    /// Tells the host's catalog about an app. The answer is what went wrong.
    async fn tell_catalog(
        &self,
        tenant: &TenantId,
        adam_id: AdamId,
        due: &Due,
    ) -> Result<Option<String>, StoreError> {
        let scope = TurnScope { apps: Apps::These([adam_id].into()), ..TurnScope::default() };
        let loaded = self.store.load(tenant, &scope).await?;
        if let (Some(catalog), Some(app)) = (&self.catalog, loaded.apps.get(&adam_id))
            && let Err(error) = catalog.put_app(tenant, app).await
        {
            let trouble = error.to_string();
            let failure = CallFailure { number: None, message: trouble.clone(), retry_after: None };
            let later = due.after_failure(&failure, self.clock.now());
            self.put_off(tenant, due, later).await?;
            return Ok(Some(trouble));
        }
        self.settle(tenant, due).await?;
        Ok(None)
    }
}
