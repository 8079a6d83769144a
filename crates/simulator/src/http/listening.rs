//! A listening socket and its connections, until it is stopped.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream, ToSocketAddrs};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

use super::server::CloseInstead;

/// The pause after the system refused a connection, for lack of file handles for instance. Without it the loop would
/// spin.
const PAUSE_AFTER_FAILED_ACCEPT: Duration = Duration::from_millis(50);

/// A socket with its connections. All end when it is dropped.
#[derive(Debug)]
pub(crate) struct Listening {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<()>,
}

impl Listening {
    /// Listens, answers from `router` and runs `beside` until stopped.
    pub(crate) async fn start(
        address: impl ToSocketAddrs,
        router: Router,
        beside: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(accept(listener, router, beside, stopped));
        Ok(Self { address, stop: Some(stop), running })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address at which clients on this machine reach it: loopback, when it listens on all addresses.
    pub(crate) fn reachable(&self) -> SocketAddr {
        let loopback: IpAddr = match self.address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            _ => return self.address,
        };
        SocketAddr::new(loopback, self.address.port())
    }

    /// The port is free and all connections are closed when this returns.
    pub(crate) async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _gone = stop.send(());
        }
        let _joined = (&mut self.running).await;
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.running.abort();
    }
}

async fn accept(
    listener: TcpListener,
    router: Router,
    beside: impl Future<Output = ()> + Send + 'static,
    mut stopped: oneshot::Receiver<()>,
) {
    let mut connections = JoinSet::new();
    connections.spawn(beside);
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let _unchanged = stream.set_nodelay(true);
                    connections.spawn(serve(stream, router.clone()));
                }
                Err(_) => tokio::time::sleep(PAUSE_AFTER_FAILED_ACCEPT).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    connections.shutdown().await;
}

/// The connection was closed on purpose.
#[derive(Debug)]
struct ClosedOnPurpose;

impl fmt::Display for ClosedOnPurpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connection closed on purpose")
    }
}

impl std::error::Error for ClosedOnPurpose {}

/// Serves a connection until either side ends it, with hyper's own driver: it alone can close a connection without a
/// reply.
async fn serve(stream: TcpStream, router: Router) {
    let routed = TowerToHyperService::new(router);
    let service = service_fn(move |request| {
        let answer = routed.call(request);
        async move {
            let response = match answer.await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            if response.extensions().get::<CloseInstead>().is_some() {
                return Err(ClosedOnPurpose);
            }
            Ok(response)
        }
    });
    // A client that breaks off and a connection closed on purpose end here too; neither is worth a report.
    let _ended =
        http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await;
}
