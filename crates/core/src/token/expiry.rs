//! When a token ends: the date formats that Apple's services and old files use.

use chrono::{DateTime, NaiveDateTime, Utc};

/// Reads an expiry date as it stands in token files (`expDate`) and in replies (`tokenExpirationDate`).
///
/// Accepted are `Z`, `+hhmm`, `+hh:mm` and `+hh` as offset, fractions of a second, and no offset at all, which
/// means UTC. Everything is turned into UTC. Anything else is `None`.
///
/// Sources: Apple's documentation shows `2030-11-08T22:33:22+0000`; the other forms were seen in files and in
/// clients in the wild.
///
/// ```
/// use mdm_vpp_core::token::parse_expiry;
///
/// let apple = parse_expiry("2030-11-08T22:33:22+0000");
/// assert!(apple.is_some());
/// assert_eq!(apple, parse_expiry("2030-11-09T00:33:22+02:00"));
/// ```
#[must_use]
pub fn parse_expiry(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let with_offset = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%#z").map(|at| at.to_utc());
    let without = || NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").map(|at| at.and_utc());
    with_offset.or_else(|_| without()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_one_instant_is_that_instant() {
        let instant = parse_expiry("2020-12-31T11:57:19+0000");
        assert!(instant.is_some());
        for spelling in [
            "2020-12-31T11:57:19Z",
            "2020-12-31T11:57:19z",
            "2020-12-31T11:57:19",
            "2020-12-31T13:57:19+02:00",
            "2020-12-31T13:57:19+0200",
            "2020-12-31T13:57:19+02",
            "2020-12-31T04:57:19-0700",
            " 2020-12-31T11:57:19+0000\n",
        ] {
            assert_eq!(parse_expiry(spelling), instant, "{spelling:?}");
        }
        assert_eq!(
            parse_expiry("2020-12-31T11:57:19.250Z").map(|at| at.timestamp_millis()),
            instant.map(|at| at.timestamp_millis() + 250)
        );
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for wrong in
            ["", "soon", "2020-13-01T00:00:00Z", "2020-12-31", "1609415839000", "2020-12-31T11:57:19+99:99"]
        {
            assert_eq!(parse_expiry(wrong), None, "{wrong:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[+-]?[0-9]{4,7}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{0,12})?(Z|[+-][0-9:]{0,6})?") {
            let _ = parse_expiry(&text);
        }
    }
}
