//! Many tenants in one process and one database.

use mdm_vpp::{
    engine::{PageQuery, UploadError, UploadToken},
    ports::StoreError,
};

use crate::fixture::{Fixture, PUBLIC_ONE, ada, id, settings};

#[tokio::test]
async fn n16_tenants_with_equal_names_and_apps_never_see_or_touch_each_other() {
    let fixture = Fixture::build().await;
    let (red, blue) = (fixture.tenant_named("red"), fixture.tenant_named("blue"));
    let (red_uid, red_token) = fixture.location_with_three_apps("Berlin");
    let (blue_uid, blue_token) = fixture.location_with_three_apps("Berlin");
    let upload = |file: &str| UploadToken::new(settings("Berlin"), file);
    red.upload_token(upload(&red_token.file), &ada()).await.unwrap();
    let red_before = (
        red.tokens(&PageQuery::default()).await.unwrap().items,
        red.apps(&PageQuery::default()).await.unwrap().items,
        red.audit_since(Default::default(), 99).await.unwrap(),
    );

    let mut other = settings("Berlin");
    other.policies.restrict_data_backup = true;
    blue.upload_token(UploadToken::new(other, blue_token.file.as_str()), &ada()).await.unwrap();
    assert_eq!(
        blue.apps(&PageQuery::default()).await.unwrap().items.len(),
        3,
        "the tenant sees its own three apps alone"
    );
    assert!(
        blue.apps(&PageQuery::default())
            .await
            .unwrap()
            .items
            .iter()
            .all(|app| app.policies.restrict_data_backup)
    );
    fixture.buy(&blue_uid, PUBLIC_ONE, 5);
    blue.sync_assets(&id(&blue_uid)).await.unwrap();

    let red_after = (
        red.tokens(&PageQuery::default()).await.unwrap().items,
        red.apps(&PageQuery::default()).await.unwrap().items,
        red.audit_since(Default::default(), 99).await.unwrap(),
    );
    assert_eq!(red_before, red_after);

    assert!(matches!(red.token(&id(&blue_uid)).await, Err(StoreError::UnknownToken { .. })));
    assert!(red.token_details(&id(&blue_uid), &PageQuery::default()).await.is_err());
    assert!(red.sync_assets(&id(&blue_uid)).await.is_err());
    assert!(red.update_token(&id(&blue_uid), blue_token.file.as_bytes(), &ada()).await.is_err());
    assert!(red.claim_token(&id(&blue_uid), &ada()).await.is_err());
    assert!(red.edit_token(&id(&blue_uid), settings("Mine"), &ada()).await.is_err());
    assert!(blue.token(&id(&red_uid)).await.is_err());
}

#[tokio::test]
async fn n16_a_location_of_another_tenant_is_refused_without_naming_that_tenant() {
    let fixture = Fixture::build().await;
    let (red, blue) = (fixture.tenant_named("red"), fixture.tenant_named("blue"));
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    red.upload_token(UploadToken::new(settings("Secret Project"), token.file.as_str()), &ada())
        .await
        .unwrap();

    let fresh = fixture.simulator.renew_token(&uid).unwrap();
    let upload = UploadToken::new(settings("Berlin"), fresh.file.as_str());
    let refused = blue.upload_token(upload, &ada()).await.unwrap_err();
    assert!(matches!(refused, UploadError::Store(StoreError::LocationInOtherTenant { .. })));
    let text = refused.to_string();
    assert!(
        text.contains(uid.as_str()) && !text.contains("red") && !text.contains("Secret Project"),
        "{text}"
    );
    assert_eq!(blue.tokens(&PageQuery::default()).await.unwrap().items, []);
    assert_eq!(blue.audit_since(Default::default(), 99).await.unwrap().entries, []);
}
