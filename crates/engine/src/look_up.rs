//! Asking a region's store about apps, so that one bad entry does not hide the others.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    catalog::Lookup,
    id::{AdamId, LocationId},
    plan::PaceLimits,
    token::{ContentToken, Region, StorePlatform},
    transaction::CallFailure,
};
use mdm_vpp_ports::{AppMetadataQuery, ServiceError, ServiceErrorKind};

use crate::{talk::later, vpp::Context, work_failure::call_failure};

/// So many apps are asked about at a time. Our choice.
const BATCH: usize = 50;

/// So many questions may fail in one go before the rest is left for later. Our choice: enough to find one bad entry in
/// a batch by halving.
const FAILURES: u32 = 8;

impl Context {
    /// Asks about some apps.
    pub(crate) async fn look_up(
        &self,
        secret: &ContentToken,
        region: Region,
        platform: StorePlatform,
        adam_ids: Vec<AdamId>,
    ) -> Result<BTreeMap<AdamId, Lookup>, ServiceError> {
        self.metadata.look_up(secret, &AppMetadataQuery { region, platform, adam_ids }).await
    }

    /// Asks about all apps, in batches, at the pace of a location. What was answered is kept when another batch fails; a batch whose answer cannot
    /// be read is asked again in halves. The first failure comes with the answers.
    pub(crate) async fn look_up_all(
        &self,
        location: &LocationId,
        secret: &ContentToken,
        region: Region,
        platform: StorePlatform,
        adam_ids: Vec<AdamId>,
    ) -> (BTreeMap<AdamId, Lookup>, Option<CallFailure>) {
        let mut batches: Vec<Vec<AdamId>> = adam_ids.chunks(BATCH).rev().map(<[AdamId]>::to_vec).collect();
        let (mut answers, mut failure, mut failures) = (BTreeMap::new(), None, 0);
        let mut next_at = None;
        while let Some(batch) = batches.pop() {
            self.pace_look_up(&mut next_at).await;
            match self.paced(location, self.look_up(secret, region, platform, batch.clone())).await {
                Ok(answered) => answers.extend(answered),
                Err(error) => {
                    failures += 1;
                    failure.get_or_insert_with(|| call_failure(&error));
                    if failures >= FAILURES || !is_about_one_entry(&error) {
                        break;
                    }
                    let (one, other) = batch.split_at(batch.len() / 2);
                    batches.extend(
                        [other, one]
                            .into_iter()
                            .filter(|half| half.len() < batch.len() && !half.is_empty())
                            .map(<[AdamId]>::to_vec),
                    );
                }
            }
        }
        (answers, failure)
    }
}

impl Context {
    /// Waits until the next question may leave: thousands of apps are a hundred questions, and asked at once they may
    /// cost the token.
    async fn pace_look_up(&self, next_at: &mut Option<DateTime<Utc>>) {
        if let Some(at) = *next_at {
            self.timer.wait_until(at).await;
        }
        *next_at = Some(later(self.clock.now(), PaceLimits::default().interval()));
    }
}

/// Whether a smaller question may be answered where this one was not.
const fn is_about_one_entry(error: &ServiceError) -> bool {
    error.retry_after.is_none()
        && matches!(
            error.kind,
            ServiceErrorKind::NotJson { .. }
                | ServiceErrorKind::Truncated { .. }
                | ServiceErrorKind::UnexpectedReply { .. }
                | ServiceErrorKind::TooLarge { .. }
        )
}
