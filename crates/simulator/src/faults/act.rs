//! What a fault does: answer in place of the service, or spoil its answer.

use chrono::{DateTime, Utc};

use super::fault::{Fault, RetryAfter};
use crate::door::Answer;
use crate::error_number::ErrorNumber;
use crate::model::Service;
use crate::response::{HTML, Response};
use crate::wire::EveryReply;

const PAGE: &[u8] = b"<!DOCTYPE html>\n<html><head><title>Service Unavailable</title></head>\n\
    <body><h1>The page you are looking for is temporarily unavailable.</h1></body></html>\n";

/// The answer in place of the service's own, which then is not asked; `None` for faults that spoil its answer.
pub(crate) fn instead(fault: &Fault, service: &Service, now: DateTime<Utc>) -> Option<Answer> {
    Some(match fault {
        Fault::Error(number) => Answer::refusal(service, *number, EveryReply::default()),
        Fault::ErrorInOkBody(number) => Answer::refusal_with_status(200, *number, EveryReply::default()),
        Fault::Html { status } => Answer::plain(Response::new(*status, HTML, PAGE.to_vec())),
        Fault::Busy { status, retry_after } => busy(*status, *retry_after, now),
        Fault::Redirect { status, to } => {
            let mut response = Response::new(*status, HTML, Vec::new());
            response.headers.push(("location".to_owned(), to.clone()));
            Answer::plain(response)
        }
        Fault::RequestLost => Answer::plain(Response::lost()),
        Fault::AnswerLost
        | Fault::TruncatedJson
        | Fault::EditJson(_)
        | Fault::OversizedBody { .. }
        | Fault::SlowReply { .. }
        | Fault::Event(_)
        | Fault::First(_) => return None,
    })
}

fn busy(status: u16, retry_after: RetryAfter, now: DateTime<Utc>) -> Answer {
    let number = if status == 429 { ErrorNumber::TOO_MANY_REQUESTS } else { ErrorNumber::new(9729) };
    let mut answer = Answer::refusal_with_status(status, number, EveryReply::default());
    if let Some(value) = retry_after.header(now) {
        answer.response.headers.push(("retry-after".to_owned(), value));
    }
    answer
}

/// Spoils an answer.
pub(crate) fn alter(fault: &Fault, answer: &mut Answer) {
    let response = &mut answer.response;
    match fault {
        Fault::AnswerLost => *response = Response::lost(),
        Fault::TruncatedJson => {
            let half = response.body.len() / 2;
            response.body.truncate(half);
        }
        Fault::EditJson(edit) => {
            if let Ok(mut value) = response.value() {
                (edit.0)(&mut value);
                response.body = serde_json::to_vec(&value).unwrap_or_default();
            }
        }
        Fault::OversizedBody { mebibytes } => response.delivery.padded_to_mebibytes = Some(*mebibytes),
        Fault::SlowReply { delay } => response.delivery.delay = Some(*delay),
        Fault::Error(_)
        | Fault::ErrorInOkBody(_)
        | Fault::Html { .. }
        | Fault::Busy { .. }
        | Fault::Redirect { .. }
        | Fault::RequestLost
        | Fault::Event(_)
        | Fault::First(_) => {}
    }
}
