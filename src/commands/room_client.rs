//! Single requests about one room that only read it: for `members`, `bans`, `info`,
//! `doctor`, and the lists of `kick --all`. It keeps the pace and reports each request and
//! its result with `-v`. It does not retry; its callers may.

use std::thread;
use std::time::{Duration, SystemTime};

use super::Context;
use super::session::Session;
use crate::api::Client;
use crate::clock::Clock;
use crate::error::Error;
use crate::job::{DEFAULT_RATE, Pace};
use crate::room::RoomId;

/// A client for one room and one request at a time.
#[derive(Debug)]
pub(super) struct RoomClient<'a> {
    pub(super) room: RoomId,
    pub(super) client: Client,
    pub(super) session: &'a Session,
    pub(super) context: &'a Context,
    pace: Pace,
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
        })
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

    /// The service's frequency limit applies to these requests too.
    fn wait_for_slot(&mut self) {
        let now = self.context.clock.now().mono;
        thread::sleep(self.pace.next_slot().saturating_sub(now));
        self.pace.take_slot(self.context.clock.now().mono);
    }

    fn detail(&self, text: &str) {
        self.context.notes().detail(text);
    }
}
