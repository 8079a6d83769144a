//! The keys of an installation: the current one and, while it is changed, the one before it.

use mdm_vpp_core::id::LocationId;
use mdm_vpp_ports::{NotificationSecret, NotificationSecretError, NotificationSecrets};

use super::NotificationKey;

/// The keys from which the secrets of notifications are derived.
///
/// To change the key, start all processes with [`rotating`](Self::rotating): notifications under the old key are still
/// taken, and each location's next sync subscribes with the new one. When all locations were synced, the old key can go.
///
/// ```
/// use mdm_vpp_engine::{NotificationKey, NotificationKeys};
///
/// let old = NotificationKey::parse("00".repeat(32))?;
/// let new = NotificationKey::parse("11".repeat(32))?;
/// let keys = NotificationKeys::rotating(new.clone(), old);
/// // A day later:
/// let keys = NotificationKeys::only(new);
/// # Ok::<(), mdm_vpp_engine::NotificationKeyError>(())
/// ```
#[derive(Debug, Clone)]
pub struct NotificationKeys {
    current: NotificationKey,
    previous: Option<NotificationKey>,
}

impl NotificationKeys {
    /// One key alone.
    #[must_use]
    pub const fn only(current: NotificationKey) -> Self {
        Self { current, previous: None }
    }

    /// A new key, and the one that it replaces.
    #[must_use]
    pub const fn rotating(current: NotificationKey, previous: NotificationKey) -> Self {
        Self { current, previous: Some(previous) }
    }

    /// The secret that Apple shall send for a location.
    pub(super) fn secret(
        &self,
        location: &LocationId,
    ) -> Result<NotificationSecret, NotificationSecretError> {
        self.current.secret(location)
    }

    /// The location whose notifications carry this bearer; `None` when it is none of ours. Needs no database, and
    /// compares with both keys to the end.
    pub(super) fn location_of(&self, bearer: &str) -> Option<LocationId> {
        let (location, _) = bearer.rsplit_once('.')?;
        let location = LocationId::new(location).ok()?;
        let current = self.current.secret(&location).ok()?;
        let secrets = match &self.previous {
            Some(previous) => NotificationSecrets::rotating(current, previous.secret(&location).ok()?),
            None => NotificationSecrets::only(current),
        };
        secrets.accept(bearer).then_some(location)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(digit: &str) -> NotificationKey {
        NotificationKey::parse(digit.repeat(64)).unwrap()
    }

    fn location(id: &str) -> LocationId {
        LocationId::new(id).unwrap()
    }

    fn opens(keys: &NotificationKeys, bearer: &str) -> Option<String> {
        keys.location_of(bearer).map(|location| location.to_string())
    }

    #[test]
    fn a_bearer_opens_the_location_that_it_names_and_no_other() {
        let keys = NotificationKeys::only(key("1"));
        let bearer = keys.secret(&location("7")).unwrap().expose().to_owned();
        assert_eq!(opens(&keys, &bearer), Some("7".to_owned()));
        let (_, proof) = bearer.split_once('.').unwrap();
        let of_another_key = key("2").secret(&location("7")).unwrap();
        for wrong in [
            format!("8.{proof}"),
            format!("07.{proof}"),
            format!(".{proof}"),
            format!("7.7.{proof}"),
            format!("7{proof}"),
            proof.to_owned(),
            bearer[..bearer.len() - 1].to_owned(),
            format!("{bearer}="),
            format!("{bearer} "),
            "7.".to_owned(),
            "7".to_owned(),
            ".".to_owned(),
            String::new(),
            of_another_key.expose().to_owned(),
        ] {
            assert_eq!(opens(&keys, &wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn while_the_key_changes_both_secrets_open_and_a_retired_one_does_not() {
        let (old, new) = (NotificationKeys::only(key("1")), NotificationKeys::only(key("2")));
        let rotating = NotificationKeys::rotating(key("2"), key("1"));
        let secret = |keys: &NotificationKeys| keys.secret(&location("7")).unwrap().expose().to_owned();
        assert_eq!(secret(&rotating), secret(&new), "the new one is subscribed");
        for (keys, opened_by_old, opened_by_new) in
            [(&old, true, false), (&rotating, true, true), (&new, false, true)]
        {
            assert_eq!(opens(keys, &secret(&old)).is_some(), opened_by_old);
            assert_eq!(opens(keys, &secret(&new)).is_some(), opened_by_new);
        }
    }
}
