//! Apple's error numbers with their documented HTTP status.

use std::fmt;

/// The number of an error. The numbers are Apple's; the texts are this simulator's own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ErrorNumber(i32);

impl ErrorNumber {
    /// Something in the request is malformed.
    pub const INVALID_ARGUMENT: Self = Self(9602);
    /// The service failed.
    pub const INTERNAL: Self = Self(9603);
    /// There is no active user with this client user id.
    pub const USER_NOT_FOUND: Self = Self(9609);
    /// A device finds no license of this asset.
    pub const LICENSE_NOT_FOUND: Self = Self(9610);
    /// The token is past its expiration date.
    pub const TOKEN_EXPIRED: Self = Self(9621);
    /// The token cannot be decoded or is not known.
    pub const TOKEN_UNKNOWN: Self = Self(9622);
    /// The token was revoked, or its owner changed the password.
    pub const TOKEN_REVOKED: Self = Self(9625);
    /// The Apple Account is unknown or belongs to another organization.
    pub const ACCOUNT_REFUSED: Self = Self(9635);
    /// The token's owner may only read.
    pub const READ_ONLY_ROLE: Self = Self(9637);
    /// The Apple Account belongs to another user.
    pub const ACCOUNT_TAKEN: Self = Self(9641);
    /// Apple's own device management manages this location.
    pub const MANAGED_BY_APPLE: Self = Self(9645);
    /// Too many requests.
    pub const TOO_MANY_REQUESTS: Self = Self(9646);
    /// The token is of the kind that was used before there were locations.
    pub const LEGACY_TOKEN: Self = Self(9647);
    /// There is no such page.
    pub const PAGE_OUT_OF_RANGE: Self = Self(9650);
    /// Too many assets in one request.
    pub const TOO_MANY_ASSETS: Self = Self(9700);
    /// Too many client user ids in one request.
    pub const TOO_MANY_CLIENT_USER_IDS: Self = Self(9701);
    /// Too many serial numbers in one request.
    pub const TOO_MANY_SERIAL_NUMBERS: Self = Self(9702);
    /// An asset stands twice in a request.
    pub const DUPLICATE_ASSETS: Self = Self(9703);
    /// A client user id stands twice in a request.
    pub const DUPLICATE_CLIENT_USER_IDS: Self = Self(9704);
    /// A serial number stands twice in a request.
    pub const DUPLICATE_SERIAL_NUMBERS: Self = Self(9705);
    /// The asset cannot be taken back.
    pub const NOT_REVOCABLE: Self = Self(9706);
    /// The asset cannot be given to devices.
    pub const NOT_DEVICE_ASSIGNABLE: Self = Self(9707);
    /// There is no such event, or no longer.
    pub const EVENT_NOT_FOUND: Self = Self(9708);
    /// No seat is free.
    pub const NOT_ENOUGH_ASSETS: Self = Self(9709);
    /// A notification URL came without its token, or the other way round.
    pub const NOTIFICATION_PAIR: Self = Self(9710);
    /// Notification URL or token are too long.
    pub const NOTIFICATION_TOO_LONG: Self = Self(9711);
    /// The notification URL is not plain https.
    pub const NOTIFICATION_URL: Self = Self(9712);
    /// The claim's metadata are too long.
    pub const CLAIM_METADATA_TOO_LONG: Self = Self(9713);
    /// Too many users in one request.
    pub const TOO_MANY_USERS: Self = Self(9714);
    /// A user stands twice in a request.
    pub const DUPLICATE_USERS: Self = Self(9715);
    /// There is an active user with this client user id.
    pub const USER_EXISTS: Self = Self(9716);
    /// This is no e-mail address.
    pub const INVALID_EMAIL: Self = Self(9717);
    /// A request names no assets.
    pub const ASSETS_MISSING: Self = Self(9718);
    /// A request names neither users nor devices.
    pub const HOLDERS_MISSING: Self = Self(9719);
    /// A request names no users.
    pub const USERS_MISSING: Self = Self(9720);
    /// The list never had this version, or has forgotten it.
    pub const INVALID_VERSION: Self = Self(9721);
    /// There is no `Authorization: Bearer`.
    pub const AUTHORIZATION_MALFORMED: Self = Self(9722);
    /// A claim lacks its id, name or metadata.
    pub const CLAIM_INCOMPLETE: Self = Self(9723);
    /// The claim's id is too long.
    pub const CLAIM_ID_TOO_LONG: Self = Self(9724);
    /// The claim's name is too long.
    pub const CLAIM_NAME_TOO_LONG: Self = Self(9725);
    /// The endpoint has another HTTP method.
    pub const WRONG_METHOD: Self = Self(9726);
    /// The content type is not JSON.
    pub const WRONG_CONTENT_TYPE: Self = Self(9727);
    /// The notification URL did not answer the test notification.
    pub const NOTIFICATION_URL_UNREACHABLE: Self = Self(9728);

    /// The service is temporarily unavailable.
    pub const UNAVAILABLE: Self = Self(9729);

    /// Any number, also one that Apple never sent.
    pub const fn new(number: i32) -> Self {
        Self(number)
    }

    /// The number.
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The HTTP status of Apple's documentation; 400 for numbers that it does not list.
    pub fn documented_status(self) -> u16 {
        self.row().map_or(400, |row| row.1)
    }

    /// Its meaning.
    pub fn message(self) -> &'static str {
        self.row().map_or("Unknown error", |row| row.2)
    }

    /// The numbers that service config lists.
    pub(crate) fn listed() -> impl Iterator<Item = Self> {
        TABLE.iter().filter(|row| row.3).map(|row| Self(row.0))
    }

    fn row(self) -> Option<&'static (i32, u16, &'static str, bool)> {
        TABLE.iter().find(|row| row.0 == self.0)
    }
}

impl fmt::Display for ErrorNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Number, documented HTTP status, meaning, and whether Apple's list of 2026 has it. Errors that only ever arrive in
/// events have status 400 here. 9622 and 9645 are observed, not listed; their status is an assumption.
const TABLE: &[(i32, u16, &str, bool)] = &[
    (9601, 401, "Login required", true),
    (9602, 400, "Invalid argument", true),
    (9603, 500, "Internal error", true),
    (9609, 400, "Registered user not found", true),
    (9610, 400, "License not found", false),
    (9621, 401, "The content token has expired", true),
    (9622, 401, "Invalid authentication token", false),
    (9623, 400, "Invalid push token", true),
    (9625, 401, "The content token was revoked", true),
    (9634, 410, "This service was removed", true),
    (9635, 400, "The Apple Account cannot be associated with this user", true),
    (9637, 403, "The account of this token may not do that", true),
    (9641, 400, "The Apple Account is already associated with another user", true),
    (9644, 503, "The service is being maintained", true),
    (9645, 403, "This location is managed by Apple and can only be read", false),
    (9646, 429, "Too many requests for this organization", true),
    (9647, 403, "Not supported for tokens from before locations", true),
    (9650, 400, "The page index must be greater than 0", true),
    (9700, 400, "Too many assets", true),
    (9701, 400, "Too many client user ids", true),
    (9702, 400, "Too many serial numbers", true),
    (9703, 400, "An asset is given twice", true),
    (9704, 400, "A client user id is given twice", true),
    (9705, 400, "A serial number is given twice", true),
    (9706, 400, "The asset cannot be revoked", true),
    (9707, 400, "The asset cannot be assigned to devices", true),
    (9708, 400, "There is no such event", true),
    (9709, 400, "Not enough assets are available", true),
    (9710, 400, "A notification URL needs a token and a token needs a URL", true),
    (9711, 400, "The notification URL or token is too long", true),
    (9712, 400, "The notification URL must be a valid https URL", true),
    (9713, 400, "The metadata of mdmInfo are too long", true),
    (9714, 400, "Too many users", true),
    (9715, 400, "A user is given twice", true),
    (9716, 400, "There is an active user with this client user id", true),
    (9717, 400, "Invalid e-mail address", true),
    (9718, 400, "Assets are required", true),
    (9719, 400, "Client user ids or serial numbers are required", true),
    (9720, 400, "Users are required", true),
    (9721, 400, "Invalid version id", true),
    (9722, 401, "The Authorization header must be `Bearer {sToken}`", true),
    (9723, 400, "mdmInfo must have id, name and metadata", true),
    (9724, 400, "The id of mdmInfo is too long", true),
    (9725, 400, "The name of mdmInfo is too long", true),
    (9726, 405, "The HTTP method is not supported here", true),
    (9727, 415, "The content type is not supported", true),
    (9728, 400, "The notification URL could not be reached", true),
    (9729, 503, "The service is temporarily unavailable", true),
    (9811, 400, "The subscription association is invalid", true),
    (9812, 400, "Invalid cursor", true),
    (9813, 400, "Invalid adamId", true),
    (9814, 400, "No associated user with this client user id", true),
    (9815, 400, "The user is not assigned this adamId", true),
    (9816, 400, "Too many subscriptions or users", true),
    (9817, 400, "The user has this subscription through a group", true),
    (9818, 400, "Subscriptions exist and cannot be disabled", true),
];
