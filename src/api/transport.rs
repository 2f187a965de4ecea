//! How the service is reached: patience, connections, trust, proxy.

use std::time::Duration;

use ureq::tls::{Certificate, RootCerts};

use super::Proxy;

/// How to reach the service.
#[derive(Debug, Clone)]
pub struct Transport {
    /// For a whole call, from the look-up to the last byte of the answer.
    pub timeout: Duration,
    /// For look-up and connection, each.
    pub connect_timeout: Duration,
    /// Most calls at a time; as many connections are kept.
    pub connections: usize,
    /// Whose certificates are trusted.
    pub roots: Roots,
    /// The proxy in between.
    pub proxy: Option<Proxy>,
}

impl Transport {
    /// The service gives up on its own backend after 3 s (api.md, section 1);
    /// this leaves room for a slow way there and back.
    pub const TIMEOUT: Duration = Duration::from_secs(10);

    /// Enough for a handshake half way round the world, lost packets included.
    pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
}

/// One call at a time, straight there, with the bundled roots.
impl Default for Transport {
    fn default() -> Self {
        Self {
            timeout: Self::TIMEOUT,
            connect_timeout: Self::CONNECT_TIMEOUT,
            connections: 1,
            roots: Roots::Bundled,
            proxy: None,
        }
    }
}

/// Whose certificates are trusted.
#[derive(Debug, Clone)]
pub enum Roots {
    /// Those compiled in.
    Bundled,
    /// Those, and some of the caller's own.
    BundledAnd(Vec<Certificate<'static>>),
    /// The operating system's.
    System,
}

impl From<&Roots> for RootCerts {
    fn from(roots: &Roots) -> Self {
        match roots {
            Roots::Bundled => Self::WebPki,
            Roots::System => Self::PlatformVerifier,
            Roots::BundledAnd(more) => {
                let bundled = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
                let bundled = bundled.map(|der| Certificate::from_der(der).to_owned());
                bundled
                    .chain(more.iter().cloned())
                    .collect::<Vec<_>>()
                    .into()
            }
        }
    }
}
