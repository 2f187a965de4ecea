//! What an answer means for the job: settled, sent again, taken apart, or the
//! end of it all.

use std::cmp::Reverse;
use std::time::Duration;

use super::due::Due;
use super::{Engine, News};
use crate::api::codes::{self, Class};
use crate::api::{Answer, Error};
use crate::clock::Now;
use crate::job::batch::{Batch, RetryWith};
use crate::job::event::Retry;
use crate::job::outcome::{LastAnswer, Outcome, Settled};
use crate::job::retry;
use crate::job::split::Verdict;
use crate::job::stop::Stop;

impl Engine {
    pub(super) fn answered(&mut self, now: Now, mut batch: Batch, result: &Result<Answer, Error>) {
        match batch.note(result) {
            Class::Done => self.settle(now, batch, Outcome::Done),
            Class::Never => self.refused(now, batch, result),
            Class::Credentials if self.renews_signature(&mut batch, result) => {
                self.again(now, batch, result);
            }
            Class::Credentials => {
                self.stop = Some(Stop::Credentials.or(self.stop));
                let outcome = unless_unknown(&batch, Outcome::Refused);
                self.settle(now, batch, outcome);
            }
            Class::Slow => {
                self.pace.slow_down(now.mono, batch.started);
                self.again(now, batch, result);
            }
            Class::Retry | Class::Doubt => self.again(now, batch, result),
        }
    }

    /// Whether an expired signature is worth another try with a new one: the
    /// clocks may differ by more than was left of it. Requests that left before
    /// the new one was made are sent again without asking for another.
    fn renews_signature(&mut self, batch: &mut Batch, result: &Result<Answer, Error>) -> bool {
        let code = code_of(result);
        let has_try = batch.tries <= self.policy.retries;
        if code != codes::SIGNATURE_EXPIRED || !self.policy.can_renew_signature || !has_try {
            return false;
        }
        if let Some(at) = self.signature_renewed_at {
            batch.retry_with = RetryWith::AsBefore;
            return batch.started < at;
        }
        // Until it leaves, every other request was signed before it.
        self.signature_renewed_at = Some(Duration::MAX);
        batch.retry_with = RetryWith::NewSignature;
        true
    }

    /// An answer that will not change.
    fn refused(&mut self, now: Now, batch: Batch, result: &Result<Answer, Error>) {
        let code = code_of(result);
        if batch.members.len() > 1 && codes::is_batch_level_code(code) {
            self.judge(now, batch, code);
            return;
        }
        let outcome = match (code, batch.doubt) {
            (codes::NOT_A_MEMBER, true) => Outcome::Gone,
            (codes::NOT_A_MEMBER, false) => Outcome::Absent,
            (_, true) => Outcome::Unknown,
            (_, false) if codes::is_batch_level_code(code) => Outcome::Refused,
            // Not about these members: what an answer to them in company left
            // open stays so.
            (_, false) => unless_unknown(&batch, Outcome::Refused),
        };
        self.settle(now, batch, outcome);
    }

    fn judge(&mut self, now: Now, batch: Batch, code: i64) {
        match self.splits.judge(batch, code) {
            Verdict::Halves(halves) => {
                let (left, right) = *halves;
                self.ready.push_front(right);
                self.ready.push_front(left);
            }
            Verdict::Refused(batch) => {
                let outcome = unless_unknown(&batch, Outcome::Refused);
                self.settle(now, *batch, outcome);
            }
            Verdict::Waits => {}
        }
    }

    /// Sends it again after a pause, if it has a try left.
    fn again(&mut self, now: Now, mut batch: Batch, result: &Result<Answer, Error>) {
        if self.stop.is_some() || batch.tries > self.policy.retries {
            let outcome = batch.undecided();
            self.settle(now, batch, outcome);
            return;
        }
        // A kept connection that proves dead says nothing of the service: one
        // try on a new one, at once.
        let kept = matches!(result, Err(Error::Lost { kept: true, .. }));
        let expired = code_of(result) == codes::SIGNATURE_EXPIRED;
        let dead = kept && batch.retry_with != RetryWith::NewConnection;
        if !expired {
            batch.retry_with = if dead {
                RetryWith::NewConnection
            } else {
                RetryWith::AsBefore
            };
        }
        let delay = if dead || expired {
            Duration::ZERO
        } else {
            retry::delay(batch.tries, asked(result), (self.jitter)())
        };
        self.news.push_back(News::Retry(Retry {
            number: batch.tries,
            of: self.policy.retries,
            delay,
            why: why(result),
        }));
        if batch.retry_with == RetryWith::NewSignature {
            // Before all that waits, which needs the new one.
            self.ready.push_front(batch);
            return;
        }
        self.later.push(Reverse(Due {
            at: now.mono + delay,
            batch,
        }));
    }

    pub(super) fn settle(&mut self, now: Now, batch: Batch, outcome: Outcome) {
        let started = batch.attempts > 0;
        let because = || match self.stop {
            Some(stop) => stop.not_sent_reason(),
            None => "not sent".into(),
        };
        let settled = Settled {
            action: self.action,
            room: batch.room,
            members: batch.members,
            reason: batch.reason,
            outcome,
            last_answer: batch
                .last_answer
                .unwrap_or_else(|| LastAnswer::NoAnswer(because())),
            attempts: batch.attempts,
            elapsed: if started {
                now.mono.saturating_sub(batch.first_start)
            } else {
                Duration::ZERO
            },
            time: now.wall,
        };
        self.tally.add(&settled);
        self.supply.settled(&settled);
        self.stop_at_max_failures();
        let closed = self
            .splits
            .settled(batch.root, batch.was_with_absent, &settled);
        self.news.push_back(News::Settled(settled));
        if let Some(closed) = closed {
            self.tally.maybe_removed += closed.maybe_removed as u64;
            for batch in closed.released {
                self.judge(now, batch, codes::INVALID_PARAMETER);
            }
        }
    }
}

/// `outcome`, unless an earlier request may have done something to them.
fn unless_unknown(batch: &Batch, outcome: Outcome) -> Outcome {
    match batch.undecided() {
        Outcome::Unknown => Outcome::Unknown,
        _ => outcome,
    }
}

/// 0 where there is no answer.
fn code_of(result: &Result<Answer, Error>) -> i64 {
    result.as_ref().map_or(0, |answer| answer.error_code)
}

fn asked(result: &Result<Answer, Error>) -> Option<Duration> {
    match result {
        Ok(answer) => answer.retry_after,
        Err(error) => error.retry_after(),
    }
}

fn why(result: &Result<Answer, Error>) -> String {
    match result {
        Err(error) => error.to_string(),
        Ok(answer) => match codes::row(answer.error_code) {
            Some(row) => format!("{} {}", row.code, row.meaning),
            None => format!("{} {}", answer.error_code, answer.error_info),
        },
    }
}
