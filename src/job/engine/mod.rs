//! The engine's decisions as a state machine: what happened comes in through
//! [`Engine::on`], what to do next comes out of [`Engine::next`].
//!
//! No thread, no clock, no I/O: `runner` supplies those, and tests drive a
//! million members through it in virtual time.

mod answers;
mod due;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod virtual_time;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Duration;

use super::batch::{Batch, RetryWith};
use super::event::Retry;
use super::outcome::{Outcome, Settled};
use super::pace::Pace;
use super::plan::Plan;
use super::split::Splits;
use super::stop::Stop;
use super::supply::BatchSource;
use super::tally::Tally;
use crate::api::{Answer, Error};
use crate::clock::Now;
use crate::room::{Action, Reason, RoomId, UserId};
use due::Due;

/// So long without any answer is an outage.
const OUTAGE: Duration = Duration::from_secs(10);

/// How a job is driven.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// Requests started per second.
    pub rate: u32,
    /// Most requests in flight.
    pub concurrency: usize,
    /// Times that a failed request is sent again.
    pub retries: u32,
    /// No request starts so long after the beginning, by civil time.
    pub deadline: Option<Duration>,
    /// So many refused members stop the job.
    pub max_failures: Option<u64>,
    /// Whether a signature that the service calls expired can be made anew.
    pub can_renew_signature: bool,
}

/// What happened.
#[derive(Debug)]
pub enum Input {
    /// A request came back.
    Answered(Batch, Result<Answer, Error>),
    /// A batch that was to be started did not leave.
    NotSent(Batch),
    /// A member of a live feed.
    Row(RoomId, Reason, UserId),
    /// A row of a live feed that names nobody: it counts as refused.
    BadRow,
    /// The live feed is over.
    End,
    /// Start nothing more.
    Stop(Stop),
}

/// What to do.
#[derive(Debug)]
pub enum Next {
    /// Send this, and bring the answer back.
    Start(Batch),
    /// Wait for an input, at most until this monotonic reading.
    Wait(Option<Duration>),
    /// Deliver the news and ask again.
    Report,
    /// Everything is settled.
    Finished,
}

/// What the outside should learn of.
#[derive(Debug)]
pub enum News {
    /// A request will be repeated.
    Retry(Retry),
    /// Members reached their outcome.
    Settled(Settled),
}

/// One job.
pub struct Engine {
    action: Action,
    policy: Policy,
    supply: BatchSource,
    ready: VecDeque<Batch>,
    later: BinaryHeap<Reverse<Due>>,
    pace: Pace,
    splits: Splits,
    tally: Tally,
    in_flight: usize,
    began: Option<Now>,
    /// When the first request left that no answer has followed.
    unanswered: Option<Duration>,
    /// When the request with the new signature left, once a job; the end of
    /// time while it has yet to.
    signature_renewed_at: Option<Duration>,
    stop: Option<Stop>,
    news: VecDeque<News>,
    jitter: Box<dyn FnMut() -> f64>,
}

impl Engine {
    /// A job that has not begun. `jitter` gives numbers from 0 to 1 for jitter.
    pub fn new(plan: Plan, policy: Policy, jitter: Box<dyn FnMut() -> f64>) -> Self {
        let (action, requests) = (plan.action, plan.requests());
        let supply = BatchSource::Plan(plan.into_batches());
        Self::with(action, requests, supply, policy, jitter)
    }

    /// A job whose members come one by one, through [`Input::Row`], until
    /// [`Input::End`]. It may grow long, so it starts with the ramp.
    pub fn live(action: Action, policy: Policy, jitter: Box<dyn FnMut() -> f64>) -> Self {
        let supply = BatchSource::Feed(Box::default());
        Self::with(action, usize::MAX, supply, policy, jitter)
    }

    fn with(
        action: Action,
        requests: usize,
        supply: BatchSource,
        policy: Policy,
        jitter: Box<dyn FnMut() -> f64>,
    ) -> Self {
        Self {
            action,
            policy,
            pace: Pace::new(policy.rate, requests),
            supply,
            ready: VecDeque::new(),
            later: BinaryHeap::new(),
            splits: Splits::default(),
            tally: Tally::default(),
            in_flight: 0,
            began: None,
            unanswered: None,
            signature_renewed_at: None,
            stop: None,
            news: VecDeque::new(),
            jitter,
        }
    }

    /// Counts so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Why it stopped early, if it did.
    pub fn stop(&self) -> Option<Stop> {
        self.stop
    }

    /// Requests that have no answer yet.
    pub fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// Whether a live feed's reader may go on.
    pub fn wants_rows(&self) -> bool {
        match &self.supply {
            BatchSource::Plan(_) => false,
            BatchSource::Feed(feed) => self.stop.is_none() && feed.wants_rows(),
        }
    }

    /// The oldest news not yet delivered.
    pub fn take_news(&mut self) -> Option<News> {
        self.news.pop_front()
    }

    /// Takes in what happened.
    pub fn on(&mut self, now: Now, input: Input) {
        match input {
            Input::Stop(stop) => self.stop = Some(stop.or(self.stop)),
            Input::Row(room, reason, user) => {
                if let BatchSource::Feed(feed) = &mut self.supply {
                    feed.add(now.mono, room, reason, user);
                }
            }
            Input::BadRow => {
                self.tally.add_bad_row();
                self.stop_at_max_failures();
            }
            Input::End => self.supply.end(),
            Input::NotSent(mut batch) => {
                self.in_flight -= 1;
                self.tally.requests -= 1;
                batch.take_back();
                self.tally.retries -= u64::from(batch.tries > 0);
                self.ready.push_front(batch);
            }
            Input::Answered(batch, result) => {
                self.in_flight -= 1;
                if result.is_ok() {
                    self.unanswered = None;
                }
                self.answered(now, batch, &result);
            }
        }
    }

    /// Says what to do now.
    pub fn next(&mut self, now: Now) -> Next {
        let began = *self.began.get_or_insert(now);
        let deadline = self.deadline(began, now);
        if deadline.is_some_and(|left| left.is_zero()) && self.has_work() {
            self.on(now, Input::Stop(Stop::Deadline));
        }
        self.stop_at_max_failures();
        if self.stop.is_some() {
            return self.drain(now);
        }
        match (self.step(now), deadline) {
            (Next::Wait(until), Some(left)) if self.has_work() => {
                let deadline = now.mono.saturating_add(left);
                Next::Wait(Some(until.map_or(deadline, |until| until.min(deadline))))
            }
            (next, _) => next,
        }
    }

    /// What is left until the deadline, by civil time: a suspended machine's
    /// monotonic clock stands still.
    fn deadline(&self, began: Now, now: Now) -> Option<Duration> {
        let passed = now.wall.duration_since(began.wall).unwrap_or_default();
        self.policy
            .deadline
            .map(|deadline| deadline.saturating_sub(passed))
    }

    /// Whether anything would still be started.
    fn has_work(&self) -> bool {
        !(self.ready.is_empty() && self.later.is_empty() && self.supply.is_over())
    }

    fn step(&mut self, now: Now) -> Next {
        self.wake(now.mono);
        self.supply.wake(now.mono);
        if self.ready.is_empty() && !self.supply.is_ready() {
            let due = self.later.peek().map(|Reverse(due)| due.at);
            let until = due.into_iter().chain(self.supply.next_leaving()).min();
            let is_over = self.supply.is_over() && until.is_none() && self.in_flight == 0;
            return if is_over {
                Next::Finished
            } else {
                Next::Wait(until)
            };
        }
        if self.in_flight >= self.most_in_flight(now.mono) {
            return Next::Wait(None);
        }
        let slot = self.pace.earliest();
        if slot > now.mono {
            return Next::Wait(Some(slot));
        }
        match self.ready.pop_front().or_else(|| self.supply.pop()) {
            Some(batch) => Next::Start(self.start(now, batch)),
            None => Next::Wait(None),
        }
    }

    /// While nothing has been answered for a while, one probe at a time: an
    /// outage is not made worse by everybody knocking.
    fn most_in_flight(&self, now: Duration) -> usize {
        let silent = |since| now.saturating_sub(since) >= OUTAGE;
        let is_outage = self.unanswered.is_some_and(silent);
        if is_outage {
            1
        } else {
            self.policy.concurrency
        }
    }

    fn start(&mut self, now: Now, mut batch: Batch) -> Batch {
        self.pace.take(now.mono);
        self.unanswered.get_or_insert(now.mono);
        if batch.retry_with == RetryWith::NewSignature {
            self.signature_renewed_at = Some(now.mono);
        }
        self.tally.requests += 1;
        self.tally.retries += u64::from(batch.tries > 0);
        self.in_flight += 1;
        batch.start(now.mono);
        batch
    }

    fn stop_at_max_failures(&mut self) {
        let refused = self.tally.count(Outcome::Refused);
        if self.policy.max_failures.is_some_and(|most| refused >= most) && self.has_work() {
            self.stop = Some(Stop::MaxFailures.or(self.stop));
        }
    }

    fn wake(&mut self, now: Duration) {
        while self.later.peek().is_some_and(|Reverse(due)| due.at <= now) {
            if let Some(Reverse(due)) = self.later.pop() {
                self.ready.push_back(due.batch);
            }
        }
    }

    /// Nothing more is sent: settles what is left, one batch a call, so that
    /// the rest of a large plan never stands in memory as news.
    fn drain(&mut self, now: Now) -> Next {
        self.supply.end();
        let left = self.ready.pop_front();
        let left = left.or_else(|| self.later.pop().map(|Reverse(due)| due.batch));
        let left = left
            .or_else(|| self.splits.abandon())
            .or_else(|| self.supply.pop());
        match left {
            Some(batch) => {
                let outcome = batch.undecided();
                self.tally.given_up += batch.members.len() as u64;
                self.settle(now, batch, outcome);
                Next::Report
            }
            None if self.in_flight > 0 => Next::Wait(None),
            None => Next::Finished,
        }
    }
}
