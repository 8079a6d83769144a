//! Calls that run while another call is under way, and failures of one part that leave the rest alone.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use mdm_vpp::{
    Vpp,
    catalog::App,
    decide::token::RenewalVerdict,
    engine::{AppleServices, Tenant, UploadToken, WorkLimit},
    id::{InstallationId, TenantId},
    ports::{
        AppCatalog, AppCatalogError, AssetList, ClientConfig, LicenseService, MockAppCatalog, ServiceError,
    },
    simulator::{Claim, Endpoint, Fault, FaultRule},
    store::sealing::{KeyId, KeyRing, SealingKey},
    token::{ContentToken, MdmInfo},
};
use serde_json::json;
use tokio::task::JoinHandle;

use crate::fixture::{CUSTOM, Fixture, PUBLIC_ONE, ada, builder, client, id, impatient, settings, work};

/// A call that another task makes.
type Meanwhile = Box<dyn FnOnce() -> JoinHandle<()> + Send>;

/// Apple's service, with a call of another task right after its answer about the assets.
struct Interrupted {
    service: Arc<dyn LicenseService>,
    meanwhile: Mutex<Option<Meanwhile>>,
}

#[async_trait]
impl LicenseService for Interrupted {
    async fn client_config(&self, token: &ContentToken) -> Result<ClientConfig, ServiceError> {
        self.service.client_config(token).await
    }

    async fn claim(&self, token: &ContentToken, mdm_info: &MdmInfo) -> Result<ClientConfig, ServiceError> {
        self.service.claim(token, mdm_info).await
    }

    async fn assets(&self, token: &ContentToken) -> Result<AssetList, ServiceError> {
        let answer = self.service.assets(token).await;
        let meanwhile = self.meanwhile.lock().unwrap().take();
        if let Some(meanwhile) = meanwhile {
            meanwhile().await.unwrap();
        }
        answer
    }
}

/// A second process on the same database, in whose next sync `meanwhile` runs.
fn interrupted(
    fixture: &Fixture,
    meanwhile: impl FnOnce(Tenant) -> JoinHandle<()> + Send + 'static,
) -> (Vpp, Tenant) {
    let apple = client(impatient(&fixture.server.base_url()), fixture.clock.clone());
    let tenant = fixture.tenant();
    let service = Interrupted {
        service: Arc::new(apple.license_service()),
        meanwhile: Mutex::new(Some(Box::new(move || meanwhile(tenant)))),
    };
    let installation = InstallationId::new("installation-1").unwrap();
    let lookup = Arc::new(apple.store_lookup());
    let services = AppleServices::without_assignments(Arc::new(service), lookup);
    let vpp = Vpp::builder(fixture.store.clone(), services, installation)
        .time(fixture.clock.clone(), fixture.clock.clone())
        .build();
    let tenant = vpp.tenant(TenantId::new("tenant").unwrap());
    (vpp, tenant)
}

#[tokio::test]
async fn a_renewal_during_a_sync_is_not_overwritten_by_what_the_sync_read_before_it() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    fixture.upload("Berlin", &token).await;
    fixture.advance(TimeDelta::days(340));
    let (location, fresh) = (id(&uid), fixture.simulator.renew_token(&uid).unwrap());
    let ends = fresh.expires_at;
    let (vpp, second) = interrupted(&fixture, move |tenant| {
        tokio::spawn(async move {
            tenant.update_token(&location, fresh.file.as_bytes(), &ada()).await.unwrap();
        })
    });
    second.sync_assets(&id(&uid)).await.unwrap();
    let after = fixture.tenant().token(&id(&uid)).await.unwrap();
    assert_eq!((after.status.label(), after.token.condition.expires_at), ("Active", ends));
    work(&vpp).await;
    assert_eq!(fixture.status(&uid).await, "Active");
}

#[tokio::test]
async fn a_claim_during_a_sync_is_not_overwritten_by_what_the_sync_read_before_it() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    fixture.simulator.claim_by_other(&uid, Claim::new("theirs", "Other MDM", "x")).unwrap();
    fixture.upload("Berlin", &token).await;
    let location = id(&uid);
    let (_vpp, second) = interrupted(&fixture, move |tenant| {
        tokio::spawn(async move {
            tenant.claim_token(&location, &ada()).await.unwrap();
        })
    });
    second.sync_assets(&id(&uid)).await.unwrap();
    assert_eq!(fixture.status(&uid).await, "Active");
}

#[tokio::test]
async fn a_fresh_token_file_repairs_a_lost_sealing_key() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    fixture.upload("Berlin", &token).await;
    let keys = KeyRing::new(KeyId::new("new").unwrap(), SealingKey::generate().unwrap());
    let file = fixture.directory.path().join("vpp.sqlite");
    let store = Arc::new(mdm_vpp::store::sqlite::SqliteStore::open(file, keys).await.unwrap());
    let apple = client(impatient(&fixture.server.base_url()), fixture.clock.clone());
    let vpp = builder(store, &apple, fixture.clock.clone()).build();
    let tenant = vpp.tenant(TenantId::new("tenant").unwrap());
    tenant.sync_assets(&id(&uid)).await.unwrap_err();

    let fresh = fixture.simulator.renew_token(&uid).unwrap();
    let update = tenant.update_token(&id(&uid), fresh.file.as_bytes(), &ada()).await.unwrap();
    assert_eq!(update.verdict, RenewalVerdict::Renewed);
    assert_eq!(update.outcome.overview.status.label(), "Active");
    tenant.sync_assets(&id(&uid)).await.unwrap();
}

/// An embedder's catalog that panics.
struct Panicking;

#[async_trait]
impl AppCatalog for Panicking {
    async fn put_app(&self, _tenant: &TenantId, app: &App) -> Result<(), AppCatalogError> {
        panic!("no room for {}", app.name)
    }
}

#[tokio::test]
async fn an_app_catalog_that_panics_or_fails_is_told_again_and_stops_no_other_job() {
    let fixture = Fixture::build().await;
    let apple = client(impatient(&fixture.server.base_url()), fixture.clock.clone());
    let mut failing = MockAppCatalog::new();
    failing
        .expect_put_app()
        .returning(|_, app| Err(AppCatalogError { adam_id: app.adam_id, reason: "it is full".into() }));
    let catalogs: [Arc<dyn AppCatalog>; 2] = [Arc::new(Panicking), Arc::new(failing)];
    for (n, catalog) in catalogs.into_iter().enumerate() {
        let vpp = builder(fixture.store.clone(), &apple, fixture.clock.clone()).app_catalog(catalog).build();
        let tenant = vpp.tenant(TenantId::new(format!("tenant {n}")).unwrap());
        let (_, token) = fixture.location_with_three_apps("Berlin");
        let upload = UploadToken::new(settings("Berlin"), token.file.as_str());
        tenant.upload_token(upload, &ada()).await.unwrap();
        let worked = work(&vpp).await;
        let told = worked.failures.iter().filter(|failure| failure.code == "app_catalog").count();
        assert_eq!(told, 3, "{:?}", worked.failures);
        assert!(worked.failures[0].doing().contains("catalog"), "{:?}", worked.failures);

        fixture.advance(TimeDelta::minutes(1));
        work(
            &builder(fixture.store.clone(), &apple, fixture.clock.clone())
                .app_catalog(fixture.catalog.clone())
                .build(),
        )
        .await;
        assert_eq!(fixture.catalog.apps(tenant.id()).len(), 3, "the catalog is told again");
    }
}

#[tokio::test]
async fn an_unreadable_entry_of_the_app_store_does_not_hide_the_others() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    // No answer that holds the custom app can be read.
    let spoil = Fault::edit_json(|body| {
        if body["results"].get(CUSTOM.to_string()).is_some() {
            *body = json!({ "results": 7 });
        }
    });
    fixture.simulator.inject(FaultRule::at(Endpoint::MetadataLookup, spoil).always());
    let outcome = fixture.upload("Berlin", &token).await;
    assert_eq!(fixture.rows(&uid).await.len(), 2, "{:?}", outcome.failures);
    assert_eq!(outcome.failures.len(), 1, "the failure is reported");
}

#[tokio::test]
async fn a_client_config_of_another_location_changes_nothing_and_claims_nothing() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    fixture.upload("Berlin", &token).await;
    let foreign = || {
        Fault::edit_json(|body| {
            body["uId"] = json!("999");
            body["locationName"] = json!("Foreign");
            body["mdmInfo"] = json!({ "id": "x", "name": "Other", "metadata": "y" });
        })
    };
    fixture.simulator.inject(FaultRule::at(Endpoint::ReadClientConfig, foreign()).always());
    let error = fixture.tenant().sync_assets(&id(&uid)).await.unwrap_err();
    assert_eq!(error.code(), "other_location");
    let token = fixture.tenant().token(&id(&uid)).await.unwrap();
    assert_eq!((token.token.location.name.as_str(), token.status.label()), ("Berlin", "Active"));

    fixture.simulator.clear_faults();
    fixture.simulator.claim_by_other(&uid, Claim::new("theirs", "Other MDM", "x")).unwrap();
    fixture.tenant().sync_assets(&id(&uid)).await.unwrap();
    let writes = fixture.writes();
    fixture.simulator.inject(FaultRule::at(Endpoint::ReadClientConfig, foreign()).always());
    let outcome = fixture.tenant().claim_token(&id(&uid), &ada()).await.unwrap();
    assert_eq!((outcome.failures[0].code, fixture.writes()), ("other_location", writes));
}

#[tokio::test]
async fn a_work_limit_leaves_the_rest_for_later_and_a_sync_interval_of_zero_is_a_minute() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location("Berlin");
    fixture.buy(&uid, PUBLIC_ONE, 1);
    let apple = client(impatient(&fixture.server.base_url()), fixture.clock.clone());
    let vpp = builder(fixture.store.clone(), &apple, fixture.clock.clone())
        .sync_every(TimeDelta::zero())
        .mdm(" ", "")
        .build();
    let tenant = vpp.tenant(TenantId::new("tenant").unwrap());
    let nothing = WorkLimit { time: TimeDelta::zero(), ..WorkLimit::default() };
    let upload = UploadToken::new(settings("Berlin"), token.file.as_str()).limit(nothing);
    let outcome = tenant.upload_token(upload, &ada()).await.unwrap();
    assert_eq!(outcome.overview.status.label(), "Joining");
    assert_eq!(vpp.work(nothing).await.unwrap().done, 0);
    assert_eq!(vpp.work(WorkLimit { subjects: 1, ..WorkLimit::default() }).await.unwrap().done, 1);
    let before = mdm_vpp::ports::Clock::now(&*fixture.clock);
    let worked = work(&vpp).await;
    // The sync waited for the pace of the location.
    let minute = worked.next_due.unwrap().signed_duration_since(before);
    assert!(minute >= TimeDelta::minutes(1) && minute < TimeDelta::seconds(61), "{minute}");
    let claim = fixture.simulator.claim(&uid).unwrap().unwrap();
    assert_eq!((claim.name.as_str(), claim.metadata.as_str()), ("mdm-vpp", "installation-1"));
}
