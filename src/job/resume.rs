//! Resuming a job: members that an earlier run settled get no request, and
//! members in doubt get batches of their own, because the members of a batch
//! share their history.

use std::collections::HashMap;

use super::journal::{History, MemberStatus};
use super::plan::{Group, NONE, Plan, SKIPPED};
use super::string_pool::to_u32;
use super::tally::Tally;

/// What earlier runs have done of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ResumeSummary {
    /// Members that are skipped, by their outcome.
    pub(crate) settled: Tally,
    /// Members that get another request because their outcome is unknown.
    pub(crate) in_doubt: u64,
}

impl Plan {
    /// Skips the members that the journal counts as settled, unless
    /// `include_settled`. Members in doubt stay in doubt. No row may be added
    /// after this.
    pub(crate) fn resume(&mut self, history: &History, include_settled: bool) -> ResumeSummary {
        let mut summary = ResumeSummary::default();
        if history.is_empty() {
            return summary;
        }
        let (action, table) = (self.action, &mut self.table);
        table.groups.iter_mut().for_each(Group::clear);
        // For each group, the group of its members in doubt.
        let mut doubtful_groups = HashMap::new();
        for member in 0..to_u32(table.members.len()) {
            let (room, user) = table.key_of_member(member);
            let status = history.status(action, self.rooms.strings.get(room), user);
            let entry = &mut table.members[member as usize];
            entry.next = NONE;
            match status {
                MemberStatus::Settled(outcome) if !include_settled => {
                    summary.settled.add_resumed(outcome);
                    entry.next = SKIPPED;
                    continue;
                }
                MemberStatus::Settled(_) | MemberStatus::Open => {}
                MemberStatus::InDoubt => {
                    summary.in_doubt += 1;
                    let group = entry.group;
                    let doubtful = *doubtful_groups.entry(group).or_insert_with(|| {
                        let Group { room, reason, .. } = table.groups[group as usize];
                        table.open_group((room, reason), true)
                    });
                    table.members[member as usize].group = doubtful;
                }
            }
            table.append_to_group(member);
        }
        summary
    }
}

impl Group {
    fn clear(&mut self) {
        (self.first, self.last, self.size) = (NONE, NONE, 0);
    }
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
                batch.in_doubt,
            )
        });
        batches.collect()
    }

    #[test]
    fn settled_members_are_skipped_and_members_in_doubt_get_their_own_batches() {
        let mut plan = plan(&[
            ("r", "d"),
            ("r", "c"),
            ("s", "a"),
            ("r", "b"),
            ("r", "a"),
            ("r", "e"),
        ]);
        let summary = plan.resume(&history(), false);
        assert_eq!(summary.settled.count(Outcome::Done), 1);
        assert_eq!(summary.settled.count(Outcome::Absent), 1);
        assert_eq!((summary.settled.total(), summary.in_doubt), (2, 1));
        assert_eq!((plan.members(), plan.rooms(), plan.requests()), (4, 2, 3));
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
        let mut first = plan(&[("r", "a"), ("s", "x")]);
        first.resume(&history(), false);
        assert_eq!(batches(first), [("s:x".to_owned(), false)]);
        let mut all = plan(&[("r", "a"), ("r", "b")]);
        all.resume(&history(), false);
        assert_eq!((all.members(), all.rooms(), all.requests()), (0, 0, 0));
        assert_eq!(all.members_in_order().count(), 0);
        assert!(all.into_batches().next().is_none());
    }

    #[test]
    fn with_settled_members_included_nobody_is_skipped_and_doubts_stay() {
        let mut plan = plan(&[("r", "a"), ("r", "c")]);
        let summary = plan.resume(&history(), true);
        assert_eq!((summary.settled.total(), summary.in_doubt), (0, 1));
        let expected = [("r:a", false), ("r:c", true)];
        assert_eq!(
            batches(plan),
            expected.map(|(who, doubt)| (who.to_owned(), doubt))
        );
    }
}
