//! A location: how it is created and claimed, what is true of its assignments, what is shown, and how both change.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use chrono::{DateTime, Utc};

use super::asset::OwnedAsset;
use super::collections::History;
use super::users::Users;
use crate::apple::{
    AssetKey, Assignment, Change, ContentManager, Country, ErrorNumber, Holder, LocationUid, Platform,
    VersionId,
};
use crate::settings::Bucket;

/// The claim of an MDM on a location ("mdmInfo" on the wire). It belongs to the location, every token of the location
/// shows it, and the last writer wins: nothing keeps a second MDM away (Apple's documentation, by absence).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Identifies the installation of the MDM.
    pub id: String,
    /// The product's name, for people.
    pub name: String,
    /// Any further text of the MDM, such as its host name.
    pub metadata: String,
}

impl Claim {
    /// A claim.
    pub fn new(id: impl Into<String>, name: impl Into<String>, metadata: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), metadata: metadata.into() }
    }
}

/// Where the service sends notifications.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotificationSettings {
    /// The address of the receiver.
    pub url: Option<String>,
    /// The bearer token sent with each. A secret of the MDM.
    pub auth_token: Option<String>,
    /// The kinds subscribed to, in the order of the request.
    pub types: Vec<String>,
}

impl fmt::Debug for NotificationSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NotificationSettings")
            .field("url", &self.url)
            .field("auth_token", &self.auth_token.as_ref().map(|_| "(secret)"))
            .field("types", &self.types)
            .finish()
    }
}

/// A location to create in the portal.
#[derive(Clone, Debug)]
pub struct NewLocation {
    pub(crate) name: String,
    pub(crate) org_name: String,
    pub(crate) country: Country,
    pub(crate) platform: Platform,
    pub(crate) content_manager: ContentManager,
}

impl NewLocation {
    /// A location of the business portal with its name, the organization's name and the country of its store.
    pub fn new(name: impl Into<String>, org_name: impl Into<String>, country: impl Into<Country>) -> Self {
        Self {
            name: name.into(),
            org_name: org_name.into(),
            country: country.into(),
            platform: Platform::Business,
            content_manager: ContentManager::new("licenses@example.org"),
        }
    }

    /// In this portal.
    #[must_use]
    pub fn on(mut self, platform: Platform) -> Self {
        self.platform = platform;
        self
    }

    /// Its tokens are downloaded by this person unless a download names another.
    #[must_use]
    pub fn managed_by(mut self, content_manager: ContentManager) -> Self {
        self.content_manager = content_manager;
        self
    }
}

/// A location as the service keeps it.
#[derive(Clone, Debug)]
pub(crate) struct Location {
    pub(crate) uid: LocationUid,
    pub(crate) name: String,
    pub(crate) org_name: String,
    pub(crate) country: Country,
    pub(crate) platform: Platform,
    pub(crate) content_manager: ContentManager,
    pub(crate) legacy_tokens: bool,
    pub(crate) managed_by_apple: bool,
    pub(crate) claim: Option<Claim>,
    pub(crate) notifications: NotificationSettings,
    pub(crate) assets: BTreeMap<AssetKey, OwnedAsset>,
    /// The version of the assets.
    pub(crate) version: VersionId,
    /// The changes of the assignments, as shown.
    pub(crate) assignments: History<Assignment>,
    hidden: Hidden,
    /// When a license reaches its device, for those that take time.
    pub(crate) on_devices: BTreeMap<Assignment, DateTime<Utc>>,
    pub(crate) users: Users,
    /// The requests of its tokens in the last second.
    pub(crate) requests: Bucket,
}

impl Location {
    /// A location that owns nothing, with the first versions of its three lists.
    pub(crate) fn new(
        uid: LocationUid,
        new: NewLocation,
        [assets, assignments, users]: [VersionId; 3],
    ) -> Self {
        Self {
            uid,
            name: new.name,
            org_name: new.org_name,
            country: new.country,
            platform: new.platform,
            content_manager: new.content_manager,
            legacy_tokens: false,
            managed_by_apple: false,
            claim: None,
            notifications: NotificationSettings::default(),
            assets: BTreeMap::new(),
            version: assets,
            assignments: History::starting_at(assignments),
            hidden: Hidden::default(),
            on_devices: BTreeMap::new(),
            users: Users::none_at(users),
            requests: Bucket::default(),
        }
    }

    /// Whether an assignment is there in truth, shown or not.
    pub(crate) fn holds(&self, assignment: &Assignment) -> bool {
        self.hidden.says(assignment).unwrap_or_else(|| self.shows(assignment))
    }

    /// All assignments that are there in truth, in the order of assets and holders.
    pub(crate) fn all_held(&self) -> Vec<Assignment> {
        let shown = self.assets.iter().flat_map(|(key, asset)| {
            asset.holders.entries().iter().map(|holder| Assignment { asset: *key, holder: holder.clone() })
        });
        let mut all: Vec<_> = shown.filter(|assignment| self.holds(assignment)).collect();
        all.extend(self.hidden.held().filter(|assignment| !self.shows(assignment)).cloned());
        all.sort_unstable();
        all
    }

    fn shows(&self, assignment: &Assignment) -> bool {
        self.assets.get(&assignment.asset).is_some_and(|asset| asset.holders.contains(&assignment.holder))
    }

    /// The assignments that a holder has and can lose.
    pub(crate) fn revocable_of(&self, holder: &Holder) -> Vec<Assignment> {
        let revocable = self.assets.iter().filter(|(_, asset)| asset.revocable());
        revocable
            .map(|(key, _)| Assignment { asset: *key, holder: holder.clone() })
            .filter(|assignment| self.holds(assignment))
            .collect()
    }

    /// The change that gives an asset to a holder; `None` when the holder has it.
    pub(crate) fn giving(&self, assignment: &Assignment) -> Result<Option<Change>, ErrorNumber> {
        if self.holds(assignment) {
            return Ok(None);
        }
        if let Holder::User(id) = &assignment.holder
            && self.users.active(id).is_none()
        {
            return Err(ErrorNumber::USER_NOT_FOUND);
        }
        let asset = self.assets.get(&assignment.asset).ok_or(ErrorNumber::INVALID_ARGUMENT)?;
        if asset.free() < 1 {
            return Err(ErrorNumber::NOT_ENOUGH_ASSETS);
        }
        Ok(Some(Change { assignment: assignment.clone(), held: true }))
    }

    /// The change that takes an asset from a holder; `None` when the holder does not have it.
    pub(crate) fn taking(&self, assignment: &Assignment) -> Result<Option<Change>, ErrorNumber> {
        if !self.holds(assignment) {
            return Ok(None);
        }
        if self.assets.get(&assignment.asset).is_some_and(|asset| !asset.revocable()) {
            return Err(ErrorNumber::NOT_REVOCABLE);
        }
        Ok(Some(Change { assignment: assignment.clone(), held: false }))
    }

    /// Changes an assignment in truth and for all to see. Whether it was another way in truth before.
    pub(crate) fn change_shown(&mut self, change: &Change) -> bool {
        // The usual case, kept short: a million assignments are made this way in one call.
        if self.hidden.is_empty() {
            return self.show(change);
        }
        let before = self.holds(&change.assignment);
        self.keeping_count(&change.assignment, |location| {
            location.hidden.overwrite(change);
            location.show(change);
        });
        before != change.held
    }

    /// Changes an assignment in truth, and shows nothing of it yet.
    pub(crate) fn change_hidden(&mut self, change: &Change) {
        self.keeping_count(&change.assignment, |location| location.hidden.add(change));
    }

    /// Shows a change that was hidden.
    pub(crate) fn reveal(&mut self, change: &Change) {
        self.keeping_count(&change.assignment, |location| {
            let held = location.hidden.end(change);
            location.show(&Change { assignment: change.assignment.clone(), held });
        });
    }

    /// A new version of the assignments, and of the assets because their counts changed.
    pub(crate) fn assignments_changed(
        &mut self,
        version: VersionId,
        touched: impl IntoIterator<Item = Assignment>,
        most_kept: usize,
    ) {
        self.assignments.record(version, touched, most_kept);
        self.version = version;
    }

    fn show(&mut self, change: &Change) -> bool {
        let Some(asset) = self.assets.get_mut(&change.assignment.asset) else { return false };
        if change.held {
            asset.holders.add(change.assignment.holder.clone())
        } else {
            asset.holders.remove(&change.assignment.holder)
        }
    }

    /// Does something to one assignment, and keeps the count of seats that are held in truth but not shown.
    fn keeping_count(&mut self, assignment: &Assignment, act: impl FnOnce(&mut Self)) {
        let ahead = |location: &Self| {
            i64::from(location.holds(assignment)).saturating_sub(i64::from(location.shows(assignment)))
        };
        let before = ahead(self);
        act(self);
        let change = ahead(self).saturating_sub(before);
        if let Some(asset) = self.assets.get_mut(&assignment.asset) {
            asset.hidden = asset.hidden.saturating_add(change);
        }
    }
}

/// The truth about assignments whose changes wait to be shown.
#[derive(Clone, Debug, Default)]
struct Hidden(HashMap<Assignment, Ahead>);

#[derive(Clone, Copy, Debug)]
struct Ahead {
    held: bool,
    /// How many changes of this assignment wait.
    waiting: usize,
}

impl Hidden {
    /// Whether everything is shown as it is.
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an assignment is there in truth; `None` when nothing of it is hidden.
    fn says(&self, assignment: &Assignment) -> Option<bool> {
        if self.0.is_empty() { None } else { self.0.get(assignment).map(|ahead| ahead.held) }
    }

    /// The assignments with hidden changes that are there in truth.
    fn held(&self) -> impl Iterator<Item = &Assignment> {
        self.0.iter().filter(|(_, ahead)| ahead.held).map(|(assignment, _)| assignment)
    }

    fn add(&mut self, change: &Change) {
        let ahead = self.0.entry(change.assignment.clone()).or_insert(Ahead { held: false, waiting: 0 });
        ahead.held = change.held;
        ahead.waiting = ahead.waiting.saturating_add(1);
    }

    /// Ends the waiting of one change, and says what is to be shown of the assignment.
    fn end(&mut self, change: &Change) -> bool {
        let Some(ahead) = self.0.get_mut(&change.assignment) else { return change.held };
        ahead.waiting = ahead.waiting.saturating_sub(1);
        // Changes are revealed in the order of their lags, not in that in which they were made. The truth is shown with
        // the last of them; the others show themselves, as a list that lags would.
        if ahead.waiting > 0 {
            return change.held;
        }
        self.0.remove(&change.assignment).map_or(change.held, |ahead| ahead.held)
    }

    /// Keeps the truth when an assignment is changed for all to see while other changes of it wait.
    fn overwrite(&mut self, change: &Change) {
        if let Some(ahead) = self.0.get_mut(&change.assignment) {
            ahead.held = change.held;
        }
    }
}
