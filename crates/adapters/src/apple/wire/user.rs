//! A user as Apple knows him.

use mdm_vpp_core::{id::ClientUserId, printable_name, seats::VppUserStatus};
use mdm_vpp_ports::RegisteredUser;

use super::{Members, Unusable};

/// The users of a list. A list that is missing is empty, unless the page's `size` says otherwise.
pub(crate) fn read_users(of: &Members<'_>, name: &str) -> Result<Vec<RegisteredUser>, Unusable> {
    match of.objects(name)? {
        Some(users) => users.iter().map(read_user).collect(),
        None if of.whole("size")?.unwrap_or(0) == 0 => Ok(Vec::new()),
        None => Err(of.missing(name)),
    }
}

/// Reads a user. A status that we do not know says nothing; `Deleted` is a retired user of old.
fn read_user(user: &Members<'_>) -> Result<RegisteredUser, Unusable> {
    let id = user.exact_id("clientUserId")?.ok_or_else(|| user.missing("clientUserId"))?;
    let client_user_id =
        ClientUserId::new(id).map_err(|error| user.unusable("clientUserId", error.to_string()))?;
    let status = match user.text("status")? {
        Some("Registered") => VppUserStatus::Registered,
        Some("Associated") => VppUserStatus::Associated,
        Some("Retired" | "Deleted") => VppUserStatus::Retired,
        _ => VppUserStatus::Unknown,
    };
    let email = user.text("email")?.map(printable_name).filter(|email| !email.is_empty());
    let invite_code = user.id("inviteCode")?.filter(|code| !code.is_empty());
    Ok(RegisteredUser { client_user_id, email, status, invite_code })
}
