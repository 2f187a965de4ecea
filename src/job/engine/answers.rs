//! What an answer means for the job: members are settled, the batch is sent
//! again or split, or the job stops.

use std::time::Duration;

use super::Engine;
use crate::api::codes::{self, Class};
use crate::api::{Answer, Error};
use crate::clock::Now;
use crate::job::batch::{Batch, RetryWith, Tries};
use crate::job::event::{Event, Listener, Retry};
use crate::job::outcome::{LastAnswer, Outcome, Settled, Stop};
use crate::job::pace::retry_delay;
use crate::job::room_list::{Request, RoomRead};
use crate::job::split::SplitDecision;

/// The one new signature that a job may make.
#[derive(Debug, Clone, Copy)]
pub(super) enum NewSignature {
    NotNeeded,
    /// The batch that makes it has not started yet.
    Waiting,
    /// Requests that started before this time carry the old one.
    MadeAt(Duration),
}

impl Engine {
    pub(super) fn batch_answered(
        &mut self,
        now: Now,
        mut batch: Batch,
        result: &Result<Answer, Error>,
        listener: &mut Listener<'_>,
    ) {
        match batch.record(result) {
            Class::Done => self.settle(now, batch, Outcome::Done, listener),
            Class::Never => self.refused(now, batch, code_of(result), listener),
            class if self.take_retry(now, class, &mut batch.tries, result) => {
                self.retry(now, Request::Batch(Box::new(batch)), result, listener);
            }
            _ => {
                self.stop_for(Stop::Credentials);
                let outcome = batch.unless_unknown(Outcome::Refused);
                self.settle(now, batch, outcome, listener);
            }
        }
    }

    pub(super) fn read_answered(
        &mut self,
        now: Now,
        mut read: RoomRead,
        result: Result<Answer, Error>,
        listener: &mut Listener<'_>,
    ) {
        let result = match result {
            Ok(answer) if answer.class() == Class::Done => {
                match self.use_read_answer(now, &read, answer, listener) {
                    Ok(()) => return,
                    Err(error) => Err(error),
                }
            }
            other => other,
        };
        let class = match &result {
            Ok(answer) => answer.class(),
            Err(error) => error.class(),
        };
        if matches!(class, Class::Done | Class::Never) {
            self.read_failed(&read, &result, listener);
        } else if self.take_retry(now, class, &mut read.tries, &result) {
            self.retry(now, Request::Read(read), &result, listener);
        } else {
            self.stop_for(Stop::Credentials);
        }
    }

    /// Prepares the next try after an answer of this class: the job may slow down or
    /// wait. False: the credentials are wrong, and the job stops.
    fn take_retry(
        &mut self,
        now: Now,
        class: Class,
        tries: &mut Tries,
        result: &Result<Answer, Error>,
    ) -> bool {
        match class {
            Class::Credentials => self.take_signature_retry(tries, result),
            Class::RetryOnce => self.take_account_retry(now, tries),
            Class::Slow => {
                self.pace.slow_down(now.mono, tries.started);
                true
            }
            Class::Retry | Class::Doubt => true,
            Class::Done | Class::Never => false,
        }
    }

    /// Takes the request's one more try after a failed check of the account, if it has
    /// it. The job waits for it, once: if the credentials are wrong, more requests would
    /// lead to a block.
    fn take_account_retry(&mut self, now: Now, tries: &mut Tries) -> bool {
        if tries.account_retries > 0 || tries.count > self.options.retries {
            return false;
        }
        tries.account_retries += 1;
        if !self.has_waited_for_account {
            self.has_waited_for_account = true;
            self.pace.hold(now.mono + codes::ACCOUNT_CHECK_PAUSE);
        }
        true
    }

    /// Takes another try with a new signature, if the old one has expired. The
    /// service's clock may be ahead of ours by more than the signature was still valid.
    /// A job makes one new signature: the first batch makes it, and requests that
    /// started before are sent again with it.
    fn take_signature_retry(&mut self, tries: &mut Tries, result: &Result<Answer, Error>) -> bool {
        let is_expired = codes::is_expired_signature(code_of(result));
        let has_try = tries.count <= self.options.retries;
        if !is_expired || !self.options.can_renew_signature || !has_try {
            return false;
        }
        tries.retry_with = RetryWith::AsBefore;
        match self.new_signature {
            NewSignature::NotNeeded => {
                self.new_signature = NewSignature::Waiting;
                tries.retry_with = RetryWith::NewSignature;
                true
            }
            NewSignature::Waiting => true,
            NewSignature::MadeAt(time) => tries.started < time,
        }
    }

    /// The service refused, and another try would get the same answer.
    fn refused(&mut self, now: Now, batch: Batch, code: i64, listener: &mut Listener<'_>) {
        let is_batch_level = codes::is_batch_level_code(code);
        if batch.members.len() > 1 && is_batch_level {
            let batch = match code {
                codes::NOT_A_MEMBER => self.put_aside(batch),
                _ => Some(batch),
            };
            if let Some(batch) = batch {
                self.split(now, batch, code, listener);
            }
            return;
        }
        // A member on the list was in the room when this job began with it.
        let was_present = batch.in_doubt || batch.on_list == Some(true);
        let outcome = match (code, batch.in_doubt) {
            (codes::NOT_A_MEMBER, _) if was_present => Outcome::Gone,
            (codes::NOT_A_MEMBER, _) => Outcome::Absent,
            (_, true) => Outcome::Unknown,
            (_, false) if is_batch_level => Outcome::Refused,
            // This answer is not about the members, so what an answer to a larger
            // batch left unknown stays unknown.
            (_, false) => batch.unless_unknown(Outcome::Refused),
        };
        self.settle(now, batch, outcome, listener);
    }

    pub(super) fn split(&mut self, now: Now, batch: Batch, code: i64, listener: &mut Listener<'_>) {
        match self.splits.decide(batch, code) {
            SplitDecision::Parts(parts) => {
                for part in parts.into_iter().rev() {
                    self.make_ready(Request::Batch(Box::new(part)));
                }
            }
            SplitDecision::Refused(batch) => {
                let outcome = batch.unless_unknown(Outcome::Refused);
                self.settle(now, *batch, outcome, listener);
            }
            SplitDecision::Wait => {}
        }
    }

    /// Sends the request again after a delay, if it has a try left.
    fn retry(
        &mut self,
        now: Now,
        mut request: Request,
        result: &Result<Answer, Error>,
        listener: &mut Listener<'_>,
    ) {
        if self.stop.is_some()
            || request.tries().count > self.options.retries
            || !self.may_retry(&request)
        {
            let is_waiting = matches!(self.new_signature, NewSignature::Waiting);
            if is_waiting && request.tries().retry_with == RetryWith::NewSignature {
                // It will not be made here, so the next one that needs it makes it.
                self.new_signature = NewSignature::NotNeeded;
            }
            match request {
                Request::Batch(batch) => {
                    let outcome = batch.undecided_outcome();
                    self.settle(now, *batch, outcome, listener);
                }
                Request::Read(read) => self.read_failed(&read, result, listener),
            }
            return;
        }
        if matches!(request, Request::Read(_)) && !self.is_verifying() {
            self.stop_blocking();
        }
        let delay = self.prepare_retry(request.tries_mut(), result);
        let retry = Retry {
            number: request.tries().count,
            max: self.options.retries,
            delay,
            why: why(result),
        };
        self.report(listener, &Event::Retry(&retry));
        if request.tries().retry_with == RetryWith::NewSignature {
            // Before all others, because they need the new signature.
            self.ready.push_front(request);
        } else {
            self.delay(now.mono + delay, request);
        }
    }

    /// A request that reads a room must still be worth it.
    fn may_retry(&mut self, request: &Request) -> bool {
        match request {
            Request::Batch(_) => true,
            Request::Read(read) => self.is_verifying() || self.may_read_on(read.number),
        }
    }

    /// Sets what the next try must not reuse, and returns the delay before it.
    fn prepare_retry(&mut self, tries: &mut Tries, result: &Result<Answer, Error>) -> Duration {
        let is_expired = codes::is_expired_signature(code_of(result));
        // A kept connection that was dead does not show that the service has a
        // problem: one retry on a new connection comes at once.
        let was_kept = matches!(result, Err(Error::Lost { kept: true, .. }));
        let was_dead = was_kept && tries.retry_with != RetryWith::NewConnection;
        if was_dead {
            tries.retry_with = RetryWith::NewConnection;
        } else if !is_expired {
            tries.retry_with = RetryWith::AsBefore;
        }
        let is_once = matches!(result, Ok(answer) if answer.class() == Class::RetryOnce);
        if was_dead || is_expired {
            Duration::ZERO
        } else if is_once {
            codes::ACCOUNT_CHECK_PAUSE
        } else {
            retry_delay(tries.count, retry_after(result), (self.jitter)())
        }
    }

    pub(super) fn settle(
        &mut self,
        now: Now,
        batch: Batch,
        outcome: Outcome,
        listener: &mut Listener<'_>,
    ) {
        let was_sent = batch.attempts > 0;
        let settled = Settled {
            action: self.action,
            room: batch.room,
            members: batch.members,
            reason: batch.reason,
            outcome,
            last_failure: batch.last_failure.filter(|_| outcome.is_open()),
            last_answer: batch.last_answer.unwrap_or_else(|| self.not_sent()),
            attempts: batch.attempts,
            elapsed: if was_sent {
                now.mono.saturating_sub(batch.first_start)
            } else {
                Duration::ZERO
            },
            time: now.wall,
        };
        self.tally.add(&settled);
        self.feed.settled(&settled);
        self.splits.count(batch.group, &settled);
        self.track_settled(batch.group, settled.members.len());
        self.stop_at_max_failures();
        self.report(listener, &Event::Settled(&settled));
        let finished = self
            .splits
            .settled(batch.split, batch.got_absent_answer, &settled);
        if let Some(finished) = finished {
            self.tally.maybe_removed += finished.maybe_removed as u64;
            for batch in finished.released {
                self.split(now, batch, codes::INVALID_PARAMETER, listener);
            }
        }
    }

    fn not_sent(&self) -> LastAnswer {
        LastAnswer::NoAnswer(match self.stop {
            Some(stop) => stop.not_sent_reason(),
            None => "not sent".into(),
        })
    }
}

/// 0 if there is no answer.
fn code_of(result: &Result<Answer, Error>) -> i64 {
    result.as_ref().map_or(0, |answer| answer.error_code)
}

fn retry_after(result: &Result<Answer, Error>) -> Option<Duration> {
    match result {
        Ok(answer) => answer.retry_after,
        Err(error) => error.retry_after(),
    }
}

pub(super) fn why(result: &Result<Answer, Error>) -> String {
    match result {
        Err(error) => error.to_string(),
        Ok(answer) => answer.reason(),
    }
}
