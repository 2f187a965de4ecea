//! What single answers mean: done, retried, in doubt, refused.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::Duration;

use super::virtual_time::{Job, RunResult, code, lost, refused_connection};
use crate::api::{Answer, Error};
use crate::job::{Outcome, RetryWith, Stop};

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
    assert_eq!(ran.engine.tally().requests, 50_000);
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
    job.options.concurrency = 7;
    assert_eq!(job.run(|_| code(0)).most_in_flight, 7);
}

#[test]
fn a_member_with_retry_answers_only_ends_unsent() {
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
    assert_eq!(ran.engine.tally().retries, 5);
}

#[test]
fn a_retry_waits_as_long_as_the_service_asks_and_says_why() {
    let seconds = Duration::from_secs;
    let answers: [fn() -> Result<Answer, Error>; 2] = [
        || {
            Ok(Answer {
                retry_after: Some(Duration::from_secs(3)),
                ..Answer::of_code(60_007)
            })
        },
        || {
            let retry_after = Some(Duration::from_secs(3));
            Err(Error::Throttled { retry_after })
        },
    ];
    for first in answers {
        let ran = Job::of(1).run(|batch| match batch.attempts() {
            1 => first(),
            _ => code(0),
        });
        assert_eq!(ran.retries[0].delay, seconds(3));
        let why = match first() {
            Ok(answer) => answer.reason(),
            Err(error) => error.to_string(),
        };
        assert_eq!(ran.retries[0].why, why);
        assert!(ran.end >= seconds(3));
    }
}

#[test]
fn a_failed_account_check_gets_one_more_try_after_a_second() {
    let with_retries = |retries| {
        let (mut job, tries) = (Job::of(1), Cell::new(0));
        job.options.retries = retries;
        job.run(|_| {
            tries.set(tries.get() + 1);
            code(if tries.get() == 1 { 60_004 } else { 0 })
        })
    };
    for retries in [1, 5] {
        let ran = with_retries(retries);
        assert_eq!(ran.settled[0].outcome, Outcome::Done);
        assert_eq!(ran.starts[1], Duration::from_millis(1050));
    }
    assert_eq!(with_retries(0).starts.len(), 1);
}

#[test]
fn a_failed_account_check_that_stays_stops_the_job() {
    for code_again in [60_004, 60_005] {
        let mut job = Job::of(2000);
        job.latency = Duration::from_millis(5);
        let first = Cell::new(true);
        let ran = job.run(|_| {
            code(if first.replace(false) {
                60_004
            } else {
                code_again
            })
        });
        assert_eq!(ran.engine.stop(), Some(Stop::Credentials));
        assert_eq!(ran.engine.tally().requests, 2);
        assert_eq!(ran.count(Outcome::Refused), 20);
        assert_eq!(ran.count(Outcome::Unsent), 1980);
    }
}

#[test]
fn account_checks_that_fail_now_and_then_do_not_hold_the_job_each_time() {
    let count = Cell::new(0);
    let ran = Job::of(4000).run(|batch| {
        count.set(count.get() + 1);
        let fails = count.get() % 10 == 1 && batch.tries.count == 1;
        code(if fails { 60_005 } else { 0 })
    });
    assert_eq!(ran.count(Outcome::Done), 4000);
    assert!(ran.end < Duration::from_secs(7), "{:?}", ran.end);
}

/// A job of one member whose first answer is lost.
fn after_a_lost_answer(then: impl Fn() -> Result<Answer, Error>) -> RunResult {
    let tries = Cell::new(0);
    Job::of(1).run(|_| {
        tries.set(tries.get() + 1);
        if tries.get() == 1 {
            lost(false)
        } else {
            then()
        }
    })
}

#[test]
fn absent_after_a_doubt_is_gone() {
    let ran = after_a_lost_answer(|| code(100_005));
    assert_eq!(ran.count(Outcome::Gone), 1);
}

#[test]
fn a_doubt_without_a_later_answer_ends_unknown() {
    let ran = after_a_lost_answer(refused_connection);
    assert_eq!(ran.count(Outcome::Unknown), 1);
}

#[test]
fn a_refusal_after_a_doubt_ends_unknown() {
    let ran = after_a_lost_answer(|| code(100_004));
    assert_eq!(ran.count(Outcome::Unknown), 1);
}

#[test]
fn a_dead_kept_connection_is_retried_at_once_on_a_new_one() {
    let tries = Cell::new(0);
    let ran = Job::of(1).run(|batch| {
        tries.set(tries.get() + 1);
        assert_eq!(
            batch.tries.retry_with == RetryWith::NewConnection,
            tries.get() == 2
        );
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
        "only the first comes without a delay"
    );
    assert_eq!(ran.engine.tally().retries, 2);
}

#[test]
fn a_member_without_a_connection_ends_unsent() {
    let ran = Job::of(1).run(|_| refused_connection());
    assert_eq!(ran.count(Outcome::Unsent), 1);
}

#[test]
fn gateway_errors_are_never_split() {
    let ran = Job::of(20).run(|_| code(60_003));
    assert_eq!(ran.engine.tally().requests, 1);
    assert_eq!(ran.count(Outcome::Refused), 20);
}

#[test]
fn an_expired_signature_is_renewed_once() {
    let tries = Cell::new(0);
    let ran = Job::of(1).run(|batch| {
        tries.set(tries.get() + 1);
        assert_eq!(
            batch.tries.retry_with == RetryWith::NewSignature,
            tries.get() > 1
        );
        code(if tries.get() == 1 { 70_001 } else { 0 })
    });
    assert_eq!(ran.count(Outcome::Done), 1);
    let ran = Job::of(1).run(|_| code(70_001));
    assert_eq!(
        (ran.engine.tally().requests, ran.engine.stop()),
        (2, Some(Stop::Credentials))
    );
    let mut job = Job::of(1);
    job.options.can_renew_signature = false;
    assert_eq!(job.run(|_| code(70_001)).engine.tally().requests, 1);
}

#[test]
fn requests_of_before_the_new_signature_are_sent_again_and_later_ones_stop_the_job() {
    // The second batch starts before the new signature is made, and is answered after it.
    for (first_of_late, stop) in [(20, None), (40, Some(Stop::Credentials))] {
        let tries = RefCell::new(HashMap::new());
        let mut job = Job::of(60);
        job.options.rate = 100;
        let ran = job.run_against(|_, batch| {
            let first = batch.members[0].to_string();
            let mut tries = tries.borrow_mut();
            let tries: &mut u32 = tries.entry(first.clone()).or_default();
            *tries += 1;
            let is_late = first == format!("u{first_of_late:07}");
            let latency = if is_late { 200 } else { 15 };
            let is_expired = *tries == 1 && (is_late || first == "u0000000");
            let answered = code(if is_expired { 70_001 } else { 0 });
            (Duration::from_millis(latency), answered)
        });
        assert_eq!(ran.engine.stop(), stop, "{first_of_late}");
    }
}

/// The first and the third batch are answered while the one new signature waits for its
/// slot; between them the second one has no try left.
#[test]
fn a_batch_that_is_given_up_while_the_new_signature_waits_does_not_ask_for_another() {
    let mut job = Job::of(60 * 20);
    (job.options.rate, job.options.retries) = (100, 1);
    let new_signatures = Cell::new(0);
    let ran = job.run_against(|now, batch| {
        let is_new = batch.tries.retry_with == RetryWith::NewSignature;
        new_signatures.set(new_signatures.get() + u32::from(is_new));
        let at = |millis| Duration::from_millis(millis).saturating_sub(now);
        let is_first_try = batch.attempts() == 1;
        match batch.members[0].as_str() {
            "u0000000" if is_first_try => (at(501), code(70_001)),
            "u0000020" if is_first_try => (at(20), code(100_001)),
            "u0000020" => (at(502), code(100_001)),
            "u0000040" if is_first_try => (at(503), code(70_001)),
            _ => (Duration::from_millis(5), code(0)),
        }
    });
    assert_eq!(new_signatures.get(), 1);
    assert_eq!(ran.count(Outcome::Unsent), 20);
    assert_eq!(ran.count(Outcome::Done), 59 * 20);
}
