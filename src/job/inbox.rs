//! The one channel of a running job, and the handles that others have to it.

use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use super::batch::Batch;
use super::stop::Stop;
use crate::api::{Answer, Error};
use crate::room::{Reason, RoomId, UserId};

/// Rows that a live feed's reader may be ahead of the engine.
const ROWS_AHEAD: usize = 512;

/// What arrives while a job runs.
#[derive(Debug)]
pub(super) enum Message {
    /// A request came back.
    Answered {
        /// Which worker is idle again; None where it was sent without one.
        worker: Option<usize>,
        batch: Box<Batch>,
        result: Result<Answer, Error>,
    },
    Stop(Stop),
    Row(RoomId, Reason, UserId),
    BadRow(String),
    SkippedRow(String),
    EndOfRows,
}

/// The engine's end of the channel.
#[derive(Debug)]
pub struct Inbox {
    sender: Sender<Message>,
    receiver: Receiver<Message>,
    /// Tells the reader of a live feed that it may read one more row.
    permits: Option<Sender<()>>,
    /// Rows taken in for which no permit went out yet.
    owed: usize,
}

/// Lets another thread stop the job.
#[derive(Debug, Clone)]
pub struct Stopper(Sender<Message>);

impl Stopper {
    /// Start nothing more; what is in flight finishes.
    pub fn stop(&self, why: Stop) {
        // No receiver: the job is over.
        let _ = self.0.send(Message::Stop(why));
    }
}

/// The reader's end, for a live feed.
#[derive(Debug)]
pub struct Feeder {
    sender: Sender<Message>,
    permits: Receiver<()>,
}

impl Feeder {
    /// Hands a row over, as soon as the engine can take it; false when the job
    /// is over.
    pub fn row(&self, room: RoomId, reason: Reason, user: UserId) -> bool {
        self.send(Message::Row(room, reason, user))
    }

    /// Hands over why a row names nobody.
    pub fn bad_row(&self, why: String) -> bool {
        self.send(Message::BadRow(why))
    }

    /// Hands over whose row was left out, and why.
    pub fn skipped_row(&self, said: String) -> bool {
        self.send(Message::SkippedRow(said))
    }

    fn send(&self, message: Message) -> bool {
        self.permits.recv().is_ok() && self.sender.send(message).is_ok()
    }
}

/// The feed ends with its reader, however that ends.
impl Drop for Feeder {
    fn drop(&mut self) {
        // No receiver: the job is over.
        let _ = self.sender.send(Message::EndOfRows);
    }
}

impl Default for Inbox {
    fn default() -> Self {
        Self::new()
    }
}

impl Inbox {
    /// A channel for one job.
    pub fn new() -> Self {
        let (sender, receiver) = mpsc::channel();
        Self {
            sender,
            receiver,
            permits: None,
            owed: 0,
        }
    }

    /// A handle that stops the job.
    pub fn stopper(&self) -> Stopper {
        Stopper(self.sender.clone())
    }

    /// A handle for the reader of a live feed.
    pub fn feeder(&mut self) -> Feeder {
        let (permit, permits) = mpsc::channel();
        self.permits = Some(permit);
        self.owed = ROWS_AHEAD;
        self.permit(true);
        Feeder {
            sender: self.sender.clone(),
            permits,
        }
    }

    pub(super) fn sender(&self) -> Sender<Message> {
        self.sender.clone()
    }

    /// The next message, or `None` when the limit has passed.
    pub(super) fn receive(&mut self, limit: Option<Duration>) -> Option<Message> {
        let message = match limit {
            None => self.receiver.recv().ok(),
            Some(limit) => self.receiver.recv_timeout(limit).ok(),
        };
        let is_row = matches!(
            message,
            Some(Message::Row(..) | Message::BadRow(_) | Message::SkippedRow(_))
        );
        self.owed += usize::from(is_row);
        message
    }

    /// Lets the reader of a live feed go on, when the engine wants rows.
    pub(super) fn permit(&mut self, wanted: bool) {
        if let Some(permits) = self.permits.as_ref().filter(|_| wanted) {
            for _ in 0..std::mem::take(&mut self.owed) {
                // No receiver: the feed is over.
                let _ = permits.send(());
            }
        }
    }
}
