//! Which request starts next, and when: retries and reads first, then new batches.

use std::time::Duration;

use super::answers::NewSignature;
use super::{Engine, Next};
use crate::clock::Now;
use crate::job::batch::{Batch, RetryWith};
use crate::job::event::{Event, Listener};
use crate::job::room_list::Request;

/// After this time without any answer, the service counts as unreachable.
const OUTAGE: Duration = Duration::from_secs(10);

impl Engine {
    pub(super) fn next_slot(&mut self, now: Duration) -> Duration {
        let is_ready = self.in_flight < self.max_in_flight(now);
        self.pace.next_slot(now, is_ready)
    }

    /// In an outage, one request at a time: many would only make it worse.
    pub(super) fn max_in_flight(&self, now: Duration) -> usize {
        let is_long = |since| now.saturating_sub(since) >= OUTAGE;
        if self.unanswered_since.is_some_and(is_long) {
            1
        } else {
            self.options.concurrency
        }
    }

    pub(super) fn take_request(&mut self) -> Option<Request> {
        loop {
            if let Some(request) = self.ready.pop_front() {
                return Some(request);
            }
            if !self.read_before_first_request() {
                let batch = self.take_new_batch()?;
                return Some(Request::Batch(Box::new(batch)));
            }
        }
    }

    /// A batch that was never sent.
    pub(super) fn take_new_batch(&mut self) -> Option<Batch> {
        let Some(batch) = self.planned.next() else {
            return self.feed.pop();
        };
        self.track_taken(&batch);
        Some(batch)
    }

    /// Starts a request, unless the listener cannot record it.
    pub(super) fn start(
        &mut self,
        now: Now,
        mut request: Request,
        listener: &mut Listener<'_>,
    ) -> Next {
        let is_recorded = match &mut request {
            Request::Batch(batch) => {
                batch.start(now.mono);
                self.report(listener, &Event::Starting(batch))
            }
            Request::Read(read) => {
                read.tries.start(now.mono);
                self.report(listener, &Event::Reading(read))
            }
        };
        if !is_recorded {
            if let Request::Batch(batch) = &mut request {
                batch.revert_start();
            }
            self.ready.push_front(request);
            return Next::Wait(Some(now.mono));
        }
        self.pace.take_slot(now.mono);
        self.unanswered_since.get_or_insert(now.mono);
        if request.tries().retry_with == RetryWith::NewSignature {
            self.new_signature = NewSignature::MadeAt(now.mono);
        }
        self.tally.requests += 1;
        self.tally.retries += u64::from(request.tries().count > 1);
        self.in_flight += 1;
        match &request {
            Request::Batch(batch) => self.track_start(batch),
            Request::Read(read) => self.track_read(read.number),
        }
        Next::Start(request)
    }

    pub(super) fn release_delayed(&mut self, now: Duration) {
        while let Some(earliest) = self.delayed.first_entry()
            && earliest.key().0 <= now
        {
            self.ready.push_back(earliest.remove());
        }
    }
}
