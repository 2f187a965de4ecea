//! The events that the engine reports while a job runs. Results, notes, the
//! progress bar and the journal all follow from them.

use std::io;
use std::time::Duration;

use super::batch::Batch;
use super::outcome::Tally;
use super::outcome::{Settled, Stop};
use super::pace::RateChange;
use super::room_list::RoomRead;
use crate::api::{Answer, Error};
use crate::room::{Reason, RoomId, UserId};

/// Receives every event, in order. An error stops the job.
pub(crate) type Listener<'a> = dyn FnMut(&Event<'_>) -> Result<(), ListenerError> + 'a;

/// One thing that happened.
#[derive(Debug)]
pub(crate) enum Event<'a> {
    /// This request is about to be sent. The journal writes its record now,
    /// before the request. If that fails, the request is not sent.
    Starting(&'a Batch),
    /// This request, which reads a room, is about to be sent.
    Reading(&'a RoomRead),
    /// What a member list is worth, for `-v`.
    RoomNote(&'a str),
    /// A request came back.
    Answered {
        result: &'a Result<Answer, Error>,
        took: Duration,
    },
    /// A request failed and will be sent again.
    Retry(&'a Retry),
    /// Members reached their outcome.
    Settled(&'a Settled),
    /// A row of a live feed names no member: its position and the reason.
    BadRow(&'a str),
    /// A row of a live feed is not sent.
    SkippedRow(&'a SkippedRow),
    /// The limit of requests in flight, and not the rate, decides how fast the job
    /// is. Reported once.
    HeldByConcurrency,
    /// The rate that is shared with other processes was lost, or is back.
    RateChange(&'a RateChange),
    /// Every member is settled, and the member lists of all rooms are read once more.
    Verifying,
    /// Members of this job that are in their room after the last answer, at most as many
    /// as a request has, with one reason. Before the room's [`Event::RoomVerified`].
    InRoom(&'a InRoom),
    /// A room was read once more, and what its list is worth.
    RoomVerified(&'a RoomId, &'a ListCheck),
    /// The interval of the progress display has passed.
    Tick(Tally),
    /// No further request starts: after a stop, or at the end. Reported once.
    /// After a signal, a second one may end the process at any moment, so
    /// results that are still held back must be shown now.
    Closing {
        stop: Option<Stop>,
        /// Requests whose answers are still awaited.
        in_flight: usize,
    },
}

/// What a live feed has that is not sent, and is not refused either.
#[derive(Debug)]
pub(crate) enum SkippedRow {
    /// The position of a row that names a protected member, and the pattern.
    Protected(String),
    /// Lines that belong to the bad row before them, and what they are.
    Lines(String),
}

/// Members on the list of their room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InRoom {
    pub(crate) room: RoomId,
    pub(crate) members: Vec<UserId>,
    pub(crate) reason: Reason,
}

/// What the list of a room that was read once more is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ListCheck {
    /// Members that are not on it are not in the room.
    Complete,
    /// It was refused, or it is not complete: why. Another try would not help.
    NoProof(String),
    /// A request got no usable answer after all its tries: why.
    NoAnswer(String),
    /// The job was stopped before the end of the list.
    Stopped,
}

/// A retry that will come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Retry {
    /// Counted from 1.
    pub(crate) number: u32,
    /// The limit, `--retries`.
    pub(crate) max: u32,
    pub(crate) delay: Duration,
    /// What went wrong with the request.
    pub(crate) why: String,
}

/// Why a listener could not handle an event.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ListenerError {
    /// The reader of the results has closed them. This is not a failure, but no
    /// further request is needed.
    #[error("the output was closed")]
    OutputClosed,
    /// Results or records could not be written.
    #[error("cannot write a record or a result: {0}")]
    NotWritten(io::Error),
}
