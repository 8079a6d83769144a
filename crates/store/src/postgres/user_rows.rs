//! Members: users as Apple knows them.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp_core::{
    id::{ClientUserId, LocationId},
    seats::{Holder, Seat, SeatKey, VppUser},
};
use mdm_vpp_ports::{StoreError, VppUsers};
use tokio_postgres::Row;

use super::work::Work;
use crate::rows::{document::json, talk};

const READING: &str = "reading the members of a location";
const WRITING: &str = "writing the members of a location";

/// Inserts or replaces users; of two with the same id the last counts.
pub(super) async fn put(
    work: &Work<'_>,
    location: &LocationId,
    members: &[VppUser],
) -> Result<(), StoreError> {
    let members: BTreeMap<&ClientUserId, &VppUser> =
        members.iter().map(|member| (&member.client_user_id, member)).collect();
    if members.is_empty() {
        return Ok(());
    }
    let ids: Vec<&str> = members.keys().map(|id| id.as_str()).collect();
    let to_do: Vec<bool> = members.values().map(|member| member.is_to_be_read()).collect();
    let documents = members.values().map(json).collect::<Result<Vec<_>, _>>()?;
    let sql = "INSERT INTO vpp_users (location, client_user_id, to_do, document)
               SELECT $1, client_user_id, to_do, document FROM unnest($2::text[], $3::boolean[], $4::text[])
                    AS put (client_user_id, to_do, document)
               ON CONFLICT (location, client_user_id) DO UPDATE SET
                   to_do = excluded.to_do,
                   document = excluded.document";
    work.doing(WRITING).change(sql, &[&location.as_str(), &ids, &to_do, &documents]).await.map(drop)
}

/// The users that a transaction asks for.
pub(super) async fn load(
    work: &Work<'_>,
    location: &LocationId,
    members: &VppUsers,
    seats: &BTreeMap<SeatKey, Seat>,
) -> Result<BTreeMap<ClientUserId, VppUser>, StoreError> {
    let rows = match members {
        VppUsers::None => Vec::new(),
        VppUsers::These(ids) => these(work, location, ids.iter().collect()).await?,
        VppUsers::OfSeats => {
            let users = seats.keys().filter_map(|key| match &key.holder {
                Holder::User { client_user_id } => Some(client_user_id),
                Holder::Device { .. } => None,
            });
            these(work, location, users.collect()).await?
        }
        VppUsers::ToRead(limit) => {
            let sql = "SELECT location, client_user_id, document FROM vpp_users
                       WHERE location = $1 AND to_do ORDER BY client_user_id LIMIT $2";
            let limit = i64::try_from(*limit).unwrap_or(i64::MAX);
            work.doing(READING).rows(sql, &[&location.as_str(), &limit]).await?
        }
    };
    let members =
        rows.iter().map(|row| talk::user(row).map(|member| (member.client_user_id.clone(), member)));
    members.collect()
}

async fn these(
    work: &Work<'_>,
    location: &LocationId,
    ids: BTreeSet<&ClientUserId>,
) -> Result<Vec<Row>, StoreError> {
    let ids: Vec<&str> = ids.into_iter().map(ClientUserId::as_str).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = "SELECT location, client_user_id, document FROM vpp_users
               WHERE location = $1 AND client_user_id = ANY($2)";
    work.doing(READING).rows(sql, &[&location.as_str(), &ids]).await
}
