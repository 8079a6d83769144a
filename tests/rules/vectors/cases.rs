//! Files of cases: how they are read and checked.

use std::collections::BTreeSet;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

/// A file of cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cases<I> {
    /// The subject of the cases, for people.
    pub(super) note: Vec<String>,
    pub(super) cases: Vec<Case<I>>,
}

/// A case: the input and the expected decision.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case<I> {
    pub(super) name: String,
    pub(super) input: I,
    pub(super) expected: Value,
}

/// Reads a file. A file without a note or without cases is refused, and one with two cases of the same name.
pub(super) fn read<I: DeserializeOwned>(file: &str) -> Result<Cases<I>, String> {
    let cases: Cases<I> = serde_json::from_str(file).map_err(|error| format!("cannot be read: {error}"))?;
    if cases.note.is_empty() || cases.cases.is_empty() {
        return Err("has no note or no case".into());
    }
    let mut names = BTreeSet::new();
    match cases.cases.iter().find(|case| !names.insert(case.name.as_str())) {
        Some(twice) => Err(format!("two cases are named `{}`", twice.name)),
        None => Ok(cases),
    }
}

/// Decides every case of a file. The error names each case whose decision is not the expected one.
pub(super) fn check<I: DeserializeOwned>(file: &str, decide: impl Fn(&I) -> Value) -> Result<(), String> {
    let wrong: Vec<String> = read::<I>(file)?
        .cases
        .into_iter()
        .filter_map(|Case { name, input, expected }| {
            let decided = decide(&input);
            (decided != expected).then(|| format!("{name}\n  expected {expected}\n  decided  {decided}"))
        })
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// Every `kind` and `code` in the expected decisions of a file.
pub(super) fn expected_names(file: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for case in read::<Value>(file).unwrap().cases {
        collect(&case.expected, &mut names);
    }
    names
}

fn collect(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match member {
                    Value::String(name) if key == "kind" || key == "code" => {
                        names.insert(name.clone());
                    }
                    _ => collect(member, names),
                }
            }
        }
        Value::Array(entries) => entries.iter().for_each(|entry| collect(entry, names)),
        _ => {}
    }
}

/// The names that no expected decision of the file holds.
pub(super) fn missing<'a>(file: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let expected = expected_names(file);
    names.into_iter().filter(|name| !expected.contains(*name)).collect()
}
