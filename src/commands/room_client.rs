//! Single requests that only read one room, for `members`, `bans`, `info`, `doctor` and
//! the lists of `kick --all`.

use std::thread;
use std::time::{Duration, SystemTime};

use super::Context;
use super::reading::Reading;
use super::session::Session;
use crate::api::Client;
use crate::clock::Clock;
use crate::error::Error;
use crate::job::{DEFAULT_RATE, Pace};
use crate::output::Notes;
use crate::room::RoomId;
use crate::stdio::Stderr;

/// A client for one room and one request at a time.
#[derive(Debug)]
pub(super) struct RoomClient<'a> {
    pub(super) room: RoomId,
    pub(super) client: Client,
    pub(super) session: &'a Session,
    pub(super) context: &'a Context,
    pace: Pace,
    /// Notes are written above its line.
    reading: Option<&'a Reading<'a>>,
}

/// What a request returned, with its times.
#[derive(Debug)]
pub(super) struct Timed<T> {
    pub(super) result: T,
    /// This machine's time when the request started.
    pub(super) began: SystemTime,
    /// This machine's time when the result was there.
    pub(super) ended: SystemTime,
    pub(super) took: Duration,
}

impl<'a> RoomClient<'a> {
    pub(super) fn new(
        room: RoomId,
        session: &'a Session,
        context: &'a Context,
    ) -> Result<Self, Error> {
        Ok(Self {
            client: session.client(1)?,
            room,
            session,
            context,
            pace: Pace::new(DEFAULT_RATE, 1),
            reading: None,
        })
    }

    /// Before the first request; in requests per second.
    pub(super) fn set_rate(&mut self, rate: u32) {
        self.pace = Pace::new(rate, 1);
    }

    /// Sends one request with this API call, when the pace allows it.
    pub(super) fn send<T>(
        &mut self,
        api_call: &str,
        call: impl FnOnce(&Client, &RoomId, SystemTime) -> T,
    ) -> Timed<T> {
        self.wait_for_slot();
        let (request, room) = (
            self.client.endpoint().redacted_request(api_call),
            &self.room,
        );
        self.detail(&format!("> {request} room {room}"));
        let began = self.context.clock.now();
        let result = call(&self.client, &self.room, began.wall);
        let ended = self.context.clock.now();
        Timed {
            result,
            began: began.wall,
            ended: ended.wall,
            took: ended.mono.saturating_sub(began.mono),
        }
    }

    /// Reports the result of a request with `-v`.
    pub(super) fn report_result(&self, result: &str, took: Duration) {
        self.detail(&format!("< {result} ({} ms)", took.as_millis()));
    }

    /// From now on, notes are written above the line of `reading`.
    pub(super) fn show_notes_above(&mut self, reading: &'a Reading<'a>) {
        self.reading = Some(reading);
    }

    /// Time until the pace allows the next request.
    pub(super) fn time_to_slot(&mut self) -> Duration {
        let now = self.context.clock.now().mono;
        self.pace.next_slot(now, true).saturating_sub(now)
    }

    /// The service's frequency limit applies to these requests too.
    fn wait_for_slot(&mut self) {
        thread::sleep(self.time_to_slot());
        self.pace.take_slot(self.context.clock.now().mono);
    }

    fn detail(&self, text: &str) {
        self.write_note(|notes| notes.detail(text));
    }

    /// Writes notes.
    pub(super) fn write_note(&self, write: impl FnOnce(&mut Notes<Stderr>)) {
        match self.reading {
            Some(reading) => reading.write_note(write),
            None => write(&mut self.context.notes()),
        }
    }
}
