//! Things that happen while something else is under way.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use mdm_vpp::{
    Vpp,
    catalog::App,
    decide::token::RenewalVerdict,
    engine::{Tenant, UploadToken, WorkLimit},
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

use crate::house::{CUSTOM, House, PUBLIC_ONE, ada, builder, client, id, impatient, settings, work};

/// Something that another task does.
type Meanwhile = Box<dyn FnOnce() -> JoinHandle<()> + Send>;

/// Apple's service, with something that happens right after it answered about the assets.
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

/// The tenant of a second process on the same database, in which `meanwhile` happens during the next sync.
fn interrupted(
    house: &House,
    meanwhile: impl FnOnce(Tenant) -> JoinHandle<()> + Send + 'static,
) -> (Vpp, Tenant) {
    let apple = client(impatient(&house.server.base_url()), house.clock.clone());
    let tenant = house.tenant();
    let service = Interrupted {
        service: Arc::new(apple.license_service()),
        meanwhile: Mutex::new(Some(Box::new(move || meanwhile(tenant)))),
    };
    let installation = InstallationId::new("installation-1").unwrap();
    let lookup = Arc::new(apple.store_lookup());
    let vpp = Vpp::builder(house.store.clone(), Arc::new(service), lookup, installation)
        .clock(house.clock.clone())
        .build();
    let tenant = vpp.tenant(TenantId::new("tenant").unwrap());
    (vpp, tenant)
}

#[tokio::test]
async fn a_renewal_during_a_sync_is_not_overwritten_by_what_the_sync_read_before_it() {
    let house = House::build().await;
    let (uid, token) = house.location_with_three_apps("Berlin");
    house.upload("Berlin", &token).await;
    house.advance(TimeDelta::days(340));
    let (location, fresh) = (id(&uid), house.simulator.renew_token(&uid).unwrap());
    let ends = fresh.expires_at;
    let (vpp, second) = interrupted(&house, move |tenant| {
        tokio::spawn(async move {
            tenant.update_token(&location, fresh.file.as_bytes(), &ada()).await.unwrap();
        })
    });
    second.sync(&id(&uid)).await.unwrap();
    let after = house.tenant().token(&id(&uid)).await.unwrap();
    assert_eq!((after.status.label(), after.token.condition.expires_at), ("Active", ends));
    work(&vpp).await;
    assert_eq!(house.status(&uid).await, "Active");
}

#[tokio::test]
async fn a_claim_during_a_sync_is_not_overwritten_by_what_the_sync_read_before_it() {
    let house = House::build().await;
    let (uid, token) = house.location_with_three_apps("Berlin");
    house.simulator.claim_by_other(&uid, Claim::new("theirs", "Other MDM", "x")).unwrap();
    house.upload("Berlin", &token).await;
    let location = id(&uid);
    let (_vpp, second) = interrupted(&house, move |tenant| {
        tokio::spawn(async move {
            tenant.claim_token(&location, &ada()).await.unwrap();
        })
    });
    second.sync(&id(&uid)).await.unwrap();
    assert_eq!(house.status(&uid).await, "Active");
}

#[tokio::test]
async fn a_lost_sealing_key_is_mended_by_a_fresh_file() {
    let house = House::build().await;
    let (uid, token) = house.location_with_three_apps("Berlin");
    house.upload("Berlin", &token).await;
    let keys = KeyRing::new(KeyId::new("new").unwrap(), SealingKey::generate().unwrap());
    let file = house.directory.path().join("vpp.sqlite");
    let store = Arc::new(mdm_vpp::store::sqlite::SqliteStore::open(file, keys).await.unwrap());
    let apple = client(impatient(&house.server.base_url()), house.clock.clone());
    let vpp = builder(store, &apple, house.clock.clone()).build();
    let tenant = vpp.tenant(TenantId::new("tenant").unwrap());
    tenant.sync(&id(&uid)).await.unwrap_err();

    let fresh = house.simulator.renew_token(&uid).unwrap();
    let update = tenant.update_token(&id(&uid), fresh.file.as_bytes(), &ada()).await.unwrap();
    assert_eq!(update.verdict, RenewalVerdict::Renewed);
    assert_eq!(update.outcome.overview.status.label(), "Active");
    tenant.sync(&id(&uid)).await.unwrap();
}

/// A host's catalog that panics.
struct Panicking;

#[async_trait]
impl AppCatalog for Panicking {
    async fn put_app(&self, _tenant: &TenantId, app: &App) -> Result<(), AppCatalogError> {
        panic!("no room for {}", app.name)
    }
}

#[tokio::test]
async fn a_catalog_of_the_host_that_panics_or_fails_is_told_again_and_stops_nobody() {
    let house = House::build().await;
    let apple = client(impatient(&house.server.base_url()), house.clock.clone());
    let mut failing = MockAppCatalog::new();
    failing
        .expect_put_app()
        .returning(|_, app| Err(AppCatalogError { adam_id: app.adam_id, reason: "it is full".into() }));
    let catalogs: [Arc<dyn AppCatalog>; 2] = [Arc::new(Panicking), Arc::new(failing)];
    for (n, catalog) in catalogs.into_iter().enumerate() {
        let vpp = builder(house.store.clone(), &apple, house.clock.clone()).app_catalog(catalog).build();
        let tenant = vpp.tenant(TenantId::new(format!("tenant {n}")).unwrap());
        let (_, token) = house.location_with_three_apps("Berlin");
        let upload = UploadToken::new(settings("Berlin"), token.file.as_str());
        tenant.upload_token(upload, &ada()).await.unwrap();
        let worked = work(&vpp).await;
        let told = worked.failures.iter().filter(|hitch| hitch.code == "app_catalog").count();
        assert_eq!(told, 3, "{:?}", worked.failures);
        assert!(worked.failures[0].doing().contains("catalog"), "{:?}", worked.failures);

        house.advance(TimeDelta::minutes(1));
        work(
            &builder(house.store.clone(), &apple, house.clock.clone())
                .app_catalog(house.catalog.clone())
                .build(),
        )
        .await;
        assert_eq!(house.catalog.apps(tenant.id()).len(), 3, "and it was told again");
    }
}

#[tokio::test]
async fn one_entry_of_the_store_that_cannot_be_read_does_not_hide_the_others() {
    let house = House::build().await;
    let (uid, token) = house.location_with_three_apps("Berlin");
    // Whatever is asked together with the custom app cannot be read.
    let spoil = Fault::edit_json(|body| {
        if body["results"].get(CUSTOM.to_string()).is_some() {
            *body = json!({ "results": 7 });
        }
    });
    house.simulator.inject(FaultRule::at(Endpoint::MetadataLookup, spoil).always());
    let outcome = house.upload("Berlin", &token).await;
    assert_eq!(house.rows(&uid).await.len(), 2, "{:?}", outcome.failures);
    assert_eq!(outcome.failures.len(), 1, "and it says so");
}

#[tokio::test]
async fn a_client_config_of_another_location_changes_nothing_and_claims_nothing() {
    let house = House::build().await;
    let (uid, token) = house.location_with_three_apps("Berlin");
    house.upload("Berlin", &token).await;
    let foreign = || {
        Fault::edit_json(|body| {
            body["uId"] = json!("999");
            body["locationName"] = json!("Foreign");
            body["mdmInfo"] = json!({ "id": "x", "name": "Other", "metadata": "y" });
        })
    };
    house.simulator.inject(FaultRule::at(Endpoint::ReadClientConfig, foreign()).always());
    let error = house.tenant().sync(&id(&uid)).await.unwrap_err();
    assert_eq!(error.code(), "other_location");
    let token = house.tenant().token(&id(&uid)).await.unwrap();
    assert_eq!((token.token.location.name.as_str(), token.status.label()), ("Berlin", "Active"));

    house.simulator.clear_faults();
    house.simulator.claim_by_other(&uid, Claim::new("theirs", "Other MDM", "x")).unwrap();
    house.tenant().sync(&id(&uid)).await.unwrap();
    let writes = house.writes();
    house.simulator.inject(FaultRule::at(Endpoint::ReadClientConfig, foreign()).always());
    let outcome = house.tenant().claim_token(&id(&uid), &ada()).await.unwrap();
    assert_eq!((outcome.failures[0].code, house.writes()), ("other_location", writes));
}

#[tokio::test]
async fn a_limit_of_work_leaves_the_rest_and_an_interval_of_nothing_is_a_minute() {
    let house = House::build().await;
    let (uid, token) = house.location("Berlin");
    house.buy(&uid, PUBLIC_ONE, 1);
    let apple = client(impatient(&house.server.base_url()), house.clock.clone());
    let vpp = builder(house.store.clone(), &apple, house.clock.clone())
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
    let before = mdm_vpp::ports::Clock::now(&*house.clock);
    let worked = work(&vpp).await;
    // The sync waited for the pace of the location.
    let minute = worked.next_due.unwrap().signed_duration_since(before);
    assert!(minute >= TimeDelta::minutes(1) && minute < TimeDelta::seconds(61), "{minute}");
    let claim = house.simulator.claim(&uid).unwrap().unwrap();
    assert_eq!((claim.name.as_str(), claim.metadata.as_str()), ("mdm-vpp", "installation-1"));
}
