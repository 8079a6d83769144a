//! Builders of tokens and of Apple's answers about them, for the tests of the core.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};

use crate::{
    id::{ClaimId, InstallationId, LocationId},
    testing::{days, location_id, now},
    token::{
        ClaimHolder, Location, MdmInfo, Region, ReplyFacts, StoreKind, Token, TokenCondition, TokenFile,
        TokenName, TokenSettings,
    },
};

pub(crate) fn location(id: &str, name: &str) -> Location {
    Location { id: location_id(id), name: name.into(), country: None, store: StoreKind::Business }
}

pub(crate) fn claim(location: &LocationId) -> ClaimId {
    ClaimId::new(&InstallationId::new("here").unwrap(), location)
}

/// A file with `mark` in its secret, so that two files differ.
pub(crate) fn file(mark: &str, expires_at: DateTime<Utc>) -> TokenFile {
    let expires_at = expires_at.format("%Y-%m-%dT%H:%M:%S+0000");
    let json = format!(r#"{{"token":"{mark}","expDate":"{expires_at}","orgName":"Example GmbH"}}"#);
    TokenFile::parse(STANDARD.encode(json).as_bytes()).unwrap()
}

pub(crate) fn settings(name: &str) -> TokenSettings {
    let mut settings = TokenSettings::new(TokenName::new(name).unwrap(), Region::new("DE").unwrap());
    settings.detail.add_apps_automatically = true;
    settings.policies.restrict_data_backup = true;
    settings
}

pub(crate) fn claimed_by(name: &str) -> ReplyFacts {
    let mdm_info = MdmInfo { id: "theirs".into(), name: name.into(), metadata: "mdm.example.com".into() };
    ReplyFacts { expires_at: None, mdm_info: Some(mdm_info) }
}

pub(crate) fn claimed_by_us(location: &LocationId) -> ReplyFacts {
    let mdm_info = MdmInfo { id: claim(location).as_str().into(), ..MdmInfo::default() };
    ReplyFacts { expires_at: None, mdm_info: Some(mdm_info) }
}

/// A token that works: claimed by us, with its first sync done.
pub(crate) fn token(name: &str, id: &str) -> Token {
    let file = file(id, days(365));
    let mut condition = TokenCondition::new(file.expires_at());
    condition.claim = ClaimHolder::Us;
    condition.first_sync_done = true;
    Token {
        location: location(id, name),
        organization: file.organization().to_owned(),
        settings: settings(name),
        condition,
        generation: 1,
        uploaded_at: now(),
        last_sync: None,
    }
}
