//! Batches that are split: how many requests that costs, and which outcomes and
//! counts are reported.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::Duration;

use proptest::prelude::*;
use proptest::sample;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::virtual_time::{Job, RunResult, code, lost, refused_connection};
use super::{atomic, name, names, partial};
use crate::api::{Answer, Error};
use crate::job::batch::RetryWith;
use crate::job::{Outcome, Plan};
use crate::room::{Action, Reason, RoomId, UserId};

#[test]
fn absent_members_are_found_one_by_one_when_batches_are_atomic() {
    let absent = &["u0000003", "u0000090", "u0000199"];
    let ran = Job::of(200).run(atomic(absent));
    assert_eq!(
        (ran.count(Outcome::Done), ran.count(Outcome::Absent)),
        (197, 3)
    );
    let extra = ran.engine.tally().requests - 10;
    assert!(extra <= 45, "{extra} extra requests");
    assert_eq!(ran.engine.tally().maybe_removed, 0);
}

#[test]
fn a_partly_removed_batch_is_absent_and_counted_as_maybe_removed() {
    let absent = &["u0000003", "u0000090", "u0000199"];
    let ran = Job::of(200).run(partial(absent));
    assert_eq!(ran.count(Outcome::Done) + ran.count(Outcome::Absent), 200);
    let extra = ran.engine.tally().requests - 10;
    assert!(extra <= 120, "{extra} extra requests");
    assert_eq!(ran.engine.tally().maybe_removed, 60);
}

/// Requests that halving alone takes for these members.
fn halving(members: &[bool]) -> usize {
    let half = members.len().div_ceil(2);
    let is_done = members.len() < 2 || members.iter().all(|is_present| *is_present);
    1 + if is_done {
        0
    } else {
        halving(&members[..half]) + halving(&members[half..])
    }
}

#[test]
fn where_many_were_absent_batches_are_taken_apart_into_singles_at_once() {
    let mut random = StdRng::seed_from_u64(5);
    for (present, most) in [
        (100, 100),
        (99, 102),
        (95, 102),
        (90, 102),
        (85, 110),
        (80, 110),
        (75, 95),
        (50, 70),
        (20, 60),
        (5, 56),
        (0, 56),
    ] {
        let members: Vec<bool> = (0..10_000)
            .map(|_| random.random_ratio(present, 100))
            .collect();
        let absent = (0..members.len()).filter(|n| !members[*n]).map(name);
        let absent: Vec<String> = absent.collect();
        let absent: Vec<&str> = absent.iter().map(String::as_str).collect();
        let mut job = Job::of(members.len());
        (job.options.rate, job.latency) = (200, Duration::from_millis(30));
        let ran = job.run(atomic(&absent));
        let counts = [Outcome::Absent, Outcome::Done].map(|outcome| ran.count(outcome));
        assert_eq!(
            counts,
            [absent.len() as u64, (members.len() - absent.len()) as u64]
        );
        let by_halving: usize = members.chunks(20).map(halving).sum();
        let requests = ran.starts.len();
        assert!(
            requests * 100 <= by_halving * most,
            "{present} % present: {requests} of {by_halving}"
        );
    }
}

#[test]
fn a_refused_reason_costs_one_split_batch() {
    let ran = Job::of(2000).run(|_| code(100_002));
    assert_eq!(ran.count(Outcome::Refused), 2000);
    assert_eq!(
        ran.engine.tally().requests,
        100 + 38,
        "100 batches, one of them split"
    );
}

#[test]
fn one_refused_member_does_not_reject_the_group() {
    let ran = Job::of(200).run(|batch| {
        let bad = names(batch).iter().any(|user| user == "u0000050");
        code(if bad { 100_002 } else { 0 })
    });
    assert_eq!(
        (ran.count(Outcome::Refused), ran.count(Outcome::Done)),
        (1, 199)
    );
}

/// Three different members out of 200.
fn three() -> impl Strategy<Value = Vec<String>> {
    let all = (0..200).map(name).collect::<Vec<_>>();
    sample::subsequence(all, 3)
}

proptest! {
    #[test]
    fn three_absent_among_200_cost_at_most_45_requests_more_wherever_they_stand(absent in three()) {
        let absent: Vec<&str> = absent.iter().map(String::as_str).collect();
        let ran = Job::of(200).run(atomic(&absent));
        prop_assert_eq!((ran.count(Outcome::Done), ran.count(Outcome::Absent)), (197, 3));
        prop_assert!(ran.engine.tally().requests <= 10 + 45);
        prop_assert_eq!(ran.engine.tally().maybe_removed, 0);
    }

    #[test]
    fn three_absent_among_200_removed_in_part_cost_at_most_120_more(absent in three()) {
        let absent: Vec<&str> = absent.iter().map(String::as_str).collect();
        let ran = Job::of(200).run(partial(&absent));
        let absent = ran.count(Outcome::Absent);
        prop_assert_eq!(ran.count(Outcome::Done) + absent, 200);
        prop_assert!(ran.engine.tally().requests <= 10 + 120);
        prop_assert_eq!(ran.engine.tally().maybe_removed, absent);
    }
}

#[test]
fn absent_members_cost_no_more_wherever_they_stand() {
    for absent in [
        [0, 1, 2],
        [0, 5, 10],
        [0, 20, 40],
        [19, 20, 199],
        [0, 10, 19],
    ] {
        let absent = absent.map(name);
        let absent: Vec<&str> = absent.iter().map(String::as_str).collect();
        let (one, other) = (
            Job::of(200).run(atomic(&absent)),
            Job::of(200).run(partial(&absent)),
        );
        assert!(one.engine.tally().requests <= 55, "{absent:?}");
        assert!(other.engine.tally().requests <= 130, "{absent:?}");
    }
}

#[test]
fn a_refused_reason_costs_one_split_batch_also_with_many_in_flight() {
    for (latency, dropped) in [(50, 0), (1000, 0), (3000, 7), (10_000, 3)] {
        let (mut job, sent) = (Job::of(2000), Cell::new(0_u32));
        job.latency = Duration::from_millis(latency);
        job.options.rate = 200;
        let ran = job.run(|_| {
            sent.set(sent.get() + 1);
            // Now and then an answer that is retried.
            let is_retried = dropped > 0 && sent.get().is_multiple_of(dropped);
            code(if is_retried { 100_001 } else { 100_002 })
        });
        assert_eq!(ran.count(Outcome::Refused), 2000, "{latency} ms");
        let tally = ran.engine.tally();
        assert_eq!(tally.requests - tally.retries, 100 + 38, "{latency} ms");
    }
}

#[test]
fn a_refused_room_does_not_reject_another() {
    let mut plan = Plan::new(Action::Kick);
    let reason = Reason::parse("x").expect("reason");
    for n in 0..400 {
        let room = if n % 2 == 0 { "bad" } else { "good" };
        let room = RoomId::parse(room).expect("room");
        plan.add(&room, &UserId::parse(&name(n)).expect("user"), &reason);
    }
    let job = Job { plan, ..Job::of(0) };
    let ran = job.run(|batch| {
        code(if batch.room.as_str() == "bad" {
            100_002
        } else {
            0
        })
    });
    assert_eq!(
        (ran.count(Outcome::Refused), ran.count(Outcome::Done)),
        (200, 200)
    );
    assert_eq!(ran.engine.tally().requests, 20 + 38);
}

#[test]
fn maybe_removed_counts_also_after_a_lost_answer() {
    let (mut service, requests) = (partial(&["u0000019"]), Cell::new(0));
    let ran = Job::of(20).run(|batch| {
        let answer = service(batch);
        requests.set(requests.get() + 1);
        // The first answer to the first half is lost: its members end as gone.
        if requests.get() == 2 {
            lost(false)
        } else {
            answer
        }
    });
    assert_eq!(
        (ran.count(Outcome::Gone), ran.count(Outcome::Absent)),
        (10, 10)
    );
    assert_eq!(ran.engine.tally().maybe_removed, 10);
}

#[test]
fn members_that_may_have_been_removed_are_not_refused() {
    let (mut service, requests) = (partial(&["u0000001"]), Cell::new(0));
    let ran = Job::of(2).run(|batch| {
        requests.set(requests.get() + 1);
        // The room is dissolved meanwhile, which says nothing about the members.
        if requests.get() == 1 {
            service(batch)
        } else {
            code(100_004)
        }
    });
    assert_eq!(ran.count(Outcome::Unknown), 2);
}

#[test]
fn one_refused_member_in_every_batch_is_found_in_parallel() {
    let mut job = Job::of(4000);
    (job.options.rate, job.latency) = (190, Duration::from_millis(100));
    let bad = |user: &String| user.ends_with("05") || user.ends_with("25") || user.ends_with("45");
    let ran = job.run(|batch| {
        code(if names(batch).iter().any(bad) {
            100_002
        } else {
            0
        })
    });
    assert_eq!(ran.count(Outcome::Refused), 120);
    // The batches are split at the same time, not one after the other.
    let requests = u32::try_from(ran.starts.len()).expect("some hundreds");
    let least = Duration::from_secs(1) * requests / 190;
    assert!(
        ran.end < least + Duration::from_secs(4),
        "{:?} for {requests}",
        ran.end
    );
}

#[test]
fn members_without_an_answer_of_their_own_reject_no_group() {
    let ran = Job::of(40).run(|batch| match batch.members.len() {
        1 => refused_connection(),
        _ => code(100_002),
    });
    assert_eq!(ran.count(Outcome::Refused), 0);
    assert_eq!(ran.count(Outcome::Unknown), 40);
}

/// Two members; the answers to the first two requests, then those to each part.
fn parts_after(first: [Result<Answer, Error>; 2]) -> RunResult {
    let (first, tries) = (
        RefCell::new(first.into_iter()),
        RefCell::new(HashMap::new()),
    );
    Job::of(2).run(|batch| {
        if batch.members.len() == 2 {
            return first.borrow_mut().next().expect("two tries");
        }
        let mut tries = tries.borrow_mut();
        let tries: &mut u32 = tries.entry(batch.members[0].to_string()).or_default();
        *tries += 1;
        let is_as_before = batch.tries.retry_with == RetryWith::AsBefore;
        assert!(is_as_before, "a part was never sent");
        code(if *tries == 1 { 60_004 } else { 0 })
    })
}

#[test]
fn the_parts_of_a_batch_have_a_retry_of_their_own_and_need_nothing_new() {
    for first in [code(60_004), code(70_001), lost(true)] {
        let is_lost = first.is_err();
        let ran = parts_after([first, code(100_005)]);
        assert_eq!(ran.count(Outcome::Done), 2);
        assert_eq!(ran.starts.len(), 6, "{is_lost}");
    }
}
