//! The engine's hands: threads, one channel, the clock. Asks `engine` what to do
//! and does it.
//!
//! Everything that can happen arrives through the one channel, so nothing else
//! is ever waited on.

use std::io;
use std::time::Duration;

use super::engine::{Engine, Input, News, Next};
use super::event::{Event, ListenerError};
use super::inbox::{Inbox, Message};
use super::pool::{Pool, Send};
use super::stop::Stop;
use crate::clock::{Clock, Now};

/// Is told of every event, in order, on one thread.
pub type Listener<'a> = dyn FnMut(&Event<'_>) -> Result<(), ListenerError> + 'a;

/// Runs a job to its end; `tick` asks for [`Event::Tick`] so often. The outcome
/// is in `engine`.
///
/// # Errors
/// The first write of a listener that failed; the job was stopped by it, and
/// what was in flight was still settled.
pub fn run(
    engine: &mut Engine,
    clock: &dyn Clock,
    mut inbox: Inbox,
    send: &Send<'_>,
    tick: Option<Duration>,
    on_event: &mut Listener<'_>,
) -> io::Result<()> {
    let mut events = EventSink {
        on_event,
        clock,
        lost: None,
        is_closing: false,
    };
    std::thread::scope(|scope| {
        let mut pool = Pool::new(scope, send, inbox.sender());
        let mut next_tick = tick.map(|every| clock.now().mono + every);
        loop {
            let now = clock.now();
            if next_tick.is_some_and(|at| at <= now.mono) {
                events.tell(engine, &Event::Tick(engine.tally().clone()));
                next_tick = tick.map(|every| now.mono + every);
            }
            let next = engine.next(now);
            if engine.stop().is_some() {
                events.close(engine);
            }
            events.deliver(engine);
            match next {
                Next::Finished => {
                    // Rows that were read before the reader heard of the end
                    // are told of like all the others.
                    if !take_in_all(
                        engine,
                        clock,
                        &mut inbox,
                        Some(Duration::ZERO),
                        &mut pool,
                        &mut events,
                    ) {
                        break;
                    }
                }
                Next::Report => {}
                Next::Start(batch) => {
                    // What could not be told of is not sent.
                    if events.tell(engine, &Event::Starting(&batch)) {
                        pool.hand_out(batch);
                    } else {
                        engine.on(now, Input::NotSent(batch));
                    }
                }
                Next::Wait(until) => {
                    inbox.permit(engine.wants_rows());
                    let until = until.into_iter().chain(next_tick).min();
                    // Telling may have taken its time.
                    let now = clock.now().mono;
                    let limit = until.map(|at| at.saturating_sub(now));
                    take_in_all(engine, clock, &mut inbox, limit, &mut pool, &mut events);
                }
            }
        }
        events.close(engine);
    });
    events.lost.map_or(Ok(()), Err)
}

/// Waits for a message, at most so long, and takes in what else is there.
/// Whether there was any.
fn take_in_all(
    engine: &mut Engine,
    clock: &dyn Clock,
    inbox: &mut Inbox,
    limit: Option<Duration>,
    pool: &mut Pool<'_, '_>,
    events: &mut EventSink<'_, '_>,
) -> bool {
    let mut message = inbox.receive(limit);
    let any = message.is_some();
    while let Some(got) = message {
        take_in(engine, clock.now(), pool, got, events);
        message = inbox.receive(Some(Duration::ZERO));
    }
    any
}

fn take_in(
    engine: &mut Engine,
    now: Now,
    pool: &mut Pool<'_, '_>,
    message: Message,
    events: &mut EventSink<'_, '_>,
) {
    match message {
        Message::Stop(stop) => engine.on(now, Input::Stop(stop)),
        Message::Row(room, reason, user) => engine.on(now, Input::Row(room, reason, user)),
        Message::EndOfRows => engine.on(now, Input::End),
        Message::SkippedRow(said) => {
            events.tell(engine, &Event::SkippedRow(&said));
        }
        Message::BadRow(why) => {
            events.tell(engine, &Event::BadRow(&why));
            engine.on(now, Input::BadRow);
        }
        Message::Answered {
            worker,
            batch,
            result,
        } => {
            if let Some(worker) = worker {
                pool.is_idle(worker);
            }
            let took = now.mono.saturating_sub(batch.started);
            let (batch_ref, result_ref) = (&*batch, &result);
            let event = Event::Answered {
                batch: batch_ref,
                result: result_ref,
                took,
            };
            events.tell(engine, &event);
            engine.on(now, Input::Answered(*batch, result));
        }
    }
}

/// Tells the listener, and the engine when the listener fails.
struct EventSink<'a, 'b> {
    on_event: &'a mut Listener<'b>,
    clock: &'a dyn Clock,
    /// The first write that failed.
    lost: Option<io::Error>,
    is_closing: bool,
}

impl EventSink<'_, '_> {
    /// Once, and before it tells of anything that a stop leaves undone.
    fn close(&mut self, engine: &mut Engine) {
        if !self.is_closing {
            self.is_closing = true;
            let (stop, in_flight) = (engine.stop(), engine.in_flight());
            self.tell(engine, &Event::Closing { stop, in_flight });
        }
    }

    /// Whether it was taken in.
    fn tell(&mut self, engine: &mut Engine, event: &Event<'_>) -> bool {
        let stop = match (self.on_event)(event) {
            Ok(()) => return true,
            Err(ListenerError::OutputClosed) => Stop::OutputClosed,
            Err(ListenerError::NotWritten(why)) => {
                self.lost.get_or_insert(why);
                Stop::RecordLost
            }
        };
        engine.on(self.clock.now(), Input::Stop(stop));
        false
    }

    fn deliver(&mut self, engine: &mut Engine) {
        while let Some(news) = engine.take_news() {
            match &news {
                News::Retry(retry) => self.tell(engine, &Event::Retry(retry)),
                News::Settled(settled) => self.tell(engine, &Event::Settled(settled)),
            };
        }
    }
}
