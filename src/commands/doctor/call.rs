//! The harmless signed call: what is a room that cannot exist? Who is answered
//! 100004 has passed the gateway, so app, signature, administrator and region
//! are right; nobody can be removed by it.

use std::thread;
use std::time::{Duration, SystemTime};

use super::network::{AGAIN, broken};
use super::report::Report;
use crate::api::codes::{self, Class};
use crate::api::{self, Answer, Client};
use crate::clock::Clock;
use crate::commands::Context;
use crate::commands::advice::{self, Skew};
use crate::commands::session::Session;
use crate::config::Settings;
use crate::error::Error;
use crate::exit::Exit;
use crate::job::DEFAULT_RATE;
use crate::output::{Check, Status};
use crate::room::RoomId;
use crate::streams;

const NAME: &str = "api";

/// There is no such room.
const NO_SUCH_ROOM: i64 = 100_004;

/// The account was never imported; the caller's is the only one in the call.
const ACCOUNT_UNKNOWN: i64 = 70_107;

/// Asks the service, once each time, at no more than the usual pace.
#[derive(Debug)]
pub(super) struct Caller<'a> {
    session: Session,
    client: Client,
    room: RoomId,
    context: &'a Context,
    /// When the latest call left.
    latest: Option<Duration>,
}

/// One call and what came of it.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) heard: Result<Answer, api::Error>,
    pub(super) took: Duration,
    /// This machine's time when it was answered.
    pub(super) at: SystemTime,
}

/// What a call proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The credentials are good.
    Good,
    /// They are, since the room service itself spoke; but not as expected.
    Odd,
    /// The app lives elsewhere; of the credentials it says nothing.
    Elsewhere,
    /// The credentials are not good.
    Rejected,
    /// Nothing.
    Nothing,
}

impl<'a> Caller<'a> {
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
    pub(super) fn ask(&mut self) -> Call {
        self.wait_for_slot();
        let (endpoint, room) = (self.client.endpoint(), &self.room);
        let mut notes = streams::notes(self.context.style);
        notes.detail(&format!(
            "> POST {endpoint}/v4/room_engine_http_srv/get_room_info?[redacted] room {room}"
        ));
        let began = self.context.clock.now();
        let heard = self.client.room_info_answer(room, began.wall);
        let ended = self.context.clock.now();
        let took = ended.mono.saturating_sub(began.mono);
        let at = ended.wall;
        let call = Call { heard, took, at };
        notes.detail(&format!("< {} ({} ms)", call.words(), took.as_millis()));
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

impl Call {
    /// What it proves. Codes from 100000 to 100999 are the room service's own,
    /// which is behind the gateway; any other final one proves nothing.
    pub(super) fn verdict(&self) -> Verdict {
        let Ok(answer) = &self.heard else {
            return Verdict::Nothing;
        };
        match (answer.error_code, answer.class()) {
            (NO_SUCH_ROOM, _) | (_, Class::Done) => Verdict::Good,
            (code, _) if advice::speaks_of_region(code) => Verdict::Elsewhere,
            (ACCOUNT_UNKNOWN, _) | (_, Class::Credentials) => Verdict::Rejected,
            (100_000..=100_999, Class::Never) => Verdict::Odd,
            _ => Verdict::Nothing,
        }
    }

    /// What was said, or why nothing was.
    pub(super) fn words(&self) -> String {
        match &self.heard {
            Ok(answer) if answer.class() == Class::Done => "OK".into(),
            Ok(answer) => advice::told(answer),
            Err(error) => error.to_string(),
        }
    }

    /// What helps against such an answer.
    pub(super) fn remedy(&self, settings: &Settings) -> Option<String> {
        let hints = match &self.heard {
            Err(error) => error.remedy().map(str::to_owned).into_iter().collect(),
            Ok(answer) => {
                let time = answer.server_time;
                let skew = time.and_then(|time| Skew::between(self.at, time));
                advice::on(answer.error_code, settings, skew)
            }
        };
        (!hints.is_empty()).then(|| hints.join("\n"))
    }
}

/// The link that is proved by this call, made with these settings.
pub(super) fn check(call: Option<(&Call, &Settings)>, report: &Report) -> Check {
    let Some((call, settings)) = call else {
        let why = format!("needs {}", report.failed().join(", "));
        return Check::new(NAME, Status::Skip, why);
    };
    judged(call, settings).with_duration(call.took)
}

fn judged(call: &Call, settings: &Settings) -> Check {
    let words = call.words();
    let check = |status, found| Check::new(NAME, status, found);
    let remedy = call.remedy(settings);
    match (call.verdict(), &call.heard) {
        (Verdict::Good, Ok(answer)) if answer.error_code == NO_SUCH_ROOM => check(
            Status::Ok,
            "100004, there is no such room: the credentials are good".into(),
        ),
        (Verdict::Good, _) => {
            let found = "answered, although no such room should exist: the credentials are good";
            check(Status::Ok, found.into())
        }
        (Verdict::Odd, Ok(answer)) => {
            let found = format!("the credentials are good, but 100004 was expected, not {words}");
            let row = codes::row(answer.error_code);
            check(Status::Warn, found).with_remedy(row.map(|row| row.remedy.to_owned()))
        }
        (Verdict::Elsewhere, _) => {
            let found = format!("{words}: this says nothing of the credentials, see region");
            check(Status::Skip, found)
        }
        (Verdict::Rejected, _) => check(Status::Fail(Exit::Credentials), words).with_remedy(remedy),
        (_, Err(error)) => broken(NAME, error),
        (_, Ok(_)) => check(Status::Fail(Exit::Unreachable), words)
            .with_remedy(remedy.unwrap_or_else(|| AGAIN.to_owned())),
    }
}
