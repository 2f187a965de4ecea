//! A live feed: rows are sent soon, together where they can be, and each row is a
//! new order.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::virtual_time::{Job, RunResult, Service, code, drive};
use crate::job::engine::{Engine, Message};
use crate::job::{Batch, EngineOptions, Outcome, Stop};
use crate::room::{Action, Reason, RoomId, UserId};

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn row(at: u64, room: &str, user: &str) -> (Duration, Message) {
    let room = RoomId::parse(room).expect("room");
    let user = UserId::parse(user).expect("user");
    let reason = Reason::parse("x").expect("reason");
    let waited = Duration::ZERO;
    (
        ms(at),
        Message::Row {
            room,
            reason,
            user,
            waited,
        },
    )
}

fn run(rows: impl IntoIterator<Item = (Duration, Message)>, service: impl Service) -> RunResult {
    let rate = 200;
    let options = EngineOptions {
        rate,
        ..Job::of(0).options
    };
    drive(
        Engine::for_feed(Action::Kick, options, Box::new(|| 0.5)),
        rows,
        service,
    )
}

/// A row every 7 ms over 37 rooms.
fn steady(rows: u64) -> impl Iterator<Item = (Duration, Message)> {
    let each = |n: u64| row(7 * n, &format!("room{}", n * 11 % 37), &format!("u{n}"));
    (0..rows)
        .map(each)
        .chain([(ms(7 * rows), Message::EndOfRows)])
}

/// The members of a batch, by the number in their name.
fn sent(batch: &Batch) -> impl Iterator<Item = u64> {
    let number = |user: &UserId| user.as_str()[1..].parse().expect("a number");
    batch.members.iter().map(number)
}

#[test]
fn a_row_waits_at_most_50_ms_for_others_and_otherwise_only_for_the_pace() {
    let mut starts: Vec<(Duration, u64)> = Vec::new();
    let ran = run(steady(3000), |now, batch| {
        assert!(batch.members.len() <= 20);
        starts.extend(sent(batch).map(|n| (now, n)));
        (ms(100), code(0))
    });
    assert_eq!(ran.count(Outcome::Done), 3000);
    let step = ms(10);
    let since_last: HashMap<Duration, Duration> = ran
        .starts
        .windows(2)
        .map(|pair| (pair[1], pair[1].saturating_sub(pair[0])))
        .collect();
    for (at, n) in starts {
        let waited = at.saturating_sub(ms(7 * n));
        let is_held_by_pace = since_last.get(&at).is_some_and(|gap| *gap <= step);
        assert!(
            waited <= ms(50) || is_held_by_pace,
            "row {n} waited {waited:?}"
        );
        // After the ramp the pace is faster than the rows. At the end all waiting
        // batches are sent together.
        let is_steady = (ms(4000)..ms(20_800)).contains(&at);
        assert!(
            !is_steady || waited <= ms(50) + step,
            "row {n} waited {waited:?}"
        );
    }
}

#[test]
fn a_burst_is_sent_at_once_in_full_batches() {
    let rows = (0..410).map(|n| row(0, "r", &format!("u{n}")));
    let mut sizes = Vec::new();
    let ran = run(rows.chain([(ms(1000), Message::EndOfRows)]), |_, batch| {
        sizes.push(batch.members.len());
        (ms(100), code(0))
    });
    let mut expected = vec![20; 20];
    expected.push(10);
    assert_eq!(sizes, expected);
    assert_eq!(ran.starts[0], ms(0), "a full batch does not wait");
}

#[test]
fn a_repeated_member_is_dropped_while_it_waits_or_is_in_flight_and_sent_later() {
    // The first waits until 50 ms and is in flight until 150 ms.
    let rows = [0, 10, 60, 149, 151, 400].map(|at| row(at, "r", "u1"));
    let ran = run(
        rows.into_iter().chain([(ms(1000), Message::EndOfRows)]),
        |_, _| (ms(100), code(0)),
    );
    assert_eq!(ran.starts, [ms(50), ms(201), ms(450)]);
    assert_eq!(ran.count(Outcome::Done), 3);
    let rooms = ["r", "s"].map(|room| row(0, room, "u1"));
    let ran = run(
        rooms.into_iter().chain([(ms(1), Message::EndOfRows)]),
        |_, _| (ms(100), code(0)),
    );
    assert_eq!(
        ran.count(Outcome::Done),
        2,
        "another room is another member"
    );
}

#[test]
fn a_repeated_member_is_dropped_while_its_batch_is_retried_or_split() {
    let rows = [(0, "u1"), (0, "u2"), (300, "u1"), (2000, "u1")];
    let rows = rows.map(|(at, user)| row(at, "r", user));
    let mut requests = 0;
    let ran = run(
        rows.into_iter().chain([(ms(3000), Message::EndOfRows)]),
        |_, batch| {
            requests += 1;
            let answer = match requests {
                1 => 100_001,
                _ if batch.members.len() > 1 => 100_005,
                _ => 0,
            };
            (ms(100), code(answer))
        },
    );
    assert_eq!(ran.count(Outcome::Done), 3);
    assert_eq!(ran.engine.tally().requests, 1 + 1 + 2 + 1);
}

#[test]
fn a_stop_settles_what_waits_and_a_deadline_ends_an_idle_feed() {
    let rows = (0..30).map(|n| row(0, "r", &format!("u{n}")));
    let stop = [(ms(20), Message::Stop(Stop::OutputClosed))];
    let ran = run(rows.chain(stop), |_, _| (ms(100), code(0)));
    assert_eq!(
        (ran.count(Outcome::Done), ran.count(Outcome::Unsent)),
        (20, 10)
    );
    let options = EngineOptions {
        deadline: Some(ms(5000)),
        ..Job::of(0).options
    };
    let engine = Engine::for_feed(Action::Kick, options, Box::new(|| 0.5));
    let ran = drive(engine, [row(0, "r", "u1")], |_, _| (ms(100), code(0)));
    assert_eq!(
        (ran.engine.stop(), ran.end),
        (Some(Stop::Deadline), ms(5000))
    );
}

#[test]
fn bad_rows_count_as_refused_and_stop_at_max_failures() {
    let options = EngineOptions {
        max_failures: Some(3),
        ..Job::of(0).options
    };
    let engine = Engine::for_feed(Action::Kick, options, Box::new(|| 0.5));
    let rows = (0..10).flat_map(|n| {
        [
            (ms(n * 100), Message::BadRow("no user".into())),
            row(n * 100 + 1, "r", &format!("u{n}")),
        ]
    });
    let ran = drive(engine, rows, |_, _| (ms(10), code(0)));
    assert_eq!(ran.engine.stop(), Some(Stop::MaxFailures));
    assert_eq!(
        (ran.count(Outcome::Refused), ran.count(Outcome::Done)),
        (3, 2)
    );
}

#[test]
fn every_row_of_a_long_feed_is_settled() {
    let mut sent_rows = HashSet::new();
    let ran = run(steady(20_000), |_, batch| {
        sent_rows.extend(sent(batch));
        (ms(100), code(0))
    });
    assert_eq!(
        (sent_rows.len(), ran.count(Outcome::Done)),
        (20_000, 20_000)
    );
    assert!(ran.most_in_a_second() <= 200);
}
