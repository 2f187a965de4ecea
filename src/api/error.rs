//! Why a call brought no answer of the service. Each variant says what is known:
//! nothing was sent, or the request may have taken effect.
//!
//! No text contains a URL, because its query string is a secret. For the same
//! reason the HTTP library's own text is used only where it cannot contain one.

use std::io;
use std::time::Duration;

use ureq::http::StatusCode;

use super::codes::Class;
use super::connector::{Progress, Stage, Unresolved};
use super::endpoint::Endpoint;
use super::tls_failure::{TlsFailure, is_disconnect};
use super::transport::{Proxy, ProxyFailure, Transport};
use crate::clock::GivenDuration;

/// A call without an answer of the service.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The host name has no address. Nothing was sent.
    #[error("cannot resolve {host}: {why}")]
    Resolve {
        /// The host name.
        host: String,
        /// The system's message.
        why: String,
        /// A proxy with `socks5://` needs its address; it could look the name up
        /// itself.
        is_for_socks: bool,
    },
    /// The name of the proxy has no address. Nothing was sent.
    #[error("cannot resolve {host}: {why}")]
    ResolveProxy {
        /// The proxy's host name.
        host: String,
        /// The system's message.
        why: String,
    },
    /// There is no connection. Nothing was sent.
    #[error("cannot connect to {to}: {why}")]
    Connect {
        /// Host and port of the endpoint.
        to: String,
        /// The system's message.
        why: String,
        /// The other end answered that nothing listens there.
        is_refused: bool,
    },
    /// The proxy makes no connection. Nothing was sent.
    #[error("cannot connect to proxy {proxy}: {why}")]
    Proxy {
        /// Host and port of the proxy.
        proxy: String,
        /// What is missing.
        failure: ProxyFailure,
        /// The system's or the proxy's message.
        why: String,
    },
    /// There is no connection within the limit. Nothing was sent.
    #[error("connect timed out ({to}, after {limit})")]
    ConnectTimedOut {
        /// Host and port of the endpoint or of the proxy.
        to: String,
        /// The limit that was exceeded.
        limit: GivenDuration,
        /// `to` is the proxy.
        is_proxy: bool,
    },
    /// The TLS handshake failed. Nothing was sent.
    #[error("TLS with {peer} failed: {failure}")]
    Tls {
        /// The endpoint's host, or the proxy.
        peer: String,
        /// The cause.
        failure: TlsFailure,
    },
    /// The TLS library cannot judge certificates at such a time. Nothing was sent.
    #[error("TLS needs the time, and this machine's clock is before 1970")]
    ClockBefore1970,
    /// HTTP 429, from a gateway in front of the service. Nothing took effect.
    #[error("HTTP 429: too many requests")]
    Throttled {
        /// From the answer's `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// The request was sent, and no answer came within the limit.
    #[error("no answer within {limit} ({from})")]
    AnswerTimedOut {
        /// Host and port of the endpoint, and of the proxy.
        from: String,
        /// The limit that was exceeded.
        limit: GivenDuration,
    },
    /// The request was sent, and the answer began, but was not complete within
    /// the limit.
    #[error("the answer was not complete within {limit} ({from})")]
    AnswerStalled {
        /// Host and port of the endpoint, and of the proxy.
        from: String,
        /// The limit that was exceeded.
        limit: GivenDuration,
    },
    /// The request was sent, and the connection ended before the answer did.
    #[error("connection lost before the answer was complete: {why}")]
    Lost {
        /// The system's message, and the peer.
        why: String,
        /// The connection was kept from an earlier request and ended without
        /// a byte of an answer: most likely it was closed before.
        kept: bool,
    },
    /// The request was sent, and the answer is not the service's JSON.
    #[error("HTTP {status}: not an answer of the Room Engine ({what})")]
    NotTheService {
        /// HTTP status.
        status: u16,
        /// What it is instead.
        what: &'static str,
        /// From the answer's `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// The service reports success, and the list that was requested is missing.
    #[error("the answer has no {list}")]
    NoList {
        /// The list's name in the answer.
        list: &'static str,
        /// From the answer's `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// A defect of roomctl: the thread that sent the request panicked.
    #[error("a defect in roomctl stopped this request; please report it")]
    Panicked,
}

impl Error {
    /// What a job does next.
    pub(crate) fn class(&self) -> Class {
        match self {
            Self::Resolve { .. }
            | Self::ResolveProxy { .. }
            | Self::Connect { .. }
            | Self::Proxy { .. }
            | Self::ConnectTimedOut { .. }
            | Self::Tls { .. }
            | Self::ClockBefore1970 => Class::Retry,
            Self::Throttled { .. } => Class::Slow,
            Self::AnswerTimedOut { .. }
            | Self::AnswerStalled { .. }
            | Self::Lost { .. }
            | Self::NotTheService { .. }
            | Self::NoList { .. }
            | Self::Panicked => Class::Doubt,
        }
    }

    /// What the user can do, if there is anything.
    pub(crate) fn remedy(&self) -> Option<String> {
        let remedy = match self {
            Self::Resolve {
                is_for_socks: true, ..
            } => {
                "this machine looks the name up for socks5://: write socks5h:// in HTTPS_PROXY or ALL_PROXY, and the proxy looks it up; or check the network and the --endpoint"
            }
            Self::Resolve { .. } => {
                "check the network, and the host name in --region or --endpoint; if only a proxy can look names up, set HTTPS_PROXY"
            }
            Self::ResolveProxy { .. } => {
                "check the network, and the proxy's host name in HTTPS_PROXY or ALL_PROXY; NO_PROXY names hosts to reach without a proxy"
            }
            Self::Connect {
                is_refused: true, ..
            } => {
                "nothing accepts connections there: check the network and the --endpoint with its port; if only a proxy leads out, set HTTPS_PROXY"
            }
            Self::Connect { .. } => {
                "check this machine's network (routes, firewall, VPN) and the --endpoint; if only a proxy leads out, set HTTPS_PROXY"
            }
            Self::ConnectTimedOut { is_proxy: true, .. } => {
                "check that the proxy runs, its port and its kind in HTTPS_PROXY or ALL_PROXY: http://, https://, socks5:// or socks5h:// (a proxy of another kind may wait without an answer); a slow network may need a longer --connect-timeout"
            }
            Self::ConnectTimedOut { .. } => {
                "check the network, the --endpoint and the proxy (HTTPS_PROXY, NO_PROXY); a slow network may need a longer --connect-timeout"
            }
            Self::Proxy { failure, .. } => failure.remedy(),
            Self::Tls { peer, failure } => return Some(failure.remedy(peer)),
            Self::AnswerTimedOut { .. } | Self::AnswerStalled { .. } => {
                "a slow network may need a longer --timeout"
            }
            Self::NotTheService { .. } => {
                "something else answered: check --endpoint, --region and the proxy"
            }
            Self::NoList { .. } => {
                "run the same command again; if it stays, roomctl doctor checks the connection and the settings"
            }
            Self::ClockBefore1970 => "set this machine's clock first (date -u shows it)",
            Self::Throttled { .. } => "use a lower --rate",
            Self::Lost { .. } | Self::Panicked => return None,
        };
        Some(remedy.to_owned())
    }

    /// How long the answer's `Retry-After` asks to wait.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Throttled { retry_after }
            | Self::NotTheService { retry_after, .. }
            | Self::NoList { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// The name of the service has no address.
    pub(super) fn of_unresolved(
        Unresolved { host, why }: Unresolved,
        proxy: Option<&Proxy>,
    ) -> Self {
        let is_for_socks = proxy.is_some_and(Proxy::is_socks);
        Self::Resolve {
            host,
            why,
            is_for_socks,
        }
    }

    pub(super) fn of_unresolved_proxy(Unresolved { host, why }: Unresolved) -> Self {
        Self::ResolveProxy { host, why }
    }

    /// An error of the HTTP library, by how far the request got.
    pub(super) fn from_http(
        error: ureq::Error,
        progress: Progress,
        endpoint: &Endpoint,
        transport: &Transport,
    ) -> Self {
        if progress.stage >= Stage::Sent {
            after_sending(error, progress, endpoint, transport)
        } else if progress.stage == Stage::Reached && endpoint.is_https() {
            Self::Tls {
                peer: endpoint.host().to_owned(),
                failure: TlsFailure::of(&error, transport),
            }
        } else {
            before_connecting(error, endpoint, transport)
        }
    }
}

fn before_connecting(error: ureq::Error, endpoint: &Endpoint, transport: &Transport) -> Error {
    if let Some(proxy) = &transport.proxy {
        return before_tunnel(error, proxy, endpoint, transport);
    }
    let to = endpoint.authority().to_owned();
    let mut is_refused = false;
    let why = match error {
        ureq::Error::Other(other) => match other.downcast::<Unresolved>() {
            Ok(unresolved) => return Error::of_unresolved(*unresolved, None),
            Err(other) => other.to_string(),
        },
        ureq::Error::HostNotFound => {
            return Error::Resolve {
                host: endpoint.host().to_owned(),
                why: "no such host".into(),
                is_for_socks: false,
            };
        }
        ureq::Error::Timeout(which) => {
            let limit = transport.connect_limit(which).clone();
            return Error::ConnectTimedOut {
                to,
                limit,
                is_proxy: false,
            };
        }
        ureq::Error::Io(why) => {
            is_refused = why.kind() == io::ErrorKind::ConnectionRefused;
            why.to_string()
        }
        _ => "the connection could not be set up".into(),
    };
    Error::Connect {
        to,
        why,
        is_refused,
    }
}

/// A failure on the way to the proxy, or when it was asked for a tunnel.
fn before_tunnel(
    error: ureq::Error,
    proxy: &Proxy,
    endpoint: &Endpoint,
    transport: &Transport,
) -> Error {
    let to = endpoint.authority();
    let name = proxy.to_string();
    let no_handshake = |error: &ureq::Error| Error::Tls {
        peer: format!("proxy {name}"),
        failure: TlsFailure::of(error, transport),
    };
    let (failure, why) = match error {
        ureq::Error::Other(other) => match other.downcast::<Unresolved>() {
            // With socks5:// this machine also looks up the service.
            Ok(unresolved) if unresolved.host == endpoint.host() => {
                return Error::of_unresolved(*unresolved, Some(proxy));
            }
            Ok(unresolved) => return Error::of_unresolved_proxy(*unresolved),
            Err(other) => return no_handshake(&ureq::Error::Other(other)),
        },
        ureq::Error::Timeout(which) => {
            return Error::ConnectTimedOut {
                to: format!("proxy {name}"),
                limit: transport.connect_limit(which).clone(),
                is_proxy: true,
            };
        }
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) => return no_handshake(&error),
        ureq::Error::Io(why) if TlsFailure::is_tls_error(&why) => {
            return no_handshake(&ureq::Error::Io(why));
        }
        ureq::Error::Io(why) => io_before_tunnel(&why, proxy, to),
        ureq::Error::ConnectProxyFailed(status) => {
            // The library's text is `proxy server responded 407/407`.
            let status = status.split('/').next().unwrap_or(&status);
            let code = status.rsplit(' ').next().and_then(|code| code.parse().ok());
            let failure = ProxyFailure::of_status(code);
            (failure, format!("no tunnel to {to}: {status}"))
        }
        _ => (
            ProxyFailure::OtherKind,
            "the answer is not a proxy's".into(),
        ),
    };
    Error::Proxy {
        proxy: name,
        failure,
        why,
    }
}

/// A failure of the connection to the proxy, for a tunnel to this address.
fn io_before_tunnel(why: &io::Error, proxy: &Proxy, to: &str) -> (ProxyFailure, String) {
    // It was connected, and then did not understand what it got.
    if is_disconnect(why.kind()) {
        let words = format!("it ended the connection without an answer: {why}");
        return (ProxyFailure::OtherKind, words);
    }
    if proxy.is_socks() {
        return match ProxyFailure::of_socks(why) {
            ProxyFailure::Unreachable => (ProxyFailure::Unreachable, why.to_string()),
            failure => (failure, format!("no tunnel to {to}: {why}")),
        };
    }
    let failure = if why.raw_os_error().is_some() {
        ProxyFailure::Unreachable
    } else {
        ProxyFailure::OtherKind
    };
    (failure, why.to_string())
}

fn after_sending(
    error: ureq::Error,
    progress: Progress,
    endpoint: &Endpoint,
    transport: &Transport,
) -> Error {
    let from = match &transport.proxy {
        Some(proxy) => format!("{} by proxy {proxy}", endpoint.authority()),
        None => endpoint.authority().to_owned(),
    };
    let has_begun = progress.stage >= Stage::Answered;
    let limit = transport.timeout.clone();
    let mut kept = false;
    let why = match error {
        ureq::Error::Timeout(_) if has_begun => return Error::AnswerStalled { from, limit },
        ureq::Error::Timeout(_) => return Error::AnswerTimedOut { from, limit },
        ureq::Error::Io(why) => {
            kept = !progress.connected && !has_begun && is_disconnect(why.kind());
            why.to_string()
        }
        ureq::Error::BodyExceedsLimit(_) => "the answer is larger than 1 MiB".into(),
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => {
            "the answer is not HTTP".into()
        }
        _ => "the answer could not be read".into(),
    };
    Error::Lost {
        why: format!("{why} ({from})"),
        kept,
    }
}

/// What kind of body this is, if it is not the service's answer. The body itself
/// is not repeated: the error page of a gateway may contain the URL.
pub(super) fn describe_foreign_body(
    status: StatusCode,
    body: &[u8],
    why: &serde_json::Error,
) -> &'static str {
    let start = body.iter().find(|byte| !byte.is_ascii_whitespace());
    match start {
        _ if status.is_redirection() => "a redirect, which is never followed",
        None => "an empty body",
        Some(b'<') => "a web page: a proxy, a captive portal or a gateway in between?",
        Some(b'{') if why.is_eof() => "JSON that ends too early",
        Some(b'{') if why.is_data() => "JSON without a usable ErrorCode",
        Some(_) => "not JSON",
    }
}

#[cfg(test)]
#[path = "error_tests.rs"]
mod tests;
