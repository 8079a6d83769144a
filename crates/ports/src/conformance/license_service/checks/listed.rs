//! The list of all checks.

/// Hands the names of all checks of a license service to a macro, so that each can become a test of its own, under
/// any async runtime.
///
/// ```
/// use mdm_vpp_ports::conformance::license_service::{LicenseServiceFixture, Violation, checks};
///
/// macro_rules! a_test_of_each {
///     ($($check:ident),+ $(,)?) => {
///         $(
///             # #[allow(dead_code)]
///             async fn $check() -> Result<(), Violation> {
///                 checks::$check(&*my_fixture().await).await
///             }
///         )+
///     };
/// }
/// mdm_vpp_ports::for_each_license_service_check!(a_test_of_each);
/// # async fn my_fixture() -> Box<dyn LicenseServiceFixture> { std::future::pending().await }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! for_each_license_service_check {
    ($each:ident) => {
        $each! {
            counts_come_as_apple_tells_them,
            an_unlimited_asset_is_unlimited,
            platforms_come_as_apple_tells_them,
            flags_come_as_apple_tells_them,
            two_qualities_are_two_assets,
            a_location_that_owns_nothing_has_an_empty_list,
            an_untouched_list_keeps_its_version,
            claiming_twice_changes_nothing,
            the_last_claim_stays,
            every_token_of_a_location_sees_the_claim,
            a_claim_is_of_one_location,
            a_number_beside_status_200_is_an_error,
            no_error_holds_the_secret,
            every_page_is_read_and_each_asset_comes_once,
            a_list_whose_last_page_is_full_ends_there,
            a_reading_that_breaks_off_gives_no_part_of_the_list,
            the_client_config_tells_the_location,
            every_reply_tells_when_the_token_ends,
            every_reply_tells_the_claim,
            an_expired_token_is_refused,
            an_unknown_token_is_refused,
            a_revoked_token_is_refused,
            a_legacy_token_is_refused,
            a_read_only_token_reads_and_cannot_claim,
            a_location_that_apple_manages_is_read_and_cannot_be_claimed,
        }
    };
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    macro_rules! names {
        ($($check:ident),+ $(,)?) => { [$(stringify!($check)),+] };
    }

    #[test]
    fn every_check_is_on_the_list() {
        let sources = [include_str!("assets.rs"), include_str!("replies.rs"), include_str!("tokens.rs")];
        let modules = include_str!("mod.rs").lines().filter(|line| line.starts_with("pub use ")).count();
        assert_eq!(sources.len(), modules);
        let written: BTreeSet<&str> = sources
            .iter()
            .flat_map(|source| source.lines())
            .filter_map(|line| line.strip_prefix("pub async fn ")?.split('(').next())
            .collect();
        let listed: BTreeSet<&str> = for_each_license_service_check!(names).into();
        assert_eq!(listed, written);
    }
}
