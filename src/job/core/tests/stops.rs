//! What ends a job early, and what that leaves behind.

use std::time::Duration;

use crate::interrupt::Signal;
use crate::job::core::virtual_time::{Job, code, refused_connection};
use crate::job::{Outcome, Stop};

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
