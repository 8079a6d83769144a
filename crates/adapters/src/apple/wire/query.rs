//! Which part of a list is asked for.

use mdm_vpp_ports::{AssignmentsQuery, UsersQuery};

/// A parameter of an address.
type Parameter = (&'static str, String);

/// The page is left out where it is the first: that is the default.
fn page(page: u32) -> Option<Parameter> {
    (page > 0).then(|| ("pageIndex", page.to_string()))
}

fn since(version: Option<&String>) -> Option<Parameter> {
    version.map(|version| ("sinceVersionId", version.clone()))
}

/// Which assignments.
pub(crate) fn assignments_query(asked: &AssignmentsQuery) -> Vec<Parameter> {
    let adam_id = asked.adam_id.map(|adam_id| ("adamId", adam_id.to_string()));
    let serial_number = asked.serial_number.as_ref().map(|serial| ("serialNumber", serial.to_string()));
    let user = asked.client_user_id.as_ref().map(|user| ("clientUserId", user.to_string()));
    let parts = [page(asked.page), since(asked.since_version.as_ref()), adam_id, serial_number, user];
    parts.into_iter().flatten().collect()
}

/// Which users.
pub(crate) fn users_query(asked: &UsersQuery) -> Vec<Parameter> {
    let user = asked.client_user_id.as_ref().map(|user| ("clientUserId", user.to_string()));
    let active = asked.active_only.then(|| ("activeOnly", "true".to_owned()));
    [page(asked.page), since(asked.since_version.as_ref()), user, active].into_iter().flatten().collect()
}
