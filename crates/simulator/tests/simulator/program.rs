//! The program, started as from a shell.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

use crate::fixture::client;

const PROGRAM: &str = env!("CARGO_BIN_EXE_mdm-vpp-simulator");

/// A new folder for one test, below the build's folder for temporary files.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _absent = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A running program. It is killed when the test ends, passed or failed.
struct Running {
    child: Child,
    first_line: String,
}

impl Running {
    fn start(token_file: &Path, more: &[&str]) -> Self {
        let mut child = Command::new(PROGRAM)
            .args(["--listen", "127.0.0.1:0", "--token-file"])
            .arg(token_file)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first_line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut first_line).unwrap();
        Self { child, first_line }
    }

    fn first(&self) -> Value {
        serde_json::from_str(&self.first_line).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}

fn run(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).output().unwrap()
}

#[tokio::test]
async fn the_first_line_tells_where_it_is_and_the_token_file_opens_it() {
    let token_file = folder("first_line").join("with \"quotes\".vpptoken");
    let running = Running::start(&token_file, &[]);
    let first = running.first();
    let base_url = first["base_url"].as_str().unwrap();
    let path = serde_json::to_string(token_file.to_str().unwrap()).unwrap();
    let tester_url = first["tester_url"].as_str().unwrap();
    let expected = format!(
        "{{\"schema\":1,\"base_url\":\"{base_url}\",\"token_file\":{path},\"tester_url\":\"{tester_url}\"}}\n"
    );
    assert_eq!(running.first_line, expected);

    let token = std::fs::read_to_string(&token_file).unwrap();
    let reply = client().get(format!("{base_url}/client/config")).bearer_auth(token).send().await.unwrap();
    assert_eq!(reply.json::<Value>().await.unwrap()["locationName"], "Musterwerk Hamburg");
    let log = client().get(format!("{tester_url}/log")).send().await.unwrap().json::<Value>().await.unwrap();
    assert_eq!(log["requests"][0]["endpoint"], "read_client_config");
}

#[tokio::test]
async fn its_clock_runs_so_requests_are_limited_and_events_take_their_time() {
    let token_file = folder("limits").join("token");
    let running = Running::start(&token_file, &["--event-delay", "3600000"]);
    let url_of = |name: &str| running.first()[name].as_str().unwrap().to_owned();
    let (base_url, tester_url) = (url_of("base_url"), url_of("tester_url"));
    let token = std::fs::read_to_string(&token_file).unwrap();
    let http = client();
    let body = serde_json::json!({"assets": [{"adamId": "9000000101"}], "serialNumbers": ["C02A"]});
    let begun = http.post(format!("{base_url}/assets/associate")).bearer_auth(&token).json(&body);
    let event = begun.send().await.unwrap().json::<Value>().await.unwrap()["eventId"].clone();
    let url = format!("{base_url}/status?eventId={}", event.as_str().unwrap());
    let status = || async {
        let reply = http.get(&url).bearer_auth(&token).send().await.unwrap();
        reply.json::<Value>().await.unwrap()["eventStatus"].clone()
    };
    assert_eq!(status().await, "PENDING");
    let act = |path: &str, body: &'static str| http.post(format!("{tester_url}{path}")).body(body).send();
    act("/clock/advance", "{\"seconds\":3600}").await.unwrap();
    assert_eq!(status().await, "COMPLETE");

    act("/settings", "{\"limits\":{\"max_requests_per_second\":1}}").await.unwrap();
    let mut refused = false;
    for _ in 0..200 {
        let reply = http.get(format!("{base_url}/client/config")).bearer_auth(&token).send().await.unwrap();
        refused |= reply.status().as_u16() == 429;
    }
    assert!(refused);
}

#[tokio::test]
async fn page_size_advertised_address_and_form_of_errors_are_options() {
    let token_file = folder("options").join("token");
    let running = Running::start(&token_file, &["--page-size", "2", "--token-errors", "documented"]);
    let base_url = running.first()["base_url"].as_str().unwrap().to_owned();
    let token = std::fs::read_to_string(&token_file).unwrap();
    let assets = client().get(format!("{base_url}/assets")).bearer_auth(token).send().await.unwrap();
    assert_eq!(assets.json::<Value>().await.unwrap()["totalPages"], 5);
    let refused = client().get(format!("{base_url}/assets")).bearer_auth("e30=").send().await.unwrap();
    assert_eq!(refused.status().as_u16(), 401);

    let advertised = Running::start(&token_file, &["--advertise", "https://apps.example.org"]);
    assert_eq!(advertised.first()["base_url"], "https://apps.example.org/mdm/v2");
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_token_file_even_if_it_was_there_before() {
    use std::os::unix::fs::PermissionsExt;

    let token_file = folder("mode").join("token");
    std::fs::write(&token_file, "x".repeat(10_000)).unwrap();
    std::fs::set_permissions(&token_file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let _running = Running::start(&token_file, &[]);
    assert_eq!(std::fs::metadata(&token_file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!std::fs::read_to_string(&token_file).unwrap().contains("xxxx"));
}

#[cfg(unix)]
#[test]
fn a_signal_stops_it_cleanly() {
    for signal in ["-TERM", "-INT"] {
        let mut running = Running::start(&folder(&format!("stop{signal}")).join("token"), &[]);
        let pid = running.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        assert!(running.child.wait().unwrap().success(), "{signal}");
        let (mut rest, mut messages) = (String::new(), String::new());
        running.child.stdout.as_mut().unwrap().read_to_string(&mut rest).unwrap();
        running.child.stderr.as_mut().unwrap().read_to_string(&mut messages).unwrap();
        assert_eq!(rest, "", "nothing but the first line on standard output");
        assert!(messages.contains("Stop with ctrl-c") && messages.contains("Stopped."), "{messages}");
    }
}

#[test]
fn a_failure_is_told_on_standard_error_and_by_the_exit_code() {
    let nowhere = folder("nowhere").join("no such folder").join("token");
    let output = run(&["--listen", "127.0.0.1:0", "--token-file", nowhere.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8(output.stderr).unwrap().contains("cannot write the token file"));

    let output = run(&["--listen", "unknown", "--token-file", "unused"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("cannot listen on `unknown`"));
}

#[test]
fn wrong_arguments_end_with_code_two() {
    for arguments in
        [&[][..], &["--token-file", "x", "--page-size", "0"], &["--token-file", "x", "--advertise", "y"]]
    {
        assert_eq!(run(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn help_explains_every_option_and_coverage_needs_no_token_file() {
    let help = String::from_utf8(run(&["--help"]).stdout).unwrap();
    for option in [
        "--listen",
        "--token-file",
        "--advertise",
        "--page-size",
        "--token-errors",
        "--coverage",
        "--tester-listen",
        "--event-delay",
        "--deliver-to",
    ] {
        assert!(help.contains(option), "{option}");
    }
    let output = run(&["--coverage"]);

    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), mdm_vpp_simulator::coverage());
}
