//! The harmless signed call: what is a room that cannot exist? Who is answered
//! 100004 has passed the gateway, so app, signature, administrator and region
//! are right; nobody can be removed by it.

use std::thread;
use std::time::{Duration, SystemTime};

use super::checklist::CheckList;
use super::network::{RUN_AGAIN, failed};
use crate::api::codes::{self, Class};
use crate::api::{self, Answer, Client};
use crate::clock::Clock;
use crate::commands::Context;
use crate::commands::refusal::{self, ClockSkew};
use crate::commands::session::Session;
use crate::config::Settings;
use crate::error::Error;
use crate::exit::Exit;
use crate::job::DEFAULT_RATE;
use crate::output::{Check, Status};
use crate::room::RoomId;

const NAME: &str = "api";

/// There is no such room.
const NO_SUCH_ROOM: i64 = 100_004;

/// The account was never imported; the caller's is the only one in the call.
const ACCOUNT_UNKNOWN: i64 = 70_107;

/// Asks the service, once each time, at no more than the usual pace.
#[derive(Debug)]
pub(super) struct TestClient<'a> {
    session: Session,
    client: Client,
    room: RoomId,
    context: &'a Context,
    /// When the latest call left.
    latest: Option<Duration>,
}

/// One call and what came of it.
#[derive(Debug)]
pub(super) struct TestCall {
    pub(super) answer: Result<Answer, api::Error>,
    pub(super) took: Duration,
    /// This machine's time when it was answered.
    pub(super) at: SystemTime,
}

/// What a call proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Conclusion {
    /// The credentials are good.
    Accepted,
    /// They are, since the room service itself spoke; but not as expected.
    Unexpected,
    /// The app lives elsewhere; of the credentials it says nothing.
    WrongRegion,
    /// The credentials are not good.
    Rejected,
    /// Nothing.
    Inconclusive,
}

impl<'a> TestClient<'a> {
    /// Has not called yet.
    pub(super) fn new(session: Session, context: &'a Context) -> Result<Self, Error> {
        let client = session.client(1)?;
        // Nobody's room, and in the service's log it says whose question it was.
        let name = format!("roomctl-doctor-{:016x}", rand::random::<u64>());
        let room = RoomId::parse(&name).expect("printable, and short enough");
        Ok(Self {
            session,
            client,
            room,
            context,
            latest: None,
        })
    }

    /// One call; nothing is tried again.
    pub(super) fn ask(&mut self) -> TestCall {
        self.wait_for_slot();
        let (endpoint, room) = (self.client.endpoint(), &self.room);
        let mut notes = self.context.notes();
        notes.detail(&format!(
            "> {} room {room}",
            endpoint.redacted_request("get_room_info")
        ));
        let began = self.context.clock.now();
        let answer = self.client.room_info_answer(room, began.wall);
        let ended = self.context.clock.now();
        let took = ended.mono.saturating_sub(began.mono);
        let at = ended.wall;
        let call = TestCall { answer, took, at };
        notes.detail(&format!("< {} ({} ms)", call.describe(), took.as_millis()));
        call
    }

    /// What the calls are made with.
    pub(super) fn settings(&self) -> &Settings {
        &self.session.settings
    }

    fn wait_for_slot(&mut self) {
        let now = self.context.clock.now().mono;
        let step = Duration::from_secs(1) / DEFAULT_RATE;
        let slot = self.latest.map_or(now, |latest| latest + step);
        thread::sleep(slot.saturating_sub(now));
        self.latest = Some(slot.max(now));
    }
}

impl TestCall {
    /// What it proves. Codes from 100000 to 100999 are the room service's own,
    /// which is behind the gateway; any other final one proves nothing.
    pub(super) fn conclusion(&self) -> Conclusion {
        let Ok(answer) = &self.answer else {
            return Conclusion::Inconclusive;
        };
        match (answer.error_code, answer.class()) {
            (NO_SUCH_ROOM, _) | (_, Class::Done) => Conclusion::Accepted,
            (code, _) if refusal::is_region_code(code) => Conclusion::WrongRegion,
            (ACCOUNT_UNKNOWN, _) | (_, Class::Credentials) => Conclusion::Rejected,
            (100_000..=100_999, Class::Never) => Conclusion::Unexpected,
            _ => Conclusion::Inconclusive,
        }
    }

    /// What was said, or why nothing was.
    pub(super) fn describe(&self) -> String {
        match &self.answer {
            Ok(answer) if answer.class() == Class::Done => "OK".into(),
            Ok(answer) => refusal::describe_answer(answer),
            Err(error) => error.to_string(),
        }
    }

    /// What helps against such an answer.
    pub(super) fn remedy(&self, settings: &Settings) -> Option<String> {
        let hints = match &self.answer {
            Err(error) => error.remedy().map(str::to_owned).into_iter().collect(),
            Ok(answer) => {
                let time = answer.server_time;
                let skew = time.and_then(|time| ClockSkew::between(self.at, time));
                refusal::hints(answer.error_code, settings, skew)
            }
        };
        (!hints.is_empty()).then(|| hints.join("\n"))
    }
}

/// The link that is proved by this call, made with these settings.
pub(super) fn check(call: Option<(&TestCall, &Settings)>, checks: &CheckList) -> Check {
    let Some((call, settings)) = call else {
        let why = format!("needs {}", checks.failed().join(", "));
        return Check::new(NAME, Status::Skip, why);
    };
    judged(call, settings).with_duration(call.took)
}

fn judged(call: &TestCall, settings: &Settings) -> Check {
    let words = call.describe();
    let check = |status, found| Check::new(NAME, status, found);
    let remedy = call.remedy(settings);
    match (call.conclusion(), &call.answer) {
        (Conclusion::Accepted, Ok(answer)) if answer.error_code == NO_SUCH_ROOM => check(
            Status::Ok,
            "100004, there is no such room: the credentials are good".into(),
        ),
        (Conclusion::Accepted, _) => {
            let found = "answered, although no such room should exist: the credentials are good";
            check(Status::Ok, found.into())
        }
        (Conclusion::Unexpected, Ok(answer)) => {
            let found = format!("the credentials are good, but 100004 was expected, not {words}");
            let row = codes::row(answer.error_code);
            check(Status::Warn, found).with_remedy(row.map(|row| row.remedy.to_owned()))
        }
        (Conclusion::WrongRegion, _) => {
            let found = format!("{words}: this says nothing of the credentials, see region");
            check(Status::Skip, found)
        }
        (Conclusion::Rejected, _) => {
            check(Status::Fail(Exit::Credentials), words).with_remedy(remedy)
        }
        (_, Err(error)) => failed(NAME, error),
        (_, Ok(_)) => check(Status::Fail(Exit::Unreachable), words)
            .with_remedy(remedy.unwrap_or_else(|| RUN_AGAIN.to_owned())),
    }
}
