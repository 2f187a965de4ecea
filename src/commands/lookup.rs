//! Asking the service without changing anything: what `members`, `bans` and
//! `info` share. Connects, calls with kick's retries and pace, follows pages,
//! and reports failures with kick's hints and exit codes.
//!
//! A plain loop, not the engine: one request at a time, nothing to keep. A
//! signal ends it as it ends any program.

use std::collections::HashSet;
use std::fmt::Display;
use std::hash::Hash;
use std::thread;
use std::time::{Duration, SystemTime};

use clap::ValueHint;

use super::Context;
use super::refusal::{self, ClockSkew};
use super::session::{self, Session};
use crate::api::codes::{self, Class};
use crate::api::{self, Answer, Client, JsonObject, ListPage, QueryReply};
use crate::clock::Clock;
use crate::config::Mode;
use crate::error::Error;
use crate::exit::Exit;
use crate::job::{self, DEFAULT_RATE, DEFAULT_RETRIES};
use crate::room::RoomId;

/// What every such command takes.
#[derive(Debug, clap::Args)]
pub(crate) struct LookupArgs {
    /// Room to look at
    #[arg(short, long, value_name = "ROOM", required = true, value_hint = ValueHint::Other)]
    room: String,
}

/// A room that can be asked about.
#[derive(Debug)]
pub(super) struct Lookup<'a> {
    pub(super) room: RoomId,
    pub(super) context: &'a Context,
    session: Session,
    client: Client,
    /// When the latest request left.
    latest: Option<Duration>,
    has_resigned: bool,
}

/// One try that did not bring what was asked for.
#[derive(Debug)]
enum FailedTry {
    Refused(Answer),
    NoAnswer(api::Error),
}

/// What the next try does otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NextStep {
    GiveUp,
    /// After a pause.
    Wait,
    /// At once, on a new connection: the kept one was dead.
    Reconnect,
    /// At once, with a new signature.
    Resign,
}

impl<'a> Lookup<'a> {
    /// Settles everything that is known before the first request.
    pub(super) fn new(args: &LookupArgs, context: &'a mut Context) -> Result<Self, Error> {
        let room = RoomId::parse(&args.room)
            .map_err(|why| Error::usage(format!("--room: {why}"), "--room ROOM"));
        let loaded = session::load_config(context)?;
        let room = room?;
        let session = loaded.open_session(Mode::Real, context)?;
        session.outlives(Duration::ZERO, &context.clock)?;
        let client = session.client(1)?;
        Ok(Self {
            room,
            context,
            session,
            client,
            latest: None,
            has_resigned: false,
        })
    }

    /// Every page of a list; `each` says whether it goes on.
    pub(super) fn pages<C: Clone + Default + Display + Eq + Hash>(
        &mut self,
        what: &str,
        call: impl Fn(
            &Client,
            &RoomId,
            &C,
            SystemTime,
            bool,
        ) -> Result<QueryReply<ListPage<C>>, api::Error>,
        mut each: impl FnMut(Vec<JsonObject>) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        let mut at = C::default();
        let mut seen = HashSet::from([at.clone()]);
        loop {
            let page = self.ask(what, |client, room, now, fresh| {
                call(client, room, &at, now, fresh)
            })?;
            let goes_on = each(page.items)?;
            match page.next {
                Some(next) if goes_on && seen.insert(next.clone()) => at = next,
                Some(next) if goes_on => return Err(endless(what, &next)),
                _ => return Ok(()),
            }
        }
    }

    /// One call, repeated as long as that may help.
    pub(super) fn ask<T>(
        &mut self,
        what: &str,
        call: impl Fn(&Client, &RoomId, SystemTime, bool) -> Result<QueryReply<T>, api::Error>,
    ) -> Result<T, Error> {
        let (mut tries, mut fresh) = (0, false);
        loop {
            self.wait_for_slot();
            self.note_request(what);
            let began = self.context.clock.now();
            let result = call(&self.client, &self.room, began.wall, fresh);
            let took = self.context.clock.now().mono.saturating_sub(began.mono);
            tries += 1;
            let failure = match result {
                Ok(QueryReply::Data(found)) => {
                    self.detail(&format!("< OK ({} ms)", took.as_millis()));
                    return Ok(found);
                }
                Ok(QueryReply::Failed(answer)) => FailedTry::Refused(answer),
                Err(error) => FailedTry::NoAnswer(error),
            };
            self.detail(&format!(
                "< {} ({} ms)",
                failure.describe(),
                took.as_millis()
            ));
            let then = self.next_step(&failure, tries, fresh);
            fresh = then == NextStep::Reconnect;
            match then {
                NextStep::GiveUp => return Err(self.error(&failure, began.wall)),
                NextStep::Resign => {
                    self.has_resigned = true;
                    self.client.renew_signature();
                }
                NextStep::Wait => self.pause(&failure, tries),
                NextStep::Reconnect => {}
            }
        }
    }

    fn next_step(&self, failure: &FailedTry, tries: u32, fresh: bool) -> NextStep {
        if tries > DEFAULT_RETRIES {
            return NextStep::GiveUp;
        }
        let is_expired = failure.code() == Some(codes::SIGNATURE_EXPIRED);
        match failure.class() {
            Class::Credentials if is_expired && !self.has_resigned && self.session.can_resign() => {
                NextStep::Resign
            }
            Class::Credentials | Class::Never | Class::Done => NextStep::GiveUp,
            Class::Retry | Class::Slow | Class::Doubt => match failure {
                FailedTry::NoAnswer(api::Error::Lost { kept: true, .. }) if !fresh => {
                    NextStep::Reconnect
                }
                _ => NextStep::Wait,
            },
        }
    }

    fn pause(&self, failure: &FailedTry, tries: u32) {
        let delay = job::retry_delay(tries, failure.retry_after(), rand::random());
        let (wait, why) = (delay.as_secs_f64(), failure.describe());
        self.context.notes().info(&format!(
            "retry {tries} of {DEFAULT_RETRIES} in {wait:.1} s: {why}"
        ));
        thread::sleep(delay);
    }

    /// The service's limit holds for these calls, too.
    fn wait_for_slot(&mut self) {
        let now = self.context.clock.now().mono;
        let step = Duration::from_secs(1) / DEFAULT_RATE;
        let slot = self.latest.map_or(now, |latest| latest + step);
        thread::sleep(slot.saturating_sub(now));
        self.latest = Some(slot.max(now));
    }

    fn error(&self, failure: &FailedTry, now: SystemTime) -> Error {
        let why = failure.describe();
        let (exit, message) = match failure.class() {
            Class::Credentials => (
                Exit::Credentials,
                format!("the service rejected the credentials: {why}"),
            ),
            Class::Never => (Exit::Refused, format!("the service refused: {why}")),
            Class::Done | Class::Retry | Class::Slow | Class::Doubt => {
                (Exit::Unreachable, format!("no usable answer: {why}"))
            }
        };
        let hints = match failure {
            FailedTry::NoAnswer(error) => error.remedy().map(str::to_owned).into_iter().collect(),
            FailedTry::Refused(answer) => {
                let skew = answer
                    .server_time
                    .and_then(|at| ClockSkew::between(now, at));
                refusal::hints(answer.error_code, &self.session.settings, skew)
            }
        };
        Error::service(exit, message, &hints)
    }

    fn note_request(&self, what: &str) {
        let (endpoint, room) = (self.client.endpoint(), &self.room);
        let request = endpoint.redacted_request(what);
        self.detail(&format!("> {request} room {room}"));
    }

    fn detail(&self, text: &str) {
        self.context.notes().detail(text);
    }
}

impl FailedTry {
    fn class(&self) -> Class {
        match self {
            Self::Refused(answer) => answer.class(),
            Self::NoAnswer(error) => error.class(),
        }
    }

    fn code(&self) -> Option<i64> {
        match self {
            Self::Refused(answer) => Some(answer.error_code),
            Self::NoAnswer(_) => None,
        }
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

/// Pages that lead back to one another would be asked for for ever.
fn endless(what: &str, next: &impl Display) -> Error {
    let message = format!(
        "the pages of {what} repeat themselves: page {next:?} was told twice",
        next = next.to_string()
    );
    let hint = "the list may not be complete; run the same command again".to_owned();
    Error::service(Exit::Unreachable, message, &[hint])
}
