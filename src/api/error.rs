//! Why a call brought no answer of the service. Each variant says what is known:
//! nothing was sent, or the request may have taken effect.
//!
//! No text contains a URL, because its query string is a secret. For the same
//! reason the HTTP library's own text is used only where it cannot contain one.

use std::io;
use std::time::Duration;

use ureq::Timeout;
use ureq::http::StatusCode;

use super::codes::Class;
use super::connector::{Progress, Stage, Unresolved};
use super::endpoint::{Endpoint, Transport};

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
    },
    /// There is no connection. Nothing was sent.
    #[error("cannot connect to {to}: {why}")]
    Connect {
        /// Host and port of the endpoint or of the proxy.
        to: String,
        /// The system's message.
        why: String,
    },
    /// There is no connection within the limit. Nothing was sent.
    #[error("connect timed out ({to}, after {limit:?})")]
    ConnectTimedOut {
        /// Host and port of the endpoint or of the proxy.
        to: String,
        /// The limit that was exceeded.
        limit: Duration,
    },
    /// The TLS handshake failed. Nothing was sent.
    #[error("TLS with {host} failed: {why}")]
    Tls {
        /// The endpoint's host.
        host: String,
        /// The verifier's message.
        why: String,
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
    #[error("no answer within {limit:?} ({from})")]
    AnswerTimedOut {
        /// Host and port of the endpoint, and of the proxy.
        from: String,
        /// The limit that was exceeded.
        limit: Duration,
    },
    /// The request was sent, and the answer began, but was not complete within
    /// the limit.
    #[error("the answer was not complete within {limit:?} ({from})")]
    AnswerStalled {
        /// Host and port of the endpoint, and of the proxy.
        from: String,
        /// The limit that was exceeded.
        limit: Duration,
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
    /// A defect of roomctl: the thread that sent the request panicked.
    #[error("a defect in roomctl stopped this request; please report it")]
    Panicked,
}

impl Error {
    /// What a job does next.
    pub(crate) fn class(&self) -> Class {
        match self {
            Self::Resolve { .. }
            | Self::Connect { .. }
            | Self::ConnectTimedOut { .. }
            | Self::Tls { .. }
            | Self::ClockBefore1970 => Class::Retry,
            Self::Throttled { .. } => Class::Slow,
            Self::AnswerTimedOut { .. }
            | Self::AnswerStalled { .. }
            | Self::Lost { .. }
            | Self::NotTheService { .. }
            | Self::Panicked => Class::Doubt,
        }
    }

    /// What the user can do, if there is anything.
    pub(crate) fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::Resolve { .. } => {
                Some("check the network, and the host name in --region, --endpoint or the proxy")
            }
            Self::Connect { .. } | Self::ConnectTimedOut { .. } => {
                Some("check the network, the --endpoint and the proxy (HTTPS_PROXY, NO_PROXY)")
            }
            Self::Tls { .. } => Some(
                "if the network re-signs TLS: use --tls-roots system, or --ca-file with its certificate",
            ),
            Self::AnswerTimedOut { .. } | Self::AnswerStalled { .. } => {
                Some("a slow network may need a longer --timeout")
            }
            Self::NotTheService { .. } => {
                Some("something else answered: check --endpoint, --region and the proxy")
            }
            Self::ClockBefore1970 => Some("set this machine's clock"),
            Self::Throttled { .. } => Some("use a lower --rate"),
            Self::Lost { .. } | Self::Panicked => None,
        }
    }

    /// How long the answer's `Retry-After` asks to wait.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Throttled { retry_after } | Self::NotTheService { retry_after, .. } => {
                *retry_after
            }
            _ => None,
        }
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
            tls_failure(&error, endpoint, transport)
        } else {
            before_connecting(error, endpoint, transport)
        }
    }
}

impl From<Unresolved> for Error {
    fn from(Unresolved { host, why }: Unresolved) -> Self {
        Self::Resolve { host, why }
    }
}

fn before_connecting(error: ureq::Error, endpoint: &Endpoint, transport: &Transport) -> Error {
    let to = match &transport.proxy {
        Some(proxy) => format!("proxy {proxy}"),
        None => endpoint.authority().to_owned(),
    };
    let why = match error {
        ureq::Error::Other(other) => match other.downcast::<Unresolved>() {
            Ok(unresolved) => return (*unresolved).into(),
            Err(other) => other.to_string(),
        },
        ureq::Error::HostNotFound => {
            return Error::Resolve {
                host: endpoint.host().to_owned(),
                why: "no such host".into(),
            };
        }
        ureq::Error::Timeout(which) => {
            let limit = connect_limit(which, transport);
            return Error::ConnectTimedOut { to, limit };
        }
        // TLS with a proxy, for example when the system has no roots.
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) => {
            return tls_failure(&error, endpoint, transport);
        }
        ureq::Error::Io(why) => why.to_string(),
        ureq::Error::ConnectProxyFailed(status) => {
            // The library's text is `407/407`.
            let status = status.split('/').next().unwrap_or(&status);
            format!("no tunnel to {}: {status}", endpoint.authority())
        }
        _ => "the connection could not be set up".into(),
    };
    Error::Connect { to, why }
}

fn tls_failure(error: &ureq::Error, endpoint: &Endpoint, transport: &Transport) -> Error {
    let why = match error {
        ureq::Error::Timeout(which) => {
            let limit = connect_limit(*which, transport);
            format!("the handshake timed out after {limit:?}")
        }
        ureq::Error::Io(why) => why.to_string(),
        ureq::Error::Rustls(why) => why.to_string(),
        ureq::Error::Tls(why) => (*why).into(),
        _ => "the handshake failed".into(),
    };
    let host = endpoint.host().to_owned();
    Error::Tls { host, why }
}

/// The limit that was exceeded before anything was sent. The limit of the whole
/// call may be the shorter one.
fn connect_limit(which: Timeout, transport: &Transport) -> Duration {
    match which {
        Timeout::Global => transport.timeout,
        _ => transport.connect_timeout.min(transport.timeout),
    }
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
    let limit = transport.timeout;
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

fn is_disconnect(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
    )
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
mod tests {
    use super::*;
    use crate::api::Answer;

    #[test]
    fn a_foreign_body_is_described_by_its_kind() {
        for (status, body, expected) in [
            (302, "{", "a redirect, which is never followed"),
            (200, " \n", "an empty body"),
            (
                502,
                " <html>",
                "a web page: a proxy, a captive portal or a gateway in between?",
            ),
            (200, r#"{"ErrorCode":0,"Act"#, "JSON that ends too early"),
            (
                200,
                r#"{"ErrorCode":"0"}"#,
                "JSON without a usable ErrorCode",
            ),
            (200, "{}", "JSON without a usable ErrorCode"),
            (200, "{]", "not JSON"),
            (200, "busy", "not JSON"),
        ] {
            let why = Answer::parse(body).expect_err(body);
            let status = StatusCode::from_u16(status).expect("a status");
            let what = describe_foreign_body(status, body.as_bytes(), &why);
            assert_eq!(what, expected, "{body}");
        }
    }
}
