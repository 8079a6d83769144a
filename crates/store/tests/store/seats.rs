//! Seats for the tests, and transactions that save them.

use mdm_vpp_core::{
    catalog::{AssetKey, Counts, Pool, PricingParam, ProductType},
    id::{AdamId, SerialNumber},
    location::{LocationChanges, SeatChange},
    seats::{AssignReason, Desired, Holder, Observed, Seat, SeatKey},
    transaction::Decision,
};
use mdm_vpp_ports::{LoadScope, LocationScope, Store, StoreError};

use crate::fixture::{berlin, now, save_with};

pub(crate) fn asset(number: u64) -> AssetKey {
    AssetKey { adam_id: AdamId::new(number), pricing_param: PricingParam::Standard }
}

/// The pools in Berlin of apps numbered from 0.
pub(crate) fn pools(count: u64) -> Vec<Pool> {
    let pool = |number| Pool {
        location: berlin(),
        adam_id: AdamId::new(number),
        pricing_param: PricingParam::Standard,
        product_type: ProductType::App,
        device_assignable: true,
        revocable: true,
        supported_platforms: [].into(),
        counts: Counts::Unlimited { assigned: 3 },
        counted_at: now(),
        listed: true,
        occupied: 0,
        uncounted: 0,
        unconfirmed: 0,
        returned: 0,
    };
    (0..count).map(pool).collect()
}

/// A seat of an app for a device whose serial number has 12 letters, in the order of numbers.
pub(crate) fn serial(app: u64, number: u64) -> SeatKey {
    let letter = |place: u32| char::from(b'A' + u8::try_from(number / 26_u64.pow(11 - place) % 26).unwrap());
    let serial_number = SerialNumber::new((0..12).map(letter).collect::<String>()).unwrap();
    SeatKey { location: berlin(), asset: asset(app), holder: Holder::Device { serial_number } }
}

pub(crate) fn settled(key: SeatKey) -> Seat {
    Seat::new(key, Desired::Assigned { because: AssignReason::Install }, Observed::Assigned, now())
}

pub(crate) fn put(seats: impl Iterator<Item = Seat>) -> LocationChanges {
    let seats = seats.map(|seat| (seat.key.clone(), SeatChange::Put(seat))).collect();
    LocationChanges { seats, ..LocationChanges::default() }
}

/// Saves changes of Berlin.
pub(crate) async fn save_location(store: &dyn Store, location: LocationChanges) -> Result<(), StoreError> {
    let scope = LoadScope::of(LocationScope::of(berlin()));
    save_with(store, &scope, Decision { location, ..Decision::default() }).await
}

/// Saves settled seats in transactions of 5,000, as a full read does.
pub(crate) async fn save_in_parts(store: &dyn Store, keys: impl Iterator<Item = SeatKey>) {
    let mut keys = keys.peekable();
    while keys.peek().is_some() {
        save_location(store, put(keys.by_ref().take(5_000).map(settled))).await.unwrap();
    }
}

/// The keys of seats of 256 apps, in the order of keys.
#[cfg(feature = "sqlite")]
pub(crate) fn by_key(count: u64) -> impl Iterator<Item = SeatKey> {
    let a_pool = count / 256;
    (0..count).map(move |number| serial(number / a_pool, number % a_pool * 26_000_017))
}

/// The keys of a power of two of seats of 256 apps, in no order.
#[cfg(feature = "sqlite")]
pub(crate) fn in_no_order(count: u64) -> impl Iterator<Item = SeatKey> {
    assert!(count.is_power_of_two());
    // An odd factor reaches each number below a power of two once.
    let scattered = (0..count).map(move |number| number.wrapping_mul(0x9E37_79B9_7F4A_7C15) % count);
    scattered.map(|number| serial(number % 256, number * 1_000_003))
}

/// The keys of seats of 250 apps, device by device.
#[cfg(feature = "postgres")]
pub(crate) fn in_device_order(count: u64) -> impl Iterator<Item = SeatKey> {
    (0..count).map(|number| serial(number % 250, number / 250 * 1_000_003))
}

/// The bytes of a file of SQLite that hold rows.
#[cfg(feature = "sqlite")]
pub(crate) fn bytes_used(file: &std::path::Path) -> u64 {
    let connection = rusqlite::Connection::open(file).unwrap();
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, u32>(0)).unwrap();
    let number = |name| u64::from(number(name));
    (number("page_count") - number("freelist_count")) * number("page_size")
}
