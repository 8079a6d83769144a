//! A server that answers what it is told to and remembers what it was asked.

use std::{
    collections::{HashMap, VecDeque},
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, Response},
};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::Notify,
};

/// What a server answers once.
#[derive(Clone)]
pub(crate) struct Canned {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    never: bool,
    endless: bool,
    gate: Option<Arc<Gate>>,
}

impl Canned {
    pub(crate) fn text(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into(), never: false, endless: false, gate: None }
    }

    pub(crate) fn json(body: impl Into<Value>) -> Self {
        let body: Value = body.into();
        Self::text(200, body.to_string()).header("content-type", "application/json")
    }

    pub(crate) fn error(status: u16, number: u32) -> Self {
        let body = serde_json::json!({"errorNumber": number, "errorMessage": "said Apple", "errorInfo": {}});
        Self::json(body).status(status)
    }

    pub(crate) fn redirect(status: u16, target: impl Into<String>) -> Self {
        Self::text(status, "").header("location", target)
    }

    /// An answer that never comes.
    pub(crate) fn never() -> Self {
        Self { never: true, ..Self::text(200, "") }
    }

    /// A body of spaces without end and without a length.
    pub(crate) fn endless() -> Self {
        Self { endless: true, ..Self::text(200, "") }
    }

    pub(crate) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// An answer that waits until this number of requests is in flight.
    pub(crate) fn behind(mut self, gate: &Arc<Gate>) -> Self {
        self.gate = Some(gate.clone());
        self
    }
}

/// Holds answers back until enough requests wait at it.
pub(crate) struct Gate {
    enough: usize,
    waiting: AtomicUsize,
    most: AtomicUsize,
    open: Notify,
}

impl Gate {
    pub(crate) fn of(enough: usize) -> Arc<Self> {
        let (waiting, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Arc::new(Self { enough, waiting, most, open: Notify::new() })
    }

    /// The largest number of requests that were in flight together.
    pub(crate) fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }

    async fn pass(&self) {
        let open = self.open.notified();
        let waiting = self.waiting.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(waiting, Ordering::SeqCst);
        if waiting >= self.enough {
            // One request too many would come now.
            tokio::time::sleep(Duration::from_millis(100)).await;
            self.open.notify_waiters();
        } else if self.most() < self.enough {
            open.await;
        }
        self.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Recorded {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

#[derive(Default)]
struct Script {
    answers: HashMap<String, VecDeque<Canned>>,
    asked: Vec<Recorded>,
}

/// The server. It answers 404 where it was told nothing.
#[derive(Clone)]
pub(crate) struct Server {
    address: SocketAddr,
    script: Arc<Mutex<Script>>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self { address: listener.local_addr().unwrap(), script: Arc::default() };
        let app = Router::new().fallback(answer).with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        server
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Adds answers for a path, or for a path with its query; the last one is given again and again.
    pub(crate) fn on(&self, path: &str, answers: impl IntoIterator<Item = Canned>) -> &Self {
        self.script.lock().unwrap().answers.entry(path.to_owned()).or_default().extend(answers);
        self
    }

    /// Forgets the answers for a path.
    pub(crate) fn forget(&self, path: &str) -> &Self {
        self.script.lock().unwrap().answers.remove(path);
        self
    }

    /// The requests for a path, in order.
    pub(crate) fn asked(&self, path: &str) -> Vec<Recorded> {
        self.all_asked().into_iter().filter(|request| request.path == path).collect()
    }

    pub(crate) fn all_asked(&self) -> Vec<Recorded> {
        self.script.lock().unwrap().asked.clone()
    }

    fn take(&self, request: Recorded) -> Option<Canned> {
        let mut script = self.script.lock().unwrap();
        let with_query = format!("{}?{}", request.path, request.query);
        let key = if script.answers.contains_key(&with_query) { with_query } else { request.path.clone() };
        script.asked.push(request);
        let answers = script.answers.get_mut(&key)?;
        if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() }
    }
}

async fn answer(State(server): State<Server>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let recorded = Recorded {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
    };
    let canned = server.take(recorded).unwrap_or_else(|| Canned::text(404, "nothing here"));
    if canned.never {
        std::future::pending::<()>().await;
    }
    if let Some(gate) = &canned.gate {
        gate.pass().await;
    }
    let mut response = Response::builder().status(canned.status);
    for (name, value) in &canned.headers {
        response = response.header(*name, value);
    }
    let body = if canned.endless { endless() } else { Body::from(canned.body) };
    response.body(body).unwrap()
}

fn endless() -> Body {
    let chunk = vec![b' '; 1 << 20];
    Body::from_stream(futures_util::stream::repeat_with(move || Ok::<_, std::io::Error>(chunk.clone())))
}

/// Starts a server that writes these bytes to every connection and hangs up, for answers that no HTTP library would
/// give. Gives its base URL.
pub(crate) async fn answering(answer: impl Into<Vec<u8>>) -> String {
    let answer = answer.into();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/mdm/v2", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let mut request = [0; 8192];
            let _ = connection.read(&mut request).await;
            let _ = connection.write_all(&answer).await;
            let _ = connection.shutdown().await;
        }
    });
    url
}

/// An address at which no server listens.
pub(crate) async fn unused_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}/mdm/v2", listener.local_addr().unwrap())
}
