//! Choices: one app of five tokens for recipients that are in ten groups each, without a trace.

use std::collections::{BTreeSet, HashMap};

use mdm_vpp::{
    catalog::{Approval, Platform, PricingParam},
    id::{ClientUserId, DeviceId, GroupId, LocationId, SerialNumber, UserId},
    policy::{
        Choice, ChoiceApp, ChoiceAppKind, Distribution, Enrollment, LicenseType, Owner, Owners, Recipient,
        RecipientDevice, RecipientUser, Target, TargetOf, choose,
    },
    token::{TokenName, TokenScope},
};

/// Groups of one recipient, and groups that the app is distributed to; the directory has twice as many.
const GROUPS_EACH: usize = 10;
/// Different sets of groups among the recipients.
pub(crate) const SETS: usize = 256;

/// One app that is chosen for all recipients.
pub(crate) struct Sweep {
    tokens: Vec<Token>,
    distribution: Distribution,
    platforms: BTreeSet<Platform>,
    pub(crate) recipients: Vec<Recipient>,
}

struct Token {
    location: LocationId,
    name: TokenName,
    scope: TokenScope,
}

impl Sweep {
    pub(crate) fn new() -> Self {
        Self {
            tokens: (0..5).filter_map(token).collect(),
            distribution: Distribution { targets: groups(0b01_0101_0101).map(target).collect() },
            platforms: BTreeSet::from([Platform::Ios, Platform::MacOs]),
            recipients: (0..4_096).filter_map(recipient).collect(),
        }
    }

    pub(crate) fn owners(&self) -> Owners<'_> {
        Owners::ranked(self.tokens.iter().map(|token| Owner {
            location: &token.location,
            name: &token.name,
            scope: &token.scope,
            pricing_param: &PricingParam::Standard,
            device_assignable: true,
            book: false,
            platforms: &self.platforms,
        }))
    }

    pub(crate) fn decide(&self, owners: &Owners<'_>, recipient: &Recipient) -> Choice {
        let app = ChoiceApp {
            kind: ChoiceAppKind::Public,
            approval: Approval::Approved,
            distribution: &self.distribution,
        };
        choose(&app, owners, recipient, None)
    }

    /// The whole sweep, with one choice for all recipients whose relevant facts are the same. That is exact because no
    /// target is a single user or device, and no recipient holds a license yet.
    pub(crate) fn with_memory(&self, owners: &Owners<'_>, mut each: impl FnMut(&Choice)) {
        let mut known = HashMap::new();
        for recipient in &self.recipients {
            let device =
                recipient.device.as_ref().map(|device| (device.enrollment, device.platform.as_ref()));
            let alike = (&recipient.groups, device, recipient.user.is_some());
            each(known.entry(alike).or_insert_with(|| self.decide(owners, recipient)));
        }
    }
}

pub(crate) fn read(recipient: &Recipient) -> (usize, bool) {
    (recipient.groups.len(), recipient.user.is_some())
}

/// One group of each pair, as the bits say.
fn groups(bits: usize) -> impl Iterator<Item = GroupId> {
    let numbers = (0..GROUPS_EACH).map(move |pair| 2 * pair + (bits >> pair & 1));
    numbers.filter_map(|number| GroupId::new(format!("directory-group-{number:04}")).ok())
}

fn target(group: GroupId) -> Target {
    Target { to: TargetOf::Group { group }, license: LicenseType::Automatic }
}

/// The first four tokens are restricted to two groups each, the last is unrestricted.
fn token(number: usize) -> Option<Token> {
    let groups = if number < 4 { groups(0).skip(2 * number).take(2).collect() } else { BTreeSet::new() };
    Some(Token {
        location: LocationId::new(format!("20490000123{number}")).ok()?,
        name: TokenName::new(format!("School {number}")).ok()?,
        scope: TokenScope { groups, ..TokenScope::default() },
    })
}

fn recipient(number: usize) -> Option<Recipient> {
    let enrollment = match number % 16 {
        0 => Enrollment::User,
        1 => Enrollment::SharedDevice,
        _ => Enrollment::Device,
    };
    Some(Recipient {
        device: Some(RecipientDevice {
            id: DeviceId::new(format!("device-{number}")).ok()?,
            serial_number: SerialNumber::new(format!("C02X{number:08}")).ok()?,
            enrollment,
            platform: Some(Platform::Ios),
        }),
        user: Some(RecipientUser {
            id: UserId::new(format!("user-{number}")).ok()?,
            client_user_id: ClientUserId::new(format!("guid-{number}")).ok()?,
        }),
        groups: groups(number % SETS).collect(),
    })
}
