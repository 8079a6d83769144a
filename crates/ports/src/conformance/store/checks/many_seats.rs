//! A transaction may change many seats.

use std::{collections::BTreeSet, sync::Arc};

use mdm_vpp_core::seats::{NextAction, Progress, RequestNumber, Seat, SeatKey};

use super::super::{
    Violation,
    store_fixture::StoreFixture,
    talking::{APPS, all_of, key, puts, seat, talk_of},
};
use crate::{LocationScope, Seats, Store};

/// 20,000 seats are saved in one transaction, loaded by their keys, changed, and come back in pages.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn twenty_thousand_seats_are_one_turn(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("twenty thousand seats are one turn", store)?;
    story.settle_talk(&story.acme, &story.berlin).await?;
    let mut seats = Vec::new();
    for n in 0..10_000 {
        let holder = story.device(&format!("C{n:011}"))?;
        seats.extend(APPS.iter().take(2).map(|number| seat(key(&story.berlin, *number, &holder), n)));
    }
    seats.sort_by(|a, b| a.key.cmp(&b.key));
    let motion = Progress::InRequest { request: RequestNumber(1) };
    let under_way = seats.iter().map(|seat| Seat { progress: motion.clone(), ..seat.clone() });
    story.talk(&story.acme, &story.berlin, puts(under_way)).await?;
    let agenda = Seats::WithNextAction([NextAction::AwaitAnswer].into(), 3);
    story.same("the oldest that await their answer", &3, &story.seats_in_berlin(agenda).await?.len())?;

    story.talk(&story.acme, &story.berlin, puts(seats.clone())).await?;
    let keys: BTreeSet<SeatKey> = seats.iter().map(|seat| seat.key.clone()).collect();
    let scope = LocationScope { seats: Seats::These(keys), ..talk_of(&story.berlin) };
    let found: Vec<Seat> = story.in_berlin(scope).await?.seats.into_values().collect();
    story.same("by their keys", &true, &(found == seats))?;
    let (mut found, mut after) = (Vec::new(), None);
    while found.len() <= seats.len() {
        let page = story.seats_in_berlin(Seats::After(after.clone(), 3_000)).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.key.clone());
        found.extend(page);
    }
    story.same("in pages", &true, &(found == seats))?;
    let talk = story.in_berlin(all_of(&story.berlin)).await?;
    story.same("turns and seats", &(3, 20_000), &(story.turns_of(&story.acme).await?, talk.seats.len()))
}
