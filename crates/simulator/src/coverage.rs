//! The endpoints that the simulator covers, and the points in which it differs from Apple.

use std::fmt::Write as _;

use crate::apple::Endpoint;

/// The points in which the simulator differs from Apple on purpose, or had to guess.
pub const DIFFERENCES: &[&str] = &[
    "The HTTP server posts notifications only where the tester named an address for it, and there in plain http; \
     otherwise they wait to be taken and the test notification succeeds. Attempts and pauses are Apple's \
     documentation; a notification counts as not received when the receiver takes longer than 10 seconds.",
    "A test notification is sent only by a request that sets the notification URL.",
    "Notifications about an event are made when it is finished: tasks done first, then tasks failed, by number.",
    "No notification is sent about an asset that becomes unlimited, because Apple documents no content, nor about \
     assignments that another product makes through the portal.",
    "Requests per second are counted per location once a token is found alive: a bucket of one second, refilled \
     evenly. While the clock stands they are not judged, a setting. The lookup and service config are never limited.",
    "A token can be revoked for too many inventory requests at once, a setting that is off; the rule and all of its \
     numbers are an assumption.",
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
    "The rules for client config are judged in this order: claim (9723, 9724, 9725, 9713), pair (9710), length \
     (9711), URL (9712), kinds (9602).",
    "A list of assets without records is one empty page; a wrong value of a filter is 9602, unknown parameters are \
     ignored, of repeated ones the first counts.",
    "`unlimitedAssets` is present, and `assets` empty, only with `unlimited=true`; an unlimited asset shown among the \
     others has an available count of 2147483647 less what is assigned.",
    "Assets are listed in the order of their ids; a page is cut anew for every request, so a change between two pages \
     moves records from one to the other.",
    "Assignments are listed asset by asset, in the order in which they were given; when one goes, the last of its \
     asset takes its place. A filter that nothing matches leaves one empty page.",
    "Deltas are listed in the order of assets and holders and show what was touched and is still there; a setting \
     lists also what is gone. Versions are per list; each list remembers 200 000 changes, a setting.",
    "A version in another form than the simulator's own is 9721, not 9602.",
    "Requests that give or take assets are judged in this order: assets missing (9718), holders missing (9719), empty \
     ids and ids that are none (9602), repetitions (9703, 9704, 9705), limits (9700, 9701, 9702), assets not owned \
     (9602), 9707 for an association and 9706 for a disassociation asset by asset, users not active (9609).",
    "Requests about users are judged in this order: users missing (9720), ids missing (9602), repetitions (9715), the \
     limit (9714), addresses (9717), users not known (9609, of updates and retirements; one retired before is retired \
     once more with success).",
    "An event counts the tasks that did not fail as completed. The error info of a failure lists all assets and all \
     holders of its number, as Apple's shape has no pairs.",
    "A revocation counts its tasks, one for each assignment found, when it is accepted and again when it begins.",
    "Events are remembered for 24 hours after they were finished, a setting; an event of another location is 9708 \
     too, a missing event id 9602.",
    "The portal can give assets to users that are not known; a list without inactive users leaves them out of books \
     only.",
    "Only free seats can be given back, and they leave the total; a transfer takes no time.",
    "A lag hides assignments and the counts of assets, never users.",
    "The notification of a retirement names the user; the assets that are taken are in no notification.",
    "An older user of the same id and Apple Account comes back when the invitation is accepted or the account is \
     named, and the newer one is Deleted; Apple documents it for the first API only.",
    "Licenses held for good by users that are not active are shown with the last user of that id.",
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
        let (method, path) = (endpoint.method(), endpoint.path());
        // Writing to a string does not fail.
        let _written = writeln!(text, "  {method:4} {path:<45} {}", endpoint.about());
    }
    text.push_str("\nDiffers from Apple here\n");
    for difference in DIFFERENCES {
        let _written = writeln!(text, "  - {difference}");
    }
    text
}
