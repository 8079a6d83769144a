//! Seats as a plan compares them: the number of the pool, and the holder of the license.

use mdm_vpp::{
    id::{ClientUserId, SerialNumber},
    seats::Holder,
};

/// A location's asset by its number in the plan, and the holder.
pub(crate) type PlannedSeat = (u32, Holder);

/// Number of seats in a pool.
const POOL: u32 = 25_000;

/// Seats of different devices in order, without each number that `left_out` divides.
pub(crate) fn of_devices(seats: usize, left_out: u32) -> Vec<PlannedSeat> {
    let numbers = (0..).filter(|number| number % left_out != 0).take(seats);
    exact(numbers.filter_map(|number| {
        let serial_number = SerialNumber::new(format!("C02X{number:08}")).ok()?;
        Some((number / POOL, Holder::Device { serial_number }))
    }))
}

/// Seats of different users in order.
pub(crate) fn of_users(seats: usize) -> Vec<PlannedSeat> {
    exact((0..).take(seats).filter_map(|number: u32| {
        let id = format!("9d1e8a52-64bd-4a0d-9c0d-{number:012}");
        Some((number / POOL, Holder::User { client_user_id: ClientUserId::new(id).ok()? }))
    }))
}

/// A list without spare capacity, so that its bytes are those of its seats.
fn exact(seats: impl Iterator<Item = PlannedSeat>) -> Vec<PlannedSeat> {
    let mut seats: Vec<PlannedSeat> = seats.collect();
    seats.shrink_to_fit();
    seats
}
