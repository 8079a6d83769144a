//! A full read of the assignments, and what it lists, kept small: a location may have a million assignments.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    catalog::AssetKey,
    id::{ClientUserId, LocationId, SerialNumber},
    seats::{EventId, Holder, SeatKey},
};

/// A full read of the assignments. Its pages are kept until they are merged, so that the read goes on where it ended
/// when the process dies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FullRead {
    /// When it began, UTC: before its first request left. It says nothing about what was touched since.
    pub begun_at: DateTime<Utc>,
    /// The version that its first page named: the delta read from there on ends the full read.
    pub version: Option<String>,
    /// How many pages its first page counted.
    pub pages: u32,
    /// How far it is.
    pub phase: FullReadPhase,
    /// Whether the list changed while it was read: rows may have slid onto pages that were read before, so what it does
    /// not list may be there.
    #[serde(default)]
    pub changed: bool,
}

/// How far a full read is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FullReadPhase {
    /// Its pages are read.
    Fetching,
    /// All pages were read; what they list is compared with the seats, in the order of their keys.
    Merging {
        /// The last key that was compared.
        after: Option<SeatKey>,
    },
}

/// A page of a full read, as it is kept until the read is merged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FullReadPage {
    /// The number of the page, from 0.
    pub page: u32,
    /// The page after this one; `None` on the last.
    pub next: Option<u32>,
    /// What it lists, by asset.
    pub listed: Vec<ListedAsset>,
}

/// The holders of one asset on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedAsset {
    /// The asset.
    pub asset: AssetKey,
    /// The devices that hold a license.
    pub devices: Vec<SerialNumber>,
    /// The users that hold a license.
    pub users: Vec<ClientUserId>,
}

/// What a notification said of an event: these licenses went the way they should.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotifiedEvent {
    /// The event.
    pub event_id: EventId,
    /// The licenses, at most 100; none when it said that something failed.
    pub listed: Vec<ListedAsset>,
}

/// What all pages of a full read list, in the order of the keys of seats.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FullReadListing(BTreeMap<AssetKey, Vec<Holder>>);

impl FullReadPage {
    /// A page as it is kept.
    #[must_use]
    pub fn of(page: u32, next: Option<u32>, listed: impl IntoIterator<Item = (AssetKey, Holder)>) -> Self {
        Self { page, next, listed: by_asset(listed) }
    }
}

impl NotifiedEvent {
    /// What a notification said of an event.
    #[must_use]
    pub fn of(event_id: EventId, listed: impl IntoIterator<Item = (AssetKey, Holder)>) -> Self {
        Self { event_id, listed: by_asset(listed) }
    }
}

impl ListedAsset {
    /// All holders, devices first.
    pub fn holders(&self) -> impl Iterator<Item = Holder> {
        let device = |serial_number: &SerialNumber| Holder::Device { serial_number: serial_number.clone() };
        let user = |client_user_id: &ClientUserId| Holder::User { client_user_id: client_user_id.clone() };
        self.devices.iter().map(device).chain(self.users.iter().map(user))
    }
}

fn by_asset(listed: impl IntoIterator<Item = (AssetKey, Holder)>) -> Vec<ListedAsset> {
    let mut by_asset: BTreeMap<AssetKey, ListedAsset> = BTreeMap::new();
    for (asset, holder) in listed {
        let of_asset = by_asset.entry(asset).or_insert_with_key(|asset| ListedAsset {
            asset: asset.clone(),
            devices: Vec::new(),
            users: Vec::new(),
        });
        match holder {
            Holder::Device { serial_number } => of_asset.devices.push(serial_number),
            Holder::User { client_user_id } => of_asset.users.push(client_user_id),
        }
    }
    by_asset.into_values().collect()
}

impl FullReadListing {
    /// What these pages list. What two pages list counts once.
    #[must_use]
    pub fn of(pages: Vec<FullReadPage>) -> Self {
        let mut by_asset: BTreeMap<AssetKey, Vec<Holder>> = BTreeMap::new();
        for listed in pages.into_iter().flat_map(|page| page.listed) {
            let holders = by_asset.entry(listed.asset).or_default();
            let device = |serial_number| Holder::Device { serial_number };
            holders.extend(listed.devices.into_iter().map(device));
            holders.extend(listed.users.into_iter().map(|client_user_id| Holder::User { client_user_id }));
        }
        for holders in by_asset.values_mut() {
            holders.sort_unstable();
            holders.dedup();
        }
        Self(by_asset)
    }

    /// The seats after a key and up to another one, at most `most`, and the key up to which this is all of them; `None`
    /// when it is all to the end.
    #[must_use]
    pub fn some(
        &self,
        location: &LocationId,
        after: Option<&SeatKey>,
        up_to: Option<&SeatKey>,
        most: usize,
    ) -> (BTreeSet<SeatKey>, Option<SeatKey>) {
        let from = after.map(|key| &key.asset);
        let assets = self.0.iter().skip_while(|(asset, _)| from.is_some_and(|from| *asset < from));
        let keys = assets.flat_map(|(asset, holders)| {
            let begin = match after {
                Some(after) if after.asset == *asset => {
                    holders.partition_point(|holder| *holder <= after.holder)
                }
                _ => 0,
            };
            let key = |holder: &Holder| SeatKey {
                location: location.clone(),
                asset: asset.clone(),
                holder: holder.clone(),
            };
            holders.iter().skip(begin).map(key)
        });
        let mut keys = keys.take_while(|key| up_to.is_none_or(|up_to| key <= up_to)).peekable();
        let some: BTreeSet<SeatKey> = keys.by_ref().take(most).collect();
        let up_to = match keys.peek() {
            Some(_) => some.last().cloned(),
            None => up_to.cloned(),
        };
        (some, up_to)
    }
}
