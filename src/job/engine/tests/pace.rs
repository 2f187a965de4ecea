//! The pace of whole jobs, whatever the service does.

use std::cell::Cell;
use std::collections::VecDeque;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::virtual_time::{Job, code, lost, refused_connection};
use crate::job::Outcome;

#[test]
fn in_an_outage_one_request_at_a_time_is_in_flight() {
    let mut job = Job::of(20_000);
    job.latency = Duration::from_secs(5);
    job.options.deadline = Some(Duration::from_secs(120));
    let ran = job.run(|_| refused_connection());
    let quiet: Vec<_> = ran.starts.iter().filter(|at| at.as_secs() >= 16).collect();
    assert!(quiet.len() > 10);
    let apart = |pair: &[&Duration]| pair[1].saturating_sub(*pair[0]) >= Duration::from_secs(5);
    assert!(quiet.windows(2).all(apart), "{quiet:?}");
}

#[test]
fn after_an_outage_the_job_goes_on_at_its_pace() {
    let requests = Cell::new(0);
    let mut job = Job::of(20_000);
    job.latency = Duration::from_secs(1);
    job.options.retries = 1000;
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
fn retries_count_toward_the_rate() {
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

/// Latencies that vary, with a stall of some seconds now and then.
fn stalling(seed: u64) -> impl FnMut(Duration) -> Duration {
    let mut random = StdRng::seed_from_u64(seed);
    move |now| {
        let jitter = Duration::from_millis(random.random_range(5..250));
        // In every tenth second the service stalls for three.
        let stalls = now.as_secs() % 10 == 4;
        jitter + Duration::from_secs(if stalls { 3 } else { 0 })
    }
}

#[test]
fn no_second_sees_more_than_200_starts_however_latency_jitters_and_stalls() {
    for (rate, most) in [(200, 200), (195, 200), (190, 194), (50, 52)] {
        let mut job = Job::of(60_000);
        job.options.rate = rate;
        let mut latency = stalling(u64::from(rate));
        let ran = job.run_against(|now, _| (latency(now), code(0)));
        assert_eq!(ran.count(Outcome::Done), 60_000);
        let peak = ran.most_in_a_second();
        assert!(peak <= most, "{peak} starts in a second at {rate}");
        assert!(peak + 4 >= rate as usize, "{rate} is reached: {peak}");
    }
}

#[test]
fn after_a_stall_the_job_goes_on_at_its_interval() {
    let mut job = Job::of(8000);
    (job.options.rate, job.options.concurrency) = (200, 8);
    let stall = Duration::from_secs(3);
    let second = Duration::from_secs(1);
    // All eight that start before the end of the first second come back together.
    let latency = |now| {
        if now < second {
            (second + stall).saturating_sub(now)
        } else {
            second / 100
        }
    };
    let ran = job.run_against(|now, _| (latency(now), code(0)));
    let after: Vec<_> = ran.starts.iter().filter(|at| **at > second).collect();
    let apart = |pair: &[&Duration]| pair[1].saturating_sub(*pair[0]);
    let least = after.windows(2).map(apart).min().expect("many");
    // A timer that is up to 2 ms late is caught up; a stall is not.
    assert!(least >= Duration::from_micros(3050), "{least:?}");
}

/// A service that refuses requests above a limit in any second. Refused requests
/// do not count, as its documents say.
fn limited(limit: usize) -> impl FnMut(Duration) -> i64 {
    let mut admitted = VecDeque::new();
    move |now| {
        while admitted
            .front()
            .is_some_and(|at| now.saturating_sub(*at) >= Duration::from_secs(1))
        {
            admitted.pop_front();
        }
        let fits = admitted.len() < limit;
        if fits {
            admitted.push_back(now);
        }
        if fits { 0 } else { 60_007 }
    }
}

#[test]
fn a_job_throttled_to_60_a_second_finishes_and_never_crawls() {
    for millis in [5, 50, 400] {
        let (mut job, mut limit) = (Job::of(40_000), limited(60));
        job.options.rate = 190;
        let ran = job.run_against(|now, _| (Duration::from_millis(millis), code(limit(now))));
        assert_eq!(ran.count(Outcome::Done), 40_000, "{millis} ms");
        // The last requests only wait for their own retries.
        let busy = &ran.starts[..ran.starts.len() - 20];
        let apart = |pair: &[Duration]| pair[1].saturating_sub(pair[0]);
        let longest = busy.windows(2).map(apart).max().expect("many");
        assert!(longest <= Duration::from_millis(500), "{longest:?}");
        let least = Duration::from_secs(2000 / 60);
        assert!(ran.end < least * 2, "{:?} of {least:?}", ran.end);
    }
}

#[test]
fn where_everything_is_throttled_2_a_second_are_still_sent() {
    let mut job = Job::of(4000);
    job.options.retries = 1000;
    job.options.deadline = Some(Duration::from_secs(300));
    let ran = job.run(|_| code(60_007));
    let late = ran.starts.iter().filter(|at| at.as_secs() >= 60).count();
    assert!(late >= 2 * 240 - 2, "{late} in four minutes");
    assert!(
        late <= 20 * 240,
        "{late}: halved each second, 10/s are gained back"
    );
}

#[test]
fn in_an_outage_every_request_gets_all_its_tries() {
    for (latency, failure) in [(1, 0), (5000, 0), (100, 1), (10_000, 1)] {
        let mut job = Job::of(2000);
        job.latency = Duration::from_millis(latency);
        job.options.rate = 200;
        let ran = job.run(|_| {
            if failure == 0 {
                refused_connection()
            } else {
                lost(false)
            }
        });
        assert!(
            ran.settled.iter().all(|settled| settled.attempts == 6),
            "{latency} ms"
        );
        let outcome = [Outcome::Unsent, Outcome::Unknown][failure];
        assert_eq!(ran.count(outcome), 2000);
    }
}

#[test]
fn one_answer_ends_an_outage() {
    let mut job = Job::of(20_000);
    job.options.retries = 1000;
    let over = Duration::from_secs(60);
    let ran = job.run_against(|now, _| {
        let latency = Duration::from_millis(500);
        (
            latency,
            if now < over {
                refused_connection()
            } else {
                code(0)
            },
        )
    });
    assert_eq!(ran.count(Outcome::Done), 20_000);
    let in_outage = |at: &&Duration| (30..60).contains(&at.as_secs());
    assert!(
        ran.starts.iter().filter(in_outage).count() <= 60,
        "one at a time"
    );
    let after = |at: &&Duration| (63..68).contains(&at.as_secs());
    assert!(
        ran.starts.iter().filter(after).count() >= 490,
        "100/s again"
    );
}

#[test]
fn a_job_held_below_its_rate_by_concurrency_says_so_once() {
    let held = |concurrency: usize, latency: u64, members: usize| {
        let mut job = Job::of(members);
        (job.options.rate, job.options.concurrency) = (190, concurrency);
        job.latency = Duration::from_millis(latency);
        job.run(|_| code(0)).held
    };
    assert_eq!(held(8, 1000, 2000), 1);
    assert_eq!(held(1, 30, 4000), 1, "no single wait is long");
    assert_eq!(held(256, 1000, 20_000), 0);
    assert_eq!(held(1, 1000, 20), 0, "one request");
    assert_eq!(held(1, 30, 200), 0, "less than a second is lost");
}

#[test]
fn one_slow_answer_in_a_long_job_is_not_reported_as_held_by_concurrency() {
    let mut job = Job::of(100_000);
    (job.options.rate, job.options.concurrency) = (100, 10);
    let ran = job.run_against(|now, _| {
        // The service pauses for 3 s.
        let pause = if now.as_secs() == 40 { 3000 } else { 0 };
        (Duration::from_millis(50 + pause), code(0))
    });
    assert_eq!(ran.held, 0);
}
