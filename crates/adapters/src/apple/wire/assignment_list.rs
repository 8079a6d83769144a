//! A page of assignments, read without a tree of values: a location may have hundreds of thousands.

use std::borrow::Cow;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess},
};
use serde_json::{Map, Value};

use super::form::{Form, read_form};

/// A reply with a list of assignments, and its other members.
pub(crate) struct AssignmentsReply<'a> {
    pub(crate) members: Map<String, Value>,
    pub(crate) list: AssignmentList<'a>,
}

/// The member `assignments`.
#[derive(Default)]
pub(crate) enum AssignmentList<'a> {
    /// Missing or `null`.
    #[default]
    Absent,
    /// Something else than a list.
    OfKind(&'static str),
    /// A list of anything.
    Rows(Vec<Row<'a>>),
}

/// An element of the list.
pub(crate) enum Row<'a> {
    /// Something else than an object.
    OfKind(&'static str),
    /// An object, with the members that tell an assignment.
    Object(RowMembers<'a>),
}

/// The members of an assignment.
#[derive(Default)]
pub(crate) struct RowMembers<'a> {
    pub(super) adam_id: Text<'a>,
    pub(super) pricing_param: Text<'a>,
    pub(super) serial_number: Text<'a>,
    pub(super) client_user_id: Text<'a>,
}

/// A member that should be a text.
#[derive(Default)]
pub(super) enum Text<'a> {
    #[default]
    Missing,
    Null,
    OfKind(&'static str),
    Given(Cow<'a, str>),
    /// A whole number, by its digits.
    Digits(String),
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum Member {
    AdamId,
    PricingParam,
    SerialNumber,
    ClientUserId,
    #[serde(other)]
    Other,
}

impl<'de> Deserialize<'de> for AssignmentsReply<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_form(deserializer)
    }
}

impl<'de> Form<'de> for AssignmentsReply<'de> {
    fn of_kind(kind: &'static str) -> Self {
        Self { members: Map::new(), list: AssignmentList::OfKind(kind) }
    }

    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let (mut members, mut list) = (Map::new(), AssignmentList::Absent);
        while let Some(name) = object.next_key::<String>()? {
            if name == "assignments" {
                list = object.next_value()?;
            } else {
                members.insert(name, object.next_value()?);
            }
        }
        Ok(Self { members, list })
    }
}

impl<'de> Deserialize<'de> for AssignmentList<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_form(deserializer)
    }
}

impl<'de> Form<'de> for AssignmentList<'de> {
    fn of_kind(kind: &'static str) -> Self {
        Self::OfKind(kind)
    }

    fn null() -> Self {
        Self::Absent
    }

    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut rows = Vec::new();
        while let Some(row) = list.next_element()? {
            rows.push(row);
        }
        Ok(Self::Rows(rows))
    }
}

impl<'de> Deserialize<'de> for Row<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_form(deserializer)
    }
}

impl<'de> Form<'de> for Row<'de> {
    fn of_kind(kind: &'static str) -> Self {
        Self::OfKind(kind)
    }

    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut row = RowMembers::default();
        while let Some(member) = object.next_key::<Member>()? {
            match member {
                Member::AdamId => row.adam_id = object.next_value()?,
                Member::PricingParam => row.pricing_param = object.next_value()?,
                Member::SerialNumber => row.serial_number = object.next_value()?,
                Member::ClientUserId => row.client_user_id = object.next_value()?,
                Member::Other => {
                    object.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Self::Object(row))
    }
}

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_form(deserializer)
    }
}

impl<'de> Form<'de> for Text<'de> {
    fn of_kind(kind: &'static str) -> Self {
        Self::OfKind(kind)
    }

    fn null() -> Self {
        Self::Null
    }

    fn text(text: Cow<'de, str>) -> Self {
        Self::Given(text)
    }

    fn whole_number(digits: String) -> Self {
        Self::Digits(digits)
    }
}
