//! Service config: the same for everybody, without a token.

use std::collections::BTreeMap;

use crate::endpoint::Endpoint;
use crate::error_number::ErrorNumber;
use crate::model::Service;
use crate::wire::{ErrorCode, ServiceConfigReply, names, paths};

pub(super) fn reply(service: &Service) -> ServiceConfigReply {
    let base = service.base_url();
    let mut urls: BTreeMap<String, String> = Endpoint::ALL
        .into_iter()
        .filter_map(|endpoint| {
            Some((paths::url_name(endpoint)?.to_owned(), base.of_endpoint(endpoint.path())))
        })
        .collect();
    urls.insert(paths::INVITATION_NAME.to_owned(), base.of_endpoint(paths::INVITATION));
    ServiceConfigReply {
        error_codes: ErrorNumber::listed()
            .map(|number| ErrorCode {
                error_message: number.message().to_owned(),
                error_number: number.number(),
            })
            .collect(),
        limits: ServiceConfigReply::limits(&service.limits),
        notification_types: names::NOTIFICATION_TYPES.map(str::to_owned).to_vec(),
        urls,
    }
}
