//! Apple's bodies as the reference shows them, and bodies that lack something.

use std::num::NonZeroU32;

use mdm_vpp_core::{
    catalog::{Asset, Counts, Platform, PricingParam, ProductType},
    id::AdamId,
    plan::PackLimits,
    token::{MdmInfo, Region, StoreKind, parse_expiry},
};
use mdm_vpp_ports::ServiceLimits;
use serde_json::{Value, json};

use super::*;

fn of<T>(sample: &Value, read: impl FnOnce(&Members<'_>) -> T) -> T {
    read(&Members::of_reply(sample.as_object().unwrap()))
}

fn client_config() -> Value {
    json!({
        "countryISO2ACode": "DE", "defaultPlatform": "volumestore", "locationName": " Example School\n",
        "mdmInfo": {"id": "7d3f", "name": "Example MDM", "metadata": "mdm.example.org"},
        "notificationAuthToken": "k3y", "notificationUrl": "https://mdm.example.org/aab/7d3f",
        "subscribedNotificationTypes": ["ASSET_MANAGEMENT"], "tokenExpirationDate": "2030-11-08T22:33:22+0000",
        "uId": "2049025000431439", "websiteURL": "https://school.apple.com"
    })
}

fn with(mut sample: Value, member: &str, value: Value) -> Value {
    sample[member] = value;
    sample
}

fn without(mut sample: Value, member: &str) -> Value {
    sample.as_object_mut().unwrap().remove(member);
    sample
}

#[test]
fn client_config_is_read() {
    let config = of(&client_config(), read_client_config).unwrap();
    assert_eq!(config.location.id.as_str(), "2049025000431439");
    assert_eq!(config.location.name, "Example School");
    assert_eq!(config.location.country, Region::new("DE").ok());
    assert_eq!(config.location.store, StoreKind::Education);
    assert_eq!(config.reply.expires_at, parse_expiry("2030-11-08T22:33:22Z"));
    let claim = MdmInfo { id: "7d3f".into(), name: "Example MDM".into(), metadata: "mdm.example.org".into() };
    assert_eq!(config.reply.mdm_info, Some(claim));
    let subscription = config.subscription.unwrap();
    assert_eq!(subscription.url, "https://mdm.example.org/aab/7d3f");
    assert_eq!(subscription.bearer.expose(), "k3y");
    assert_eq!(subscription.types, ["ASSET_MANAGEMENT".to_owned()].into());
}

#[test]
fn what_cannot_be_a_subscription_is_none_and_stops_no_sync() {
    for member in ["notificationUrl", "notificationAuthToken"] {
        for value in [Value::Null, json!(""), json!(7), json!([])] {
            let config = of(&with(client_config(), member, value), read_client_config).unwrap();
            assert_eq!(config.subscription, None);
        }
        assert_eq!(of(&without(client_config(), member), read_client_config).unwrap().subscription, None);
    }
    let no_bearer = with(client_config(), "notificationAuthToken", json!("k3y with space"));
    assert_eq!(of(&no_bearer, read_client_config).unwrap().subscription, None);
    for types in [Value::Null, json!("ASSET_COUNT"), json!([7])] {
        let config = with(client_config(), "subscribedNotificationTypes", types);
        let subscription = of(&config, read_client_config).unwrap().subscription.unwrap();
        assert!(subscription.types.is_empty());
    }
}

#[test]
fn client_config_needs_a_u_id_and_nothing_else() {
    let config = of(&json!({"uId": 9_397_866}), read_client_config).unwrap();
    assert_eq!((config.location.name.as_str(), config.location.country), ("9397866", None));
    assert_eq!(config.location.store, StoreKind::Business);
    assert_eq!(config.reply, mdm_vpp_core::token::ReplyFacts::default());
    for (sample, found) in [
        (without(client_config(), "uId"), "it is missing"),
        (with(client_config(), "uId", Value::Null), "it is null"),
        (with(client_config(), "uId", json!([])), "it is a list instead of a text or a whole number"),
    ] {
        let error = of(&sample, read_client_config).unwrap_err();
        assert_eq!((error.member.as_str(), error.found.as_str()), ("uId", found));
    }
    for wrong in [json!(""), json!("a b"), json!("1".repeat(99))] {
        assert_eq!(of(&json!({"uId": wrong}), read_client_config).unwrap_err().member, "uId");
    }
}

#[test]
fn null_is_absent_and_what_cannot_be_read_leniently_is_named() {
    let nulls = json!({
        "uId": "1", "locationName": null, "countryISO2ACode": null, "defaultPlatform": null, "mdmInfo": null,
        "tokenExpirationDate": null
    });
    assert!(of(&nulls, read_client_config).is_ok());
    for lenient in [
        with(client_config(), "countryISO2ACode", json!("ZZ")),
        with(client_config(), "tokenExpirationDate", json!("soon")),
        with(client_config(), "tokenExpirationDate", json!(7)),
        with(client_config(), "mdmInfo", json!({})),
        with(client_config(), "mdmInfo", json!({"id": "", "name": null})),
    ] {
        assert!(of(&lenient, read_client_config).is_ok(), "{lenient}");
    }
    for (member, value) in
        [("locationName", json!(7)), ("mdmInfo", json!("7d3f")), ("defaultPlatform", json!([]))]
    {
        let error = of(&with(client_config(), member, value), read_client_config).unwrap_err();
        assert_eq!(error.member, member);
    }
}

#[test]
fn an_empty_claim_is_none_and_names_cannot_steer_a_terminal() {
    let unclaimed = with(client_config(), "mdmInfo", json!({"id": "", "name": "", "metadata": null}));
    assert_eq!(of(&unclaimed, read_client_config).unwrap().reply.mdm_info, None);
    let forged = with(client_config(), "mdmInfo", json!({"name": "MDM\u{1b}[2J", "id": 7}));
    let info = of(&forged, read_client_config).unwrap().reply.mdm_info.unwrap();
    assert_eq!((info.id.as_str(), info.name.as_str()), ("7", "MDM\u{fffd}[2J"));
}

fn asset() -> Value {
    json!({
        "adamId": "408709785", "assignedCount": 5000, "availableCount": 10000, "deviceAssignable": true,
        "pricingParam": "STDQ", "productType": "App", "retiredCount": 3, "revocable": true,
        "supportedPlatforms": ["iOS", "macOS", "linuxOS"], "totalCount": 15000
    })
}

fn assets(list: &Value) -> Result<Vec<Asset>, Unusable> {
    of(&json!({"assets": list}), read_assets)
}

#[test]
fn an_asset_is_read() {
    let read = assets(&json!([asset()])).unwrap().remove(0);
    assert_eq!(read.adam_id, AdamId::new(408_709_785));
    assert_eq!((read.pricing_param, read.product_type), (PricingParam::Standard, ProductType::App));
    assert!(read.device_assignable && read.revocable);
    assert_eq!(
        read.counts,
        Counts::Limited { total: 15_000, assigned: 5_000, available: 10_000, retired: 3 }
    );
    let platforms = [Platform::Ios, Platform::MacOs, Platform::Other { name: "linuxOS".into() }];
    assert_eq!(read.supported_platforms, platforms.into());
}

#[test]
fn an_asset_with_the_least_it_needs_is_read() {
    let least = |kind| json!({"adamId": 1, "productType": kind, "totalCount": 1, "assignedCount": 0, "availableCount": 1});
    let read = assets(&json!([least("App"), least("Book"), least("Song")])).unwrap();
    assert_eq!(read.iter().map(|asset| asset.device_assignable).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(read.iter().map(|asset| asset.revocable).collect::<Vec<_>>(), [true, false, true]);
    assert!(read.iter().all(|asset| asset.pricing_param == PricingParam::Standard));
    assert!(read.iter().all(|asset| asset.supported_platforms.is_empty()));
    assert_eq!(read[0].counts, Counts::Limited { total: 1, assigned: 0, available: 1, retired: 0 });
    assert_eq!(read[2].product_type, ProductType::Other { name: "Song".into() });
}

#[test]
fn a_needed_member_is_named_with_its_place() {
    for member in ["adamId", "productType", "totalCount", "assignedCount", "availableCount"] {
        for broken in
            [without(asset(), member), with(asset(), member, Value::Null), with(asset(), member, json!({}))]
        {
            let error = assets(&json!([asset(), asset(), asset(), broken])).unwrap_err();
            assert_eq!(error.member, format!("assets[3].{member}"));
        }
    }
    for (member, value) in [
        ("totalCount", json!(-1)),
        ("retiredCount", json!(-5)),
        ("retiredCount", json!("5")),
        ("totalCount", json!(1.5)),
        ("adamId", json!("12a")),
        ("adamId", json!(-1)),
        ("revocable", json!("yes")),
        ("supportedPlatforms", json!("iOS")),
        ("pricingParam", json!(7)),
    ] {
        let error = assets(&json!([with(asset(), member, value)])).unwrap_err();
        assert_eq!(error.member, format!("assets[0].{member}"));
    }
    assert_eq!(assets(&json!([asset(), null])).unwrap_err().member, "assets[1]");
    assert_eq!(assets(&json!({})).unwrap_err().member, "assets");
}

#[test]
fn unlimited_assets_come_in_either_list() {
    let unlimited = json!({"adamId": "361309726", "assignedCount": 7, "productType": "App"});
    let page = json!({"assets": [with(asset(), "totalCount", json!(2_147_483_647))], "unlimitedAssets": [unlimited]});
    let counts: Vec<_> = of(&page, read_assets).unwrap().into_iter().map(|asset| asset.counts).collect();
    assert_eq!(counts, [Counts::Unlimited { assigned: 5_000 }, Counts::Unlimited { assigned: 7 }]);
    for wrong in [json!(null), json!(-1)] {
        let page = json!({"unlimitedAssets": [with(unlimited.clone(), "assignedCount", wrong)]});
        assert_eq!(of(&page, read_assets).unwrap_err().member, "unlimitedAssets[0].assignedCount");
    }
}

#[test]
fn a_page_without_lists_is_empty_only_when_it_says_so() {
    assert_eq!(of(&json!({"size": 0, "totalPages": 0}), read_assets), Ok(vec![]));
    assert_eq!(of(&json!({"assets": [], "size": 0}), read_assets), Ok(vec![]));
    for body in [json!({}), json!({"uId": "1"}), json!({"size": 3}), json!({"assets": null})] {
        assert_eq!(of(&body, read_assets).unwrap_err().member, "assets", "{body}");
    }
}

#[test]
fn page_members_are_numbers_of_pages() {
    let page = json!({"currentPageIndex": 0, "nextPageIndex": "1", "totalPages": 3, "versionId": "658a", "size": 549});
    let read =
        PageMembers { current: Some(0), next: Some(1), total: Some(3), version_id: Some("658a".into()) };
    assert_eq!(of(&page, read_page_members), Ok(read));
    assert_eq!(of(&json!({"nextPageIndex": null}), read_page_members), Ok(PageMembers::default()));
    for wrong in [json!(-1), json!("two"), json!(4_294_967_296_u64), json!({})] {
        let error = of(&json!({"nextPageIndex": wrong}), read_page_members).unwrap_err();
        assert_eq!(error.member, "nextPageIndex");
    }
}

#[test]
fn service_config_keeps_urls_and_limits_and_fills_gaps() {
    let config = json!({
        "errorCodes": [{"errorMessage": "Internal error", "errorNumber": 9603}],
        "limits": {"maxAssets": 10, "maxMdmNameLength": 0, "maxUsers": null, "maxRequestPerSecond": -1, "maxOther": 1},
        "notificationTypes": ["ASSET_MANAGEMENT"],
        "urls": {"getAssets": "https://vpp.itunes.apple.com/mdm/v2/assets", "other": 7, "clientConfig": null}
    });
    let read = of(&config, read_service_config).unwrap();
    let pack = PackLimits { max_assets: NonZeroU32::new(10).unwrap(), ..PackLimits::default() };
    assert_eq!(read.limits, ServiceLimits { pack, ..ServiceLimits::default() });
    assert_eq!(
        read.urls.into_iter().collect::<Vec<_>>(),
        [(Endpoint::GetAssets, "https://vpp.itunes.apple.com/mdm/v2/assets".to_owned())]
    );
    assert_eq!(of(&json!({}), read_service_config), Ok(ServiceConfig::default()));
    let wrong = json!({"urls": {"getAssets": 7}});
    assert_eq!(of(&wrong, read_service_config).unwrap_err().member, "urls.getAssets");
    let odd = json!({"limits": {"maxAssets": "many", "maxUsers": 100.0}});
    assert_eq!(of(&odd, read_service_config), Ok(ServiceConfig::default()), "the documented limits stand");
}

#[test]
fn a_lookup_reads_each_entry_by_itself() {
    let reply = json!({
        "results": {
            "361309726": {
                "id": "361309726", "name": " Notes\u{7} ", "bundleId": "org.example.notes", "kind": "iosSoftware",
                "deviceFamilies": ["iphone", "ipad"], "isB2BCustomApp": true,
                "artwork": [{"width": 60, "height": 60, "url": "https://example.org/60.png"}]
            },
            "408709785": {
                "id": 408_709_785, "nameRaw": "Keynote", "name": "", "deviceFamilies": ["mac"],
                "artwork": {"url": "https://example.org/{w}x{h}bb.{f}", "width": 1024, "height": 1024}
            },
            "1": {"bundleId": "org.example.nameless", "artwork": null, "deviceFamilies": 7, "isB2BCustomApp": "no"},
            "2": {"id": 2},
            "3": null,
            "4": [],
            "99": {"name": "Not asked for"}
        },
        "version": 2, "isAuthenticated": false,
        "meta": {"storefront": {"id": "143443", "cc": "de"}, "language": {"tag": "en"}}
    });
    let asked = [361_309_726, 408_709_785, 1, 2, 3, 4, 5].map(AdamId::new);
    let mut read = of(&reply, |reply| read_lookup(reply, &asked)).unwrap();
    let mut take = |id| read.remove(&AdamId::new(id));

    let notes = take(361_309_726).unwrap().unwrap();
    assert_eq!(
        (notes.name.as_str(), notes.bundle_id.as_deref()),
        ("Notes\u{fffd}", Some("org.example.notes"))
    );
    assert!(notes.custom_app && !notes.is_macos_only());
    assert_eq!(notes.icon_url.as_deref(), Some("https://example.org/60.png"));

    let keynote = take(408_709_785).unwrap().unwrap();
    assert_eq!((keynote.name.as_str(), keynote.bundle_id.clone()), ("Keynote", None));
    assert!(keynote.is_macos_only() && !keynote.custom_app);
    assert_eq!(keynote.icon_url.as_deref(), Some("https://example.org/512x512bb.png"));

    let nameless = take(1).unwrap().unwrap();
    assert_eq!((nameless.name.as_str(), nameless.icon_url.clone()), ("org.example.nameless", None));
    assert!(nameless.device_families.is_empty() && !nameless.custom_app);

    assert_eq!(take(2).unwrap().unwrap_err().member, "results.2.name");
    assert_eq!(take(3), None);
    assert_eq!(take(4).unwrap().unwrap_err().member, "results.4");
    assert_eq!(take(5), None);
    assert_eq!(take(99), None);
}

#[test]
fn a_lookup_without_results_is_named() {
    for body in [json!({}), json!({"results": null}), json!({"results": []})] {
        let error = of(&body, |reply| read_lookup(reply, &[AdamId::new(1)])).unwrap_err();
        assert_eq!(error.member, "results");
    }
    assert!(of(&json!({"results": {}}), |reply| read_lookup(reply, &[AdamId::new(1)])).unwrap().is_empty());
}
