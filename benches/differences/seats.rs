//! Seats as a plan compares them: the pool by a number, and who holds the license.

use mdm_vpp::{
    id::{ClientUserId, SerialNumber},
    seats::Holder,
};

/// A location's asset by its number in the plan, and the holder.
pub(crate) type PlannedSeat = (u32, Holder);

/// How many seats a pool has.
const POOL: u32 = 25_000;

/// So many seats of different devices in order, each n-th left out.
pub(crate) fn of_devices(seats: usize, left_out: u32) -> Vec<PlannedSeat> {
    let numbers = (0..).filter(|number| number % left_out != 0).take(seats);
    exact(numbers.filter_map(|number| {
        let serial_number = SerialNumber::new(format!("C02X{number:08}")).ok()?;
        Some((number / POOL, Holder::Device { serial_number }))
    }))
}

/// So many seats of different users in order.
pub(crate) fn of_users(seats: usize) -> Vec<PlannedSeat> {
    exact((0..).take(seats).filter_map(|number: u32| {
        let id = format!("9d1e8a52-64bd-4a0d-9c0d-{number:012}");
        Some((number / POOL, Holder::User { client_user_id: ClientUserId::new(id).ok()? }))
    }))
}

/// A list without room to spare.
fn exact(seats: impl Iterator<Item = PlannedSeat>) -> Vec<PlannedSeat> {
    let mut seats: Vec<PlannedSeat> = seats.collect();
    seats.shrink_to_fit();
    seats
}
