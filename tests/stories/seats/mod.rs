//! Seats: from an assignment to a license that Apple lists, whatever goes wrong meanwhile.

mod crash_safe;
mod large_renewal;
mod location_fixture;
mod long_full_reads;
mod unconfirmed;
