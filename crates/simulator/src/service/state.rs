//! The whole service in memory, and the small acts from which portal actions and replies are made.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Months, Utc};

use super::events::Schedule;
use crate::apple::{
    AdamId, AssetKey, ContentManager, EventId, Limits, LocationUid, StoreListing, TokenId, VersionId,
};
use crate::model::{
    ContentToken, DownloadedToken, Event, Location, NewLocation, Outbox, OwnedAsset, RequestLog, Seats,
    TestReceiver, TokenDownload, TokenFile, invite_code,
};
use crate::settings::{BaseUrl, Reads, Settings, SimulatedClock};

/// All state of the service. Without `Debug`: the keys of `tokens` are secrets.
pub(crate) struct Service {
    pub(crate) clock: SimulatedClock,
    pub(crate) settings: Settings,
    pub(crate) listening_on: Option<BaseUrl>,
    pub(crate) limits: Limits,
    pub(crate) locations: BTreeMap<LocationUid, Location>,
    /// By the secret inside the token file.
    pub(crate) tokens: BTreeMap<String, ContentToken>,
    pub(crate) listings: BTreeMap<AdamId, StoreListing>,
    pub(crate) log: RequestLog,
    /// By id, which is also the order in which they were accepted.
    pub(crate) events: BTreeMap<EventId, Event>,
    pub(crate) schedule: Schedule,
    pub(crate) outbox: Outbox,
    pub(crate) test_receiver: Option<TestReceiver>,
    /// Organizations with their Managed Apple Accounts, and with the domains of which all accounts are known.
    pub(crate) accounts: BTreeSet<(String, String)>,
    /// When it was made, and with which content.
    pub(crate) origin: (DateTime<Utc>, Origin),
    counted: u64,
}

/// The content with which a service is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Empty,
    Demonstration,
}

impl Service {
    pub(crate) fn new(now: DateTime<Utc>) -> Self {
        Self {
            origin: (now, Origin::Empty),
            clock: SimulatedClock::Standing(now),
            settings: Settings::default(),
            listening_on: None,
            limits: Limits::default(),
            locations: BTreeMap::new(),
            tokens: BTreeMap::new(),
            listings: BTreeMap::new(),
            log: RequestLog::default(),
            events: BTreeMap::new(),
            schedule: Schedule::default(),
            outbox: Outbox::default(),
            test_receiver: None,
            accounts: BTreeSet::new(),
            counted: 0,
        }
    }

    /// The next number. All ids come from this one counter, so that the same acts give the same ids.
    pub(crate) fn count(&mut self) -> u64 {
        self.counted = self.counted.saturating_add(1);
        self.counted
    }

    pub(crate) fn next_version(&mut self) -> VersionId {
        VersionId(self.count())
    }

    pub(crate) fn next_invite_code(&mut self) -> String {
        invite_code(self.count())
    }

    /// Whether a Managed Apple Account belongs to the organization of a location.
    pub(crate) fn knows_account(&self, uid: &LocationUid, account: &str) -> bool {
        let Some(location) = self.locations.get(uid) else { return false };
        let account = account.to_lowercase();
        let domain = account.split_once('@').map(|(_, domain)| domain.to_owned());
        let known = |text: String| self.accounts.contains(&(location.org_name.clone(), text));
        domain.is_some_and(&known) || known(account)
    }

    pub(crate) fn base_url(&self) -> BaseUrl {
        let url = self.settings.advertised.as_ref().or(self.listening_on.as_ref());
        url.cloned().unwrap_or_else(BaseUrl::nowhere)
    }

    /// The token with this text, dead or alive.
    pub(crate) fn token(&self, sent: &str) -> Option<&ContentToken> {
        self.tokens.get(&TokenFile::read_secret(sent)?)
    }

    pub(crate) fn token_mut(&mut self, sent: &str) -> Option<&mut ContentToken> {
        self.tokens.get_mut(&TokenFile::read_secret(sent)?)
    }

    pub(crate) fn add_location(&mut self, new: NewLocation) -> LocationUid {
        let uid = LocationUid::numbered(self.count());
        let versions = [self.next_version(), self.next_version(), self.next_version()];
        self.locations.insert(uid.clone(), Location::new(uid.clone(), new, versions));
        uid
    }

    /// Lists an app and lets a location own it; nothing happens when the location does not exist.
    pub(crate) fn stock(&mut self, uid: &LocationUid, listing: StoreListing, seats: Seats) {
        let version = self.next_version();
        if let Some(location) = self.locations.get_mut(uid) {
            location.assets.insert(AssetKey::from(listing.adam_id), OwnedAsset::of(&listing, seats));
            location.version = version;
        }
        self.listings.insert(listing.adam_id, listing);
    }

    /// Downloads a token; `None` when the location does not exist.
    pub(crate) fn download(&mut self, uid: &LocationUid, download: TokenDownload) -> Option<DownloadedToken> {
        let location = self.locations.get(uid)?;
        let (org_name, manager) = (location.org_name.clone(), location.content_manager.clone());
        Some(self.issue(uid, org_name, manager, download))
    }

    /// Issues a token for a location that is known to exist.
    pub(crate) fn issue(
        &mut self,
        uid: &LocationUid,
        org_name: String,
        manager: ContentManager,
        download: TokenDownload,
    ) -> DownloadedToken {
        let expires_at = download.expires_at.unwrap_or_else(|| in_a_year(self.clock.now()));
        let number = self.count();
        let secret = TokenFile::new_secret(number, uid);
        let token = ContentToken {
            id: TokenId(number),
            location: uid.clone(),
            role: download.role,
            downloaded_by: download.by.unwrap_or(manager),
            expires_at,
            revoked: false,
            reads: Reads::default(),
        };
        self.tokens.insert(secret.clone(), token);
        DownloadedToken {
            id: TokenId(number),
            file: TokenFile::write(secret, expires_at, org_name),
            expires_at,
        }
    }
}

/// Tokens live one year (Apple's documentation).
fn in_a_year(now: DateTime<Utc>) -> DateTime<Utc> {
    now.checked_add_months(Months::new(12)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
