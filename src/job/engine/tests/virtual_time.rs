//! Runs the engine in virtual time against a service that is a closure, in place
//! of `runner`. A million members take about a second.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::{Duration, UNIX_EPOCH};

use crate::api::{Answer, Error};
use crate::clock::Now;
use crate::config::CheckRoom;
use crate::job::engine::{Engine, EngineOptions, Message, Next};
use crate::job::{
    Batch, Event, ListCheck, ListenerError, Outcome, Plan, Request, Retry, Settled, Stop,
};
use crate::room::{Action, Reason, RoomId, UserId};

/// The result of a run.
pub(super) struct RunResult {
    pub(super) engine: Engine,
    pub(super) settled: Vec<Settled>,
    pub(super) retries: Vec<Retry>,
    /// When each request started.
    pub(super) starts: Vec<Duration>,
    pub(super) most_in_flight: usize,
    /// What was reported about member lists.
    pub(super) notes: Vec<String>,
    /// Members that were found after the last answer, with their rooms.
    pub(super) found: Vec<(String, String)>,
    /// What the list of each room was worth then.
    pub(super) checks: Vec<(String, ListCheck)>,
    /// How often the limit of requests in flight was reported.
    pub(super) held: usize,
    pub(super) end: Duration,
}

impl RunResult {
    /// The outcome of each member, by name.
    pub(super) fn outcomes(&self) -> Vec<(String, Outcome)> {
        let each = |settled: &Settled| {
            let outcome = settled.outcome;
            settled
                .members
                .iter()
                .map(move |user| (user.to_string(), outcome))
                .collect::<Vec<_>>()
        };
        let mut all: Vec<_> = self.settled.iter().flat_map(each).collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    }

    pub(super) fn count(&self, outcome: Outcome) -> u64 {
        self.engine.tally().count(outcome)
    }

    /// Most starts in any second.
    pub(super) fn most_in_a_second(&self) -> usize {
        let end = |from: &Duration| *from + Duration::from_secs(1);
        let until = |from: &Duration| self.starts.partition_point(|at| *at <= end(from));
        let within = |(index, from)| until(from) - index;
        self.starts
            .iter()
            .enumerate()
            .map(within)
            .max()
            .unwrap_or(0)
    }
}

/// What the listener has received.
#[derive(Default)]
struct Recorder {
    settled: Vec<Settled>,
    retries: Vec<Retry>,
    held: usize,
    notes: Vec<String>,
    found: Vec<(String, String)>,
    checks: Vec<(String, ListCheck)>,
    has_closed: bool,
    closings: usize,
}

impl Recorder {
    #[allow(clippy::unnecessary_wraps, reason = "what listeners return")]
    fn on(&mut self, event: &Event<'_>) -> Result<(), ListenerError> {
        match event {
            Event::Retry(retry) => self.retries.push((*retry).clone()),
            Event::RoomNote(note) => self.notes.push((*note).to_owned()),
            Event::HeldByConcurrency => self.held += 1,
            Event::Settled(settled) => self.settled.push((*settled).clone()),
            // After the results, and before the requests that verify them.
            Event::Verifying => self.has_closed = false,
            Event::InRoom(found) => {
                let room = found.room.to_string();
                let users = found.members.iter();
                self.found
                    .extend(users.map(|user| (room.clone(), user.to_string())));
            }
            Event::RoomVerified(room, check) => {
                self.checks.push((room.to_string(), (*check).clone()));
            }
            Event::Starting(_) | Event::Reading(_) => {
                assert!(!self.has_closed, "nothing starts after the closing");
            }
            Event::Closing { .. } => {
                assert!(!self.has_closed, "closing is reported once");
                self.has_closed = true;
                self.closings += 1;
            }
            _ => {}
        }
        Ok(())
    }
}

pub(super) struct Job {
    pub(super) plan: Plan,
    pub(super) options: EngineOptions,
    pub(super) latency: Duration,
    /// When to stop the job, and why.
    pub(super) stop: Option<(Duration, Stop)>,
}

impl Job {
    /// A job with this many members of one room.
    pub(super) fn of(members: usize) -> Self {
        Self::of_users((0..members).map(|n| format!("u{n:07}")))
    }

    pub(super) fn of_users(users: impl IntoIterator<Item = String>) -> Self {
        let mut plan = Plan::new(Action::Kick);
        let room = RoomId::parse("r").expect("room");
        let reason = Reason::parse("x").expect("reason");
        for user in users {
            plan.add(&room, &UserId::parse(&user).expect("user"), &reason);
        }
        let options = EngineOptions {
            rate: 100,
            concurrency: 64,
            retries: 5,
            can_renew_signature: true,
            check_room: CheckRoom::Never,
            deadline: None,
            max_failures: None,
        };
        Self {
            plan,
            options,
            latency: Duration::from_millis(50),
            stop: None,
        }
    }

    pub(super) fn run(self, mut service: impl FnMut(&Batch) -> Result<Answer, Error>) -> RunResult {
        let latency = self.latency;
        self.run_against(|_, batch| (latency, service(batch)))
    }

    /// With a service that knows the time and decides its own latency.
    pub(super) fn run_against(self, service: impl Service) -> RunResult {
        let engine = Engine::new(self.plan, self.options, Box::new(|| 0.5));
        let stop = self.stop.map(|(when, why)| (when, Message::Stop(why)));
        drive(engine, stop, service)
    }
}

/// The answer to a request that starts at this time, and how long it takes.
pub(super) trait Service:
    FnMut(Duration, &Batch) -> (Duration, Result<Answer, Error>)
{
}

impl<F: FnMut(Duration, &Batch) -> (Duration, Result<Answer, Error>)> Service for F {}

/// Runs a job that reads no rooms.
pub(super) fn drive(
    engine: Engine,
    messages: impl IntoIterator<Item = (Duration, Message)>,
    mut service: impl Service,
) -> RunResult {
    drive_rooms(engine, messages, |now, request| match request {
        Request::Batch(batch) => service(now, batch),
        Request::Read(read) => panic!("{read:?}"),
    })
}

/// Runs a job to its end. `messages`, in the order of their times, come in besides
/// the answers.
pub(super) fn drive_rooms(
    mut engine: Engine,
    messages: impl IntoIterator<Item = (Duration, Message)>,
    mut service: impl FnMut(Duration, &Request) -> (Duration, Result<Answer, Error>),
) -> RunResult {
    let mut recorder = Recorder::default();
    let mut listener = |event: &Event<'_>| recorder.on(event);
    let mut starts = Vec::new();
    let mut most_in_flight = 0;
    let mut messages = messages.into_iter().peekable();
    let mut flying: BinaryHeap<Reverse<(Duration, usize)>> = BinaryHeap::new();
    let mut answers: Vec<Option<(Request, Result<Answer, Error>)>> = Vec::new();
    let mut mono = Duration::ZERO;
    loop {
        while let Some((_, message)) = messages.next_if(|(when, _)| *when <= mono) {
            engine.on(at(mono), message, &mut listener);
        }
        match engine.next(at(mono), &mut listener) {
            Next::Start(request) => {
                starts.push(mono);
                let (latency, answer) = service(mono, &request);
                flying.push(Reverse((mono + latency, answers.len())));
                answers.push(Some((request, answer)));
                most_in_flight = most_in_flight.max(flying.len());
            }
            Next::Finished => break,
            Next::Wait(until) => {
                let landing = flying.peek().map(|Reverse((when, _))| *when);
                let coming = messages.peek().map(|(when, _)| *when);
                let next = [until, landing, coming].into_iter().flatten().min();
                mono = next.expect("something to wait for").max(mono);
                let landed = |Reverse((when, _)): &Reverse<(Duration, usize)>| *when <= mono;
                if flying.peek().is_some_and(landed)
                    && let Some(Reverse((_, index))) = flying.pop()
                {
                    let (request, answer) = answers[index].take().expect("once");
                    let message = Message::Answered(request, Box::new(answer));
                    engine.on(at(mono), message, &mut listener);
                }
            }
        }
    }
    assert!(recorder.closings > 0, "the end is reported");
    RunResult {
        engine,
        settled: recorder.settled,
        retries: recorder.retries,
        starts,
        most_in_flight,
        held: recorder.held,
        notes: recorder.notes,
        found: recorder.found,
        checks: recorder.checks,
        end: mono,
    }
}

pub(super) fn at(mono: Duration) -> Now {
    Now {
        mono,
        wall: UNIX_EPOCH + mono,
    }
}

/// An answer of the service with this code.
#[allow(clippy::unnecessary_wraps, reason = "what services return")]
pub(super) fn code(code: i64) -> Result<Answer, Error> {
    let status = if code == 0 { "OK" } else { "FAIL" };
    Ok(Answer {
        action_status: Some(status.into()),
        request_id: Some("Id-1".into()),
        ..Answer::of_code(code)
    })
}

/// A failure after which the request may have taken effect.
pub(super) fn lost(kept: bool) -> Result<Answer, Error> {
    Err(Error::Lost {
        why: "reset".into(),
        kept,
    })
}

/// A failure before anything was sent.
pub(super) fn refused_connection() -> Result<Answer, Error> {
    Err(Error::Connect {
        to: "h".into(),
        why: "refused".into(),
        is_refused: true,
    })
}
