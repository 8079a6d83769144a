//! Reading all assets, page by page.

use mdm_vpp_core::{
    catalog::{Counts, PricingParam},
    id::AdamId,
};
use mdm_vpp_ports::{LicenseService, ServiceErrorKind};
use serde_json::{Value, json};

use crate::{
    harness::{ASSETS, Bench, asset, failed, token},
    server::{Canned, Gate},
};

fn page(index: u32, next: Option<u32>, total: u32, assets: &[Value]) -> Value {
    let mut page = json!({
        "assets": assets, "currentPageIndex": index, "size": assets.len(), "totalPages": total,
        "versionId": format!("version-{index}"), "uId": "2049025000431439",
        "tokenExpirationDate": "2027-03-01T10:00:00+0000"
    });
    if let Some(next) = next {
        page["nextPageIndex"] = next.into();
    }
    page
}

fn at(index: u32) -> String {
    if index == 0 { ASSETS.to_owned() } else { format!("{ASSETS}?pageIndex={index}") }
}

#[tokio::test]
async fn a_list_of_one_page_is_one_request() {
    let bench = Bench::start().await;
    bench.server.on(ASSETS, [Canned::json(page(0, None, 1, &[asset(1, 5)]))]);
    let list = bench.licenses.assets(&token()).await.unwrap();
    assert_eq!(list.location.unwrap().as_str(), "2049025000431439");
    assert_eq!(list.version_id.as_deref(), Some("version-0"));
    assert!(list.reply.expires_at.is_some() && list.reply.mdm_info.is_none());
    assert_eq!(list.assets[0].counts, Counts::Limited { total: 5, assigned: 0, available: 5, retired: 0 });
    let asked = bench.server.asked(ASSETS);
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].query, "", "page 0 is the default");
    assert_eq!(bench.client.requests_sent(), 2);
}

#[tokio::test]
async fn pages_are_read_five_at_a_time_and_no_more() {
    let bench = Bench::start().await;
    let gate = Gate::of(5);
    let total = 12;
    for index in 0..total {
        let next = (index + 1 < total).then_some(index + 1);
        let canned = Canned::json(page(index, next, total, &[asset(u64::from(index) + 1, 1)]));
        bench.server.on(&at(index), [if index == 0 { canned } else { canned.behind(&gate) }]);
    }
    let list = bench.licenses.assets(&token()).await.unwrap();
    let ids: Vec<u64> = list.assets.iter().map(|asset| asset.adam_id.number()).collect();
    assert_eq!(ids, (1..=12).collect::<Vec<_>>());
    assert_eq!(list.version_id.as_deref(), Some("version-0"));
    assert_eq!(gate.most(), 5);
    assert_eq!(bench.server.asked(ASSETS).len(), 12);
}

#[tokio::test]
async fn an_asset_on_two_pages_is_one_and_the_later_page_wins() {
    let bench = Bench::start().await;
    let mut book = asset(7, 3);
    book["pricingParam"] = json!("PLUS");
    bench.server.on(&at(0), [Canned::json(page(0, Some(1), 2, &[asset(7, 1), asset(8, 1)]))]);
    let mut last = page(1, None, 2, &[asset(7, 2), book]);
    last["mdmInfo"] = json!({"id": "other", "name": "Other MDM"});
    bench.server.on(&at(1), [Canned::json(last)]);
    let list = bench.licenses.assets(&token()).await.unwrap();
    let reported: Vec<_> = list
        .assets
        .iter()
        .map(|asset| match asset.counts {
            Counts::Limited { total, .. } => (asset.adam_id.number(), asset.pricing_param.clone(), total),
            Counts::Unlimited { .. } => panic!("nothing is unlimited here"),
        })
        .collect();
    let (standard, high) = (PricingParam::Standard, PricingParam::HighQuality);
    assert_eq!(reported, [(7, standard.clone(), 2), (7, high, 3), (8, standard, 1)]);
    assert_eq!(list.reply.mdm_info.unwrap().name, "Other MDM");
}

#[tokio::test]
async fn a_page_that_is_gone_makes_the_list_be_read_again() {
    let bench = Bench::start().await;
    bench.server.on(
        &at(0),
        [Canned::json(page(0, Some(1), 2, &[asset(1, 1)])), Canned::json(page(0, None, 1, &[asset(2, 1)]))],
    );
    bench.server.on(&at(1), [Canned::error(400, 9650)]);
    let list = bench.licenses.assets(&token()).await.unwrap();
    assert_eq!(list.assets.iter().map(|asset| asset.adam_id).collect::<Vec<_>>(), [AdamId::new(2)]);
}

#[tokio::test]
async fn a_page_that_is_always_gone_ends_the_reading_with_apples_error() {
    let bench = Bench::start().await;
    bench.server.on(&at(0), [Canned::json(page(0, Some(1), 2, &[]))]).on(&at(1), [Canned::error(200, 9650)]);
    let error = failed(bench.licenses.assets(&token()).await);
    assert_eq!(error.number().map(|number| number.0), Some(9650));
    assert_eq!(bench.server.asked(ASSETS).len(), 6, "three readings of two pages");
}

#[tokio::test]
async fn a_list_that_never_ends_is_given_up() {
    let bench = Bench::start_with(|settings| settings.largest_page_count = 4).await;
    for index in 0..10 {
        bench.server.on(&at(index), [Canned::json(page(index, Some(index + 1), 0, &[]))]);
    }
    let error = failed(bench.licenses.assets(&token()).await);
    assert_eq!(error.kind, ServiceErrorKind::TooManyPages { limit: 4 });
    assert_eq!(bench.server.asked(ASSETS).len(), 4);
}

#[tokio::test]
async fn a_member_that_is_missing_on_a_later_page_is_named() {
    let bench = Bench::start().await;
    let mut broken = asset(2, 1);
    broken["totalCount"] = Value::Null;
    bench.server.on(&at(0), [Canned::json(page(0, Some(1), 2, &[asset(1, 1)]))]);
    bench.server.on(&at(1), [Canned::json(page(1, None, 2, &[asset(3, 1), broken]))]);
    let error = failed(bench.licenses.assets(&token()).await);
    assert_eq!(
        error.to_string(),
        "reading the assets failed: the answer has no usable `assets[1].totalCount` (it is null): \
         try again later, and report it if it stays so"
    );
}

#[tokio::test]
async fn a_page_that_fails_once_is_read_again_and_nothing_else_is() {
    let bench = Bench::start().await;
    bench.server.on(&at(0), [Canned::json(page(0, Some(1), 3, &[asset(1, 1)]))]);
    bench.server.on(
        &at(1),
        [Canned::text(502, "<html>bad gateway</html>"), Canned::json(page(1, Some(2), 3, &[asset(2, 1)]))],
    );
    bench.server.on(&at(2), [Canned::json(page(2, None, 3, &[asset(3, 1)]))]);
    assert_eq!(bench.licenses.assets(&token()).await.unwrap().assets.len(), 3);
    assert_eq!(bench.server.asked(ASSETS).len(), 4);
}
