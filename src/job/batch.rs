//! A batch: the members of one request, and what has happened to them so far.
//!
//! All members of a batch share this history. A batch may be halved, but two
//! batches are never merged.

use std::time::Duration;

use super::outcome::{LastAnswer, Outcome};
use crate::api::codes::Class;
use crate::api::{Answer, Error};
use crate::room::{Reason, RoomId, UserId};

/// 1 to 20 members of one room, with one reason.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The room.
    pub room: RoomId,
    /// The reason that is sent with them.
    pub reason: Reason,
    /// Never empty.
    pub members: Vec<UserId>,
    /// How often this batch was sent. Parts of it begin anew.
    pub(crate) tries: Tries,
    /// Number of the group in the plan, or a hash of (room, reason) in a feed.
    pub(super) group: u64,
    /// The split that this batch is a part of.
    pub(super) split: Option<u64>,
    /// Requests that named these members, larger batches included.
    pub(super) attempts: u32,
    /// An earlier try may have taken effect.
    pub(super) in_doubt: bool,
    /// A request for a larger batch got one answer for all its members. What it
    /// did to each of these is not known.
    pub(super) answered_only_together: bool,
    /// One of those answers was that some member is not in the room.
    pub(super) got_absent_answer: bool,
    /// Whether these members are on the room's member list, if one was read and can
    /// be trusted.
    pub(super) on_list: Option<bool>,
    /// When the first request that named these members started.
    pub(super) first_start: Duration,
    pub(super) last_answer: Option<LastAnswer>,
    /// Why the latest try had no answer; none if it had one.
    pub(super) last_failure: Option<String>,
}

/// How often a request was sent, and what the next try needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tries {
    pub(crate) retry_with: RetryWith,
    /// How often it was sent.
    pub(super) count: u32,
    /// Tries that [`Class::RetryOnce`] has given, at most 1.
    pub(super) account_retries: u32,
    /// When the latest one started.
    pub(super) started: Duration,
}

/// What the next try must not reuse from the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RetryWith {
    /// Nothing has to change.
    AsBefore,
    /// The kept connection was dead.
    NewConnection,
    /// The service reported that the signature has expired.
    NewSignature,
}

impl Tries {
    pub(super) const NONE: Self = Self {
        retry_with: RetryWith::AsBefore,
        count: 0,
        account_retries: 0,
        started: Duration::ZERO,
    };

    pub(super) fn start(&mut self, now: Duration) {
        self.started = now;
        self.count += 1;
    }
}

impl Batch {
    /// A batch that was never sent.
    pub(super) fn new(group: u64, room: RoomId, reason: Reason, members: Vec<UserId>) -> Self {
        Self {
            room,
            reason,
            members,
            tries: Tries::NONE,
            group,
            split: None,
            attempts: 0,
            in_doubt: false,
            answered_only_together: false,
            got_absent_answer: false,
            on_list: None,
            first_start: Duration::ZERO,
            last_answer: None,
            last_failure: None,
        }
    }

    /// How many requests have named these members.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Counts a request that starts now.
    pub fn start(&mut self, now: Duration) {
        if self.attempts == 0 {
            self.first_start = now;
        }
        self.attempts += 1;
        self.tries.start(now);
    }

    /// Reverts [`Self::start`]: the request was not sent.
    pub(super) fn revert_start(&mut self) {
        self.attempts -= 1;
        self.tries.count -= 1;
    }

    /// Records the result of a request. `last_answer` is what the service
    /// answered last: a failure without an answer does not replace it.
    pub(super) fn record(&mut self, result: &Result<Answer, Error>) -> Class {
        self.last_failure = result.as_ref().err().map(Error::to_string);
        let class = match result {
            Ok(answer) => {
                self.last_answer = Some(LastAnswer::of(answer));
                answer.class()
            }
            Err(error) => {
                if !matches!(self.last_answer, Some(LastAnswer::Answer { .. })) {
                    self.last_answer = Some(LastAnswer::NoAnswer(error.to_string()));
                }
                error.class()
            }
        };
        self.in_doubt |= class == Class::Doubt;
        class
    }

    /// The outcome when no answer decided it and nothing more is sent.
    pub(super) fn undecided_outcome(&self) -> Outcome {
        if self.in_doubt || self.answered_only_together {
            Outcome::Unknown
        } else {
            Outcome::Unsent
        }
    }

    /// `outcome`, or unknown if an earlier request may have had an effect.
    pub(super) fn unless_unknown(&self, outcome: Outcome) -> Outcome {
        match self.undecided_outcome() {
            Outcome::Unknown => Outcome::Unknown,
            _ => outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch() -> Batch {
        let room = RoomId::parse("room").expect("a room");
        let reason = Reason::parse("x").expect("a reason");
        Batch::new(1, room, reason, Vec::new())
    }

    #[test]
    fn the_first_start_stays_and_a_start_can_be_reverted() {
        let mut batch = batch();
        batch.start(Duration::from_secs(1));
        batch.start(Duration::from_secs(2));
        assert_eq!(batch.first_start, Duration::from_secs(1));
        assert_eq!(batch.tries.started, Duration::from_secs(2));
        assert_eq!((batch.attempts(), batch.tries.count), (2, 2));
        batch.revert_start();
        batch.revert_start();
        assert_eq!((batch.attempts(), batch.tries.count), (0, 0));
    }

    #[test]
    fn a_failure_replaces_a_failure_and_never_an_answer() {
        let mut batch = batch();
        let throttled = Error::Throttled { retry_after: None };
        for failure in [throttled, Error::Panicked] {
            let text = failure.to_string();
            batch.record(&Err(failure));
            let last = batch.last_answer.clone();
            assert_eq!(last, Some(LastAnswer::NoAnswer(text)));
        }
        batch.record(&Ok(Answer::of_code(60_007)));
        batch.record(&Err(Error::Panicked));
        let last = batch.last_answer.as_ref().expect("an answer");
        assert_eq!(last.error_code(), Some(60_007));
        assert_eq!(batch.last_failure, Some(Error::Panicked.to_string()));
        batch.record(&Ok(Answer::of_code(60_007)));
        assert_eq!(batch.last_failure, None);
    }
}
