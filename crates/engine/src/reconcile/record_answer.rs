//! Saving what was learned of a request: shared by the jobs that send and that poll.

use chrono::TimeDelta;
use mdm_vpp_core::{
    decide::assignments::decide_record_answer,
    seats::{RequestEvent, RequestNumber},
};
use mdm_vpp_ports::{Requests, StoreError};

use crate::{
    context::{later, requests_scope},
    sessions::{LocationSession, SessionError},
};

/// Waits before saving is tried again, in seconds. Our choice: what Apple said is worth some tries, because without it
/// the request counts as lost and its seats are fenced for minutes.
const SAVE_AGAIN_SECONDS: [i64; 2] = [1, 5];

/// Saves what was learned of a request.
pub(super) async fn record_answer(
    session: &LocationSession<'_>,
    number: RequestNumber,
    event: RequestEvent,
) -> Result<(), SessionError> {
    let mut waits = SAVE_AGAIN_SECONDS.iter();
    loop {
        let scope = requests_scope(session.lease(), Requests::One(number));
        let (event, now) = (event.clone(), session.now());
        let saved = session.save(scope, move |rows| decide_record_answer(rows, number, &event, now)).await;
        match (saved, waits.next()) {
            (Ok(()), _) => {
                session.sessions().answer_saved(session.lease());
                return Ok(());
            }
            (Err(StoreError::Busy | StoreError::Backend { .. }), Some(seconds)) => {
                let until = later(session.now(), TimeDelta::seconds(*seconds));
                session.context().wait_until(until).await;
            }
            (Err(error), _) => return Err(error.into()),
        }
    }
}
