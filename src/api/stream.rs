//! A stream to a server that is not the service, made by the client's connector
//! chain: the same look-up, TLS and roots, and the same words for failures.
//! `crate::redis` uses it.

use std::fmt;
use std::io::{self, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ureq::Agent;
use ureq::unversioned::transport::time::Instant;
use ureq::unversioned::transport::{
    ConnectionDetails, Connector, NextTimeout, Transport as Carrier, TransportAdapter,
};

use super::connector::{self, CachingResolver};
use super::endpoint::Endpoint;
use super::error::Error;
use super::transport::Transport;

/// Opens streams to one server, one after the other. The roots are read once.
pub(crate) struct Dialer {
    agent: Agent,
    resolver: CachingResolver,
    opened: Opened,
    endpoint: Endpoint,
    transport: Transport,
}

/// An open connection. Every read and write ends at the latest at the limit of
/// [`Stream::set_limit`].
pub(crate) struct Stream(TransportAdapter);

/// Where [`TakeConnection`] leaves the connection for [`Dialer::open`].
type Opened = Arc<Mutex<Option<Box<dyn Carrier>>>>;

impl Dialer {
    /// `transport` has the limits and the roots; its proxy is not used.
    pub(crate) fn new(host: &str, port: u16, tls: bool, transport: &Transport) -> Self {
        let endpoint = Endpoint::of_other_server(host, port, tls);
        let transport = Transport {
            connections: 0,
            proxy: None,
            ..transport.clone()
        };
        let (opened, resolver) = (Opened::default(), CachingResolver::default());
        let connector = connector::chain_to(&endpoint, &transport).chain(TakeConnection {
            opened: Arc::clone(&opened),
        });
        let agent = connector::agent(&transport, connector, &resolver);
        Self {
            agent,
            resolver,
            opened,
            endpoint,
            transport,
        }
    }

    /// Looks the name up, connects, and makes the TLS handshake.
    pub(crate) fn open(&self) -> Result<Stream, Error> {
        connector::begin_request();
        let outcome = self.agent.get(format!("{}/", self.endpoint)).call();
        let taken = lock(&self.opened).take();
        match (taken, outcome) {
            (Some(carrier), _) => Ok(Stream(TransportAdapter::new(
                carrier,
                Arc::new(Instant::now),
            ))),
            (None, Ok(_)) => Err(Error::Panicked),
            (None, Err(error)) => {
                // The server may have moved.
                self.resolver.forget();
                let progress = connector::progress();
                Err(Error::from_http(
                    error,
                    progress,
                    &self.endpoint,
                    &self.transport,
                ))
            }
        }
    }
}

impl fmt::Debug for Dialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dialer({})", self.endpoint)
    }
}

impl Stream {
    /// From now on, all reads and writes together may take this long.
    pub(crate) fn set_limit(&mut self, limit: Duration) {
        self.0.set_timeout(NextTimeout {
            after: limit.into(),
            reason: ureq::Timeout::Global,
            ..NextTimeout::default()
        });
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stream")
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(plain)
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(plain)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The library's error of a limit as the system's.
fn plain(error: io::Error) -> io::Error {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    match inner {
        Some(ureq::Error::Timeout(_)) => io::ErrorKind::TimedOut.into(),
        _ => error,
    }
}

/// The last connector. It takes the connection away and returns [`Taken`], so
/// that no HTTP request is written to it.
#[derive(Debug)]
struct TakeConnection {
    opened: Opened,
}

#[derive(Debug, thiserror::Error)]
#[error("connected")]
struct Taken;

impl<In: Carrier> Connector<In> for TakeConnection {
    type Out = In;

    fn connect(
        &self,
        _: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<In>, ureq::Error> {
        *lock(&self.opened) = chained.map(Carrier::boxed);
        Err(ureq::Error::Other(Box::new(Taken)))
    }
}

fn lock(opened: &Opened) -> std::sync::MutexGuard<'_, Option<Box<dyn Carrier>>> {
    opened.lock().unwrap_or_else(PoisonError::into_inner)
}
