//! Plans before they are carried out: the seats that are gained, lost and kept are exactly what Apple is asked for.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp::{
    catalog::PricingParam,
    check::{check_grants, unsettled},
    chrono::{DateTime, Utc},
    id::LocationId,
    plan::{AppPlan, AppStock, Outcome, PlanCause, PlannedApp, WaitsFor, pack_devices, plan_app},
    policy::{LicenseType, Recipient, ReclaimRules, ReleaseBound},
    seats::{
        AssignReason, Desired, Direction, Gate, Holder, NextAction, Observed, Seat, SeatKey, UnassignReason,
        decide_next_action,
    },
    token::AppPolicies,
};

use crate::fixture::{
    APP, Owning, groups, owning, person, planned, pool, public, ranked, seat_of_device, to_everyone, to_group,
};

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// A tenant that distributes one app from two tokens.
#[derive(Clone)]
struct Fixture {
    tokens: Vec<Owning>,
    licenses: BTreeMap<&'static str, u64>,
    distribution: mdm_vpp::policy::Distribution,
    policies: AppPolicies,
    people: Vec<Recipient>,
    seats: BTreeMap<String, SeatKey>,
}

fn fixture() -> Fixture {
    Fixture {
        tokens: vec![owning("North", &["north"], 0), owning("Open", &[], 0)],
        licenses: BTreeMap::from([("North", 5), ("Open", 2)]),
        distribution: to_everyone(LicenseType::Device),
        policies: AppPolicies::default(),
        people: vec![person("ada", &["north"]), person("bob", &["north"]), person("eve", &[])],
        seats: BTreeMap::new(),
    }
}

fn seat(location: &str, of: &str) -> SeatKey {
    seat_of_device(location, &person(of, &[]))
}

impl Fixture {
    fn plan(&self, cause: PlanCause) -> AppPlan<String> {
        let owners = ranked(&self.tokens);
        let app = PlannedApp {
            adam_id: APP,
            app: public(&self.distribution),
            policies: &self.policies,
            paid: true,
            owners: &owners,
            cause,
        };
        let reclaim = ReclaimRules::default();
        let name = |recipient: &Recipient| recipient.user.as_ref().unwrap().id.to_string();
        let recipients: Vec<_> = self
            .people
            .iter()
            .map(|recipient| planned(name(recipient), recipient, self.seats.get(&name(recipient)), &reclaim))
            .collect();
        let pools = self.licenses.iter().map(|(location, total)| {
            let mut pool = pool(*total);
            pool.occupied =
                self.seats.values().filter(|seat| seat.location.as_str() == *location).count() as u64;
            ((LocationId::new(location).unwrap(), PricingParam::Standard), pool)
        });
        let mut stock = AppStock { pools: pools.collect(), ..AppStock::default() };
        let before = stock.pools.clone();
        let plan = plan_app(&app, &recipients, &mut stock, NOW).unwrap();
        assert_eq!(check_grants(&before, &plan.preview), [], "no more than were free");
        plan
    }

    /// Carries out a plan. Returns the seats that Apple is asked to associate, and those to disassociate.
    fn carry_out(&mut self, plan: &AppPlan<String>) -> [BTreeSet<SeatKey>; 2] {
        let mut rows: Vec<Seat> = self
            .seats
            .values()
            .map(|key| Seat::new(key.clone(), hold(), Observed::Assigned, NOW))
            .chain(
                plan.preview
                    .gains
                    .iter()
                    .map(|key| Seat::new(key.clone(), hold(), Observed::Unassigned, NOW)),
            )
            .collect();
        for row in &mut rows {
            if plan.preview.loses.contains(&row.key) {
                row.desired = Desired::Unassigned { because: UnassignReason::NotNeeded };
            }
        }
        let asked = |direction| -> BTreeSet<SeatKey> {
            rows.iter()
                .filter(|row| decide_next_action(row, Gate::Open, NOW).next == Some(NextAction::Send))
                .filter(|row| row.desired.direction() == Some(direction))
                .map(|row| row.key.clone())
                .collect()
        };
        let asked = [asked(Direction::Associate), asked(Direction::Disassociate)];
        assert_eq!(unsettled(&rows, NOW).count(), asked[0].len() + asked[1].len());
        for line in &plan.report.lines {
            match line.outcome.gets().or(line.outcome.keeps()) {
                Some(seat) => drop(self.seats.insert(line.id.clone(), seat.clone())),
                None => drop(self.seats.remove(&line.id)),
            }
        }
        asked
    }
}

fn hold() -> Desired {
    Desired::Assigned { because: AssignReason::Install }
}

#[test]
fn n1_rule_a_preview_of_any_change_names_exactly_what_apple_is_then_asked_for() {
    type Change = fn(&mut Fixture);
    type GainsAndLoses = [&'static [(&'static str, &'static str)]; 2];
    let changes: [(&str, Change, GainsAndLoses); 5] = [
        (
            "the first tokens are uploaded",
            |_| (),
            [&[("North", "ada"), ("North", "bob"), ("Open", "eve")], &[]],
        ),
        ("priorities are swapped", |fixture| fixture.tokens[1] = owning("Open", &[], 9), [&[], &[]]),
        (
            "bob leaves the group, after which the device keeps the license by default",
            |fixture| fixture.people[1].groups.clear(),
            [&[], &[]],
        ),
        (
            "the revoke flag is turned on, which applies to later events",
            |fixture| fixture.policies.revoke_license_on_deletion_or_stop_of_distribution = true,
            [&[], &[]],
        ),
        (
            "the app is for one group from now on",
            |fixture| fixture.distribution = to_group("north", LicenseType::Device),
            [&[], &[("North", "bob"), ("Open", "eve")]],
        ),
    ];
    let mut fixture = fixture();
    for (what, change, [gains, loses]) in changes {
        let seats = |named: &[(&str, &str)]| -> BTreeSet<SeatKey> {
            named.iter().map(|(location, of)| seat(location, of)).collect()
        };
        change(&mut fixture);
        let preview = fixture.plan(PlanCause::ChangeApplied).preview;
        assert_eq!((&preview.gains, &preview.loses), (&seats(gains), &seats(loses)), "{what}");

        let plan = fixture.plan(PlanCause::ChangeApplied);
        assert_eq!(plan.preview, preview, "{what}: the same facts, the same plan");
        assert_eq!(fixture.carry_out(&plan), [preview.gains, preview.loses], "{what}");
        assert!(fixture.plan(PlanCause::ChangeApplied).preview.changes_nothing(), "{what}: a second time");
    }
}

#[test]
fn n1_rule_the_requests_of_a_plan_hold_exactly_the_seats_it_gains() {
    let plan = fixture().plan(PlanCause::ChangeApplied);
    let serial = |seat: &SeatKey| match &seat.holder {
        Holder::Device { serial_number } => (seat.asset.clone(), serial_number.clone()),
        Holder::User { .. } => unreachable!("only devices were asked for"),
    };
    let pairs: Vec<_> = plan.preview.gains.iter().map(serial).collect();
    let requests = pack_devices(pairs.iter().map(|(asset, holder)| (asset, holder)), &Default::default());
    let held: usize = requests.iter().map(|request| request.pairs()).sum();
    assert_eq!(held, plan.preview.gains.len());
}

#[test]
fn n1_rule_the_report_names_the_recipients_that_wait_and_those_that_have_to_pay() {
    let mut fixture = fixture();
    fixture.licenses.insert("Open", 0);
    fixture.people.push(person("zoe", &["south"]));
    fixture.tokens[1] = owning("Open", &["south"], 0);
    let report = fixture.plan(PlanCause::ChangeApplied).report;
    let waiting: Vec<_> = report.waiting().map(|(id, waits_for)| (id.as_str(), waits_for.name())).collect();
    assert_eq!(waiting, [("zoe", WaitsFor::FreeSeat.name())]);
    assert_eq!(report.users_pay().collect::<Vec<_>>(), ["eve"]);
    assert_eq!(report.counts(), BTreeMap::from([("gains", 2), ("unlicensed", 1), ("waits", 1)]));
}

#[test]
fn n15_rule_a_directory_that_answers_empty_is_refused_before_anything_is_released() {
    let mut fixture = fixture();
    fixture.licenses.insert("North", 100);
    fixture.people = (0..40).map(|n| person(&format!("p{n}"), &["north"])).collect();
    fixture.distribution = to_group("north", LicenseType::Device);
    fixture.policies.revoke_license_on_deletion_or_stop_of_distribution = true;
    let first = fixture.plan(PlanCause::DirectoryRead);
    fixture.carry_out(&first);

    fixture.people.iter_mut().for_each(|person| person.groups = groups(&[]));
    let plan = fixture.plan(PlanCause::DirectoryRead);
    assert!(plan.report.lines.iter().all(|line| matches!(line.outcome, Outcome::Loses { .. })));
    let releases = plan.preview.releases()[&LocationId::new("North").unwrap()];
    assert_eq!(ReleaseBound::default().check(releases, 40).unwrap_err().releases, 40);
}
