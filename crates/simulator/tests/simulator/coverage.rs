//! What the simulator says about itself comes from the code.

use mdm_vpp_simulator::{DIFFERENCES, Endpoint, Request, coverage};

use crate::scene::Scene;

#[test]
fn the_table_tells_of_every_endpoint_whether_it_is_answered() {
    let scene = Scene::new();
    let text = coverage();
    for endpoint in Endpoint::ALL {
        let path = endpoint.path();
        let line = text.lines().find(|line| {
            let words: Vec<_> = line.split_whitespace().collect();
            words.contains(&endpoint.method()) && words.contains(&path)
        });
        let said = line.unwrap().trim_start().starts_with("covered");
        let request = Request::new(endpoint.method(), path).bearer(&scene.location.token_file);
        let answered = scene.simulator.handle(request).status != 501;
        assert_eq!((said, endpoint.is_covered()), (answered, answered), "{endpoint:?}");
    }
}

#[test]
fn every_difference_is_a_sentence_and_stands_in_the_text() {
    let text = coverage();
    assert!(DIFFERENCES.iter().all(|difference| difference.ends_with('.') && text.contains(difference)));
    assert!(DIFFERENCES[0].contains("No notification is sent"));
}
