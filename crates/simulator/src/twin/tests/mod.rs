//! Stories of the third door: what it shares with the others, and what a caller sees when something goes wrong.

mod faults;
mod replies;
mod scene;
mod shared;
