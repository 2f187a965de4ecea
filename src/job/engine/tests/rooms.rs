//! Jobs that read member lists: which requests that saves, and which outcomes
//! members have.

use std::time::{Duration, UNIX_EPOCH};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::name;
use super::virtual_time::{RunResult, code, drive_rooms};
use super::world::{World, counts, job, job_in_rooms, run};
use crate::config::CheckRoom::{self, Always, Auto, Never};
use crate::job::engine::Engine;
use crate::job::{Batch, LastAnswer, Outcome, Request, Settled};

/// Many users. `present` per cent of them are in a room with others.
fn large(
    users: usize,
    present: usize,
    others: usize,
    mode: CheckRoom,
    is_partial: bool,
) -> RunResult {
    let mut random = StdRng::seed_from_u64(9);
    let present: Vec<usize> = (0..users)
        .filter(|_| random.random_ratio(u32::try_from(present).expect("small"), 100))
        .collect();
    let mut world = World::with(present.clone(), others);
    world.is_partial = is_partial;
    let ran = run(job(0..users, mode), &mut world);
    let left = world.members("r");
    assert!(present.iter().all(|user| !left.contains(&name(*user))));
    assert_eq!(left.len(), others, "nobody else is removed");
    assert_eq!(ran.engine.tally().total(), users as u64);
    ran
}

#[test]
fn ten_thousand_names_with_few_present_take_about_90_requests() {
    for (mode, most) in [(Auto, 95), (Always, 90)] {
        for is_partial in [false, true] {
            let ran = large(10_000, 5, 2500, mode, is_partial);
            assert!(ran.starts.len() <= most, "{mode:?} {}", ran.starts.len());
            assert!(ran.end < Duration::from_secs(3), "{mode:?} {:?}", ran.end);
            let [removed, gone, absent, ..] = counts(&ran);
            assert_eq!((gone, removed + absent), (0, 10_000));
            // In a partial service, the batches in flight at the first 100005 hide
            // what they removed.
            let hidden = if is_partial && mode == Auto { 20 } else { 0 };
            assert!(removed >= 480 - hidden, "{mode:?} {removed}");
        }
    }
}

/// Requests for a share of present members in per cent: with `auto`, and with
/// splitting alone.
fn compared(present: usize, others: usize, is_partial: bool) -> (usize, usize) {
    let [auto, never] = [Auto, Never].map(|mode| large(2000, present, others, mode, is_partial));
    (auto.starts.len(), never.starts.len())
}

#[test]
fn auto_is_never_worse_than_splitting_by_more_than_a_tenth() {
    for is_partial in [false, true] {
        for others in [0, 500, 5000] {
            for present in [0, 5, 20, 50, 80, 95, 99] {
                let (auto, never) = compared(present, others, is_partial);
                assert!(
                    auto * 10 <= never * 11,
                    "{present} % present, {others} others: {auto}, and {never} by splitting"
                );
            }
        }
    }
}

#[test]
fn where_all_are_present_not_one_request_is_added() {
    for others in [0, 500] {
        assert_eq!(compared(100, others, false), (100, 100));
    }
}

#[test]
fn small_jobs_are_not_worse_than_splitting_by_more_than_a_tenth_and_one_request() {
    for users in [2, 3, 8, 19, 20, 21, 40, 60, 200] {
        for others in [0, 20, 200, 5000] {
            for step in [1, 2, 5, 20] {
                let requests = |mode| {
                    let present = (0..users).filter(|user| user % step != step - 1);
                    let mut world = World::with(present, others);
                    run(job(0..users, mode), &mut world).starts.len()
                };
                let (auto, never) = (requests(Auto), requests(Never));
                assert!(
                    auto * 10 <= never * 11 + 10,
                    "{users} users, {others} others, every {step}: {auto} for {never}"
                );
            }
        }
    }
}

#[test]
fn a_list_of_one_batch_is_settled_with_a_handful_of_requests() {
    for is_partial in [false, true] {
        let mut world = World::with([3, 7], 30);
        world.is_partial = is_partial;
        let ran = run(job(0..20, Auto), &mut world);
        assert!(ran.starts.len() <= 5, "{}", ran.starts.len());
        assert_eq!(world.members("r").len(), 30);
        let removed = if is_partial { 0 } else { 2 };
        assert_eq!(counts(&ran), [removed, 0, 20 - removed, 0, 0, 0]);
        // What one request did to all of them is not known.
        let hidden = if is_partial { 20 } else { 0 };
        assert_eq!(ran.engine.tally().maybe_removed, hidden);
    }
}

#[test]
fn where_a_list_shows_that_a_refused_batch_removed_nobody_no_member_may_have_been_removed() {
    let mut job = job(0..400, Auto);
    job.options.rate = 100;
    let mut world = World::with(0..5, 40);
    world.latency = Duration::from_millis(100);
    let ran = run(job, &mut world);
    assert_eq!(counts(&ran), [5, 0, 395, 0, 0, 0]);
    assert_eq!(ran.engine.tally().maybe_removed, 0);
}

#[test]
fn members_that_are_not_on_the_list_have_no_code_and_their_attempts_as_sent() {
    let ran = run(job(0..200, Auto), &mut World::with(0..5, 40));
    let absent = |settled: &&Settled| settled.outcome == Outcome::Absent;
    let not_on_list = LastAnswer::NoAnswer("not in the room's member list".into());
    let absent: Vec<&Settled> = ran.settled.iter().filter(absent).collect();
    assert!(
        absent
            .iter()
            .all(|settled| settled.last_answer == not_on_list)
    );
    let attempts: Vec<u32> = absent.iter().map(|settled| settled.attempts).collect();
    assert!(
        attempts.contains(&0) && attempts.contains(&1),
        "{attempts:?}"
    );
    assert!(attempts.iter().all(|attempts| *attempts <= 1));
}

#[test]
fn always_reads_the_list_before_the_first_request_of_each_room() {
    let rooms = ["a", "b", "c"];
    for is_partial in [false, true] {
        let mut world = World::with([], 0);
        world.is_partial = is_partial;
        for room in rooms {
            world.add(room, (0..10).map(name));
        }
        let ran = run(job_in_rooms(&rooms, 60, Always), &mut world);
        assert_eq!(counts(&ran), [30, 0, 150, 0, 0, 0]);
        assert_eq!((ran.starts.len(), world.reads), (3 * 3, 3 * 2));
    }
}

#[test]
fn never_reads_nothing() {
    let mut world = World::with(0..5, 40);
    let ran = run(job(0..200, Never), &mut world);
    assert_eq!((world.reads, counts(&ran)), (0, [5, 0, 195, 0, 0, 0]));
}

#[test]
fn a_member_that_leaves_after_the_list_was_read_is_gone() {
    for is_partial in [false, true] {
        let mut world = World::with(0..20, 5);
        world.is_partial = is_partial;
        // The list names 19 that stay, and one that has left since.
        world.spoil = Some(Box::new(|_, _, response| {
            let text = response.to_string().replace("other0", &name(99));
            super::world::answer(serde_json::from_str(&text).expect("JSON"))
        }));
        let ran = run(job((1..20).chain([99]), Always), &mut world);
        let gone = ran
            .outcomes()
            .into_iter()
            .filter(|(_, outcome)| *outcome == Outcome::Gone);
        let gone: Vec<String> = gone.map(|(user, _)| user).collect();
        assert!(gone.contains(&name(99)), "{gone:?}");
        assert_eq!(ran.count(Outcome::Absent), 0);
        assert_eq!(world.members("r").len(), 6);
    }
}

#[test]
fn several_rooms_are_read_at_the_same_time_and_other_rooms_go_on() {
    let rooms = ["a", "b", "c", "d", "e"];
    let mut world = World::with([], 0);
    for room in &rooms[..4] {
        world.add(
            room,
            (0..10).map(name).chain((0..1500).map(|n| format!("x{n}"))),
        );
    }
    // In the last one all are present.
    world.add("e", (0..2000).map(name));
    let ran = run(job_in_rooms(&rooms, 2000, Auto), &mut world);
    assert_eq!(ran.engine.tally().total(), 10_000);
    assert_eq!(ran.count(Outcome::Done), 2000 + 4 * 10);
    let least = 4 * (31 + 2) + 100;
    assert!(
        ran.starts.len() < least + 40,
        "{} requests",
        ran.starts.len()
    );
    assert!(ran.end < Duration::from_secs(5), "{:?}", ran.end);
}

#[test]
fn reads_count_as_requests_and_keep_the_pace() {
    let mut world = World::with(0..500, 9500);
    world.latency = Duration::from_millis(1);
    let ran = run(job(0..10_000, Always), &mut world);
    assert_eq!(ran.engine.tally().requests, ran.starts.len() as u64);
    assert_eq!(ran.starts.len(), 200 + 1 + 25);
    assert!(ran.most_in_a_second() <= 200);
}

#[test]
fn a_room_in_which_few_are_absent_is_not_read() {
    let present = (0..2000).filter(|user| *user != 7 && *user != 1007);
    let mut world = World::with(present, 5000);
    let ran = run(job(0..2000, Auto), &mut world);
    assert_eq!(counts(&ran), [1998, 0, 2, 0, 0, 0]);
    assert_eq!(world.reads, 1, "its size");
    assert!(ran.notes[0].contains("not read yet"), "{:?}", ran.notes);
}

/// Two rooms in which 10 of 400 members are present.
fn two_rooms() -> World {
    let mut world = World::with([], 0);
    for room in ["a", "b"] {
        let others = (0..100).map(|n| format!("x{n}"));
        world.add(room, (0..10).map(name).chain(others));
    }
    world
}

#[test]
fn no_room_waits_for_a_list_that_must_be_read_again_and_again() {
    let mut world = two_rooms();
    world.spoil = Some(Box::new(|_, _, _| code(100_001)));
    let ran = run(job_in_rooms(&["a", "b"], 400, Auto), &mut world);
    assert_eq!(counts(&ran), [20, 0, 780, 0, 0, 0]);
    let begin = UNIX_EPOCH;
    let early = |settled: &&Settled| settled.time < begin + Duration::from_millis(1500);
    let early = ran.settled.iter().filter(early);
    let members: usize = early.map(|settled| settled.members.len()).sum();
    assert!(members > 100, "{members} while the first try waits");
}

#[test]
fn a_read_that_fails_is_not_tried_again_where_it_would_cost_more_than_it_saves() {
    let requests = |mode| {
        let mut world = World::with(0..19, 100);
        world.spoil = Some(Box::new(|_, _, _| code(100_001)));
        let ran = run(job(0..20, mode), &mut world);
        assert_eq!(counts(&ran), [19, 0, 1, 0, 0, 0]);
        ran.starts.len()
    };
    assert_eq!(requests(Auto), requests(Never) + 2, "a tenth, and two");
}

#[test]
fn a_batch_that_is_sent_again_ends_no_wait_for_a_list() {
    let requests = |failures: usize| {
        let mut world = two_rooms();
        world.add("c", (0..400).map(name));
        let job = job_in_rooms(&["a", "b", "c"], 400, Auto);
        let engine = Engine::new(job.plan, job.options, Box::new(|| 0.5));
        let mut left = failures;
        let ran = drive_rooms(engine, [], |_, request| {
            let is_c = |batch: &Batch| batch.room.as_str() == "c";
            let fails = left > 0 && matches!(request, Request::Batch(batch) if is_c(batch));
            left -= usize::from(fails);
            let answer = if fails {
                code(100_001)
            } else {
                world.answer(request)
            };
            (world.latency, answer)
        });
        assert_eq!(counts(&ran), [420, 0, 780, 0, 0, 0]);
        ran.starts.len()
    };
    for failures in [1, 5, 20] {
        assert_eq!(requests(failures), requests(0) + failures);
    }
}
