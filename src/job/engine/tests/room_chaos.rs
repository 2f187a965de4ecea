//! Jobs that read member lists, under faults of every class in random order: every
//! member is settled exactly once. Without faults, nobody who is left counts as out of
//! the room. `tests/chaos.sh` runs it with other seeds.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::name;
use super::virtual_time::{code, drive_rooms, lost, refused_connection};
use super::world::{World, job};
use crate::api::{Answer, Error};
use crate::config::CheckRoom::{self, Always, Auto, Never};
use crate::job::engine::{Engine, Message};
use crate::job::{Outcome, Plan, Stop};
use crate::room::{Action, Reason, RoomId, UserId};

/// Codes of every class, and each code that speaks for a whole batch.
const CODES: [i64; 10] = [
    100_001, 60_007, 60_008, 100_002, 100_004, 100_005, 100_006, 70_107, 60_004, 70_001,
];

fn fault(random: &mut StdRng) -> Result<Answer, Error> {
    match random.random_range(0..CODES.len() + 2) {
        0 => lost(random.random_bool(0.5)),
        1 => refused_connection(),
        n => code(CODES[n - 2]),
    }
}

/// A few rooms of any size, and a plan with present and absent members.
fn rooms(random: &mut StdRng, mode: CheckRoom) -> (World, super::virtual_time::Job) {
    let mut world = World::with([], 0);
    world.is_partial = random.random_bool(0.5);
    let mut plan = Plan::new(Action::Kick);
    for room in 0..random.random_range(1..6) {
        let room = format!("r{room}");
        let users = random.random_range(1..70);
        let present = random.random_range(0.0..1.0);
        let others = random.random_range(0..300);
        world.add(&room, (0..others).map(|n| format!("other{n}")));
        let reasons = random.random_range(1..4);
        for user in 0..users {
            let reason = format!("reason{}", user % reasons);
            let reason = Reason::parse(&reason).expect("a reason");
            let parsed = UserId::parse(&name(user)).expect("a user");
            plan.add(&RoomId::parse(&room).expect("a room"), &parsed, &reason);
            if random.random_bool(present) {
                world.add(&room, [name(user)]);
            }
        }
    }
    let mut job = job([], mode);
    job.plan = plan;
    job.options.retries = random.random_range(0..4);
    job.options.concurrency = random.random_range(1..9);
    if random.random_bool(0.2) {
        job.stop = Some((
            Duration::from_millis(random.random_range(1..900)),
            Stop::Deadline,
        ));
    }
    (world, job)
}

fn settles_everybody_once(seed: u64, mode: CheckRoom) {
    let mut random = StdRng::seed_from_u64(seed);
    let (mut world, job) = rooms(&mut random, mode);
    let members = job.plan.members();
    let share = *[0.0, 0.05, 0.3]
        .get(usize::try_from(seed % 3).expect("small"))
        .expect("a share");
    let stop = job.stop.map(|(when, why)| (when, Message::Stop(why)));
    let engine = Engine::new(job.plan, job.options, Box::new(|| 0.5));
    let ran = drive_rooms(engine, stop, |_, request| {
        let latency = Duration::from_millis(random.random_range(1..200));
        let answer = world.answer(request);
        let is_spoilt = random.random_bool(share);
        (
            latency,
            if is_spoilt {
                fault(&mut random)
            } else {
                answer
            },
        )
    });
    let mut settled: Vec<(String, String)> = Vec::new();
    for part in &ran.settled {
        let room = part.room.to_string();
        let left = world.members(&room);
        for user in &part.members {
            let is_left = left.contains(user.as_str());
            // Nobody joins again.
            let is_out = matches!(
                part.outcome,
                Outcome::Done | Outcome::Gone | Outcome::Absent
            );
            let is_true = share > 0.0 || !(is_left && is_out);
            assert!(is_true, "seed {seed}, {mode:?}: {part:?}");
            settled.push((room.clone(), user.to_string()));
        }
    }
    let count = settled.len();
    settled.sort();
    settled.dedup();
    assert_eq!(
        (count, settled.len()),
        (members, members),
        "seed {seed}, {mode:?}"
    );
}

/// 0, or what `tests/chaos.sh` gives.
fn first_seed() -> u64 {
    #[allow(clippy::disallowed_methods, reason = "a variable of the tests")]
    let seed = std::env::var("CHAOS_SEED");
    seed.map_or(0, |seed| seed.parse().expect("CHAOS_SEED is a number"))
}

#[test]
fn every_member_is_settled_once_whatever_the_service_answers() {
    let first = first_seed();
    for seed in first..first + 600 {
        for mode in [Auto, Always, Never] {
            settles_everybody_once(seed, mode);
        }
    }
}
