//! Serving: licenses that are free go to those who wait for them.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp_core::{catalog::AssetKey, seats::SeatKey, talk::decide_serving};
use mdm_vpp_ports::{Members, Pools, Seats, TalkScope};

use super::{
    calls::{Left, TalkError},
    scopes,
    talker::Talker,
};

/// So many of those who wait for one asset are served in one turn.
const AT_ONCE: usize = 1_000;

impl Talker<'_> {
    /// Serves who waits, asset by asset, as far as licenses are free.
    pub(super) async fn serve(&mut self) -> Result<Left, TalkError> {
        loop {
            let waiting = self.free_licenses().await?;
            let scope = TalkScope { waiting, ..scopes::talk(self.location(), None) };
            let rows = self.parts.load_talk(self.tenant, scope.clone()).await?;
            let wished: BTreeSet<SeatKey> =
                rows.iter().flat_map(|rows| &rows.waiting).map(|wish| wish.seat.clone()).collect();
            if wished.is_empty() {
                return Ok(Left::Nothing);
            }
            self.stay().await?;
            let scope = TalkScope {
                lease: Some(self.lease.clone()),
                pools: Pools::All,
                seats: Seats::These(wished),
                members: Members::OfSeats,
                ..scope
            };
            let now = self.parts.clock.now();
            self.parts.save_talk(self.tenant, scope, move |rows| decide_serving(rows, now)).await?;
        }
    }

    /// The assets of which licenses are free, and how many of those who wait can be served.
    async fn free_licenses(&self) -> Result<BTreeMap<AssetKey, usize>, TalkError> {
        let scope = TalkScope { pools: Pools::All, ..scopes::talk(self.location(), None) };
        let rows = self.parts.load_talk(self.tenant, scope).await?;
        let pools = rows.map(|rows| rows.pools).unwrap_or_default();
        let served = |free: Option<u64>| {
            free.map_or(AT_ONCE, |free| usize::try_from(free).unwrap_or(AT_ONCE).min(AT_ONCE))
        };
        Ok(pools
            .into_iter()
            .map(|(asset, pool)| (asset, served(pool.free())))
            .filter(|(_, served)| *served > 0)
            .collect())
    }
}
