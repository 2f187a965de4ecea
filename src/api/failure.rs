//! The HTTP library's failures in our terms: what is known to have happened.

use std::io::ErrorKind;
use std::time::Duration;

use ureq::Timeout;
use ureq::http::StatusCode;

use super::progress::{Progress, Stage};
use super::resolve::Unresolved;
use super::transport::Transport;
use super::{Endpoint, Error};

/// Tells a failure by how far the request got. The library's own text is used
/// only where it cannot hold the URL.
pub(super) fn describe(
    error: ureq::Error,
    progress: Progress,
    endpoint: &Endpoint,
    transport: &Transport,
) -> Error {
    if progress.stage >= Stage::Sent {
        after_sending(error, progress, &peer(endpoint, transport), transport)
    } else {
        before_sending(error, progress, endpoint, transport)
    }
}

/// With whom the request was under way.
fn peer(endpoint: &Endpoint, transport: &Transport) -> String {
    let authority = endpoint.authority();
    match &transport.proxy {
        Some(proxy) => format!("{authority} by proxy {proxy}"),
        None => authority.to_owned(),
    }
}

fn before_sending(
    error: ureq::Error,
    progress: Progress,
    endpoint: &Endpoint,
    transport: &Transport,
) -> Error {
    let to = match &transport.proxy {
        Some(proxy) => format!("proxy {proxy}"),
        None => endpoint.authority().to_owned(),
    };
    let host = endpoint.host().to_owned();
    if progress.stage == Stage::Reached && endpoint.is_https() {
        return Error::Tls {
            host,
            why: handshake(&error, transport),
        };
    }
    match error {
        ureq::Error::Other(other) => match other.downcast::<Unresolved>() {
            Ok(failed) => Error::Resolve {
                host: failed.host,
                why: failed.why,
            },
            Err(other) => Error::Connect {
                to,
                why: other.to_string(),
            },
        },
        ureq::Error::HostNotFound => Error::Resolve {
            host,
            why: "no such host".into(),
        },
        ureq::Error::Timeout(which) => Error::ConnectTimedOut {
            to,
            limit: limit(which, transport),
        },
        ureq::Error::Io(why) => Error::Connect {
            to,
            why: why.to_string(),
        },
        // Roots that cannot be loaded, found before any connection is made.
        ureq::Error::Rustls(why) => Error::Tls {
            host,
            why: why.to_string(),
        },
        ureq::Error::Tls(why) => Error::Tls {
            host,
            why: why.into(),
        },
        // The library says `407/407`.
        ureq::Error::ConnectProxyFailed(why) => Error::Connect {
            to,
            why: format!(
                "no tunnel to {}: {}",
                endpoint.authority(),
                why.split('/').next().unwrap_or(&why)
            ),
        },
        _ => Error::Connect {
            to,
            why: "the connection could not be set up".into(),
        },
    }
}

/// Why a handshake failed, in the verifier's words where it has any.
fn handshake(error: &ureq::Error, transport: &Transport) -> String {
    match error {
        ureq::Error::Timeout(which) => {
            let limit = limit(*which, transport);
            format!("the handshake timed out after {limit:?}")
        }
        ureq::Error::Io(why) => why.to_string(),
        ureq::Error::Rustls(why) => why.to_string(),
        ureq::Error::Tls(why) => (*why).into(),
        _ => "the handshake failed".into(),
    }
}

/// The limit that ran out before anything was sent: the whole call's may be
/// the shorter one.
fn limit(which: Timeout, transport: &Transport) -> Duration {
    match which {
        Timeout::Global => transport.timeout,
        _ => transport.connect_timeout.min(transport.timeout),
    }
}

fn after_sending(
    error: ureq::Error,
    progress: Progress,
    peer: &str,
    transport: &Transport,
) -> Error {
    let has_begun = progress.stage >= Stage::Answered;
    let lost = |why: &str, kept| Error::Lost {
        why: format!("{why} ({peer})"),
        kept,
    };
    match error {
        ureq::Error::Timeout(_) => {
            let (from, limit) = (peer.to_owned(), transport.timeout);
            if has_begun {
                Error::AnswerStalled { from, limit }
            } else {
                Error::AnswerTimedOut { from, limit }
            }
        }
        ureq::Error::Io(why) => {
            let kept = !progress.connected && !has_begun && is_disconnect(why.kind());
            lost(&why.to_string(), kept)
        }
        ureq::Error::BodyExceedsLimit(_) => lost("the answer is larger than 1 MiB", false),
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => {
            lost("the answer is not HTTP", false)
        }
        _ => lost("the answer could not be read", false),
    }
}

fn is_disconnect(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::UnexpectedEof
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
    )
}

/// What an answer that is not the service's looks like. Its text is not
/// repeated: a gateway's error page may echo the URL.
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
        Some(_) => "no JSON",
    }
}
