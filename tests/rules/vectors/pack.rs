//! `pack.json`: the needed pairs of assets and holders, in few requests.

use mdm_vpp::{
    catalog::AssetKey,
    id::{ClientUserId, SerialNumber},
    plan::{PackLimits, pack_devices, pack_users},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::cases::check;

const FILE: &str = include_str!("../../vectors/pack.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    holders: Holders,
    limits: PackLimits,
    pairs: Vec<Pair>,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Holders {
    Devices,
    Users,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    asset: AssetKey,
    holder: String,
}

fn decide(Input { holders, limits, pairs }: &Input) -> Value {
    match holders {
        Holders::Devices => {
            let pairs = known(pairs, SerialNumber::new);
            json!({"requests": pack_devices(pairs.iter().map(|(asset, device)| (*asset, device)), limits)})
        }
        Holders::Users => {
            let pairs = known(pairs, ClientUserId::new);
            json!({"requests": pack_users(pairs.iter().map(|(asset, user)| (*asset, user)), limits)})
        }
    }
}

fn known<'a, H, E: std::fmt::Debug>(
    pairs: &'a [Pair],
    holder: impl Fn(&'a str) -> Result<H, E>,
) -> Vec<(&'a AssetKey, H)> {
    pairs.iter().map(|pair| (&pair.asset, holder(&pair.holder).unwrap())).collect()
}

#[test]
fn every_packing_is_that_of_the_vectors() {
    check(FILE, decide).unwrap_or_else(|wrong| panic!("{wrong}"));
}
