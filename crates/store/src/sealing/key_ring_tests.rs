//! What opens, what does not, and that no byte of it may be changed.

use super::*;
use crate::sealing::key_id_of;

fn id(text: &str) -> KeyId {
    KeyId::new(text).unwrap()
}

fn key(digit: char) -> SealingKey {
    SealingKey::parse(digit.to_string().repeat(64)).unwrap()
}

fn ring() -> KeyRing {
    KeyRing::new(id("one"), key('1'))
}

fn place() -> Place {
    Place::new("tokens", &["acme", "2049025000431439"], "sealed_secret")
}

#[test]
fn what_is_sealed_opens_again_and_names_its_key() {
    for secret in [b"".as_slice(), b"s", &[7; 4096]] {
        let sealed = ring().seal(&place(), secret).unwrap();
        assert_eq!(ring().open(&place(), &sealed).unwrap().expose(), secret);
        assert_eq!(key_id_of(&sealed), Ok(id("one")));
        assert_eq!(sealed.len(), 1 + 1 + 3 + 24 + secret.len() + 16);
    }
}

#[test]
fn the_same_secret_never_looks_the_same() {
    assert_ne!(ring().seal(&place(), b"s").unwrap(), ring().seal(&place(), b"s").unwrap());
}

#[test]
fn nothing_opens_at_another_place() {
    let sealed = ring().seal(&place(), b"s").unwrap();
    for elsewhere in [
        Place::new("tokens", &["globex", "2049025000431439"], "sealed_secret"),
        Place::new("tokens", &["acme", "2049025000431430"], "sealed_secret"),
        Place::new("tokens", &["acme", "2049025000431439"], "other"),
        Place::new("others", &["acme", "2049025000431439"], "sealed_secret"),
    ] {
        let refused = ring().open(&elsewhere, &sealed).unwrap_err();
        assert_eq!(refused, SealingError::DoesNotOpen { id: id("one") }, "{elsewhere:?}");
    }
}

#[test]
fn an_old_key_opens_and_the_current_one_seals() {
    let sealed_before = ring().seal(&place(), b"s").unwrap();
    let rotated = KeyRing::new(id("two"), key('2')).with_old_key(id("one"), key('1')).unwrap();
    assert_eq!(rotated.open(&place(), &sealed_before).unwrap().expose(), b"s");
    let sealed_after = rotated.seal(&place(), b"s").unwrap();
    assert_eq!(key_id_of(&sealed_after), Ok(id("two")));
    assert_eq!(
        ring().open(&place(), &sealed_after).unwrap_err(),
        SealingError::UnknownKeyId { id: id("two") }
    );
}

#[test]
fn another_key_of_the_same_id_opens_nothing() {
    let sealed = ring().seal(&place(), b"s").unwrap();
    let other = KeyRing::new(id("one"), key('2'));
    assert_eq!(other.open(&place(), &sealed).unwrap_err(), SealingError::DoesNotOpen { id: id("one") });
}

#[test]
fn a_ring_without_keys_refuses_to_seal_and_says_what_to_do() {
    let refused = KeyRing::none().seal(&place(), b"s").unwrap_err();
    assert_eq!(refused, SealingError::NoKey);
    assert!(refused.to_string().contains("key ring"), "{refused}");
    let only_old = KeyRing::none().with_old_key(id("one"), key('1')).unwrap();
    assert_eq!(only_old.seal(&place(), b"s").unwrap_err(), SealingError::NoKey);
}

#[test]
fn an_id_cannot_stand_for_two_keys() {
    assert_eq!(ring().with_old_key(id("one"), key('2')).err(), Some(KeyRingError::IdTaken { id: id("one") }));
}

#[test]
fn every_cut_and_every_flipped_bit_is_an_error() {
    let sealed = ring().seal(&place(), b"a secret").unwrap();
    for length in 0..sealed.len() {
        assert!(ring().open(&place(), &sealed[..length]).is_err(), "cut to {length} bytes");
    }
    for at in 0..sealed.len() {
        for bit in 0..8 {
            let mut changed = sealed.clone();
            changed[at] ^= 1 << bit;
            assert!(ring().open(&place(), &changed).is_err(), "bit {bit} of byte {at}");
        }
    }
    let longer = [sealed.as_slice(), &[0]].concat();
    assert!(ring().open(&place(), &longer).is_err());
}

#[test]
fn bytes_that_are_no_envelope_say_what_is_wrong() {
    let open = |bytes: &[u8]| ring().open(&place(), bytes).unwrap_err();
    assert_eq!(open(&[]), SealingError::Malformed { what: "it is empty" });
    assert_eq!(open(&[2, 0]), SealingError::UnknownVersion { found: 2, known: 1 });
    assert_eq!(open(&[1]), SealingError::Malformed { what: "it is cut short" });
    assert_eq!(open(&[1, 200, b'k']), SealingError::Malformed { what: "it is cut short" });
    let unreadable = SealingError::Malformed { what: "its key id is not readable" };
    assert_eq!(open(&[1, 0, 1, 1]), unreadable, "no key id at all");
    assert_eq!(open(&[&[1, 1, 0xff], [0; 40].as_slice()].concat()), unreadable);
}

#[test]
fn the_envelope_is_the_one_that_was_frozen() {
    let place = Place::new("tokens", &["acme", "2049025000431439"], "sealed_secret");
    assert_eq!(ring().open(&place, &frozen()).unwrap().expose(), b"frozen with version 1");
}

/// A value that the first release of this code sealed: databases in the field hold such values.
fn frozen() -> Vec<u8> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    STANDARD.decode(FROZEN).unwrap()
}

const FROZEN: &str =
    "AQNvbmUvkjqLbMzyYbnsw5p/MgO3zYvcBXW6tj8rpo1iRkBfI1Xvrm03XZlmCz8sJeAs7OupsdOsXCmhI0f261Qh";

#[test]
fn nothing_prints_keys_or_secrets() {
    let sealed = ring().seal(&place(), b"secret").unwrap();
    let opened = ring().open(&place(), &sealed).unwrap();
    let shown = format!("{:?} {opened:?}", ring());
    assert_eq!(shown, r#"KeyRing { current: Some(KeyId("one")), keys: [KeyId("one")] } Opened(..)"#);
}
