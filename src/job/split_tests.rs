//! Tests of splitting: what the absences of a group tell, and which batches wait for the
//! result of another.

use std::time::{Duration, SystemTime};

use super::*;
use crate::job::outcome::LastAnswer;
use crate::room::{Action, Reason, RoomId};

fn users(count: usize) -> Vec<UserId> {
    let names = (0..count).map(|n| format!("user{n}"));
    names
        .map(|name| UserId::parse(&name).expect("a user"))
        .collect()
}

fn batch(group: u64, members: usize) -> Batch {
    let room = RoomId::parse("room").expect("a room");
    let reason = Reason::parse("x").expect("a reason");
    Batch::new(group, room, reason, users(members))
}

/// Members with an outcome by an answer with `code`; without one if it is `None`.
fn settled(members: usize, outcome: Outcome, code: Option<i64>) -> Settled {
    let Batch { room, reason, .. } = batch(0, 0);
    let answer = |error_code| LastAnswer::Answer {
        action_status: None,
        error_code,
        error_info: String::new(),
        request_id: None,
    };
    Settled {
        last_failure: None,
        action: Action::Kick,
        room,
        members: users(members),
        reason,
        outcome,
        last_answer: code.map_or(LastAnswer::NoAnswer(String::new()), answer),
        attempts: 1,
        elapsed: Duration::ZERO,
        time: SystemTime::UNIX_EPOCH,
    }
}

fn absent(members: usize) -> Settled {
    settled(members, Outcome::Absent, Some(NOT_A_MEMBER))
}

fn done(members: usize) -> Settled {
    settled(members, Outcome::Done, Some(0))
}

#[test]
fn halving_takes_as_many_requests_as_the_table_says() {
    let shares = [0.01, 0.05, 0.1, 0.15, 0.2, 0.25, 0.5, 1.0];
    let requests = shares.map(|share| halving(20, share));
    assert_eq!(requests, [9, 11, 14, 17, 20, 23, 32, 38]);
    assert_eq!(
        [0, 1, 2, 3].map(|members| halving(members, 1.0)),
        [0, 0, 2, 4]
    );
}

#[test]
fn the_share_of_a_group_is_known_from_60_members_on() {
    let mut splits = Splits::default();
    assert!(!splits.will_know_more(1, 59) && splits.will_know_more(1, 60));
    splits.count(1, &absent(40));
    assert!(!splits.will_know_more(1, 19) && splits.will_know_more(1, 20));
    assert!(!splits.takes_apart(1));
    splits.count(1, &done(20));
    assert!(!splits.will_know_more(1, 60), "it is known");
    assert!(splits.takes_apart(1) && !splits.takes_apart(2));
}

#[test]
fn beyond_200_members_the_older_ones_count_half() {
    let mut absences = Absences::default();
    let of = |absences: &Absences| [absences.members, absences.absent].map(|n| format!("{n}"));
    absences.add(199, true);
    absences.add(1, false);
    assert_eq!(of(&absences), ["200", "199"]);
    absences.add(20, false);
    assert_eq!(of(&absences), ["110", "99.5"]);
}

#[test]
fn from_a_quarter_on_batches_are_taken_apart() {
    for (absent_members, is_apart) in [(15, true), (14, false)] {
        let mut splits = Splits::default();
        splits.count(1, &absent(absent_members));
        splits.count(1, &done(60 - absent_members));
        assert_eq!(splits.takes_apart(1), is_apart, "{absent_members}");
    }
}

#[test]
fn a_group_is_counted_from_its_first_absent_member_on() {
    let mut splits = Splits::default();
    splits.count(1, &done(60));
    splits.count(1, &settled(60, Outcome::Gone, Some(NOT_A_MEMBER)));
    splits.count(1, &settled(60, Outcome::Absent, None));
    splits.count(1, &settled(60, Outcome::Refused, Some(INVALID_PARAMETER)));
    assert!(!splits.will_know_more(1, 59) && splits.will_know_more(1, 60));
    splits.count(1, &absent(20));
    splits.count(1, &settled(60, Outcome::Absent, None));
    assert!(!splits.will_know_more(1, 39) && splits.will_know_more(1, 40));
}

#[test]
fn when_there_are_10_000_groups_all_are_forgotten_for_a_new_one() {
    let mut splits = Splits::default();
    splits.count(0, &absent(60));
    for group in 1..10_000 {
        splits.count(group, &absent(1));
    }
    splits.count(1, &absent(1));
    assert!(splits.takes_apart(0));
    splits.count(10_000, &absent(60));
    assert!(!splits.takes_apart(0) && splits.takes_apart(10_000));
}

#[test]
fn requests_are_expected_by_the_share_of_all_groups() {
    let mut splits = Splits::default();
    splits.count(2, &settled(60, Outcome::Refused, Some(INVALID_PARAMETER)));
    splits.count(2, &done(29));
    splits.count(2, &absent(30));
    assert_eq!(splits.expected_requests(1, 3, 60), 0, "59 members");
    splits.count(3, &done(1));
    assert_eq!(splits.expected_requests(1, 3, 60), 3 * halving(20, 0.5));
    assert_eq!(splits.expected_requests(1, 0, 0), 0);
    splits.count(2, &done(30));
    assert_eq!(splits.expected_requests(2, 3, 60), 60, "taken apart");
}

/// Settles both members of a batch, each with this outcome.
fn settle_both(splits: &mut Splits, part: &Batch, outcome: Outcome, code: i64) {
    for _ in 0..2 {
        let member = settled(1, outcome, Some(code));
        splits.settled(part.split, part.got_absent_answer, &member);
    }
}

fn first_part(splits: &mut Splits, code: i64) -> Batch {
    match splits.decide(batch(1, 2), code) {
        SplitDecision::Parts(mut parts) => parts.remove(0),
        other => panic!("{other:?}"),
    }
}

fn waits(splits: &mut Splits) -> bool {
    let decision = splits.decide(batch(1, 2), INVALID_PARAMETER);
    matches!(decision, SplitDecision::Wait)
}

#[test]
fn a_batch_waits_until_single_members_of_its_group_were_rejected() {
    let mut splits = Splits::default();
    // Shows nothing about single members that are rejected.
    let part = first_part(&mut splits, NOT_A_MEMBER);
    settle_both(&mut splits, &part, Outcome::Done, 0);
    let part = first_part(&mut splits, INVALID_PARAMETER);
    assert!(waits(&mut splits));
    settle_both(&mut splits, &part, Outcome::Unknown, INVALID_PARAMETER);
    let part = first_part(&mut splits, INVALID_PARAMETER);
    assert!(waits(&mut splits), "nobody was accepted");
    settle_both(&mut splits, &part, Outcome::Done, 0);
    first_part(&mut splits, INVALID_PARAMETER);
    assert!(!waits(&mut splits), "the other member was rejected");
}

#[test]
fn a_batch_that_waits_can_be_taken_once() {
    let mut splits = Splits::default();
    assert!(splits.take_waiting().is_none());
    first_part(&mut splits, INVALID_PARAMETER);
    assert!(waits(&mut splits) && waits(&mut splits));
    for _ in 0..2 {
        let taken = splits.take_waiting().expect("a batch");
        assert!(taken.answered_only_together);
    }
    assert!(splits.take_waiting().is_none());
}
