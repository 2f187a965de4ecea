//! Member lists that cannot be used, and jobs that end while they read one.

use std::time::Duration;

use serde_json::{Value, json};

use super::name;
use super::virtual_time::{RunResult, code, drive_rooms, lost, refused_connection};
use super::world::{World, answer, counts, job, run};
use crate::api::{Answer, Error};
use crate::config::CheckRoom::{Always, Auto, Never};
use crate::job::batch::RetryWith;
use crate::job::engine::{Engine, Message};
use crate::job::room_list::ReadCall;
use crate::job::{Batch, Outcome, Request, Stop};

const USERS: usize = 1000;

/// 50 of 1000 are present, in a room of 200.
fn world() -> World {
    World::with((0..USERS).step_by(20), 150)
}

fn spoilt(
    mode: crate::config::CheckRoom,
    spoil: impl FnMut(usize, &ReadCall, Value) -> Result<Answer, Error> + 'static,
) -> (RunResult, World) {
    let mut world = world();
    world.spoil = Some(Box::new(spoil));
    (run(job(0..USERS, mode), &mut world), world)
}

/// Everybody is settled by splitting: the present are removed, the others absent.
fn assert_split(ran: &RunResult, world: &World, why: &str) {
    assert_eq!(counts(ran), [50, 0, 950, 0, 0, 0], "{why}");
    assert_eq!(world.members("r").len(), 150);
    assert!(
        ran.notes.iter().any(|note| note.contains(why)),
        "{why}: {:?}",
        ran.notes
    );
    let by_splitting = run(job(0..USERS, Never), &mut self::world()).starts.len();
    let requests = ran.starts.len();
    assert!(
        requests * 10 <= by_splitting * 11,
        "{why}: {requests} of {by_splitting}"
    );
}

/// A page with half of its members, and no other after it.
fn cut(mut page: Value) -> Value {
    if let Some(members) = page["MemberList"].as_array_mut() {
        members.truncate(members.len() / 2);
        page["Next"] = "".into();
    }
    page
}

#[test]
fn a_list_that_is_shorter_than_the_room_is_not_used() {
    for mode in [Auto, Always] {
        let (ran, world) = spoilt(mode, |_, _, page| answer(cut(page)));
        assert_split(&ran, &world, "it has 25 names, and the room 200 members");
    }
}

#[test]
fn a_list_that_lacks_one_member_is_not_used() {
    let (ran, world) = spoilt(Auto, |_, _, mut page| {
        if let Some(members) = page["MemberList"].as_array_mut() {
            members.retain(|member| member["Member_Account"] != "u0000020");
        }
        answer(page)
    });
    assert_split(&ran, &world, "it has 199 names, and the room 200 members");
}

#[test]
fn a_list_whose_pages_repeat_is_not_used() {
    for (next, why) in [("", "twice"), ("50", "repeat")] {
        let (ran, world) = spoilt(Auto, move |_, call, mut page| {
            if let (ReadCall::Page(cursor), "50") = (call, next) {
                page["Next"] = cursor.replace("100", "50").into();
            }
            if next.is_empty() && page["MemberList"].is_array() {
                page["Next"] = "0".into();
            }
            if page["Next"] == "" {
                page["Next"] = "50".into();
            }
            answer(page)
        });
        assert_split(&ran, &world, why);
    }
}

#[test]
fn a_list_without_an_end_is_not_used() {
    for mode in [Auto, Always] {
        let (ran, world) = spoilt(mode, |read, call, page| {
            let user = json!({"Member_Account": format!("ghost{read}")});
            answer(match call {
                ReadCall::Info => page,
                ReadCall::Page(_) => json!({"MemberList": [user], "Next": read.to_string()}),
            })
        });
        assert_split(&ran, &world, "its pages do not end");
    }
}

#[test]
fn a_list_that_cannot_be_read_is_not_used() {
    for mode in [Auto, Always] {
        for error in [100_006, 100_004, 60_003] {
            let (ran, world) = spoilt(mode, move |_, _, _| code(error));
            assert_split(&ran, &world, "the member list is not used");
        }
        let (ran, world) = spoilt(mode, |_, _, _| answer(json!({"Other": 1})));
        assert_split(&ran, &world, "the member list is not used");
        let (ran, world) = spoilt(mode, |_, _, _| refused_connection());
        assert_split(&ran, &world, "the member list is not used");
        let (ran, world) = spoilt(mode, |_, _, _| answer(json!({"MemberList": []})));
        let why = "does not say how many members the room has";
        if mode == Always {
            assert_split(&ran, &world, "get_room_info");
        } else {
            assert!(
                ran.notes
                    .iter()
                    .any(|n| n.contains(why) || n.contains("get_room_info"))
            );
        }
    }
}

#[test]
fn a_read_is_retried_and_slowed_down_as_any_request() {
    let (ran, _) = spoilt(Auto, |read, _, page| match read % 4 {
        0 => code(100_001),
        1 => lost(true),
        2 => code(60_007),
        _ => answer(page),
    });
    let tally = ran.engine.tally();
    assert!(tally.retries >= 3, "{}", tally.retries);
    assert_eq!(counts(&ran)[0] + counts(&ran)[2], 1000);
    assert!(tally.requests < 60, "{}", tally.requests);
}

#[test]
fn a_member_who_joins_while_the_list_is_read_is_not_absent() {
    for read in 2..=6 {
        let mut world = world();
        world.joins = vec![(read, name(501))];
        let ran = run(job(0..USERS, Auto), &mut world);
        assert_eq!(world.members("r").len(), 150, "read {read}");
        assert_eq!(ran.count(Outcome::Done), 51, "read {read}");
    }
}

#[test]
fn members_in_doubt_who_are_not_on_the_list_are_gone() {
    let mut sent = 0;
    let mut world = world();
    let job = job(0..USERS, Auto);
    let engine = crate::job::Engine::new(job.plan, job.options, Box::new(|| 0.5));
    let ran = super::virtual_time::drive_rooms(engine, None, |_, request| {
        let result = world.answer(request);
        if matches!(request, crate::job::Request::Batch(_)) {
            sent += 1;
        }
        // The third batch has its effect, if it has one, and no answer.
        let is_lost = sent == 3;
        if is_lost {
            sent += 1;
        }
        (
            Duration::from_millis(30),
            if is_lost { lost(false) } else { result },
        )
    });
    assert_eq!(ran.count(Outcome::Gone), 19);
    assert_eq!(ran.count(Outcome::Done), 50);
}

#[test]
fn rejected_credentials_while_the_list_is_read_stop_the_job() {
    for (mode, read) in [(Auto, 1), (Auto, 3), (Always, 1), (Always, 2)] {
        let (ran, _) = spoilt(mode, move |at, _, page| {
            if at >= read {
                code(70_009)
            } else {
                answer(page)
            }
        });
        assert_eq!(
            ran.engine.stop(),
            Some(Stop::Credentials),
            "{mode:?} {read}"
        );
        let tally = ran.engine.tally();
        assert_eq!(tally.total(), 1000);
        assert!(tally.requests < 20, "{}", tally.requests);
        assert_eq!(ran.count(Outcome::Absent), 0);
    }
}

#[test]
fn a_stop_while_the_list_is_read_settles_everybody_as_unsent_or_unknown() {
    for millis in [0, 10, 30, 65, 95, 130, 160, 200, 250, 300, 350] {
        for mode in [Auto, Always] {
            let mut job = job(0..USERS, mode);
            job.stop = Some((Duration::from_millis(millis), Stop::Deadline));
            let mut world = world();
            let ran = run(job, &mut world);
            assert_eq!(ran.engine.tally().total(), 1000, "{millis} {mode:?}");
            let left = world.members("r").len() as u64 - 150;
            assert_eq!(ran.count(Outcome::Done), 50 - left, "{millis} {mode:?}");
        }
    }
}

/// Five requests of 30 ms read it.
#[test]
fn a_stop_right_after_the_list_was_read_leaves_those_who_are_not_on_it_absent() {
    let mut job = job(0..USERS, Always);
    job.stop = Some((Duration::from_millis(150), Stop::Deadline));
    let ran = run(job, &mut world());
    assert_eq!(counts(&ran), [0, 0, 950, 0, 0, 50]);
}

#[test]
fn a_deadline_counts_while_a_room_is_read() {
    let mut job = job(0..USERS, Always);
    job.options.deadline = Some(Duration::from_millis(100));
    let mut world = world();
    world.latency = Duration::from_millis(60);
    let ran = run(job, &mut world);
    assert_eq!(ran.engine.stop(), Some(Stop::Deadline));
    assert_eq!(ran.count(Outcome::Unsent), 1000);
    assert!(ran.end < Duration::from_millis(200), "{:?}", ran.end);
}

#[test]
fn after_three_lists_that_cannot_be_trusted_auto_reads_no_more() {
    let rooms = ["a", "b", "c", "d", "e", "f"];
    let mut world = World::with([], 0);
    for room in rooms {
        world.add(
            room,
            (0..10).map(name).chain((0..100).map(|n| format!("x{n}"))),
        );
    }
    world.spoil = Some(Box::new(|_, _, page| answer(cut(page))));
    let mut job = super::world::job_in_rooms(&rooms, 400, Auto);
    job.options.concurrency = 1;
    let ran = run(job, &mut world);
    let unused = ran.notes.iter().filter(|note| note.contains("is not used"));
    assert_eq!(unused.count(), 3);
    assert!(world.reads <= 3 * 3, "size, page, size: {}", world.reads);
    assert_eq!(counts(&ran), [60, 0, 2340, 0, 0, 0]);
}

/// Every fifth request is lost, and sent again.
#[test]
fn a_stop_at_any_time_reports_every_member() {
    for stop in (0..1500).step_by(15) {
        let mut world = World::with((0..USERS).step_by(20), 150);
        let mut job = job(0..USERS, Auto);
        job.stop = Some((Duration::from_millis(stop), Stop::Deadline));
        let stop = job.stop.map(|(when, why)| (when, Message::Stop(why)));
        let engine = Engine::new(job.plan, job.options, Box::new(|| 0.5));
        let mut sent = 0;
        let ran = drive_rooms(engine, stop, |_, request| {
            sent += 1;
            let latency = Duration::from_millis(20 + sent % 7 * 10);
            match request {
                Request::Batch(_) if sent % 5 == 0 => (latency, lost(false)),
                _ => (latency, world.answer(request)),
            }
        });
        let reported: u64 = counts(&ran).iter().sum();
        assert_eq!(reported, USERS as u64, "{:?}", job.stop);
    }
}

/// The room or the reason of a whole batch is rejected, of its halves a member is
/// absent, and the list of this large room is not worth its requests.
#[test]
fn batches_that_wait_for_a_split_of_batches_that_wait_for_the_room_are_settled() {
    let job = job(0..60, Auto);
    let engine = Engine::new(job.plan, job.options, Box::new(|| 0.5));
    let ran = drive_rooms(engine, None, |_, request| {
        let answered = match request {
            Request::Batch(batch) => match batch.members.len() {
                20 => code(100_002),
                1 => code(0),
                _ => code(100_005),
            },
            Request::Read(_) => answer(json!({"RoomInfo": {"MemberCount": 1_000_000}})),
        };
        (Duration::from_millis(30), answered)
    });
    assert_eq!(counts(&ran), [60, 0, 0, 0, 0, 0]);
}

/// Signed again while the list is read, and answered with a code to try again.
#[test]
fn a_batch_that_was_sent_while_the_list_was_read_is_not_judged_by_it() {
    for second in [60_008, 100_005] {
        let mut world = World::with(20..40, 150);
        let job = job(0..USERS, Auto);
        let engine = Engine::new(job.plan, job.options, Box::new(|| 0.5));
        let mut tries = 0;
        let ran = drive_rooms(engine, None, |_, request| {
            let is_late = |batch: &Batch| batch.members[0].as_str() == name(20);
            match request {
                Request::Batch(batch) if is_late(batch) && batch.members.len() > 1 => {
                    tries += 1;
                    match tries {
                        1 => (Duration::from_millis(900), code(70_001)),
                        2 => (Duration::from_millis(10), code(second)),
                        _ => (Duration::from_millis(30), world.answer(request)),
                    }
                }
                Request::Read(_) => (Duration::from_millis(100), world.answer(request)),
                Request::Batch(_) => (Duration::from_millis(30), world.answer(request)),
            }
        });
        assert_eq!(ran.count(Outcome::Done), 20, "{second}: {:?}", ran.notes);
        assert_eq!(world.members("r").len(), 150);
    }
}

#[test]
fn a_signature_that_expires_when_a_list_is_not_read_any_more_is_still_renewed() {
    let mut world = World::with(0..10, 0);
    let job = job(0..20, Auto);
    let engine = Engine::new(job.plan, job.options, Box::new(|| 0.5));
    let (mut is_expired, mut is_signed) = (false, false);
    let ran = drive_rooms(engine, None, |_, request| {
        is_expired |= matches!(request, Request::Read(read) if matches!(read.call, ReadCall::Info));
        is_signed |= request.tries().retry_with == RetryWith::NewSignature;
        let answered = if is_expired && !is_signed {
            code(70_001)
        } else {
            world.answer(request)
        };
        (Duration::from_millis(30), answered)
    });
    assert!(is_expired && is_signed);
    assert_eq!(counts(&ran), [10, 0, 10, 0, 0, 0]);
}
