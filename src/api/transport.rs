//! How the service is reached: time limits, the proxy between, and the certificate
//! authorities that are trusted.

use std::fmt;
use std::io;
use std::time::Duration;

use ureq::{ProxyProtocol, Timeout};

use super::endpoint::has_valid_port;
use super::roots::Roots;
use crate::clock::GivenDuration;

/// How to reach the service.
#[derive(Debug, Clone)]
pub struct Transport {
    /// Limit of a whole call, from the look-up to the last byte of the answer.
    pub timeout: GivenDuration,
    /// Limit of the look-up and of the connection, each.
    pub connect_timeout: GivenDuration,
    /// Number of calls at the same time; as many connections are kept open.
    pub connections: usize,
    /// The trusted certificate authorities.
    pub roots: Roots,
    /// The proxy, if there is one.
    pub proxy: Option<Proxy>,
}

impl Transport {
    /// The limit that was exceeded before anything was sent. The limit of the whole
    /// call may be the shorter one.
    pub(super) fn connect_limit(&self, which: Timeout) -> &GivenDuration {
        match which {
            Timeout::Global => &self.timeout,
            _ => self.shorter_limit(),
        }
    }

    /// The limit of a look-up or a connection.
    pub(super) fn shorter_limit(&self) -> &GivenDuration {
        if self.connect_timeout.time() < self.timeout.time() {
            return &self.connect_timeout;
        }
        &self.timeout
    }

    /// The service gives up on its own backend after 3 s, by its documents;
    /// the rest is for a slow network.
    pub(crate) const TIMEOUT: Duration = Duration::from_secs(10);

    /// Enough for a handshake half way round the world with lost packets.
    pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
}

/// One call at a time, without a proxy, with the bundled roots.
impl Default for Transport {
    fn default() -> Self {
        Self {
            timeout: Self::TIMEOUT.into(),
            connect_timeout: Self::CONNECT_TIMEOUT.into(),
            connections: 1,
            roots: Roots::Bundled,
            proxy: None,
        }
    }
}

/// A proxy: `http://[USER:PASSWORD@]HOST[:PORT]`, the same with `https`,
/// `socks5` (names are looked up on this machine) or `socks5h` (by the proxy). It
/// may contain a password, so only kind, host and port are printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy(ureq::Proxy);

/// Why a text is not a [`Proxy`]. No variant contains any part of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProxyError {
    #[error("is not a proxy URL like http://HOST:PORT")]
    Malformed,
    /// `socks://` means version 4 for some programs and 5 for others.
    #[error("is a SOCKS proxy of version 4 or of no version; only version 5 is supported")]
    OldSocks,
    #[error("is not a proxy URL of a kind that roomctl has: http, https, socks5 or socks5h")]
    UnknownScheme,
    #[error("has a user name without a password, which SOCKS5 does not allow")]
    NoPassword,
}

impl Proxy {
    /// Without a scheme it is `http`.
    pub(crate) fn parse(text: &str) -> Result<Self, ProxyError> {
        let text = text.trim();
        let scheme = text.split_once("://").map(|(scheme, _)| scheme);
        let is = |name: &str| scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(name));
        if ["socks", "socks4", "socks4a"].into_iter().any(is) {
            return Err(ProxyError::OldSocks);
        }
        let kinds = ["http", "https", "socks5", "socks5h"];
        if scheme.is_some() && !kinds.into_iter().any(is) {
            return Err(ProxyError::UnknownScheme);
        }
        let proxy = ureq::Proxy::new(text).map_err(|_| ProxyError::Malformed)?;
        // The library uses the default port in place of an invalid one.
        match proxy.uri().authority() {
            Some(authority) if has_valid_port(authority) && !proxy.host().is_empty() => {}
            _ => return Err(ProxyError::Malformed),
        }
        let proxy = Self(proxy);
        let password = proxy.0.password().unwrap_or_default();
        if proxy.is_socks() && proxy.0.username().is_some() && password.is_empty() {
            return Err(ProxyError::NoPassword);
        }
        Ok(proxy)
    }

    /// Host name or IP address.
    pub(super) fn host(&self) -> &str {
        self.0.host()
    }

    pub(super) fn inner(&self) -> &ureq::Proxy {
        &self.0
    }

    pub(super) fn is_socks(&self) -> bool {
        matches!(
            self.0.protocol(),
            ProxyProtocol::Socks5 | ProxyProtocol::Socks5h
        )
    }

    /// Whether the name of the service is looked up on this machine.
    pub(super) fn needs_address(&self) -> bool {
        self.0.resolve_target()
    }
}

/// `HOST:PORT` for an HTTP proxy; with `socks5://` or `socks5h://` for others.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.0.protocol() {
            ProxyProtocol::Socks5 => "socks5://",
            ProxyProtocol::Socks5h => "socks5h://",
            _ => "",
        };
        write!(f, "{scheme}{}:{}", self.0.host(), self.0.port())
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

/// What is missing between this machine and the service: the connection to the
/// proxy, or the one through it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyFailure {
    /// There is no connection to the proxy.
    Unreachable,
    /// The proxy wants a user name and a password, or does not accept the ones
    /// that it got.
    Login,
    /// The proxy does not connect to the service.
    NoTunnel,
    /// What answers is not such a proxy.
    OtherKind,
}

impl ProxyFailure {
    /// What the user can do.
    pub(super) fn remedy(self) -> &'static str {
        match self {
            Self::Unreachable => {
                "check that the proxy runs, and its address in HTTPS_PROXY or ALL_PROXY; NO_PROXY names hosts to reach without a proxy"
            }
            Self::Login => {
                "give the proxy's user and password, special characters percent-encoded: HTTPS_PROXY=SCHEME://USER:PASSWORD@HOST:PORT"
            }
            Self::NoTunnel => {
                "let the proxy's operator allow this host and port; or name the host in NO_PROXY to reach it without the proxy"
            }
            Self::OtherKind => {
                "check the kind and the port of the proxy in HTTPS_PROXY or ALL_PROXY: http://, https://, socks5:// or socks5h://; and that the proxy runs"
            }
        }
    }

    /// By the status of the answer to `CONNECT`; None if it is not HTTP.
    pub(super) fn of_status(status: Option<u16>) -> Self {
        match status {
            Some(407) => Self::Login,
            Some(_) => Self::NoTunnel,
            None => Self::OtherKind,
        }
    }

    /// By the HTTP library's words: a SOCKS proxy's answers have no type. Errors of
    /// the system have a number.
    pub(super) fn of_socks(why: &io::Error) -> Self {
        match (why.kind(), why.to_string().as_str()) {
            _ if why.raw_os_error().is_some() => Self::Unreachable,
            (io::ErrorKind::PermissionDenied, _)
            | (_, "no acceptable auth methods" | "unknown auth method") => Self::Login,
            (io::ErrorKind::Other, _) => Self::NoTunnel,
            _ => Self::OtherKind,
        }
    }
}

#[cfg(test)]
#[path = "transport_tests.rs"]
mod tests;
