//! Tables of documents: what each is, apart from the database that holds it.
//!
//! `sqlite::documents` and `postgres::documents` put, load and delete the rows of any [`Table`].

mod table;
mod tables;

pub(crate) use self::{
    table::{Column, Table, Value, json},
    tables::{
        ADMISSIONS, APPS, FULL_READ_PAGES, LOCATION_STATES, OPEN, POOLS, REQUESTS, TO_DO, VPP_USERS,
        pricing_of,
    },
};
