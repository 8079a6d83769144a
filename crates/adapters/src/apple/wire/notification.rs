//! Apple's notifications: an envelope, and in it what happened.

use mdm_vpp_core::{catalog::AssetKey, catalog::PricingParam, id::ClientUserId, printable_text};
use mdm_vpp_ports::{
    AssetAct, Notification, NotificationId, NotificationKind, NotifiedResult, SubscriptionAssignment,
    SubscriptionSeats, UserAct,
};
use serde_json::Value;

use super::{
    Members, Unusable, read_assignment, read_event_id, read_location_id, read_pricing_param, read_told_error,
    read_users,
};
use crate::apple::{reply::failure, scrub::Scrubber};

/// So many characters of a name that we do not know are kept.
const LONGEST_NAME: usize = 100;

/// Reads a notification. One element that cannot be used refuses all of it.
pub(crate) fn read_notification(envelope: &Members<'_>) -> Result<Notification, Unusable> {
    let id = envelope.id("notificationId")?.ok_or_else(|| envelope.missing("notificationId"))?;
    let no_id = || envelope.unusable("notificationId", "it is no id of 1 to 100 visible characters");
    Ok(Notification {
        id: NotificationId::new(&id).ok_or_else(no_id)?,
        location: read_location_id(envelope)?.ok_or_else(|| envelope.missing("uId"))?,
        kind: read_kind(envelope)?,
    })
}

fn read_kind(envelope: &Members<'_>) -> Result<NotificationKind, Unusable> {
    let name = envelope.text("notificationType")?.ok_or_else(|| envelope.missing("notificationType"))?;
    let told = || envelope.object("notification")?.ok_or_else(|| envelope.missing("notification"));
    match name {
        "TEST_NOTIFICATION" => Ok(NotificationKind::Test),
        "ASSET_COUNT" => read_asset_count(&told()?),
        "ASSET_MANAGEMENT" => read_asset_management(&told()?),
        "USER_MANAGEMENT" => read_user_management(&told()?),
        "USER_ASSOCIATED" => {
            Ok(NotificationKind::UserAssociated { users: read_users(&told()?, "associatedUsers")? })
        }
        "SUBSCRIPTION_MANAGEMENT" => read_subscription_management(&told()?),
        "SUBSCRIPTION_COUNT" => read_subscription_count(&told()?),
        "UNLIMITED_ASSET" => Ok(NotificationKind::UnlimitedAsset),
        other => Ok(unknown(other)),
    }
}

fn unknown(name: &str) -> NotificationKind {
    NotificationKind::Unknown { name: printable_text(name).chars().take(LONGEST_NAME).collect() }
}

fn read_asset_count(told: &Members<'_>) -> Result<NotificationKind, Unusable> {
    let adam_id = told.adam_id("adamId")?.ok_or_else(|| told.missing("adamId"))?;
    let pricing_param = told.text("pricingParam")?.map_or(PricingParam::Standard, read_pricing_param);
    let delta = told.whole("countDelta")?.ok_or_else(|| told.missing("countDelta"))?;
    Ok(NotificationKind::AssetCount { asset: AssetKey { adam_id, pricing_param }, delta })
}

fn read_asset_management(told: &Members<'_>) -> Result<NotificationKind, Unusable> {
    let act = match read_asset_act(told)? {
        Ok(act) => act,
        Err(other) => return Ok(unknown(&format!("ASSET_MANAGEMENT/{other}"))),
    };
    let (event_id, result) = (read_event_id(told)?, read_result(told)?);
    let assignments = told.objects("assignments")?.unwrap_or_default();
    let assignments = assignments.iter().map(read_assignment).collect::<Result<_, _>>()?;
    Ok(NotificationKind::AssetManagement { act, event_id, result, assignments })
}

fn read_subscription_management(told: &Members<'_>) -> Result<NotificationKind, Unusable> {
    let act = match read_asset_act(told)? {
        Ok(act) => act,
        Err(other) => return Ok(unknown(&format!("SUBSCRIPTION_MANAGEMENT/{other}"))),
    };
    let (event_id, result) = (read_event_id(told)?, read_result(told)?);
    let assignments = told.objects("assignments")?.unwrap_or_default();
    let assignments = assignments.iter().map(read_subscription_assignment).collect::<Result<_, _>>()?;
    Ok(NotificationKind::SubscriptionManagement { act, event_id, result, assignments })
}

/// What was done with licenses, or Apple's name of something that we do not know.
fn read_asset_act<'a>(told: &Members<'a>) -> Result<Result<AssetAct, &'a str>, Unusable> {
    Ok(match told.text("type")?.ok_or_else(|| told.missing("type"))? {
        "ASSOCIATE" => Ok(AssetAct::Associate),
        "DISASSOCIATE" => Ok(AssetAct::Disassociate),
        "REVOKE" => Ok(AssetAct::Revoke),
        other => Err(other),
    })
}

fn read_subscription_assignment(told: &Members<'_>) -> Result<SubscriptionAssignment, Unusable> {
    let user = told.exact_id("clientUserId")?.ok_or_else(|| told.missing("clientUserId"))?;
    Ok(SubscriptionAssignment {
        adam_id: told.adam_id("adamId")?.ok_or_else(|| told.missing("adamId"))?,
        client_user_id: ClientUserId::new(user)
            .map_err(|error| told.unusable("clientUserId", error.to_string()))?,
        renewing: told.flag("renewing")?,
    })
}

fn read_user_management(told: &Members<'_>) -> Result<NotificationKind, Unusable> {
    let act = match told.text("type")?.ok_or_else(|| told.missing("type"))? {
        "CREATE" => UserAct::Create,
        "UPDATE" => UserAct::Update,
        "RETIRE" => UserAct::Retire,
        other => return Ok(unknown(&format!("USER_MANAGEMENT/{other}"))),
    };
    let (event_id, result) = (read_event_id(told)?, read_result(told)?);
    Ok(NotificationKind::UserManagement { act, event_id, result, users: read_users(told, "users")? })
}

fn read_result(told: &Members<'_>) -> Result<NotifiedResult, Unusable> {
    match told.text("result")?.ok_or_else(|| told.missing("result"))? {
        "SUCCESS" => Ok(NotifiedResult::Success),
        "FAILURE" => {
            let error = told.any("error").and_then(Value::as_object).map(read_told_error);
            Ok(NotifiedResult::Failure { failure: error.map(|error| failure(error, Scrubber::of(None))) })
        }
        _ => Err(told.unusable("result", "it is neither a success nor a failure")),
    }
}

fn read_subscription_count(told: &Members<'_>) -> Result<NotificationKind, Unusable> {
    let counts = told.object("counts")?.ok_or_else(|| told.missing("counts"))?;
    let seats = |name| read_seats(&counts.object(name)?.ok_or_else(|| counts.missing(name))?);
    Ok(NotificationKind::SubscriptionCount {
        parent: told.adam_id("parentAdamId")?,
        adam_id: told.adam_id("adamId")?.ok_or_else(|| told.missing("adamId"))?,
        available: seats("available")?,
        total: seats("total")?,
    })
}

fn read_seats(counts: &Members<'_>) -> Result<SubscriptionSeats, Unusable> {
    let count = |name| {
        let count = counts.whole(name)?.unwrap_or(0);
        u64::try_from(count).map_err(|_| counts.unusable(name, format!("it is {count}, below zero")))
    };
    Ok(SubscriptionSeats { renewing: count("renewing")?, expiring: count("expiring")? })
}
