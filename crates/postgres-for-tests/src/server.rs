//! Starting servers, and sharing one.

use std::{
    fs,
    net::TcpListener,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    ServerError,
    account::Account,
    folder::{meeting_place, new_folder, on, write},
    programs::Programs,
};

/// How long a server may take until it listens. Ours: `initdb` and the start take a few seconds on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Whether a commit waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disk {
    /// It waits, as in production.
    Waited,
    /// It does not wait, for tests.
    NotWaited,
}

/// A server that runs while this process does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    folder: PathBuf,
    url: String,
}

impl Server {
    /// The server that all processes share that test at the same time. The first of them starts it.
    ///
    /// # Errors
    ///
    /// [`ServerError`] says what is missing.
    pub fn shared() -> Result<Self, ServerError> {
        let place = meeting_place()?;
        let path = place.join("starting");
        let lock = fs::File::create(&path).map_err(on(&path))?;
        lock.lock().map_err(on(&path))?;
        let named = place.join("shared");
        if let Ok(folder) = fs::read_to_string(&named)
            && let Some(server) = Self::join(Path::new(&folder))
        {
            return Ok(server);
        }
        let server = Self::of_its_own(Disk::NotWaited)?;
        write(&named, &server.folder.to_string_lossy())?;
        Ok(server)
    }

    /// A server that no other process uses.
    ///
    /// # Errors
    ///
    /// [`ServerError`] says what is missing.
    pub fn of_its_own(disk: Disk) -> Result<Self, ServerError> {
        let (programs, account) = (Programs::find()?, Account::find()?);
        // Another process may take the port after we found it free and before the server opens it.
        let mut last = None;
        for _ in 0..3 {
            let folder = new_folder(&account)?;
            make_data(&programs, &account, &folder)?;
            match start(&programs, &account, folder, disk) {
                Ok(server) => return Ok(server),
                Err(failure) => last = Some(failure),
            }
        }
        Err(last.unwrap_or(ServerError::NotInstalled))
    }

    /// The connection text of the server: an account that may do everything, with its password, and an empty database.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Ends the server at once, as a power cut would, and waits until it is gone.
    ///
    /// # Errors
    ///
    /// [`ServerError`] when the server cannot be ended.
    pub fn end(&self) -> Result<(), ServerError> {
        let (process, path) = self.process()?;
        signal("QUIT", &process)?;
        let begun = Instant::now();
        while path.exists() && begun.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Kills the process of a connection. The server then drops all connections and repairs itself, as after a crash.
    ///
    /// # Errors
    ///
    /// [`ServerError`] when the process cannot be killed.
    pub fn kill_connection(&self, process: i32) -> Result<(), ServerError> {
        signal("KILL", &process.to_string())
    }

    /// Stops all processes of the server until the answer is dropped. Its connections stay open, and the kernel still
    /// accepts what is sent to it.
    ///
    /// # Errors
    ///
    /// [`ServerError`] when a process cannot be stopped.
    pub fn pause(&self) -> Result<Paused, ServerError> {
        let (process, _) = self.process()?;
        let mut paused = Paused { processes: vec![process.clone()] };
        signal("STOP", &process)?;
        // The first process is stopped, so it makes no more of the others.
        let failed = |error: std::io::Error| ServerError::Program { name: "pgrep", said: error.to_string() };
        let found = Command::new("pgrep").args(["-P", &process]).output().map_err(failed)?;
        for child in String::from_utf8_lossy(&found.stdout).lines() {
            paused.processes.push(child.to_owned());
            signal("STOP", child)?;
        }
        Ok(paused)
    }

    /// The number of its first process, and the file that holds it.
    fn process(&self) -> Result<(String, PathBuf), ServerError> {
        let path = self.folder.join("data").join("postmaster.pid");
        let text = fs::read_to_string(&path).map_err(on(&path))?;
        Ok((text.lines().next().unwrap_or_default().to_owned(), path))
    }

    /// Adds this process to the users of a server that runs; `None` when it has ended.
    fn join(folder: &Path) -> Option<Self> {
        // We write our name before we read the address, and the watching program removes the address before it looks for
        // names. So it finds our name and keeps the server, or we find no address.
        fs::write(folder.join("users").join(process::id().to_string()), "").ok()?;
        let url = fs::read_to_string(folder.join("address")).ok()?;
        Some(Self { folder: folder.to_owned(), url })
    }
}

/// A server that stands still until this value is dropped.
#[derive(Debug)]
#[must_use]
pub struct Paused {
    processes: Vec<String>,
}

impl Drop for Paused {
    fn drop(&mut self) {
        for process in &self.processes {
            let _ = signal("CONT", process);
        }
    }
}

fn signal(name: &str, process: &str) -> Result<(), ServerError> {
    let failed = |said: String| ServerError::Program { name: "kill", said };
    let status = Command::new("kill").args(["-s", name, process]).status();
    let status = status.map_err(|error| failed(error.to_string()))?;
    if status.success() { Ok(()) } else { Err(failed(format!("no process {process}"))) }
}

fn make_data(programs: &Programs, account: &Account, folder: &Path) -> Result<(), ServerError> {
    let failed = |said: String| ServerError::Program { name: "initdb", said };
    let output = account
        .command(&programs.initdb)
        .arg("--pgdata")
        .arg(folder.join("data"))
        .arg("--pwfile")
        .arg(folder.join("password"))
        .args(["--username=tests", "--auth=password", "--encoding=UTF8", "--locale=C", "--no-sync"])
        .current_dir("/")
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}

fn start(programs: &Programs, account: &Account, folder: PathBuf, disk: Disk) -> Result<Server, ServerError> {
    let port = free_port().map_err(on(&folder))?;
    let path = folder.join("password");
    let password = fs::read_to_string(&path).map_err(on(&path))?;
    let url = format!("postgres://tests:{password}@127.0.0.1:{port}/postgres");
    fs::write(folder.join("users").join(process::id().to_string()), "").map_err(on(&folder))?;
    let (data, waited) = (folder.join("data"), if disk == Disk::Waited { "on" } else { "off" });
    let settings = [
        format!("port={port}"),
        "listen_addresses=127.0.0.1".to_owned(),
        "unix_socket_directories=".to_owned(),
        format!("fsync={waited}"),
        "max_connections=300".to_owned(),
        "logging_collector=off".to_owned(),
    ];
    let mut watch = Command::new("sh");
    watch.args(["-c", include_str!("watch.sh"), "watch"]).arg(&folder);
    watch.args(account.words(&programs.postgres)).arg("-D").arg(&data);
    watch.args(settings.iter().flat_map(|setting| ["-c", setting]));
    watch.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // A group of its own, so that a key that ends the tests does not end the program that cleans up after them.
    watch.process_group(0).current_dir("/");
    let failed = |said: String| ServerError::Program { name: "postgres", said };
    let mut watch = watch.spawn().map_err(|error| failed(error.to_string()))?;
    let begun = Instant::now();
    let mut log = String::new();
    while begun.elapsed() < PATIENCE && watch.try_wait().ok().flatten().is_none() {
        if is_ready(&data) {
            write(&folder.join("address"), &url)?;
            return Ok(Server { folder, url });
        }
        // The folder is deleted when the server ends, so the log is read while it exists.
        log = fs::read_to_string(folder.join("log")).unwrap_or(log);
        thread::sleep(Duration::from_millis(20));
    }
    Err(failed(format!("the server ended, or does not listen: {}", log.trim())))
}

/// Whether the server accepts connections: it writes so into the last line of this file.
fn is_ready(data: &Path) -> bool {
    let text = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    text.lines().nth(7).is_some_and(|line| line.trim() == "ready")
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
