//! Service config: the same for everybody, without a token.

use std::collections::BTreeMap;

use crate::endpoint::Endpoint;
use crate::error_number::ErrorNumber;
use crate::model::Service;
use crate::wire::{ErrorCode, ServiceConfigReply};

/// Kinds of notification that the service knows (Apple's documentation, 2026).
const NOTIFICATION_TYPES: [&str; 7] = [
    "ASSET_MANAGEMENT",
    "USER_MANAGEMENT",
    "USER_ASSOCIATED",
    "ASSET_COUNT",
    "SUBSCRIPTION_MANAGEMENT",
    "SUBSCRIPTION_COUNT",
    "UNLIMITED_ASSET",
];

/// Where a user accepts an invitation; the placeholder stands percent-encoded in Apple's own reply too.
const INVITATION: &str =
    "/WebObjects/MZFinance.woa/wa/associateVPPUserWithITSAccount?inviteCode=%25inviteCode%25&mt=8";

/// Whether an MDM may subscribe to this kind.
pub(super) fn is_notification_type(kind: &str) -> bool {
    kind == "TEST_NOTIFICATION" || NOTIFICATION_TYPES.contains(&kind)
}

pub(super) fn reply(service: &Service) -> ServiceConfigReply {
    let base = service.base_url();
    let mut urls: BTreeMap<String, String> = Endpoint::ALL
        .into_iter()
        .filter_map(|endpoint| Some((endpoint.url_name()?.to_owned(), base.of_endpoint(&endpoint.path()))))
        .collect();
    urls.insert("invitationEmail".to_owned(), base.of_endpoint(INVITATION));
    ServiceConfigReply {
        error_codes: ErrorNumber::listed()
            .map(|number| ErrorCode {
                error_message: number.message().to_owned(),
                error_number: number.number(),
            })
            .collect(),
        limits: ServiceConfigReply::limits(&service.limits),
        notification_types: NOTIFICATION_TYPES.map(str::to_owned).to_vec(),
        urls,
    }
}
