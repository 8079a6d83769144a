//! A simulator that listens on a socket.

use std::io;
use std::net::SocketAddr;

use tokio::net::ToSocketAddrs;

use super::listening::Listening;
use super::{deliverer, face};
use crate::model::BaseUrl;
use crate::simulator::Simulator;

/// A running server. It stops when dropped; [`SimulatorServer::stop`] also waits until it has. While it runs, events go on
/// with the clock though nobody asks for them, and notifications are posted if the settings say where.
#[derive(Debug)]
pub struct SimulatorServer {
    listening: Listening,
    simulator: Simulator,
}

impl SimulatorServer {
    /// Listens on `address` (port 0 takes a free one) and answers from `simulator`, which from now on advertises this
    /// address unless its settings say otherwise. Must be called within a tokio runtime with IO and time.
    ///
    /// # Errors
    /// Those of the operating system, when the address cannot be listened on.
    pub async fn start(address: impl ToSocketAddrs, simulator: Simulator) -> io::Result<Self> {
        let (router, deliverer) = (face::router(simulator.clone()), deliverer::deliver(simulator.clone()));
        let listening = Listening::start(address, router, deliverer).await?;
        simulator.lock().listening_on = Some(BaseUrl::listening_on(listening.reachable()));
        Ok(Self { listening, simulator })
    }

    /// The URL that clients start from, ending in `/mdm/v2`: the advertised one.
    pub fn base_url(&self) -> String {
        self.simulator.base_url().to_string()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.listening.address()
    }

    /// The simulator behind it.
    pub fn simulator(&self) -> &Simulator {
        &self.simulator
    }

    /// Stops: the port is free and all connections are closed when this returns.
    pub async fn stop(self) {
        self.listening.stop().await;
    }
}
