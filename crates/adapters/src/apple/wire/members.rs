//! Reading the members of a JSON object, so that an error names the member with its place.
//!
//! Apple documents almost every member of a reply as optional: absent and `null` are the same, and unknown members are
//! ignored.

use mdm_vpp_core::id::AdamId;
use mdm_vpp_ports::ServiceErrorKind;
use serde_json::{Map, Value};

/// A JSON object and where it stands in the reply.
#[derive(Debug, Clone)]
pub(crate) struct Members<'a> {
    object: &'a Map<String, Value>,
    place: String,
}

/// A member that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unusable {
    /// The member with its place: `assets[3].totalCount`.
    pub(crate) member: String,
    /// What stands there instead.
    pub(crate) found: String,
}

impl From<Unusable> for ServiceErrorKind {
    fn from(unusable: Unusable) -> Self {
        Self::UnexpectedReply { member: unusable.member, found: unusable.found }
    }
}

impl<'a> Members<'a> {
    /// The reply itself.
    pub(crate) const fn of_reply(object: &'a Map<String, Value>) -> Self {
        Self { object, place: String::new() }
    }

    /// The place of a member of this object.
    pub(crate) fn place(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) }
    }

    /// A member that is there and not `null`.
    fn present(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    /// An error about a member.
    pub(crate) fn unusable(&self, name: &str, found: impl Into<String>) -> Unusable {
        Unusable { member: self.place(name), found: found.into() }
    }

    /// The error about a required member that is not there.
    pub(crate) fn missing(&self, name: &str) -> Unusable {
        let found = if self.object.contains_key(name) { "it is null" } else { "it is missing" };
        self.unusable(name, found)
    }

    fn read<T>(
        &self,
        name: &str,
        wanted: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Unusable> {
        let Some(value) = self.present(name) else { return Ok(None) };
        match read(value) {
            Some(read) => Ok(Some(read)),
            None => Err(self.unusable(name, format!("it is {} instead of {wanted}", kind(value)))),
        }
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<&'a str>, Unusable> {
        self.read(name, "a text", Value::as_str)
    }

    /// An id: a text, or a whole number that counts as its digits.
    pub(crate) fn id(&self, name: &str) -> Result<Option<String>, Unusable> {
        self.read(name, "a text or a whole number", id_text)
    }

    /// An id in which white space counts.
    pub(crate) fn exact_id(&self, name: &str) -> Result<Option<String>, Unusable> {
        self.read(name, "a text or a whole number", |value| match value {
            Value::String(text) => Some(text.clone()),
            other => id_text(other),
        })
    }

    pub(crate) fn adam_id(&self, name: &str) -> Result<Option<AdamId>, Unusable> {
        let Some(id) = self.id(name)? else { return Ok(None) };
        id.parse().map(Some).map_err(|_| self.unusable(name, "it is not an id of 1 to 19 digits"))
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Unusable> {
        self.read(name, "true or false", Value::as_bool)
    }

    pub(crate) fn whole(&self, name: &str) -> Result<Option<i64>, Unusable> {
        self.read(name, "a whole number", Value::as_i64)
    }

    pub(crate) fn object(&self, name: &str) -> Result<Option<Self>, Unusable> {
        let object = self.read(name, "an object", Value::as_object)?;
        Ok(object.map(|object| Self { object, place: self.place(name) }))
    }

    /// The objects of a list, each with its place.
    pub(crate) fn objects(&self, name: &str) -> Result<Option<Vec<Self>>, Unusable> {
        let Some(list) = self.read(name, "a list", Value::as_array)? else { return Ok(None) };
        let place = |index| format!("{}[{index}]", self.place(name));
        let read = |(index, value): (usize, &'a Value)| match value.as_object() {
            Some(object) => Ok(Self { object, place: place(index) }),
            None => Err(Unusable {
                member: place(index),
                found: format!("it is {} instead of an object", kind(value)),
            }),
        };
        list.iter().enumerate().map(read).collect::<Result<_, _>>().map(Some)
    }

    /// The texts of a list; `null` in it is left out.
    pub(crate) fn texts(&self, name: &str) -> Result<Option<Vec<&'a str>>, Unusable> {
        let Some(list) = self.read(name, "a list", Value::as_array)? else { return Ok(None) };
        let read = |(index, value): (usize, &'a Value)| {
            value.as_str().ok_or_else(|| Unusable {
                member: format!("{}[{index}]", self.place(name)),
                found: format!("it is {} instead of a text", kind(value)),
            })
        };
        list.iter()
            .enumerate()
            .filter(|(_, value)| !value.is_null())
            .map(read)
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// A member of any kind.
    pub(crate) fn any(&self, name: &str) -> Option<&'a Value> {
        self.present(name)
    }
}

/// A text without surrounding space, or the digits of a whole number.
pub(super) fn id_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) if number.is_u64() || number.is_i64() => Some(number.to_string()),
        _ => None,
    }
}

/// What a value is, for people.
pub(super) const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn with<T>(value: &Value, read: impl FnOnce(Members<'_>) -> T) -> T {
        read(Members::of_reply(value.as_object().unwrap()))
    }

    #[test]
    fn null_and_absent_are_nothing_but_are_told_apart_in_an_error() {
        with(&json!({"uId": null}), |reply| {
            assert_eq!(reply.text("uId"), Ok(None));
            assert_eq!(reply.text("name"), Ok(None));
            assert_eq!(reply.missing("uId").found, "it is null");
            assert_eq!(reply.missing("name").found, "it is missing");
        });
    }

    #[test]
    fn a_member_of_another_type_is_named_with_its_place() {
        with(&json!({"assets": [{}, {"counts": {"totalCount": "7"}}]}), |reply| {
            let assets = reply.objects("assets").unwrap().unwrap();
            let counts = assets[1].object("counts").unwrap().unwrap();
            let error = counts.whole("totalCount").unwrap_err();
            assert_eq!(error.member, "assets[1].counts.totalCount");
            assert_eq!(error.found, "it is a text instead of a whole number");
        });
        with(&json!({"assets": [{}, 7], "names": ["a", {}]}), |reply| {
            assert_eq!(reply.objects("assets").unwrap_err().member, "assets[1]");
            assert_eq!(reply.texts("names").unwrap_err().member, "names[1]");
            assert!(reply.objects("names").is_err());
            assert!(reply.object("assets").is_err());
        });
    }

    #[test]
    fn an_id_is_a_text_or_a_whole_number() {
        with(&json!({"a": " 12 ", "b": 12, "c": 1.5, "d": true, "e": u64::MAX}), |reply| {
            assert_eq!(reply.id("a"), Ok(Some("12".into())));
            assert_eq!(reply.id("b"), Ok(Some("12".into())));
            assert!(reply.id("c").is_err());
            assert!(reply.id("d").is_err());
            assert_eq!(reply.id("e"), Ok(Some("18446744073709551615".into())));
        });
    }
}
