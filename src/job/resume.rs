//! A plan goes on where an earlier run stopped: whoever is settled is left out,
//! and whoever is in doubt travels apart, because the members of a request
//! share their history.

use std::collections::HashMap;

use super::journal::{History, MemberStatus};
use super::plan::{Group, NONE, Plan, SKIPPED};
use super::string_pool::number;
use super::tally::Tally;

/// What earlier runs have done of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResumeSummary {
    /// Members that are left out, by their outcome.
    pub settled: Tally,
    /// Members that are asked again because nobody knows what became of them.
    pub in_doubt: u64,
}

impl Plan {
    /// Leaves out whom the journal calls settled, unless everybody is to be
    /// asked anew; who is in doubt stays so. No row may be added after that.
    pub fn resume(&mut self, history: &History, everybody: bool) -> ResumeSummary {
        let mut past = ResumeSummary::default();
        if history.is_empty() {
            return past;
        }
        let (action, rows) = (self.action, &mut self.rows);
        rows.groups.iter_mut().for_each(Group::clear);
        // Where the doubtful members of each group go.
        let mut apart = HashMap::new();
        for member in 0..number(rows.members.len()) {
            let (room, user) = rows.member(member);
            let status = history.status(action, self.rooms.strings.get(room), user);
            let entry = &mut rows.members[member as usize];
            entry.next = NONE;
            match status {
                MemberStatus::Settled(outcome) if !everybody => {
                    past.settled.add_past(outcome);
                    entry.next = SKIPPED;
                    continue;
                }
                MemberStatus::Settled(_) | MemberStatus::Open => {}
                MemberStatus::InDoubt => {
                    past.in_doubt += 1;
                    let of = entry.group;
                    let groups = &mut rows.groups;
                    entry.group = *apart.entry(of).or_insert_with(|| open_apart(groups, of));
                }
            }
            rows.link(member);
        }
        past
    }
}

impl Group {
    fn clear(&mut self) {
        (self.first, self.last, self.size) = (NONE, NONE, 0);
    }
}

/// A group beside this one, for members in doubt.
fn open_apart(groups: &mut Vec<Group>, of: u32) -> u32 {
    let Group { room, reason, .. } = groups[of as usize];
    groups.push(Group {
        room,
        reason,
        is_in_doubt: true,
        first: NONE,
        last: NONE,
        size: 0,
    });
    number(groups.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::outcome::Outcome;
    use crate::room::{Action, Reason, RoomId, UserId};

    const KICK: Action = Action::Kick;

    fn plan(rows: &[(&str, &str)]) -> Plan {
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
                batch.doubt,
            )
        });
        batches.collect()
    }

    #[test]
    fn who_is_settled_is_left_out_and_who_is_in_doubt_travels_apart() {
        let mut plan = plan(&[
            ("r", "d"),
            ("r", "c"),
            ("s", "a"),
            ("r", "b"),
            ("r", "a"),
            ("r", "e"),
        ]);
        let past = plan.resume(&history(), false);
        assert_eq!(past.settled.count(Outcome::Done), 1);
        assert_eq!(past.settled.count(Outcome::Absent), 1);
        assert_eq!((past.settled.total(), past.in_doubt), (2, 1));
        assert_eq!((plan.members(), plan.rooms(), plan.requests()), (4, 2, 3));
        let sample: Vec<_> = plan.sample().collect();
        assert_eq!(sample, [("r", "d"), ("r", "c"), ("s", "a"), ("r", "e")]);
        let expected = [("r:de", false), ("s:a", false), ("r:c", true)];
        assert_eq!(
            batches(plan),
            expected.map(|(who, doubt)| (who.to_owned(), doubt))
        );
    }

    #[test]
    fn a_group_that_is_settled_is_no_end_of_the_plan() {
        let mut first = plan(&[("r", "a"), ("s", "x")]);
        first.resume(&history(), false);
        assert_eq!(batches(first), [("s:x".to_owned(), false)]);
        let mut all = plan(&[("r", "a"), ("r", "b")]);
        all.resume(&history(), false);
        assert_eq!((all.members(), all.rooms(), all.requests()), (0, 0, 0));
        assert_eq!(all.sample().count(), 0);
        assert!(all.into_batches().next().is_none());
    }

    #[test]
    fn asked_anew_nobody_is_left_out_and_doubts_stay() {
        let mut plan = plan(&[("r", "a"), ("r", "c")]);
        let past = plan.resume(&history(), true);
        assert_eq!((past.settled.total(), past.in_doubt), (0, 1));
        let expected = [("r:a", false), ("r:c", true)];
        assert_eq!(
            batches(plan),
            expected.map(|(who, doubt)| (who.to_owned(), doubt))
        );
    }
}
