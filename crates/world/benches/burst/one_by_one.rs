//! The baseline: one request for each assignment, and one question for each, as fast as Apple takes them.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    catalog::AssetKey,
    seats::{Direction, EventId, Holder, Holders},
};
use mdm_vpp_ports::{AssignmentService, Clock, EventStatus, ManageAssets};
use mdm_vpp_world::Trouble;

use crate::{time::Arrival, town::Town};

/// An assignment that was accepted, and what is not known of it yet.
struct Asked {
    ask_at: DateTime<Utc>,
    event: EventId,
    wished_at: DateTime<Utc>,
}

/// Assigns everything; how long each took from the wish to the answer that it is done.
pub(crate) async fn assign(town: &Town, arrivals: Vec<Arrival>) -> Result<Vec<TimeDelta>, Trouble> {
    let pace = TimeDelta::nanoseconds(1_000_000_000 / 15 + 1);
    let wishes = arrivals.into_iter().flat_map(|arrival| {
        let at = arrival.at;
        arrival.seats.into_iter().map(move |seat| (at, seat))
    });
    let mut wishes = wishes.peekable();
    let (mut asked, mut took) = (VecDeque::<Asked>::new(), Vec::new());
    loop {
        let now = town.time.now();
        let question = asked.front().map(|next| next.ask_at);
        if let Some(next) = if question.is_some_and(|at| at <= now) { asked.pop_front() } else { None } {
            let report = town.service.event(&town.secret, &next.event).await?;
            if report.status == EventStatus::Complete {
                took.push(town.time.now() - next.wished_at);
            } else {
                asked.push_back(Asked { ask_at: now + TimeDelta::seconds(30), ..next });
            }
        } else if let Some((wished_at, seat)) = wishes.next_if(|(at, _)| *at <= now) {
            let event =
                town.service.manage_assets(&town.secret, &order(seat.asset, seat.holder)).await?.event_id;
            asked.push_back(Asked { ask_at: town.time.now() + TimeDelta::seconds(5), event, wished_at });
        } else {
            let wish = wishes.peek().map(|(at, _)| *at);
            match wish.into_iter().chain(question).min() {
                Some(next) => town.time.pass_until(next).await,
                None => return Ok(took),
            }
            continue;
        }
        // Requests leave side by side, as far as the rate allows it.
        town.time.pass_until(now + pace).await;
    }
}

fn order(asset: AssetKey, holder: Holder) -> ManageAssets {
    let holders = match holder {
        Holder::Device { serial_number } => Holders::Devices { serial_numbers: [serial_number].into() },
        Holder::User { client_user_id } => Holders::Users { client_user_ids: [client_user_id].into() },
    };
    ManageAssets { direction: Direction::Associate, assets: [asset].into(), holders }
}
