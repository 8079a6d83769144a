//! The list of all checks.

/// Hands the names of all checks of an assignment service to a macro, so that each can become a test of its own, under
/// any async runtime.
///
/// ```
/// use mdm_vpp_ports::conformance::assignment_service::{AssignmentServiceFixture, Violation, checks};
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
/// mdm_vpp_ports::for_each_assignment_service_check!(a_test_of_each);
/// # async fn my_fixture() -> Box<dyn AssignmentServiceFixture> { std::future::pending().await }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! for_each_assignment_service_check {
    ($each:ident) => {
        $each! {
            each_call_is_one_request,
            a_number_beside_status_200_is_an_error_of_every_call,
            no_error_of_any_call_holds_the_secret,
            every_answer_names_the_location,
            limits_are_those_of_the_service_config,
            an_accepted_request_is_pending_until_it_is_done,
            a_change_that_changes_nothing_succeeds,
            an_event_that_fails_names_the_holders_without_a_license,
            a_revocation_takes_all_of_a_holder,
            an_unknown_event_is_refused,
            every_page_of_assignments_is_read,
            a_list_of_nothing_is_empty,
            a_page_that_is_not_there_is_refused,
            a_part_of_a_list_is_all_of_it_and_nothing_else,
            a_delta_holds_what_was_assigned_since,
            an_unknown_version_is_refused,
            a_license_for_an_unknown_user_is_refused,
            a_refusal_names_its_subjects,
            a_user_is_registered_associated_and_retired,
            a_retired_user_is_not_active,
            an_existing_user_is_not_registered_again,
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
        let sources = [include_str!("calls.rs"), include_str!("events.rs"), include_str!("lists.rs")];
        let modules = include_str!("mod.rs").lines().filter(|line| line.starts_with("pub use ")).count();
        assert_eq!(sources.len(), modules);
        let written: BTreeSet<&str> = sources
            .iter()
            .flat_map(|source| source.lines())
            .filter_map(|line| line.strip_prefix("pub async fn ")?.split('(').next())
            .collect();
        let listed: BTreeSet<&str> = for_each_assignment_service_check!(names).into();
        assert_eq!(listed, written);
    }
}
