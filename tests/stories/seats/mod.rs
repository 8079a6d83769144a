//! Seats: from a wish to a license that Apple lists, whatever happens on the way.

mod crash_safe;
mod ground;
mod long_walks;
mod renewing_thousands;
mod unconfirmed;
