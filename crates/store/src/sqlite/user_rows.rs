//! Members: users as Apple knows them.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp_core::{
    id::{ClientUserId, LocationId},
    seats::{Holder, Seat, SeatKey, VppUser},
};
use mdm_vpp_ports::{StoreError, VppUsers};
use rusqlite::{Params, Transaction, params};

use super::failure::failed;
use crate::rows::{document::json, talk};

const READING: &str = "reading the members of a location";
const WRITING: &str = "writing the members of a location";

/// Inserts or replaces users.
pub(super) fn put(
    transaction: &Transaction<'_>,
    location: &LocationId,
    members: &[VppUser],
) -> Result<(), StoreError> {
    let mut statement = transaction
        .prepare_cached(
            "INSERT INTO vpp_users (location, client_user_id, to_do, document) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (location, client_user_id) DO UPDATE SET
                 to_do = excluded.to_do,
                 document = excluded.document",
        )
        .map_err(failed(WRITING))?;
    for member in members {
        let to_do = i64::from(member.is_to_be_read());
        statement
            .execute(params![location.as_str(), member.client_user_id.as_str(), to_do, json(member)?])
            .map_err(failed(WRITING))?;
    }
    Ok(())
}

/// The users that a transaction asks for.
pub(super) fn load(
    transaction: &Transaction<'_>,
    location: &LocationId,
    members: &VppUsers,
    seats: &BTreeMap<SeatKey, Seat>,
) -> Result<BTreeMap<ClientUserId, VppUser>, StoreError> {
    let found = match members {
        VppUsers::None => Vec::new(),
        VppUsers::These(ids) => these(transaction, location, ids.iter())?,
        VppUsers::OfSeats => {
            let users = seats.keys().filter_map(|key| match &key.holder {
                Holder::User { client_user_id } => Some(client_user_id),
                Holder::Device { .. } => None,
            });
            these(transaction, location, users.collect::<BTreeSet<_>>().into_iter())?
        }
        VppUsers::ToRead(limit) => {
            let sql = "SELECT location, client_user_id, document FROM vpp_users
                       WHERE location = ?1 AND to_do = 1 ORDER BY client_user_id LIMIT ?2";
            let limit = i64::try_from(*limit).unwrap_or(i64::MAX);
            select(transaction, sql, params![location.as_str(), limit])?
        }
    };
    Ok(found.into_iter().map(|member| (member.client_user_id.clone(), member)).collect())
}

fn these<'i>(
    transaction: &Transaction<'_>,
    location: &LocationId,
    ids: impl Iterator<Item = &'i ClientUserId>,
) -> Result<Vec<VppUser>, StoreError> {
    let sql = "SELECT location, client_user_id, document FROM vpp_users
               WHERE location = ?1 AND client_user_id = ?2";
    let mut found = Vec::new();
    for id in ids {
        found.extend(select(transaction, sql, params![location.as_str(), id.as_str()])?);
    }
    Ok(found)
}

fn select(transaction: &Transaction<'_>, sql: &str, params: impl Params) -> Result<Vec<VppUser>, StoreError> {
    let mut statement = transaction.prepare_cached(sql).map_err(failed(READING))?;
    let mut rows = statement.query(params).map_err(failed(READING))?;
    let mut members = Vec::new();
    while let Some(row) = rows.next().map_err(failed(READING))? {
        members.push(talk::user(row)?);
    }
    Ok(members)
}
