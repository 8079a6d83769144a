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

/// The first page is left out, because it is Apple's default.
fn page(page: u32) -> Option<Parameter> {
    (page > 0).then(|| ("pageIndex", page.to_string()))
}

fn since(version: Option<&String>) -> Option<Parameter> {
    version.map(|version| ("sinceVersionId", version.clone()))
}

/// The query for assignments.
pub(crate) fn assignments_query(query: &AssignmentsQuery) -> Vec<Parameter> {
    let adam_id = query.adam_id.map(|adam_id| ("adamId", adam_id.to_string()));
    let serial_number = query.serial_number.as_ref().map(|serial| ("serialNumber", serial.to_string()));
    let user = query.client_user_id.as_ref().map(|user| ("clientUserId", user.to_string()));
    let parts = [page(query.page), since(query.since_version.as_ref()), adam_id, serial_number, user];
    parts.into_iter().flatten().collect()
}

/// The query for users.
pub(crate) fn users_query(query: &UsersQuery) -> Vec<Parameter> {
    let user = query.client_user_id.as_ref().map(|user| ("clientUserId", user.to_string()));
    let active = query.active_only.then(|| ("activeOnly", "true".to_owned()));
    [page(query.page), since(query.since_version.as_ref()), user, active].into_iter().flatten().collect()
}

/// The body that claims a location, with name and metadata shortened to Apple's limits. The id is never shortened: with
/// half of it we would not recognize our own claim, so Apple has to refuse one that is too long.
pub(crate) fn claim_body(claim: &MdmInfo, lengths: &TextLengths) -> String {
    let name = shortened(&claim.name, lengths.mdm_name);
    let metadata = shortened(&claim.metadata, lengths.mdm_metadata);
    json!({"mdmInfo": {"id": claim.id, "name": name, "metadata": metadata}}).to_string()
}

/// The start of a text that fits into `limit` bytes, whole characters only. Apple does not say whether it counts bytes
/// or characters; this fits both.
fn shortened(text: &str, limit: u32) -> &str {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let fits = |(start, character): &(usize, char)| start.saturating_add(character.len_utf8()) <= limit;
    let length = text.char_indices().take_while(fits).map(|(_, character)| character.len_utf8()).sum();
    text.get(..length).unwrap_or(text)
}

/// The body that associates or disassociates each asset with each holder.
pub(crate) fn manage_assets_body(request: &ManageAssets) -> String {
    let mut body = holders(&request.holders);
    body.insert("assets".to_owned(), assets(&request.assets));
    Value::Object(body).to_string()
}

/// The body that revokes all licenses of the holders.
pub(crate) fn revoke_body(revoked: &Holders) -> String {
    Value::Object(holders(revoked)).to_string()
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

/// The body that creates, updates or retires users. To retire one, Apple takes the id alone.
pub(crate) fn manage_users_body(request: &ManageUsers) -> String {
    let user = |user: &UserToManage| {
        let mut members = Map::from_iter([("clientUserId".to_owned(), json!(user.client_user_id.as_str()))]);
        let more = [("email", &user.email), ("managedAppleId", &user.managed_apple_id)];
        for (name, text) in more {
            if let Some(text) = text.as_deref().filter(|_| request.act != UserAct::Retire) {
                members.insert(name.to_owned(), json!(text));
            }
        }
        Value::Object(members)
    };
    json!({"users": request.users.iter().map(user).collect::<Value>()}).to_string()
}

/// The body that subscribes: Apple replaces its list of types by this one.
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
