//! The location that owns the demonstration apps.

use std::fmt;

use chrono::{DateTime, Utc};

use super::apps::stock;
use crate::model::{LocationUid, NewLocation, Origin, Service, TokenDownload, TokenId};
use crate::simulator::Simulator;

/// What a test or an example needs to know of the demonstration location.
#[derive(Clone)]
#[non_exhaustive]
pub struct DemonstrationLocation {
    /// Apple's id of it.
    pub uid: LocationUid,
    /// Its name.
    pub name: &'static str,
    /// The organization's name, as in the token file.
    pub org_name: &'static str,
    /// The country of its store.
    pub country: &'static str,
    /// The simulator's number of its token.
    pub token: TokenId,
    /// The token file: upload this. A secret. Valid for one year.
    pub token_file: String,
    /// When the token expires.
    pub expires_at: DateTime<Utc>,
}

impl fmt::Debug for DemonstrationLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DemonstrationLocation")
            .field("uid", &self.uid)
            .field("name", &self.name)
            .field("token", &self.token)
            .field("token_file", &"(secret)")
            .finish_non_exhaustive()
    }
}

const NAME: &str = "Musterwerk Hamburg";
const ORG_NAME: &str = "Musterwerk Beispiel GmbH";
const COUNTRY: &str = "DE";

impl Simulator {
    /// A service with the [demonstration location](crate::demonstration), its clock standing at `now`. The same `now`
    /// gives the same ids and the same token.
    pub fn demonstration(now: DateTime<Utc>) -> (Self, DemonstrationLocation) {
        let (service, location) = Service::demonstration(now);
        (Self::around(service), location)
    }
}

impl Service {
    /// A service with the demonstration location.
    pub(crate) fn demonstration(now: DateTime<Utc>) -> (Self, DemonstrationLocation) {
        let mut service = Self::new(now);
        service.origin = (now, Origin::Demonstration);
        let new = NewLocation::new(NAME, ORG_NAME, COUNTRY);
        let manager = new.content_manager.clone();
        let uid = service.add_location(new);
        for (listing, seats) in stock() {
            service.stock(&uid, listing, seats);
        }
        let token = service.issue(&uid, ORG_NAME.to_owned(), manager, TokenDownload::usual());
        let location = DemonstrationLocation {
            uid,
            name: NAME,
            org_name: ORG_NAME,
            country: COUNTRY,
            token: token.id,
            token_file: token.file,
            expires_at: token.expires_at,
        };
        (service, location)
    }
}
