//! What replies hold: the location and the claim, a page's place in its list, the client config, users, events.

use mdm_vpp_core::{
    id::{ClientUserId, LocationId},
    printable_name, printable_text,
    seats::{EventId, VppUserStatus},
    token::{Location, MdmInfo, Region, ReplyFacts, StoreKind, parse_expiry},
};
use mdm_vpp_ports::{
    AcceptedEvent, AssignmentsPage, ClientConfig, EventReport, EventStatus, NotificationSecret, PageFacts,
    RegisteredUser, ServiceErrorKind, Subscription, UsersPage,
};
use serde_json::Value;

use super::{AssignmentsReply, Members, Unusable, read_part_error};
use crate::apple::{
    reply::{failure, read_reply, read_reply_as},
    scrub::Scrubber,
};

/// A page with its place in the list, which has to fit the query.
pub(crate) struct Paged<T> {
    pub(crate) members: PageMembers,
    pub(crate) page: T,
}

pub(crate) fn answer_assignments(
    status: u16,
    body: &[u8],
    scrub: Scrubber<'_>,
) -> Result<Paged<AssignmentsPage>, ServiceErrorKind> {
    let reply = read_reply_as(status, body, scrub, |reply: &AssignmentsReply<'_>| &reply.members)?;
    let (members, page) = read_page(&Members::of_reply(&reply.members), scrub)?;
    let assignments = reply.list.read(&reply.members)?;
    Ok(Paged { members, page: AssignmentsPage { page, assignments } })
}

pub(crate) fn answer_users(
    status: u16,
    body: &[u8],
    scrub: Scrubber<'_>,
) -> Result<Paged<UsersPage>, ServiceErrorKind> {
    let read = |reply: &Members<'_>| {
        let (members, page) = read_page(reply, scrub)?;
        Ok(Paged { members, page: UsersPage { page, users: read_users(reply, "users")? } })
    };
    answer(status, body, scrub, read)
}

fn read_page(reply: &Members<'_>, scrub: Scrubber<'_>) -> Result<(PageMembers, PageFacts), Unusable> {
    let members = read_page_members(reply)?;
    let mut page = read_page_facts(reply, &members)?;
    page.reply = scrub.reply(page.reply);
    Ok((members, page))
}

pub(crate) fn answer_accepted(
    status: u16,
    body: &[u8],
    scrub: Scrubber<'_>,
) -> Result<AcceptedEvent, ServiceErrorKind> {
    let read = |reply: &Members<'_>| {
        let accepted = read_accepted(reply)?;
        Ok(AcceptedEvent { reply: scrub.reply(accepted.reply), ..accepted })
    };
    answer(status, body, scrub, read)
}

pub(crate) fn answer_event(
    status: u16,
    body: &[u8],
    scrub: Scrubber<'_>,
) -> Result<EventReport, ServiceErrorKind> {
    let read = |reply: &Members<'_>| {
        Ok(EventReport {
            status: read_event_status(reply, scrub)?,
            location: read_location_id(reply)?,
            reply: scrub.reply(read_reply_facts(reply)?),
        })
    };
    answer(status, body, scrub, read)
}

pub(crate) fn answer_client_config(
    status: u16,
    body: &[u8],
    scrub: Scrubber<'_>,
) -> Result<ClientConfig, ServiceErrorKind> {
    answer(status, body, scrub, read_client_config).map(|config| scrub.client_config(config))
}

fn answer<T>(
    status: u16,
    body: &[u8],
    scrub: Scrubber<'_>,
    read: impl FnOnce(&Members<'_>) -> Result<T, Unusable>,
) -> Result<T, ServiceErrorKind> {
    let reply = read_reply(status, body, scrub)?;
    Ok(read(&Members::of_reply(&reply))?)
}

/// Where a page stands in its list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PageMembers {
    pub(crate) current: Option<u32>,
    pub(crate) next: Option<u32>,
    pub(crate) total: Option<u32>,
    pub(crate) version_id: Option<String>,
}

/// Reads where a page stands.
pub(crate) fn read_page_members(reply: &Members<'_>) -> Result<PageMembers, Unusable> {
    let index = |name| -> Result<Option<u32>, Unusable> {
        let Some(text) = reply.id(name)? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| reply.unusable(name, "it is not the number of a page"))
    };
    Ok(PageMembers {
        current: index("currentPageIndex")?,
        next: index("nextPageIndex")?,
        total: index("totalPages")?,
        version_id: reply.id("versionId")?,
    })
}

/// What a reply says of a page beside its rows.
pub(crate) fn read_page_facts(reply: &Members<'_>, page: &PageMembers) -> Result<PageFacts, Unusable> {
    Ok(PageFacts {
        location: read_location_id(reply)?,
        next: page.next,
        total: page.total,
        version_id: page.version_id.clone(),
        reply: read_reply_facts(reply)?,
    })
}

/// The location that answered (`uId`).
pub(crate) fn read_location_id(reply: &Members<'_>) -> Result<Option<LocationId>, Unusable> {
    let Some(id) = reply.id("uId")? else { return Ok(None) };
    LocationId::new(&id).map(Some).map_err(|error| reply.unusable("uId", error.to_string()))
}

/// Expiry and claim (`tokenExpirationDate`, `mdmInfo`). A date that cannot be read counts as none, and so does an empty
/// claim.
pub(crate) fn read_reply_facts(reply: &Members<'_>) -> Result<ReplyFacts, Unusable> {
    let expires_at = reply.text("tokenExpirationDate").ok().flatten().and_then(parse_expiry);
    let mdm_info = match reply.object("mdmInfo")? {
        None => None,
        Some(info) => {
            let part = |name| Ok(printable_name(&info.id(name)?.unwrap_or_default()));
            let info = MdmInfo { id: part("id")?, name: part("name")?, metadata: part("metadata")? };
            Some(info).filter(|info| !info.is_empty())
        }
    };
    Ok(ReplyFacts { expires_at, mdm_info })
}

/// The member in which Apple echoes the secret of notifications.
pub(crate) const ECHOED_SECRET: &str = "notificationAuthToken";

/// What a token belongs to. Only the `uId` is required: a location without a name is called by its `uId`, and one
/// without a known platform is a business.
pub(crate) fn read_client_config(reply: &Members<'_>) -> Result<ClientConfig, Unusable> {
    let id = read_location_id(reply)?.ok_or_else(|| reply.missing("uId"))?;
    let name = printable_name(reply.text("locationName")?.unwrap_or_default());
    let name = if name.is_empty() { id.to_string() } else { name };
    let country = reply.text("countryISO2ACode")?.and_then(|code| Region::new(code).ok());
    let store = match reply.text("defaultPlatform")? {
        Some("volumestore") => StoreKind::Education,
        _ => StoreKind::Business,
    };
    Ok(ClientConfig {
        location: Location { id, name, country, store },
        reply: read_reply_facts(reply)?,
        subscription: read_subscription(reply),
    })
}

/// Where notifications go now. Apple echoes their secret in clear. A subscription that cannot be read counts as none:
/// no sync depends on it, and we subscribe again.
fn read_subscription(reply: &Members<'_>) -> Option<Subscription> {
    let text = |name| reply.text(name).ok().flatten();
    let url = text("notificationUrl").filter(|url| !url.is_empty())?.to_owned();
    let bearer = NotificationSecret::new(text(ECHOED_SECRET)?).ok()?;
    let types = reply.texts("subscribedNotificationTypes").ok().flatten().unwrap_or_default();
    Some(Subscription { url, bearer, types: types.into_iter().map(str::to_owned).collect() })
}

/// The users of a list. A list that is missing is empty, unless the page's `size` says otherwise.
pub(crate) fn read_users(of: &Members<'_>, name: &str) -> Result<Vec<RegisteredUser>, Unusable> {
    match of.objects(name)? {
        Some(users) => users.iter().map(read_user).collect(),
        None if of.whole("size")?.unwrap_or(0) == 0 => Ok(Vec::new()),
        None => Err(of.missing(name)),
    }
}

/// Reads a user. An unknown status is kept as unknown; `Deleted` is what Apple's older interface called a retired user.
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

/// A request that Apple accepted.
pub(crate) fn read_accepted(reply: &Members<'_>) -> Result<AcceptedEvent, Unusable> {
    Ok(AcceptedEvent {
        event_id: read_event_id(reply)?,
        location: read_location_id(reply)?,
        reply: read_reply_facts(reply)?,
    })
}

/// The id of an event.
pub(crate) fn read_event_id(of: &Members<'_>) -> Result<EventId, Unusable> {
    let id = of.id("eventId")?.ok_or_else(|| of.missing("eventId"))?;
    EventId::new(&id).map_err(|_| of.unusable("eventId", "it is no id of 1 to 100 visible characters"))
}

/// How far an event is. An element of `failures` that cannot be read is left out: that the event failed matters more.
pub(crate) fn read_event_status(reply: &Members<'_>, scrub: Scrubber<'_>) -> Result<EventStatus, Unusable> {
    match reply.text("eventStatus")?.ok_or_else(|| reply.missing("eventStatus"))? {
        "PENDING" => Ok(EventStatus::Pending),
        "COMPLETE" => Ok(EventStatus::Complete),
        "FAILED" => {
            let failures = reply.any("failures").and_then(Value::as_array).into_iter().flatten();
            let errors = failures.filter_map(Value::as_object).map(read_part_error);
            Ok(EventStatus::Failed { failures: errors.map(|error| failure(error, scrub)).collect() })
        }
        other => {
            let other: String = scrub.text(&printable_text(other)).chars().take(40).collect();
            Err(reply.unusable("eventStatus", format!("it is `{other}`")))
        }
    }
}
