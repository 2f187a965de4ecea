//! TLS to the service, or to a proxy.
//!
//! The HTTP library has a connector of its own. It takes roots only as certificates,
//! and parses and hashes all of them where one is added to the bundled ones: a seventh of
//! a kick with a CA file. This one takes the bundled roots as they are compiled in.

use std::fmt;
use std::sync::{Arc, OnceLock};

use rustls::crypto::ring::default_provider;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use ureq::Error;
use ureq::unversioned::transport::time::{Duration, Instant};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport as Carrier,
    TransportAdapter,
};

use super::roots::Roots;

/// Wraps a connection in TLS, unless its URL is plain http.
pub(super) struct TlsConnector {
    roots: Roots,
    /// Made for the first connection. Connections share it, and with it their sessions.
    config: OnceLock<Arc<ClientConfig>>,
}

impl TlsConnector {
    pub(super) fn new(roots: Roots) -> Self {
        Self {
            roots,
            config: OnceLock::new(),
        }
    }

    fn config(&self) -> Arc<ClientConfig> {
        let make = || {
            let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
                .with_safe_default_protocol_versions()
                .expect("the provider has cipher suites of these versions")
                .with_root_certificates(self.roots.store())
                .with_no_client_auth();
            Arc::new(config)
        };
        Arc::clone(self.config.get_or_init(make))
    }
}

impl fmt::Debug for TlsConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TlsConnector({:?})", self.roots)
    }
}

impl<In: Carrier> Connector<In> for TlsConnector {
    type Out = Either<In, TlsTransport>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        let Some(transport) = chained else {
            return Ok(None);
        };
        // `doctor` asks for the time without a check of the certificate. The library's
        // connector is next in the chain and does that.
        let is_unchecked = details.config.tls_config().disable_verification();
        if !details.needs_tls() || transport.is_tls() || is_unchecked {
            return Ok(Some(Either::A(transport)));
        }
        // The handshake would fail without saying so.
        if let Some(error) = self.roots.missing() {
            return Err(Error::Other(Box::new(error)));
        }
        let mut connection = ClientConnection::new(self.config(), server_name(details)?)?;
        let clock = Arc::clone(&details.current_time);
        let mut carrier = TransportAdapter::new(transport.boxed(), clock);
        carrier.set_timeout(rest_of_timeout(details));
        connection.complete_io(&mut carrier)?;
        let buffers = LazyBuffers::new(
            details.config.input_buffer_size(),
            details.config.output_buffer_size(),
        );
        let stream = StreamOwned::new(connection, carrier);
        Ok(Some(Either::B(TlsTransport { buffers, stream })))
    }
}

/// The name that the certificate must have. An IPv6 address has brackets in a URL only.
fn server_name(details: &ConnectionDetails) -> Result<ServerName<'static>, Error> {
    let host = details.uri.host().unwrap_or_default();
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    ServerName::try_from(bare.unwrap_or(host).to_owned())
        .map_err(|_| Error::Tls("the host has no name that a certificate can have"))
}

/// The limit of the connection counts from the look-up, so TCP has used a part of it.
fn rest_of_timeout(details: &ConnectionDetails) -> NextTimeout {
    let mut timeout = details.timeout;
    let now = (details.current_time)();
    if let (Duration::Exact(limit), Instant::Exact(began), Instant::Exact(now)) =
        (timeout.after, details.now, now)
    {
        let used = now.saturating_duration_since(began);
        timeout.after = Duration::Exact(limit.saturating_sub(used));
    }
    timeout
}

/// A connection with TLS.
pub(super) struct TlsTransport {
    buffers: LazyBuffers,
    stream: StreamOwned<ClientConnection, TransportAdapter>,
}

impl fmt::Debug for TlsTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TlsTransport")
    }
}

impl Carrier for TlsTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.stream.get_mut().set_timeout(timeout);
        let output = &self.buffers.output()[..amount];
        std::io::Write::write_all(&mut self.stream, output)?;
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.stream.get_mut().set_timeout(timeout);
        let input = self.buffers.input_append_buf();
        let amount = std::io::Read::read(&mut self.stream, input)?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.get_mut().get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}
