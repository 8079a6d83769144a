//! The demonstration location and the apps that it owns.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::apple::{AdamId, ArtworkStyle, IdStyle, LocationUid, StoreListing, TokenId};
use crate::model::{NewLocation, Seats, TokenDownload};
use crate::service::{Origin, Service};

const NAME: &str = "Musterwerk Hamburg";
const ORG_NAME: &str = "Musterwerk Beispiel GmbH";
const COUNTRY: &str = "DE";

/// The demonstration location, as far as a test or an example needs to know it.
#[derive(Clone)]
#[non_exhaustive]
pub struct DemonstrationLocation {
    /// Its id.
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

impl DemonstrationLocation {
    /// A new service with the demonstration location alone.
    pub(crate) fn in_new_service(now: DateTime<Utc>) -> (Service, Self) {
        let mut service = Service::new(now);
        service.origin = (now, Origin::Demonstration);
        let new = NewLocation::new(NAME, ORG_NAME, COUNTRY);
        let manager = new.content_manager.clone();
        let uid = service.add_location(new);
        for (listing, seats) in stock() {
            service.stock(&uid, listing, seats);
        }
        let token = service.issue(&uid, ORG_NAME.to_owned(), manager, TokenDownload::usual());
        let location = Self {
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

/// Ordinary public app with 500 seats.
pub const ROUTE_SHEET: AdamId = AdamId::new(9_000_000_101);
/// Paid public app with 250 seats; artwork as a list, id as a number.
pub const SHIFT_ROSTER: AdamId = AdamId::new(9_000_000_102);
/// App for iOS with a Mac version under the same id, 1000 seats.
pub const SIGNAL_NOTES: AdamId = AdamId::new(9_000_000_103);
/// App with exactly 5 seats.
pub const TORQUE_CALCULATOR: AdamId = AdamId::new(9_000_000_104);
/// Custom app with 50 seats.
pub const DEPOT_CHECKLIST: AdamId = AdamId::new(9_000_000_105);
/// App for the Mac only, 20 seats.
pub const LEDGER_DESK: AdamId = AdamId::new(9_000_000_106);
/// Book with 30 seats.
pub const SAFE_LIFTING_AT_WORK: AdamId = AdamId::new(9_000_000_107);
/// App that the German store does not know, 40 seats.
pub const PRAIRIE_WEATHER_DESK: AdamId = AdamId::new(9_000_000_108);
/// Free app without limit.
pub const CRATE_LABEL_READER: AdamId = AdamId::new(9_000_000_109);

/// The listings with the seats of the demonstration location.
pub(crate) fn stock() -> [(StoreListing, Seats); 9] {
    let bought = |total| Seats::Bought { total };
    [
        (
            StoreListing::ios_app(ROUTE_SHEET, "Route Sheet", "com.example.routesheet")
                .sold_by("Example Logistics Software")
                .in_version("4.2.1"),
            bought(500),
        ),
        (
            StoreListing::ios_app(SHIFT_ROSTER, "Shift Roster", "com.example.shiftroster")
                .priced(499)
                .in_version("2.10")
                .artwork(ArtworkStyle::Sizes)
                .ids(IdStyle::Number),
            bought(250),
        ),
        (
            StoreListing::universal_app(SIGNAL_NOTES, "Signal Notes", "com.example.signalnotes")
                .in_version("7.0"),
            bought(1000),
        ),
        (
            StoreListing::ios_app(TORQUE_CALCULATOR, "Torque Calculator", "com.example.torque")
                .priced(999)
                .artwork(ArtworkStyle::Sizes),
            bought(5),
        ),
        (
            StoreListing::ios_app(DEPOT_CHECKLIST, "Depot Checklist", "com.example.depotchecklist")
                .sold_by("Example Tailor-Made Apps")
                .in_version("1.3")
                .custom(),
            bought(50),
        ),
        (
            StoreListing::mac_app(LEDGER_DESK, "Ledger Desk", "com.example.ledgerdesk")
                .priced(2999)
                .in_version("12.4"),
            bought(20),
        ),
        (
            StoreListing::book(SAFE_LIFTING_AT_WORK, "Safe Lifting at Work")
                .sold_by("Example Press")
                .priced(399),
            bought(30),
        ),
        (
            StoreListing::ios_app(PRAIRIE_WEATHER_DESK, "Prairie Weather Desk", "com.example.prairieweather")
                .sold_in(["US"]),
            bought(40),
        ),
        (
            StoreListing::ios_app(CRATE_LABEL_READER, "Crate Label Reader", "com.example.cratelabel")
                .in_version("3.0.5")
                .ids(IdStyle::Number),
            Seats::Unlimited,
        ),
    ]
}
