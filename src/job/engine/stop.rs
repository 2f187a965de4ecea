//! When a job stops, and how it ends: after a stop nothing starts any more, requests in
//! flight finish, and what was not sent is settled.

use std::time::Duration;

use super::{Engine, Next};
use crate::clock::Now;
use crate::job::batch::Batch;
use crate::job::event::{Event, Listener};
use crate::job::outcome::{Outcome, Stop};
use crate::job::room_list::Request;

impl Engine {
    /// The deadline as a monotonic reading. It is computed each time,
    /// because the wall clock decides: the monotonic one stands still while the
    /// machine is suspended.
    pub(super) fn deadline(&mut self, now: Now) -> Option<Duration> {
        let began = *self.began.get_or_insert(now);
        let passed = now.wall.duration_since(began.wall).unwrap_or_default();
        let left = self.options.deadline?.saturating_sub(passed);
        Some(now.mono.saturating_add(left))
    }

    /// Whether more requests may start.
    pub(super) fn has_work(&self) -> bool {
        let is_over = self.planned.is_empty() && self.feed.is_over();
        let is_idle = self.ready.is_empty() && self.delayed.is_empty() && is_over;
        !is_idle || self.rooms.has_batches()
    }

    pub(super) fn stop_for(&mut self, stop: Stop) {
        self.stop = Some(stop.or(self.stop));
    }

    pub(super) fn stop_at_max_failures(&mut self) {
        let refused = self.tally.count(Outcome::Refused);
        let is_reached = self.options.max_failures.is_some_and(|max| refused >= max);
        // When the rooms are read once more, no member is left that could be refused.
        if is_reached && self.has_work() && !self.is_verifying() {
            self.stop_for(Stop::MaxFailures);
        }
    }

    /// After a stop: settles what was not sent, one batch per call, so that
    /// messages are still received in between.
    pub(super) fn settle_unsent(&mut self, now: Now, listener: &mut Listener<'_>) -> Next {
        self.report_closing(listener);
        self.feed.end();
        self.planned.release_all();
        match self.take_unsent() {
            Some(batch) if batch.on_list == Some(false) => {
                self.settle_unlisted(now, batch, listener);
                Next::Wait(Some(now.mono))
            }
            Some(batch) => {
                let outcome = batch.undecided_outcome();
                self.tally.given_up += batch.members.len() as u64;
                self.settle(now, batch, outcome, listener);
                Next::Wait(Some(now.mono))
            }
            None if self.in_flight > 0 => Next::Wait(None),
            None => {
                self.end_verification(listener);
                Next::Finished
            }
        }
    }

    /// A batch that waits for its request. Requests that read rooms are dropped.
    fn take_unsent(&mut self) -> Option<Batch> {
        let delayed = &mut self.delayed;
        let requests = std::iter::from_fn(|| {
            let ready = self.ready.pop_front();
            ready.or_else(|| delayed.pop_first().map(|(_, request)| request))
        });
        let mut batches = requests.filter_map(|request| match request {
            Request::Batch(batch) => Some(*batch),
            Request::Read(_) => None,
        });
        let again = batches.next();
        let again = again.or_else(|| self.splits.take_waiting());
        let again = again.or_else(|| self.rooms.take_batch());
        again.or_else(|| self.take_new_batch())
    }

    /// Reports once, before the events of members that a stop leaves unsent.
    pub(super) fn report_closing(&mut self, listener: &mut Listener<'_>) {
        if !self.is_closing {
            self.is_closing = true;
            let (stop, in_flight) = (self.stop, self.in_flight);
            self.report(listener, &Event::Closing { stop, in_flight });
        }
    }
}
