//! The example programs, run as a reader of the README runs them.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};

/// A program of this workspace. A run of all tests has built it; otherwise cargo builds it now.
pub(crate) fn program(built: &str, cargo_run: &[&str]) -> Command {
    let tests = std::env::current_exe().unwrap();
    let built = tests.parent().and_then(Path::parent).unwrap().join(built);
    let mut command = if built.exists() {
        Command::new(built)
    } else {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["run", "--quiet"]).args(cargo_run).arg("--");
        cargo
    };
    command.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    command
}

fn upload_token(arguments: &[&str]) -> Output {
    program("examples/upload_token", &["--example", "upload_token"]).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_core_example_decides_and_packs_the_requests_that_an_embedder_sends() {
    let run = program("examples/embed_core_only", &["--example", "embed_core_only"]).output().unwrap();
    let shown = text(&run.stdout);
    assert!(run.status.success(), "{}", text(&run.stderr));
    assert!(shown.contains("eve  gets the app without a license"), "{shown}");
    let body = r#"POST /mdm/v2/assets/associate {"assets":[{"adamId":"9000000101","pricingParam":"STDQ"}],"serialNumbers":["C02AAAAAAA01","C02AAAAAAA02"]}"#;
    assert!(shown.lines().any(|line| line == body), "{shown}");
}

#[test]
fn the_policy_example_tests_the_embedders_policies() {
    let run = program("examples/policy_tests", &["--example", "policy_tests"]).output().unwrap();
    assert!(run.status.success(), "{}", text(&run.stderr));
    assert_eq!(text(&run.stdout).lines().filter(|line| line.starts_with("ok: ")).count(), 3);
}

#[test]
fn the_upload_example_ends_active_with_its_table_filled() {
    let run = upload_token(&[]);
    let (shown, steps) = (text(&run.stdout), text(&run.stderr));
    assert!(run.status.success(), "{steps}");
    assert!(shown.contains("Demonstration (Active)"), "{shown}");
    for row in ["Route Sheet", "unlimited", "App Added Successfully", "App Not Found"] {
        assert!(shown.contains(row), "{row} is missing: {shown}");
    }
    assert!(!shown.contains("Ledger Desk"), "a macOS app is not added automatically: {shown}");
    assert!(steps.contains("claimed the location at Apple"), "{steps}");
}

#[test]
fn the_upload_example_prints_one_document_against_the_simulators_program() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("demonstration.vpptoken");
    let mut apple = program("mdm-vpp-simulator", &["-p", "mdm-vpp-simulator"])
        .args(["--listen", "127.0.0.1:0", "--token-file"])
        .arg(&file)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(apple.stdout.as_mut().unwrap()).read_line(&mut first).unwrap();
    let first: Value = serde_json::from_str(&first).unwrap();
    assert_eq!(
        (&first["schema"], Path::new(first["token_file"].as_str().unwrap())),
        (&json!(1), file.as_path())
    );

    let database = folder.path().join("vpp.sqlite");
    let arguments = |name| {
        let (file, url) = (file.to_str().unwrap(), first["base_url"].as_str().unwrap());
        let database = database.to_str().unwrap();
        let fixed =
            ["--json", "--token-file", file, "--apple-url", url, "--database", database, "--name", name];
        upload_token(&fixed)
    };
    let run = arguments("Hamburg");
    let again = arguments("Hamburg 2");
    apple.kill().unwrap();
    apple.wait().unwrap();

    assert!(run.status.success(), "{}", text(&run.stderr));
    let document: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!((&document["schema"], &document["token"]["status"]), (&json!(1), &json!("Active")));
    assert_eq!(document["token"]["name"], "Hamburg");
    assert_eq!(document["token"]["location"]["name"], "Musterwerk Hamburg");
    let details = document["details"].as_array().unwrap();
    let named = |name: &str| details.iter().find(|row| row["name"] == name).unwrap();
    assert_eq!(
        (&named("Crate Label Reader")["total"], &named("Torque Calculator")["total"]),
        (&json!("unlimited"), &json!(5))
    );
    let failed: Vec<&Value> = details.iter().filter(|row| row["status"] == "Failed").collect();
    assert_eq!(
        (failed.len(), &failed[0]["added_at"], &failed[0]["comment"]),
        (1, &Value::Null, &json!("App Not Found"))
    );
    assert!(document["apple_requests"].as_u64().is_some_and(|requests| requests > 0));

    assert_eq!(again.status.code(), Some(1), "the location has a token already: {}", text(&again.stderr));
    assert!(text(&again.stderr).contains("`Hamburg`"), "{}", text(&again.stderr));
}

#[test]
fn a_wrong_token_file_ends_the_upload_example_with_code_2_and_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.vpptoken");
    std::fs::write(&file, "Content-Type: application/pkcs7-mime\n").unwrap();
    let run = upload_token(&["--token-file", file.to_str().unwrap()]);
    assert_eq!((run.status.code(), text(&run.stdout)), (Some(2), String::new()));
    let error = text(&run.stderr);
    assert_eq!(error.lines().count(), 1, "{error}");
    assert!(error.contains("device enrollment"), "{error}");

    assert_eq!(upload_token(&["--no-such-option"]).status.code(), Some(1));
    assert_eq!(upload_token(&["--region", "Atlantis"]).status.code(), Some(1));
}

#[test]
fn the_seats_example_goes_from_an_assignment_over_a_lost_answer_to_confirmed_licenses() {
    let run = program("examples/assign_seats", &["--example", "assign_seats"]).output().unwrap();
    let shown = text(&run.stdout);
    assert!(run.status.success(), "{}", text(&run.stderr));
    let steps = [
        "assigned the app to 3 devices",
        "device `C02AAAAAAA01` is queued for a request",
        "request 1 was written and sent: 3 licenses",
        "request 1 has no answer",
        "fence until 2027-03-01T10:16:02Z",
        "request 2 was accepted as event",
        "device `C02AAAAAAA01` is reported as assigned, and is to be read back",
        "device `C02AAAAAAA01` is listed: confirmed",
        "2027-03-01T10:16:02Z  device `C02AAAAAAA01` was read back after the fence",
        "2  POST /mdm/v2/assets/associate",
    ];
    let mut rest = shown.as_str();
    for step in steps {
        let at = rest.find(step).unwrap_or_else(|| panic!("`{step}` is missing or out of order: {shown}"));
        rest = &rest[at..];
    }
    assert_eq!(shown.matches("  app 1163852619  device ").count(), 3, "{shown}");
}
