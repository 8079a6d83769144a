//! The wire types against sample bodies: each is read and written back without losing a member.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::events::{
    AssetCount, AssetManagement, Envelope, EventReply, ManageAssetsRequest, ManageUsersRequest, StatusReply,
    UserAssociated, UserManagement,
};
use super::lists::{AssetsReply, AssignmentsReply, UsersReply};
use super::lookup::LookupReply;
use super::replies::{ClientConfigReply, ClientConfigRequest, ErrorReply, ServiceConfigReply};

fn survives<T: DeserializeOwned + Serialize>(sample: &Value) {
    let read: T = serde_json::from_value(sample.clone()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), *sample);
}

#[test]
fn an_error_has_a_number_a_message_and_an_empty_info() {
    survives::<ErrorReply>(
        &json!({"errorInfo": {}, "errorMessage": "Registered user not found", "errorNumber": 9609}),
    );
}

#[test]
fn service_config_has_limits_urls_kinds_and_errors() {
    survives::<ServiceConfigReply>(&json!({
        "errorCodes": [{"errorMessage": "Internal error", "errorNumber": 9603}],
        "limits": {"maxAssets": 25, "maxMdmMetadataLength": 255},
        "notificationTypes": ["ASSET_MANAGEMENT", "ASSET_COUNT"],
        "urls": {"getAssets": "https://vpp.itunes.apple.com/mdm/v2/assets"}
    }));
}

#[test]
fn a_claim_is_sent_with_the_wanted_notifications() {
    survives::<ClientConfigRequest>(&json!({
        "mdmInfo": {"id": "7d3f", "name": "Example MDM", "metadata": "mdm.example.org"},
        "notificationUrl": "https://mdm.example.org/aab/7d3f", "notificationAuthToken": "k3y",
        "notificationTypes": ["ASSET_MANAGEMENT", "ASSET_COUNT", "USER_MANAGEMENT", "USER_ASSOCIATED"]
    }));
}

#[test]
fn client_config_names_the_subscription_differently_from_the_request() {
    survives::<ClientConfigReply>(&json!({
        "countryISO2ACode": "US", "defaultPlatform": "volumestore", "locationName": "Example School",
        "mdmInfo": {"id": "7d3f", "name": "Example MDM", "metadata": "mdm.example.org"},
        "notificationAuthToken": "k3y", "notificationUrl": "https://mdm.example.org/aab/7d3f",
        "subscribedNotificationTypes": ["ASSET_MANAGEMENT"], "tokenExpirationDate": "2030-11-08T22:33:22+0000",
        "uId": "2049025000431439", "websiteURL": "https://school.apple.com"
    }));
}

#[test]
fn a_page_of_assets_tells_where_it_stands() {
    survives::<AssetsReply>(&json!({
        "assets": [{
            "adamId": "408709785", "assignedCount": 5000, "availableCount": 10000, "deviceAssignable": true,
            "pricingParam": "STDQ", "productType": "App", "retiredCount": 0, "revocable": true,
            "supportedPlatforms": ["iOS"], "totalCount": 15000
        }],
        "currentPageIndex": 0, "nextPageIndex": 1, "size": 1, "totalPages": 2,
        "tokenExpirationDate": "2030-11-08T22:33:22+0000", "uId": "2049025000431439",
        "versionId": "658a45d0-5a7b-11eb-b9e4-d782eaed4cfb"
    }));
}

#[test]
fn unlimited_assets_have_no_total() {
    survives::<AssetsReply>(&json!({
        "assets": [],
        "unlimitedAssets": [{
            "adamId": "361309726", "assignedCount": 7, "deviceAssignable": true, "pricingParam": "STDQ",
            "productType": "App", "revocable": true, "supportedPlatforms": ["iOS", "macOS"]
        }],
        "currentPageIndex": 0, "size": 1, "totalPages": 1, "versionId": "658a45d0-5a7b-11eb-b9e4-d782eaed4cfb"
    }));
}

#[test]
fn the_lookup_has_artwork_and_ids_in_two_shapes() {
    let item = |id: Value, artwork: Value| {
        json!({
            "id": id, "name": "Notes", "nameRaw": "Notes", "artistName": "Example", "url": "https://example.org",
            "bundleId": "org.example.notes", "kind": "iosSoftware", "deviceFamilies": ["iphone", "ipad"],
            "artwork": artwork, "minimumOSVersion": "17.0", "isB2BCustomApp": false,
            "isVppDeviceBasedLicensingEnabled": true, "genreNames": ["Business"],
            "offers": [{"type": "get", "price": 0.0, "priceFormatted": "0.00",
                        "version": {"display": "2.1", "externalId": 830700000}}]
        })
    };
    survives::<LookupReply>(&json!({
        "results": {
            "361309726": item(json!("361309726"), json!([{"width": 60, "height": 60, "url": "https://example.org/60.png"}])),
            "408709785": item(json!(408_709_785), json!({
                "url": "https://example.org/{w}x{h}bb.{f}", "width": 1024, "height": 1024, "bgColor": "ffffff"
            })),
        },
        "version": 2, "isAuthenticated": false,
        "meta": {"storefront": {"id": "143443", "cc": "de"}, "language": {"tag": "en"}}
    }));
}

#[test]
fn assets_are_given_by_name_to_devices() {
    survives::<ManageAssetsRequest>(&json!({
        "assets": [{"adamId": "1163852619", "pricingParam": "STDQ"}],
        "serialNumbers": ["C02AAAAAAA01", "C02AAAAAAA02"]
    }));
    survives::<EventReply>(&json!({
        "eventId": "0b7b6c1e-6d5f-4b0e-9a55-1f2a3b4c5d6e", "tokenExpirationDate": "2027-03-01T10:00:00+0000",
        "uId": "2049025000431439",
        "mdmInfo": {"id": "7d3f", "name": "Example MDM", "metadata": "mdm.example.org"}
    }));
}

#[test]
fn the_status_of_a_failed_event_names_what_failed_and_for_whom() {
    survives::<StatusReply>(&json!({
        "eventStatus": "FAILED", "eventType": "ASSOCIATE", "numRequested": 2, "numCompleted": 1,
        "failures": [{
            "errorNumber": 9709, "errorMessage": "Not enough",
            "errorInfo": {
                "assets": [{"adamId": "1163852619", "pricingParam": "STDQ"}], "serialNumbers": ["C02AAAAAAA02"]
            }
        }],
        "uId": "2049025000431439", "tokenExpirationDate": "2027-03-01T10:00:00+0000"
    }));
}

#[test]
fn a_page_of_assignments_holds_devices_and_users() {
    survives::<AssignmentsReply>(&json!({
        "assignments": [
            {"adamId": "1163852619", "pricingParam": "STDQ", "serialNumber": "C02AAAAAAA01"},
            {"adamId": "361309726", "pricingParam": "STDQ", "clientUserId": "9d1e", "userStatus": "Associated",
             "idHash": "x1Y2="}
        ],
        "currentPageIndex": 0, "nextPageIndex": 1, "size": 2, "totalPages": 3,
        "versionId": "658a45d0-5a7b-11eb-b9e4-d782eaed4cfb", "uId": "2049025000431439",
        "tokenExpirationDate": "2027-03-01T10:00:00+0000"
    }));
}

#[test]
fn users_are_sent_with_an_account_and_shown_with_a_status() {
    survives::<ManageUsersRequest>(&json!({
        "users": [{"clientUserId": "9d1e", "email": "ada@example.org", "managedAppleId": "ada@example.org"}]
    }));
    survives::<UsersReply>(&json!({
        "users": [
            {"clientUserId": "9d1e", "email": "ada@example.org", "status": "Registered", "inviteCode": "f551"},
            {"clientUserId": "7c2f", "status": "Associated", "idHash": "x1Y2="}
        ],
        "currentPageIndex": 0, "size": 2, "totalPages": 1, "versionId": "658a45d0-5a7b-11eb-b9e4-d782eaed4cfb"
    }));
}

#[test]
fn notifications_wrap_what_happened_in_an_envelope() {
    survives::<Envelope<AssetManagement>>(&json!({
        "notificationId": "4c0b", "notificationType": "ASSET_MANAGEMENT", "uId": "2049025000431439",
        "notification": {
            "type": "ASSOCIATE", "result": "FAILURE", "eventId": "0b7b",
            "assignments": [{"adamId": "1163852619", "pricingParam": "STDQ", "serialNumber": "C02AAAAAAA02"}],
            "error": {"errorNumber": 9709, "errorMessage": "Not enough"}
        }
    }));
    survives::<Envelope<UserManagement>>(&json!({
        "notificationId": "4c0b", "notificationType": "USER_MANAGEMENT", "uId": "2049025000431439",
        "notification": {
            "type": "CREATE", "result": "SUCCESS", "eventId": "0b7b",
            "users": [{"clientUserId": "9d1e", "status": "Registered", "inviteCode": "f551"}]
        }
    }));
    survives::<UserAssociated>(&json!({
        "associatedUsers": [
            {"clientUserId": "9d1e", "status": "Associated", "idHash": "x1Y2=", "inviteCode": "f551"}
        ]
    }));
    survives::<AssetCount>(&json!({"adamId": "361309726", "pricingParam": "STDQ", "countDelta": -3}));
}
