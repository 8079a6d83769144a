//! Tests of the runner itself: it notices damaged files and unexpected decisions.

use serde_json::{Value, json};

use super::cases::check;

/// A rule that doubles a number.
fn double(input: &Value) -> Value {
    json!(input.as_i64().unwrap() * 2)
}

fn judged(file: &Value) -> Result<(), String> {
    check(&file.to_string(), double)
}

fn case(name: &str, input: i64, expected: i64) -> Value {
    json!({"name": name, "input": input, "expected": expected})
}

#[test]
fn a_wrong_expectation_is_noticed_and_named_with_both_sides() {
    let right = case("two is four", 2, 4);
    assert_eq!(judged(&json!({"note": ["doubling"], "cases": [right]})), Ok(()));
    let cases = [right, case("three is seven", 3, 7), case("five is eleven", 5, 11)];
    let error = judged(&json!({"note": ["doubling"], "cases": cases})).unwrap_err();
    assert!(error.contains("three is seven\n  expected 7\n  decided  6"), "{error}");
    assert!(error.contains("five is eleven") && !error.contains("two is four"), "{error}");
}

#[test]
fn a_file_without_cases_or_with_a_name_twice_is_refused() {
    let empty = judged(&json!({"note": ["doubling"], "cases": []})).unwrap_err();
    assert!(empty.contains("no case"), "{empty}");
    let twice = json!({"note": ["doubling"], "cases": [case("one", 1, 2), case("one", 2, 4)]});
    assert_eq!(judged(&twice).unwrap_err(), "two cases are named `one`");
}

#[test]
fn a_file_that_is_damaged_or_has_an_unknown_member_is_refused() {
    let unknown = json!({"note": ["doubling"], "cases": [case("one", 1, 2)], "more": 1});
    assert!(judged(&unknown).unwrap_err().contains("more"));
    let mut with_more = case("one", 1, 2);
    with_more["inptu"] = json!(3);
    assert!(judged(&json!({"note": ["doubling"], "cases": [with_more]})).unwrap_err().contains("inptu"));
    assert!(check("{", double).unwrap_err().contains("cannot be read"));
}
