//! Asking a region's store about apps, so that one bad entry does not hide the others.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    catalog::Lookup,
    id::{AdamId, LocationId},
    plan::PaceLimits,
    token::{ContentToken, Region, StorePlatform},
    transaction::CallFailure,
};
use mdm_vpp_ports::{AppMetadataQuery, ServiceError, ServiceErrorKind};

use crate::{
    context::{Context, call_failure, later},
    sessions::{Sessions, paced},
};

/// Apps in one question. Our choice.
const BATCH: usize = 50;

/// Questions that may fail before the rest is left for the next sync. Our choice: enough to find one bad entry in a batch
/// by halving it.
const MOST_FAILURES: u32 = 8;

/// Asks about some apps.
pub(crate) async fn look_up(
    context: &Context,
    secret: &ContentToken,
    region: Region,
    platform: StorePlatform,
    adam_ids: Vec<AdamId>,
) -> Result<BTreeMap<AdamId, Lookup>, ServiceError> {
    context.lookup().look_up(secret, &AppMetadataQuery { region, platform, adam_ids }).await
}

/// Asks about all apps, in batches, at the pace of a location. Answers are kept when another batch fails; a batch whose
/// answer cannot be read is asked again in halves. The first failure comes with the answers.
pub(super) async fn look_up_all(
    sessions: &Sessions,
    location: &LocationId,
    secret: &ContentToken,
    region: Region,
    platform: StorePlatform,
    adam_ids: Vec<AdamId>,
) -> (BTreeMap<AdamId, Lookup>, Option<CallFailure>) {
    let context = sessions.context();
    let mut batches: Vec<Vec<AdamId>> = adam_ids.chunks(BATCH).rev().map(<[AdamId]>::to_vec).collect();
    let (mut answers, mut failure, mut failures) = (BTreeMap::new(), None, 0);
    let mut next_at = None;
    while let Some(batch) = batches.pop() {
        // Thousands of apps are a hundred questions; asked at once they may cost the token. The pace of the location
        // does not slow them where this process holds no lease.
        if let Some(at) = next_at {
            context.wait_until(at).await;
        }
        next_at = Some(later(context.now(), PaceLimits::default().interval()));
        match paced(sessions, location, look_up(context, secret, region, platform, batch.clone())).await {
            Ok(answered) => answers.extend(answered),
            Err(error) => {
                failures += 1;
                failure.get_or_insert_with(|| call_failure(&error));
                if failures >= MOST_FAILURES || !may_be_one_entry(&error) {
                    break;
                }
                let (one, other) = batch.split_at(batch.len() / 2);
                // A batch of one app has no smaller half: it is given up.
                let halves = [other, one].into_iter();
                let smaller = halves.filter(|half| half.len() < batch.len() && !half.is_empty());
                batches.extend(smaller.map(<[AdamId]>::to_vec));
            }
        }
    }
    (answers, failure)
}

/// Whether one entry may be at fault, so that a smaller question may be answered.
const fn may_be_one_entry(error: &ServiceError) -> bool {
    error.retry_after.is_none()
        && matches!(
            error.kind,
            ServiceErrorKind::NotJson { .. }
                | ServiceErrorKind::Truncated { .. }
                | ServiceErrorKind::UnexpectedReply { .. }
                | ServiceErrorKind::TooLarge { .. }
        )
}
