//! The way to the endpoint: through the proxy where there is one, TCP, TLS, and
//! how patient to be on it. One for the client that calls and the probe that
//! only looks whether a call would get through, so that they cannot differ.

use std::time::Duration;

use ureq::Agent;
use ureq::config::Config;
use ureq::tls::TlsConfig;
use ureq::unversioned::transport::{
    ConnectProxyConnector, Connector, RustlsConnector, TcpConnector,
};

use super::Endpoint;
use super::progress::{ReachObserver, TransferObserver};
use super::transport::Transport;

/// How long a kept connection is used again. Shorter than the idle limits of
/// common load balancers: a request on a connection that is just being closed
/// at the other end is lost.
const MAX_IDLE_AGE: Duration = Duration::from_secs(8);

/// The links to this endpoint, in order.
pub(super) fn chain_to(endpoint: &Endpoint) -> impl Connector {
    let authority = || endpoint.authority().to_owned();
    ().chain(ConnectProxyConnector::default())
        .chain(TcpConnector::default())
        .chain(ReachObserver {
            endpoint: authority(),
        })
        .chain(RustlsConnector::default())
        .chain(TransferObserver {
            endpoint: authority(),
        })
}

/// Time-outs, roots, proxy and all else that the library leaves open.
pub(super) fn agent_config(transport: &Transport) -> Config {
    Agent::config_builder()
        .user_agent(concat!("roomctl/", env!("CARGO_PKG_VERSION")))
        .http_status_as_error(false)
        .tls_config(
            TlsConfig::builder()
                .root_certs((&transport.roots).into())
                .build(),
        )
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(transport.timeout))
        .timeout_resolve(Some(transport.connect_timeout))
        .timeout_connect(Some(transport.connect_timeout))
        .max_idle_connections(transport.connections)
        .max_idle_connections_per_host(transport.connections)
        .max_idle_age(MAX_IDLE_AGE)
        // Requests and answers are small; the library's 128 KiB each are not.
        .input_buffer_size(8 * 1024)
        .output_buffer_size(4 * 1024)
        // Never the library's own reading of the environment.
        .proxy(transport.proxy.as_ref().map(|proxy| proxy.inner().clone()))
        .build()
}
