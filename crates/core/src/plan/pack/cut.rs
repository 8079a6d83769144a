//! Where a plan of requests gives way to one asset a request.

use super::{limits::RequestLimits, rectangle::Rectangle};

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
