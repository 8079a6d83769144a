//! Every combination of the facts of a choice, against the rule written a second time in another way: the possible
//! kinds of license, the kinds that targets ask for, and the intersection of the two.

use std::collections::BTreeSet;

use super::{super::*, *};
use crate::catalog::Platform;

/// The group restriction of a token: none, to the recipient's group, or to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Open,
    Hers,
    Others,
}

/// The facts of a choice, without the approval.
#[derive(Debug, Clone, Copy)]
struct Asked<'a> {
    types: &'a [LicenseType],
    tokens: &'a [(&'a str, Scope)],
    kind: ChoiceAppKind,
    device_assignable: bool,
    book: bool,
    enrollment: Option<Enrollment>,
    with_user: bool,
    platform: Option<&'a Platform>,
    live: Option<(&'a str, LicenseKind)>,
}

impl Asked<'_> {
    fn decided(&self) -> Choice {
        let stocks: Vec<Stock> = self
            .tokens
            .iter()
            .map(|(name, scope)| {
                let groups: &[&str] = match scope {
                    Scope::Open => &[],
                    Scope::Hers => &["hers", "more"],
                    Scope::Others => &["others"],
                };
                Stock { device_assignable: self.device_assignable, book: self.book, ..stock(name, groups, 0) }
            })
            .collect();
        let mut ada = recipient(self.enrollment.unwrap_or(Enrollment::Device), self.with_user, &["hers"]);
        ada.device.as_mut().unwrap().platform = self.platform.cloned();
        if self.enrollment.is_none() {
            ada.device = None;
        }
        let distribution = everyone(self.types);
        let app = ChoiceApp { kind: self.kind, ..app(&distribution) };
        let live = self.live.map(|(location, license)| candidate(location, license));
        choose(&app, &owners(&stocks), &ada, live.as_ref())
    }

    fn asked(&self) -> BTreeSet<LicenseKind> {
        let of = |license: &LicenseType| match license {
            LicenseType::Automatic => vec![LicenseKind::Device, LicenseKind::User],
            LicenseType::Device => vec![LicenseKind::Device],
            LicenseType::User => vec![LicenseKind::User],
        };
        self.types.iter().flat_map(of).collect()
    }

    fn wrong_platform(&self) -> Option<NotRelevant> {
        match self.platform {
            _ if self.enrollment.is_none() => None,
            None => Some(NotRelevant::UnknownPlatform),
            Some(Platform::Ios) => None,
            Some(_) => Some(NotRelevant::OtherPlatform),
        }
    }

    /// The obstacle to a kind of license, whichever token gives it.
    fn obstacle(&self, license: LicenseKind) -> Option<NotRelevant> {
        use NotRelevant as N;
        let is = |enrollment| self.enrollment == Some(enrollment);
        let rows = match license {
            LicenseKind::Device => vec![
                (self.enrollment.is_none(), N::NoDevice),
                (self.book, N::BookOnDevice),
                (is(Enrollment::User), N::DeviceLicenseOnUserEnrolledDevice),
                (!self.device_assignable, N::NotDeviceAssignable),
            ],
            LicenseKind::User => vec![
                (!self.with_user, N::UserLicenseWithoutUser),
                (is(Enrollment::SharedDevice), N::UserLicenseOnSharedDevice),
            ],
        };
        rows.into_iter().find(|(stands, _)| *stands).map(|(_, why)| why)
    }

    /// The kind of license that every token gives, because all own the same asset.
    fn license(&self) -> Result<LicenseKind, NotRelevant> {
        let asked = self.asked();
        let possible = asked.iter().find(|license| self.obstacle(**license).is_none());
        match (self.wrong_platform(), possible) {
            (Some(why), _) => Err(why),
            (None, Some(license)) => Ok(*license),
            (None, None) => Err(asked.iter().find_map(|license| self.obstacle(*license)).unwrap()),
        }
    }

    fn without_license(&self) -> Choice {
        use ChoiceAppKind as K;
        let why = match (self.enrollment, self.kind) {
            (None, _) => NotRelevant::NoDevice,
            (_, K::Custom) => NotRelevant::UnlicensedCustomApp,
            (_, K::MacOs) => NotRelevant::UnlicensedMacOsApp,
            (_, K::Book) => NotRelevant::UnlicensedBook,
            (_, K::GoneFromStore) => NotRelevant::UnlicensedGoneFromStore,
            (Some(Enrollment::User), K::Public) => NotRelevant::UnlicensedOnUserEnrolledDevice,
            (Some(Enrollment::SharedDevice), K::Public) => NotRelevant::UnlicensedOnSharedDevice,
            (Some(Enrollment::Device), K::Public) => match self.wrong_platform() {
                None => return Choice::Unlicensed,
                Some(why) => why,
            },
        };
        Choice::NotRelevant { why }
    }

    fn expected(&self) -> Choice {
        if self.types.is_empty() {
            return Choice::NotGiven;
        }
        let with = |scope| self.tokens.iter().filter(move |token| token.1 == scope).map(|token| token.0);
        let mut serving: Vec<&str> = with(Scope::Hers).chain(with(Scope::Open)).collect();
        match (self.license(), serving.is_empty(), self.tokens.is_empty()) {
            (_, _, true) => Choice::NotRelevant { why: NotRelevant::NotOwned },
            (_, true, false) => self.without_license(),
            (Err(why), false, _) => Choice::NotRelevant { why },
            (Ok(license), false, _) => {
                let stands = |kind| self.asked().contains(&kind) && self.obstacle(kind).is_none();
                let live = self.live.filter(|(held, kind)| stands(*kind) && serving.contains(held));
                serving.retain(|name| live.is_none_or(|(held, _)| *name != held));
                let held = live.map(|(held, kind)| candidate(held, kind));
                let others = serving.into_iter().map(|name| candidate(name, license));
                Choice::Licensed { candidates: held.into_iter().chain(others).collect() }
            }
        }
    }
}

#[test]
fn in_every_combination_the_choice_is_what_the_rule_says_in_other_words() {
    use LicenseType::{Automatic, Device, User};
    let types: [&[LicenseType]; 7] =
        [&[], &[Automatic], &[Device], &[User], &[User, Device], &[User, Automatic], &[Device, Automatic]];
    let scopes = [Scope::Open, Scope::Hers, Scope::Others];
    let one = scopes.map(|scope| vec![("a", scope)]);
    let two = scopes.iter().flat_map(|a| scopes.map(|b| vec![("a", *a), ("b", b)]));
    let tokens: Vec<Vec<(&str, Scope)>> = [vec![]].into_iter().chain(one).chain(two).collect();
    let kinds = [
        ChoiceAppKind::Public,
        ChoiceAppKind::GoneFromStore,
        ChoiceAppKind::Custom,
        ChoiceAppKind::MacOs,
        ChoiceAppKind::Book,
    ];
    let enrollments =
        [None, Some(Enrollment::Device), Some(Enrollment::User), Some(Enrollment::SharedDevice)];
    let lives = [None, Some(("b", LicenseKind::Device)), Some(("b", LicenseKind::User))];
    for types in types {
        for tokens in &tokens {
            for kind in kinds {
                for (device_assignable, book) in [(true, false), (false, false), (false, true)] {
                    for enrollment in enrollments {
                        for with_user in [true, false] {
                            for platform in [Some(&Platform::Ios), Some(&Platform::TvOs), None] {
                                for live in lives {
                                    let asked = Asked {
                                        types,
                                        tokens,
                                        kind,
                                        device_assignable,
                                        book,
                                        enrollment,
                                        with_user,
                                        platform,
                                        live,
                                    };
                                    assert_eq!(asked.decided(), asked.expected(), "{asked:?}");
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn an_approval_that_is_missing_or_refused_comes_before_everything_else() {
    for (approval, instead) in [
        (Approval::Awaiting, Some(Choice::AwaitingApproval)),
        (Approval::Refused, Some(Choice::Refused)),
        (Approval::Approved, None),
        (Approval::NotNeeded, None),
    ] {
        for types in [&[][..], &[LicenseType::Device]] {
            for stocks in [vec![], vec![stock("a", &[], 0)], vec![stock("a", &["others"], 0)]] {
                let distribution = everyone(types);
                let ada = recipient(Enrollment::Device, true, &["hers"]);
                let with = |approval| {
                    choose(&ChoiceApp { approval, ..app(&distribution) }, &owners(&stocks), &ada, None)
                };
                let expected = instead.clone().unwrap_or_else(|| with(Approval::NotNeeded));
                assert_eq!(with(approval), expected);
            }
        }
    }
}
