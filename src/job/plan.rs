//! The plan of a job: which members, in which rooms, for which reasons.
//! Duplicates are dropped, members are grouped by (room, reason) in order of
//! first appearance, and groups are cut into batches.
//!
//! A member costs about 30 bytes besides the text of its name, and a distinct
//! room or reason as much again. `planned` takes the batches.
//!
//! When a job is resumed, members that an earlier run settled get no request, and
//! members in doubt get batches of their own, because the members of a batch share
//! their history.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::iter;

use hashbrown::HashTable;

use super::journal::{EarlierBan, History, MemberStatus};
use super::outcome::Tally;
use super::string_pool::{Interner, StringPool, to_u32};
use crate::room::{Action, MEMBERS_PER_REQUEST, Reason, RoomId, UserId};

/// Everything that a job has to do, for one member or a million.
#[derive(Debug)]
pub struct Plan {
    pub(crate) action: Action,
    pub(super) table: GroupedMembers,
    pub(super) rooms: Interner,
    pub(super) reasons: Interner,
    /// Members by (room, user).
    by_member: HashTable<u32>,
    /// Groups by (room, reason).
    by_group: HashTable<u32>,
    hasher: RandomState,
    latest: Option<LatestRow>,
    duplicates: usize,
}

/// The row that was added last. Most lists are sorted, so the next row is
/// likely to have the same room and reason.
#[derive(Debug)]
struct LatestRow {
    room: RoomId,
    room_number: u32,
    reason: Reason,
    group: u32,
}

/// Members and their groups. Each group is a linked list of members.
#[derive(Debug, Default)]
pub(super) struct GroupedMembers {
    pub(super) names: StringPool,
    /// As many as names.
    pub(super) members: Vec<Member>,
    pub(super) groups: Vec<Group>,
}

/// 8 bytes. With an `Option` for the link and a flag for skipped members it
/// would be 16, which is 8 MB more for a million members.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) group: u32,
    /// The next member of the group, [`NONE`] or [`SKIPPED`].
    pub(super) next: u32,
}

/// Members with the same room and reason, and the same doubt.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) room: u32,
    pub(super) reason: u32,
    /// Requests of an earlier run for these members may have taken effect.
    pub(super) is_in_doubt: bool,
    /// Whether these members are on the room's member list, if one was read.
    pub(super) on_list: Option<bool>,
    pub(super) first: u32,
    last: u32,
    pub(super) size: u32,
}

/// A line with an outcome, without room, member and reason: about 280 bytes of keys,
/// codes, time and `RequestId`; the rest is for `ErrorInfo` and an account's name.
const OUTCOME_BYTES: usize = 384;

/// In place of a member: there is none.
pub(super) const NONE: u32 = u32::MAX;

/// In place of the next member: this member gets no request, because an earlier
/// run settled it.
const SKIPPED: u32 = u32::MAX - 1;

impl Plan {
    /// A plan without members.
    pub fn new(action: Action) -> Self {
        Self {
            action,
            table: GroupedMembers::default(),
            rooms: Interner::default(),
            reasons: Interner::default(),
            by_member: HashTable::new(),
            by_group: HashTable::new(),
            hasher: RandomState::new(),
            latest: None,
            duplicates: 0,
        }
    }

    /// Adds a member. A member that the plan already has in this room is only
    /// counted as a duplicate, even if the reason differs.
    pub fn add(&mut self, room: &RoomId, user: &UserId, reason: &Reason) {
        let latest = self.latest.take().filter(|latest| latest.room == *room);
        let room_number = match &latest {
            Some(latest) => latest.room_number,
            None => self.rooms.intern(room.as_str()),
        };
        let key = (room_number, user.as_str());
        let hash = self.hasher.hash_one(key);
        let is_same = |member: &u32| self.table.key_of_member(*member) == key;
        if self.by_member.find(hash, is_same).is_some() {
            self.duplicates += 1;
            self.latest = latest;
            return;
        }
        let group = match latest {
            Some(latest) if latest.reason == *reason => latest.group,
            _ => self.group(room_number, reason),
        };
        let Self { table, hasher, .. } = self;
        let member = table.push(group, user);
        let hash_of = |member: &u32| hasher.hash_one(table.key_of_member(*member));
        self.by_member.insert_unique(hash, member, hash_of);
        self.latest = Some(LatestRow {
            room: room.clone(),
            room_number,
            reason: reason.clone(),
            group,
        });
    }

    /// Distinct rooms.
    pub(crate) fn room_count(&self) -> usize {
        let groups = self.table.groups.iter().filter(|group| group.size > 0);
        let rooms: HashSet<u32> = groups.map(|group| group.room).collect();
        rooms.len()
    }

    /// Distinct rooms, with those in which earlier runs settled every member.
    pub(crate) fn all_room_count(&self) -> usize {
        self.rooms.strings.len()
    }

    /// Members, without duplicates and without those of [`Plan::skip_settled`].
    pub(crate) fn members(&self) -> usize {
        let groups = self.table.groups.iter();
        groups.map(|group| group.size as usize).sum()
    }

    /// Rows that named a member again.
    pub(crate) fn duplicates(&self) -> usize {
        self.duplicates
    }

    /// Whether this member gets a request: earlier runs have not settled it.
    pub(crate) fn has(&self, room: &str, user: &str) -> bool {
        let Some(room) = self.rooms.find(room) else {
            return false;
        };
        let key = (room, user);
        let is_same = |member: &u32| self.table.key_of_member(*member) == key;
        let found = self.by_member.find(self.hasher.hash_one(key), is_same);
        found.is_some_and(|member| self.table.members[*member as usize].next != SKIPPED)
    }

    /// Requests, if every one succeeds at the first try.
    pub(crate) fn requests(&self) -> usize {
        let requests_of = |group: &Group| (group.size as usize).div_ceil(MEMBERS_PER_REQUEST);
        self.table.groups.iter().map(requests_of).sum()
    }

    /// Most bytes that the outcomes take as JSON lines, if each member has a line of
    /// its own and the service's messages are of the usual length.
    pub(crate) fn most_outcome_bytes(&self) -> u64 {
        let json_length = |text: &str| serde_json::to_string(text).map_or(0, |json| json.len());
        let of_group = |group: &Group| {
            let room = json_length(self.rooms.strings.get(group.room));
            let reason = json_length(self.reasons.strings.get(group.reason));
            group.size as usize * (OUTCOME_BYTES + room + reason)
        };
        let groups: usize = self.table.groups.iter().map(of_group).sum();
        // A quote or a backslash in a name is two bytes.
        (groups + 2 * self.table.names.bytes()) as u64
    }

    /// All members of the plan are on the lists of their rooms, which were just read.
    pub(crate) fn mark_listed(&mut self) {
        let groups = self.table.groups.iter_mut();
        groups.for_each(|group| group.on_list = Some(true));
    }

    /// The group of this room and this reason, new or not.
    fn group(&mut self, room: u32, reason: &Reason) -> u32 {
        let key = (room, self.reasons.intern(reason.as_str()));
        let Self { table, hasher, .. } = self;
        let hash = hasher.hash_one(key);
        let is_same = |group: &u32| table.key_of_group(*group) == key;
        if let Some(known) = self.by_group.find(hash, is_same) {
            return *known;
        }
        let group = table.open_group(key, false);
        let hash_of = |group: &u32| hasher.hash_one(table.key_of_group(*group));
        self.by_group.insert_unique(hash, group, hash_of);
        group
    }
}

impl GroupedMembers {
    /// The number of the room, and the name.
    fn key_of_member(&self, member: u32) -> (u32, &str) {
        let group = self.members[member as usize].group;
        (self.groups[group as usize].room, self.names.get(member))
    }

    /// The numbers of room and reason.
    fn key_of_group(&self, group: u32) -> (u32, u32) {
        let group = &self.groups[group as usize];
        (group.room, group.reason)
    }

    pub(super) fn open_group(&mut self, (room, reason): (u32, u32), is_in_doubt: bool) -> u32 {
        self.groups.push(Group {
            room,
            reason,
            is_in_doubt,
            on_list: None,
            first: NONE,
            last: NONE,
            size: 0,
        });
        to_u32(self.groups.len() - 1)
    }

    fn push(&mut self, group: u32, user: &UserId) -> u32 {
        let member = self.names.push(user.as_str());
        self.members.push(Member { group, next: NONE });
        self.append_to_group(member);
        member
    }

    /// Puts the member at the end of its group.
    pub(super) fn append_to_group(&mut self, member: u32) {
        let group = self.members[member as usize].group;
        let group = &mut self.groups[group as usize];
        match group.last {
            NONE => group.first = member,
            last => self.members[last as usize].next = member,
        }
        group.last = member;
        group.size += 1;
    }
}

/// What earlier runs have done of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ResumeSummary {
    /// Members that are skipped, by their outcome.
    pub(crate) settled: Tally,
    /// Members that get another request because their outcome is unknown.
    pub(crate) in_doubt: u64,
    /// Of the skipped members, the bans whose lengths are known, and how many have each.
    pub(crate) bans: BTreeMap<EarlierBan, u64>,
}

impl Plan {
    /// Skips the members that the journal counts as settled, unless
    /// `include_settled`. Members in doubt stay in doubt. No row may be added
    /// after this.
    pub(crate) fn skip_settled(
        &mut self,
        history: &History,
        include_settled: bool,
    ) -> ResumeSummary {
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
            let room_name = self.rooms.strings.get(room);
            let status = history.status(action, room_name, user);
            let ban = history.ban(room_name, user);
            let entry = &mut table.members[member as usize];
            entry.next = NONE;
            match status {
                MemberStatus::Settled(outcome) if !include_settled => {
                    summary.settled.add_resumed(outcome);
                    entry.next = SKIPPED;
                    if let Some(ban) = ban.filter(|_| action == Action::Ban) {
                        *summary.bans.entry(ban).or_default() += 1;
                    }
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
    pub(super) fn clear(&mut self) {
        (self.first, self.last, self.size) = (NONE, NONE, 0);
    }
}

/// A room of a plan, how many members it has there, and the first of them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RoomMembers<'a> {
    pub(crate) room: &'a str,
    pub(crate) members: usize,
    pub(crate) first: Vec<&'a str>,
}

impl Plan {
    /// Rooms and members, in the order in which rows named them.
    pub(crate) fn members_in_order(&self) -> impl Iterator<Item = (&str, &str)> {
        let members = self.table.members.iter().zip(0..);
        let included = members.filter(|(member, _)| member.next != SKIPPED);
        included.map(|(_, number)| {
            let (room, user) = self.table.key_of_member(number);
            (self.rooms.strings.get(room), user)
        })
    }

    /// The rooms in the order in which rows named them, each with its first members
    /// up to this number.
    pub(crate) fn rooms_in_order(&self, first: usize) -> Vec<RoomMembers<'_>> {
        let mut rooms: Vec<RoomMembers<'_>> = Vec::new();
        let mut numbers = HashMap::new();
        for (room, user) in self.members_in_order() {
            let number = *numbers.entry(room).or_insert_with(|| {
                let first = Vec::new();
                rooms.push(RoomMembers {
                    room,
                    members: 0,
                    first,
                });
                rooms.len() - 1
            });
            let room = &mut rooms[number];
            room.members += 1;
            if room.first.len() < first {
                room.first.push(user);
            }
        }
        rooms
    }

    /// The reasons in the order in which rows gave them, with their numbers of
    /// members. None for an unban.
    pub(crate) fn reasons_in_order(&self) -> Vec<(&str, usize)> {
        let mut members = BTreeMap::new();
        for group in self.table.groups.iter().filter(|group| group.size > 0) {
            *members.entry(group.reason).or_insert(0) += group.size as usize;
        }
        let reasons = members.into_iter();
        let reasons = reasons.map(|(number, members)| (self.reasons.strings.get(number), members));
        reasons.filter(|(reason, _)| !reason.is_empty()).collect()
    }

    /// Room, reason and members of each request, if every one succeeds at the first
    /// try. `is_sent` gets a room and a member.
    pub(crate) fn requests_in_order(
        &self,
        is_sent: impl Fn(&str, &str) -> bool,
    ) -> impl Iterator<Item = (&str, &str, Vec<&str>)> {
        let table = &self.table;
        let groups = table.groups.iter().filter(|group| group.size > 0);
        groups.flat_map(move |group| {
            let next = |member: &u32| Some(table.members[*member as usize].next);
            let members = iter::successors(Some(group.first), next);
            let members = members.take(group.size as usize);
            let room = self.rooms.strings.get(group.room);
            let names = members.map(|member| table.names.get(member));
            let names: Vec<&str> = names.filter(|user| is_sent(room, user)).collect();
            let batches = names.chunks(MEMBERS_PER_REQUEST).map(<[&str]>::to_vec);
            let reason = self.reasons.strings.get(group.reason);
            let batches: Vec<_> = batches.map(|names| (room, reason, names)).collect();
            batches
        })
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
