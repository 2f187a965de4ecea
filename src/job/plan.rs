//! Who is to be removed from where, and why: duplicates collapsed, grouped by
//! (room, reason) in order of first appearance, cut into requests.

use std::collections::{HashMap, HashSet};

use super::batch::Batch;
use crate::room::{Action, MEMBERS_PER_REQUEST, Reason, RoomId, UserId};

/// A whole job, one member or a million.
#[derive(Debug)]
pub struct Plan {
    /// What is done to them.
    pub action: Action,
    groups: Vec<Group>,
    by_key: HashMap<(RoomId, Reason), usize>,
    seen: HashSet<(RoomId, UserId)>,
    duplicates: usize,
}

/// Members of one room with one reason.
#[derive(Debug)]
struct Group {
    room: RoomId,
    reason: Reason,
    members: Vec<UserId>,
}

impl Plan {
    /// A plan without members.
    pub fn new(action: Action) -> Self {
        Self {
            action,
            groups: Vec::new(),
            by_key: HashMap::new(),
            seen: HashSet::new(),
            duplicates: 0,
        }
    }

    /// Adds a member; the same (room, user) again is counted, not added.
    pub fn add(&mut self, room: &RoomId, user: UserId, reason: &Reason) {
        if !self.seen.insert((room.clone(), user.clone())) {
            self.duplicates += 1;
            return;
        }
        let key = (room.clone(), reason.clone());
        let index = *self.by_key.entry(key).or_insert_with(|| {
            let (room, reason) = (room.clone(), reason.clone());
            self.groups.push(Group {
                room,
                reason,
                members: Vec::new(),
            });
            self.groups.len() - 1
        });
        self.groups[index].members.push(user);
    }

    /// Distinct rooms.
    pub fn rooms(&self) -> usize {
        self.groups
            .iter()
            .map(|group| &group.room)
            .collect::<HashSet<_>>()
            .len()
    }

    /// Members to remove, duplicates not counted.
    pub fn members(&self) -> usize {
        self.seen.len()
    }

    /// Rows that named a member again.
    pub fn duplicates(&self) -> usize {
        self.duplicates
    }

    /// Requests, when every one succeeds at once.
    pub fn requests(&self) -> usize {
        self.groups
            .iter()
            .map(|group| group.members.len().div_ceil(MEMBERS_PER_REQUEST))
            .sum()
    }

    /// The same, request by request.
    pub(super) fn into_batches(self) -> Batches {
        Batches {
            groups: self.groups,
            group: 0,
            member: 0,
        }
    }
}

/// Hands the plan out, at most 20 members at a time.
#[derive(Debug)]
pub(super) struct Batches {
    groups: Vec<Group>,
    group: usize,
    member: usize,
}

impl Batches {
    pub(super) fn is_empty(&self) -> bool {
        self.group >= self.groups.len()
    }
}

impl Iterator for Batches {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        let group = self.groups.get(self.group)?;
        let end = group.members.len().min(self.member + MEMBERS_PER_REQUEST);
        let members = group.members[self.member..end].to_vec();
        let batch = Batch::new(
            self.group as u64,
            group.room.clone(),
            group.reason.clone(),
            members,
        );
        self.member = end;
        if end == group.members.len() {
            self.group += 1;
            self.member = 0;
        }
        Some(batch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(rows: &[(&str, &str, &str)]) -> Plan {
        let mut plan = Plan::new(Action::Kick);
        for (room, user, reason) in rows {
            let room = RoomId::parse(room).expect("room");
            let reason = Reason::parse(reason).expect("reason");
            plan.add(&room, UserId::parse(user).expect("user"), &reason);
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
        assert_eq!((plan.members(), plan.duplicates(), plan.rooms()), (2, 2, 2));
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
}
