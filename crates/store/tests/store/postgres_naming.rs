//! Connection texts: what they may say, that no error quotes them, and that no server makes us go without encryption.

use std::{future, io};

use mdm_vpp_store::postgres::PostgresOptions;
use tokio_postgres::{
    Socket,
    tls::{MakeTlsConnect, NoTlsStream, TlsConnect},
};

use crate::fixture::{Place, ring};

/// A connector that would encrypt. The servers of the tests offer no encryption, so it is never reached.
#[derive(Clone)]
struct Encrypting;

impl MakeTlsConnect<Socket> for Encrypting {
    type Stream = NoTlsStream;
    type TlsConnect = Self;
    type Error = io::Error;

    fn make_tls_connect(&mut self, _: &str) -> io::Result<Self> {
        Ok(Self)
    }
}

impl TlsConnect<Socket> for Encrypting {
    type Stream = NoTlsStream;
    type Error = io::Error;
    type Future = future::Ready<io::Result<NoTlsStream>>;

    fn connect(self, _: Socket) -> Self::Future {
        future::ready(Err(io::Error::other("it was asked to encrypt")))
    }
}

#[tokio::test]
async fn a_server_that_offers_no_encryption_is_refused_when_it_was_asked_for() {
    let place = Place::new();
    for mode in ["", "?sslmode=prefer", "?sslmode=require"] {
        let options =
            || PostgresOptions::parse(&format!("{}{mode}", place.url)).unwrap().schema(place.schema.clone());
        let opened = options().open_with(Encrypting, ring()).await.err();
        for refusal in [opened, options().migrate_with(Encrypting).await.err()] {
            let refusal = refusal.unwrap_or_else(|| panic!("`{mode}` went on without encryption"));
            assert_eq!(refusal.code(), "backend", "{refusal}");
            assert!(refusal.to_string().contains("server does not support TLS"), "{refusal}");
        }
    }
    assert!(place.tables().await.is_empty());
    place.open().await;
}

#[tokio::test]
async fn a_connection_text_that_forbids_encryption_is_refused_when_it_was_asked_for() {
    let options = || PostgresOptions::parse("postgres://mdm:hunter2@127.0.0.1:1/x?sslmode=disable").unwrap();
    let opened = options().open_with(Encrypting, ring()).await.err();
    for refusal in [opened, options().migrate_with(Encrypting).await.err()] {
        let refusal = refusal.unwrap().to_string();
        assert!(refusal.contains("sslmode=disable") && !refusal.contains("hunter2"), "{refusal}");
    }
}

#[tokio::test]
async fn an_error_about_a_missing_server_hides_the_password() {
    let gone = PostgresOptions::parse("postgres://mdm:hunter2@127.0.0.1:1/x").unwrap();
    let shown = format!("{gone:?}");
    let gone = gone.open(ring()).await.unwrap_err();
    assert_eq!(gone.code(), "backend");
    for text in [gone.to_string(), format!("{gone:?}"), shown] {
        assert!(!text.contains("hunter2"), "{text}");
    }
    assert!(gone.to_string().contains("connecting to the server"), "{gone}");
}

#[test]
fn no_error_quotes_a_connection_text_that_cannot_be_read() {
    let places = [
        "postgres://mdm:secret@db/x?no_such=1",
        "postgres://mdm:p@word?secret=1@db/x",
        "postgres://mdm:p@word?secret",
        "postgres://mdm:p@db:secret/x",
        "postgres://secret%ff@db/x",
        "host=db password=open secret=1",
        "host=db password='secret",
        "host=db port=secret",
        "secret",
    ];
    for place in places {
        let refusal = PostgresOptions::parse(place).unwrap_err();
        assert_eq!(refusal.code(), "backend");
        let text = format!("{refusal} {refusal:?}");
        assert!(!text.contains("secret"), "{place}: {text}");
        assert!(refusal.to_string().contains("%3F"), "{refusal}");
    }
}
