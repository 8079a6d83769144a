//! Rows of talks, requests, users and pages of a walk.

use mdm_vpp_core::{
    id::LocationId,
    location::{FullReadPage, LocationState, NotifiedEvent},
    seats::{Request, VppUser},
};
use mdm_vpp_ports::StoreError;

use super::{Columns, Reading};

/// A row as the talk about a location.
pub(crate) fn talk(location: &LocationId, row: &dyn Columns) -> Result<LocationState, StoreError> {
    let reading = Reading::new("location_states", &["location"], row);
    let talk: LocationState = reading.document("document")?;
    reading.stands_at_its_key("document", talk.location == *location)?;
    Ok(talk)
}

/// A row as a request.
pub(crate) fn request(row: &dyn Columns) -> Result<Request, StoreError> {
    let reading = Reading::new("requests", &["location", "number"], row);
    let request: Request = reading.document("document")?;
    let own = request.location.as_str() == reading.text("location")?
        && request.number.0 == reading.number::<u64>("number")?;
    reading.stands_at_its_key("document", own)?;
    Ok(request)
}

/// A row as a user.
pub(crate) fn user(row: &dyn Columns) -> Result<VppUser, StoreError> {
    let reading = Reading::new("vpp_users", &["location", "client_user_id"], row);
    let member: VppUser = reading.document("document")?;
    let own = member.location.as_str() == reading.text("location")?
        && member.client_user_id.as_str() == reading.text("client_user_id")?;
    reading.stands_at_its_key("document", own)?;
    Ok(member)
}

/// A row as a page of a walk.
pub(crate) fn page(row: &dyn Columns) -> Result<FullReadPage, StoreError> {
    let reading = Reading::new("full_read_pages", &["location", "page"], row);
    let page: FullReadPage = reading.document("document")?;
    reading.stands_at_its_key("document", page.page == reading.number::<u32>("page")?)?;
    Ok(page)
}

/// A row as what a notification said of an event, with when it was heard and which one it was.
pub(crate) fn heard(row: &dyn Columns) -> Result<((i64, String), NotifiedEvent), StoreError> {
    let reading = Reading::new("notifications", &["location", "notification_id"], row);
    let heard = (reading.number::<i64>("received_at")?, reading.text("notification_id")?.to_owned());
    Ok((heard, reading.document("document")?))
}
