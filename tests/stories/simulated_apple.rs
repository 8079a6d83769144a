//! The simulator as a program: requests of Apple's documentation, typed with curl, get the documented answers.

use std::{
    io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

use crate::examples::program;

/// The running program. Dropping it ends the program, also when the test panics.
struct Apple {
    program: Child,
    base_url: String,
    tester_url: String,
}

impl Drop for Apple {
    fn drop(&mut self) {
        let _ended = self.program.kill();
        let _ended = self.program.wait();
    }
}

impl Apple {
    fn start(token_file: &std::path::Path) -> Self {
        let mut program = program("mdm-vpp-simulator", &["-p", "mdm-vpp-simulator"])
            .args(["--listen", "127.0.0.1:0", "--token-file"])
            .arg(token_file)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(program.stdout.as_mut().unwrap()).read_line(&mut first).unwrap();
        let first: Value = serde_json::from_str(&first).unwrap();
        let url = |name: &str| first[name].as_str().unwrap().to_owned();
        Self { program, base_url: url("base_url"), tester_url: url("tester_url") }
    }

    /// Sends a request as Apple documents it, to the simulator's base URL.
    fn ask(&self, method: &str, path: &str, token: &str, body: Option<Value>) -> (u16, Value) {
        send(method, &format!("{}{path}", self.base_url), Some(token), body)
    }

    /// Sends a request of the tester to the simulator's second port.
    fn test(&self, method: &str, path: &str, body: Value) -> Value {
        let (status, answer) = send(method, &format!("{}{path}", self.tester_url), None, Some(body));
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }
}

/// Sends with curl, or over a plain connection where curl is not installed.
fn send(method: &str, url: &str, token: Option<&str>, body: Option<Value>) -> (u16, Value) {
    let body = body.map(|body| body.to_string());
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--show-error", "--write-out", "\n%{http_code}", "--request", method, url]);
    if let Some(token) = token {
        curl.args(["--header", &format!("Authorization: Bearer {token}")]);
    }
    if let Some(body) = &body {
        curl.args(["--header", "Content-Type: application/json", "--data", body]);
    }
    let (status, answer) = match curl.output() {
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let text = String::from_utf8(output.stdout).unwrap();
            let (answer, status) = text.rsplit_once('\n').unwrap();
            (status.parse().unwrap(), answer.to_owned())
        }
        Err(error) if error.kind() == ErrorKind::NotFound => over_tcp(method, url, token, body.as_deref()),
        Err(error) => panic!("{error}"),
    };
    (status, serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error}: {answer}")))
}

fn over_tcp(method: &str, url: &str, token: Option<&str>, body: Option<&str>) -> (u16, String) {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let body = body.unwrap_or_default();
    let authorization = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    let mut connection = TcpStream::connect(host).unwrap();
    write!(
        connection,
        "{method} /{path} HTTP/1.0\r\nHost: {host}\r\nAccept: */*\r\n{authorization}\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

#[test]
fn n10_the_requests_of_the_reference_typed_with_curl_get_the_documented_answers() {
    let folder = tempfile::tempdir().unwrap();
    let apple = Apple::start(&folder.path().join("token"));

    // An administrator creates a location, buys one license and downloads the token.
    let location = json!({"name": "Musterwerk Bremen", "org_name": "Example GmbH", "country": "DE"});
    let uid = apple.test("POST", "/portal/create_location", location)["location"].clone();
    let app = json!({"adam_id": "9000000104"});
    apple.test("POST", "/portal/buy", json!({"location": uid, "asset": app, "seats": 1}));
    let token = apple.test("POST", "/portal/download_token", json!({"location": uid}))["token_file"].clone();
    let token = token.as_str().unwrap();

    let claim = json!({"id": "7d3f", "name": "Example MDM", "metadata": "mdm.example.org"});
    let (status, claimed) = apple.ask("POST", "/client/config", token, Some(json!({"mdmInfo": claim})));
    assert_eq!((status, &claimed["uId"], &claimed["mdmInfo"]), (200, &uid, &claim), "{claimed}");

    // One license is requested for two devices.
    let asset = json!({"adamId": "9000000104", "pricingParam": "STDQ"});
    let order = json!({"assets": [asset], "serialNumbers": ["C02AAAAAAA01", "C02AAAAAAA02"]});
    let (status, accepted) = apple.ask("POST", "/assets/associate", token, Some(order));
    assert_eq!((status, &accepted["uId"], &accepted["mdmInfo"]), (200, &uid, &claim), "{accepted}");
    assert!(accepted["tokenExpirationDate"].is_string(), "{accepted}");
    let event = accepted["eventId"].as_str().unwrap();
    apple.test("POST", "/clock/advance", json!({"seconds": 60}));
    let (status, ended) = apple.ask("GET", &format!("/status?eventId={event}"), token, None);
    assert_eq!((status, &ended["eventStatus"]), (200, &json!("FAILED")), "{ended}");
    assert_eq!((&ended["eventType"], &ended["uId"]), (&json!("ASSOCIATE"), &uid));
    assert_eq!((&ended["numRequested"], &ended["numCompleted"]), (&json!(2), &json!(1)));
    let info = json!({"assets": [asset], "serialNumbers": ["C02AAAAAAA02"]});
    let failure = &ended["failures"][0];
    assert_eq!((&failure["errorNumber"], &failure["errorInfo"]), (&json!(9709), &info), "{failure}");

    let (status, page) = apple.ask("GET", "/assignments", token, None);
    let held = json!([{"adamId": "9000000104", "pricingParam": "STDQ", "serialNumber": "C02AAAAAAA01"}]);
    assert_eq!((status, &page["assignments"]), (200, &held), "{page}");
    let numbers = (&page["currentPageIndex"], &page["size"], &page["totalPages"]);
    assert_eq!(numbers, (&json!(0), &json!(1), &json!(1)));
    assert!(page["versionId"].is_string() && page["nextPageIndex"].is_null(), "{page}");

    // A wrong request is refused at once, and an injected fault strikes once.
    let nothing = json!({"assets": [], "serialNumbers": ["C02AAAAAAA01"]});
    let (status, refused) = apple.ask("POST", "/assets/associate", token, Some(nothing));
    assert_eq!(status, 400, "{refused}");
    assert!(refused["errorNumber"].is_u64() && refused["errorMessage"].is_string(), "{refused}");
    let fault = json!({"endpoint": "assignments", "fault": {"kind": "error_in_ok_body", "number": 9609}});
    apple.test("POST", "/faults", fault);
    let (status, spoiled) = apple.ask("GET", "/assignments", token, None);
    assert_eq!((status, &spoiled["errorNumber"]), (200, &json!(9609)));
    assert_eq!(apple.ask("GET", "/assignments", token, None).1["assignments"], held);

    let back = json!({"assets": [asset], "serialNumbers": ["C02AAAAAAA01"]});
    let (status, accepted) = apple.ask("POST", "/assets/disassociate", token, Some(back));
    assert!(status == 200 && accepted["eventId"].is_string(), "{accepted}");
    apple.test("POST", "/clock/advance", json!({"seconds": 60}));
    assert_eq!(apple.ask("GET", "/assignments", token, None).1["assignments"], json!([]));

    // The log holds all requests and no secret. A reset removes the location and its token.
    let log = apple.test("GET", "/log", json!({}));
    assert!(log["requests"].as_array().unwrap().len() >= 9 && !log.to_string().contains(token));
    apple.test("POST", "/reset", json!({}));
    assert_eq!(apple.ask("GET", "/client/config", token, None).1["errorNumber"], 9622);
}
