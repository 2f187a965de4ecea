//! One request's worth of members, with what has happened to it so far.
//!
//! Members of a batch share their history: batches are halved, never merged.

use std::time::Duration;

use super::outcome::{LastAnswer, Outcome};
use crate::api::codes::Class;
use crate::api::{Answer, Error};
use crate::room::{Reason, RoomId, UserId};

/// Members of one room, 1 to 20, removed for one reason.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Where.
    pub room: RoomId,
    /// Why.
    pub reason: Reason,
    /// Who; never empty.
    pub members: Vec<UserId>,
    /// What the next try must not reuse.
    pub retry_with: RetryWith,
    /// Which (room, reason) of the plan.
    pub(super) group: u64,
    /// The batch that this one is a part of, if it was split.
    pub(super) root: Option<u64>,
    /// Requests that named these members, parents' included.
    pub(super) attempts: u32,
    /// Times that this very request was sent.
    pub(super) tries: u32,
    /// An earlier try may have taken effect.
    pub(super) doubt: bool,
    /// A request for a larger batch got one answer for all its members. What it
    /// did to each of these is not known.
    pub(super) answered_only_together: bool,
    /// One of those answers was that some member is not in the room.
    pub(super) was_with_absent: bool,
    /// When the first request left.
    pub(super) first_start: Duration,
    /// When the latest request left.
    pub(super) started: Duration,
    /// The latest answer, or what happened while there was none.
    pub(super) last_answer: Option<LastAnswer>,
}

/// What the next try must not reuse from the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryWith {
    /// Nothing has to change.
    AsBefore,
    /// The kept connection was dead.
    NewConnection,
    /// The service reported that the signature has expired.
    NewSignature,
}

impl Batch {
    /// A batch that was never sent.
    pub(super) fn new(group: u64, room: RoomId, reason: Reason, members: Vec<UserId>) -> Self {
        Self {
            room,
            reason,
            members,
            retry_with: RetryWith::AsBefore,
            group,
            root: None,
            attempts: 0,
            tries: 0,
            doubt: false,
            answered_only_together: false,
            was_with_absent: false,
            first_start: Duration::ZERO,
            started: Duration::ZERO,
            last_answer: None,
        }
    }

    /// How many requests have named these members.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// It leaves now.
    pub(super) fn start(&mut self, now: Duration) {
        if self.attempts == 0 {
            self.first_start = now;
        }
        self.started = now;
        self.attempts += 1;
        self.tries += 1;
    }

    /// It did not leave after all.
    pub(super) fn take_back(&mut self) {
        self.attempts -= 1;
        self.tries -= 1;
    }

    /// Keeps what came back. The codes shown are those of the last answer, so
    /// a failure without one does not hide an earlier answer.
    pub(super) fn note(&mut self, result: &Result<Answer, Error>) -> Class {
        let class = match result {
            Ok(answer) => {
                self.last_answer = Some(LastAnswer::Answer {
                    action_status: answer.action_status.clone(),
                    error_code: answer.error_code,
                    error_info: answer.error_info.clone(),
                    request_id: answer.request_id.clone(),
                });
                answer.class()
            }
            Err(error) => {
                if !matches!(self.last_answer, Some(LastAnswer::Answer { .. })) {
                    self.last_answer = Some(LastAnswer::NoAnswer(error.to_string()));
                }
                error.class()
            }
        };
        self.doubt |= class == Class::Doubt;
        class
    }

    /// The outcome when nothing more is sent and no answer decided it.
    pub(super) fn undecided(&self) -> Outcome {
        if self.doubt || self.answered_only_together {
            Outcome::Unknown
        } else {
            Outcome::Unsent
        }
    }
}
