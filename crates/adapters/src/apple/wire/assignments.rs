//! Assignments: the rows of a page, read without a tree of JSON values because a location may have hundreds of
//! thousands, and those that a notification carries.

use std::{borrow::Cow, fmt, marker::PhantomData};

use mdm_vpp_core::{
    catalog::{AssetKey, PricingParam},
    id::{ClientUserId, SerialNumber},
    seats::Holder,
};
use mdm_vpp_ports::Assignment;
use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

use super::{Members, Unusable, read_pricing_param};

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
    /// Not a list.
    OfKind(&'static str),
    /// A list of anything.
    Rows(Vec<Row<'a>>),
}

/// An element of the list.
pub(crate) enum Row<'a> {
    /// Not an object.
    OfKind(&'static str),
    /// An object, with the members of an assignment.
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

/// What a JSON value can be read into.
pub(super) trait Form<'de>: Sized {
    /// A value of a kind that has no use here.
    fn of_kind(kind: &'static str) -> Self;

    fn null() -> Self {
        Self::of_kind("null")
    }

    fn text(_: Cow<'de, str>) -> Self {
        Self::of_kind("a text")
    }

    fn whole_number(_: String) -> Self {
        Self::of_kind("a number")
    }

    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::of_kind("a list"))
    }

    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Self::of_kind("an object"))
    }
}

/// Reads a value of any kind.
pub(super) fn read_form<'de, D: Deserializer<'de>, F: Form<'de>>(deserializer: D) -> Result<F, D::Error> {
    deserializer.deserialize_any(AnyValue(PhantomData))
}

struct AnyValue<F>(PhantomData<F>);

impl<'de, F: Form<'de>> Visitor<'de> for AnyValue<F> {
    type Value = F;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<F, E> {
        Ok(F::null())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<F, E> {
        Ok(F::of_kind("true or false"))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<F, E> {
        Ok(F::whole_number(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<F, E> {
        Ok(F::whole_number(number.to_string()))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<F, E> {
        Ok(F::of_kind("a number"))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<F, E> {
        Ok(F::text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<F, E> {
        Ok(F::text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<F, A::Error> {
        F::list(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<F, A::Error> {
        F::object(object)
    }
}

impl AssignmentList<'_> {
    /// The assignments of a page. A page without the list is an empty one, unless its `size` says otherwise.
    pub(crate) fn read(self, members: &Map<String, Value>) -> Result<Vec<Assignment>, Unusable> {
        let page = Members::of_reply(members);
        match self {
            Self::Absent if page.whole("size")?.unwrap_or(0) == 0 => Ok(Vec::new()),
            Self::Absent => Err(page.unusable("assignments", "it is missing, and `size` is not 0")),
            Self::OfKind(kind) => {
                Err(page.unusable("assignments", format!("it is {kind} instead of a list")))
            }
            Self::Rows(rows) => rows.iter().enumerate().map(|(index, row)| read_row(index, row)).collect(),
        }
    }
}

fn read_row(index: usize, row: &Row<'_>) -> Result<Assignment, Unusable> {
    let place = || format!("assignments[{index}]");
    match row {
        Row::OfKind(kind) => {
            Err(Unusable { member: place(), found: format!("it is {kind} instead of an object") })
        }
        Row::Object(members) => {
            members.read().map_err(|(name, found)| Unusable { member: format!("{}.{name}", place()), found })
        }
    }
}

/// An assignment as an object of a shorter list.
pub(crate) fn read_assignment(object: &Members<'_>) -> Result<Assignment, Unusable> {
    let text = |name| object.any(name).map_or(Text::Missing, text_of);
    let row = RowMembers {
        adam_id: text("adamId"),
        pricing_param: text("pricingParam"),
        serial_number: text("serialNumber"),
        client_user_id: text("clientUserId"),
    };
    row.read().map_err(|(name, found)| object.unusable(name, found))
}

fn text_of(value: &Value) -> Text<'_> {
    match value {
        Value::String(text) => Text::Given(text.into()),
        Value::Number(number) if number.is_u64() || number.is_i64() => Text::Digits(number.to_string()),
        other => Text::OfKind(super::members::kind(other)),
    }
}

/// The name of a member, and why it cannot be used.
type Wrong = (&'static str, String);

impl RowMembers<'_> {
    fn read(&self) -> Result<Assignment, Wrong> {
        let adam_id = self.adam_id.needed("adamId")?.trim().parse();
        let adam_id = adam_id.map_err(|_| ("adamId", "it is not an id of 1 to 19 digits".to_owned()))?;
        let quality = self.pricing_param.given("pricingParam")?;
        let pricing_param = quality.map_or(PricingParam::Standard, read_pricing_param);
        Ok(Assignment { asset: AssetKey { adam_id, pricing_param }, holder: self.holder()? })
    }

    fn holder(&self) -> Result<Holder, Wrong> {
        let serial_number = self.serial_number.given("serialNumber")?;
        match (serial_number, self.client_user_id.given("clientUserId")?) {
            (Some(text), None) => match SerialNumber::new(text.trim()) {
                Ok(serial_number) => Ok(Holder::Device { serial_number }),
                Err(error) => Err(("serialNumber", error.to_string())),
            },
            (None, Some(text)) => match ClientUserId::new(text) {
                Ok(client_user_id) => Ok(Holder::User { client_user_id }),
                Err(error) => Err(("clientUserId", error.to_string())),
            },
            (Some(_), Some(_)) => Err(("clientUserId", "it stands beside a serial number".to_owned())),
            (None, None) => Err(("serialNumber", "it is missing, and `clientUserId` too".to_owned())),
        }
    }
}

impl Text<'_> {
    /// The text; missing and `null` count as none.
    fn given(&self, name: &'static str) -> Result<Option<&str>, Wrong> {
        match self {
            Self::Missing | Self::Null => Ok(None),
            Self::Given(text) => Ok(Some(text)),
            Self::Digits(digits) => Ok(Some(digits)),
            Self::OfKind(kind) => Err((name, format!("it is {kind} instead of a text"))),
        }
    }

    fn needed(&self, name: &'static str) -> Result<&str, Wrong> {
        let found = if matches!(self, Self::Null) { "it is null" } else { "it is missing" };
        self.given(name)?.ok_or_else(|| (name, found.to_owned()))
    }
}
