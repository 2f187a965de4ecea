//! What goes into the engine, and what comes out of it.

use std::time::Duration;

use crate::api::{Answer, Error};
use crate::job::event::SkippedRow;
use crate::job::outcome::Stop;
use crate::job::pace::PaceNews;
use crate::job::room_list::Request;
use crate::room::{Reason, RoomId, UserId};

/// What the engine learns.
#[derive(Debug)]
pub(crate) enum Message {
    /// A request came back.
    Answered(Request, Box<Result<Answer, Error>>),
    /// A row of a live feed.
    Row {
        room: RoomId,
        reason: Reason,
        user: UserId,
        /// Since it has arrived.
        waited: Duration,
    },
    /// A row of a live feed that names no member: its position and the reason.
    /// It counts as a refused member.
    BadRow(String),
    /// A row of a live feed that is not sent.
    SkippedRow(SkippedRow),
    /// The live feed has ended.
    EndOfRows,
    /// The thread of a shared pace has news for it.
    Pace(PaceNews),
    /// Start no more requests.
    Stop(Stop),
}

/// What to do now.
#[derive(Debug)]
pub(crate) enum Next {
    /// Send this, and bring the answer back as a message. The listener has
    /// recorded it already.
    Start(Request),
    /// Wait for a message, at most until this monotonic reading, then ask again.
    Wait(Option<Duration>),
    /// Everything is settled, unless another message comes.
    Finished,
}
