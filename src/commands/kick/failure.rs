//! What the report at the end needs about members without success: how many there
//! are of each cause, by outcome.

use std::collections::HashMap;
use std::path::Path;

use super::verify::VerifiedRooms;
use crate::api::Error;
use crate::api::codes::{self, Class};
use crate::commands::refusal::{self, ClockSkew};
use crate::file_name::display_path;
use crate::job::{LastAnswer, Outcome, Settled};
use crate::room::RoomId;

/// More kinds of answers are not counted apart: memory stays bounded, whatever a
/// service answers.
const MAX_KINDS: usize = 64;

/// What is known about members without success.
#[derive(Debug, Default)]
pub(super) struct FailureDetails {
    /// The answer for the first such member; an answer about credentials comes
    /// before any other.
    pub(super) answer: Option<LastAnswer>,
    /// The latest answer about credentials.
    pub(super) rejection: Option<LastAnswer>,
    pub(super) refused: Causes,
    /// Absent, and for a ban also gone.
    pub(super) absent: Causes,
    /// Unknown and unsent.
    pub(super) open: Causes,
    /// The room of the first member without success.
    pub(super) room: Option<RoomId>,
    /// The first row of a live feed that could not be used.
    pub(super) bad_row: Option<String>,
    /// The latest request without an answer of the service.
    pub(super) error: Option<Error>,
    /// By their text: requests without an answer of the service.
    errors: HashMap<String, Error>,
    /// How far the clocks differ, if the service called a signature expired.
    pub(super) skew: Option<ClockSkew>,
}

/// What decided about members with one outcome, the last answer or the failure of the
/// last try, and how many members each has.
#[derive(Debug, Default)]
pub(super) struct Causes(Vec<Cause>);

/// One code, or one text where there is no answer.
#[derive(Debug)]
pub(super) struct Cause {
    pub(super) answer: LastAnswer,
    /// Of the first member.
    pub(super) room: RoomId,
    members: usize,
}

impl FailureDetails {
    /// Counts members without success.
    pub(super) fn add(&mut self, settled: &Settled) {
        let answer = &settled.last_answer;
        self.room.get_or_insert_with(|| settled.room.clone());
        let is_credentials = |answer: &LastAnswer| {
            let class = answer.error_code().map(codes::class);
            class.is_some_and(Class::rejects_credentials)
        };
        let replaces = match &self.answer {
            None => true,
            Some(first) => is_credentials(answer) && !is_credentials(first),
        };
        if replaces {
            self.answer = Some(answer.clone());
        }
        match settled.outcome {
            Outcome::Refused => self.refused.add(settled, answer),
            Outcome::Unknown | Outcome::Unsent => match &settled.last_failure {
                Some(why) => self.open.add(settled, &LastAnswer::NoAnswer(why.clone())),
                None => self.open.add(settled, answer),
            },
            Outcome::Done | Outcome::Gone | Outcome::Absent => self.absent.add(settled, answer),
        }
    }

    /// A request had no answer of the service.
    pub(super) fn no_answer(&mut self, error: &Error) {
        self.error = Some(error.clone());
        if self.errors.len() < MAX_KINDS {
            self.errors.insert(error.to_string(), error.clone());
        }
    }

    /// Why members were refused; a bad row of a feed counts as one.
    pub(super) fn refused_in_words(&self) -> String {
        let words = self.refused.in_words();
        words.or(self.bad_row.clone()).unwrap_or_default()
    }

    /// The remedy of rows of a feed that could not be used, and of the lines that were
    /// skipped after them. Nothing else names their members.
    pub(super) fn bad_row_remedy(&self, failed_to: Option<&Path>) -> Option<String> {
        const REMEDY: &str = "fix the rows reported above and send them again";
        self.bad_row.as_ref()?;
        Some(match failed_to {
            Some(path) => format!("{REMEDY}: {} does not have them", display_path(path)),
            None => REMEDY.into(),
        })
    }

    /// The remedy if members are absent and nothing else is wrong.
    pub(super) fn absence_remedy(&self) -> &'static str {
        let cause = self.absent.most_frequent();
        match cause.and_then(|cause| cause.answer.error_code()) {
            Some(code) => codes::meaning_and_remedy(code).1,
            // Earlier runs found members absent, or the member list of a room did.
            None => "--ignore-absent counts absent members as success",
        }
    }

    /// The remedy if most of the members that are not settled had no answer.
    pub(super) fn open_remedy(&self) -> Option<String> {
        match &self.open.most_frequent()?.answer {
            LastAnswer::NoAnswer(why) => self.errors.get(why).and_then(Error::remedy),
            LastAnswer::Answer { .. } => None,
        }
    }

    /// The remedy of a list that `--verify` could not read.
    pub(super) fn read_remedy(&self, verification: &VerifiedRooms) -> Option<String> {
        let error = self.error.as_ref().filter(|_| verification.is_open());
        error.and_then(Error::remedy)
    }
}

impl Causes {
    fn add(&mut self, settled: &Settled, answer: &LastAnswer) {
        let members = settled.members.len();
        let is_same = |known: &LastAnswer| match (known, answer) {
            (LastAnswer::NoAnswer(known), LastAnswer::NoAnswer(why)) => known == why,
            _ => known.error_code() == answer.error_code(),
        };
        if let Some(cause) = self.0.iter_mut().find(|cause| is_same(&cause.answer)) {
            cause.members += members;
        } else if self.0.len() < MAX_KINDS {
            self.0.push(Cause {
                answer: answer.clone(),
                room: settled.room.clone(),
                members,
            });
        }
    }

    /// Of equally frequent ones, the first.
    pub(super) fn most_frequent(&self) -> Option<&Cause> {
        self.0.iter().rev().max_by_key(|cause| cause.members)
    }

    /// The most frequent one in words.
    pub(super) fn in_words(&self) -> Option<String> {
        let words = described(&self.most_frequent()?.answer);
        Some(match self.0.len() {
            1 => words,
            _ => format!("most often {words}"),
        })
    }
}

/// An answer in words.
pub(super) fn described(answer: &LastAnswer) -> String {
    match answer {
        LastAnswer::NoAnswer(why) => why.clone(),
        LastAnswer::Answer {
            error_code,
            action_status,
            error_info,
            ..
        } => refusal::describe_code(*error_code, action_status.as_deref(), error_info),
    }
}

/// The thread that reads a live feed has panicked. What was not read is reported with it.
pub(super) const FEED_LOST: &str = "a defect of roomctl ended the reading of the feed";

/// What to do about it, after sending the rest again.
pub(super) const FEED_LOST_HINT: &str =
    "if it fails again, remove the first of those rows, and report the defect";
