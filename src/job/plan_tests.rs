//! Tests of the plan: duplicates, groups, batches, and what a journal settles.

use super::*;
use crate::job::Batch;
use crate::job::outcome::Outcome;
use crate::room::{Action, Reason, RoomId, UserId};

fn plan(rows: &[(&str, &str, &str)]) -> Plan {
    let mut plan = Plan::new(Action::Kick);
    for (room, user, reason) in rows {
        let room = RoomId::parse(room).expect("room");
        let reason = Reason::parse(reason).expect("reason");
        plan.add(&room, &UserId::parse(user).expect("user"), &reason);
    }
    plan
}

#[test]
fn duplicates_collapse_and_are_counted() {
    let plan = plan(&[
        ("r", "a", "x"),
        ("r", "a", "y"),
        ("s", "a", "x"),
        ("r", "a", "x"),
    ]);
    assert_eq!(
        (plan.members(), plan.duplicates(), plan.room_count()),
        (2, 2, 2)
    );
}

#[test]
fn a_duplicate_with_another_reason_opens_no_group() {
    let plan = plan(&[("r", "a", "x"), ("r", "a", "y"), ("s", "b", "x")]);
    assert_eq!(plan.requests(), 2);
    let batches: Vec<(RoomId, Reason)> = plan
        .into_batches()
        .map(|batch| (batch.room, batch.reason))
        .collect();
    let room = |name| RoomId::parse(name).expect("room");
    let reason = Reason::parse("x").expect("reason");
    assert_eq!(batches, [(room("r"), reason.clone()), (room("s"), reason)]);
}

#[test]
fn a_sample_is_in_the_order_of_the_rows() {
    let plan = plan(&[("r", "a", "x"), ("s", "b", "x"), ("r", "c", "y")]);
    let sample: Vec<_> = plan.members_in_order().collect();
    assert_eq!(sample, [("r", "a"), ("s", "b"), ("r", "c")]);
}

#[test]
fn groups_come_in_order_of_first_appearance() {
    let rows = [
        ("r", "a", "x"),
        ("s", "b", "x"),
        ("r", "c", "y"),
        ("r", "d", "x"),
    ];
    let names = |batch: Batch| {
        batch
            .members
            .iter()
            .map(UserId::to_string)
            .collect::<String>()
    };
    let batches: Vec<String> = plan(&rows).into_batches().map(names).collect();
    assert_eq!(batches, ["ad", "b", "c"]);
}

#[test]
fn a_request_has_at_most_20_members() {
    let users: Vec<String> = (0..41).map(|n| format!("u{n}")).collect();
    let rows: Vec<_> = users.iter().map(|user| ("r", user.as_str(), "x")).collect();
    let plan = plan(&rows);
    assert_eq!(plan.requests(), 3);
    let sizes: Vec<usize> = plan
        .into_batches()
        .map(|batch| batch.members.len())
        .collect();
    assert_eq!(sizes, [20, 20, 1]);
}

const KICK: Action = Action::Kick;

fn spam_plan(rows: &[(&str, &str)]) -> Plan {
    let mut plan = Plan::new(KICK);
    let reason = Reason::parse("spam").expect("a reason");
    for (room, user) in rows {
        let room = RoomId::parse(room).expect("a room");
        plan.add(&room, &UserId::parse(user).expect("a user"), &reason);
    }
    plan
}

/// In room r: a removed, b absent, c in doubt, d refused.
fn history() -> History {
    let mut history = History::default();
    for (user, outcome) in [
        ("a", Some(Outcome::Done)),
        ("b", Some(Outcome::Absent)),
        ("c", None),
        ("d", Some(Outcome::Refused)),
    ] {
        history.add_intent(KICK, "r", user, 1);
        if let Some(outcome) = outcome {
            history.add_outcome(KICK, "r", user, outcome, 1);
        }
    }
    history
}

fn batches(plan: Plan) -> Vec<(String, bool)> {
    let batches = plan.into_batches().map(|batch| {
        let members = batch.members.iter().map(UserId::as_str);
        (
            format!("{}:{}", batch.room, members.collect::<String>()),
            batch.in_doubt,
        )
    });
    batches.collect()
}

#[test]
fn settled_members_are_skipped_and_members_in_doubt_get_their_own_batches() {
    let mut plan = spam_plan(&[
        ("r", "d"),
        ("r", "c"),
        ("s", "a"),
        ("r", "b"),
        ("r", "a"),
        ("r", "e"),
    ]);
    let summary = plan.skip_settled(&history(), false);
    assert_eq!(summary.settled.count(Outcome::Done), 1);
    assert_eq!(summary.settled.count(Outcome::Absent), 1);
    assert_eq!((summary.settled.total(), summary.in_doubt), (2, 1));
    assert_eq!(
        (plan.members(), plan.room_count(), plan.requests()),
        (4, 2, 3)
    );
    let sample: Vec<_> = plan.members_in_order().collect();
    assert_eq!(sample, [("r", "d"), ("r", "c"), ("s", "a"), ("r", "e")]);
    let expected = [("r:de", false), ("s:a", false), ("r:c", true)];
    assert_eq!(
        batches(plan),
        expected.map(|(who, doubt)| (who.to_owned(), doubt))
    );
}

#[test]
fn the_plan_goes_on_after_a_settled_group() {
    let mut first = spam_plan(&[("r", "a"), ("s", "x")]);
    first.skip_settled(&history(), false);
    assert_eq!(batches(first), [("s:x".to_owned(), false)]);
    let mut all = spam_plan(&[("r", "a"), ("r", "b")]);
    all.skip_settled(&history(), false);
    assert_eq!((all.members(), all.room_count(), all.requests()), (0, 0, 0));
    assert_eq!(all.members_in_order().count(), 0);
    assert!(all.into_batches().next().is_none());
}

#[test]
fn with_settled_members_included_nobody_is_skipped_and_doubts_stay() {
    let mut plan = spam_plan(&[("r", "a"), ("r", "c")]);
    let summary = plan.skip_settled(&history(), true);
    assert_eq!((summary.settled.total(), summary.in_doubt), (0, 1));
    let expected = [("r:a", false), ("r:c", true)];
    assert_eq!(
        batches(plan),
        expected.map(|(who, doubt)| (who.to_owned(), doubt))
    );
}
