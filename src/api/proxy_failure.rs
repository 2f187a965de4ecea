//! Why there is no connection through a proxy.

use std::io;

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
                "check the kind and the port of the proxy in HTTPS_PROXY or ALL_PROXY: http://, https://, socks5:// or socks5h://"
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
