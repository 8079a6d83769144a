//! What the simulator covers, and an honest list of where it differs from Apple.

use std::fmt::Write as _;

use crate::endpoint::Endpoint;

/// Where the simulator differs from Apple, knowingly, or had to guess. One sentence each.
pub const DIFFERENCES: &[&str] = &[
    "No notification is sent, not even the test notification while client config is written, so 9728 never occurs \
     by itself; URL, token and kinds are stored and echoed.",
    "Requests per second are not judged: 9646 comes only from a fault.",
    "Service config lists the URLs of all endpoints; those not covered are answered with status 501 and plain text.",
    "A request body above 1 MiB is answered with status 413 and error 9602; Apple's own limit is unknown.",
    "A path that Apple does not have is answered with status 404 and plain text.",
    "The text of error messages is the simulator's own; numbers are Apple's.",
    "9622 and 9645 have the statuses 401 and 403 in the documented mode; Apple lists none for them.",
    "A changed password kills tokens with 9625; Apple documents the death, not the number.",
    "When several conditions of a token hold, the order is: header, unknown, expired, revoked, role, legacy, managed \
     by Apple.",
    "Errors carry the location's id, the token's expiration date and the claim unless the token is dead or the error \
     comes from a fault; Apple's samples of errors show only number, message and info.",
    "Tokens are decoded leniently: padding may be missing, the URL-safe alphabet is understood.",
    "A claim with empty texts is accepted and shown; one that is not complete is refused with 9723.",
    "The syntax of the notification token is not checked.",
    "The rules for client config are judged in this order: claim (9723, 9724, 9725, 9713), pair (9710), length (9711), \
     URL (9712), kinds (9602).",
    "A list of assets without records is one empty page; a wrong value of a filter is 9602, unknown parameters are \
     ignored, of repeated ones the first counts.",
    "`unlimitedAssets` is present, and `assets` empty, only with `unlimited=true`; an unlimited asset shown among the \
     others has an available count of 2147483647 less what is assigned.",
    "Retired licenses do not exist; the retired count is 0.",
    "Assets are listed in the order of their ids; a page is cut anew for every request, so a change between two pages \
     moves records from one to the other.",
    "There are no assignments yet: the assigned count is what a test set.",
    "The metadata lookup shows the same under `enterprisestore` and `volumestore`, iOS apps never under \
     `macappstore`, and answers other platforms with nothing.",
    "The lookup's kinds `desktopApp` and `ebook` are guesses; its results have fewer members than Apple's.",
    "Artwork and store URLs point to hosts that exist nowhere.",
    "Legacy tokens and management by Apple are marks of a location, for all its tokens.",
];

/// The table of endpoints and the list of differences, as text for people. Each line ends in a line feed.
pub fn coverage() -> String {
    let mut text = String::from("Endpoints\n");
    for endpoint in Endpoint::ALL {
        let covered = if endpoint.is_covered() { "covered" } else { "not yet" };
        let (method, path) = (endpoint.method(), endpoint.path());
        // Writing to a string does not fail.
        let _written = writeln!(text, "  {covered}  {method:4} {path:<45} {}", endpoint.about());
    }
    text.push_str("\nDiffers from Apple here\n");
    for difference in DIFFERENCES {
        let _written = writeln!(text, "  - {difference}");
    }
    text
}
