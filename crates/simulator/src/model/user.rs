//! A user that a location knows.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::holder::ClientUserId;

/// What became of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UserStatus {
    /// Known, without an Apple Account.
    Registered,
    /// Known, with an Apple Account.
    Associated,
    /// Given up by the MDM.
    Retired,
    /// Given up because its Apple Account went back to an older user of the same id.
    Deleted,
}

/// One row of the list of users. One id can have many: at most one of them is active.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) id: ClientUserId,
    pub(crate) email: Option<String>,
    pub(crate) status: UserStatus,
    /// The Apple Account, also of a user that was given up.
    pub(crate) account: Option<String>,
    /// With what the user accepts, while there is no Apple Account.
    pub(crate) invite_code: Option<String>,
}

/// A user as an MDM wants it.
#[derive(Clone, Debug)]
pub(crate) struct WantedUser {
    pub(crate) id: ClientUserId,
    pub(crate) email: Option<String>,
    pub(crate) managed_apple_id: Option<String>,
}

impl User {
    pub(crate) fn is_active(&self) -> bool {
        matches!(self.status, UserStatus::Registered | UserStatus::Associated)
    }

    /// The same for the same Apple Account, and telling nothing of it.
    pub(crate) fn id_hash(&self) -> Option<String> {
        self.account.as_deref().map(id_hash)
    }
}

/// Twenty bytes that depend on the account alone. No cryptography: these accounts exist nowhere.
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

/// The code in an invitation.
pub(crate) fn invite_code(number: u64) -> String {
    format!("{:016x}{number:016x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
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
