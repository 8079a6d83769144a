//! Apple's error numbers, each with its class and the HTTP status that Apple documents for it.

use super::ErrorClass::{
    self, Claimed, Conflict, NeedsPerson, NotEnoughLicenses, PermanentRequest, RateLimited, TokenExpired,
    TokenRefused, Transient,
};

/// An entry of the table of Apple's error numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorEntry {
    /// Apple's `errorNumber`.
    pub number: u32,
    /// The class, which says what it asks of a client.
    pub class: ErrorClass,
    /// The HTTP status that Apple documents for it; `None` when it occurs only in events or was documented for the
    /// older interface. Do not rely on it, because Apple sends errors with status 200 too (observed).
    pub http_status: Option<u16>,
    /// The meaning, in our words.
    pub meaning: &'static str,
}

/// An entry; a status of 0 stands for none.
const fn entry(number: u32, class: ErrorClass, status: u16, meaning: &'static str) -> ErrorEntry {
    let http_status = if status == 0 { None } else { Some(status) };
    ErrorEntry { number, class, http_status, meaning }
}

/// All error numbers that Apple documents or that were observed, in ascending order. The classes are ours.
#[rustfmt::skip]
pub const ERROR_TABLE: &[ErrorEntry] = &[
    entry(9600, PermanentRequest, 0, "required argument missing"),
    entry(9601, TokenRefused, 401, "login required"),
    entry(9602, PermanentRequest, 400, "invalid argument"),
    entry(9603, Transient, 500, "internal error"),
    entry(9604, Conflict, 0, "result not found"),
    entry(9605, NeedsPerson, 0, "account of another storefront"),
    entry(9606, Transient, 0, "token could not be constructed"),
    entry(9607, PermanentRequest, 0, "license cannot be revoked"),
    entry(9608, Transient, 0, "no answer from a service behind"),
    entry(9609, Conflict, 400, "registered user not found"),
    entry(9610, NotEnoughLicenses, 0, "license not found"),
    entry(9611, TokenRefused, 0, "administrator not found"),
    entry(9612, Transient, 0, "claim job not created"),
    entry(9613, Transient, 0, "unclaim job not created"),
    entry(9614, PermanentRequest, 0, "date not valid"),
    entry(9615, NeedsPerson, 0, "country of the organization not found"),
    entry(9616, Conflict, 0, "license already assigned"),
    entry(9617, Transient, 0, "service has moved"),
    entry(9618, Conflict, 0, "user already retired"),
    entry(9619, Conflict, 0, "license not associated"),
    entry(9620, Conflict, 0, "user already deleted"),
    entry(9621, TokenExpired, 401, "token expired"),
    entry(9622, TokenRefused, 0, "token not valid"),
    entry(9623, PermanentRequest, 400, "push token not valid"),
    entry(9624, Conflict, 0, "license refunded"),
    entry(9625, TokenRefused, 401, "token revoked by Apple"),
    entry(9626, Transient, 0, "license assigned to another user"),
    entry(9627, RateLimited, 0, "license was reassigned too often"),
    entry(9628, PermanentRequest, 0, "not eligible for device assignment"),
    entry(9629, PermanentRequest, 0, "token and batch token do not match"),
    entry(9630, RateLimited, 0, "too many identical assignments of an assigned license"),
    entry(9631, RateLimited, 0, "too many identical assignments without a license"),
    entry(9632, RateLimited, 0, "too many identical calls"),
    entry(9633, Conflict, 0, "batch token not recoverable"),
    entry(9634, PermanentRequest, 410, "service or feature removed"),
    entry(9635, NeedsPerson, 0, "Apple Account cannot be associated with this user"),
    entry(9636, Conflict, 0, "registered user not found"),
    entry(9637, NeedsPerson, 403, "operation not allowed for this account's role"),
    entry(9638, NeedsPerson, 0, "content manager without organization"),
    entry(9639, NeedsPerson, 0, "facilitator not found"),
    entry(9640, NeedsPerson, 0, "facilitator details not available"),
    entry(9641, Conflict, 0, "Apple Account already associated with another user"),
    entry(9642, NeedsPerson, 0, "store terms not accepted"),
    entry(9643, Transient, 0, "license locked by a transfer"),
    entry(9644, Transient, 0, "maintenance"),
    entry(9645, Claimed, 0, "location managed by Apple"),
    entry(9646, RateLimited, 429, "too many requests for this organization"),
    entry(9647, NeedsPerson, 403, "not supported for legacy tokens"),
    entry(9649, PermanentRequest, 0, "page index needed with a request id"),
    entry(9650, Conflict, 400, "page index out of range"),
    entry(9700, PermanentRequest, 400, "too many assets in one request"),
    entry(9701, PermanentRequest, 400, "too many client user ids in one request"),
    entry(9702, PermanentRequest, 400, "too many serial numbers in one request"),
    entry(9703, PermanentRequest, 400, "assets named twice"),
    entry(9704, PermanentRequest, 400, "client user ids named twice"),
    entry(9705, PermanentRequest, 400, "serial numbers named twice"),
    entry(9706, PermanentRequest, 400, "asset not revocable"),
    entry(9707, PermanentRequest, 400, "asset not assignable to devices"),
    entry(9708, Conflict, 400, "event not found"),
    entry(9709, NotEnoughLicenses, 0, "not enough assets available"),
    entry(9710, PermanentRequest, 400, "notification URL and token go together"),
    entry(9711, PermanentRequest, 400, "notification URL or token too long"),
    entry(9712, PermanentRequest, 400, "notification URL must be https"),
    entry(9713, PermanentRequest, 400, "claim metadata too long"),
    entry(9714, PermanentRequest, 400, "too many users in one request"),
    entry(9715, PermanentRequest, 400, "users named twice"),
    entry(9716, Conflict, 0, "active user with this client user id exists"),
    entry(9717, PermanentRequest, 400, "e-mail address not valid"),
    entry(9718, PermanentRequest, 400, "assets missing"),
    entry(9719, PermanentRequest, 400, "client user ids or serial numbers missing"),
    entry(9720, PermanentRequest, 400, "users missing"),
    entry(9721, Conflict, 400, "version id not valid"),
    entry(9722, PermanentRequest, 401, "authorization header malformed"),
    entry(9723, PermanentRequest, 400, "claim needs id, name and metadata"),
    entry(9724, PermanentRequest, 400, "claim id too long"),
    entry(9725, PermanentRequest, 400, "claim name too long"),
    entry(9726, PermanentRequest, 405, "HTTP method not supported"),
    entry(9727, PermanentRequest, 415, "content type not supported"),
    entry(9728, NeedsPerson, 400, "notification URL not reachable"),
    entry(9729, Transient, 503, "service temporarily unavailable"),
    entry(9811, PermanentRequest, 400, "subscription association not valid"),
    entry(9812, Conflict, 400, "cursor not valid"),
    entry(9813, PermanentRequest, 400, "app id not valid"),
    entry(9814, Conflict, 400, "no associated user with this client user id"),
    entry(9815, Conflict, 400, "user does not hold this app"),
    entry(9816, PermanentRequest, 400, "too many subscriptions or users in one request"),
    entry(9817, Conflict, 400, "user has this subscription through a group"),
    entry(9818, Conflict, 400, "subscriptions exist"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_ascends_and_names_nothing_twice() {
        assert!(ERROR_TABLE.windows(2).all(|pair| pair[0].number < pair[1].number));
    }

    #[test]
    fn only_the_two_numbers_of_a_missing_user_have_the_same_meaning() {
        let mut meanings: Vec<_> = ERROR_TABLE.iter().map(|entry| entry.meaning).collect();
        meanings.sort_unstable();
        meanings.dedup();
        assert_eq!(meanings.len(), ERROR_TABLE.len() - 1);
    }
}
