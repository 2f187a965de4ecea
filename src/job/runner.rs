//! Runs a job: owns the threads and the one channel, reads the clock, and does
//! what the engine decides.
//!
//! Answers, rows of a live feed and stops all arrive through the channel, so the
//! runner never waits for anything else.

use std::io;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{Builder, Scope};
use std::time::Duration;

use super::engine::{Engine, Message, Next};
use super::event::{Listener, SkippedRow};
use super::outcome::Stop;
use super::pace::ReportNews;
use super::room_list::Request;
use crate::api::{Answer, Error};
use crate::clock::Clock;
use crate::room::{Reason, RoomId, UserId};

/// How many rows the reader of a live feed may be ahead of the engine.
const MAX_ROWS_AHEAD: usize = 512;

/// A worker only sends and decodes, but TLS without optimisation needs more than
/// 256 KiB.
const WORKER_STACK_BYTES: usize = 512 * 1024;

/// Sends one request and waits for its answer; called from many threads.
pub(crate) type SendFn<'a> = dyn Fn(&Request) -> Result<Answer, Error> + Sync + 'a;

/// What runs a job: its clock, its channel and the function that sends.
pub(crate) struct Runner<'a> {
    pub(crate) clock: &'a dyn Clock,
    pub(crate) channel: JobChannel,
    pub(crate) send: &'a SendFn<'a>,
    /// The interval of [`Event::Tick`](super::event::Event::Tick).
    pub(crate) tick: Option<Duration>,
    /// For jobs of one request: saves a new thread and two switches. Until the answer
    /// nothing else happens: no tick, and no report of a stop.
    pub(crate) sends_first_on_this_thread: bool,
}

impl Runner<'_> {
    /// Runs a job to its end. The result is in `engine`. The listener is called on this
    /// thread only.
    ///
    /// # Errors
    /// The first failure of the listener to write. It stopped the job; requests in
    /// flight were still settled.
    pub(crate) fn run(self, engine: &mut Engine, listener: &mut Listener<'_>) -> io::Result<()> {
        let (clock, mut channel) = (self.clock, self.channel);
        let mut sends_here = self.sends_first_on_this_thread;
        if let Some(interval) = self.tick {
            engine.tick_every(interval, clock.now());
        }
        std::thread::scope(|scope| {
            let mut workers = Workers::new(scope, self.send, channel.sender.clone());
            loop {
                // A stop counts before the next request, also where one start follows another.
                channel.receive_all(engine, clock, listener);
                let (limit, is_finished) = match engine.next(clock.now(), listener) {
                    Next::Start(request) => {
                        if mem::take(&mut sends_here) {
                            workers.send_here(request);
                        } else {
                            workers.send(request);
                        }
                        continue;
                    }
                    // The listener may have taken its time, so the clock is read again.
                    Next::Wait(until) => {
                        let now = clock.now().mono;
                        (until.map(|at| at.saturating_sub(now)), false)
                    }
                    Next::Finished => (Some(Duration::ZERO), true),
                };
                let any = channel.receive_into(engine, limit, clock, listener);
                // The reader of a feed may have sent rows before it noticed the end.
                // They are reported like all others.
                if is_finished && !any {
                    break;
                }
            }
        });
        engine.take_write_error().map_or(Ok(()), Err)
    }
}

/// The channel of one job. All messages for its engine come through it.
#[derive(Debug)]
pub(crate) struct JobChannel {
    sender: Sender<Message>,
    receiver: Receiver<Message>,
    /// Each permit lets the reader of a live feed send one more row.
    permits: Option<Sender<()>>,
    /// Rows received for which no new permit was sent yet.
    owed_permits: usize,
}

/// Stops the job from another thread.
#[derive(Debug, Clone)]
pub(crate) struct StopHandle(Sender<Message>);

/// Sends the rows of a live feed. Each call waits until the engine can take the
/// row, and returns false when the job has ended.
///
/// The feed ends with [`RowSender::end`]. If the sender is dropped without it, its
/// reader has panicked, and rows may be left: the job stops.
#[derive(Debug)]
pub(crate) struct RowSender {
    sender: Sender<Message>,
    permits: Receiver<()>,
    has_ended: bool,
}

impl JobChannel {
    pub(crate) fn new() -> Self {
        let (sender, receiver) = mpsc::channel();
        Self {
            sender,
            receiver,
            permits: None,
            owed_permits: 0,
        }
    }

    pub(crate) fn stop_handle(&self) -> StopHandle {
        StopHandle(self.sender.clone())
    }

    /// Brings the news of a shared pace to the engine.
    pub(crate) fn pace_reporter(&self) -> ReportNews {
        let sender = self.sender.clone();
        // Without a receiver the job has ended.
        Arc::new(move |news| drop(sender.send(Message::Pace(news))))
    }

    pub(crate) fn row_sender(&mut self) -> RowSender {
        let (permit, permits) = mpsc::channel();
        self.permits = Some(permit);
        self.owed_permits = MAX_ROWS_AHEAD;
        self.allow_rows(true);
        RowSender {
            sender: self.sender.clone(),
            permits,
            has_ended: false,
        }
    }

    /// Waits for a message, at most for `limit`, then passes it and all others
    /// that have arrived to the engine. Returns whether there was any.
    fn receive_into(
        &mut self,
        engine: &mut Engine,
        limit: Option<Duration>,
        clock: &dyn Clock,
        listener: &mut Listener<'_>,
    ) -> bool {
        self.allow_rows(engine.wants_rows());
        let message = match limit {
            None => self.receiver.recv().ok(),
            Some(limit) => self.receiver.recv_timeout(limit).ok(),
        };
        let Some(message) = message else {
            return false;
        };
        self.pass_on(message, engine, clock, listener);
        self.receive_all(engine, clock, listener);
        true
    }

    /// Passes the messages that have arrived to the engine.
    fn receive_all(&mut self, engine: &mut Engine, clock: &dyn Clock, listener: &mut Listener<'_>) {
        while let Ok(message) = self.receiver.try_recv() {
            self.pass_on(message, engine, clock, listener);
        }
    }

    fn pass_on(
        &mut self,
        message: Message,
        engine: &mut Engine,
        clock: &dyn Clock,
        listener: &mut Listener<'_>,
    ) {
        let is_row = matches!(
            message,
            Message::Row { .. } | Message::BadRow(_) | Message::SkippedRow(_)
        );
        self.owed_permits += usize::from(is_row);
        engine.on(clock.now(), message, listener);
    }

    /// Lets the reader of a live feed send as many rows as were received.
    fn allow_rows(&mut self, wanted: bool) {
        if let Some(permits) = self.permits.as_ref().filter(|_| wanted) {
            for _ in 0..std::mem::take(&mut self.owed_permits) {
                // Without a receiver the feed has ended.
                let _ = permits.send(());
            }
        }
    }
}

impl StopHandle {
    /// Starts no more requests; those in flight finish.
    pub(crate) fn stop(&self, why: Stop) {
        // Without a receiver the job has ended.
        let _ = self.0.send(Message::Stop(why));
    }
}

impl RowSender {
    /// Sends a row that has arrived so long ago.
    pub(crate) fn row(&self, room: RoomId, reason: Reason, user: UserId, waited: Duration) -> bool {
        self.send(Message::Row {
            room,
            reason,
            user,
            waited,
        })
    }

    /// Sends the position of a row that names no member, and the reason.
    pub(crate) fn bad_row(&self, why: String) -> bool {
        self.send(Message::BadRow(why))
    }

    /// Sends what is skipped.
    pub(crate) fn skipped_row(&self, skipped: SkippedRow) -> bool {
        self.send(Message::SkippedRow(skipped))
    }

    /// The feed has no more rows.
    pub(crate) fn end(mut self) {
        self.has_ended = true;
    }

    fn send(&self, message: Message) -> bool {
        self.permits.recv().is_ok() && self.sender.send(message).is_ok()
    }
}

/// The job learns of the end of its reader, also if that panics.
impl Drop for RowSender {
    fn drop(&mut self) {
        let last = if self.has_ended {
            Message::EndOfRows
        } else {
            Message::Stop(Stop::FeedLost)
        };
        // Without a receiver the job has ended.
        let _ = self.sender.send(last);
    }
}

/// The threads that send requests. A new one starts only if none is idle.
struct Workers<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    send: &'env SendFn<'env>,
    answers: Sender<Message>,
    queues: Vec<Sender<Request>>,
    /// Numbers of idle workers. The one that was busy last gets the next request.
    /// Connections are the client's, and belong to no worker.
    idle: Arc<Mutex<Vec<usize>>>,
}

impl<'scope, 'env> Workers<'scope, 'env> {
    fn new(
        scope: &'scope Scope<'scope, 'env>,
        send: &'env SendFn<'env>,
        answers: Sender<Message>,
    ) -> Self {
        Self {
            scope,
            send,
            answers,
            queues: Vec::new(),
            idle: Arc::default(),
        }
    }

    /// Sends the request on an idle worker or on a new one. If no more threads can
    /// be started, this thread sends it, which takes longer.
    fn send(&mut self, request: Request) {
        let idle = lock(&self.idle).pop();
        let worker = idle.map_or_else(|| self.start_worker(), Ok);
        let unsent = match worker {
            Ok(worker) => self.queues[worker].send(request).err(),
            Err(_) => Some(mpsc::SendError(request)),
        };
        if let Some(mpsc::SendError(request)) = unsent {
            self.send_here(request);
        }
    }

    /// Sends the request on this thread.
    fn send_here(&self, request: Request) {
        let result = send_guarded(self.send, &request);
        report_answer(&self.answers, request, result);
    }

    fn start_worker(&mut self) -> io::Result<usize> {
        let worker = self.queues.len();
        let (sender, queue) = mpsc::channel();
        let (send, answers, idle) = (self.send, self.answers.clone(), Arc::clone(&self.idle));
        let work = move || {
            for request in queue {
                let result = send_guarded(send, &request);
                // Idle before the answer arrives, because the engine then sends the next one.
                lock(&idle).push(worker);
                report_answer(&answers, request, result);
            }
        };
        let builder = Builder::new()
            .name(format!("send-{worker}"))
            .stack_size(WORKER_STACK_BYTES);
        builder.spawn_scoped(self.scope, work)?;
        self.queues.push(sender);
        Ok(worker)
    }
}

fn lock(idle: &Mutex<Vec<usize>>) -> MutexGuard<'_, Vec<usize>> {
    idle.lock().expect("nothing panics while it holds the lock")
}

/// A panic while sending is an error with an unknown outcome, never a hang.
fn send_guarded(send: &SendFn<'_>, request: &Request) -> Result<Answer, Error> {
    catch_unwind(AssertUnwindSafe(|| send(request))).unwrap_or(Err(Error::Panicked))
}

fn report_answer(answers: &Sender<Message>, request: Request, result: Result<Answer, Error>) {
    // Without a receiver the job has ended.
    let _ = answers.send(Message::Answered(request, Box::new(result)));
}

#[cfg(test)]
#[path = "runner_tests.rs"]
mod tests;
