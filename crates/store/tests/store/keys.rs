//! Keys for the tests.

use mdm_vpp_store::sealing::{KeyId, KeyRing, SealingKey};

pub(crate) fn key(digit: char) -> SealingKey {
    SealingKey::parse(digit.to_string().repeat(64)).unwrap()
}

pub(crate) fn id(text: &str) -> KeyId {
    KeyId::new(text).unwrap()
}

pub(crate) fn ring() -> KeyRing {
    KeyRing::new(id("one"), key('1'))
}
