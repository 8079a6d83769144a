//! What a request says: the query of a list, and the bodies that claim, assign, manage users and subscribe.

use std::collections::BTreeSet;

use mdm_vpp_core::{catalog::AssetKey, seats::Holders, token::MdmInfo};
use mdm_vpp_ports::{
    AssignmentsQuery, ManageAssets, ManageUsers, Subscription, UserAct, UserToManage, UsersQuery,
};
use serde_json::{Map, Value, json};

use super::{TextLengths, pricing_param_name};

/// A parameter of an address.
type Parameter = (&'static str, String);

/// The page is left out where it is the first: that is the default.
fn page(page: u32) -> Option<Parameter> {
    (page > 0).then(|| ("pageIndex", page.to_string()))
}

fn since(version: Option<&String>) -> Option<Parameter> {
    version.map(|version| ("sinceVersionId", version.clone()))
}

/// Which assignments.
pub(crate) fn assignments_query(asked: &AssignmentsQuery) -> Vec<Parameter> {
    let adam_id = asked.adam_id.map(|adam_id| ("adamId", adam_id.to_string()));
    let serial_number = asked.serial_number.as_ref().map(|serial| ("serialNumber", serial.to_string()));
    let user = asked.client_user_id.as_ref().map(|user| ("clientUserId", user.to_string()));
    let parts = [page(asked.page), since(asked.since_version.as_ref()), adam_id, serial_number, user];
    parts.into_iter().flatten().collect()
}

/// Which users.
pub(crate) fn users_query(asked: &UsersQuery) -> Vec<Parameter> {
    let user = asked.client_user_id.as_ref().map(|user| ("clientUserId", user.to_string()));
    let active = asked.active_only.then(|| ("activeOnly", "true".to_owned()));
    [page(asked.page), since(asked.since_version.as_ref()), user, active].into_iter().flatten().collect()
}

/// The body, with name and metadata shortened to Apple's limits. The id is never shortened: half an id would make
/// us foreign to ourselves, so Apple has to refuse one that is too long.
pub(crate) fn claim_body(claim: &MdmInfo, lengths: &TextLengths) -> String {
    let name = shortened(&claim.name, lengths.mdm_name);
    let metadata = shortened(&claim.metadata, lengths.mdm_metadata);
    json!({"mdmInfo": {"id": claim.id, "name": name, "metadata": metadata}}).to_string()
}

/// As much of a text as fits into so many bytes, whole characters only. Apple does not say whether it counts bytes
/// or characters; this fits both.
fn shortened(text: &str, limit: u32) -> &str {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let fits = |(start, character): &(usize, char)| start.saturating_add(character.len_utf8()) <= limit;
    let length = text.char_indices().take_while(fits).map(|(_, character)| character.len_utf8()).sum();
    text.get(..length).unwrap_or(text)
}

/// Each asset for each holder.
pub(crate) fn manage_assets_body(order: &ManageAssets) -> String {
    let mut body = holders(&order.holders);
    body.insert("assets".to_owned(), assets(&order.assets));
    Value::Object(body).to_string()
}

/// All that the holders have.
pub(crate) fn revoke_body(of: &Holders) -> String {
    Value::Object(holders(of)).to_string()
}

fn assets(assets: &BTreeSet<AssetKey>) -> Value {
    let asset = |asset: &AssetKey| {
        let pricing_param = pricing_param_name(&asset.pricing_param);
        json!({"adamId": asset.adam_id.to_string(), "pricingParam": pricing_param})
    };
    assets.iter().map(asset).collect()
}

fn holders(holders: &Holders) -> Map<String, Value> {
    let (name, ids): (_, Value) = match holders {
        Holders::Devices { serial_numbers } => {
            ("serialNumbers", serial_numbers.iter().map(|serial_number| serial_number.as_str()).collect())
        }
        Holders::Users { client_user_ids } => {
            ("clientUserIds", client_user_ids.iter().map(|user| user.as_str()).collect())
        }
    };
    Map::from_iter([(name.to_owned(), ids)])
}

/// The users; of one who retires the id alone.
pub(crate) fn manage_users_body(order: &ManageUsers) -> String {
    let user = |user: &UserToManage| {
        let mut members = Map::from_iter([("clientUserId".to_owned(), json!(user.client_user_id.as_str()))]);
        let more = [("email", &user.email), ("managedAppleId", &user.managed_apple_id)];
        for (name, text) in more {
            if let Some(text) = text.as_deref().filter(|_| order.act != UserAct::Retire) {
                members.insert(name.to_owned(), json!(text));
            }
        }
        Value::Object(members)
    };
    json!({"users": order.users.iter().map(user).collect::<Value>()}).to_string()
}

/// Where notifications go, and which: the complete list.
pub(crate) fn subscription_body(subscription: &Subscription) -> String {
    json!({
        "notificationUrl": subscription.url,
        "notificationAuthToken": subscription.bearer.expose(),
        "notificationTypes": subscription.types,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_metadata_are_shortened_at_a_character_and_the_id_is_not() {
        let lengths = TextLengths { mdm_name: 5, mdm_metadata: 4 };
        let claim = MdmInfo { id: "mdm:1".into(), name: "Müüll".into(), metadata: "abcd".into() };
        let body: Value = serde_json::from_str(&claim_body(&claim, &lengths)).unwrap();
        assert_eq!(body, json!({"mdmInfo": {"id": "mdm:1", "name": "Müü", "metadata": "abcd"}}));
    }
}
