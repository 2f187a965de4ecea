//! The cost of the parts without a network: signatures, and the plan of a million members.
//!
//! In this process. Prints the median and, in brackets, the least and the most of some
//! rounds. Checks only the results, not the speed.

use std::fmt::Display;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use roomctl::job::Plan;
use roomctl::room::{Action, Reason, RoomId, UserId};
use roomctl::secret::SecretKey;
use roomctl::usersig::{Claims, decode, sign};

const KEY: &str = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";
const ROUNDS: usize = 9;
const SIGNATURES: u32 = 20_000;
const MILLION: usize = 1_000_000;

fn main() {
    let key = SecretKey::new(KEY);
    let claims = Claims {
        identifier: "administrator".into(),
        sdkappid: 1_400_000_001,
        time: 1_790_000_000,
        expire: 86_400,
        userbuf: None,
    };
    let signed = rounds(|| {
        for _ in 0..SIGNATURES {
            std::hint::black_box(sign(std::hint::black_box(&claims), &key));
        }
    });
    say(&format!("sign: {} µs", micros(&signed, SIGNATURES)));

    let sig = sign(&claims, &key);
    let verified = rounds(|| {
        for _ in 0..SIGNATURES {
            let decoded = decode(std::hint::black_box(&sig)).expect("a signature");
            assert!(decoded.is_signed_with(&key), "signed with the key");
        }
    });
    let verified = micros(&verified, SIGNATURES);
    say(&format!("decode and verify: {verified} µs"));

    for rooms in [1, 10_000] {
        let names = names(rooms);
        let planned = rounds(|| {
            let requests = plan(&names);
            assert_eq!(requests, MILLION / 20, "20 members a request");
        });
        let planned = spread(planned.iter().map(Duration::as_secs_f64));
        say(&format!(
            "plan of {MILLION} members, rooms: {rooms}: {planned} s"
        ));
    }
}

/// How long each round takes.
fn rounds(mut run: impl FnMut()) -> Vec<Duration> {
    let round = |_| {
        let begin = Instant::now();
        run();
        begin.elapsed()
    };
    (0..ROUNDS).map(round).collect()
}

/// The names of a million members, evenly in this many rooms.
fn names(rooms: usize) -> Vec<(RoomId, UserId)> {
    let name = |n| {
        let room = RoomId::parse(&format!("room-{}", n % rooms)).expect("a room");
        (room, UserId::parse(&format!("user-{n}")).expect("a user"))
    };
    (0..MILLION).map(name).collect()
}

/// Adds all members to a plan and takes it apart: the number of requests.
fn plan(names: &[(RoomId, UserId)]) -> usize {
    let reason = Reason::parse("spam").expect("a reason");
    let mut plan = Plan::new(Action::Kick);
    for (room, user) in names {
        plan.add(room, user, &reason);
    }
    plan.into_batches().count()
}

fn micros(took: &[Duration], each: u32) -> String {
    let one = |round: &Duration| round.as_secs_f64() * 1e6 / f64::from(each);
    spread(took.iter().map(one))
}

/// The median, and the least and the most.
fn spread(values: impl Iterator<Item = f64>) -> String {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let middle = values[values.len() / 2];
    let (least, most) = (values[0], values[values.len() - 1]);
    format!("{middle:.2} ({least:.2}–{most:.2})")
}

fn say(text: &impl Display) {
    let _ = writeln!(io::stdout(), "{text}");
}
