//! The answers of a scripted server: any bytes, at any speed, and what follows them.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::HANG;
use super::server::lock;

/// One answer, after which the connection is closed.
#[derive(Clone)]
pub(crate) struct Reply {
    pub(super) bytes: Vec<u8>,
    pub(super) gate: Option<Gate>,
    pub(super) then: Then,
}

/// What follows the bytes of an answer.
#[derive(Clone)]
pub(super) enum Then {
    Close,
    /// Neither data nor an end.
    Stall,
    /// The connection stays open for the next request.
    Keep,
    /// These bytes again and again, until the client closes the connection.
    Repeat(Vec<u8>),
    /// These bytes, one by one with this pause.
    Drip(Vec<u8>, Duration),
}

/// Delays answers until it is opened.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Reply {
    /// 200 with this JSON, as the service sends it.
    pub(crate) fn json(body: &str) -> Self {
        Self::http("200 OK", "Content-Type: application/json\r\n", body)
    }

    /// Any HTTP; each of `headers` ends with CRLF.
    pub(crate) fn http(status: &str, headers: &str, body: &str) -> Self {
        let length = body.len();
        Self::raw(format!(
            "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        ))
    }

    /// Any bytes.
    pub(crate) fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            bytes: bytes.into(),
            gate: None,
            then: Then::Close,
        }
    }

    /// These bytes, and then neither data nor an end.
    pub(crate) fn stalling(bytes: &str) -> Self {
        Self::raw(bytes).then(Then::Stall)
    }

    /// These bytes, and the next request may come on the same connection.
    pub(crate) fn keeping(bytes: impl Into<Vec<u8>>) -> Self {
        Self::raw(bytes).then(Then::Keep)
    }

    /// These bytes, and then others without an end.
    pub(crate) fn endless(start: &str, repeated: impl Into<Vec<u8>>) -> Self {
        Self::raw(start).then(Then::Repeat(repeated.into()))
    }

    /// Some bytes at once, the rest one by one with this pause.
    pub(crate) fn dripping(start: &str, rest: &str, pause: Duration) -> Self {
        Self::raw(start).then(Then::Drip(rest.into(), pause))
    }

    fn then(self, then: Then) -> Self {
        Self { then, ..self }
    }

    /// Not before the gate is open.
    pub(crate) fn held_by(self, gate: &Gate) -> Self {
        let gate = Some(gate.clone());
        Self { gate, ..self }
    }
}

impl Gate {
    pub(crate) fn open(&self) {
        *lock(&self.0.0) = true;
        self.0.1.notify_all();
    }

    pub(super) fn pass(&self) {
        let opened = self
            .0
            .1
            .wait_timeout_while(lock(&self.0.0), HANG, |open| !*open);
        drop(opened.unwrap_or_else(PoisonError::into_inner));
    }
}
