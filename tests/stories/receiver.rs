//! The host's route for Apple's notifications: a small HTTP server before the library.

use std::sync::{Arc, Mutex};

use mdm_vpp::{Vpp, ports::LARGEST_NOTIFICATION};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// Answers each request with what the library says of its body.
#[derive(Clone)]
pub(crate) struct Receiver {
    /// `http://127.0.0.1:port`.
    pub(crate) address: String,
    vpp: Arc<Mutex<Option<Vpp>>>,
    answered: Arc<Mutex<Vec<(u16, &'static str)>>>,
}

impl Receiver {
    /// Listens, with no library behind it yet.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let receiver = Self { address, vpp: Arc::default(), answered: Arc::default() };
        let serving = receiver.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let serving = serving.clone();
                tokio::spawn(async move { serving.answer(stream).await });
            }
        });
        receiver
    }

    /// Hands everything to this library from now on.
    pub(crate) fn lead_to(&self, vpp: &Vpp) {
        *self.vpp.lock().unwrap() = Some(vpp.clone());
    }

    /// The status and the code of each answer so far.
    pub(crate) fn answered(&self) -> Vec<(u16, &'static str)> {
        self.answered.lock().unwrap().clone()
    }

    async fn answer(&self, mut stream: TcpStream) {
        let (head, body) = read(&mut stream).await;
        let named = |line: &str| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("authorization").then(|| value.trim().to_owned())
        };
        let authorization = head.lines().find_map(named);
        let vpp = self.vpp.lock().unwrap().clone().unwrap();
        let (status, code) = match vpp.notification(authorization.as_deref(), &body).await {
            Ok(answer) => (answer.http_status(), answer.code()),
            Err(error) => (503, error.code()),
        };
        self.answered.lock().unwrap().push((status, code));
        let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        // Who sends too much may be gone before.
        let _ = stream.write_all(answer.as_bytes()).await;
    }
}

/// The head of a request, and of its body no more than is needed to see that it is too large.
async fn read(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(reader.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0).min(LARGEST_NOTIFICATION + 1)];
    reader.read_exact(&mut body).await.unwrap();
    (head, body)
}

/// Posts a body, and answers the status; `None` when there was no answer.
pub(crate) async fn post(address: &str, authorization: Option<&str>, body: &[u8]) -> u16 {
    let mut stream = TcpStream::connect(address.strip_prefix("http://").unwrap()).await.unwrap();
    let authorization = authorization.map(|value| format!("Authorization: {value}\r\n")).unwrap_or_default();
    let head =
        format!("POST /n HTTP/1.1\r\nHost: x\r\n{authorization}Content-Length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let body = body.to_vec();
    let sending = tokio::spawn(async move {
        // The receiver does not wait for the end of what is too large.
        let _ = writing.write_all(&body).await;
        writing
    });
    let mut answer = [0; 12];
    reading.read_exact(&mut answer).await.unwrap();
    drop(sending.await.unwrap());
    std::str::from_utf8(&answer).unwrap()[9..12].parse().unwrap()
}
