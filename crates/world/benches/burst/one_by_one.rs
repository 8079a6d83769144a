//! The baseline: one request and one poll for each assignment, as fast as Apple takes them.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    catalog::AssetKey,
    seats::{Direction, EventId, Holder, Holders},
};
use mdm_vpp_ports::{AssignmentService, Clock, EventStatus, ManageAssets};
use mdm_vpp_world::BoxError;

use crate::{fixture::BurstFixture, virtual_time::Arrival};

/// A request that Apple accepted, and whose event is polled.
struct Accepted {
    poll_at: DateTime<Utc>,
    event: EventId,
    desired_at: DateTime<Utc>,
}

/// Assigns all seats; the answer is the time that each took from its arrival to its completed event.
pub(crate) async fn assign(
    fixture: &BurstFixture,
    arrivals: Vec<Arrival>,
) -> Result<Vec<TimeDelta>, BoxError> {
    let pace = TimeDelta::nanoseconds(1_000_000_000 / 15 + 1);
    let changes = arrivals.into_iter().flat_map(|arrival| {
        let at = arrival.at;
        arrival.seats.into_iter().map(move |seat| (at, seat))
    });
    let mut changes = changes.peekable();
    let (mut accepted, mut took) = (VecDeque::<Accepted>::new(), Vec::new());
    loop {
        let now = fixture.time.now();
        let poll = accepted.front().map(|next| next.poll_at);
        if let Some(next) = if poll.is_some_and(|at| at <= now) { accepted.pop_front() } else { None } {
            let report = fixture.service.event(&fixture.secret, &next.event).await?;
            if report.status == EventStatus::Complete {
                took.push(fixture.time.now() - next.desired_at);
            } else {
                accepted.push_back(Accepted { poll_at: now + TimeDelta::seconds(30), ..next });
            }
        } else if let Some((desired_at, seat)) = changes.next_if(|(at, _)| *at <= now) {
            let event = fixture
                .service
                .manage_assets(&fixture.secret, &order(seat.asset, seat.holder))
                .await?
                .event_id;
            accepted.push_back(Accepted {
                poll_at: fixture.time.now() + TimeDelta::seconds(5),
                event,
                desired_at,
            });
        } else {
            let change = changes.peek().map(|(at, _)| *at);
            match change.into_iter().chain(poll).min() {
                Some(next) => fixture.time.pass_until(next).await,
                None => return Ok(took),
            }
            continue;
        }
        // Requests leave in parallel, as far as the rate allows it.
        fixture.time.pass_until(now + pace).await;
    }
}

fn order(asset: AssetKey, holder: Holder) -> ManageAssets {
    let holders = match holder {
        Holder::Device { serial_number } => Holders::Devices { serial_numbers: [serial_number].into() },
        Holder::User { client_user_id } => Holders::Users { client_user_ids: [client_user_id].into() },
    };
    ManageAssets { direction: Direction::Associate, assets: [asset].into(), holders }
}
