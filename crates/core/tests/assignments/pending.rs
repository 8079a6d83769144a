//! What would be sent is what is written afterwards.

use mdm_vpp_core::{decide::assignments::*, plan::*, seats::*};

use crate::fixture::*;

#[test]
fn what_is_pending_is_what_is_written_afterwards() {
    let mut house = house(9);
    let _ = house.wish(&["A", "B", "C"], &[]);
    let limits = PackLimits::new(25, 2, 2).unwrap();
    let pending = preview_requests(&house.rows, &limits, house.now);
    assert_eq!(pending, preview_requests(&house.rows, &limits, house.now), "asking changes nothing");
    let (_, written) = decide_write_request(&house.rows, Epoch(1), &limits, house.now, 9, house.now);
    let written: Vec<_> = written.into_iter().map(|it| (it.direction, it.assets, it.holders)).collect();
    let pending: Vec<_> = pending.into_iter().map(|it| (it.direction, it.assets, it.holders)).collect();
    assert_eq!((pending.len(), pending), (2, written));
}
