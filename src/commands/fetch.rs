//! Gets a room's members, bans or properties: with kick's retries, pace, hints and
//! exit codes, page by page. For the commands that only read, and for `kick --all`.
//!
//! A plain loop, not the engine: there is one request at a time, and nothing to
//! record. For a job, [`Reading`] ends it at a signal and at the deadline. Without, a
//! signal ends the process at once.

use std::fmt::Display;
use std::mem;
use std::thread;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::api::codes::{self, Class};
use crate::api::queries::{BAN_LIST, MEMBER_LIST, ROOM_INFO};
use crate::api::{self, Answer, Client, EndlessList, JsonObject, ListPage, PageGuard, QueryAnswer};
use crate::commands::Context;
use crate::commands::reading::Reading;
use crate::commands::refusal::{self, ClockSkew};
use crate::commands::room_client::RoomClient;
use crate::commands::session::Session;
use crate::error::Error;
use crate::exit::Exit;
use crate::job::{self, DEFAULT_RETRIES, Retry};
use crate::room::RoomId;
use crate::streams::OutputStyle;

/// A list with more pages than this gets a limit of its own for its items.
const MANY_PAGES: usize = 20;

/// Gets the data of one room.
#[derive(Debug)]
pub(super) struct Fetcher<'a> {
    client: RoomClient<'a>,
    /// Most retries of one request.
    retries: u32,
    has_renewed_signature: bool,
    reading: Option<&'a Reading<'a>>,
}

/// Takes a page of a list: its items, and what stands in place of the names that
/// cannot be sent. Returns false if no more are wanted.
pub(super) trait AddPage: FnMut(Vec<JsonObject>, Vec<Value>) -> Result<bool, Error> {}

impl<F: FnMut(Vec<JsonObject>, Vec<Value>) -> Result<bool, Error>> AddPage for F {}

/// How the reading of a list ended.
#[derive(Debug)]
pub(super) struct ListEnd {
    api_call: &'static str,
    /// Why the reading was ended before the list was.
    pub(super) endless: Option<EndlessList>,
    /// Pages that were read.
    pub(super) pages: usize,
    /// Entries that name nobody.
    pub(super) nameless: usize,
}

/// A try that did not return the data.
#[derive(Debug)]
enum FailedTry {
    Refused(Answer),
    NoAnswer(api::Error),
}

/// What to do after a failed try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NextStep {
    GiveUp,
    /// Retry after a pause.
    Wait,
    /// Retry at once on a new connection, because the kept one was dead.
    Reconnect,
    /// Retry at once with a new signature.
    RenewSignature,
}

impl<'a> Fetcher<'a> {
    pub(super) fn new(
        room: RoomId,
        session: &'a Session,
        context: &'a Context,
    ) -> Result<Self, Error> {
        Ok(Self {
            client: RoomClient::new(room, session, context)?,
            retries: DEFAULT_RETRIES,
            has_renewed_signature: false,
            reading: None,
        })
    }

    /// The same with another rate, in requests per second, and number of retries.
    pub(super) fn with_limits(mut self, rate: u32, retries: u32) -> Self {
        self.client.set_rate(rate);
        Self { retries, ..self }
    }

    /// The same for a job, which ends the reading at a signal and at its deadline.
    pub(super) fn for_job(mut self, reading: &'a Reading<'a>) -> Self {
        self.client.show_notes_above(reading);
        self.reading = Some(reading);
        self
    }

    /// Goes to another room.
    pub(super) fn go_to(&mut self, room: RoomId) {
        if let Some(reading) = self.reading {
            reading.enter(&room);
        }
        self.client.room = room;
    }

    pub(super) fn room(&self) -> &RoomId {
        &self.client.room
    }

    pub(super) fn style(&self) -> OutputStyle {
        self.client.context.style
    }

    /// Gets every page of the member list, until `add` returns false.
    pub(super) fn members(&mut self, add: impl AddPage) -> Result<ListEnd, Error> {
        self.pages(
            MEMBER_LIST,
            |client, room, next: &String, now, new_connection| {
                client.get_room_member_list(room, next, now, new_connection)
            },
            Self::max_members,
            add,
        )
    }

    /// Gets every page of the list of bans, until `add` returns false.
    pub(super) fn bans(&mut self, add: impl AddPage) -> Result<ListEnd, Error> {
        self.pages(
            BAN_LIST,
            |client, room, offset: &u64, now, new_connection| {
                client.get_banned_member_list(room, *offset, now, new_connection)
            },
            // Nothing says how many. A room may have more bans than members.
            |_| None,
            add,
        )
    }

    /// The properties of the room.
    pub(super) fn info(&mut self) -> Result<JsonObject, Error> {
        self.fetch(ROOM_INFO, |client, room, now, new_connection| {
            client.get_room_info(room, now, new_connection)
        })
    }

    /// `max` returns the largest number of items if it is known, and is called for a
    /// list with many pages only.
    fn pages<C: Clone + Default + Display>(
        &mut self,
        api_call: &'static str,
        call: impl Fn(
            &Client,
            &RoomId,
            &C,
            SystemTime,
            bool,
        ) -> Result<QueryAnswer<ListPage<C>>, api::Error>,
        max: impl Fn(&mut Self) -> Option<usize>,
        mut add: impl AddPage,
    ) -> Result<ListEnd, Error> {
        let mut at = C::default();
        let mut guard = PageGuard::new(&at.to_string());
        loop {
            let page = self.fetch(api_call, |client, room, now, new_connection| {
                call(client, room, &at, now, new_connection)
            })?;
            let is_new = guard.add(&page.items, page.unusable.len());
            if let Some(reading) = self.reading {
                reading.add_page(guard.entries());
            } else if guard.pages() == MANY_PAGES && page.next.is_some() {
                let text = format!("a long list: {} names so far", guard.items());
                self.client.context.notes().info_on_terminal(&text);
            }
            if guard.pages() == MANY_PAGES
                && page.next.is_some()
                && let Some(most) = max(self)
            {
                guard.limit_items(most);
            }
            let followed = page
                .next
                .as_ref()
                .map(|next| guard.follow(&next.to_string()));
            let is_endless = matches!(followed, Some(Err(_)));
            let (pages, nameless) = (guard.pages(), guard.nameless());
            let list_end = |endless| ListEnd {
                api_call,
                endless,
                pages,
                nameless,
            };
            if (is_new || !is_endless) && !add(page.items, page.unusable)? {
                return Ok(list_end(None));
            }
            match (page.next, followed) {
                (Some(next), Some(Ok(()))) => at = next,
                (_, Some(Err(why))) => return Ok(list_end(Some(why))),
                _ => return Ok(list_end(None)),
            }
        }
    }

    /// How many members the list can have, and some more, because members come and go
    /// while its pages are read. It is asked once, without retries: the list can be
    /// read without it.
    fn max_members(&mut self) -> Option<usize> {
        self.wait_to_start(false).ok()?;
        let info = self.client.send(ROOM_INFO, |client, room, now| {
            client.get_room_info(room, now, false)
        });
        let Ok(QueryAnswer::Data(info)) = info.result else {
            return None;
        };
        let count = api::member_count(&info).filter(|count| *count > 0)?;
        Some(count.saturating_mul(2).saturating_add(200))
    }

    /// Gets the data of one request; retries while that may help.
    fn fetch<T>(
        &mut self,
        api_call: &str,
        call: impl Fn(&Client, &RoomId, SystemTime, bool) -> Result<QueryAnswer<T>, api::Error>,
    ) -> Result<T, Error> {
        let (mut tries, mut new_connection) = (0, false);
        let mut has_waited_for_account = false;
        loop {
            self.wait_to_start(tries > 0)?;
            let timed = self.client.send(api_call, |client, room, now| {
                call(client, room, now, new_connection)
            });
            tries += 1;
            let failed = match timed.result {
                Ok(QueryAnswer::Data(data)) => {
                    self.client.report_result("OK", timed.took);
                    return Ok(data);
                }
                Ok(QueryAnswer::Failed(answer)) => FailedTry::Refused(answer),
                Err(error) => FailedTry::NoAnswer(error),
            };
            self.client.report_result(&failed.describe(), timed.took);
            let mut next_step = self.next_step(&failed, tries, new_connection);
            if failed.class() == Class::RetryOnce && mem::replace(&mut has_waited_for_account, true)
            {
                next_step = NextStep::GiveUp;
            }
            new_connection = next_step == NextStep::Reconnect;
            match next_step {
                NextStep::GiveUp => return Err(self.error(&failed, api_call, timed.began)),
                NextStep::RenewSignature => {
                    self.has_renewed_signature = true;
                    self.client.client.renew_signature();
                }
                NextStep::Wait => self.pause(&failed, tries)?,
                NextStep::Reconnect => {}
            }
        }
    }

    fn next_step(&self, failed: &FailedTry, tries: u32, new_connection: bool) -> NextStep {
        if tries > self.retries {
            return NextStep::GiveUp;
        }
        let can_renew_signature =
            !self.has_renewed_signature && self.client.session.can_renew_signature();
        match failed.class() {
            Class::Credentials if failed.is_expired_signature() && can_renew_signature => {
                NextStep::RenewSignature
            }
            Class::Credentials | Class::Never | Class::Done => NextStep::GiveUp,
            Class::Retry | Class::RetryOnce | Class::Slow | Class::Doubt => match failed {
                FailedTry::NoAnswer(api::Error::Lost { kept: true, .. }) if !new_connection => {
                    NextStep::Reconnect
                }
                _ => NextStep::Wait,
            },
        }
    }

    /// Waits until the pace allows a request. An error if none may start any more.
    fn wait_to_start(&mut self, is_retry: bool) -> Result<(), Error> {
        let Some(reading) = self.reading else {
            return Ok(());
        };
        reading.pause(self.client.time_to_slot())?;
        reading.start_request(is_retry)
    }

    fn pause(&self, failed: &FailedTry, tries: u32) -> Result<(), Error> {
        let delay = if failed.class() == Class::RetryOnce {
            codes::ACCOUNT_CHECK_PAUSE
        } else {
            job::retry_delay(tries, failed.retry_after(), rand::random())
        };
        let retry = Retry {
            number: tries,
            max: self.retries,
            delay,
            why: failed.describe(),
        };
        self.client.write_note(|notes| notes.retry(&retry));
        if let Some(reading) = self.reading {
            return reading.pause(delay);
        }
        thread::sleep(delay);
        Ok(())
    }

    fn error(&self, failed: &FailedTry, api_call: &str, now: SystemTime) -> Error {
        // The codes are described for members.
        let what = if api_call == ROOM_INFO {
            "this room"
        } else {
            "the list"
        };
        let why = failed.describe();
        let why = why.replace(
            "no permission for this member",
            &format!("no permission to read {what}"),
        );
        let (exit, message) = match failed.class() {
            Class::Credentials | Class::RetryOnce => (
                Exit::Credentials,
                format!("the service rejected the credentials: {why}"),
            ),
            Class::Never => (Exit::Refused, format!("the service refused: {why}")),
            Class::Done | Class::Retry | Class::Slow | Class::Doubt => {
                (Exit::Unreachable, format!("no usable answer: {why}"))
            }
        };
        let hints = match failed {
            FailedTry::NoAnswer(error) => error.remedy().into_iter().collect(),
            FailedTry::Refused(answer) if answer.error_code == codes::NO_PERMISSION => {
                vec![
                    "the calling account must be an administrator of the app: check --identifier"
                        .into(),
                ]
            }
            FailedTry::Refused(answer) => {
                let skew = ClockSkew::of_answer(answer, now);
                refusal::hints(answer.error_code, &self.client.session.settings, skew)
            }
        };
        Error::service(exit, message, &hints)
    }
}

impl FailedTry {
    fn class(&self) -> Class {
        match self {
            Self::Refused(answer) => answer.class(),
            Self::NoAnswer(error) => error.class(),
        }
    }

    fn is_expired_signature(&self) -> bool {
        matches!(self, Self::Refused(answer) if codes::is_expired_signature(answer.error_code))
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(answer) => answer.retry_after,
            Self::NoAnswer(error) => error.retry_after(),
        }
    }

    fn describe(&self) -> String {
        match self {
            Self::Refused(answer) => refusal::describe_answer(answer),
            Self::NoAnswer(error) => error.to_string(),
        }
    }
}

impl ListEnd {
    /// Fails if the reading was ended because the pages had no end.
    pub(super) fn complete(self) -> Result<(), Error> {
        let Some(why) = self.endless else {
            return Ok(());
        };
        let message = format!("the pages of {} {why}", self.api_call);
        let hint = "the list may not be complete; run the same command again, and if it stays, check \
                    --endpoint and the proxy";
        let hints = [hint.to_owned()];
        Err(Error::service(Exit::Unreachable, message, &hints))
    }
}
