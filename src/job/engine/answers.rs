//! What an answer means for the job: members are settled, the batch is sent
//! again or split, or the job stops.

use std::time::Duration;

use super::{Engine, NewSignature};
use crate::api::codes::{self, Class};
use crate::api::{Answer, Error};
use crate::clock::Now;
use crate::job::batch::{Batch, RetryWith};
use crate::job::event::{Event, Listener, Retry};
use crate::job::outcome::{LastAnswer, Outcome, Settled, Stop};
use crate::job::pace::retry_delay;
use crate::job::split::SplitDecision;

impl Engine {
    pub(super) fn answered(
        &mut self,
        now: Now,
        mut batch: Batch,
        result: &Result<Answer, Error>,
        listener: &mut Listener<'_>,
    ) {
        match batch.record(result) {
            Class::Done => self.settle(now, batch, Outcome::Done, listener),
            Class::Never => self.refused(now, batch, code_of(result), listener),
            Class::Credentials if self.retries_with_new_signature(&mut batch, result) => {
                self.retry(now, batch, result, listener);
            }
            Class::RetryOnce if self.retries_once(now, &mut batch) => {
                self.retry(now, batch, result, listener);
            }
            Class::Credentials | Class::RetryOnce => {
                self.stop_for(Stop::Credentials);
                let outcome = batch.unless_unknown(Outcome::Refused);
                self.settle(now, batch, outcome, listener);
            }
            Class::Slow => {
                self.pace.slow_down(now.mono, batch.started);
                self.retry(now, batch, result, listener);
            }
            Class::Retry | Class::Doubt => self.retry(now, batch, result, listener),
        }
    }

    /// Whether the batch gets the one more try after a failed check of the
    /// account. The job waits for it, once: if the credentials are wrong, more
    /// requests would lead to a block.
    fn retries_once(&mut self, now: Now, batch: &mut Batch) -> bool {
        if batch.account_retries > 0 || batch.tries > self.options.retries {
            return false;
        }
        batch.account_retries += 1;
        if !self.has_waited_for_account {
            self.has_waited_for_account = true;
            self.pace.hold(now.mono + codes::ACCOUNT_CHECK_PAUSE);
        }
        true
    }

    /// Whether the signature has expired and the batch gets another try with a
    /// new one. The service's clock may be ahead of ours by more than the
    /// signature was still valid. A job makes one new signature: the first batch
    /// makes it, and requests that started before are sent again with it.
    fn retries_with_new_signature(
        &mut self,
        batch: &mut Batch,
        result: &Result<Answer, Error>,
    ) -> bool {
        let is_expired = codes::is_expired_signature(code_of(result));
        let has_try = batch.tries <= self.options.retries;
        if !is_expired || !self.options.can_renew_signature || !has_try {
            return false;
        }
        batch.retry_with = RetryWith::AsBefore;
        match self.new_signature {
            NewSignature::NotNeeded => {
                self.new_signature = NewSignature::Waiting;
                batch.retry_with = RetryWith::NewSignature;
                true
            }
            NewSignature::Waiting => true,
            NewSignature::MadeAt(time) => batch.started < time,
        }
    }

    /// The service refused, and another try would get the same answer.
    fn refused(&mut self, now: Now, batch: Batch, code: i64, listener: &mut Listener<'_>) {
        let is_batch_level = codes::is_batch_level_code(code);
        if batch.members.len() > 1 && is_batch_level {
            self.split(now, batch, code, listener);
            return;
        }
        let outcome = match (code, batch.in_doubt) {
            (codes::NOT_A_MEMBER, true) => Outcome::Gone,
            (codes::NOT_A_MEMBER, false) => Outcome::Absent,
            (_, true) => Outcome::Unknown,
            (_, false) if is_batch_level => Outcome::Refused,
            // This answer is not about the members, so what an answer to a larger
            // batch left unknown stays unknown.
            (_, false) => batch.unless_unknown(Outcome::Refused),
        };
        self.settle(now, batch, outcome, listener);
    }

    fn split(&mut self, now: Now, batch: Batch, code: i64, listener: &mut Listener<'_>) {
        match self.splits.decide(batch, code) {
            SplitDecision::Parts(parts) => {
                for part in parts.into_iter().rev() {
                    self.ready.push_front(part);
                }
            }
            SplitDecision::Refused(batch) => {
                let outcome = batch.unless_unknown(Outcome::Refused);
                self.settle(now, *batch, outcome, listener);
            }
            SplitDecision::Wait => {}
        }
    }

    /// Sends the batch again after a delay, if it has a try left.
    fn retry(
        &mut self,
        now: Now,
        mut batch: Batch,
        result: &Result<Answer, Error>,
        listener: &mut Listener<'_>,
    ) {
        if self.stop.is_some() || batch.tries > self.options.retries {
            let outcome = batch.undecided_outcome();
            self.settle(now, batch, outcome, listener);
            return;
        }
        let delay = self.prepare_retry(&mut batch, result);
        let retry = Retry {
            number: batch.tries,
            max: self.options.retries,
            delay,
            why: why(result),
        };
        self.report(listener, &Event::Retry(&retry));
        if batch.retry_with == RetryWith::NewSignature {
            // Before all others, because they need the new signature.
            self.ready.push_front(batch);
            return;
        }
        self.latest_delayed += 1;
        let key = (now.mono + delay, self.latest_delayed);
        self.delayed.insert(key, batch);
    }

    /// Sets what the next try must not reuse, and returns the delay before it.
    fn prepare_retry(&mut self, batch: &mut Batch, result: &Result<Answer, Error>) -> Duration {
        let is_expired = codes::is_expired_signature(code_of(result));
        // A kept connection that was dead does not show that the service has a
        // problem: one retry on a new connection comes at once.
        let was_kept = matches!(result, Err(Error::Lost { kept: true, .. }));
        let was_dead = was_kept && batch.retry_with != RetryWith::NewConnection;
        if was_dead {
            batch.retry_with = RetryWith::NewConnection;
        } else if !is_expired {
            batch.retry_with = RetryWith::AsBefore;
        }
        let is_once = matches!(result, Ok(answer) if answer.class() == Class::RetryOnce);
        if was_dead || is_expired {
            Duration::ZERO
        } else if is_once {
            codes::ACCOUNT_CHECK_PAUSE
        } else {
            retry_delay(batch.tries, retry_after(result), (self.jitter)())
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

fn why(result: &Result<Answer, Error>) -> String {
    match result {
        Err(error) => error.to_string(),
        Ok(answer) => answer.reason(),
    }
}
