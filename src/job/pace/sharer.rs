//! The thread that talks to a shared timeline, so that the engine never waits for a
//! lock or a network. Its answers come to the engine as messages.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::Builder;
use std::time::Duration;

use super::leases::Leases;
use super::shared_timeline::{Lease, SharedTimeline, Want};
use crate::error::Problem;

/// The stack is used for TLS without optimisation.
const STACK_BYTES: usize = 512 * 1024;

/// What a call to the timeline brought.
#[derive(Debug)]
pub(crate) enum PaceNews {
    /// Slots, reserved at this monotonic reading, and how much time the next lease
    /// should span.
    Leased(Lease, Duration, Duration),
    /// For `-v`.
    Note(String),
    /// The timeline cannot be reached: why.
    Failed(String),
}

/// The monotonic clock of the job.
pub(crate) type ReadClock = Box<dyn Fn() -> Duration + Send>;

/// Brings news to the engine; returns at once.
pub(crate) type ReportNews = Arc<dyn Fn(PaceNews) + Send + Sync>;

/// The leases of this process, and the way to more.
#[derive(Debug)]
pub(super) struct Sharer {
    pub(super) leases: Leases,
    line: Line,
}

/// The thread starts with the first call: a job of one request has none.
#[derive(Debug)]
enum Line {
    Open(Worker),
    Running(Sender<Call>),
    Closed,
}

#[derive(Debug, Clone, Copy)]
enum Call {
    Reserve(Want),
    /// For a request that started at this monotonic reading.
    SlowDown(Duration),
}

struct Worker {
    timeline: Box<dyn SharedTimeline>,
    clock: ReadClock,
    report: ReportNews,
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Worker({:?})", self.timeline)
    }
}

impl Sharer {
    /// Reserves the first slot, on this thread: if that fails, nothing was sent yet.
    pub(super) fn start(
        mut timeline: Box<dyn SharedTimeline>,
        rate: f64,
        clock: ReadClock,
        report: ReportNews,
    ) -> Result<Self, Problem> {
        let lease = timeline.reserve(Want { slots: 1, rate })?;
        let mut leases = Leases::new();
        leases.add(lease, clock(), timeline.lease_span());
        if let Some(note) = timeline.take_note() {
            report(PaceNews::Note(note));
        }
        let line = Line::Open(Worker {
            timeline,
            clock,
            report,
        });
        Ok(Self { leases, line })
    }

    pub(super) fn reserve(&mut self, want: Want) {
        self.call(Call::Reserve(want));
    }

    pub(super) fn slow_down(&mut self, started: Duration) {
        self.call(Call::SlowDown(started));
    }

    fn call(&mut self, call: Call) {
        match &mut self.line {
            // The receiver lives as long as the sender.
            Line::Running(calls) => drop(calls.send(call)),
            Line::Closed => {}
            Line::Open(_) => {
                if let Line::Open(worker) = std::mem::replace(&mut self.line, Line::Closed) {
                    self.line = worker.start(call);
                }
            }
        }
    }
}

impl Worker {
    fn start(self, first: Call) -> Line {
        let (sender, calls) = mpsc::channel();
        // The receiver is in this function.
        let _ = sender.send(first);
        let report = Arc::clone(&self.report);
        let thread = Builder::new().name("rate".into()).stack_size(STACK_BYTES);
        match thread.spawn(move || self.run(&calls)) {
            Ok(_) => Line::Running(sender),
            Err(why) => {
                report(PaceNews::Failed(format!("no thread can be started: {why}")));
                Line::Closed
            }
        }
    }

    /// Ends with the job, which drops the sender.
    fn run(mut self, calls: &Receiver<Call>) {
        for call in calls {
            let news = catch_unwind(AssertUnwindSafe(|| self.make(call)));
            if let Some(note) = self.timeline.take_note() {
                (self.report)(PaceNews::Note(note));
            }
            let defect = |_| Some(PaceNews::Failed("a defect of roomctl".into()));
            if let Some(news) = news.unwrap_or_else(defect) {
                (self.report)(news);
            }
        }
    }

    fn make(&mut self, call: Call) -> Option<PaceNews> {
        let failed = |problem: Problem| PaceNews::Failed(in_words(&problem));
        match call {
            Call::Reserve(want) => Some(match self.timeline.reserve(want) {
                Ok(lease) => PaceNews::Leased(lease, (self.clock)(), self.timeline.lease_span()),
                Err(problem) => failed(problem),
            }),
            Call::SlowDown(started) => {
                let age = (self.clock)().saturating_sub(started);
                self.timeline.slow_down(age).err().map(failed)
            }
        }
    }
}

/// The message and its causes in one line.
fn in_words(problem: &Problem) -> String {
    let parts = [&problem.message].into_iter().chain(&problem.causes);
    let parts: Vec<&str> = parts.map(String::as_str).collect();
    parts.join(": ")
}
