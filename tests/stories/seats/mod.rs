//! Seats: from a wish to a license that Apple lists, whatever happens on the way.

mod crash_safe;
mod large_renewal;
mod location_fixture;
mod long_full_reads;
mod unconfirmed;
