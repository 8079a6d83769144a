//! The list of all checks, and the suite as a whole.

use std::sync::Arc;

use super::{Violation, checks};
use crate::Store;

/// Runs every check, each on a store that `open` opens for it: empty, with a sealing key, used by no other caller.
///
/// ```
/// use std::sync::Arc;
/// use mdm_vpp_ports::{Store, conformance::store};
///
/// # async fn open_my_store() -> Arc<dyn Store> { std::future::pending().await }
/// async fn my_store_keeps_its_promises() -> Result<(), store::Violation> {
///     store::all(async || open_my_store().await).await
/// }
/// ```
///
/// # Errors
///
/// [`Violation`] tells the first promise that the store broke.
pub async fn all(open: impl AsyncFn() -> Arc<dyn Store>) -> Result<(), Violation> {
    macro_rules! run_each {
        ($($check:ident),+ $(,)?) => { $(checks::$check(open().await).await?;)+ };
    }
    crate::for_each_store_check!(run_each);
    Ok(())
}

/// Gives the names of all checks to a macro, so that each can become a test of its own, under any async runtime.
///
/// ```
/// macro_rules! a_test_of_each {
///     ($($check:ident),+ $(,)?) => {
///         $(
///             # #[allow(dead_code)]
///             async fn $check() -> Result<(), mdm_vpp_ports::conformance::store::Violation> {
///                 let store = open_my_store().await;
///                 mdm_vpp_ports::conformance::store::checks::$check(store).await
///             }
///         )+
///     };
/// }
/// mdm_vpp_ports::for_each_store_check!(a_test_of_each);
/// # async fn open_my_store() -> std::sync::Arc<dyn mdm_vpp_ports::Store> { std::future::pending().await }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! for_each_store_check {
    ($each:ident) => {
        $each! {
            apps_come_back_and_are_replaced,
            admissions_come_back_and_are_replaced,
            pools_come_back_and_are_replaced,
            the_later_of_two_equal_keys_stays,
            a_transaction_that_fails_saves_nothing,
            a_first_transaction_that_fails_leaves_the_tenant_unknown,
            audit_entries_are_numbered_by_transaction,
            the_audit_log_comes_in_pages,
            audit_entries_come_back_as_they_were_saved,
            enqueueing_again_keeps_the_earlier_time_and_counts,
            a_transaction_enqueues_like_a_call,
            enqueueing_counts_no_transaction,
            the_oldest_job_comes_first_over_all_tenants,
            a_job_does_not_come_before_it_is_due,
            times_of_jobs_are_kept_to_the_microsecond,
            all_jobs_of_a_location_come,
            the_next_due_time_is_the_earliest_of_all,
            jobs_enqueued_at_the_same_time_are_all_counted,
            a_large_location_is_saved_in_one_transaction,
            ten_thousand_jobs_come_in_order,
            a_scope_loads_exactly_what_it_names,
            a_secret_comes_back_with_its_generation,
            a_long_secret_comes_back,
            there_is_no_secret_of_an_unknown_token,
            a_completed_job_is_deleted,
            a_job_that_was_enqueued_again_stays,
            completed_jobs_go_before_new_ones_come,
            a_generation_never_comes_back,
            tenants_with_equal_rows_do_not_meet,
            a_location_of_another_tenant_is_empty,
            assets_need_the_token_of_their_location,
            a_token_comes_back_as_it_was_saved,
            a_name_in_any_script_comes_back,
            tokens_come_by_location,
            a_location_has_one_token_in_a_tenant,
            a_location_has_one_token_over_all_tenants,
            a_name_is_taken_without_regard_to_case,
            a_name_that_was_given_up_is_free,
            only_a_token_that_is_there_can_be_changed,
            an_unknown_tenant_is_empty,
            an_empty_decision_counts_no_transaction,
            a_decision_counts_one_transaction,
            a_declined_decision_saves_nothing,
            a_decision_sees_what_the_transaction_before_it_saved,
            transactions_of_one_tenant_follow_each_other,
            one_holder_has_a_lease_and_renews_it,
            a_lease_that_is_over_is_taken_with_a_greater_epoch,
            a_lease_can_be_given_back,
            a_transaction_with_a_lost_lease_saves_nothing,
            only_an_own_location_can_be_leased,
            twenty_thousand_seats_are_one_transaction,
            a_notification_is_recorded_once,
            notified_events_come_with_their_request,
            old_requests_are_forgotten_when_they_are_settled,
            a_seat_comes_back_as_it_was_saved,
            holders_are_told_apart,
            a_forgotten_seat_is_gone,
            a_touch_is_never_read_back_as_an_earlier_one,
            a_scope_loads_exactly_the_seats_it_names,
            seats_come_in_pages_by_key,
            seats_with_a_next_action_come_by_their_last_touch,
            seats_come_with_their_requests,
            locations_do_not_meet,
            changes_of_a_location_need_their_place,
            a_location_can_begin_with_its_token,
            a_refused_transaction_saves_nothing_of_a_location,
            requests_come_back_alone_and_while_they_are_open,
            users_come_back_as_they_are_asked_for,
            pools_come_with_the_seats_that_were_counted,
            the_state_of_a_location_comes_back,
            the_pages_of_a_full_read_are_kept_until_they_are_forgotten,
            the_longest_wait_comes_first,
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
        let sources = [
            include_str!("checks/assets.rs"),
            include_str!("checks/audit.rs"),
            include_str!("checks/completed_jobs.rs"),
            include_str!("checks/jobs.rs"),
            include_str!("checks/large.rs"),
            include_str!("checks/leases.rs"),
            include_str!("checks/location_places.rs"),
            include_str!("checks/location_rows.rs"),
            include_str!("checks/notifications.rs"),
            include_str!("checks/scopes.rs"),
            include_str!("checks/seat_rows.rs"),
            include_str!("checks/seat_scopes.rs"),
            include_str!("checks/secrets.rs"),
            include_str!("checks/tenants.rs"),
            include_str!("checks/tokens.rs"),
            include_str!("checks/transactions.rs"),
        ];
        let modules = include_str!("checks/mod.rs").lines().filter(|line| line.starts_with("mod ")).count();
        assert_eq!(sources.len(), modules);
        let written: BTreeSet<&str> = sources
            .iter()
            .flat_map(|source| source.lines())
            .filter_map(|line| line.strip_prefix("pub async fn ")?.split('(').next())
            .collect();
        let listed: BTreeSet<&str> = for_each_store_check!(names).into();
        assert_eq!(listed, written);
    }
}
