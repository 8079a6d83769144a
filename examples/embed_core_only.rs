//! The first of three ways to embed the library: the rules alone. An embedder with its own storage, HTTP client and
//! clock asks the core, saves the decisions, and sends the packed requests.
//!
//! `cargo run --example embed_core_only` needs no setup. It prints each decision and the bodies for Apple.

#![expect(clippy::print_stdout, reason = "a program that shows what it does")]

use std::{collections::BTreeMap, error::Error};

use mdm_vpp::{
    catalog::{Approval, AssetKey, Counts, Platform, PricingParam},
    chrono::{DateTime, Utc},
    id::{AdamId, ClientUserId, DeviceId, GroupId, LocationId, SerialNumber, UserId},
    plan::{AllotPool, AllotPools, Allotment, Applicant, PackLimits, allot, pack_devices},
    policy::{
        Candidate, Choice, ChoiceApp, ChoiceAppKind, Distribution, Enrollment, LicenseType, Owner, Owners,
        Recipient, RecipientDevice, RecipientUser, Target, TargetOf, explain,
    },
    token::{OutOfLicenseRule, TokenName, TokenScope},
};
use serde_json::json;

const ROUTE_SHEET: AdamId = AdamId::new(9_000_000_101);

/// A device in the embedder's own table.
struct DeviceRow {
    serial_number: &'static str,
    user: &'static str,
    groups: &'static [&'static str],
    enrolled_at: i64,
}

const DEVICES: [DeviceRow; 5] = [
    DeviceRow { serial_number: "C02AAAAAAA01", user: "ada", groups: &["field-staff"], enrolled_at: 10 },
    DeviceRow { serial_number: "C02AAAAAAA02", user: "bob", groups: &["field-staff"], enrolled_at: 20 },
    DeviceRow { serial_number: "C02AAAAAAA03", user: "eve", groups: &["office"], enrolled_at: 30 },
    DeviceRow { serial_number: "C02AAAAAAA04", user: "zoe", groups: &["field-staff"], enrolled_at: 40 },
    DeviceRow { serial_number: "C02AAAAAAA05", user: "max", groups: &[], enrolled_at: 50 },
];

fn main() -> Result<(), Box<dyn Error>> {
    // The embedder's facts: one token for the field staff, with two licenses, and an app for everyone.
    let hamburg = LocationId::new("2049025000431439")?;
    let (name, platforms) = (TokenName::new("Hamburg")?, [Platform::Ios].into());
    let scope = TokenScope { groups: [GroupId::new("field-staff")?].into(), ..TokenScope::default() };
    let owners = Owners::ranked([Owner {
        location: &hamburg,
        name: &name,
        scope: &scope,
        pricing_param: &PricingParam::Standard,
        device_assignable: true,
        book: false,
        platforms: &platforms,
    }]);
    let everyone = Target { to: TargetOf::Everyone, license: LicenseType::Automatic };
    let distribution = Distribution { targets: vec![everyone] };
    let app =
        ChoiceApp { kind: ChoiceAppKind::Public, approval: Approval::NotNeeded, distribution: &distribution };

    // 1. Which recipients may have a license at all? The trace shows why.
    let mut applicants = Vec::new();
    for device in &DEVICES {
        let recipient = recipient(device)?;
        let (choice, trace) = explain(&app, &owners, &recipient, None);
        println!("{:<4} {}", device.user, described(&choice));
        assert_eq!(trace.choice(), choice, "a reader can check the trace");
        if let Choice::Licensed { candidates } = choice {
            applicants.push(applicant(device, &recipient, candidates)?);
        }
    }

    // 2. Which applicants get one of the two licenses? They are served in the order in which they began to wait.
    let mut pools = AllotPools::from([((hamburg, PricingParam::Standard), two_licenses())]);
    let allotted = allot(&mut pools, &applicants);

    // 3. The embedder saves the decisions in its own storage, here as JSON text. Save before you send: a process that
    //   dies in between then knows what it decided.
    let saved: BTreeMap<String, String> = allotted
        .iter()
        .map(|(serial, allotment)| Ok((serial.to_string(), serde_json::to_string(allotment)?)))
        .collect::<Result<_, serde_json::Error>>()?;
    for (serial, allotment) in &saved {
        println!("saved {serial}: {allotment}");
    }

    // 4. The saved decisions are sent in as few requests as Apple's limits allow.
    let key = AssetKey { adam_id: ROUTE_SHEET, pricing_param: PricingParam::Standard };
    let seats: Vec<&SerialNumber> = allotted
        .iter()
        .filter(|(_, allotment)| matches!(allotment, Allotment::Seat { .. }))
        .map(|(serial, _)| serial)
        .collect();
    let requests = pack_devices(seats.iter().map(|serial| (&key, *serial)), &PackLimits::default());
    for request in &requests {
        let assets: Vec<_> = request
            .assets
            .iter()
            .map(|asset| json!({ "adamId": asset.adam_id, "pricingParam": "STDQ" }))
            .collect();
        println!(
            "POST /mdm/v2/assets/associate {}",
            json!({ "assets": assets, "serialNumbers": request.holders })
        );
    }
    assert_eq!((seats.len(), requests.len()), (2, 1));
    Ok(())
}

fn recipient(device: &DeviceRow) -> Result<Recipient, Box<dyn Error>> {
    let groups = device.groups.iter().map(GroupId::new).collect::<Result<_, _>>()?;
    Ok(Recipient {
        device: Some(RecipientDevice {
            id: DeviceId::new(device.serial_number)?,
            serial_number: SerialNumber::new(device.serial_number)?,
            enrollment: Enrollment::Device,
            platform: Some(Platform::Ios),
        }),
        user: Some(RecipientUser {
            id: UserId::new(device.user)?,
            client_user_id: ClientUserId::new(format!("guid-of-{}", device.user))?,
        }),
        groups,
    })
}

fn applicant(
    device: &DeviceRow,
    recipient: &Recipient,
    candidates: Vec<Candidate>,
) -> Result<Applicant<SerialNumber>, Box<dyn Error>> {
    let since = DateTime::<Utc>::from_timestamp(device.enrolled_at, 0).ok_or("no time")?;
    Ok(Applicant {
        id: SerialNumber::new(device.serial_number)?,
        since,
        groups: recipient.groups.clone(),
        candidates,
        unlicensed_possible: true,
    })
}

fn two_licenses() -> AllotPool {
    AllotPool {
        counts: Counts::Limited { total: 2, assigned: 0, available: 2, retired: 0 },
        occupied: 0,
        uncounted: 0,
        writable: true,
        when_out_of_licenses: OutOfLicenseRule::WaitInOrder,
        reservations: BTreeMap::new(),
    }
}

fn described(choice: &Choice) -> String {
    match choice {
        Choice::Licensed { candidates } => format!("may have a license of {} token(s)", candidates.len()),
        Choice::Unlicensed => "gets the app without a license: the token is for other groups".to_owned(),
        other => format!("{other:?}"),
    }
}
