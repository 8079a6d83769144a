//! Users, filtered, since a version, and page by page.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use super::assets::{Cut, cut};
use crate::apple::{ErrorNumber, UserStatus};
use crate::model::{Location, User};
use crate::wire::{EveryReply, UserQuery, UsersReply};

/// One page of the users that the filters leave. The cost of a page of all, of the active or of the retired users grows
/// with its records alone.
pub(crate) fn reply(
    location: &Location,
    capacity: NonZeroUsize,
    query: &str,
    every_reply: EveryReply,
) -> Result<UsersReply, ErrorNumber> {
    let query = UserQuery::read(query)?;
    let users = &location.users;
    let chosen = chosen(location, &query)?;
    let listed = match &chosen {
        Some(rows) => Some(rows.as_slice()),
        None if query.active_only => Some(users.active_rows()),
        None if query.retired_only => Some(users.retired_rows()),
        None => None,
    };
    let records = listed.map_or(users.len(), <[usize]>::len);
    let Cut { skip, take, page } = cut(query.page_index, records, capacity, users.history.current())?;
    let rows: Vec<usize> = match listed {
        Some(rows) => rows.iter().copied().skip(skip).take(take).collect(),
        None => (skip..skip.saturating_add(take)).collect(),
    };
    let users = rows.into_iter().filter_map(|row| users.row(row)).map(User::row).collect();
    Ok(UsersReply { users, page, every_reply })
}

/// The rows of an id or of a delta; `None` when neither is asked for.
fn chosen(location: &Location, query: &UserQuery) -> Result<Option<Vec<usize>>, ErrorNumber> {
    let users = &location.users;
    let rows: BTreeSet<usize> = match (query.since, &query.client_user_id) {
        (Some(version), _) => {
            users.history.since(version).ok_or(ErrorNumber::INVALID_VERSION)?.copied().collect()
        }
        (None, Some(id)) => users.rows_of(id).iter().copied().collect(),
        (None, None) if query.active_only && query.retired_only => BTreeSet::new(),
        (None, None) => return Ok(None),
    };
    let wanted = |user: &User| {
        query.client_user_id.as_ref().is_none_or(|id| *id == user.id)
            && (!query.active_only || user.is_active())
            && (!query.retired_only || user.status == UserStatus::Retired)
    };
    Ok(Some(rows.into_iter().filter(|row| users.row(*row).is_some_and(wanted)).collect()))
}
