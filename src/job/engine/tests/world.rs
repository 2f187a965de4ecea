//! A service with rooms and their member lists, for jobs that read them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use serde_json::{Value, json};

use super::name;
use super::virtual_time::{Job, RunResult, code, drive_rooms};
use crate::api::{Answer, Error};
use crate::config::CheckRoom;
use crate::job::engine::{Engine, Message};
use crate::job::room_list::{ReadCall, RoomRead};
use crate::job::{Batch, Outcome, Plan, Request};
use crate::room::{Action, Reason, RoomId, UserId};

/// The answer to a read, in place of the right one. It gets the number of the read.
type Spoil = Box<dyn FnMut(usize, &ReadCall, Value) -> Result<Answer, Error>>;

/// Members by the number of their joining, and the other way round.
#[derive(Default)]
struct Room {
    order: BTreeMap<usize, String>,
    numbers: HashMap<String, usize>,
}

pub(super) struct World {
    rooms: HashMap<String, Room>,
    /// The present members of a batch are removed, although another is absent.
    pub(super) is_partial: bool,
    pub(super) spoil: Option<Spoil>,
    /// Changes the rooms before the read with this number.
    pub(super) joins: Vec<(usize, String)>,
    /// The rooms in which that happens.
    pub(super) joining: Vec<String>,
    pub(super) reads: usize,
    pub(super) latency: Duration,
}

impl World {
    /// The room `r` with these members, and so many more.
    pub(super) fn with(present: impl IntoIterator<Item = usize>, others: usize) -> Self {
        let mut world = Self {
            rooms: HashMap::new(),
            is_partial: false,
            spoil: None,
            joins: Vec::new(),
            joining: vec!["r".into()],
            reads: 0,
            latency: Duration::from_millis(30),
        };
        let others = (0..others).map(|n| format!("other{n}"));
        world.add("r", others.chain(present.into_iter().map(name)));
        world
    }

    pub(super) fn add(&mut self, room: &str, users: impl IntoIterator<Item = String>) {
        let room = self.rooms.entry(room.into()).or_default();
        for user in users {
            let last = room.order.last_key_value();
            let number = last.map_or(1, |(last, _)| last + 1);
            room.numbers.insert(user.clone(), number);
            room.order.insert(number, user);
        }
    }

    pub(super) fn members(&self, room: &str) -> HashSet<String> {
        self.rooms[room].order.values().cloned().collect()
    }

    pub(super) fn answer(&mut self, request: &Request) -> Result<Answer, Error> {
        match request {
            Request::Batch(batch) => self.kick(batch),
            Request::Read(read) => self.read(read),
        }
    }

    fn kick(&mut self, batch: &Batch) -> Result<Answer, Error> {
        let room = self.rooms.get_mut(batch.room.as_str()).expect("the room");
        let is_present = |user: &UserId| room.numbers.contains_key(user.as_str());
        let are_all = batch.members.iter().all(is_present);
        if are_all || self.is_partial {
            for user in &batch.members {
                if let Some(number) = room.numbers.remove(user.as_str()) {
                    room.order.remove(&number);
                }
            }
        }
        code(if are_all { 0 } else { 100_005 })
    }

    fn read(&mut self, read: &RoomRead) -> Result<Answer, Error> {
        self.reads += 1;
        let joins: Vec<String> = self
            .joins
            .extract_if(.., |(at, _)| *at == self.reads)
            .map(|(_, user)| user)
            .collect();
        for room in self.joining.clone() {
            self.add(&room, joins.clone());
        }
        let room = &self.rooms[read.room.as_str()];
        let response = match &read.call {
            ReadCall::Info => json!({"RoomInfo": {"MemberCount": room.order.len()}}),
            ReadCall::Page(cursor) => page(&room.order, cursor.parse().unwrap_or(0)),
        };
        match &mut self.spoil {
            Some(spoil) => spoil(self.reads, &read.call, response),
            None => answer(response),
        }
    }
}

fn page(room: &BTreeMap<usize, String>, after: usize) -> Value {
    let page: Vec<_> = room.range(after + 1..).take(50).collect();
    let last = page.last().map_or(after, |(number, _)| **number);
    let has_more = room.range(last + 1..).next().is_some();
    let members = page.iter().map(|(_, user)| json!({"Member_Account": user}));
    json!({
        "MemberList": members.collect::<Vec<_>>(),
        "Next": if has_more { last.to_string() } else { String::new() },
    })
}

#[allow(clippy::unnecessary_wraps, reason = "what services return")]
pub(super) fn answer(response: Value) -> Result<Answer, Error> {
    let answer = code(0).expect("an answer");
    Ok(Answer { response, ..answer })
}

/// A job for these users of room `r` at 200 requests a second.
pub(super) fn job(users: impl IntoIterator<Item = usize>, mode: CheckRoom) -> Job {
    let mut job = Job::of_users(users.into_iter().map(name));
    (job.options.rate, job.options.check_room) = (200, mode);
    job
}

/// As many users in each of these rooms.
pub(super) fn job_in_rooms(rooms: &[&str], users: usize, mode: CheckRoom) -> Job {
    let mut plan = Plan::new(Action::Kick);
    let reason = Reason::parse("x").expect("reason");
    for room in rooms {
        let room = RoomId::parse(room).expect("room");
        for user in 0..users {
            let user = UserId::parse(&name(user)).expect("user");
            plan.add(&room, &user, &reason);
        }
    }
    Job {
        plan,
        ..job([], mode)
    }
}

pub(super) fn run(job: Job, world: &mut World) -> RunResult {
    run_engine(job, world, |_| ())
}

/// With a verification at the end.
pub(super) fn run_verified(job: Job, world: &mut World) -> RunResult {
    run_engine(job, world, Engine::verify_at_end)
}

fn run_engine(job: Job, world: &mut World, prepare: impl FnOnce(&mut Engine)) -> RunResult {
    let stop = job.stop.map(|(when, why)| (when, Message::Stop(why)));
    let mut engine = Engine::new(job.plan, job.options, Box::new(|| 0.5));
    prepare(&mut engine);
    let latency = world.latency;
    drive_rooms(engine, stop, |_, request| (latency, world.answer(request)))
}

/// Removed, gone, absent, refused, unknown, unsent.
pub(super) fn counts(ran: &RunResult) -> [u64; 6] {
    Outcome::ALL.map(|outcome| ran.count(outcome))
}
