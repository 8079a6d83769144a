//! What goes over the wire: requests, responses, and Apple's JSON in bodies and queries.

mod events;
mod lists;
mod lookup;
mod query;
mod replies;
mod request;
mod response;
#[cfg(test)]
mod samples;

pub use request::{BODY_LIMIT, Request};
pub use response::{Delivery, Response};

// Nothing else here is public, so the names need no list.
pub(crate) use {events::*, lists::*, lookup::*, query::*, replies::*, response::*};
