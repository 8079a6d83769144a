//! The packing of needed pairs into requests: the search for a plan, and two steps that improve it.

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

/// Work that may be spent on better requests, in visits of one asset of one class. Ours: about a quarter of a second.
/// The second search gets what the first leaves.
const VISITS: usize = 60_000_000;

/// The work above which nothing is searched, in visits: what growing once from each asset would take. Ours: above it
/// nearly every holder needs other assets, and the work would be spent before it finds anything.
const ONCE_EACH: usize = VISITS / 3;

/// Packs the needed pairs of assets and devices into few requests. See [`pack`].
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

/// Packs the needed pairs of assets and users into few requests. See [`pack`].
#[must_use]
pub fn pack_users<'a>(
    pairs: impl IntoIterator<Item = (&'a AssetKey, &'a ClientUserId)>,
    limits: &PackLimits,
) -> Vec<PackedRequest<ClientUserId>> {
    pack(pairs, limits.of_users())
}

/// Packs the needed pairs of assets and holders of one kind into few requests.
///
/// Apple runs a request as every asset for every holder in it, and asks for few large requests instead of many small
/// ones. So a request is a rectangle of at most `limits.assets` by `limits.holders`. Exactly the needed pairs are
/// covered, each once. Pairs may come in any order and more than once; the result depends only on the set of pairs, and
/// is in order.
///
/// Finding the fewest rectangles is a hard problem (the cover of a bipartite graph by bicliques). This is a heuristic
/// of three steps:
///
/// 1. Holders that need the same assets form a class. Requests are taken out, those that cover most pairs first: within
///    one class, or grown from an asset by adding what most of its holders need too. The work is bounded; when it is
///    spent, the rest is cut class by class.
/// 2. From the request on where it needs fewer requests, the pairs are covered with one asset a request.
/// 3. Requests with the same assets, or with the same holders, are joined.
///
/// The best of three plans is returned. The first only cuts class by class. Of requests that cover equally many pairs,
/// the second prefers those across classes, and the third, with the work that the second left, those within one class.
///
/// With `A` and `N` for the limits, every result has at least `ceil(pairs / (A * N))` requests, as any packing must. It
/// has at most the sum of `ceil(holders / N)` over the assets (one asset a request), and at most the sum of
/// `ceil(assets / A) * ceil(holders / N)` over the classes. Its distance from the fewest requests has no other bound.
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
    let mut effort = Effort::new(visits(&classes));
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

/// The work that may be spent on these classes.
fn visits(classes: &[Class]) -> usize {
    let once = |class: &Class| class.assets.len().saturating_mul(class.assets.len());
    if classes.iter().map(once).fold(0, usize::saturating_add) <= ONCE_EACH { VISITS } else { 0 }
}

/// The number of full requests that the pairs would fill. No plan has fewer requests.
fn fewest_possible(classes: &[Class], limits: RequestLimits) -> usize {
    let pairs: usize =
        classes.iter().map(|class| class.assets.len().saturating_mul(class.holders.len())).sum();
    pairs.div_ceil(limits.most_assets().saturating_mul(limits.most_holders()).max(1))
}

/// The request of a rectangle: keys again instead of numbers.
fn request<H: Clone>(rectangle: &Rectangle, assets: &[&AssetKey], holders: &[&H]) -> PackedRequest<H> {
    let asset = |number: &usize| assets.get(*number).map(|asset| (*asset).clone());
    let holder = |number: &usize| holders.get(*number).map(|holder| (*holder).clone());
    PackedRequest {
        assets: rectangle.assets.iter().filter_map(asset).collect(),
        holders: rectangle.holders.iter().filter_map(holder).collect(),
    }
}

/// Keeps the first requests and covers the pairs of the others with one asset a request, such that the total is
/// smallest.
///
/// Keeping none and keeping all are among the ways that are compared. So the result is never larger than one asset a
/// request, and never larger than the given plan.
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

/// The number of requests to keep. Of equal totals the last is taken, because it keeps more of the larger requests.
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

/// Joins requests with the same assets, then those with the same holders, until that saves nothing more.
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

/// Joins requests whose first side is the same: their second sides are put together and cut at the limit.
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
