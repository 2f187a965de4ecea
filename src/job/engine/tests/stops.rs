//! What stops a job early, and the outcomes that follow.

use std::cell::Cell;
use std::collections::HashSet;
use std::time::Duration;

use super::names;
use super::virtual_time::{Job, at, code, drive, refused_connection};
use crate::interrupt::Signal;
use crate::job::engine::{Engine, Message, Next};
use crate::job::{Event, ListenerError, Outcome, Stop};

#[test]
fn credentials_stop_the_whole_job_with_what_is_in_flight() {
    let ran = Job::of(20_000).run(|_| code(70_009));
    assert_eq!(ran.engine.stop(), Some(Stop::Credentials));
    assert!(
        ran.engine.tally().requests <= 4,
        "{}",
        ran.engine.tally().requests
    );
    let refused = ran.count(Outcome::Refused);
    assert_eq!(refused, ran.engine.tally().requests * 20);
    assert_eq!(refused + ran.count(Outcome::Unsent), 20_000);
}

#[test]
fn a_stop_lets_what_is_in_flight_finish_and_leaves_the_rest_unsent() {
    let mut job = Job::of(20_000);
    job.stop = Some((Duration::from_secs(5), Stop::Signal(Signal::Int)));
    let ran = job.run(|_| code(0));
    let done = ran.engine.tally().requests * 20;
    assert_eq!(ran.count(Outcome::Done), done);
    assert_eq!(ran.count(Outcome::Unsent), 20_000 - done);
    assert_eq!(ran.engine.tally().processed(), done);
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
    job.options.retries = 1000;
    job.options.deadline = Some(Duration::from_secs(30));
    let ran = job.run(|_| refused_connection());
    assert_eq!(
        (ran.count(Outcome::Unsent), ran.engine.stop()),
        (1, Some(Stop::Deadline))
    );
    assert_eq!(ran.end, Duration::from_secs(30));
}

#[test]
fn too_many_refusals_stop_the_job() {
    let mut job = Job::of(20_000);
    job.options.max_failures = Some(100);
    let ran = job.run(|_| code(100_004));
    assert_eq!(ran.engine.stop(), Some(Stop::MaxFailures));
    assert!((100..300).contains(&ran.count(Outcome::Refused)));
    assert_eq!(
        ran.count(Outcome::Refused) + ran.count(Outcome::Unsent),
        20_000
    );
}

#[test]
fn a_stop_while_a_batch_is_split_leaves_its_members_unknown() {
    let mut job = Job::of(20);
    job.stop = Some((Duration::from_millis(70), Stop::Signal(Signal::Term)));
    let ran = job.run(|_| code(100_005));
    assert_eq!(ran.count(Outcome::Unknown), 20);
}

#[test]
fn after_the_deadline_nothing_starts() {
    let mut job = Job::of(20_000);
    job.options.deadline = Some(Duration::from_secs(2));
    let ran = job.run(|_| code(0));
    assert_eq!(ran.engine.stop(), Some(Stop::Deadline));
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
    short.options.deadline = Some(Duration::from_secs(2));
    short.latency = Duration::from_secs(5);
    assert_eq!(
        short.run(|_| code(0)).engine.stop(),
        None,
        "all was started in time"
    );
}

#[test]
fn the_stop_of_higher_rank_is_reported_whichever_comes_first() {
    for (first, second) in [
        (Stop::Signal(Signal::Term), Stop::Deadline),
        (Stop::Deadline, Stop::Signal(Signal::Term)),
    ] {
        let mut job = Job::of(20_000);
        job.options.deadline = Some(Duration::from_secs(900));
        let stops = [(1000, first), (1010, second)];
        let stops = stops.map(|(at, why)| (Duration::from_millis(at), Message::Stop(why)));
        let engine = Engine::new(job.plan, job.options, Box::new(|| 0.5));
        let ran = drive(engine, stops, |_, _| (Duration::from_millis(50), code(0)));
        assert_eq!(ran.engine.stop(), Some(Stop::Signal(Signal::Term)));
        assert_eq!(
            ran.count(Outcome::Done) + ran.count(Outcome::Unsent),
            20_000
        );
    }
}

#[test]
fn rejected_credentials_rank_above_refused_members() {
    let requests = Cell::new(0);
    let mut job = Job::of(20_000);
    (job.options.max_failures, job.latency) = (Some(1), Duration::from_millis(500));
    let ran = job.run(|_| {
        requests.set(requests.get() + 1);
        code(if requests.get() == 1 { 100_004 } else { 70_009 })
    });
    assert_eq!(ran.engine.stop(), Some(Stop::Credentials));
    assert_eq!(
        ran.count(Outcome::Refused),
        ran.engine.tally().requests * 20
    );
}

#[test]
fn a_deadline_is_kept_while_probing_retrying_and_throttled() {
    for (answer, latency) in [(60_007, 50), (100_001, 50), (0, 50), (-1, 5000), (-1, 20)] {
        let mut job = Job::of(20_000);
        job.options.deadline = Some(Duration::from_secs(40));
        job.latency = Duration::from_millis(latency);
        let ran = job.run(|_| {
            if answer < 0 {
                refused_connection()
            } else {
                code(answer)
            }
        });
        let last = *ran.starts.last().expect("some");
        assert!(last < Duration::from_secs(40), "{answer}: {last:?}");
        assert!(
            ran.end <= Duration::from_millis(40_000 + latency),
            "{answer}"
        );
        assert_eq!(ran.engine.tally().total(), 20_000, "{answer}");
    }
}

#[test]
fn max_failures_reached_at_the_very_end_stops_nothing() {
    let mut job = Job::of(40);
    job.options.max_failures = Some(40);
    let ran = job.run(|_| code(100_004));
    assert_eq!((ran.engine.stop(), ran.count(Outcome::Refused)), (None, 40));
}

#[test]
fn absent_members_do_not_count_as_failures() {
    let mut job = Job::of(400);
    job.options.max_failures = Some(1);
    let ran = job.run(|_| code(100_005));
    assert_eq!((ran.engine.stop(), ran.count(Outcome::Absent)), (None, 400));
}

#[test]
fn after_a_stop_exactly_the_members_that_were_sent_are_unknown() {
    let mut job = Job::of(2000);
    job.latency = Duration::from_millis(400);
    job.stop = Some((Duration::from_millis(900), Stop::Signal(Signal::Int)));
    let mut sent = HashSet::new();
    // Until the stop, every answer is one to a whole batch.
    let ran = job.run(|batch| {
        sent.extend(names(batch));
        code(100_002)
    });
    assert!((100..2000).contains(&sent.len()), "{} sent", sent.len());
    for (user, outcome) in ran.outcomes() {
        let expected = if sent.contains(&user) {
            Outcome::Unknown
        } else {
            Outcome::Unsent
        };
        assert_eq!(outcome, expected, "{user}");
    }
    assert_eq!(ran.engine.tally().total(), 2000);
    for settled in &ran.settled {
        let was_sent = settled.outcome == Outcome::Unknown;
        assert_eq!(settled.elapsed > Duration::ZERO, was_sent);
    }
}

#[test]
fn a_request_that_cannot_be_recorded_is_not_sent() {
    let job = Job::of(60);
    let mut engine = Engine::new(job.plan, job.options, Box::new(|| 0.5));
    let mut started = 0;
    let mut unsent = 0;
    let mut listener = |event: &Event<'_>| {
        match event {
            Event::Starting(_) if started == 1 => {
                let why = std::io::Error::other("the disk is full");
                return Err(ListenerError::NotWritten(why));
            }
            Event::Starting(_) => started += 1,
            Event::Settled(settled) => {
                assert_eq!((settled.outcome, settled.attempts), (Outcome::Unsent, 0));
                unsent += settled.members.len();
            }
            _ => {}
        }
        Ok(())
    };
    let Next::Start(batch) = engine.next(at(Duration::ZERO), &mut listener) else {
        panic!("the first request starts");
    };
    let later = at(Duration::from_secs(1));
    for _ in 0..10 {
        let next = engine.next(later, &mut listener);
        assert!(matches!(next, Next::Wait(_)), "{next:?}");
    }
    assert_eq!(unsent, 40);
    assert_eq!(
        (engine.stop(), engine.tally().requests),
        (Some(Stop::RecordLost), 1)
    );
    assert!(engine.take_write_error().is_some());
    let mut listener = |_: &Event<'_>| Ok(());
    engine.on(
        later,
        Message::Answered(batch, Box::new(code(0))),
        &mut listener,
    );
    assert!(matches!(engine.next(later, &mut listener), Next::Finished));
    assert_eq!(engine.tally().count(Outcome::Done), 20);
}
