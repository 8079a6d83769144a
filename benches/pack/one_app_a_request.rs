//! The baseline: what a client does that does not pack.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp::{
    catalog::AssetKey,
    id::SerialNumber,
    plan::{PackLimits, PackedRequest},
};

use crate::inputs::Pair;

/// Each app by itself, its devices in requests as large as allowed.
pub(crate) fn pack(pairs: &[Pair], limits: &PackLimits) -> Vec<PackedRequest<SerialNumber>> {
    let mut by_app: BTreeMap<&AssetKey, BTreeSet<&SerialNumber>> = BTreeMap::new();
    for (asset, device) in pairs {
        by_app.entry(asset).or_default().insert(device);
    }
    let mut requests = Vec::new();
    for (asset, devices) in by_app {
        let devices: Vec<_> = devices.into_iter().collect();
        requests.extend(devices.chunks(limits.max_serial_numbers.get() as usize).map(|devices| {
            let holders = devices.iter().map(|device| (*device).clone()).collect();
            PackedRequest { assets: vec![asset.clone()], holders }
        }));
    }
    requests
}
