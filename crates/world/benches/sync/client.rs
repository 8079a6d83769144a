//! The library as an embedder builds it, over HTTP and with a store.

use std::{sync::Arc, time::Duration};

use chrono::{TimeDelta, Utc};
use mdm_vpp_adapters::{
    apple::{AppleAssignmentService, AppleClient, AppleLicenseService, AppleSettings},
    catalog::StoreLookup,
    http::ReqwestTransport,
};
use mdm_vpp_core::{
    id::{Actor, InstallationId, LocationId, TenantId},
    token::{ContentToken, Region, TokenFile, TokenName, TokenSettings},
    transaction::{Job, JobKind},
};
use mdm_vpp_engine::{AppleServices, SystemClock, UploadToken, Vpp, WorkLimit};
use mdm_vpp_ports::{AssignmentService, AssignmentsQuery, Store};
use mdm_vpp_world::BoxError;

use crate::apple::Apple;

/// An embedder that has uploaded a token and has run no job yet.
pub(crate) struct Client {
    vpp: Vpp,
    store: Arc<dyn Store>,
    service: AppleAssignmentService,
    tenant: TenantId,
    location: LocationId,
    secret: ContentToken,
}

impl Client {
    /// Builds the library and uploads the token. Its jobs are left for later.
    pub(crate) async fn of(store: Arc<dyn Store>, apple: &Apple) -> Result<Self, BoxError> {
        let clock = Arc::new(SystemClock);
        let transport = Arc::new(ReqwestTransport::new(Duration::from_secs(10))?);
        let settings = AppleSettings::at(&apple.base_url);
        let client = Arc::new(AppleClient::new(settings, transport, clock)?);
        let service = AppleAssignmentService::new(client.clone());
        let vpp = Vpp::builder(
            store.clone(),
            AppleServices::new(
                Arc::new(AppleLicenseService::new(client.clone())),
                Arc::new(service.clone()),
                Arc::new(StoreLookup::new(client)),
            ),
            InstallationId::new("bench")?,
        )
        .build();
        let tenant = TenantId::new("company")?;
        let settings = TokenSettings::new(TokenName::new("Berlin")?, Region::new("DE")?);
        let nothing = WorkLimit { subjects: 0, time: TimeDelta::zero() };
        let upload = UploadToken::new(settings, apple.token_file.clone()).limit(nothing);
        vpp.tenant(tenant.clone()).upload_token(upload, &Actor::new("bench")?).await?;
        let location = LocationId::new(&apple.location)?;
        let secret = TokenFile::parse(apple.token_file.as_bytes())?.content_token().clone();
        Ok(Self { vpp, store, service, tenant, location, secret })
    }

    /// Claims the location, so that the next job is a sync.
    pub(crate) async fn claim(&self) -> Result<(), BoxError> {
        self.work_at_most(1).await.map(drop)
    }

    /// Works until no job is due now.
    pub(crate) async fn work(&self) -> Result<(), BoxError> {
        while self.work_at_most(1_000).await? > 0 {}
        Ok(())
    }

    async fn work_at_most(&self, subjects: usize) -> Result<usize, BoxError> {
        let limit = WorkLimit { subjects, time: TimeDelta::hours(1) };
        let worked = self.vpp.work(limit).await?;
        match worked.failures.first() {
            Some(failure) => Err(format!("work failed: {failure:?}").into()),
            None => Ok(worked.done),
        }
    }

    /// Makes a full read, and the delta read that ends it.
    pub(crate) async fn full_read(&self) -> Result<(), BoxError> {
        self.run_job(JobKind::ReadAssignments { location: self.location.clone() }).await?;
        self.work().await
    }

    /// Makes a delta read. The jobs that it enqueues are left for later.
    pub(crate) async fn delta(&self) -> Result<(), BoxError> {
        self.run_job(JobKind::ReadDelta { location: self.location.clone() }).await
    }

    async fn run_job(&self, kind: JobKind) -> Result<(), BoxError> {
        self.store.enqueue(&self.tenant, &[Job::at(kind, Utc::now())]).await?;
        match self.work_at_most(1).await? {
            1 => Ok(()),
            _ => Err("no job was due".into()),
        }
    }

    /// The baseline: reads one page after the other and drops each. The answer is the number of assignments.
    pub(crate) async fn read_one_after_the_other(&self) -> Result<usize, BoxError> {
        let (mut asked, mut found) = (AssignmentsQuery::default(), 0);
        loop {
            let page = self.service.assignments(&self.secret, &asked).await?;
            found += page.assignments.len();
            match page.page.next {
                Some(next) => asked.page = next,
                None => return Ok(found),
            }
        }
    }
}
