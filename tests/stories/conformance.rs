//! The suites of Apple's ports, run on the client over HTTP and on the simulator's in-process fake: the same promises
//! on the same simulated Apple. The files `broken_*` prove that the suites find mistakes: each one turns them red.

mod assignment_fixture;
mod broken_assignments;
mod broken_lookup;
mod broken_service;
mod fixture;
mod same_answers;

use mdm_vpp::ports::conformance::{
    Violation,
    app_metadata::{self, checks as lookup_checks},
    assignment_service::{self, checks as assignment_checks},
    license_service::{self, checks as service_checks},
};

fn passes(result: Result<(), Violation>) {
    if let Err(violation) = result {
        panic!("{violation}");
    }
}

/// A test for each check and implementation.
macro_rules! license_service {
    ($($check:ident),+ $(,)?) => {
        mod license_service_over_http {
            $(#[tokio::test] async fn $check() {
                super::passes(super::service_checks::$check(&super::fixture::over_http().await).await);
            })+
        }
        mod license_service_in_process {
            $(#[tokio::test] async fn $check() {
                super::passes(super::service_checks::$check(&super::fixture::in_process().await).await);
            })+
        }
    };
}
mdm_vpp::ports::for_each_license_service_check!(license_service);

/// A test for each check and implementation.
macro_rules! app_metadata {
    ($($check:ident),+ $(,)?) => {
        mod app_metadata_over_http {
            $(#[tokio::test] async fn $check() {
                super::passes(super::lookup_checks::$check(&super::fixture::over_http().await).await);
            })+
        }
        mod app_metadata_in_process {
            $(#[tokio::test] async fn $check() {
                super::passes(super::lookup_checks::$check(&super::fixture::in_process().await).await);
            })+
        }
    };
}
mdm_vpp::ports::for_each_app_metadata_check!(app_metadata);

/// A test for each check.
macro_rules! assignment_service {
    ($($check:ident),+ $(,)?) => {
        mod assignment_service_over_http {
            $(#[tokio::test] async fn $check() {
                let fixture = super::assignment_fixture::assignments_over_http().await;
                super::passes(super::assignment_checks::$check(&fixture).await);
            })+
        }
    };
}
mdm_vpp::ports::for_each_assignment_service_check!(assignment_service);

#[tokio::test]
async fn all_suites_pass_as_a_whole() {
    passes(license_service::all(fixture::in_process).await);
    passes(app_metadata::all(fixture::in_process).await);
    passes(assignment_service::all(assignment_fixture::assignments_over_http).await);
}
