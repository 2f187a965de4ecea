//! Why a call brought no answer of the service, told apart by what is known:
//! nothing was sent, or it may have taken effect.
//!
//! No text here carries a URL: its query string is a secret.

use std::time::Duration;

use super::codes::Class;

/// A call without an answer of the service.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The host's name has no address. Nothing was sent.
    #[error("cannot resolve {host}: {why}")]
    Resolve {
        /// The name asked for.
        host: String,
        /// The system's words.
        why: String,
    },
    /// No connection came about. Nothing was sent.
    #[error("cannot connect to {to}: {why}")]
    Connect {
        /// Host and port, or the proxy's.
        to: String,
        /// The system's words.
        why: String,
    },
    /// No connection within the limit. Nothing was sent.
    #[error("connect timed out ({to}, after {limit:?})")]
    ConnectTimedOut {
        /// Host and port, or the proxy's.
        to: String,
        /// The limit that ran out.
        limit: Duration,
    },
    /// The TLS handshake failed. Nothing was sent.
    #[error("TLS with {host} failed: {why}")]
    Tls {
        /// Whose certificate was looked at.
        host: String,
        /// The verifier's words.
        why: String,
    },
    /// HTTP 429: somebody in front of the service wants a pause. Nothing
    /// took effect.
    #[error("HTTP 429: too many requests")]
    Throttled {
        /// What the answer asks for.
        retry_after: Option<Duration>,
    },
    /// Sent, and no answer within the limit.
    #[error("no answer within {limit:?} ({from})")]
    AnswerTimedOut {
        /// Host and port, and the proxy's.
        from: String,
        /// The limit that ran out.
        limit: Duration,
    },
    /// Sent, and the answer had begun, but not ended within the limit.
    #[error("the answer was not complete within {limit:?} ({from})")]
    AnswerStalled {
        /// Host and port, and the proxy's.
        from: String,
        /// The limit that ran out.
        limit: Duration,
    },
    /// Sent, and the connection ended before the answer did.
    #[error("connection lost before the answer was complete: {why}")]
    Lost {
        /// The system's words, and with whom.
        why: String,
        /// The connection was kept from an earlier request and ended without
        /// a byte of an answer: most likely it was dead already.
        kept: bool,
    },
    /// Sent, and what came back is not the service's JSON.
    #[error("HTTP {status}: not an answer of the Room Engine ({what})")]
    NotTheService {
        /// HTTP status.
        status: u16,
        /// What it is instead, in words.
        what: &'static str,
        /// What the answer asks for.
        retry_after: Option<Duration>,
    },
    /// A defect of roomctl: the thread that sent it panicked.
    #[error("a defect in roomctl broke this request off; please report it")]
    Panicked,
}

impl Error {
    /// What a job does next.
    pub fn class(&self) -> Class {
        match self {
            Self::Resolve { .. }
            | Self::Connect { .. }
            | Self::ConnectTimedOut { .. }
            | Self::Tls { .. } => Class::Retry,
            Self::Throttled { .. } => Class::Slow,
            Self::AnswerTimedOut { .. }
            | Self::AnswerStalled { .. }
            | Self::Lost { .. }
            | Self::NotTheService { .. }
            | Self::Panicked => Class::Doubt,
        }
    }

    /// What the caller can do, where something can be done.
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::Resolve { .. } => {
                Some("check the network, and the host's name in --region, --endpoint or the proxy")
            }
            Self::Connect { .. } | Self::ConnectTimedOut { .. } => {
                Some("check the network, the --endpoint and the proxy (HTTPS_PROXY, NO_PROXY)")
            }
            Self::Tls { .. } => Some(
                "where the network re-signs TLS: --tls-roots system, or --ca-file with its certificate",
            ),
            Self::AnswerTimedOut { .. } | Self::AnswerStalled { .. } => {
                Some("a slow network may need a longer --timeout")
            }
            Self::NotTheService { .. } => {
                Some("something else answered: check --endpoint, --region and the proxy")
            }
            Self::Throttled { .. } => Some("use a lower --rate"),
            Self::Lost { .. } | Self::Panicked => None,
        }
    }

    /// How long the answer's `Retry-After` asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Throttled { retry_after } | Self::NotTheService { retry_after, .. } => {
                *retry_after
            }
            _ => None,
        }
    }
}
