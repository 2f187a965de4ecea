//! The engine of a job as a state machine. A [`Message`] comes in through
//! [`Engine::on`], the [`Next`] thing to do comes out of [`Engine::next`], and a
//! [`Listener`] receives an [`Event`] for everything that happens.
//!
//! The engine has no threads and no clock, and no I/O except its listener's. `runner`
//! provides those; tests send a million members through the engine in virtual time.

mod answers;
mod list_decision;
mod lists;
mod message;
mod rooms;
mod start;
mod stop;
#[cfg(test)]
mod tests;
mod verify;

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::time::Duration;

use super::event::{Event, Listener, ListenerError};
use super::feed::Feed;
use super::outcome::{Stop, Tally};
use super::pace::{HeldBack, Pace, ReadClock, ReportNews, SharedTimeline};
use super::plan::Plan;
use super::planned::PlannedBatches;
use super::room_list::Request;
use super::split::Splits;
use crate::clock::Now;
use crate::config::CheckRoom;
use crate::error::Problem;
use crate::room::Action;

use answers::NewSignature;
pub(crate) use message::{Message, Next};
use rooms::Rooms;

/// The limits of a job, and what the signer can do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EngineOptions {
    /// Requests started per second.
    pub(crate) rate: u32,
    /// Most requests in flight.
    pub(crate) concurrency: usize,
    /// How often a failed request is sent again.
    pub(crate) retries: u32,
    /// No request starts this long after the first call of [`Engine::next`], by the wall
    /// clock.
    pub(crate) deadline: Option<Duration>,
    /// This many refused members stop the job.
    pub(crate) max_failures: Option<u64>,
    /// Whether a new signature can be made when the service reports that the
    /// signature has expired.
    pub(crate) can_renew_signature: bool,
    /// Whether member lists are read; never in a live feed.
    pub(crate) check_room: CheckRoom,
}

/// One job. Its batches come from a plan or from a live feed; the other of the
/// two is empty.
pub(crate) struct Engine {
    action: Action,
    options: EngineOptions,
    planned: PlannedBatches,
    feed: Feed,
    /// What goes first now: parts of split batches, retries, reading of rooms.
    ready: VecDeque<Request>,
    /// What waits for its retry, by its time and a running number.
    delayed: BTreeMap<(Duration, u64), Request>,
    latest_delayed: u64,
    pace: Pace,
    splits: Splits,
    rooms: Rooms,
    tally: Tally,
    in_flight: usize,
    began: Option<Now>,
    /// When the first request started that no answer has followed.
    unanswered_since: Option<Duration>,
    new_signature: NewSignature,
    /// The job has paused after a failed check of the account, which it does once.
    has_waited_for_account: bool,
    stop: Option<Stop>,
    is_closing: bool,
    tick: Option<Tick>,
    held_back: HeldBack,
    /// Random numbers from 0 to 1.
    jitter: Box<dyn FnMut() -> f64>,
    /// Why the listener could not write; the first failure.
    write_error: Option<io::Error>,
}

/// When the listener gets the next [`Event::Tick`].
#[derive(Debug, Clone, Copy)]
struct Tick {
    interval: Duration,
    next: Duration,
}

impl Engine {
    /// A job that has not begun. `jitter` returns random numbers from 0 to 1.
    pub(crate) fn new(plan: Plan, options: EngineOptions, jitter: Box<dyn FnMut() -> f64>) -> Self {
        let pace = Pace::new(options.rate, plan.requests());
        Self::from_parts(plan, Feed::ended(), pace, options, jitter)
    }

    /// A job whose members come as [`Message::Row`] until
    /// [`Message::EndOfRows`]. It may become long, so its pace has a ramp.
    pub(crate) fn for_feed(
        action: Action,
        options: EngineOptions,
        jitter: Box<dyn FnMut() -> f64>,
    ) -> Self {
        let pace = Pace::new(options.rate, usize::MAX);
        let options = EngineOptions {
            check_room: CheckRoom::Never,
            ..options
        };
        Self::from_parts(Plan::new(action), Feed::default(), pace, options, jitter)
    }

    fn from_parts(
        plan: Plan,
        feed: Feed,
        pace: Pace,
        options: EngineOptions,
        jitter: Box<dyn FnMut() -> f64>,
    ) -> Self {
        Self {
            action: plan.action,
            options,
            planned: plan.into_batches(),
            feed,
            ready: VecDeque::new(),
            delayed: BTreeMap::new(),
            latest_delayed: 0,
            pace,
            splits: Splits::default(),
            rooms: Rooms::new(options.check_room),
            tally: Tally::default(),
            in_flight: 0,
            began: None,
            unanswered_since: None,
            new_signature: NewSignature::NotNeeded,
            has_waited_for_account: false,
            stop: None,
            is_closing: false,
            tick: None,
            held_back: HeldBack::default(),
            jitter,
            write_error: None,
        }
    }

    /// Reports an [`Event::Tick`] at this interval from now on.
    pub(super) fn tick_every(&mut self, interval: Duration, now: Now) {
        let next = now.mono + interval;
        self.tick = Some(Tick { interval, next });
    }

    /// Shares the pace with other processes from now on. `report` gets the news of the
    /// shared pace, which must come back as [`Message::Pace`].
    ///
    /// # Errors
    /// The shared rate cannot be used or reached. Nothing was sent.
    pub(crate) fn share_rate(
        &mut self,
        timeline: Box<dyn SharedTimeline>,
        clock: ReadClock,
        report: ReportNews,
    ) -> Result<(), Problem> {
        self.pace.share(timeline, clock, report)
    }

    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Why the job stopped early, if it did.
    pub(crate) fn stop(&self) -> Option<Stop> {
        self.stop
    }

    /// Whether the reader of a live feed may continue.
    pub(super) fn wants_rows(&self) -> bool {
        self.stop.is_none() && self.feed.wants_rows()
    }

    /// Rows of a live feed so far, of every kind. The reader may have more.
    pub(crate) fn rows_taken(&self) -> u64 {
        self.feed.taken()
    }

    /// The first [`ListenerError::NotWritten`], which has stopped the job.
    pub(super) fn take_write_error(&mut self) -> Option<io::Error> {
        self.write_error.take()
    }

    /// Processes a message.
    pub(crate) fn on(&mut self, now: Now, message: Message, listener: &mut Listener<'_>) {
        match message {
            Message::Stop(stop) => self.stop_for(stop),
            Message::Pace(news) => {
                if let Some(change) = self.pace.on(now.mono, news) {
                    self.report(listener, &Event::RateChange(&change));
                }
            }
            Message::Row {
                room,
                reason,
                user,
                waited,
            } => {
                self.feed.count_row();
                let arrived = now.mono.saturating_sub(waited);
                self.feed.add(arrived, room, reason, user);
            }
            Message::BadRow(why) => {
                self.feed.count_row();
                self.report(listener, &Event::BadRow(&why));
                self.tally.add_bad_row();
                self.stop_at_max_failures();
            }
            Message::SkippedRow(skipped) => {
                self.feed.count_row();
                self.report(listener, &Event::SkippedRow(&skipped));
            }
            Message::EndOfRows => self.feed.end(),
            Message::Answered(request, result) => {
                self.in_flight -= 1;
                if result.is_ok() {
                    self.unanswered_since = None;
                }
                let event = Event::Answered {
                    result: result.as_ref(),
                    took: now.mono.saturating_sub(request.tries().started),
                };
                self.report(listener, &event);
                match request {
                    Request::Batch(batch) => {
                        let room = self.room_of(&batch);
                        self.track_answer(&batch);
                        self.batch_answered(now, *batch, result.as_ref(), listener);
                        if let Some(room) = room {
                            self.continue_room(room);
                        }
                    }
                    Request::Read(read) => self.read_answered(now, read, *result, listener),
                }
            }
        }
    }

    /// What to do now. A request that is returned was reported to the listener.
    pub(crate) fn next(&mut self, now: Now, listener: &mut Listener<'_>) -> Next {
        self.report_tick(now, listener);
        let deadline = self.deadline(now);
        if deadline.is_some_and(|at| at <= now.mono) && self.has_work() {
            self.stop_for(Stop::Deadline);
        }
        self.stop_at_max_failures();
        let next = if self.stop.is_some() {
            self.settle_unsent(now, listener)
        } else {
            self.step(now, listener)
        };
        match next {
            Next::Wait(until) => {
                let is_running = self.stop.is_none() && self.has_work();
                let deadline = deadline.filter(|_| is_running);
                let tick = self.tick.map(|tick| tick.next);
                Next::Wait([until, deadline, tick].into_iter().flatten().min())
            }
            Next::Finished => {
                debug_assert!(!self.has_work(), "no member is left behind");
                self.report_closing(listener);
                Next::Finished
            }
            Next::Start(_) => next,
        }
    }

    fn step(&mut self, now: Now, listener: &mut Listener<'_>) -> Next {
        self.release_delayed(now.mono);
        self.feed.close_due(now.mono);
        self.split_next(now, listener);
        if self.planned.is_next_on_list() == Some(false)
            && let Some(batch) = self.planned.next()
        {
            // One batch per call, so that messages are still received in between.
            self.track_taken(&batch);
            self.settle_unlisted(now, batch, listener);
            return Next::Wait(Some(now.mono));
        }
        let is_ready = !self.ready.is_empty() || self.planned.is_ready() || self.feed.is_ready();
        if !is_ready {
            let retry = self.delayed.first_key_value().map(|((at, _), _)| *at);
            let until = retry.into_iter().chain(self.feed.next_close()).min();
            let is_over = self.feed.is_over() && until.is_none() && self.in_flight == 0;
            return if is_over && self.split_all_aside() {
                Next::Wait(Some(now.mono))
            } else if is_over {
                self.verify_or_finish(now, listener)
            } else {
                Next::Wait(until)
            };
        }
        let slot = self.next_slot(now.mono);
        if self.in_flight >= self.max_in_flight(now.mono) {
            if self.in_flight >= self.options.concurrency {
                self.held_back.begin(now.mono, slot);
            }
            return Next::Wait(None);
        }
        let began = self.began.map_or(now.mono, |began| began.mono);
        if self.held_back.end(now.mono, now.mono.saturating_sub(began)) {
            self.report(listener, &Event::HeldByConcurrency);
        }
        if slot > now.mono {
            return Next::Wait(Some(slot));
        }
        match self.take_request() {
            Some(request) => self.start(now, request, listener),
            None => Next::Wait(None),
        }
    }

    /// Returns whether the listener could handle the event. A failure stops the
    /// job.
    fn report(&mut self, listener: &mut Listener<'_>, event: &Event<'_>) -> bool {
        let stop = match listener(event) {
            Ok(()) => return true,
            Err(ListenerError::OutputClosed) => Stop::OutputClosed,
            Err(ListenerError::NotWritten(why)) => {
                self.write_error.get_or_insert(why);
                Stop::RecordLost
            }
        };
        self.stop_for(stop);
        false
    }

    fn report_tick(&mut self, now: Now, listener: &mut Listener<'_>) {
        if let Some(tick) = self.tick.as_mut().filter(|tick| tick.next <= now.mono) {
            tick.next = now.mono + tick.interval;
            self.report(listener, &Event::Tick(self.tally.clone()));
        }
    }
}
