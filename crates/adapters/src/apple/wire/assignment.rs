//! An assignment: an asset, and either a device or a user.

use mdm_vpp_core::{
    catalog::{AssetKey, PricingParam},
    id::{ClientUserId, SerialNumber},
    seats::Holder,
};
use mdm_vpp_ports::Assignment;
use serde_json::{Map, Value};

use super::{
    AssignmentList, Members, Unusable,
    assignment_list::{Row, RowMembers, Text},
    read_pricing_param,
};

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

/// The name of a member and what is wrong with it.
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
    /// What is given; missing and `null` are nothing.
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
