//! `docs/TOKEN_STATUS.md`: each status of a token, when it holds, and which operations it allows.

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    apple_error::{ERROR_TABLE, ErrorNumber},
    token::{
        ClaimHolder, EXPIRING_WITHIN_DAYS, MdmInfo, ReadOnly, ReadOnlyReason, Rejection, RejectionKind,
        TokenCondition, TokenOperation, TokenStatus,
    },
};

use super::page::table;

const INTRODUCTION: &str = "\
# The status of a token

A token has one status. When several hold, the upper row wins. Times are UTC.

";

const OPERATIONS: &str = "
An operation that a status forbids is refused here, without a call to Apple, with the hint. Reading is never refused:
for a token that Apple does not accept it is how we notice that Apple accepts it again.
";

pub(super) fn page() -> String {
    let phrases = TokenOperation::ALL.map(TokenOperation::phrase);
    let heading = [&["Status", "When"], &phrases[..], &["Hint"]].concat();
    let rows: Vec<_> = statuses().iter().map(row).collect();
    format!("{INTRODUCTION}{}{OPERATIONS}", table(&heading, &rows))
}

fn row(status: &TokenStatus) -> Vec<String> {
    let allowed = TokenOperation::ALL.map(|operation| if status.allows(operation) { "yes" } else { "no" });
    let hint = status.hint().unwrap_or("none");
    let mut cells = vec![status.label().to_owned(), when(status)];
    cells.extend(allowed.map(str::to_owned));
    cells.push(hint.to_owned());
    cells
}

/// When a status holds, in words.
fn when(status: &TokenStatus) -> String {
    let refused = |meaning| numbers(|number| RejectionKind::of(number) == Some(meaning));
    match status {
        TokenStatus::Revoked { .. } => {
            format!("Apple refused the token with {}", refused(RejectionKind::Revoked))
        }
        TokenStatus::Invalid { .. } => {
            format!("Apple refused the token with {}", refused(RejectionKind::Invalid))
        }
        TokenStatus::Expired { .. } => {
            let number = refused(RejectionKind::Expired);
            format!("Apple refused the token with {number}, or the end of its year has come")
        }
        TokenStatus::ClaimedByOther { .. } => "the last answer of Apple names another MDM server".into(),
        TokenStatus::ReadOnly { reason, .. } => {
            let refused = numbers(|number| ReadOnlyReason::of(number) == Some(*reason));
            format!("Apple refused a change with {refused}")
        }
        TokenStatus::Joining => "the location is not claimed yet, or its assets were not read yet".into(),
        TokenStatus::Expiring { .. } => {
            format!("the token works and ends within {EXPIRING_WITHIN_DAYS} days")
        }
        TokenStatus::Active => "the token works".into(),
    }
}

/// The error numbers that mean something.
fn numbers(means_it: impl Fn(ErrorNumber) -> bool) -> String {
    let numbers =
        ERROR_TABLE.iter().map(|entry| ErrorNumber(entry.number)).filter(|number| means_it(*number));
    let numbers: Vec<_> = numbers.map(|number| number.to_string()).collect();
    numbers.join(" or ")
}

/// All statuses, in the order in which they win. A token with every defect is mended step by step.
fn statuses() -> Vec<TokenStatus> {
    let now = DateTime::UNIX_EPOCH;
    let mut condition = TokenCondition::new(now);
    condition.claim = ClaimHolder::Other { mdm_info: MdmInfo::default() };
    let steps: [fn(&mut TokenCondition, DateTime<Utc>); 9] = [
        |condition, now| condition.rejection = Some(rejection(RejectionKind::Revoked, now)),
        |condition, now| condition.rejection = Some(rejection(RejectionKind::Invalid, now)),
        |condition, now| condition.rejection = Some(rejection(RejectionKind::Expired, now)),
        |condition, now| {
            condition.rejection = None;
            condition.expires_at = now + TimeDelta::days(EXPIRING_WITHIN_DAYS);
            condition.read_only = Some(read_only(ReadOnlyReason::Role));
        },
        |condition, _| condition.claim = ClaimHolder::Unclaimed,
        |condition, _| condition.read_only = Some(read_only(ReadOnlyReason::ManagedByApple)),
        |condition, _| condition.read_only = None,
        |condition, _| {
            condition.claim = ClaimHolder::Us;
            condition.first_sync_done = true;
        },
        |condition, _| condition.expires_at = DateTime::<Utc>::MAX_UTC,
    ];
    let mut statuses = Vec::new();
    for step in steps {
        step(&mut condition, now);
        statuses.push(TokenStatus::of(&condition, now));
    }
    statuses
}

/// The status of a token that worked until Apple answered with a number, if the number speaks of the token.
pub(super) fn shown_after(number: ErrorNumber) -> Option<TokenStatus> {
    let now = DateTime::UNIX_EPOCH;
    let mut condition = TokenCondition::new(DateTime::<Utc>::MAX_UTC);
    condition.rejection = RejectionKind::of(number).map(|meaning| rejection(meaning, now));
    condition.read_only = ReadOnlyReason::of(number).map(read_only);
    let speaks_of_it = condition.rejection.is_some() || condition.read_only.is_some();
    speaks_of_it.then(|| TokenStatus::of(&condition, now))
}

fn rejection(meaning: RejectionKind, since: DateTime<Utc>) -> Rejection {
    Rejection { meaning, number: ErrorNumber(0), message: String::new(), since }
}

const fn read_only(reason: ReadOnlyReason) -> ReadOnly {
    ReadOnly { reason, message: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_row_and_the_worst_comes_first() {
        let labels: Vec<_> = statuses().iter().map(TokenStatus::label).collect();
        assert_eq!(
            labels,
            [
                "Revoked",
                "Invalid",
                "Expired",
                "Claimed by another MDM",
                "Read-only",
                "Read-only",
                "Joining",
                "Expiring",
                "Active",
            ]
        );
    }

    #[test]
    fn the_words_come_from_the_rules_of_the_core() {
        let page = page();
        for words in ["with 9625 |", "with 9601 or 9622 |", "with 9637 |", "within 30 days", "Apple Support"]
        {
            assert!(page.contains(words), "{words}");
        }
    }
}
