//! The bodies of requests that change licenses, users and where notifications go.

use std::collections::BTreeSet;

use mdm_vpp_core::{catalog::AssetKey, seats::Holders};
use mdm_vpp_ports::{ManageAssets, ManageUsers, Subscription, UserAct, UserToManage};
use serde_json::{Map, Value, json};

use super::pricing_param_name;

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
