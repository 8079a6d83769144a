//! Reading gives an answer or an error for any bytes that a server may send.

use mdm_vpp_core::id::AdamId;
use proptest::prelude::*;
use serde_json::{Map, Value};

use super::*;
use crate::apple::{reply::read_reply, scrub::Scrubber};

const NAMES: &[&str] = &[
    "1",
    "adamId",
    "artwork",
    "assets",
    "assignedCount",
    "assignments",
    "associatedUsers",
    "available",
    "availableCount",
    "bundleId",
    "clientConfig",
    "clientUserId",
    "clientUserIds",
    "countDelta",
    "countryISO2ACode",
    "counts",
    "currentPageIndex",
    "defaultPlatform",
    "deviceFamilies",
    "email",
    "error",
    "errorInfo",
    "errorMessage",
    "errorNumber",
    "eventId",
    "eventStatus",
    "expiring",
    "failures",
    "height",
    "id",
    "inviteCode",
    "limits",
    "locationName",
    "maxAssets",
    "mdmInfo",
    "name",
    "nextPageIndex",
    "notification",
    "parentAdamId",
    "pricingParam",
    "productType",
    "renewing",
    "result",
    "results",
    "retiredCount",
    "serialNumber",
    "serialNumbers",
    "size",
    "status",
    "supportedPlatforms",
    "tokenExpirationDate",
    "total",
    "totalCount",
    "totalPages",
    "type",
    "uId",
    "unlimitedAssets",
    "url",
    "urls",
    "users",
    "versionId",
    "width",
];

const KINDS: &[&str] = &[
    "ASSET_COUNT",
    "ASSET_MANAGEMENT",
    "SUBSCRIPTION_COUNT",
    "SUBSCRIPTION_MANAGEMENT",
    "USER_ASSOCIATED",
    "USER_MANAGEMENT",
];

/// JSON of Apple's member names and arbitrary values.
fn anything() -> impl Strategy<Value = Value> {
    let numbers = prop_oneof![any::<i64>().prop_map(Value::from), any::<f64>().prop_map(Value::from)];
    let words = prop::sample::select(
        [
            "App",
            "Book",
            "STDQ",
            "https://é/{w}x{h}",
            "\u{1b}",
            "-1",
            "FAILED",
            "FAILURE",
            "ASSOCIATE",
            "CREATE",
        ]
        .as_slice(),
    );
    let digits = any::<u128>().prop_map(|number| number.to_string());
    let texts = prop_oneof![any::<String>(), digits, words.prop_map(str::to_owned)].prop_map(Value::from);
    let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), numbers, texts];
    leaf.prop_recursive(4, 64, 6, |inner| {
        prop_oneof![prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from), object_of(inner)]
    })
}

fn object_of(values: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    let members = (prop::sample::select(NAMES).prop_map(str::to_owned), values);
    prop::collection::vec(members, 0..8)
        .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>()))
}

proptest! {
    #[test]
    fn any_json_is_read_or_refused(body in object_of(anything()), status in any::<u16>(), kind in prop::sample::select(KINDS)) {
        let mut notified = body.as_object().cloned().unwrap_or_default();
        notified.extend([("uId", "1"), ("notificationId", "1"), ("notificationType", kind)].map(|(name, text)| (name.to_owned(), text.into())));
        let Ok(reply) = read_reply(status, body.to_string().as_bytes(), Scrubber::of(None)) else { return Ok(()) };
        let reply = Members::of_reply(&reply);
        let _ = read_client_config(&reply);
        let _ = read_assets(&reply);
        let _ = read_page_members(&reply);
        let _ = read_service_config(&reply);
        let _ = read_lookup(&reply, &[AdamId::new(1)]);
        let _ = read_notification(body.to_string().as_bytes());
        let _ = read_notification(Value::Object(notified).to_string().as_bytes());
        let text = body.to_string();
        let _ = answer_assignments(status, text.as_bytes(), Scrubber::of(None));
        let _ = answer_users(status, text.as_bytes(), Scrubber::of(None));
        let _ = answer_accepted(status, text.as_bytes(), Scrubber::of(None));
        let _ = answer_event(status, text.as_bytes(), Scrubber::of(None));
    }

    #[test]
    fn any_bytes_are_read_or_refused(body in prop::collection::vec(any::<u8>(), 0..300), status in any::<u16>()) {
        let _ = read_reply(status, &body, Scrubber::of(None));
        let braced = [b"{".as_slice(), &body].concat();
        let _ = read_reply(status, &braced, Scrubber::of(None));
    }
}
