//! The pace as a whole job keeps it, whatever the service does.

use std::cell::Cell;
use std::time::Duration;

use crate::job::Outcome;
use crate::job::core::virtual_time::{Job, code, refused_connection};

#[test]
fn an_outage_is_probed_by_one_request_at_a_time() {
    let mut job = Job::of(20_000);
    job.latency = Duration::from_secs(5);
    job.policy.deadline = Some(Duration::from_secs(120));
    let ran = job.run(|_| refused_connection());
    let quiet: Vec<_> = ran.starts.iter().filter(|at| at.as_secs() >= 16).collect();
    assert!(quiet.len() > 10);
    let apart = |pair: &[&Duration]| *pair[1] - *pair[0] >= Duration::from_secs(5);
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
