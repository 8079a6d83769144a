//! The suite finds what a store does wrong with seats, talks and leases: each mistake below turns it red.

use std::sync::Arc;

use mdm_vpp_ports::{Store, conformance::store::checks};
use mdm_vpp_store::memory::MemoryStore;

use crate::{keys::ring, talk_mistakes::Mistake, talk_twin::TalkTwin};

fn with(mistake: Mistake) -> Arc<dyn Store> {
    Arc::new(TalkTwin { inner: MemoryStore::new(ring()), mistake })
}

macro_rules! finds {
    ($($test:ident: $mistake:ident, $check:ident;)+) => {
        $(
            #[tokio::test]
            async fn $test() {
                assert_eq!(checks::$check(with(Mistake::None)).await, Ok(()));
                assert!(checks::$check(with(Mistake::$mistake)).await.is_err());
            }
        )+
    };
}

finds! {
    a_store_that_loads_all_seats: LoadsAllSeats, a_scope_loads_exactly_the_seats_it_names;
    a_store_without_limits_for_pages_of_seats: IgnoresTheLimitOfSeats, seats_come_in_pages_by_key;
    a_store_without_limits_for_an_agenda: IgnoresTheLimitOfSeats, seats_on_an_agenda_come_by_their_last_touch;
    a_store_that_leaves_out_seats_of_requests: LeavesOutSeatsOfRequests, seats_come_with_their_requests;
    a_store_that_forgets_fences: ForgetsFences, a_seat_comes_back_as_it_was_saved;
    a_store_that_forgets_tries: ForgetsTries, a_seat_comes_back_as_it_was_saved;
    a_store_that_takes_users_for_devices: TakesUsersForDevices, holders_are_told_apart;
    a_store_that_never_forgets_seats: NeverForgetsSeats, a_forgotten_seat_is_gone;
    a_store_that_cuts_touches_off: CutsTouchesOff, a_touch_is_never_read_back_as_an_earlier_one;
    a_store_that_forgets_open_requests: ForgetsOpenRequests, requests_come_back_alone_and_while_they_are_open;
    a_store_that_leaves_out_members: LeavesOutMembersOfSeats, members_come_back_as_they_are_asked_for;
    a_store_that_forgets_who_occupies_a_pool: ForgetsOccupied, pools_come_with_the_seats_that_were_counted;
    a_store_that_forgets_the_walk: ForgetsTheWalk, the_row_of_a_talk_comes_back;
    a_store_that_keeps_old_pages: KeepsOldPages, the_pages_of_a_walk_are_kept_until_they_are_forgotten;
    a_store_that_sorts_who_waits_by_key: SortsWaitingByKey, who_waits_longest_comes_first;
    a_store_that_shows_talks_of_other_tenants: ShowsOtherTenants, talks_do_not_meet;
    a_store_that_hides_what_is_misplaced: HidesRefusals, changes_of_a_talk_need_their_place;
    a_store_that_saves_a_talk_before_its_token: SavesTheTalkFirst, a_talk_can_begin_with_its_token;
    a_store_that_saves_half_of_a_talk: SavesHalfOfATalk, a_refused_turn_saves_nothing_of_a_talk;
    a_store_that_grants_every_lease: GrantsEveryLease, one_talker_has_a_location_and_renews_it;
    a_store_that_repeats_epochs: RepeatsEpochs, a_lease_that_is_over_is_taken_with_a_greater_epoch;
    a_store_that_never_ends_leases: NeverEndsLeases, a_lease_can_be_given_back;
    a_store_that_ignores_leases: IgnoresLeases, a_turn_with_a_lost_lease_saves_nothing;
    a_store_that_leases_to_anybody: LeasesToAnybody, only_an_own_location_can_be_leased;
    a_store_that_forgets_beyond_ten_thousand: ForgetsBeyondTenThousand, twenty_thousand_seats_are_one_turn;
}
