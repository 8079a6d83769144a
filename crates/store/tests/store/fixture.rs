//! The fixtures that the tests share: keys, rows of one tenant, transactions that save them, and places for databases.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    catalog::{
        AddedBy, Admission, AdmissionVerdict, App, AppKind, Approval, Counts, Pool, PricingParam, ProductType,
    },
    id::{Actor, AdamId, LocationId, TenantId},
    token::{
        AppPolicies, ContentToken, Location, Region, StoreKind, Token, TokenCondition, TokenName,
        TokenSettings,
    },
    transaction::{AuditAct, AuditDraft, Decision, Job, JobKind, Loaded, TokenChange},
};
use mdm_vpp_ports::{Apps, Decide, Declined, LoadScope, Store, StoreError, Tokens};
use mdm_vpp_store::sealing::{KeyId, KeyRing, SealingKey};

#[cfg(feature = "sqlite")]
pub(crate) use self::folder::Folder;
#[cfg(feature = "postgres")]
pub(crate) use self::place::Place;

pub(crate) fn key(digit: char) -> SealingKey {
    SealingKey::parse(digit.to_string().repeat(64)).unwrap()
}

pub(crate) fn id(text: &str) -> KeyId {
    KeyId::new(text).unwrap()
}

pub(crate) fn ring() -> KeyRing {
    KeyRing::new(id("one"), key('1'))
}

/// A decision that a function makes.
pub(crate) struct Deciding<F>(pub(crate) F);

impl<F: Fn(&Loaded) -> Decision + Send + Sync> Decide for Deciding<F> {
    fn decide(&self, loaded: &Loaded) -> Result<Decision, Declined> {
        Ok((self.0)(loaded))
    }
}

pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

pub(crate) fn acme() -> TenantId {
    TenantId::new("acme").unwrap()
}

pub(crate) fn berlin() -> LocationId {
    LocationId::new("2049025000431439").unwrap()
}

pub(crate) fn munich() -> LocationId {
    LocationId::new("2049025000431440").unwrap()
}

pub(crate) fn token(location: &LocationId, name: &str) -> Token {
    Token {
        location: Location {
            id: location.clone(),
            name: "Berlin library".to_owned(),
            country: Some(Region::new("DE").unwrap()),
            store: StoreKind::Business,
        },
        organization: "Control GmbH".to_owned(),
        settings: TokenSettings::new(TokenName::new(name).unwrap(), Region::new("DE").unwrap()),
        condition: TokenCondition::new(now() + TimeDelta::days(365)),
        generation: 1,
        uploaded_at: now(),
        last_sync: None,
    }
}

pub(crate) fn upload(location: &LocationId, name: &str, secret: &str) -> Decision {
    let token = Box::new(token(location, name));
    let content_token = ContentToken::new(secret).unwrap();
    Decision { tokens: vec![TokenChange::Insert { token, content_token }], ..Decision::default() }
}

/// Adds the token of Berlin and nothing else.
pub(crate) fn upload_berlin() -> Decision {
    upload(&berlin(), "Berlin", "secret")
}

pub(crate) fn app(number: u64, name: &str) -> App {
    App {
        adam_id: AdamId::new(number),
        name: name.to_owned(),
        bundle_id: None,
        icon_url: None,
        app_kind: AppKind::Public,
        policies: AppPolicies::default(),
        approval: Approval::NotNeeded,
        added_at: now(),
        added_by: AddedBy::Token { location: berlin() },
    }
}

/// A token with an app, its admission and pool, a job and an entry of the audit log.
pub(crate) fn furnished(secret: &str) -> Decision {
    Decision {
        apps: vec![app(1, "Pages")],
        admissions: vec![Admission {
            location: berlin(),
            adam_id: AdamId::new(1),
            verdict: AdmissionVerdict::Added { at: now() },
        }],
        pools: vec![Pool {
            location: berlin(),
            adam_id: AdamId::new(1),
            pricing_param: PricingParam::Standard,
            product_type: ProductType::App,
            device_assignable: true,
            revocable: true,
            supported_platforms: [].into(),
            counts: Counts::Unlimited { assigned: 3 },
            counted_at: now(),
            listed: true,
            occupied: 0,
            uncounted: 0,
            unconfirmed: 0,
            returned: 0,
        }],
        jobs: vec![Job::at(JobKind::SyncAssets { location: berlin() }, now())],
        audit: vec![audit(1)],
        ..upload(&berlin(), "Berlin", secret)
    }
}

pub(crate) fn audit(number: u64) -> AuditDraft {
    let act = AuditAct::AppAddedByHand { adam_id: AdamId::new(number) };
    AuditDraft { at: now(), actor: Actor::system(), act }
}

pub(crate) fn everything() -> LoadScope {
    LoadScope::default().tokens(Tokens::All).assets_of(berlin()).apps(Apps::All)
}

/// Saves a decision about Acme.
pub(crate) async fn save(store: &dyn Store, decision: Decision) -> Result<(), StoreError> {
    save_with(store, &LoadScope::default(), decision).await
}

/// Saves a decision about Acme that may change the location of a scope.
pub(crate) async fn save_with(
    store: &dyn Store,
    scope: &LoadScope,
    decision: Decision,
) -> Result<(), StoreError> {
    let decide = Arc::new(Deciding(move |_: &Loaded| decision.clone()));
    store.transact(&acme(), scope, decide).await
}

#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(crate) async fn secret(store: &dyn Store, location: &LocationId) -> Result<String, StoreError> {
    Ok(store.content_token(&acme(), location).await?.content_token.expose().to_owned())
}

#[cfg(feature = "sqlite")]
mod folder {
    use std::{
        fs,
        path::{Path, PathBuf},
        process,
        sync::atomic::{AtomicU32, Ordering},
    };

    /// A folder that is deleted when the test ends.
    pub(crate) struct Folder(PathBuf);

    impl Folder {
        pub(crate) fn new() -> Self {
            static NEXT: AtomicU32 = AtomicU32::new(0);
            let name = format!("mdm-vpp-store-{}-{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
            let path = std::env::temp_dir().join(name);
            fs::create_dir(&path).unwrap();
            Self(path)
        }

        /// The file that the tests of a folder share.
        pub(crate) fn file(&self) -> PathBuf {
            self.0.join("vpp.db")
        }

        pub(crate) fn path(&self) -> &Path {
            &self.0
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).ok();
        }
    }
}

#[cfg(feature = "postgres")]
mod place {
    use std::{
        process,
        sync::atomic::{AtomicU32, Ordering},
        time::{SystemTime, UNIX_EPOCH},
    };

    use mdm_vpp_store::postgres::{PostgresOptions, PostgresStore, SchemaName};
    use postgres_for_tests::Server;
    use tokio_postgres::{Client, NoTls};

    use super::ring;

    /// A schema of its own on a server.
    pub(crate) struct Place {
        pub(crate) url: String,
        pub(crate) schema: SchemaName,
    }

    impl Place {
        /// A schema that does not exist yet, on the server that the tests share. Without a server the test fails.
        pub(crate) fn new() -> Self {
            let server = Server::shared().unwrap_or_else(|error| panic!("{error}"));
            Self::on(&server)
        }

        pub(crate) fn on(server: &Server) -> Self {
            static NEXT: AtomicU32 = AtomicU32::new(0);
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let schema = SchemaName::new(format!("t{now}_{}_{number}", process::id())).unwrap();
            Self { url: server.url().to_owned(), schema }
        }

        pub(crate) fn options(&self) -> PostgresOptions {
            PostgresOptions::parse(&self.url).unwrap().schema(self.schema.clone())
        }

        pub(crate) async fn open(&self) -> PostgresStore {
            self.options().open(ring()).await.unwrap()
        }

        /// A connection that is in the schema.
        pub(crate) async fn client(&self) -> Client {
            let (client, connection) = tokio_postgres::connect(&self.url, NoTls).await.unwrap();
            tokio::spawn(connection);
            client.batch_execute(&format!("SET search_path = \"{}\"", self.schema)).await.unwrap();
            client
        }

        /// The tables of the schema, by name.
        pub(crate) async fn tables(&self) -> Vec<String> {
            let sql = "SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY tablename";
            let rows = self.client().await.query(sql, &[&self.schema.as_str()]).await.unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        }
    }
}
