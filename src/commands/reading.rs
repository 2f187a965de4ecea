//! While the lists of a job are read, before there is a job: `--deadline` and the
//! first signal end the reading before its next request, and stderr shows how far it
//! is. A list changes nothing, so what was read is dropped then.
//!
//! The request in flight is finished, as in a job; a second signal does not wait.

use std::cell::Cell;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::Context;
use crate::clock::{Clock, GivenDuration, Now};
use crate::error::{Error, Problem};
use crate::exit::Exit;
use crate::interrupt::{Signal, SignalRelay};
use crate::output::{Notes, ReadingLine, StatusLine};
use crate::room::RoomId;
use crate::stdio::Stderr;
use crate::streams::OutputStyle;

/// What the reading of lists needs from its command.
#[derive(Debug)]
pub(super) struct ReadingOptions {
    /// From the first request on.
    pub(super) deadline: Option<GivenDuration>,
    pub(super) shows: ShowReading,
    /// How many lists are read.
    pub(super) rooms: usize,
    /// What has not happened to anybody when the reading ends early: `removed`.
    pub(super) undone: &'static str,
    /// How the reading begins anew.
    pub(super) again: String,
}

/// How stderr shows how far the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShowReading {
    Nothing,
    /// One line that changes, on a terminal.
    Status,
    /// A line every ten seconds.
    Lines,
}

impl ShowReading {
    fn interval(self) -> Option<Duration> {
        match self {
            Self::Nothing => None,
            Self::Status => Some(Duration::from_millis(100)),
            Self::Lines => Some(Duration::from_secs(10)),
        }
    }
}

/// The reading of the lists of one job.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    context: &'a Context,
    options: ReadingOptions,
    signals: SignalRelay,
    shared: Arc<Shared>,
    /// The time of the first request.
    began: Cell<Option<Now>>,
    requests: Cell<u64>,
    retries: Cell<u64>,
}

/// What is left when the lists are read.
#[derive(Debug)]
pub(super) struct ReadingEnd {
    /// Signals end the process, until they are passed to the job.
    pub(super) signals: SignalRelay,
    /// The time of the first request.
    pub(super) began: Option<Now>,
    pub(super) took: Duration,
    pub(super) requests: u64,
    /// How many of them were retries.
    pub(super) retries: u64,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    signal: Option<Signal>,
    /// Nothing more is shown.
    is_over: bool,
    line: ReadingLine,
    status: StatusLine,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> Reading<'a> {
    /// From here on signals are noticed, and a thread shows how far it is.
    pub(super) fn begin(options: ReadingOptions, context: &'a Context) -> Result<Self, Error> {
        let shared = Arc::<Shared>::default();
        shared.lock().line.rooms = options.rooms;
        let (receiver, style) = (Arc::clone(&shared), context.style);
        let signals = SignalRelay::install(move |signal| {
            let mut state = receiver.lock();
            state.signal.get_or_insert(signal);
            let text = format!(
                "{}: waiting for the request in flight; another one stops at once",
                signal.name()
            );
            state.status.hide();
            style.notes().info_on_terminal(&text);
            receiver.changed.notify_all();
        });
        let signals = signals.context("cannot watch for signals")?;
        if let Some(interval) = options.shows.interval() {
            let (shared, shows) = (Arc::clone(&shared), options.shows);
            let show = move || show(&shared, interval, shows, style);
            let started = thread::Builder::new().name("progress".into()).spawn(show);
            started.context("cannot start a thread")?;
        }
        Ok(Self {
            context,
            options,
            signals,
            shared,
            began: Cell::new(None),
            requests: Cell::new(0),
            retries: Cell::new(0),
        })
    }

    /// The list of another room is read now.
    pub(super) fn enter(&self, room: &RoomId) {
        let mut state = self.shared.lock();
        let line = &mut state.line;
        room.as_str().clone_into(&mut line.room);
        line.number += 1;
        (line.pages, line.names) = (0, 0);
    }

    /// A page of the list was read; the list has so many entries up to here.
    pub(super) fn add_page(&self, names: usize) {
        let line = &mut self.shared.lock().line;
        line.pages += 1;
        line.names = names;
    }

    /// To be called before each request: an error if no more may start.
    pub(super) fn start_request(&self, is_retry: bool) -> Result<(), Error> {
        self.check()?;
        self.requests.set(self.requests.get() + 1);
        self.retries.set(self.retries.get() + u64::from(is_retry));
        Ok(())
    }

    /// Requests so far, and how many of them were retries.
    pub(super) fn requests(&self) -> (u64, u64) {
        (self.requests.get(), self.retries.get())
    }

    /// Time since the first request.
    pub(super) fn elapsed(&self) -> Duration {
        let began = self.began.get().map_or(Duration::MAX, |began| began.mono);
        self.context.clock.now().mono.saturating_sub(began)
    }

    /// An error if a signal has come or the deadline has passed.
    pub(super) fn check(&self) -> Result<(), Error> {
        let signal = self.shared.lock().signal;
        if let Some(signal) = signal {
            return Err(self.stopped(Exit::Interrupted(signal)));
        }
        match self.left() {
            Some(Duration::ZERO) => Err(self.stopped(Exit::Unreachable)),
            _ => Ok(()),
        }
    }

    /// Whether an error of the reading is one of [`Reading::check`].
    pub(super) fn is_stopped(&self) -> bool {
        self.check().is_err()
    }

    /// Waits; an error if no request may start any more.
    pub(super) fn pause(&self, time: Duration) -> Result<(), Error> {
        let time = self.left().map_or(time, |left| left.min(time));
        let end = Instant::now() + time;
        let mut state = self.shared.lock();
        while state.signal.is_none()
            && let Some(left) = end.checked_duration_since(Instant::now())
            && !left.is_zero()
        {
            let waited = self.shared.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        drop(state);
        self.check()
    }

    /// Writes notes above the line that shows how far it is.
    pub(super) fn write_note(&self, write: impl FnOnce(&mut Notes<Stderr>)) {
        let mut state = self.shared.lock();
        state.status.hide();
        write(&mut self.context.notes());
    }

    /// All lists are read. Signals still count.
    pub(super) fn hide(&self) {
        let mut state = self.shared.lock();
        state.is_over = true;
        state.status.hide();
        self.shared.changed.notify_all();
    }

    /// The job, or its question, begins.
    pub(super) fn end(self) -> Result<ReadingEnd, Error> {
        self.hide();
        let state = self.shared.lock();
        if let Some(signal) = state.signal {
            drop(state);
            return Err(self.stopped(Exit::Interrupted(signal)));
        }
        // Under the lock, so that no signal comes between.
        self.signals.release();
        drop(state);
        Ok(ReadingEnd {
            signals: self.signals.clone(),
            began: self.began.get(),
            took: self.elapsed(),
            requests: self.requests.get(),
            retries: self.retries.get(),
        })
    }

    /// Time until the deadline, if there is one. The first call is the first request.
    fn left(&self) -> Option<Duration> {
        let now = self.context.clock.now();
        let began = self.began.get().unwrap_or(now);
        self.began.set(Some(began));
        let passed = now.wall.duration_since(began.wall).unwrap_or_default();
        let deadline = self.options.deadline.as_ref()?.time();
        Some(deadline.saturating_sub(passed))
    }

    fn stopped(&self, exit: Exit) -> Error {
        let state = self.shared.lock();
        let (line, options) = (&state.line, &self.options);
        let why = match exit {
            Exit::Interrupted(signal) => signal.name().to_owned(),
            _ => "--deadline".to_owned(),
        };
        let place = if state.is_over {
            "after the lists were read".to_owned()
        } else {
            format!("while lists were read ({line})")
        };
        let message = format!("stopped by {why} {place}; nobody was {}", options.undone);
        let hint = match &options.deadline {
            Some(deadline) if exit == Exit::Unreachable => format!(
                "give more than --deadline {deadline}, which counts from the first request, or \
                 fewer rooms; {}",
                options.again
            ),
            _ => options.again.clone(),
        };
        Problem::new(exit, message, hint).into()
    }
}

/// The thread ends also where the reading ended by an error.
impl Drop for Reading<'_> {
    fn drop(&mut self) {
        self.hide();
    }
}

/// Shows how far the reading is, until it is over.
fn show(shared: &Shared, interval: Duration, shows: ShowReading, style: OutputStyle) {
    let mut next = Instant::now() + interval;
    let mut state = shared.lock();
    while !state.is_over && state.signal.is_none() {
        let left = next.saturating_duration_since(Instant::now());
        if left.is_zero() {
            next += interval;
            let State { line, status, .. } = &mut *state;
            match shows {
                ShowReading::Status => status.show(&format!("reading {line}")),
                ShowReading::Lines | ShowReading::Nothing => style.notes().progress(line),
            }
            continue;
        }
        let waited = shared.changed.wait_timeout(state, left);
        state = waited.unwrap_or_else(PoisonError::into_inner).0;
    }
}
