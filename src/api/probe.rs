//! Whether a call would get through, found out without making one: look-up,
//! connection and handshake, each with its time.
//!
//! Goes the client's own way, and its last link lets nothing pass: no byte of a
//! request can leave, so it needs neither key nor signature. `doctor` asks.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use ureq::http::Uri;
use ureq::unversioned::transport::{ConnectionDetails, Connector, Transport as Carrier};
use ureq::{Agent, Error as Fault};

use super::progress::{self, is_for};
use super::resolve::CachingResolver;
use super::transport::Transport;
use super::{Endpoint, Error, connector, failure};

/// Looks at the way to one endpoint.
#[derive(Debug)]
pub struct Probe {
    agent: Agent,
    resolver: CachingResolver,
    endpoint: Endpoint,
    transport: Transport,
}

/// One part of the way, and how long it took to pass or to fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// From the end of the step before.
    pub took: Duration,
    /// Why there was no getting through.
    pub result: Result<(), Error>,
}

/// How far a connection got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connected {
    /// The endpoint's socket, or the proxy's tunnel to it.
    pub tcp: Step,
    /// The handshake; none over plain http, and none without a socket.
    pub tls: Option<Step>,
}

impl Probe {
    /// A probe that has not looked yet.
    pub fn new(endpoint: Endpoint, transport: Transport) -> Self {
        let resolver = CachingResolver::default();
        let connector = connector::chain_to(&endpoint).chain(StopBeforeRequest {
            endpoint: endpoint.authority().to_owned(),
        });
        let agent = Agent::with_parts(
            connector::agent_config(&transport),
            connector,
            resolver.clone(),
        );
        Self {
            agent,
            resolver,
            endpoint,
            transport,
        }
    }

    /// Whose address is needed: the proxy's, where there is one.
    pub fn host(&self) -> &str {
        match &self.transport.proxy {
            Some(proxy) => proxy.host(),
            None => self.endpoint.host(),
        }
    }

    /// The addresses of [`Probe::host`], which [`Probe::connect`] then tries.
    pub fn resolve(&self) -> Result<Vec<IpAddr>, Error> {
        let limit = self.transport.connect_timeout.min(self.transport.timeout);
        let found = match &self.transport.proxy {
            Some(proxy) => self.resolver.addresses(proxy.inner().uri(), limit),
            None => self.resolver.addresses(&self.uri(), limit),
        };
        let found = found.map_err(|failed| Error::Resolve {
            host: failed.host,
            why: failed.why,
        })?;
        Ok(found.iter().map(std::net::SocketAddr::ip).collect())
    }

    /// One connection, which is closed again.
    pub fn connect(&self) -> Connected {
        progress::begin();
        let began = Instant::now();
        let outcome = self.agent.get(self.uri()).call();
        let (ended, progress) = (Instant::now(), progress::current());
        let result = match outcome {
            Err(Fault::Other(other)) if other.is::<ConnectionReady>() => Ok(()),
            Err(fault) => Err(failure::describe(
                fault,
                progress,
                &self.endpoint,
                &self.transport,
            )),
            // The last link lets nothing pass.
            Ok(_) => Ok(()),
        };
        match progress.reached {
            Some(at) if self.endpoint.is_https() => Connected {
                tcp: Step {
                    took: at - began,
                    result: Ok(()),
                },
                tls: Some(Step {
                    took: ended - at,
                    result,
                }),
            },
            _ => Connected {
                tcp: Step {
                    took: ended - began,
                    result,
                },
                tls: None,
            },
        }
    }

    fn uri(&self) -> Uri {
        let uri = format!("{}/", self.endpoint);
        uri.parse().expect("an endpoint is a URL")
    }
}

/// The last link: whatever comes to it has arrived, and goes no further.
#[derive(Debug)]
struct StopBeforeRequest {
    endpoint: String,
}

/// Not an error, but there is no other way back.
#[derive(Debug, thiserror::Error)]
#[error("the way is open")]
struct ConnectionReady;

impl<In: Carrier> Connector<In> for StopBeforeRequest {
    type Out = In;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<In>, Fault> {
        if is_for(&self.endpoint, details) {
            return Err(Fault::Other(Box::new(ConnectionReady)));
        }
        Ok(chained)
    }
}
