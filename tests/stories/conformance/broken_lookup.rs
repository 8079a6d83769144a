//! The suite of the store lookup finds what a lookup does wrong.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use async_trait::async_trait;
use mdm_vpp::{
    catalog::Lookup,
    id::AdamId,
    ports::{
        AppMetadata, AppMetadataQuery, ServiceError, ServiceErrorKind, conformance::app_metadata::checks,
    },
    simulator::SimulatedApple,
    token::{ContentToken, Region, StorePlatform},
};

use super::fixture::{AppleFixture, with};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mistake {
    None,
    AsksForNothing,
    ForgetsAfterFifty,
    TakesAnErrorForAnAnswer,
    TellsTheSecret,
    GivesEveryLookupItsIcon,
    ForgetsTheIcon,
    ForgetsTheBundleId,
    KnowsOneRegion,
    AsksWithTheFirstToken,
    KnowsOneStore,
}

/// Each mistake with checks that have to find it, perhaps among others.
const FOUND_BY: &[(Mistake, &[&str])] = &[
    (Mistake::AsksForNothing, &["a_query_about_nothing_sends_nothing"]),
    (Mistake::ForgetsAfterFifty, &["every_app_of_a_long_query_is_answered"]),
    (Mistake::TakesAnErrorForAnAnswer, &["an_error_says_of_no_app_that_it_is_not_there"]),
    (Mistake::TellsTheSecret, &["no_error_holds_the_secret"]),
    (
        Mistake::GivesEveryLookupItsIcon,
        &["an_icon_is_the_same_in_either_shape", "an_id_is_the_same_in_either_shape"],
    ),
    (Mistake::ForgetsTheIcon, &["an_icon_is_the_same_in_either_shape", "an_app_is_listed_in_its_region"]),
    (Mistake::ForgetsTheBundleId, &["an_app_is_listed_in_its_region"]),
    (Mistake::KnowsOneRegion, &["an_app_is_not_listed_in_another_region"]),
    (Mistake::AsksWithTheFirstToken, &["a_custom_app_is_listed_for_its_owner_alone"]),
    (Mistake::KnowsOneStore, &["the_store_for_macs_lists_apps_for_macs"]),
];

/// The fake with a mistake.
struct Broken {
    apple: SimulatedApple,
    mistake: Mistake,
    lookups: Mutex<u64>,
    first_token: Mutex<Option<ContentToken>>,
}

impl Broken {
    fn makes(&self, mistake: Mistake) -> bool {
        self.mistake == mistake
    }

    fn spoil(&self, answer: &mut Lookup, lookups: u64) {
        let Lookup::Listed(listing) = answer else { return };
        match self.mistake {
            Mistake::GivesEveryLookupItsIcon => listing.icon_url = Some(format!("https://icons/{lookups}")),
            Mistake::ForgetsTheIcon => listing.icon_url = None,
            Mistake::ForgetsTheBundleId => listing.bundle_id = None,
            _ => {}
        }
    }
}

#[async_trait]
impl AppMetadata for Broken {
    async fn look_up(
        &self,
        token: &ContentToken,
        query: &AppMetadataQuery,
    ) -> Result<BTreeMap<AdamId, Lookup>, ServiceError> {
        let mut query = query.clone();
        let first = self.first_token.lock().unwrap().get_or_insert_with(|| token.clone()).clone();
        let token = if self.makes(Mistake::AsksWithTheFirstToken) { &first } else { token };
        match self.mistake {
            Mistake::AsksForNothing if query.adam_ids.is_empty() => {
                query.adam_ids = vec![AdamId::new(0)];
                return self.apple.look_up(token, &query).await.map(|_| BTreeMap::new());
            }
            Mistake::ForgetsAfterFifty => query.adam_ids.truncate(50),
            Mistake::KnowsOneRegion => query.region = Region::new("DE").unwrap(),
            Mistake::KnowsOneStore => query.platform = StorePlatform::Enterprise,
            _ => {}
        }
        let mut found = match self.apple.look_up(token, &query).await {
            Err(_) if self.makes(Mistake::TakesAnErrorForAnAnswer) => {
                return Ok(query.adam_ids.iter().map(|id| (*id, Lookup::NotListed)).collect());
            }
            Err(mut error) if self.makes(Mistake::TellsTheSecret) => {
                error.kind = ServiceErrorKind::Unreachable { reason: token.expose().to_owned() };
                return Err(error);
            }
            answer => answer?,
        };
        let lookups = {
            let mut lookups = self.lookups.lock().unwrap();
            *lookups += 1;
            *lookups
        };
        found.values_mut().for_each(|answer| self.spoil(answer, lookups));
        Ok(found)
    }
}

fn fixture(mistake: Mistake) -> AppleFixture {
    let broken = |apple| Broken { apple, mistake, lookups: Mutex::default(), first_token: Mutex::default() };
    with(|apple| Box::new(apple), |apple| Box::new(broken(apple)))
}

/// The checks that turn red.
async fn red(mistake: Mistake) -> BTreeSet<&'static str> {
    let mut red = BTreeSet::new();
    macro_rules! run_each {
        ($($check:ident),+ $(,)?) => {
            $(if checks::$check(&fixture(mistake)).await.is_err() { red.insert(stringify!($check)); })+
        };
    }
    mdm_vpp::ports::for_each_app_metadata_check!(run_each);
    red
}

#[tokio::test]
async fn every_mistake_is_found_and_every_check_finds_one() {
    assert_eq!(red(Mistake::None).await, BTreeSet::new());
    let mut found = BTreeSet::new();
    for (mistake, by) in FOUND_BY {
        let red = red(*mistake).await;
        for check in *by {
            assert!(red.contains(check), "{mistake:?} is not found by {check}, only by {red:?}");
            found.insert(*check);
        }
    }
    macro_rules! names {
        ($($check:ident),+ $(,)?) => { BTreeSet::from([$(stringify!($check)),+]) };
    }
    assert_eq!(found, mdm_vpp::ports::for_each_app_metadata_check!(names));
}
