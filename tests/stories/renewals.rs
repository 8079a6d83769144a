//! Updating a token in place.

use mdm_vpp::{
    decide::{
        catalog::TokenDetailsRow,
        token::{RenewalRefusal, RenewalVerdict},
    },
    engine::{PageQuery, UpdateError},
    id::GroupId,
};

use crate::fixture::{Fixture, PUBLIC_ONE, ada, id, settings, simulated};

#[tokio::test]
async fn s19_a_fresh_file_of_the_same_location_revives_the_token_and_changes_nothing_else() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    fixture.simulator.set_assigned(&uid, simulated(PUBLIC_ONE), 7).unwrap();
    let mut wanted = settings("Berlin");
    wanted.policies.restrict_data_backup = true;
    wanted.scope.groups.insert(GroupId::new("field-staff").unwrap());
    fixture.try_upload(wanted.clone(), &token.file).await.unwrap();
    let (apps, rows) =
        (fixture.tenant().apps(&PageQuery::default()).await.unwrap().items, fixture.page(&uid).await);

    fixture.simulator.revoke_token(token.id).unwrap();
    fixture.tenant().sync_assets(&id(&uid)).await.unwrap_err();
    assert_eq!(fixture.status(&uid).await, "Revoked");
    fixture.simulator.clear_requests();

    let fresh = fixture.simulator.renew_token(&uid).unwrap();
    let update = fixture.tenant().update_token(&id(&uid), fresh.file.as_bytes(), &ada()).await.unwrap();
    assert_eq!(update.verdict, RenewalVerdict::Renewed);
    assert_eq!(update.outcome.overview.status.label(), "Active");
    assert_eq!(update.outcome.overview.token.settings, wanted);
    let uncounted = |mut rows: Vec<TokenDetailsRow>| {
        rows.iter_mut().for_each(|row| row.counted_at = None);
        rows
    };
    assert_eq!(fixture.tenant().apps(&PageQuery::default()).await.unwrap().items, apps);
    assert_eq!(uncounted(fixture.page(&uid).await), uncounted(rows));
    assert_eq!(fixture.writes(), 0, "no assignment changed, and the claim is still ours");
}

#[tokio::test]
async fn s19_an_update_with_the_same_file_is_not_needed() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    let before = fixture.upload("Berlin", &token).await.overview.token.generation;
    let update = fixture.tenant().update_token(&id(&uid), token.file.as_bytes(), &ada()).await.unwrap();
    assert_eq!(update.verdict, RenewalVerdict::NotNeeded);
    assert_eq!(update.outcome.overview.token.generation, before);
}

#[tokio::test]
async fn n3_a_file_of_another_location_is_refused_and_the_error_names_both_locations() {
    let fixture = Fixture::build().await;
    let (berlin_uid, berlin) = fixture.location_with_three_apps("Berlin");
    let (bremen_uid, bremen) = fixture.location_with_three_apps("Bremen");
    fixture.upload("Token A", &berlin).await;
    let before = fixture.stored().await;

    let update =
        async || fixture.tenant().update_token(&id(&berlin_uid), bremen.file.as_bytes(), &ada()).await;
    let refused = update().await.unwrap_err();
    assert!(matches!(refused, UpdateError::Refused(RenewalRefusal::OtherLocation(_))));
    let text = refused.to_string();
    for named in ["`Token A`", "`Berlin`", berlin_uid.as_str(), "`Bremen`", bremen_uid.as_str()] {
        assert!(text.contains(named), "{named} is missing: {text}");
    }
    assert_eq!(fixture.stored().await, before);

    fixture.upload("Token B", &bremen).await;
    let text = update().await.unwrap_err().to_string();
    assert!(text.contains("`Token B`"), "the token that has the location is named: {text}");
}

#[tokio::test]
async fn n3_a_renamed_location_is_recognized_as_the_same() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    fixture.upload("Berlin", &token).await;
    fixture.simulator.rename_location(&uid, "Brandenburg").unwrap();
    let fresh = fixture.simulator.renew_token(&uid).unwrap();
    let update = fixture.tenant().update_token(&id(&uid), fresh.file.as_bytes(), &ada()).await.unwrap();
    assert_eq!(update.outcome.overview.token.location.name, "Brandenburg");
    assert_eq!(update.outcome.overview.token.settings.detail.name.as_str(), "Berlin");
}

#[tokio::test]
async fn an_older_download_does_not_replace_a_token_that_works() {
    let fixture = Fixture::build().await;
    let (uid, older) = fixture.location_with_three_apps("Berlin");
    fixture.advance(chrono::TimeDelta::days(30));
    let newer = fixture.simulator.renew_token(&uid).unwrap();
    fixture.upload("Berlin", &newer).await;
    let update = async || fixture.tenant().update_token(&id(&uid), older.file.as_bytes(), &ada()).await;
    let refused = update().await.unwrap_err();
    assert!(matches!(refused, UpdateError::Refused(RenewalRefusal::Older { .. })), "{refused}");

    fixture.simulator.revoke_token(newer.id).unwrap();
    fixture.tenant().sync_assets(&id(&uid)).await.unwrap_err();
    let update = update().await.unwrap();
    assert_eq!(update.outcome.overview.status.label(), "Active", "an older token replaces a revoked one");
}

#[tokio::test]
async fn an_update_for_a_location_without_a_token_is_refused() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    let refused = fixture.tenant().update_token(&id(&uid), token.file.as_bytes(), &ada()).await.unwrap_err();
    assert!(matches!(refused, UpdateError::Refused(RenewalRefusal::UnknownToken { .. })), "{refused}");
    assert_eq!(fixture.requests(), 0);
}
