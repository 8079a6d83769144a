//! Where names and icons of apps come from.

mod store_lookup;

pub use store_lookup::StoreLookup;
