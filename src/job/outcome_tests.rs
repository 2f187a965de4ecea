//! Names, counts and exit codes of outcomes.

use super::*;
use crate::interrupt::Signal;

#[test]
fn exits_by_outcomes() {
    let exit = |counts| Tally::with_counts(counts).exit(Action::Kick, None, false);
    assert_eq!(exit([3, 0, 0, 0, 0, 0]), Exit::Done);
    assert_eq!(exit([0, 1, 0, 0, 0, 0]), Exit::Done);
    assert_eq!(exit([0, 0, 1, 0, 0, 0]), Exit::Refused);
    assert_eq!(exit([0, 0, 0, 2, 0, 0]), Exit::Refused);
    assert_eq!(exit([1, 0, 1, 0, 0, 0]), Exit::Partial);
    assert_eq!(exit([1, 0, 0, 1, 0, 0]), Exit::Partial);
    assert_eq!(exit([1, 0, 1, 1, 1, 0]), Exit::Unreachable);
    assert_eq!(exit([0, 0, 0, 0, 0, 1]), Exit::Unreachable);
    assert_eq!(exit([0; 6]), Exit::Done);
}

#[test]
fn each_outcome_has_a_name_of_its_own_by_which_it_is_found() {
    for action in Action::ALL {
        for outcome in Outcome::ALL {
            let found = Outcome::named(action, outcome.name(action));
            assert_eq!(found, Some(outcome), "{action:?}");
        }
        assert_eq!(Outcome::named(action, "kicked"), None);
    }
}

#[test]
fn who_is_out_of_the_room_is_settled_for_a_kick_and_not_for_a_ban() {
    let settled = |action| Outcome::ALL.map(|outcome| outcome.settles(action));
    assert_eq!(
        settled(Action::Kick),
        [true, true, true, false, false, false]
    );
    let only_done = [true, false, false, false, false, false];
    assert_eq!(settled(Action::Ban), only_done);
    assert_eq!(settled(Action::Unban), only_done);
}

#[test]
fn tallies_are_added_and_count_members_of_an_earlier_run() {
    let mut tally = Tally::with_counts([1, 2, 3, 4, 5, 6]);
    tally.add_resumed(Outcome::Absent);
    tally.add_resumed(Outcome::Absent);
    let both = tally.with_members_of(&Tally::with_counts([10, 0, 0, 0, 0, 1]));
    assert_eq!(both, Tally::with_counts([11, 2, 5, 4, 5, 7]));
}

#[test]
fn members_that_were_not_sent_say_what_stopped_the_job() {
    let stops = [
        (Stop::Signal(Signal::Int), "SIGINT"),
        (Stop::Credentials, "credentials"),
        (Stop::Deadline, "deadline"),
        (Stop::FeedLost, "feed"),
        (Stop::MaxFailures, "too many members were refused"),
        (Stop::OutputClosed, "output"),
        (Stop::RecordLost, "record"),
    ];
    for (stop, why) in stops {
        let reason = stop.not_sent_reason();
        let said = reason.strip_prefix("not sent: ").expect("what happened");
        assert!(said.contains(why), "{reason}");
    }
}

#[test]
fn members_without_an_outcome_are_never_a_success() {
    let mut tally = Tally::with_counts([2, 0, 1, 0, 0, 0]);
    assert_eq!(tally.add_lost(5), 2);
    assert_eq!(tally.count(Outcome::Unknown), 2);
    assert_eq!(tally.exit(Action::Kick, None, true), Exit::Unreachable);
    assert_eq!(tally.add_lost(5), 0);
}

#[test]
fn absent_counts_as_success_only_with_ignore_absent() {
    assert_eq!(
        Tally::with_counts([1, 0, 1, 0, 0, 0]).exit(Action::Kick, None, true),
        Exit::Done
    );
    assert_eq!(
        Tally::with_counts([0, 0, 1, 1, 0, 0]).exit(Action::Kick, None, true),
        Exit::Refused
    );
}

#[test]
fn the_stop_decides_before_the_counts() {
    let all = Tally::with_counts([1, 0, 0, 0, 0, 0]);
    assert_eq!(
        all.exit(Action::Kick, Some(Stop::RecordLost), false),
        Exit::Record
    );
    assert_eq!(
        all.exit(Action::Kick, Some(Stop::Credentials), false),
        Exit::Credentials
    );
    assert_eq!(
        all.exit(Action::Kick, Some(Stop::Signal(Signal::Int)), false),
        Exit::Interrupted(Signal::Int)
    );
    assert_eq!(
        all.exit(Action::Kick, Some(Stop::OutputClosed), false),
        Exit::Done
    );
    assert_eq!(
        all.exit(Action::Kick, Some(Stop::FeedLost), true),
        Exit::Unreachable
    );
    let rest = Tally::with_counts([0, 0, 0, 3, 0, 9]);
    assert_eq!(
        rest.exit(Action::Kick, Some(Stop::MaxFailures), false),
        Exit::Partial
    );
    let doubtful = Tally::with_counts([0, 0, 0, 3, 1, 0]);
    assert_eq!(
        doubtful.exit(Action::Kick, Some(Stop::MaxFailures), false),
        Exit::Unreachable
    );
    assert_eq!(
        rest.exit(Action::Kick, Some(Stop::Deadline), false),
        Exit::Unreachable
    );
}

#[test]
fn for_a_ban_only_banned_is_a_success() {
    let exit = |counts| Tally::with_counts(counts).exit(Action::Ban, None, false);
    assert_eq!(exit([2, 0, 0, 0, 0, 0]), Exit::Done);
    assert_eq!(exit([1, 1, 0, 0, 0, 0]), Exit::Partial);
    assert_eq!(exit([0, 1, 0, 0, 0, 0]), Exit::Refused);
    assert_eq!(exit([0, 0, 1, 0, 0, 0]), Exit::Refused);
    assert_eq!(exit([1, 0, 0, 0, 1, 0]), Exit::Unreachable);
}
