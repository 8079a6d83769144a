//! The checks, one function for each promise. Each takes a fresh store.

mod assets;
mod audit;
mod completed_jobs;
mod jobs;
mod large;
mod leases;
mod location_places;
mod location_rows;
mod notifications;
mod scopes;
mod seat_rows;
mod seat_scopes;
mod secrets;
mod tenants;
mod tokens;
mod transactions;

pub use self::{
    assets::*, audit::*, completed_jobs::*, jobs::*, large::*, leases::*, location_places::*,
    location_rows::*, notifications::*, scopes::*, seat_rows::*, seat_scopes::*, secrets::*, tenants::*,
    tokens::*, transactions::*,
};
