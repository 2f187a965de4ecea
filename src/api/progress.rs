//! How far the current thread's request got: connected, sent, answered.
//!
//! An error of the HTTP library does not tell whether any byte of the request
//! left, and that is the difference between "nothing was sent" and "may have
//! taken effect". So the transport is wrapped, and notes it. One request runs on
//! one thread from start to end, hence a thread-local.

use std::cell::Cell;
use std::time::Instant;

use ureq::Error;
use ureq::http::uri::Authority;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

/// What has happened since [`begin`].
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Progress {
    /// How far the request got.
    pub(super) stage: Stage,
    /// A connection was made for it; else one was kept from an earlier request.
    pub(super) connected: bool,
    /// When it came to [`Stage::Reached`], on a new connection.
    pub(super) reached: Option<Instant>,
}

/// Each includes those before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Looking for the way.
    #[default]
    Begun,
    /// The endpoint's socket, or the proxy's tunnel to it, is open.
    Reached,
    /// Some of the request went to the socket.
    Sent,
    /// Some of an answer came back.
    Answered,
}

thread_local! {
    static CURRENT: Cell<Progress> = Cell::default();
}

/// A request starts on this thread.
pub(super) fn begin() {
    CURRENT.set(Progress::default());
}

/// How far it got.
pub(super) fn current() -> Progress {
    CURRENT.get()
}

fn note(change: impl FnOnce(&mut Progress)) {
    let mut progress = CURRENT.get();
    change(&mut progress);
    CURRENT.set(progress);
}

/// The link before TLS.
#[derive(Debug)]
pub(super) struct ReachObserver {
    /// Host and port of the endpoint, as in the URL.
    pub(super) endpoint: String,
}

impl<In: Transport> Connector<In> for ReachObserver {
    type Out = In;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<In>, Error> {
        if chained.is_some() && is_for(&self.endpoint, details) {
            note(|progress| {
                progress.stage = Stage::Reached;
                progress.reached = Some(Instant::now());
            });
        }
        Ok(chained)
    }
}

/// Whether this is the connection to the endpoint, not the one to its proxy.
pub(super) fn is_for(endpoint: &str, details: &ConnectionDetails) -> bool {
    let authority = details.uri.authority().map(Authority::as_str);
    authority == Some(endpoint)
}

/// The last link of the connector chain.
///
/// A proxy's own connection is made through the same chain; what is said to the
/// proxy is no part of the request, so only the endpoint's is watched.
#[derive(Debug)]
pub(super) struct TransferObserver {
    /// Host and port of the endpoint, as in the URL.
    pub(super) endpoint: String,
}

impl<In: Transport> Connector<In> for TransferObserver {
    type Out = ObservedTransport<In>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        let watched = is_for(&self.endpoint, details);
        if watched && chained.is_some() {
            note(|progress| progress.connected = true);
        }
        Ok(chained.map(|transport| ObservedTransport { transport, watched }))
    }
}

#[derive(Debug)]
pub(super) struct ObservedTransport<T> {
    transport: T,
    watched: bool,
}

impl<T> ObservedTransport<T> {
    fn note(&self, change: impl FnOnce(&mut Progress)) {
        if self.watched {
            note(change);
        }
    }
}

impl<T: Transport> Transport for ObservedTransport<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        // Before the write: a write that fails half-way has sent something.
        self.note(|progress| progress.stage = Stage::Sent);
        self.transport.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let more = self.transport.await_input(timeout)?;
        if more {
            self.note(|progress| progress.stage = Stage::Answered);
        }
        Ok(more)
    }

    fn is_open(&mut self) -> bool {
        self.transport.is_open()
    }

    fn is_tls(&self) -> bool {
        self.transport.is_tls()
    }
}
