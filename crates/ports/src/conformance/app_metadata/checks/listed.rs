//! The list of all checks.

/// Hands the names of all checks of a lookup to a macro, so that each can become a test of its own, under any async
/// runtime.
///
/// ```
/// use mdm_vpp_ports::conformance::app_metadata::{AppMetadataFixture, Violation, checks};
///
/// macro_rules! a_test_of_each {
///     ($($check:ident),+ $(,)?) => {
///         $(
///             # #[allow(dead_code)]
///             async fn $check() -> Result<(), Violation> {
///                 checks::$check(&*set_my_stage().await).await
///             }
///         )+
///     };
/// }
/// mdm_vpp_ports::for_each_app_metadata_check!(a_test_of_each);
/// # async fn set_my_stage() -> Box<dyn AppMetadataFixture> { std::future::pending().await }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! for_each_app_metadata_check {
    ($each:ident) => {
        $each! {
            a_query_about_nothing_sends_nothing,
            every_app_of_a_long_query_is_answered,
            an_error_says_of_no_app_that_it_is_not_there,
            no_error_holds_the_secret,
            an_icon_is_the_same_in_either_shape,
            an_id_is_the_same_in_either_shape,
            an_app_is_listed_in_its_region,
            an_app_is_not_listed_in_another_region,
            a_custom_app_is_listed_for_its_owner_alone,
            the_store_for_macs_lists_apps_for_macs,
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
        let sources = [include_str!("asking.rs"), include_str!("shapes.rs"), include_str!("stores.rs")];
        let modules = include_str!("mod.rs").lines().filter(|line| line.starts_with("pub use ")).count();
        assert_eq!(sources.len(), modules);
        let written: BTreeSet<&str> = sources
            .iter()
            .flat_map(|source| source.lines())
            .filter_map(|line| line.strip_prefix("pub async fn ")?.split('(').next())
            .collect();
        let listed: BTreeSet<&str> = for_each_app_metadata_check!(names).into();
        assert_eq!(listed, written);
    }
}
