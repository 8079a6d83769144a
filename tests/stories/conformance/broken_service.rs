//! The suite of the license service finds what a service does wrong.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use async_trait::async_trait;
use mdm_vpp::{
    apple_error::ErrorNumber,
    catalog::Counts,
    ports::{
        AssetList, ClientConfig, LicenseService, ServiceError, ServiceErrorKind,
        conformance::license_service::checks,
    },
    simulator::{LocationUid, SimulatedApple},
    token::{ContentToken, MdmInfo},
};

use super::fixture::{AppleFixture, with};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mistake {
    None,
    ForgetsTheName,
    ForgetsTheEnd,
    ForgetsTheClaimInLists,
    GivesUpAClaimMadeTwice,
    KeepsTheFirstClaim,
    RemembersWhatATokenWasTold,
    TellsTheLastClaimToAll,
    HidesTheNumber,
    TellsAnotherNumber,
    TellsTheSecret,
    TellsTheSecretToDebuggers,
    ReadsOnePage,
    ListsAnAssetTwice,
    ListsHalfOfWhatFails,
    CountsWrong,
    CountsWhatIsUnlimited,
    ForgetsPlatforms,
    TakesBooksBack,
    KnowsOneQuality,
    FailsOnNothing,
    ForgetsTheVersion,
}

/// Each mistake with checks that have to find it, perhaps among others.
const FOUND_BY: &[(Mistake, &[&str])] = &[
    (Mistake::ForgetsTheName, &["the_client_config_tells_the_location"]),
    (Mistake::ForgetsTheEnd, &["every_reply_tells_when_the_token_ends"]),
    (Mistake::ForgetsTheClaimInLists, &["every_reply_tells_the_claim"]),
    (Mistake::GivesUpAClaimMadeTwice, &["claiming_twice_changes_nothing"]),
    (Mistake::KeepsTheFirstClaim, &["the_last_claim_stays"]),
    (Mistake::RemembersWhatATokenWasTold, &["every_token_of_a_location_sees_the_claim"]),
    (Mistake::TellsTheLastClaimToAll, &["a_claim_is_of_one_location"]),
    (Mistake::HidesTheNumber, &["a_number_beside_status_200_is_an_error"]),
    (
        Mistake::TellsAnotherNumber,
        &[
            "an_expired_token_is_refused",
            "an_unknown_token_is_refused",
            "a_revoked_token_is_refused",
            "a_legacy_token_is_refused",
            "a_read_only_token_reads_and_cannot_claim",
            "a_location_that_apple_manages_is_read_and_cannot_be_claimed",
        ],
    ),
    (Mistake::TellsTheSecret, &["no_error_holds_the_secret", "a_revoked_token_is_refused"]),
    (Mistake::TellsTheSecretToDebuggers, &["no_error_holds_the_secret"]),
    (
        Mistake::ReadsOnePage,
        &["every_page_is_read_and_each_asset_comes_once", "a_list_whose_last_page_is_full_ends_there"],
    ),
    (Mistake::ListsAnAssetTwice, &["every_page_is_read_and_each_asset_comes_once"]),
    (Mistake::ListsHalfOfWhatFails, &["a_reading_that_breaks_off_gives_no_part_of_the_list"]),
    (Mistake::CountsWrong, &["counts_come_as_apple_tells_them"]),
    (Mistake::CountsWhatIsUnlimited, &["an_unlimited_asset_is_unlimited"]),
    (Mistake::ForgetsPlatforms, &["platforms_come_as_apple_tells_them"]),
    (Mistake::TakesBooksBack, &["flags_come_as_apple_tells_them"]),
    (Mistake::KnowsOneQuality, &["two_qualities_are_two_assets"]),
    (Mistake::FailsOnNothing, &["a_location_that_owns_nothing_has_an_empty_list"]),
    (Mistake::ForgetsTheVersion, &["an_untouched_list_keeps_its_version"]),
];

/// The fake with a mistake.
struct Broken {
    apple: SimulatedApple,
    mistake: Mistake,
    last_claim: Mutex<Option<MdmInfo>>,
    told: Mutex<BTreeMap<String, ClientConfig>>,
}

impl Broken {
    fn makes(&self, mistake: Mistake) -> bool {
        self.mistake == mistake
    }

    fn error(&self, mut error: ServiceError, token: &ContentToken) -> ServiceError {
        if self.makes(Mistake::TellsTheSecret) {
            error.kind = ServiceErrorKind::Unreachable { reason: token.expose().to_owned() };
        }
        let ServiceErrorKind::Apple { error: apple, .. } = &mut error.kind else { return error };
        if self.makes(Mistake::TellsAnotherNumber) {
            apple.number = Some(ErrorNumber(9602));
        }
        if self.makes(Mistake::TellsTheSecretToDebuggers) {
            error.call = Box::leak(format!("asking with {}", token.expose()).into_boxed_str());
        }
        if self.makes(Mistake::HidesTheNumber) {
            error.kind = ServiceErrorKind::HttpStatus { status: 200, excerpt: String::new() };
        }
        error
    }

    fn config(&self, mut config: ClientConfig, token: &ContentToken) -> ClientConfig {
        if self.makes(Mistake::ForgetsTheName) {
            config.location.name = config.location.id.to_string();
        }
        if self.makes(Mistake::ForgetsTheEnd) {
            config.reply.expires_at = None;
        }
        if self.makes(Mistake::TellsTheLastClaimToAll) {
            config.reply.mdm_info = self.last_claim.lock().unwrap().clone();
        }
        if self.makes(Mistake::RemembersWhatATokenWasTold) {
            let mut told = self.told.lock().unwrap();
            return told.entry(token.expose().to_owned()).or_insert(config).clone();
        }
        config
    }
}

#[async_trait]
impl LicenseService for Broken {
    async fn client_config(&self, token: &ContentToken) -> Result<ClientConfig, ServiceError> {
        let config = self.apple.client_config(token).await.map_err(|error| self.error(error, token))?;
        Ok(self.config(config, token))
    }

    async fn claim(&self, token: &ContentToken, claim: &MdmInfo) -> Result<ClientConfig, ServiceError> {
        let before = self.apple.client_config(token).await.map_err(|error| self.error(error, token))?;
        if self.makes(Mistake::KeepsTheFirstClaim) && before.reply.mdm_info.is_some() {
            return Ok(before);
        }
        let config = self.apple.claim(token, claim).await.map_err(|error| self.error(error, token))?;
        if self.makes(Mistake::GivesUpAClaimMadeTwice) && before.reply.mdm_info.as_ref() == Some(claim) {
            let uid = LocationUid::from(config.location.id.as_str());
            self.apple.simulator().remove_claim(&uid).unwrap();
        }
        *self.last_claim.lock().unwrap() = Some(claim.clone());
        Ok(self.config(config, token))
    }

    async fn assets(&self, token: &ContentToken) -> Result<AssetList, ServiceError> {
        let mut list = match self.apple.assets(token).await {
            Err(_) if self.makes(Mistake::ListsHalfOfWhatFails) => {
                let (location, reply) = (None, Default::default());
                return Ok(AssetList { location, version_id: None, assets: Vec::new(), reply });
            }
            answer => answer.map_err(|error| self.error(error, token))?,
        };
        let assets = &mut list.assets;
        match self.mistake {
            Mistake::ForgetsTheClaimInLists => list.reply.mdm_info = None,
            Mistake::ForgetsTheVersion => list.version_id = None,
            Mistake::ReadsOnePage => assets.truncate(self.apple.simulator().settings().page_capacity.get()),
            Mistake::ListsAnAssetTwice => assets.extend(assets.last().cloned()),
            Mistake::KnowsOneQuality => assets.dedup_by_key(|asset| asset.adam_id),
            Mistake::FailsOnNothing if assets.is_empty() => {
                let kind = ServiceErrorKind::TooManyPages { limit: 0 };
                return Err(ServiceError { call: "reading the assets", kind, retry_after: None });
            }
            _ => {}
        }
        for asset in assets {
            match (self.mistake, &mut asset.counts) {
                (Mistake::CountsWrong, Counts::Limited { assigned, .. }) => *assigned = 0,
                (Mistake::CountsWhatIsUnlimited, Counts::Unlimited { assigned }) => {
                    let (total, assigned) = (i32::MAX as u64, *assigned);
                    let available = total - assigned;
                    asset.counts = Counts::Limited { total, assigned, available, retired: 0 };
                }
                (Mistake::ForgetsPlatforms, _) => asset.supported_platforms.clear(),
                (Mistake::TakesBooksBack, _) => asset.revocable = true,
                _ => {}
            }
        }
        Ok(list)
    }
}

fn fixture(mistake: Mistake) -> AppleFixture {
    let broken = |apple| Broken { apple, mistake, last_claim: Mutex::default(), told: Mutex::default() };
    with(|apple| Box::new(broken(apple)), |apple| Box::new(apple))
}

/// The checks that turn red.
async fn red(mistake: Mistake) -> BTreeSet<&'static str> {
    let mut red = BTreeSet::new();
    macro_rules! run_each {
        ($($check:ident),+ $(,)?) => {
            $(if checks::$check(&fixture(mistake)).await.is_err() { red.insert(stringify!($check)); })+
        };
    }
    mdm_vpp::ports::for_each_license_service_check!(run_each);
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
    assert_eq!(found, mdm_vpp::ports::for_each_license_service_check!(names));
}
