//! What is never told of the text that names a server.

use mdm_vpp_store::postgres::PostgresOptions;

use crate::keys::ring;

#[tokio::test]
async fn a_place_that_is_none_or_has_no_server_is_told_without_its_password() {
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
fn nothing_of_a_place_that_cannot_be_read_is_told() {
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
