//! `docs/APPLE_ERRORS.md`: Apple's error numbers, what they mean and what we do.

use chrono::{DateTime, TimeDelta};
use mdm_vpp_core::{
    apple_error::{ERROR_TABLE, ErrorClass, ErrorEntry, ErrorNumber},
    id::AdamId,
    transaction::{CallFailure, Job, JobKind},
};

use super::{page::table, token_status::shown_after};
use crate::error::TaskError;

const INTRODUCTION: &str = "\
# The errors of Apple's service

Apple tells errors apart by number. An answer with status 200 may carry one too, so the number counts and not the
status; the status here is the one that Apple documents. The classes are our reading.

";

/// Explains when failed work is tried again. The waits are the core's.
fn again() -> String {
    let [first, longest] = [0, u32::MAX].map(|tries| wait_after(tries, None).num_minutes());
    format!(
        "What we do, below, is about one call. A job that failed is tried again in any case: after {first} minute,\n\
         then after twice the last wait, at most after {} hours, and never before the time that Apple asks for.\n\n",
        longest / 60
    )
}

const UNKNOWN: &str = "
## Other numbers, and answers without a number

The HTTP status decides.

";

const STATUSES: &[u16] = &[400, 401, 403, 404, 408, 425, 429, 500, 502, 503, 504];

pub(super) fn page() -> Result<String, TaskError> {
    let known = ERROR_TABLE.iter().map(known).collect::<Result<Vec<_>, _>>()?;
    let unknown = STATUSES.iter().map(|status| unknown(*status)).collect::<Result<Vec<_>, _>>()?;
    let known = table(&["Number", "Meaning", "HTTP status", "Class", "What we do"], &known);
    let unknown = table(&["HTTP status", "Class", "What we do"], &unknown);
    Ok(format!("{INTRODUCTION}{}{known}{UNKNOWN}{unknown}", again()))
}

fn known(entry: &ErrorEntry) -> Result<Vec<String>, TaskError> {
    let status = entry.http_status.map_or_else(|| "none documented".into(), |status| status.to_string());
    let class = ErrorClass::of(ErrorNumber(entry.number), entry.http_status.unwrap_or(200));
    let what_we_do = match about_the_token(ErrorNumber(entry.number)) {
        Some(words) => words,
        None => about_the_class(class)?.into(),
    };
    Ok(vec![entry.number.to_string(), entry.meaning.into(), status, class.code().into(), what_we_do])
}

fn unknown(status: u16) -> Result<Vec<String>, TaskError> {
    let class = ErrorClass::of_http_status(status);
    Ok(vec![status.to_string(), class.code().into(), about_the_class(class)?.into()])
}

/// Says what a number means for the token that was used, if it is about the token.
fn about_the_token(number: ErrorNumber) -> Option<String> {
    let label = shown_after(number)?.label();
    let hours = wait_after(0, Some(number)).num_hours();
    Some(format!("the token is shown as {label}, with Apple's text; it is tried again every {hours} hours"))
}

/// How long a job waits that failed now and `tries` times in a row before, with the error number of this failure.
fn wait_after(tries: u32, number: Option<ErrorNumber>) -> TimeDelta {
    let now = DateTime::UNIX_EPOCH;
    let failure = CallFailure { number, message: String::new(), retry_after: None };
    let due = Job { tries, ..Job::at(JobKind::TellCatalog { adam_id: AdamId::new(1) }, now) };
    due.after_failure(&failure, now).at.signed_duration_since(now)
}

/// Says what we do about an error that is not about the token.
fn about_the_class(class: ErrorClass) -> Result<&'static str, TaskError> {
    Ok(match class {
        ErrorClass::RateLimited => {
            "send it again after the time that Apple asks for, else after waits that grow threefold"
        }
        ErrorClass::Transient => {
            "send it again after the time that Apple asks for, else after waits that double"
        }
        ErrorClass::PermanentRequest => "do not send it again as it is: the request is wrong",
        ErrorClass::NotEnoughLicenses => "do not send it again as it is: licenses are missing",
        ErrorClass::Conflict => "do not send it again as it is: read what Apple holds, then decide",
        ErrorClass::TokenRefused | ErrorClass::TokenExpired => {
            "do not send it again as it is: the token has to be updated"
        }
        ErrorClass::Claimed => "do not send it again as it is: another MDM server manages the location",
        ErrorClass::NeedsPerson => "do not send it again as it is: an administrator or a user has to act",
        other => return Err(TaskError::NoWords(other.code())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_its_row() {
        let page = page().unwrap();
        for entry in ERROR_TABLE {
            assert!(
                page.contains(&format!("\n| {} | {} |", entry.number, entry.meaning)),
                "{}",
                entry.number
            );
        }
    }

    #[test]
    fn the_words_of_a_class_agree_with_whether_it_may_be_sent_again() {
        for entry in ERROR_TABLE {
            let sent_again = about_the_class(entry.class).unwrap().starts_with("send it again");
            assert_eq!(sent_again, entry.class.is_retryable(), "{}", entry.number);
        }
    }

    #[test]
    fn a_number_that_speaks_of_the_token_names_the_status_that_follows() {
        let words = about_the_token(ErrorNumber(9625)).unwrap();
        assert!(words.contains("Revoked") && words.contains("every 24 hours"), "{words}");
        assert_eq!(about_the_token(ErrorNumber(9646)), None);
    }
}
