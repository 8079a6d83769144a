//! Adopting: licenses that another product assigned become ours.

use mdm_vpp_core::{
    decide::assignments::decide_adopt,
    id::{Actor, LocationId},
    location::{Adopt, LocationRows},
    plan::Report,
    seats::SeatKey,
    transaction::{AuditAct, AuditDraft, Decision},
};
use mdm_vpp_ports::StoreError;
use thiserror::Error;

use super::{
    Tenant,
    error_facts::{ErrorFacts, error_facts},
    in_chunks::Among,
};

/// Why licenses were not adopted, or not all of them.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AdoptError {
    /// The store failed, or there is no such token. What was decided before stays: adopting again goes on.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AdoptError {
    fn facts(&self) -> ErrorFacts {
        match self {
            Self::Store(error) => error.into(),
        }
    }
}

error_facts!(AdoptError);

impl Tenant {
    /// Makes the licenses ours that another product, or a person at Apple's portal, assigned: as if they had been
    /// assigned directly. Says which ones. Nothing is sent for them; [`Vpp::work`](crate::Vpp::work) reads them once more.
    ///
    /// Only what the last full read of the assignments found can be adopted, so let `work` do it first. A license
    /// that was taken back meanwhile is assigned again. Adopting twice changes nothing.
    ///
    /// Many seats are decided about in several transactions, each with a line in the audit log.
    ///
    /// # Errors
    ///
    /// [`AdoptError`]. What was decided before the error stays ours: call again to go on.
    pub async fn adopt(
        &self,
        location: &LocationId,
        adopt: &Adopt,
        actor: &Actor,
    ) -> Result<Report<SeatKey>, AdoptError> {
        let among = match adopt {
            Adopt::All => Among::All,
            Adopt::App { asset } => Among::Asset(asset.clone()),
        };
        let (of, adopted, actor) = (location.clone(), adopt.clone(), actor.clone());
        let decide = move |rows: &LocationRows, now| {
            let (mut decision, report) = decide_adopt(rows, &adopted, now);
            if decision != Decision::default() {
                let (location, adopted) = (of.clone(), adopted.clone());
                let seats = report.lines.len() as u64;
                let act = AuditAct::LicensesAdopted { location, adopted, seats };
                decision.audit.push(AuditDraft { at: now, actor: actor.clone(), act });
            }
            (decision, report)
        };
        Ok(self.in_chunks(location, among, false, decide).await?)
    }
}
