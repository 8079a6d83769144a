//! Seats for the tests, and transactions that save them.

use std::sync::Arc;

use mdm_vpp_core::{
    catalog::{AssetKey, Counts, Pool, PricingParam, ProductType},
    id::{AdamId, SerialNumber},
    location::{LocationChanges, SeatChange},
    seats::{AssignReason, Desired, Holder, Observed, Seat, SeatKey},
    transaction::{Decision, Loaded},
};
use mdm_vpp_ports::{Store, StoreError};

use crate::{
    rows::{Deciding, acme, berlin, now},
    talk::{talk_of, turn_of},
};

pub(crate) fn asset(number: u64) -> AssetKey {
    AssetKey { adam_id: AdamId::new(number), pricing_param: PricingParam::Standard }
}

/// The pools of so many apps in Berlin, from 0.
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

/// A transaction that changes the talk about Berlin.
pub(crate) async fn turn(store: &dyn Store, talk: LocationChanges) -> Result<(), StoreError> {
    let decide =
        Arc::new(Deciding(move |_: &Loaded| Decision { location: talk.clone(), ..Decision::default() }));
    store.transact(&acme(), &turn_of(talk_of(&berlin())), decide).await
}
