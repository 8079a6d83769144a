//! The users of a location.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};

use super::collections::{History, Roll};
use crate::apple::{ClientUserId, ErrorNumber, UserStatus, VersionId};
use crate::wire::UserRow;

/// One row of the list of users. One id can have many: at most one of them is active.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) id: ClientUserId,
    pub(crate) email: Option<String>,
    pub(crate) status: UserStatus,
    /// The Apple Account, also of a user that is no longer active.
    pub(crate) account: Option<String>,
    /// The code with which the user accepts the invitation, while there is no Apple Account.
    pub(crate) invite_code: Option<String>,
}

impl User {
    pub(crate) fn is_active(&self) -> bool {
        matches!(self.status, UserStatus::Registered | UserStatus::Associated)
    }

    /// Equal for equal Apple Accounts, without showing them.
    pub(crate) fn id_hash(&self) -> Option<String> {
        self.account.as_deref().map(id_hash)
    }

    /// The user as clients see it.
    pub(crate) fn row(&self) -> UserRow {
        UserRow {
            client_user_id: self.id.to_string(),
            email: self.email.clone(),
            id_hash: self.id_hash(),
            invite_code: self.invite_code.clone(),
            status: Some(self.status.name().to_owned()),
        }
    }
}

/// A user as an MDM describes it.
#[derive(Clone, Debug)]
pub(crate) struct WantedUser {
    pub(crate) id: ClientUserId,
    pub(crate) email: Option<String>,
    pub(crate) managed_apple_id: Option<String>,
}

/// Twenty bytes that depend on the account alone (three rounds of FNV-1a, base64). This need not be cryptography: no
/// account of the simulator belongs to a person.
fn id_hash(account: &str) -> String {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    let mut bytes = Vec::with_capacity(24);
    for round in 0..3_u8 {
        for byte in account.bytes().chain([round]) {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        bytes.extend(state.to_be_bytes());
    }
    bytes.truncate(20);
    STANDARD.encode(bytes)
}

/// The code in an invitation: the number, behind digits that vary with it so that codes look unlike each other.
pub(crate) fn invite_code(number: u64) -> String {
    format!("{:016x}{number:016x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// All rows in the order in which they were created, and the ways to find them.
#[derive(Clone, Debug)]
pub(crate) struct Users {
    rows: Vec<User>,
    of: HashMap<ClientUserId, Vec<usize>>,
    active: Roll<usize>,
    retired: Roll<usize>,
    /// The active user of an Apple Account.
    accounts: HashMap<String, usize>,
    pub(crate) history: History<usize>,
}

impl Users {
    pub(crate) fn none_at(version: VersionId) -> Self {
        Self {
            rows: Vec::new(),
            of: HashMap::new(),
            active: Roll::default(),
            retired: Roll::default(),
            accounts: HashMap::new(),
            history: History::starting_at(version),
        }
    }

    pub(crate) fn row(&self, row: usize) -> Option<&User> {
        self.rows.get(row)
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn active_rows(&self) -> &[usize] {
        self.active.entries()
    }

    pub(crate) fn retired_rows(&self) -> &[usize] {
        self.retired.entries()
    }

    /// The rows of an id, oldest first.
    pub(crate) fn rows_of(&self, id: &ClientUserId) -> &[usize] {
        self.of.get(id).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn active(&self, id: &ClientUserId) -> Option<usize> {
        self.rows_of(id).iter().copied().find(|row| self.active.contains(row))
    }

    /// The user that an assignment shows: the active one, else the last.
    pub(crate) fn shown(&self, id: &ClientUserId) -> Option<&User> {
        let row = self.active(id).or_else(|| self.rows_of(id).last().copied());
        self.row(row?)
    }

    /// Creates a user, or brings one back. Answers its row.
    pub(crate) fn create(&mut self, wanted: &WantedUser, invite_code: String) -> Result<usize, ErrorNumber> {
        if self.active(&wanted.id).is_some() {
            return Err(ErrorNumber::USER_EXISTS);
        }
        if let Some(account) = &wanted.managed_apple_id {
            self.check_free(account, &wanted.id)?;
        }
        // A retired user that never had an Apple Account comes back; one that had gets a successor (Apple's
        // documentation).
        let account = wanted.managed_apple_id.as_ref();
        let row = self
            .find(&wanted.id, |user| account.is_some() && user.account.as_ref() == account)
            .or_else(|| {
                self.find(&wanted.id, |user| user.account.is_none() && user.status == UserStatus::Retired)
            })
            .unwrap_or_else(|| self.append(&wanted.id));
        if wanted.email.is_some() {
            self.change(row, |user| user.email.clone_from(&wanted.email));
        }
        match &wanted.managed_apple_id {
            Some(account) => self.bind(row, account),
            None => self.set(row, UserStatus::Registered, Some(invite_code)),
        }
        Ok(row)
    }

    /// Changes an active user. Answers its row.
    pub(crate) fn update(&mut self, wanted: &WantedUser) -> Result<usize, ErrorNumber> {
        let row = self.active(&wanted.id).ok_or(ErrorNumber::USER_NOT_FOUND)?;
        if let Some(account) = &wanted.managed_apple_id {
            self.check_free(account, &wanted.id)?;
            self.bind(row, account);
        }
        if wanted.email.is_some() {
            self.change(row, |user| user.email.clone_from(&wanted.email));
        }
        Ok(row)
    }

    /// Retires the active user of an id. `None` when there is none, which is no error.
    pub(crate) fn retire(&mut self, id: &ClientUserId) -> Option<usize> {
        let row = self.active(id)?;
        self.set(row, UserStatus::Retired, None);
        Some(row)
    }

    /// Lets the active user of an id accept with an Apple Account. Answers the rows touched, the active one first: an
    /// older user of the same id and account comes back, and the newer one is deleted (Apple's documentation of the
    /// first API).
    pub(crate) fn accept(&mut self, id: &ClientUserId, account: &str) -> Result<Vec<usize>, ErrorNumber> {
        let row = self.active(id).ok_or(ErrorNumber::USER_NOT_FOUND)?;
        self.check_free(account, id)?;
        let older = self.find(id, |user| user.account.as_deref() == Some(account) && !user.is_active());
        let Some(older) = older else {
            self.bind(row, account);
            return Ok(vec![row]);
        };
        let email = self.row(row).and_then(|user| user.email.clone());
        self.set(row, UserStatus::Deleted, None);
        self.change(older, |user| user.email = email.or_else(|| user.email.take()));
        self.bind(older, account);
        Ok(vec![older, row])
    }

    fn check_free(&self, account: &str, id: &ClientUserId) -> Result<(), ErrorNumber> {
        let taken = self.accounts.get(account).and_then(|row| self.row(*row));
        match taken {
            Some(user) if user.id != *id => Err(ErrorNumber::ACCOUNT_TAKEN),
            _ => Ok(()),
        }
    }

    fn find(&self, id: &ClientUserId, wanted: impl Fn(&User) -> bool) -> Option<usize> {
        self.rows_of(id).iter().rev().copied().find(|row| self.row(*row).is_some_and(&wanted))
    }

    fn append(&mut self, id: &ClientUserId) -> usize {
        let row = self.rows.len();
        self.rows.push(User {
            id: id.clone(),
            email: None,
            status: UserStatus::Registered,
            account: None,
            invite_code: None,
        });
        self.of.entry(id.clone()).or_default().push(row);
        row
    }

    fn change(&mut self, row: usize, change: impl FnOnce(&mut User)) {
        if let Some(user) = self.rows.get_mut(row) {
            change(user);
        }
    }

    fn bind(&mut self, row: usize, account: &str) {
        self.set(row, UserStatus::Associated, None);
        self.change(row, |user| user.account = Some(account.to_owned()));
        self.accounts.insert(account.to_owned(), row);
    }

    /// Sets a status. The Apple Account is free from now on unless it is bound again.
    fn set(&mut self, row: usize, status: UserStatus, invite_code: Option<String>) {
        let account = self.row(row).and_then(|user| user.account.as_ref());
        if let Some(account) = account
            && self.accounts.get(account) == Some(&row)
        {
            self.accounts.remove(&account.clone());
        }
        self.active.remove(&row);
        self.retired.remove(&row);
        match status {
            UserStatus::Registered | UserStatus::Associated => self.active.add(row),
            UserStatus::Retired => self.retired.add(row),
            UserStatus::Deleted => false,
        };
        self.change(row, |user| {
            user.status = status;
            user.invite_code = invite_code;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_an_account_is_the_same_every_time_and_differs_between_accounts() {
        assert_eq!(id_hash("ada@example.org"), id_hash("ada@example.org"));
        assert_ne!(id_hash("ada@example.org"), id_hash("ben@example.org"));
        assert_eq!(id_hash("").len(), 28);
        assert_eq!(invite_code(7).len(), 32);
    }
}
