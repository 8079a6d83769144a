//! Shared builders for the tests of the core.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::id::{Actor, LocationId};

pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

pub(crate) fn days(days: i64) -> DateTime<Utc> {
    now() + TimeDelta::days(days)
}

pub(crate) fn ada() -> Actor {
    Actor::new("ada@example.org").unwrap()
}

pub(crate) fn location_id(id: &str) -> LocationId {
    LocationId::new(id).unwrap()
}

/// A value is stored like this and read back, and an unknown member is refused. (Serde takes further members
/// beside a kind that has none of its own; where settings are, [`setting`] looks at that too.)
pub(crate) fn shape<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(
    value: &T,
    expected: &Value,
) {
    assert_eq!(&serde_json::to_value(value).unwrap(), expected);
    assert_eq!(&serde_json::from_value::<T>(expected.clone()).unwrap(), value);
    let kind_alone = expected["kind"].is_string() && expected.as_object().is_some_and(|all| all.len() == 1);
    if expected.is_object() && !kind_alone {
        let mut more = expected.clone();
        more["unknown"] = json!(1);
        assert!(serde_json::from_value::<T>(more).is_err(), "an unknown member was taken: {expected}");
    }
}

/// Values that are stored as their kind and nothing else; another kind is refused.
pub(crate) fn kinds<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(values: &[(T, &str)]) {
    for (value, kind) in values {
        shape(value, &json!({ "kind": kind }));
    }
    assert!(serde_json::from_value::<T>(json!({"kind": "no such kind"})).is_err());
}

/// A part of settings is stored like this and read back, and an unknown member is refused, also beside a kind
/// that has none of its own.
pub(crate) fn setting<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(
    value: &T,
    expected: &Value,
) {
    shape(value, expected);
    let mut more = expected.clone();
    more["unknown"] = json!(1);
    assert!(serde_json::from_value::<T>(more).is_err(), "an unknown member was taken: {expected}");
}

/// The same for kinds that have no members of their own; another kind is refused.
pub(crate) fn setting_kinds<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(
    values: &[(T, &str)],
) {
    kinds(values);
    for (value, kind) in values {
        setting(value, &json!({ "kind": kind }));
    }
}
