//! The connection to the endpoint: name look-up, proxy tunnel, TCP and TLS,
//! with the time-outs and roots of [`Transport`].
//!
//! `client` sends requests over it and `probe` tests it. Both use the same
//! connector chain and the same agent configuration, so a connection that the
//! probe gets is one that the client gets.
//!
//! The chain also records how far the current thread's request got. An error of
//! the HTTP library does not say whether any byte of the request was sent, and
//! that is the difference between "nothing was sent" and "may have taken
//! effect". One request runs on one thread from start to end, so the record is
//! a thread-local.

use std::cell::Cell;
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::http::uri::Authority;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectProxyConnector, ConnectionDetails, Connector, NextTimeout, RustlsConnector,
    SocksConnector, TcpConnector, Transport as Carrier,
};
use ureq::{Agent, Error};

use super::endpoint::Endpoint;
use super::tls::TlsConnector;
use super::transport::Transport;
use crate::name_service;

/// How long a kept connection is used again. Shorter than the idle limits of
/// common load balancers: a request on a connection that the other end is just
/// closing is lost.
const MAX_IDLE_AGE: Duration = Duration::from_secs(8);

/// How long a looked-up address is used.
const ADDRESS_TTL: Duration = Duration::from_secs(60);

/// The HTTP library tries at most this many addresses of one name.
const MAX_ADDRESSES: usize = 16;

/// The connectors to this endpoint, in order.
pub(super) fn chain_to(endpoint: &Endpoint, transport: &Transport) -> impl Connector {
    let endpoint = endpoint.authority();
    ().chain(SocksConnector::default())
        .chain(ConnectProxyConnector::default())
        .chain(TcpConnector::default())
        .chain(ReachObserver {
            endpoint: endpoint.to_owned(),
        })
        .chain(TlsConnector::new(transport.roots.clone()))
        .chain(RustlsConnector::default())
        .chain(TransferObserver {
            endpoint: endpoint.to_owned(),
        })
}

/// The HTTP library's client with these connections.
pub(super) fn agent(
    transport: &Transport,
    connector: impl Connector,
    resolver: &CachingResolver,
) -> Agent {
    Agent::with_parts(agent_config(transport), connector, resolver.clone())
}

/// Time-outs, proxy and every other option of the HTTP library.
fn agent_config(transport: &Transport) -> Config {
    Agent::config_builder()
        .user_agent(concat!("roomctl/", env!("CARGO_PKG_VERSION")))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(transport.timeout.time()))
        .timeout_resolve(Some(transport.connect_timeout.time()))
        .timeout_connect(Some(transport.connect_timeout.time()))
        .max_idle_connections(transport.connections)
        .max_idle_connections_per_host(transport.connections)
        .max_idle_age(MAX_IDLE_AGE)
        // The default of 128 KiB each is too much for these small requests and
        // answers. The whole head of an answer must fit into the input buffer.
        .input_buffer_size(8 * 1024)
        .output_buffer_size(4 * 1024)
        // Without this, the library reads the proxy from the environment.
        .proxy(transport.proxy.as_ref().map(|proxy| proxy.inner().clone()))
        .build()
}

/// What has happened since [`begin_request`].
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Progress {
    pub(super) stage: Stage,
    /// Whether a new connection was made; if not, one was kept from an earlier
    /// request.
    pub(super) connected: bool,
    /// When a new connection came to [`Stage::Reached`].
    pub(super) reached: Option<Instant>,
}

/// How far a request got; each stage includes those before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Nothing is connected yet.
    #[default]
    Begun,
    /// The endpoint's socket, or the proxy's tunnel to it, is open.
    Reached,
    /// Some of the request was written to the socket.
    Sent,
    /// Some of an answer came back.
    Answered,
}

thread_local! {
    static PROGRESS: Cell<Progress> = Cell::default();
}

/// To be called before each request on this thread.
pub(super) fn begin_request() {
    PROGRESS.set(Progress::default());
}

/// How far this thread's latest request got.
pub(super) fn progress() -> Progress {
    PROGRESS.get()
}

fn record(change: impl FnOnce(&mut Progress)) {
    let mut progress = PROGRESS.get();
    change(&mut progress);
    PROGRESS.set(progress);
}

/// Whether this is the connection to the endpoint, not the one to its proxy:
/// both go through the same chain. `endpoint` is host and port as in the URL.
pub(super) fn is_for(endpoint: &str, details: &ConnectionDetails) -> bool {
    let authority = details.uri.authority().map(Authority::as_str);
    authority == Some(endpoint)
}

/// Records [`Stage::Reached`]; stands before TLS in the chain.
#[derive(Debug)]
struct ReachObserver {
    endpoint: String,
}

impl<In: Carrier> Connector<In> for ReachObserver {
    type Out = In;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<In>, Error> {
        if chained.is_some() && is_for(&self.endpoint, details) {
            record(|progress| {
                progress.stage = Stage::Reached;
                progress.reached = Some(Instant::now());
            });
        }
        Ok(chained)
    }
}

/// Wraps the transport to the endpoint; stands last in the chain. What is sent
/// to a proxy to open the tunnel is not part of the request.
#[derive(Debug)]
struct TransferObserver {
    endpoint: String,
}

impl<In: Carrier> Connector<In> for TransferObserver {
    type Out = ObservedTransport<In>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        let is_endpoint = is_for(&self.endpoint, details);
        if is_endpoint && chained.is_some() {
            record(|progress| progress.connected = true);
        }
        Ok(chained.map(|transport| ObservedTransport {
            transport,
            is_endpoint,
        }))
    }
}

/// Records [`Stage::Sent`] and [`Stage::Answered`].
#[derive(Debug)]
struct ObservedTransport<T> {
    transport: T,
    is_endpoint: bool,
}

impl<T> ObservedTransport<T> {
    fn record(&self, stage: Stage) {
        if self.is_endpoint {
            record(|progress| progress.stage = stage);
        }
    }
}

impl<T: Carrier> Carrier for ObservedTransport<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        // Recorded before the write: a write that fails may have sent a part.
        self.record(Stage::Sent);
        self.transport.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let more = self.transport.await_input(timeout)?;
        if more {
            self.record(Stage::Answered);
        }
        Ok(more)
    }

    fn is_open(&mut self) -> bool {
        self.transport.is_open()
    }

    fn is_tls(&self) -> bool {
        self.transport.is_tls()
    }
}

/// A failed look-up. A type of its own, because it travels through the HTTP
/// library as `Error::Other`.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub(super) struct Unresolved {
    pub(super) host: String,
    /// The system's message.
    pub(super) why: String,
}

/// A resolver with a cache; clones share it.
///
/// The HTTP library would look a name up for every request, on a new thread
/// each time, even if it then uses a kept connection. This resolver looks it up
/// once in [`ADDRESS_TTL`], or again after a failed connection. An IP address
/// is not looked up.
#[derive(Debug, Clone, Default)]
pub(super) struct CachingResolver(Arc<Mutex<HashMap<String, CachedAddresses>>>);

#[derive(Debug)]
struct CachedAddresses {
    addresses: Vec<SocketAddr>,
    since: Instant,
}

impl CachingResolver {
    /// Empties the cache. For failed connections: the service may have moved.
    pub(super) fn forget(&self) {
        self.cache().clear();
    }

    /// Every address that is tried for this URL's host, in that order.
    pub(super) fn addresses(
        &self,
        uri: &Uri,
        limit: Duration,
    ) -> Result<Vec<SocketAddr>, Unresolved> {
        let no_such_host = || Unresolved {
            host: uri.host().unwrap_or_default().to_owned(),
            why: "no such host".into(),
        };
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(no_such_host());
        };
        let name = DefaultResolver::host_and_port(scheme, authority).ok_or_else(no_such_host)?;
        let mut addresses = match (name.parse(), self.cached(&name)) {
            (Ok(address), _) => vec![address],
            (Err(_), Some(addresses)) => addresses,
            (Err(_), None) => self.look_up(&name, limit)?,
        };
        addresses.truncate(MAX_ADDRESSES);
        Ok(addresses)
    }

    fn cache(&self) -> MutexGuard<'_, HashMap<String, CachedAddresses>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cached(&self, name: &str) -> Option<Vec<SocketAddr>> {
        let cache = self.cache();
        let known = cache
            .get(name)
            .filter(|known| known.since.elapsed() < ADDRESS_TTL)?;
        Some(known.addresses.clone())
    }

    fn look_up(&self, name: &str, limit: Duration) -> Result<Vec<SocketAddr>, Unresolved> {
        let unresolved = |why| Unresolved {
            host: name.rsplit_once(':').map_or(name, |(host, _)| host).into(),
            why,
        };
        let addresses =
            system_look_up(name.to_owned(), limit).map_err(|why| unresolved(why.to_string()))?;
        if addresses.is_empty() {
            return Err(unresolved("the name has no address".into()));
        }
        let known = CachedAddresses {
            addresses: addresses.clone(),
            since: Instant::now(),
        };
        self.cache().insert(name.to_owned(), known);
        Ok(addresses)
    }
}

impl Resolver for CachingResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let addresses = self
            .addresses(uri, *timeout.after)
            .map_err(|failed| Error::Other(Box::new(failed)))?;
        let family = config.ip_family();
        let mut resolved = self.empty();
        for address in family
            .keep_wanted(addresses.into_iter())
            .take(MAX_ADDRESSES)
        {
            resolved.push(address);
        }
        Ok(resolved)
    }
}

/// A look-up of the system cannot be cancelled. After `limit` its thread goes on
/// until the system gives up, and its result is dropped.
fn system_look_up(name: String, limit: Duration) -> io::Result<Vec<SocketAddr>> {
    let (sender, receiver) = mpsc::sync_channel(1);
    std::thread::Builder::new()
        .name("resolve".into())
        .spawn(move || {
            let addresses = name_service::addresses(&name);
            // Fails when the limit has passed: the receiver is gone.
            let _ = sender.send(addresses);
        })?;
    receiver
        .recv_timeout(limit)
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}
