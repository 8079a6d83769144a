#![cfg(test)]
//! A server runs, and ends when the process that uses it was killed.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    net::TcpStream,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use postgres_for_tests::{Disk, Server};

/// Where a server listens.
fn address(url: &str) -> &str {
    url.split(['@', '/']).nth(3).unwrap()
}

#[test]
fn processes_share_a_server() {
    let server = Server::shared().unwrap_or_else(|error| panic!("{error}"));
    TcpStream::connect(address(server.url())).unwrap();
    assert_eq!(Server::shared().unwrap(), server);
}

/// The other test runs this one in a process that it kills.
#[test]
fn a_process_that_waits_to_be_killed() {
    if env::var_os("WAIT_TO_BE_KILLED").is_some() {
        let server = Server::of_its_own(Disk::NotWaited).unwrap();
        println!("\naddress {}", address(server.url()));
        thread::sleep(Duration::from_secs(60));
    }
}

#[test]
fn a_server_ends_with_a_process_that_is_killed_and_leaves_no_file() {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "a_process_that_waits_to_be_killed", "--nocapture"])
        .env("WAIT_TO_BE_KILLED", "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address =
        lines.map_while(Result::ok).find_map(|line| Some(line.strip_prefix("address ")?.to_owned()));
    let address = address.unwrap();
    TcpStream::connect(&address).unwrap();
    let mine = format!("server-{}-", child.id());
    let left = || {
        let place = fs::read_dir(env::temp_dir()).unwrap().flatten().map(|entry| entry.path());
        let places = place.filter(|path| path.to_string_lossy().contains("mdm-vpp-postgres-"));
        let found = places.filter_map(|path| fs::read_dir(path).ok()).flatten().flatten();
        found.filter(|entry| entry.file_name().to_string_lossy().starts_with(&mine)).count()
    };
    assert_eq!(left(), 1);
    child.kill().unwrap();
    child.wait().unwrap();
    let begun = Instant::now();
    while TcpStream::connect(&address).is_ok() || left() > 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "{address} still listens, or its files are left");
        thread::sleep(Duration::from_millis(100));
    }
}
