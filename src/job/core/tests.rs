//! The policies as they work together, in virtual time.

use std::cell::Cell;
use std::collections::HashSet;
use std::time::Duration;

use super::virtual_time::{Job, code, lost, refused_connection};
use crate::api::{Answer, Error};
use crate::interrupt::Signal;
use crate::job::{Anew, Batch, Outcome, Stop};

fn names(batch: &Batch) -> Vec<String> {
    batch.members.iter().map(ToString::to_string).collect()
}

/// A service that removes nobody while one of a batch is absent.
fn atomic(absent: &'static [&'static str]) -> impl FnMut(&Batch) -> Result<Answer, Error> {
    move |batch| {
        let any = batch
            .members
            .iter()
            .any(|user| absent.contains(&user.as_str()));
        code(if any { 100_005 } else { 0 })
    }
}

/// A service that removes who is there, and still says that somebody was not.
fn partial(absent: &'static [&'static str]) -> impl FnMut(&Batch) -> Result<Answer, Error> {
    let mut gone: HashSet<String> = absent.iter().map(ToString::to_string).collect();
    move |batch| {
        let missing = names(batch).iter().any(|user| gone.contains(user));
        gone.extend(names(batch));
        code(if missing { 100_005 } else { 0 })
    }
}

#[test]
fn one_member_is_a_plan_of_one() {
    let ran = Job::of(1).run(|_| code(0));
    assert_eq!(ran.settled.len(), 1);
    let settled = &ran.settled[0];
    assert_eq!((settled.outcome, settled.attempts), (Outcome::Done, 1));
    assert_eq!(settled.elapsed, Duration::from_millis(50));
}

#[test]
fn a_million_members_are_all_settled_once() {
    let ran = Job::of(1_000_000).run(|_| code(0));
    assert_eq!(ran.count(Outcome::Done), 1_000_000);
    assert_eq!(ran.core.tally().requests, 50_000);
    assert!(
        ran.most_in_flight <= 6,
        "100/s at 50 ms: {}",
        ran.most_in_flight
    );
}

#[test]
fn concurrency_is_never_exceeded() {
    let mut job = Job::of(4000);
    job.latency = Duration::from_secs(3);
    job.policy.concurrency = 7;
    assert_eq!(job.run(|_| code(0)).most_in_flight, 7);
}

#[test]
fn a_retry_class_answer_is_sent_again_and_ends_unsent() {
    let ran = Job::of(1).run(|_| code(100_001));
    assert_eq!(ran.outcomes(), [("u0000000".into(), Outcome::Unsent)]);
    assert_eq!(ran.settled[0].attempts, 6);
    assert_eq!(ran.retries.len(), 5);
    let delays: Vec<u128> = ran
        .retries
        .iter()
        .map(|retry| retry.delay.as_millis())
        .collect();
    assert_eq!(delays, [100, 200, 400, 800, 1600]);
    assert_eq!(ran.core.tally().retries, 5);
}

#[test]
fn a_doubt_makes_a_following_absent_gone() {
    let tries = Cell::new(0);
    let ran = Job::of(1).run(|_| {
        tries.set(tries.get() + 1);
        if tries.get() == 1 {
            lost(false)
        } else {
            code(100_005)
        }
    });
    assert_eq!(ran.count(Outcome::Gone), 1);
}

#[test]
fn a_doubt_that_is_never_cleared_stays_unknown() {
    let tries = Cell::new(0);
    let ran = Job::of(1).run(|_| {
        tries.set(tries.get() + 1);
        if tries.get() == 1 {
            lost(false)
        } else {
            refused_connection()
        }
    });
    assert_eq!(ran.count(Outcome::Unknown), 1);
}

#[test]
fn a_doubt_followed_by_a_refusal_stays_unknown() {
    let tries = Cell::new(0);
    let ran = Job::of(1).run(|_| {
        tries.set(tries.get() + 1);
        if tries.get() == 1 {
            lost(false)
        } else {
            code(100_004)
        }
    });
    assert_eq!(ran.count(Outcome::Unknown), 1);
}

#[test]
fn a_dead_kept_connection_is_tried_again_at_once_on_a_fresh_one() {
    let tries = Cell::new(0);
    let ran = Job::of(1).run(|batch| {
        tries.set(tries.get() + 1);
        assert_eq!(batch.anew == Anew::Connection, tries.get() == 2);
        if tries.get() <= 2 {
            lost(true)
        } else {
            code(0)
        }
    });
    let delays: Vec<bool> = ran
        .retries
        .iter()
        .map(|retry| retry.delay.is_zero())
        .collect();
    assert_eq!(
        delays,
        [true, false],
        "only the first comes without a pause"
    );
    assert_eq!(ran.core.tally().retries, 2);
}

#[test]
fn nothing_sent_is_unsent() {
    let ran = Job::of(1).run(|_| refused_connection());
    assert_eq!(ran.count(Outcome::Unsent), 1);
}

#[test]
fn absent_members_are_found_one_by_one_when_batches_are_atomic() {
    let absent = &["u0000003", "u0000090", "u0000199"];
    let ran = Job::of(200).run(atomic(absent));
    assert_eq!(
        (ran.count(Outcome::Done), ran.count(Outcome::Absent)),
        (197, 3)
    );
    let extra = ran.core.tally().requests - 10;
    assert!(extra <= 45, "{extra} extra requests");
    assert_eq!(ran.core.tally().perhaps_removed, 0);
}

#[test]
fn a_batch_removed_in_part_reads_absent_and_the_summary_says_so() {
    let absent = &["u0000003", "u0000090", "u0000199"];
    let ran = Job::of(200).run(partial(absent));
    assert_eq!(ran.count(Outcome::Done) + ran.count(Outcome::Absent), 200);
    let extra = ran.core.tally().requests - 10;
    assert!(extra <= 120, "{extra} extra requests");
    assert_eq!(ran.core.tally().perhaps_removed, 60);
}

#[test]
fn a_refused_reason_costs_one_split_batch() {
    let ran = Job::of(2000).run(|_| code(100_002));
    assert_eq!(ran.count(Outcome::Refused), 2000);
    assert_eq!(
        ran.core.tally().requests,
        100 + 38,
        "100 batches, one of them taken apart"
    );
}

#[test]
fn one_refused_member_does_not_condemn_the_rest() {
    let ran = Job::of(200).run(|batch| {
        let bad = names(batch).iter().any(|user| user == "u0000050");
        code(if bad { 100_002 } else { 0 })
    });
    assert_eq!(
        (ran.count(Outcome::Refused), ran.count(Outcome::Done)),
        (1, 199)
    );
}

#[test]
fn gateway_errors_are_never_split() {
    let ran = Job::of(20).run(|_| code(60_003));
    assert_eq!(ran.core.tally().requests, 1);
    assert_eq!(ran.count(Outcome::Refused), 20);
}

#[test]
fn credentials_stop_the_whole_job_with_what_is_in_flight() {
    let ran = Job::of(20_000).run(|_| code(70_009));
    assert_eq!(ran.core.stop(), Some(Stop::Credentials));
    assert!(
        ran.core.tally().requests <= 4,
        "{}",
        ran.core.tally().requests
    );
    let refused = ran.count(Outcome::Refused);
    assert_eq!(refused, ran.core.tally().requests * 20);
    assert_eq!(refused + ran.count(Outcome::Unsent), 20_000);
}

#[test]
fn an_expired_signature_is_made_anew_once() {
    let tries = Cell::new(0);
    let ran = Job::of(1).run(|batch| {
        tries.set(tries.get() + 1);
        assert_eq!(batch.anew == Anew::Signature, tries.get() > 1);
        code(if tries.get() == 1 { 70_001 } else { 0 })
    });
    assert_eq!(ran.count(Outcome::Done), 1);
    let ran = Job::of(1).run(|_| code(70_001));
    assert_eq!(
        (ran.core.tally().requests, ran.core.stop()),
        (2, Some(Stop::Credentials))
    );
    let mut job = Job::of(1);
    job.policy.can_resign = false;
    assert_eq!(job.run(|_| code(70_001)).core.tally().requests, 1);
}

#[test]
fn a_stop_lets_what_is_in_flight_finish_and_leaves_the_rest_unsent() {
    let mut job = Job::of(20_000);
    job.stop = Some((Duration::from_secs(5), Stop::Signal(Signal::Int)));
    let ran = job.run(|_| code(0));
    let done = ran.core.tally().requests * 20;
    assert_eq!(ran.count(Outcome::Done), done);
    assert_eq!(ran.count(Outcome::Unsent), 20_000 - done);
    assert!(
        ran.starts
            .iter()
            .all(|start| *start <= Duration::from_secs(5))
    );
    assert!(ran.end <= Duration::from_millis(5050));
}

#[test]
fn a_stop_while_a_batch_is_taken_apart_leaves_its_members_unknown() {
    let mut job = Job::of(20);
    job.stop = Some((Duration::from_millis(70), Stop::Signal(Signal::Term)));
    let ran = job.run(|_| code(100_005));
    assert_eq!(ran.count(Outcome::Unknown), 20);
}

#[test]
fn after_the_deadline_nothing_starts() {
    let mut job = Job::of(20_000);
    job.policy.deadline = Some(Duration::from_secs(2));
    let ran = job.run(|_| code(0));
    assert_eq!(ran.core.stop(), Some(Stop::Deadline));
    assert!(
        ran.starts
            .iter()
            .all(|start| *start < Duration::from_secs(2))
    );
    assert_eq!(
        ran.count(Outcome::Done) + ran.count(Outcome::Unsent),
        20_000
    );
    let mut short = Job::of(20);
    short.policy.deadline = Some(Duration::from_secs(2));
    short.latency = Duration::from_secs(5);
    assert_eq!(
        short.run(|_| code(0)).core.stop(),
        None,
        "all was started in time"
    );
}

#[test]
fn a_deadline_ends_the_wait_for_a_retry() {
    let mut job = Job::of(1);
    job.policy.retries = 1000;
    job.policy.deadline = Some(Duration::from_secs(30));
    let ran = job.run(|_| refused_connection());
    assert_eq!(
        (ran.count(Outcome::Unsent), ran.core.stop()),
        (1, Some(Stop::Deadline))
    );
    assert_eq!(ran.end, Duration::from_secs(30));
}

#[test]
fn too_many_refusals_stop_the_job() {
    let mut job = Job::of(20_000);
    job.policy.max_failures = Some(100);
    let ran = job.run(|_| code(100_004));
    assert_eq!(ran.core.stop(), Some(Stop::MaxFailures));
    assert!((100..300).contains(&ran.count(Outcome::Refused)));
    assert_eq!(
        ran.count(Outcome::Refused) + ran.count(Outcome::Unsent),
        20_000
    );
}

#[test]
fn an_outage_is_probed_by_one_request_at_a_time() {
    let mut job = Job::of(20_000);
    job.latency = Duration::from_secs(5);
    job.policy.deadline = Some(Duration::from_secs(120));
    let ran = job.run(|_| refused_connection());
    let quiet: Vec<_> = ran.starts.iter().filter(|at| at.as_secs() >= 16).collect();
    assert!(quiet.len() > 10);
    let apart = |pair: &[&Duration]| *pair[1] >= *pair[0] + Duration::from_secs(5);
    assert!(quiet.windows(2).all(apart), "{quiet:?}");
}

#[test]
fn after_an_outage_the_job_goes_on_at_its_pace() {
    let requests = Cell::new(0);
    let mut job = Job::of(20_000);
    job.latency = Duration::from_secs(1);
    job.policy.retries = 1000;
    let ran = job.run(|_| {
        requests.set(requests.get() + 1);
        if requests.get() < 1200 {
            refused_connection()
        } else {
            code(0)
        }
    });
    assert_eq!(ran.count(Outcome::Done), 20_000);
}

#[test]
fn throttling_slows_the_whole_job_down() {
    let sent = Cell::new(0_u32);
    let ran = Job::of(6000).run(|_| {
        sent.set(sent.get() + 1);
        code(if sent.get() == 50 { 60_007 } else { 0 })
    });
    assert_eq!(ran.count(Outcome::Done), 6000);
    let free = Job::of(6000).run(|_| code(0));
    assert!(ran.end > free.end + Duration::from_millis(500));
}

#[test]
fn retries_spend_from_the_same_rate() {
    let failed = Cell::new(0_u32);
    let ran = Job::of(2000).run(|_| {
        failed.set(failed.get() + 1);
        if failed.get().is_multiple_of(2) {
            code(100_001)
        } else {
            code(0)
        }
    });
    let window = Duration::from_secs(1);
    for start in &ran.starts {
        let within = ran
            .starts
            .iter()
            .filter(|at| *at >= start && **at < *start + window);
        assert!(
            within.count() <= 103,
            "100 a second, and 20 ms that may be caught up"
        );
    }
}
