//! What the engine tells while it runs; screen and records listen to the same.

use super::stop::Stop;
use std::time::Duration;

use super::batch::Batch;
use super::outcome::Settled;
use super::tally::Tally;
use crate::api::{Answer, Error};

/// One thing that happened.
#[derive(Debug)]
pub enum Event<'a> {
    /// This request is about to leave; a record of it comes before it does.
    Starting(&'a Batch),
    /// It came back.
    Answered {
        /// What was sent.
        batch: &'a Batch,
        /// What came back.
        result: &'a Result<Answer, Error>,
        /// How long that took.
        took: Duration,
    },
    /// It failed and will be repeated.
    Retry(&'a Retry),
    /// Members reached their outcome.
    Settled(&'a Settled),
    /// A row of a live feed names nobody: where and why.
    BadRow(&'a str),
    /// A row of a live feed is protected: whose, and by what.
    SkippedRow(&'a str),
    /// Time to show how far things are.
    Tick(Tally),
    /// No request starts any more, for a signal, another stop or the end: what
    /// waits is to be shown. Told once; a second signal may end the process at
    /// any moment after it.
    Closing {
        /// What stopped it, if anything did.
        stop: Option<Stop>,
        /// Requests that will still have their answers.
        in_flight: usize,
    },
}

/// A repetition to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// Counted from 1.
    pub number: u32,
    /// Most repetitions of this request.
    pub of: u32,
    /// How long from now.
    pub delay: Duration,
    /// What went wrong.
    pub why: String,
}

/// Why a listener could not take an event in.
#[derive(Debug, thiserror::Error)]
pub enum ListenerError {
    /// The reader of the results has closed them. This is not a failure, but no
    /// further request is needed.
    #[error("the output was closed")]
    OutputClosed,
    /// Results or records could not be written.
    #[error("cannot keep a record: {0}")]
    NotWritten(std::io::Error),
}
