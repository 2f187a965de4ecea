//! The engine's hands: threads, one channel, the clock. Asks `core` what to do
//! and does it.
//!
//! Everything that can happen arrives through the one channel, so nothing else
//! is ever waited on. Workers are started only when no idle one is left, and
//! the most recently idle one goes first, which keeps its connection warm.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{Builder, Scope};
use std::time::Duration;

use super::batch::Batch;
use super::core::{Core, Input, News, Next};
use super::event::{Event, SinkError};
use super::stop::Stop;
use crate::api::{Answer, Error};
use crate::clock::Clock;

/// A worker only sends and decodes; unoptimised TLS needs more than 256 KiB.
const STACK_BYTES: usize = 512 * 1024;

/// What arrives while a job runs.
#[derive(Debug)]
enum Message {
    Answered {
        /// None: sent without a worker.
        worker: Option<usize>,
        batch: Box<Batch>,
        result: Result<Answer, Error>,
    },
    Stop(Stop),
}

/// The engine's end of the channel.
#[derive(Debug)]
pub struct Inbox {
    sender: Sender<Message>,
    receiver: Receiver<Message>,
}

/// Lets another thread stop the job.
#[derive(Debug, Clone)]
pub struct Stopper(Sender<Message>);

impl Stopper {
    /// Start nothing more; what is in flight finishes.
    pub fn stop(&self, why: Stop) {
        // No receiver: the job is over.
        let _ = self.0.send(Message::Stop(why));
    }
}

impl Default for Inbox {
    fn default() -> Self {
        Self::new()
    }
}

impl Inbox {
    /// A channel for one job.
    pub fn new() -> Self {
        let (sender, receiver) = mpsc::channel();
        Self { sender, receiver }
    }

    /// A handle that stops the job.
    pub fn stopper(&self) -> Stopper {
        Stopper(self.sender.clone())
    }
}

/// Sends one batch and waits for its answer; called from many threads.
pub type Send<'a> = dyn Fn(&Batch) -> Result<Answer, Error> + Sync + 'a;

/// Is told of every event, in order, on one thread.
pub type OnEvent<'a> = dyn FnMut(&Event<'_>) -> Result<(), SinkError> + 'a;

/// Runs a job to its end. The outcome is in `core`.
///
/// # Errors
/// The first write of a listener that failed; the job was stopped by it, and
/// what was in flight was still settled.
pub fn run(
    core: &mut Core,
    clock: &dyn Clock,
    inbox: Inbox,
    send: &Send<'_>,
    on_event: &mut OnEvent<'_>,
) -> Result<(), std::io::Error> {
    let mut lost = None;
    std::thread::scope(|scope| {
        let mut pool = Pool {
            scope,
            send,
            answers: inbox.sender,
            workers: Vec::new(),
            idle: Vec::new(),
        };
        let mut tell = |core: &mut Core, event: &Event<'_>| {
            let stop = match on_event(event) {
                Ok(()) => return,
                Err(SinkError::Closed) => Stop::OutputClosed,
                Err(SinkError::Lost(why)) => {
                    lost.get_or_insert(why);
                    Stop::RecordLost
                }
            };
            core.on(clock.now(), Input::Stop(stop));
        };
        loop {
            let now = clock.now();
            let next = core.next(now);
            while let Some(news) = core.take_news() {
                match &news {
                    News::Retry(retry) => tell(core, &Event::Retry(retry)),
                    News::Settled(settled) => tell(core, &Event::Settled(settled)),
                }
            }
            match next {
                Next::Finished => break,
                Next::Report => {}
                Next::Start(batch) => {
                    tell(core, &Event::Starting(&batch));
                    // What could not be told of is not sent.
                    if core.stop().is_some() {
                        core.on(clock.now(), Input::NotSent(batch));
                    } else {
                        pool.hand_out(batch);
                    }
                }
                Next::Wait(until) => {
                    let limit = until.map(|at| at.saturating_sub(now.mono));
                    let mut message = receive(&inbox.receiver, limit);
                    while let Some(got) = message {
                        take_in(core, clock, &mut pool, got, &mut tell);
                        message = inbox.receiver.try_recv().ok();
                    }
                }
            }
        }
    });
    lost.map_or(Ok(()), Err)
}

fn take_in(
    core: &mut Core,
    clock: &dyn Clock,
    pool: &mut Pool<'_, '_>,
    message: Message,
    tell: &mut impl FnMut(&mut Core, &Event<'_>),
) {
    let now = clock.now();
    match message {
        Message::Stop(stop) => core.on(now, Input::Stop(stop)),
        Message::Answered {
            worker,
            batch,
            result,
        } => {
            pool.idle.extend(worker);
            let took = now.mono.saturating_sub(batch.started);
            tell(
                core,
                &Event::Answered {
                    batch: &batch,
                    result: &result,
                    took,
                },
            );
            core.on(now, Input::Answered(*batch, result));
        }
    }
}

/// The next message, or `None` when the limit has passed.
fn receive(receiver: &Receiver<Message>, limit: Option<Duration>) -> Option<Message> {
    match limit {
        None => receiver.recv().ok(),
        Some(limit) => receiver.recv_timeout(limit).ok(),
    }
}

/// Worker threads, each with a channel of its own.
struct Pool<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    send: &'env Send<'env>,
    answers: Sender<Message>,
    workers: Vec<Sender<Batch>>,
    idle: Vec<usize>,
}

impl Pool<'_, '_> {
    fn hand_out(&mut self, batch: Batch) {
        let worker = match self.idle.pop() {
            Some(worker) => worker,
            None => match self.hire() {
                Ok(worker) => worker,
                // No more threads to be had: this one sends it, slowly but surely.
                Err(_) => return self.answer(batch),
            },
        };
        if let Err(mpsc::SendError(batch)) = self.workers[worker].send(batch) {
            self.answer(batch);
        }
    }

    fn answer(&self, batch: Batch) {
        let result = send_guarded(self.send, &batch);
        // No receiver: the job is over.
        let _ = self.answers.send(Message::Answered {
            worker: None,
            batch: Box::new(batch),
            result,
        });
    }

    fn hire(&mut self) -> std::io::Result<usize> {
        let worker = self.workers.len();
        let (orders, inbox) = mpsc::channel::<Batch>();
        let (send, answers) = (self.send, self.answers.clone());
        let work = move || {
            for batch in inbox {
                let result = send_guarded(send, &batch);
                if answers
                    .send(Message::Answered {
                        worker: Some(worker),
                        batch: Box::new(batch),
                        result,
                    })
                    .is_err()
                {
                    return;
                }
            }
        };
        let builder = Builder::new()
            .name(format!("send-{worker}"))
            .stack_size(STACK_BYTES);
        builder.spawn_scoped(self.scope, work)?;
        self.workers.push(orders);
        Ok(worker)
    }
}

/// A panic while sending is an answer that nobody knows, never a hang.
fn send_guarded(send: &Send<'_>, batch: &Batch) -> Result<Answer, Error> {
    catch_unwind(AssertUnwindSafe(|| send(batch))).unwrap_or(Err(Error::Panicked))
}
