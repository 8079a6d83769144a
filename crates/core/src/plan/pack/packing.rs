//! Packing: keys in, requests out.

use std::{collections::BTreeMap, hash::Hash};

use super::{
    PackLimits, PackedRequest, RequestLimits,
    classes::{Class, Classes, Rectangle},
    greedy::{Effort, Prefer, class_by_class, greedy},
    numbers::Interned,
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

/// Keeps the first requests, and covers the pairs of the others asset by asset, where that takes the fewest requests
/// in all. To keep none is one of the ways that are compared, so the result is never larger than one asset a request;
/// to keep all is another, so it is never larger than what was given.
pub(super) fn cut(rectangles: Vec<Rectangle>, assets: usize, limits: RequestLimits) -> Vec<Rectangle> {
    let kept = best_cut(&rectangles, assets, limits);
    let mut rectangles = rectangles.into_iter();
    let mut plan: Vec<Rectangle> = rectangles.by_ref().take(kept).collect();
    let mut columns = vec![Vec::new(); assets];
    for rectangle in rectangles {
        for asset in &rectangle.assets {
            if let Some(column) = columns.get_mut(*asset) {
                column.extend_from_slice(&rectangle.holders);
            }
        }
    }
    for (asset, mut column) in columns.into_iter().enumerate() {
        column.sort_unstable();
        let parts = column.chunks(limits.most_holders().max(1));
        plan.extend(parts.map(|holders| Rectangle { assets: vec![asset], holders: holders.to_vec() }));
    }
    plan
}

/// How many requests are kept.
fn best_cut(rectangles: &[Rectangle], assets: usize, limits: RequestLimits) -> usize {
    let mut degrees = vec![0usize; assets];
    for rectangle in rectangles {
        for asset in &rectangle.assets {
            if let Some(degree) = degrees.get_mut(*asset) {
                *degree = degree.saturating_add(rectangle.holders.len());
            }
        }
    }
    let requests = |degree: usize| degree.div_ceil(limits.most_holders().max(1));
    let mut columns: usize = degrees.iter().map(|degree| requests(*degree)).sum();
    let mut best = (columns, 0);
    for (kept, rectangle) in (1..).zip(rectangles) {
        for asset in &rectangle.assets {
            if let Some(degree) = degrees.get_mut(*asset) {
                let before = requests(*degree);
                *degree = degree.saturating_sub(rectangle.holders.len());
                columns = columns.saturating_sub(before.saturating_sub(requests(*degree)));
            }
        }
        let total = columns.saturating_add(kept);
        if total <= best.0 {
            best = (total, kept);
        }
    }
    best.1
}

/// Puts together requests with the same assets, then those with the same holders, until that spares nothing more.
pub(super) fn join(mut plan: Vec<Rectangle>, limits: RequestLimits) -> Vec<Rectangle> {
    loop {
        let before = plan.len();
        plan = join_by(
            plan,
            limits.most_holders(),
            |one| (one.assets, one.holders),
            |assets, holders| Rectangle { assets, holders },
        );
        plan = join_by(
            plan,
            limits.most_assets(),
            |one| (one.holders, one.assets),
            |holders, assets| Rectangle { assets, holders },
        );
        if plan.len() >= before {
            return plan;
        }
    }
}

/// Requests whose first side is the same share it, and their second sides are laid end to end.
fn join_by(
    plan: Vec<Rectangle>,
    most: usize,
    sides: fn(Rectangle) -> (Vec<usize>, Vec<usize>),
    build: fn(Vec<usize>, Vec<usize>) -> Rectangle,
) -> Vec<Rectangle> {
    let mut by_side: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    for rectangle in plan {
        let (mut same, mut other) = sides(rectangle);
        same.sort_unstable();
        by_side.entry(same).or_default().append(&mut other);
    }
    let mut joined = Vec::new();
    for (same, mut other) in by_side {
        other.sort_unstable();
        joined.extend(other.chunks(most.max(1)).map(|part| build(same.clone(), part.to_vec())));
    }
    joined
}
