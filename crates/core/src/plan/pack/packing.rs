//! Packing: keys in, requests out.

use std::hash::Hash;

use super::{
    PackLimits, PackedRequest, RequestLimits,
    classes::Classes,
    cut::cut,
    greedy::{Prefer, class_by_class, greedy},
    grow::Effort,
    interned::Interned,
    join::join,
    rectangle::{Class, Rectangle},
};
use crate::{
    catalog::AssetKey,
    id::{ClientUserId, SerialNumber},
};

/// How much is spent on looking for better requests, in looks at an asset of a class. Our choice: about a quarter of a
/// second. The second way to look gets what the first leaves.
const LOOKS: usize = 60_000_000;

/// The part of it that growing once from each asset may take. Where it takes more, nearly every holder needs something
/// else, and the work would be spent before it brings anything.
const ONCE_EACH: usize = LOOKS / 3;

/// Covers exactly the needed pairs of assets and devices with few requests. See [`pack`].
///
/// ```
/// use mdm_vpp_core::{catalog::{AssetKey, PricingParam}, id::{AdamId, SerialNumber}, plan::{PackLimits, pack_devices}};
///
/// let app = AssetKey { adam_id: AdamId::new(361_309_726), pricing_param: PricingParam::Standard };
/// let devices: Vec<SerialNumber> =
///     (0..10_000).map(|n| SerialNumber::new(format!("C02{n:05}"))).collect::<Result<_, _>>()?;
/// let requests = pack_devices(devices.iter().map(|device| (&app, device)), &PackLimits::default());
/// assert_eq!(requests.len(), 10);
/// # Ok::<(), mdm_vpp_core::id::TextIdError>(())
/// ```
#[must_use]
pub fn pack_devices<'a>(
    pairs: impl IntoIterator<Item = (&'a AssetKey, &'a SerialNumber)>,
    limits: &PackLimits,
) -> Vec<PackedRequest<SerialNumber>> {
    pack(pairs, limits.of_devices())
}

/// Covers exactly the needed pairs of assets and users with few requests. See [`pack`].
#[must_use]
pub fn pack_users<'a>(
    pairs: impl IntoIterator<Item = (&'a AssetKey, &'a ClientUserId)>,
    limits: &PackLimits,
) -> Vec<PackedRequest<ClientUserId>> {
    pack(pairs, limits.of_users())
}

/// Covers exactly the needed pairs of assets and holders of one kind with few requests.
///
/// Apple runs a request as every asset for every holder in it, and wants few big requests, not many small ones. So a
/// request is a rectangle of at most `limits.assets` by `limits.holders`, no pair is covered that was not asked for,
/// and none twice. Pairs may come in any order and more than once; the answer depends only on which there are, and is
/// in order.
///
/// To find the fewest rectangles is a hard problem (covering a bipartite graph with bicliques), so this is a
/// heuristic, in three steps that are done in three ways, of which the best counts:
///
/// 1. Holders that need the same assets form a class. Requests are taken out, those that cover most first: inside one
///    class, or grown from an asset by adding what most of its holders need too. The work is bounded; what is left
///    then is cut class by class. (One way only cuts class by class; one prefers requests across classes among equals;
///    the last prefers those inside one class, and is tried with what the work of the other left.)
/// 2. From the point on where it takes fewer requests, the pairs are covered one asset a request.
/// 3. Requests with the same assets, or the same holders, are joined.
///
/// What holds for every input, with `A` and `N` for the limits: at least `ceil(pairs / (A * N))` requests, as any
/// answer must have; at most the sum of `ceil(holders / N)` over the assets (one asset a request); and at most the sum
/// of `ceil(assets / A) * ceil(holders / N)` over the classes. How far it is from the fewest is not bounded beyond
/// that.
#[must_use]
pub fn pack<'a, H: Ord + Hash + Clone + 'a>(
    pairs: impl IntoIterator<Item = (&'a AssetKey, &'a H)>,
    limits: RequestLimits,
) -> Vec<PackedRequest<H>> {
    let Interned { assets, holders, classes } = Interned::read(pairs);
    let finish = |plan| join(cut(plan, assets.len(), limits), limits);
    let mut best = finish(class_by_class(&classes, limits));
    let fewest_possible = fewest_possible(&classes, limits)
        .max(assets.len().div_ceil(limits.most_assets()))
        .max(holders.len().div_ceil(limits.most_holders()));
    let mut effort = Effort::new(looks(&classes));
    for prefer in [Prefer::ManyClasses, Prefer::OneClass] {
        if best.len() <= fewest_possible || effort.is_spent() {
            break;
        }
        let table = Classes::new(&classes, assets.len(), limits);
        let plan = finish(greedy(table, assets.len(), limits, prefer, &mut effort));
        if plan.len() < best.len() {
            best = plan;
        }
    }
    let mut requests: Vec<_> =
        best.into_iter().map(|rectangle| request(&rectangle, &assets, &holders)).collect();
    requests.sort_unstable();
    requests
}

/// How much is spent on these.
fn looks(classes: &[Class]) -> usize {
    let once = |class: &Class| class.assets.len().saturating_mul(class.assets.len());
    if classes.iter().map(once).fold(0, usize::saturating_add) <= ONCE_EACH { LOOKS } else { 0 }
}

/// No plan has fewer requests than its pairs fill.
fn fewest_possible(classes: &[Class], limits: RequestLimits) -> usize {
    let pairs: usize =
        classes.iter().map(|class| class.assets.len().saturating_mul(class.holders.len())).sum();
    pairs.div_ceil(limits.most_assets().saturating_mul(limits.most_holders()).max(1))
}

fn request<H: Clone>(rectangle: &Rectangle, assets: &[&AssetKey], holders: &[&H]) -> PackedRequest<H> {
    let asset = |number: &usize| assets.get(*number).map(|asset| (*asset).clone());
    let holder = |number: &usize| holders.get(*number).map(|holder| (*holder).clone());
    PackedRequest {
        assets: rectangle.assets.iter().filter_map(asset).collect(),
        holders: rectangle.holders.iter().filter_map(holder).collect(),
    }
}
