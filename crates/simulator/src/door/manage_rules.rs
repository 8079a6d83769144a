//! What a request to give or take assets may hold. Numbers are Apple's documentation, their order is an assumption.

use std::collections::BTreeSet;

use crate::endpoint::Endpoint;
use crate::error_number::ErrorNumber;
use crate::events::Work;
use crate::model::{AssetKey, ClientUserId, Holder, Limits, Location, PricingParam, too_many};
use crate::wire::{AssetName, ManageAssetsRequest};

/// The work that a request asks for: missing parts are judged first, then repetitions, limits, assets, and users.
pub(super) fn work(
    endpoint: Endpoint,
    wanted: ManageAssetsRequest,
    location: &Location,
    limits: &Limits,
) -> Result<Work, ErrorNumber> {
    let users = wanted.client_user_ids.unwrap_or_default();
    let devices = wanted.serial_numbers.unwrap_or_default();
    let names = wanted.assets.unwrap_or_default();
    let revokes = endpoint == Endpoint::RevokeAssets;
    if names.is_empty() && !revokes {
        return Err(ErrorNumber::ASSETS_MISSING);
    }
    if users.is_empty() && devices.is_empty() {
        return Err(ErrorNumber::HOLDERS_MISSING);
    }
    if users.iter().chain(&devices).any(String::is_empty) {
        return Err(ErrorNumber::INVALID_ARGUMENT);
    }
    let assets = if revokes { Vec::new() } else { names.iter().map(key).collect::<Result<_, _>>()? };
    none_twice(&assets, ErrorNumber::DUPLICATE_ASSETS)?;
    none_twice(&users, ErrorNumber::DUPLICATE_CLIENT_USER_IDS)?;
    none_twice(&devices, ErrorNumber::DUPLICATE_SERIAL_NUMBERS)?;
    check_limits(revokes, [assets.len(), users.len(), devices.len()], limits)?;
    for key in &assets {
        let asset = location.assets.get(key).ok_or(ErrorNumber::INVALID_ARGUMENT)?;
        if endpoint == Endpoint::AssociateAssets && !devices.is_empty() && !asset.device_assignable {
            return Err(ErrorNumber::NOT_DEVICE_ASSIGNABLE);
        }
        if endpoint == Endpoint::DisassociateAssets && !asset.revocable() {
            return Err(ErrorNumber::NOT_REVOCABLE);
        }
    }
    let users: Vec<_> = users.iter().map(|id| ClientUserId::new(id)).collect();
    if users.iter().any(|id| location.users.active(id).is_none()) {
        return Err(ErrorNumber::USER_NOT_FOUND);
    }
    let devices = devices.iter().map(|serial_number| Holder::device(serial_number));
    let holders = users.into_iter().map(Holder::User).chain(devices).collect();
    Ok(if revokes { Work::Everything { holders } } else { Work::Product { assets, holders } })
}

fn check_limits(revokes: bool, counts: [usize; 3], limits: &Limits) -> Result<(), ErrorNumber> {
    let [assets, users, devices] = counts;
    let (most_users, most_devices, documented) = if revokes {
        (limits.max_revoke_client_user_ids, limits.max_revoke_serial_numbers, 100)
    } else {
        (limits.max_client_user_ids, limits.max_serial_numbers, 1000)
    };
    if too_many(assets, limits.max_assets, 25) {
        Err(ErrorNumber::TOO_MANY_ASSETS)
    } else if too_many(users, most_users, documented) {
        Err(ErrorNumber::TOO_MANY_CLIENT_USER_IDS)
    } else if too_many(devices, most_devices, documented) {
        Err(ErrorNumber::TOO_MANY_SERIAL_NUMBERS)
    } else {
        Ok(())
    }
}

/// An asset without a quality is one of standard quality, as in Apple's samples.
fn key(name: &AssetName) -> Result<AssetKey, ErrorNumber> {
    let adam_id = name.adam_id.parse().map_err(|_| ErrorNumber::INVALID_ARGUMENT)?;
    let param = match &name.pricing_param {
        Some(param) => param.parse().map_err(|()| ErrorNumber::INVALID_ARGUMENT)?,
        None => PricingParam::Standard,
    };
    Ok(AssetKey::new(adam_id, param))
}

pub(super) fn none_twice<T: Ord>(list: &[T], number: ErrorNumber) -> Result<(), ErrorNumber> {
    let mut seen = BTreeSet::new();
    if list.iter().all(|entry| seen.insert(entry)) { Ok(()) } else { Err(number) }
}
