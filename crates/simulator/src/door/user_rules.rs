//! What a request to create, update or retire users may hold. Numbers are Apple's documentation, their order is an
//! assumption.

use super::manage_rules::none_twice;
use crate::endpoint::Endpoint;
use crate::error_number::ErrorNumber;
use crate::events::Work;
use crate::model::{ClientUserId, Limits, Location, WantedUser, too_many};
use crate::wire::{ManageUsersRequest, RequestUser};

pub(super) fn work(
    endpoint: Endpoint,
    wanted: ManageUsersRequest,
    location: &Location,
    limits: &Limits,
) -> Result<Work, ErrorNumber> {
    let users = wanted.users.unwrap_or_default();
    if users.is_empty() {
        return Err(ErrorNumber::USERS_MISSING);
    }
    if users.iter().any(|user| user.client_user_id.is_empty()) {
        return Err(ErrorNumber::INVALID_ARGUMENT);
    }
    let ids: Vec<_> = users.iter().map(|user| user.client_user_id.as_str()).collect();
    none_twice(&ids, ErrorNumber::DUPLICATE_USERS)?;
    if too_many(users.len(), limits.max_users, 100) {
        return Err(ErrorNumber::TOO_MANY_USERS);
    }
    if users.iter().filter_map(|user| user.email.as_deref()).any(|email| !reads_as_email(email)) {
        return Err(ErrorNumber::INVALID_EMAIL);
    }
    let users: Vec<_> = users.into_iter().map(wanted_user).collect();
    let unknown = |user: &WantedUser| match endpoint {
        Endpoint::CreateUsers => false,
        // One that was retired before is retired, which is what was wanted.
        Endpoint::RetireUsers => location.users.rows_of(&user.id).is_empty(),
        _ => location.users.active(&user.id).is_none(),
    };
    if users.iter().any(unknown) { Err(ErrorNumber::USER_NOT_FOUND) } else { Ok(Work::Users(users)) }
}

fn wanted_user(user: RequestUser) -> WantedUser {
    WantedUser {
        id: ClientUserId::new(&user.client_user_id),
        email: user.email,
        managed_apple_id: user.managed_apple_id,
    }
}

/// One `@` with something on both sides and a point on the right, without spaces. Apple's own rule is unknown.
fn reads_as_email(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else { return false };
    let odd = |c: char| c == '@' || c.is_whitespace() || c.is_control();
    let dotted = domain.split('.').count() > 1 && domain.split('.').all(|part| !part.is_empty());
    !name.is_empty() && dotted && !name.contains(odd) && !domain.contains(odd)
}
