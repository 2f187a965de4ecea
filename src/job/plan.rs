//! Who is to be removed from where, and why: duplicates collapsed, grouped by
//! (room, reason) in order of first appearance, cut into requests.
//!
//! A member costs some 30 bytes beside the text of the name, a room or a reason
//! of its own as much again: a million rows fit anywhere. Interner become values
//! of their own only when their request is due.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use super::batches::Batches;
use super::string_pool::{Interner, StringPool, number};
use crate::room::{Action, MEMBERS_PER_REQUEST, Reason, RoomId, UserId};

/// A whole job, one member or a million.
#[derive(Debug)]
pub struct Plan {
    /// What is done to them.
    pub action: Action,
    pub(super) rows: Rows,
    pub(super) rooms: Interner,
    reasons: Interner,
    /// Members by (room, user).
    by_member: HashTable<u32>,
    /// Groups by (room, reason).
    by_group: HashTable<u32>,
    hasher: RandomState,
    latest: Option<Latest>,
    duplicates: usize,
}

/// Where the latest row went: most lists come sorted.
#[derive(Debug)]
struct Latest {
    room: RoomId,
    reason: Reason,
    /// The room's.
    number: u32,
    group: u32,
}

/// A plan that takes no more rows: what it takes to find duplicates is gone.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) rows: Rows,
    pub(super) rooms: StringPool,
    pub(super) reasons: StringPool,
}

/// The members and the groups they belong to.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) users: StringPool,
    /// As many as users.
    pub(super) members: Vec<Member>,
    pub(super) groups: Vec<Group>,
}

#[derive(Debug)]
pub(super) struct Member {
    pub(super) group: u32,
    /// The next one of the same group, [`NONE`], or [`SKIPPED`].
    pub(super) next: u32,
}

/// Members of one room with one reason.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) room: u32,
    pub(super) reason: u32,
    /// Earlier requests for these members may have taken effect.
    pub(super) is_in_doubt: bool,
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) size: u32,
}

/// No member.
pub(super) const NONE: u32 = u32::MAX;

/// In place of the next member: this one is not asked about.
pub(super) const SKIPPED: u32 = u32::MAX - 1;

impl Plan {
    /// A plan without members.
    pub fn new(action: Action) -> Self {
        Self {
            action,
            rows: Rows::default(),
            rooms: Interner::default(),
            reasons: Interner::default(),
            by_member: HashTable::new(),
            by_group: HashTable::new(),
            hasher: RandomState::new(),
            latest: None,
            duplicates: 0,
        }
    }

    /// Adds a member; the same (room, user) again is counted, not added.
    pub fn add(&mut self, room: &RoomId, user: &UserId, reason: &Reason) {
        let latest = self.latest.take();
        let latest = latest.filter(|latest| latest.room == *room);
        let (room_number, group) = match &latest {
            Some(latest) => (
                latest.number,
                (latest.reason == *reason).then_some(latest.group),
            ),
            None => (self.rooms.intern(room.as_str()), None),
        };
        let Self { rows, hasher, .. } = self;
        let key = (room_number, user.as_str());
        let hash = hasher.hash_one(key);
        let is_same = |member: &u32| rows.member(*member) == key;
        if self.by_member.find(hash, is_same).is_some() {
            self.duplicates += 1;
            self.latest = latest;
            return;
        }
        let group = group.unwrap_or_else(|| self.group(room_number, reason));
        let Self { rows, hasher, .. } = self;
        let member = rows.push(group, user);
        let hash_of = |member: &u32| hasher.hash_one(rows.member(*member));
        self.by_member.insert_unique(hash, member, hash_of);
        self.latest = Some(Latest {
            room: room.clone(),
            reason: reason.clone(),
            number: room_number,
            group,
        });
    }

    /// Distinct rooms.
    pub fn rooms(&self) -> usize {
        let groups = self.rows.groups.iter().filter(|group| group.size > 0);
        let rooms: HashSet<u32> = groups.map(|group| group.room).collect();
        rooms.len()
    }

    /// Members to remove, duplicates not counted.
    pub fn members(&self) -> usize {
        let sizes = self.rows.groups.iter().map(|group| group.size as usize);
        sizes.sum()
    }

    /// Rows that named a member again.
    pub fn duplicates(&self) -> usize {
        self.duplicates
    }

    /// Requests, when every one succeeds at once.
    pub fn requests(&self) -> usize {
        let size = |group: &Group| (group.size as usize).div_ceil(MEMBERS_PER_REQUEST);
        self.rows.groups.iter().map(size).sum()
    }

    /// Members with their rooms, in the order in which rows named them.
    pub fn sample(&self) -> impl Iterator<Item = (&str, &str)> {
        let members = (0..).take(self.rows.members.len());
        let members = members.filter(|member| self.rows.is_included(*member));
        members.map(|member| {
            let (room, user) = self.rows.member(member);
            (self.rooms.strings.get(room), user)
        })
    }

    /// The same, request by request.
    pub(super) fn into_batches(self) -> Batches {
        Batches::new(Content {
            rows: self.rows,
            rooms: self.rooms.strings,
            reasons: self.reasons.strings,
        })
    }

    /// The group of this room and this reason, new or not.
    fn group(&mut self, room: u32, reason: &Reason) -> u32 {
        let key = (room, self.reasons.intern(reason.as_str()));
        let Self { rows, hasher, .. } = self;
        let hash = hasher.hash_one(key);
        let known = self.by_group.find(hash, |group| rows.key(*group) == key);
        if let Some(known) = known {
            return *known;
        }
        let group = rows.open(key);
        let hash_of = |group: &u32| hasher.hash_one(rows.key(*group));
        self.by_group.insert_unique(hash, group, hash_of);
        group
    }
}

impl Rows {
    /// The member's room and name.
    pub(super) fn member(&self, member: u32) -> (u32, &str) {
        let group = self.members[member as usize].group;
        (self.groups[group as usize].room, self.users.get(member))
    }

    /// The group's room and reason.
    fn key(&self, group: u32) -> (u32, u32) {
        let group = &self.groups[group as usize];
        (group.room, group.reason)
    }

    fn open(&mut self, (room, reason): (u32, u32)) -> u32 {
        let group = number(self.groups.len());
        self.groups.push(Group {
            room,
            reason,
            is_in_doubt: false,
            first: NONE,
            last: NONE,
            size: 0,
        });
        group
    }

    fn push(&mut self, group: u32, user: &UserId) -> u32 {
        let member = self.users.push(user.as_str());
        self.members.push(Member { group, next: NONE });
        self.link(member);
        member
    }

    /// Puts the member at the end of its group.
    pub(super) fn link(&mut self, member: u32) {
        let group = self.members[member as usize].group;
        let group = &mut self.groups[group as usize];
        match group.last {
            NONE => group.first = member,
            last => self.members[last as usize].next = member,
        }
        group.last = member;
        group.size += 1;
    }

    fn is_included(&self, member: u32) -> bool {
        self.members[member as usize].next != SKIPPED
    }

    /// The first group from this one on that has members, and its first one;
    /// [`NONE`] behind the last group.
    pub(super) fn first_from(&self, group: usize) -> (usize, u32) {
        let groups = self.groups.iter().enumerate().skip(group);
        let mut with_members = groups.filter(|(_, group)| group.size > 0);
        with_members
            .next()
            .map_or((self.groups.len(), NONE), |(at, group)| (at, group.first))
    }
}

#[cfg(test)]
mod tests {
    use super::super::batch::Batch;
    use super::*;

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
        assert_eq!((plan.members(), plan.duplicates(), plan.rooms()), (2, 2, 2));
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
        let sample: Vec<_> = plan.sample().collect();
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
}
