//! What the simulator says about itself comes from the code.

use mdm_vpp_simulator::{DIFFERENCES, Endpoint, Request, coverage};

use crate::fixture::Fixture;

#[test]
fn the_table_tells_of_every_endpoint_and_each_is_answered() {
    let fixture = Fixture::new();
    let text = coverage();
    for endpoint in Endpoint::ALL {
        let path = endpoint.path();
        let told = text.lines().any(|line| {
            let words: Vec<_> = line.split_whitespace().collect();
            words.contains(&endpoint.method()) && words.contains(&path)
        });
        let request = Request::new(endpoint.method(), path).bearer(&fixture.location.token_file);
        let status = fixture.simulator.handle(request).status;
        assert!(told && matches!(status, 200 | 400 | 415), "{endpoint:?} {status}");
    }
}

#[test]
fn every_difference_is_a_sentence_and_stands_in_the_text() {
    let text = coverage();
    assert!(DIFFERENCES.iter().all(|difference| difference.ends_with('.') && text.contains(difference)));
    assert!(DIFFERENCES.len() > 20);
}
