//! Shared builders for the tests of seats.

use chrono::{DateTime, Utc};

use crate::{
    apple_error::AppleError,
    catalog::{AssetKey, PricingParam},
    id::{AdamId, ClientUserId, SerialNumber},
    seats::{AssignReason, Desired, Holder, Observed, Seat, SeatError, SeatKey, UnassignReason},
    testing::location_id,
};

pub(crate) const HOLD: Desired = Desired::Assigned { because: AssignReason::Install };
pub(crate) const FREE: Desired = Desired::Unassigned { because: UnassignReason::NotNeeded };
pub(crate) const FOREIGN: Desired = Desired::Assigned { because: AssignReason::Foreign };

pub(crate) fn asset(adam_id: u64) -> AssetKey {
    AssetKey { adam_id: AdamId::new(adam_id), pricing_param: PricingParam::Standard }
}

pub(crate) fn serial(text: &str) -> SerialNumber {
    SerialNumber::new(text).unwrap()
}

pub(crate) fn client_user(text: &str) -> ClientUserId {
    ClientUserId::new(text).unwrap()
}

pub(crate) fn device_seat(adam_id: u64, serial_number: &str) -> SeatKey {
    let holder = Holder::Device { serial_number: serial(serial_number) };
    SeatKey { location: location_id("1"), asset: asset(adam_id), holder }
}

pub(crate) fn user_seat(adam_id: u64, client_user_id: &str) -> SeatKey {
    let holder = Holder::User { client_user_id: client_user(client_user_id) };
    SeatKey { location: location_id("1"), asset: asset(adam_id), holder }
}

pub(crate) fn seat(want: Desired, seen: Observed, at: DateTime<Utc>) -> Seat {
    Seat::new(device_seat(7, "C02A"), want, seen, at)
}

pub(crate) fn apple_error() -> SeatError {
    SeatError::Apple { error: AppleError { number: None, message: "no".into() } }
}
