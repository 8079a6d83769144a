//! Unit tests of an embedder's own policies: with the rules themselves for decisions, and with mocks for failures of
//! Apple. In an embedder each function would be a `#[test]`; here `main` runs them.
//!
//! `cargo run --example policy_tests`

#![expect(clippy::print_stdout, reason = "a program that shows what it does")]

use std::{error::Error, sync::Arc};

use mdm_vpp::{
    Vpp,
    engine::{AppleServices, FileRefusedByApple, PageQuery, UploadError, UploadToken},
    id::{Actor, InstallationId, TenantId},
    policy::{AppEffect, Departing, HeldLicense, LicenseEffect, ReclaimRules, depart},
    ports::{MockAppMetadata, MockLicenseService, ServiceError},
    seats::DepartureTrigger,
    store::{
        memory::MemoryStore,
        sealing::{KeyId, KeyRing, SealingKey},
    },
    token::{AppPolicies, Region, RemoveAppOn, TokenName, TokenSettings},
};

/// The policies that this embedder ships to its customers.
fn our_policies() -> AppPolicies {
    AppPolicies {
        remove_app_on: RemoveAppOn {
            mdm_control_removal: true,
            selective_wipe: true,
            ..RemoveAppOn::default()
        },
        revoke_license_on_deletion_or_stop_of_distribution: true,
        ..AppPolicies::default()
    }
}

/// A promise of this embedder's handbook: "when an employee leaves, no company app stays on the device, and the license
/// is free for the next employee".
fn a_device_that_leaves_keeps_no_app_and_no_license() {
    let held = Departing { license: HeldLicense::Device, revocable: true, given_otherwise: false };
    for trigger in [DepartureTrigger::ControlRemovedByUser, DepartureTrigger::SelectiveWipe] {
        let departure = depart(trigger, held, &our_policies(), &ReclaimRules::default());
        assert_ne!(departure.app, AppEffect::Keep, "{trigger:?} leaves the app");
        assert!(matches!(departure.license, LicenseEffect::Revoke { .. }), "{trigger:?} keeps the license");
    }
}

/// Another promise: "apps are still there after a user signs out".
fn signing_out_keeps_the_apps() {
    let held = Departing { license: HeldLicense::Device, revocable: true, given_otherwise: false };
    let departure = depart(DepartureTrigger::SharedSignOut, held, &our_policies(), &ReclaimRules::default());
    assert_eq!(departure.app, AppEffect::Keep);
}

/// The error page of the upload: a file that Apple revoked has its own error, and nothing is stored. Apple is a mock
/// here, because a unit test cannot ask Apple to revoke a token.
async fn a_revoked_file_is_refused_and_nothing_is_stored() -> Result<(), Box<dyn Error>> {
    let mut apple = MockLicenseService::new();
    apple
        .expect_client_config()
        .times(1)
        .returning(|_| Err(ServiceError::apple("reading the client config", 9625, "revoked", 200)));
    let keys = KeyRing::new(KeyId::new("test")?, SealingKey::generate()?);
    let store = Arc::new(MemoryStore::new(keys));
    let installation = InstallationId::new("unit-test")?;
    let services = AppleServices::without_assignments(Arc::new(apple), Arc::new(MockAppMetadata::new()));
    let vpp = Vpp::builder(store, services, installation).build();
    let tenant = vpp.tenant(TenantId::new("customer")?);

    let file = r#"{"token":"QUJD","expDate":"2099-01-01T00:00:00+0000","orgName":"Example GmbH"}"#;
    let settings = TokenSettings::new(TokenName::new("Berlin")?, Region::new("DE")?);
    let refused = tenant.upload_token(UploadToken::new(settings, file), &Actor::new("ada")?).await;
    assert!(matches!(refused, Err(UploadError::RefusedByApple(FileRefusedByApple::Revoked { .. }))));
    assert!(tenant.tokens(&PageQuery::default()).await?.items.is_empty());
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    a_device_that_leaves_keeps_no_app_and_no_license();
    println!("ok: a device that leaves keeps no app and no license");
    signing_out_keeps_the_apps();
    println!("ok: signing out keeps the apps");
    a_revoked_file_is_refused_and_nothing_is_stored().await?;
    println!("ok: a revoked file is refused and nothing is stored");
    Ok(())
}
