//! The engine's hands: threads, one channel, the clock. Asks `core` what to do
//! and does it.
//!
//! Everything that can happen arrives through the one channel, so nothing else
//! is ever waited on.

use std::io;
use std::time::Duration;

use super::core::{Core, Input, News, Next};
use super::event::{Event, SinkError};
use super::inbox::{Inbox, Message};
use super::pool::{Pool, Send};
use super::stop::Stop;
use crate::clock::{Clock, Now};

/// Is told of every event, in order, on one thread.
pub type OnEvent<'a> = dyn FnMut(&Event<'_>) -> Result<(), SinkError> + 'a;

/// Runs a job to its end; `tick` asks for [`Event::Tick`] so often. The outcome
/// is in `core`.
///
/// # Errors
/// The first write of a listener that failed; the job was stopped by it, and
/// what was in flight was still settled.
pub fn run(
    core: &mut Core,
    clock: &dyn Clock,
    mut inbox: Inbox,
    send: &Send<'_>,
    tick: Option<Duration>,
    on_event: &mut OnEvent<'_>,
) -> io::Result<()> {
    let mut teller = Teller {
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
                teller.tell(core, &Event::Tick(core.tally().clone()));
                next_tick = tick.map(|every| now.mono + every);
            }
            let next = core.next(now);
            if core.stop().is_some() {
                teller.close(core);
            }
            teller.deliver(core);
            match next {
                Next::Finished => {
                    // Rows that were read before the reader heard of the end
                    // are told of like all the others.
                    if !take_in_all(
                        core,
                        clock,
                        &mut inbox,
                        Some(Duration::ZERO),
                        &mut pool,
                        &mut teller,
                    ) {
                        break;
                    }
                }
                Next::Report => {}
                Next::Start(batch) => {
                    // What could not be told of is not sent.
                    if teller.tell(core, &Event::Starting(&batch)) {
                        pool.hand_out(batch);
                    } else {
                        core.on(now, Input::NotSent(batch));
                    }
                }
                Next::Wait(until) => {
                    inbox.permit(core.wants_rows());
                    let until = until.into_iter().chain(next_tick).min();
                    // Telling may have taken its time.
                    let now = clock.now().mono;
                    let limit = until.map(|at| at.saturating_sub(now));
                    take_in_all(core, clock, &mut inbox, limit, &mut pool, &mut teller);
                }
            }
        }
        teller.close(core);
    });
    teller.lost.map_or(Ok(()), Err)
}

/// Waits for a message, at most so long, and takes in what else is there.
/// Whether there was any.
fn take_in_all(
    core: &mut Core,
    clock: &dyn Clock,
    inbox: &mut Inbox,
    limit: Option<Duration>,
    pool: &mut Pool<'_, '_>,
    teller: &mut Teller<'_, '_>,
) -> bool {
    let mut message = inbox.receive(limit);
    let any = message.is_some();
    while let Some(got) = message {
        take_in(core, clock.now(), pool, got, teller);
        message = inbox.receive(Some(Duration::ZERO));
    }
    any
}

fn take_in(
    core: &mut Core,
    now: Now,
    pool: &mut Pool<'_, '_>,
    message: Message,
    teller: &mut Teller<'_, '_>,
) {
    match message {
        Message::Stop(stop) => core.on(now, Input::Stop(stop)),
        Message::Row(room, reason, user) => core.on(now, Input::Row(room, reason, user)),
        Message::EndOfRows => core.on(now, Input::End),
        Message::LeftOut(said) => {
            teller.tell(core, &Event::LeftOut(&said));
        }
        Message::BadRow(why) => {
            teller.tell(core, &Event::BadRow(&why));
            core.on(now, Input::BadRow);
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
            teller.tell(core, &event);
            core.on(now, Input::Answered(*batch, result));
        }
    }
}

/// Tells the listener, and the core when the listener fails.
struct Teller<'a, 'b> {
    on_event: &'a mut OnEvent<'b>,
    clock: &'a dyn Clock,
    /// The first write that failed.
    lost: Option<io::Error>,
    is_closing: bool,
}

impl Teller<'_, '_> {
    /// Once, and before it tells of anything that a stop leaves undone.
    fn close(&mut self, core: &mut Core) {
        if !self.is_closing {
            self.is_closing = true;
            let (stop, in_flight) = (core.stop(), core.in_flight());
            self.tell(core, &Event::Closing { stop, in_flight });
        }
    }

    /// Whether it was taken in.
    fn tell(&mut self, core: &mut Core, event: &Event<'_>) -> bool {
        let stop = match (self.on_event)(event) {
            Ok(()) => return true,
            Err(SinkError::Closed) => Stop::OutputClosed,
            Err(SinkError::Lost(why)) => {
                self.lost.get_or_insert(why);
                Stop::RecordLost
            }
        };
        core.on(self.clock.now(), Input::Stop(stop));
        false
    }

    fn deliver(&mut self, core: &mut Core) {
        while let Some(news) = core.take_news() {
            match &news {
                News::Retry(retry) => self.tell(core, &Event::Retry(retry)),
                News::Settled(settled) => self.tell(core, &Event::Settled(settled)),
            };
        }
    }
}
