//! Batches that are taken apart: at what price, and what is told of them.

use super::{atomic, names, partial};
use crate::job::Outcome;
use crate::job::core::virtual_time::{Job, code};

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
