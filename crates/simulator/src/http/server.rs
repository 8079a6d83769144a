//! A simulator that listens on a socket.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, ToSocketAddrs};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

use super::{connection, deliverer, face};
use crate::model::BaseUrl;
use crate::simulator::Simulator;

/// How long to wait after the system refused a connection, for lack of file handles for instance.
const PAUSE_AFTER_FAILED_ACCEPT: Duration = Duration::from_millis(50);

/// A running server. It stops when dropped; [`SimulatorServer::stop`] also waits until it has.
#[derive(Debug)]
pub struct SimulatorServer {
    address: SocketAddr,
    simulator: Simulator,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<()>,
}

/// Where clients on this machine reach a server: one that listens on all addresses is reached on loopback.
fn reachable(address: SocketAddr) -> SocketAddr {
    let loopback: IpAddr = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        _ => return address,
    };
    SocketAddr::new(loopback, address.port())
}

impl SimulatorServer {
    /// Listens on `address` (port 0 takes a free one) and answers from `simulator`, which from now on advertises this
    /// address unless its settings say otherwise. Must be called within a tokio runtime with IO and time.
    ///
    /// # Errors
    /// Those of the operating system, when the address cannot be listened on.
    pub async fn start(address: impl ToSocketAddrs, simulator: Simulator) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        simulator.lock().listening_on = Some(BaseUrl::listening_on(reachable(address)));
        let (stop, stopped) = oneshot::channel();
        let (router, deliverer) = (face::router(simulator.clone()), deliverer::deliver(simulator.clone()));
        let running = tokio::spawn(accept(listener, router, deliverer, stopped));
        Ok(Self { address, simulator, stop: Some(stop), running })
    }

    /// The URL that clients start from, ending in `/mdm/v2`: the advertised one.
    pub fn base_url(&self) -> String {
        self.simulator.base_url().to_string()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The simulator behind it.
    pub fn simulator(&self) -> &Simulator {
        &self.simulator
    }

    /// Stops: the port is free and all connections are closed when this returns.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _gone = stop.send(());
        }
        let _joined = (&mut self.running).await;
    }
}

impl Drop for SimulatorServer {
    fn drop(&mut self) {
        self.running.abort();
    }
}

async fn accept(
    listener: TcpListener,
    router: Router,
    deliverer: impl Future<Output = ()> + Send + 'static,
    mut stopped: oneshot::Receiver<()>,
) {
    let mut connections = JoinSet::new();
    connections.spawn(deliverer);
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let _unchanged = stream.set_nodelay(true);
                    connections.spawn(connection::serve(stream, router.clone()));
                }
                Err(_) => tokio::time::sleep(PAUSE_AFTER_FAILED_ACCEPT).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    connections.shutdown().await;
}
