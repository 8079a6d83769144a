//! What all stores keep in the same way: due times, and the place and content of a token's secret.

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    token::ContentToken,
};
use mdm_vpp_ports::StoreError;

use crate::sealing::{KeyRing, Place};

/// A due time as it is kept: whole microseconds since 1970, UTC, cut off. Exact to compare in every database.
pub(crate) const fn due_micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

/// The time behind kept microseconds; `None` when no calendar has it.
pub(crate) const fn due_time(micros: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros)
}

/// Notifications that were heard before this are forgotten when another one is heard at a time.
pub(crate) fn forgotten_before(heard_at: DateTime<Utc>) -> DateTime<Utc> {
    heard_at.checked_sub_signed(TimeDelta::hours(1)).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

/// A time of touch as it is kept: whole microseconds since 1970, UTC, rounded up. The core takes a reading that began
/// no later than a touch as saying nothing, so the touch must not be read back as an earlier one; that it seems to be
/// later by less than a microsecond costs at most another reading.
pub(crate) fn touch_micros(at: DateTime<Utc>) -> i64 {
    let cut_off = due_micros(at);
    let is_whole = at.timestamp_subsec_nanos().is_multiple_of(1_000);
    let rounded_up = cut_off.saturating_add(i64::from(!is_whole));
    if due_time(rounded_up).is_some() { rounded_up } else { cut_off }
}

/// A time of touch as it is read back.
pub(crate) fn kept_touch(at: DateTime<Utc>) -> DateTime<Utc> {
    due_time(touch_micros(at)).unwrap_or(at)
}

/// Where the secret of a token stands.
fn secret_place(tenant: &TenantId, location: &LocationId) -> Place {
    Place::new("tokens", &[tenant.as_str(), location.as_str()], "sealed_secret")
}

/// Seals the secret of a token for its row.
pub(crate) fn seal_secret(
    keys: &KeyRing,
    tenant: &TenantId,
    location: &LocationId,
    secret: &ContentToken,
) -> Result<Vec<u8>, StoreError> {
    Ok(keys.seal(&secret_place(tenant, location), secret.expose().as_bytes())?)
}

/// Opens the secret of a token.
pub(crate) fn open_secret(
    keys: &KeyRing,
    tenant: &TenantId,
    location: &LocationId,
    sealed: &[u8],
) -> Result<ContentToken, StoreError> {
    let opened = keys.open(&secret_place(tenant, location), sealed)?;
    let text = std::str::from_utf8(opened.expose()).ok();
    text.and_then(|text| ContentToken::new(text).ok()).ok_or_else(|| StoreError::Unreadable {
        row: format!("tokens (tenant `{tenant}`, location {location})"),
        reason: "the opened secret is not a content token: update the token with a fresh file".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_touch_is_never_read_back_as_an_earlier_one_and_stays_what_it_was_read_as() {
        let whole = DateTime::from_timestamp(1_800_000_000, 123_456_000).unwrap();
        for (nanoseconds, micros) in [(0, 0), (1, 1), (999, 1), (1_000, 1), (1_001, 2)] {
            let at = whole + TimeDelta::nanoseconds(nanoseconds);
            let kept = kept_touch(at);
            assert_eq!(kept, whole + TimeDelta::microseconds(micros));
            assert_eq!(kept_touch(kept), kept);
        }
        let before_1970 = DateTime::from_timestamp(-1, 999_999_999).unwrap();
        assert_eq!(kept_touch(before_1970), DateTime::UNIX_EPOCH);
        for end in [DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC] {
            assert_eq!(due_micros(kept_touch(end)), due_micros(end), "the end of time is not passed");
        }
    }
}
