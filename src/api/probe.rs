//! Tests the connection without a request: look-up, TCP and TLS, each with its
//! time. `doctor` uses it.
//!
//! The probe uses the client's connector chain and adds a last connector that
//! stops there. No byte of a request is sent, so it needs no key or signature.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use ureq::Agent;
use ureq::http::Uri;
use ureq::tls::TlsConfig;
use ureq::unversioned::transport::{ConnectionDetails, Connector, Transport as Carrier};

use super::connector::{self, CachingResolver, is_for};
use super::endpoint::Endpoint;
use super::error::Error;
use super::transport::{Proxy, Transport};

/// Tests the connection to one endpoint.
#[derive(Debug)]
pub(crate) struct Probe {
    agent: Agent,
    resolver: CachingResolver,
    endpoint: Endpoint,
    transport: Transport,
}

/// A host that is looked up.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) name: String,
    uri: Uri,
    is_proxy: bool,
}

/// One part of the connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    /// Since the end of the previous step.
    pub(crate) took: Duration,
    pub(crate) result: Result<(), Error>,
}

/// How far a connection got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Connected {
    /// The connection to the endpoint, or the tunnel to it through the proxy.
    pub(crate) tcp: Step,
    /// The handshake; `None` for plain http or without a connection.
    pub(crate) tls: Option<Step>,
}

impl Probe {
    pub(crate) fn new(endpoint: Endpoint, transport: Transport) -> Self {
        let resolver = CachingResolver::default();
        let connector = connector::chain_to(&endpoint, &transport).chain(StopBeforeRequest {
            endpoint: endpoint.authority().to_owned(),
        });
        let agent = connector::agent(&transport, connector, &resolver);
        Self {
            agent,
            resolver,
            endpoint,
            transport,
        }
    }

    /// The hosts that [`Probe::connect`] looks up: the proxy's, if there is one;
    /// and the service's, unless the proxy looks it up.
    pub(crate) fn hosts(&self) -> Vec<Host> {
        let proxy = self.transport.proxy.as_ref();
        let of_proxy = proxy.map(|proxy| Host {
            name: proxy.host().to_owned(),
            uri: proxy.inner().uri().clone(),
            is_proxy: true,
        });
        let of_service = proxy.is_none_or(Proxy::needs_address).then(|| Host {
            name: self.endpoint.host().to_owned(),
            uri: self.uri(),
            is_proxy: false,
        });
        of_proxy.into_iter().chain(of_service).collect()
    }

    /// The addresses of this host, in the order that [`Probe::connect`] tries.
    pub(crate) fn resolve(&self, host: &Host) -> Result<Vec<IpAddr>, Error> {
        let limit = self.transport.shorter_limit().time();
        match self.resolver.addresses(&host.uri, limit) {
            Ok(addresses) => Ok(addresses.iter().map(SocketAddr::ip).collect()),
            Err(unresolved) if host.is_proxy => Err(Error::of_unresolved_proxy(unresolved)),
            Err(unresolved) => {
                let proxy = self.transport.proxy.as_ref();
                Err(Error::of_unresolved(unresolved, proxy))
            }
        }
    }

    /// Makes one connection and closes it. `now` is for TLS.
    pub(crate) fn connect(&self, now: SystemTime) -> Connected {
        if self.endpoint.is_https() && now < UNIX_EPOCH {
            let failed = |result| Step {
                took: Duration::ZERO,
                result,
            };
            return Connected {
                tcp: failed(Err(Error::ClockBefore1970)),
                tls: None,
            };
        }
        connector::begin_request();
        let began = Instant::now();
        let outcome = self.agent.get(self.uri()).call();
        let (ended, progress) = (Instant::now(), connector::progress());
        let result = match outcome {
            Err(ureq::Error::Other(other)) if other.is::<ConnectionReady>() => Ok(()),
            Err(error) => Err(Error::from_http(
                error,
                progress,
                &self.endpoint,
                &self.transport,
            )),
            // Cannot happen: the last connector returns an error.
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

    /// The service's time, if this failure may come from this machine's clock.
    ///
    /// The certificate cannot be checked then, so the time is not proven: it is for
    /// words to the user only. The request has no query and no secret.
    pub(crate) fn unproven_time(&self, failure: &Error) -> Option<SystemTime> {
        let Error::Tls { failure, .. } = failure else {
            return None;
        };
        if !failure.is_out_of_time() {
            return None;
        }
        let (endpoint, transport) = (&self.endpoint, &self.transport);
        let agent = connector::agent(
            transport,
            connector::chain_to(endpoint, transport),
            &self.resolver,
        );
        let unchecked = TlsConfig::builder().disable_verification(true).build();
        let request = agent.head(self.uri()).config().tls_config(unchecked);
        let answer = request.build().call().ok()?;
        let date = answer.headers().get("date")?.to_str().ok()?;
        httpdate::parse_http_date(date).ok()
    }

    fn uri(&self) -> Uri {
        let uri = format!("{}/", self.endpoint);
        uri.parse().expect("an endpoint is a URL")
    }
}

/// The last connector. It returns [`ConnectionReady`] in place of a connection.
#[derive(Debug)]
struct StopBeforeRequest {
    endpoint: String,
}

/// Not a failure, but the library has no other way to stop before a request.
#[derive(Debug, thiserror::Error)]
#[error("connected")]
struct ConnectionReady;

impl<In: Carrier> Connector<In> for StopBeforeRequest {
    type Out = In;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<In>, ureq::Error> {
        if is_for(&self.endpoint, details) {
            return Err(ureq::Error::Other(Box::new(ConnectionReady)));
        }
        Ok(chained)
    }
}
