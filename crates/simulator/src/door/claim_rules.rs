//! What a write of client config may hold. Numbers are Apple's documentation, their order is an assumption.

use crate::error_number::ErrorNumber;
use crate::model::{Limits, too_long};
use crate::wire::{ClientConfigRequest, MdmInfo, names};

pub(super) fn check(wanted: &ClientConfigRequest, limits: &Limits) -> Result<(), ErrorNumber> {
    if let Some(info) = &wanted.mdm_info {
        check_claim(info, limits)?;
    }
    match (&wanted.notification_url, &wanted.notification_auth_token) {
        (None, None) => {}
        (Some(url), Some(token)) => {
            if [url, token].iter().any(|text| too_long(text, limits.max_notification_length, 512)) {
                return Err(ErrorNumber::NOTIFICATION_TOO_LONG);
            }
            if !is_plain_https(url) {
                return Err(ErrorNumber::NOTIFICATION_URL);
            }
        }
        _ => return Err(ErrorNumber::NOTIFICATION_PAIR),
    }
    let mut kinds = wanted.notification_types.iter().flatten();
    if kinds.all(|kind| names::is_notification_type(kind)) {
        Ok(())
    } else {
        Err(ErrorNumber::INVALID_ARGUMENT)
    }
}

fn check_claim(info: &MdmInfo, limits: &Limits) -> Result<(), ErrorNumber> {
    let (Some(id), Some(name), Some(metadata)) = (&info.id, &info.name, &info.metadata) else {
        return Err(ErrorNumber::CLAIM_INCOMPLETE);
    };
    if too_long(id, limits.max_mdm_id_length, 100) {
        return Err(ErrorNumber::CLAIM_ID_TOO_LONG);
    }
    if too_long(name, limits.max_mdm_name_length, 100) {
        return Err(ErrorNumber::CLAIM_NAME_TOO_LONG);
    }
    if too_long(metadata, limits.max_mdm_metadata_length, 255) {
        return Err(ErrorNumber::CLAIM_METADATA_TOO_LONG);
    }
    Ok(())
}

/// https, a host and at most a path: no user, query or fragment.
fn is_plain_https(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://") else { return false };
    let host = rest.split('/').next().unwrap_or_default();
    let odd = |c: char| matches!(c, '?' | '#' | '@' | '\\') || c.is_whitespace() || c.is_control();
    !host.is_empty() && !host.starts_with(':') && !rest.contains(odd)
}

#[cfg(test)]
mod tests {
    use super::is_plain_https;

    #[test]
    fn a_notification_url_is_https_with_host_and_path_only() {
        for good in ["https://mdm.example.org", "https://mdm.example.org:8443/aab/1"] {
            assert!(is_plain_https(good), "{good}");
        }
        for bad in [
            "",
            "http://x",
            "https://",
            "https:///a",
            "https://x?a",
            "https://x/#a",
            "https://a@x",
            "https://x y",
        ] {
            assert!(!is_plain_https(bad), "{bad}");
        }
    }
}
