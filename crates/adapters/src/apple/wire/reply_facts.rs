//! The members that every reply to a call with a token may carry: `uId`, `tokenExpirationDate`, `mdmInfo`.

use mdm_vpp_core::{
    id::LocationId,
    printable_name,
    token::{MdmInfo, ReplyFacts, parse_expiry},
};

use super::{Members, Unusable};

/// The location that answered.
pub(crate) fn read_location_id(reply: &Members<'_>) -> Result<Option<LocationId>, Unusable> {
    let Some(id) = reply.id("uId")? else { return Ok(None) };
    LocationId::new(&id).map(Some).map_err(|error| reply.unusable("uId", error.to_string()))
}

/// Expiry and claim. A date that cannot be read counts as none; empty claims count as none.
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
