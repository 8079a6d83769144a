//! What the worker does for each kind of job: one function a kind, each in a file of its own. Those that need a session
//! take it as their first argument; claims and syncs make their calls beside it, at its pace.

mod claim;
mod fill_waitlist;
mod look_up;
mod open_token;
mod poll_events;
mod read_assignments;
mod read_back;
mod read_delta;
mod reads;
mod record_answer;
mod refresh_users;
mod release_fences;
mod send_requests;
mod subscribe;
mod sync_assets;
mod tell_catalog;

pub(crate) use claim::claim_location;
pub(crate) use fill_waitlist::fill_waitlist;
pub(crate) use look_up::look_up;
pub(crate) use open_token::rejects_token;
pub(crate) use poll_events::poll_events;
pub(crate) use read_assignments::{PAGES_AT_ONCE, PARALLEL_READS, read_assignments};
pub(crate) use read_back::read_back;
pub(crate) use read_delta::read_delta;
pub(crate) use reads::{kept_page, read_page};
pub(crate) use refresh_users::refresh_users;
pub(crate) use release_fences::release_fences;
pub(crate) use send_requests::send_requests;
pub(crate) use subscribe::subscribe;
pub(crate) use sync_assets::{SyncFailure, sync_assets};
pub(crate) use tell_catalog::tell_catalog;
