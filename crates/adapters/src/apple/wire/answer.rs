//! Responses, read to the end: from a status and a body to what a port answers.

use mdm_vpp_ports::{
    AcceptedEvent, AssignmentsPage, ClientConfig, EventReport, PageFacts, ServiceErrorKind, UsersPage,
};

use super::{
    AssignmentsReply, Members, PageMembers, Unusable, read_accepted, read_client_config, read_event_status,
    read_location_id, read_page_facts, read_page_members, read_reply_facts, read_users,
};
use crate::apple::{
    reply::{read_reply, read_reply_as},
    scrub::Scrubber,
};

/// A page with its place in the list, which has to fit what was asked.
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
