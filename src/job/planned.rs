//! The batches of a plan that were not taken yet, group by group.
//!
//! A room can be held back while its member list is read. After that its members are
//! divided into those on the list and those that are not. A name is copied into a
//! [`UserId`] only when its batch is taken.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use super::batch::Batch;
use super::plan::{GroupedMembers, NONE, Plan};
use super::string_pool::{StringPool, to_u32};
use crate::room::{MEMBERS_PER_REQUEST, Reason, RoomId, UserId};

/// The batches of a plan that were not yet taken. Of each group, `first` and `size`
/// are those of the members that are left.
#[derive(Debug)]
pub struct PlannedBatches {
    table: GroupedMembers,
    rooms: StringPool,
    reasons: StringPool,
    /// The group whose members are taken now. It has members left.
    current: Option<u32>,
    /// Members that were not taken yet.
    to_take: usize,
    /// The next group in the order of the plan.
    cursor: u32,
    /// Groups that come before that one: their rooms were held back.
    ahead: VecDeque<u32>,
    /// The rooms that are held back, with their groups that were reached meanwhile.
    held: HashMap<u32, Vec<u32>>,
    /// Those of the current group, shared by its batches.
    room_and_reason: Option<(RoomId, Reason)>,
    /// All groups of the plan in the order of their rooms; made when it is needed.
    by_room: Vec<u32>,
}

/// Members of one room by their names, and which of them are on its member list.
#[derive(Debug, Default)]
pub(super) struct RoomIndex {
    by_name: HashTable<u32>,
    hasher: RandomState,
    on_list: HashSet<u32>,
}

impl RoomIndex {
    pub(super) fn not_on_list(&self) -> usize {
        self.by_name.len() - self.on_list.len()
    }
}

impl Plan {
    /// The batches, group by group. Frees the tables that find duplicates.
    pub fn into_batches(self) -> PlannedBatches {
        let mut batches = PlannedBatches {
            to_take: self.members(),
            table: self.table,
            rooms: self.rooms.strings,
            reasons: self.reasons.strings,
            current: None,
            cursor: 0,
            ahead: VecDeque::new(),
            held: HashMap::new(),
            room_and_reason: None,
            by_room: Vec::new(),
        };
        batches.advance();
        batches
    }
}

impl PlannedBatches {
    /// Whether no batch is left, also in rooms that are held back.
    pub(super) fn is_empty(&self) -> bool {
        let mut held = self.held.values().flatten();
        self.current.is_none() && held.all(|group| self.size(*group) == 0)
    }

    /// How many members were not taken yet, in all rooms.
    pub(super) fn members_to_take(&self) -> usize {
        self.to_take
    }

    /// Whether a batch can be taken.
    pub(super) fn is_ready(&self) -> bool {
        self.current.is_some()
    }

    /// The room of the next batch.
    pub(super) fn next_room(&self) -> Option<u32> {
        let group = self.current?;
        Some(self.table.groups[group as usize].room)
    }

    /// Whether the members of the next batch are on the list of their room, if one
    /// was read.
    pub(super) fn is_next_on_list(&self) -> Option<bool> {
        self.table.groups[self.current? as usize].on_list
    }

    /// The room of a batch of this plan, by the number of its group.
    pub(super) fn room_of(&self, group: u64) -> u32 {
        let group = usize::try_from(group).expect("a group of this plan");
        self.table.groups[group].room
    }

    pub(super) fn room_id(&self, room: u32) -> RoomId {
        RoomId::from_parsed(self.rooms.get(room))
    }

    /// Members of this room that were not taken yet.
    pub(super) fn members_left(&mut self, room: u32) -> usize {
        let groups = self.groups_of(room);
        groups.iter().map(|group| self.size(*group) as usize).sum()
    }

    /// Takes no batch of this room until it is released.
    pub(super) fn hold(&mut self, room: u32) {
        self.held.entry(room).or_default();
        if self.next_room() == Some(room) {
            self.ahead.extend(self.current);
            self.advance();
        }
    }

    /// The batches of this room come next.
    pub(super) fn release(&mut self, room: u32) {
        let groups = self.held.remove(&room).unwrap_or_default();
        self.ahead.extend(groups);
        if self.current.is_none() {
            self.advance();
        }
    }

    pub(super) fn release_all(&mut self) {
        let rooms: Vec<u32> = self.held.keys().copied().collect();
        for room in rooms {
            self.release(room);
        }
    }

    /// The members of a room that were not taken yet.
    pub(super) fn index_untaken(&mut self, room: u32) -> RoomIndex {
        let mut index = RoomIndex {
            by_name: HashTable::with_capacity(self.members_left(room)),
            ..RoomIndex::default()
        };
        let RoomIndex {
            by_name, hasher, ..
        } = &mut index;
        for group in self.groups_of(room) {
            let mut member = self.table.groups[group as usize].first;
            while member != NONE {
                let hash_of = |member: &u32| hasher.hash_one(self.table.names.get(*member));
                by_name.insert_unique(hash_of(&member), member, hash_of);
                member = self.table.members[member as usize].next;
            }
        }
        index
    }

    /// Notes that this name is on the room's list, if the index has its member.
    pub(super) fn mark_listed(&self, index: &mut RoomIndex, name: &str) {
        let hash = index.hasher.hash_one(name);
        let is_same = |member: &u32| self.table.names.get(*member) == name;
        if let Some(member) = index.by_name.find(hash, is_same) {
            index.on_list.insert(*member);
        }
    }

    /// All members of the plan by the order of their rooms, also those that were taken
    /// or that an earlier run settled.
    pub(super) fn members_by_room(&self) -> Vec<u32> {
        let mut members: Vec<u32> = (0..to_u32(self.table.members.len())).collect();
        members.sort_by_key(|member| self.room_of_member(*member));
        members
    }

    pub(super) fn room_of_member(&self, member: u32) -> u32 {
        let group = self.table.members[member as usize].group;
        self.table.groups[group as usize].room
    }

    /// These members of one room.
    pub(super) fn index_members(&self, members: &[u32]) -> RoomIndex {
        let mut index = RoomIndex {
            by_name: HashTable::with_capacity(members.len()),
            ..RoomIndex::default()
        };
        let hash_of = |member: &u32| index.hasher.hash_one(self.table.names.get(*member));
        for member in members {
            index
                .by_name
                .insert_unique(hash_of(member), *member, hash_of);
        }
        index
    }

    /// The members that are on the room's list, in the order of the plan, in parts with
    /// the same reason that are no larger than a batch.
    pub(super) fn parts_on_list(&self, index: &RoomIndex) -> Vec<Vec<u32>> {
        let mut listed: Vec<u32> = index.on_list.iter().copied().collect();
        listed.sort_unstable();
        let reason_of = |member: u32| {
            let group = self.table.members[member as usize].group;
            self.table.groups[group as usize].reason
        };
        let same = listed.chunk_by(|a, b| reason_of(*a) == reason_of(*b));
        let parts = same.flat_map(|members| members.chunks(MEMBERS_PER_REQUEST));
        parts.map(<[u32]>::to_vec).collect()
    }

    /// The names of these members, and the reason of the first.
    pub(super) fn users_and_reason(&self, members: &[u32]) -> (Vec<UserId>, Reason) {
        let user = |member: &u32| UserId::from_parsed(self.table.names.get(*member));
        let group = self.table.members[members[0] as usize].group;
        let reason = self.table.groups[group as usize].reason;
        (
            members.iter().map(user).collect(),
            Reason::from_parsed(self.reasons.get(reason)),
        )
    }

    /// Divides each group of a room, which is held back: the members that are not on
    /// the list get a group of their own, which comes next.
    pub(super) fn divide(&mut self, room: u32, index: &RoomIndex) {
        for group in self.groups_of(room) {
            let mut member = self.table.groups[group as usize].first;
            let whole = &mut self.table.groups[group as usize];
            let (key, is_in_doubt) = ((whole.room, whole.reason), whole.is_in_doubt);
            whole.clear();
            whole.on_list = Some(true);
            let mut unlisted = None;
            while member != NONE {
                let entry = &mut self.table.members[member as usize];
                let next = std::mem::replace(&mut entry.next, NONE);
                if !index.on_list.contains(&member) {
                    let table = &mut self.table;
                    let to = *unlisted.get_or_insert_with(|| table.open_group(key, is_in_doubt));
                    table.members[member as usize].group = to;
                }
                self.table.append_to_group(member);
                member = next;
            }
            if let Some(unlisted) = unlisted {
                self.table.groups[unlisted as usize].on_list = Some(false);
                self.ahead.push_back(unlisted);
            }
        }
    }

    /// The groups of this room that the plan had.
    fn groups_of(&mut self, room: u32) -> Vec<u32> {
        if self.by_room.is_empty() {
            self.by_room = (0..to_u32(self.table.groups.len())).collect();
            let groups = &self.table.groups;
            self.by_room
                .sort_by_key(|group| groups[*group as usize].room);
        }
        let room_of = |group: &u32| self.table.groups[*group as usize].room;
        let start = self.by_room.partition_point(|group| room_of(group) < room);
        let groups = self.by_room[start..].iter().copied();
        groups.take_while(|group| room_of(group) == room).collect()
    }

    fn size(&self, group: u32) -> u32 {
        self.table.groups[group as usize].size
    }

    /// Goes to the next group that has members and is not held back.
    fn advance(&mut self) {
        self.room_and_reason = None;
        self.current = None;
        while self.current.is_none() {
            let Some(group) = self.ahead.pop_front().or_else(|| self.next_of_plan()) else {
                return;
            };
            if self.size(group) == 0 {
                continue;
            }
            let room = self.table.groups[group as usize].room;
            match self.held.get_mut(&room) {
                Some(held) => held.push(group),
                None => self.current = Some(group),
            }
        }
    }

    fn next_of_plan(&mut self) -> Option<u32> {
        let group = self.cursor;
        ((group as usize) < self.table.groups.len()).then(|| {
            self.cursor += 1;
            group
        })
    }

    /// Takes the next members of the group.
    fn next_members(&mut self, group: u32) -> Vec<UserId> {
        let group = &mut self.table.groups[group as usize];
        let count = (group.size as usize).min(MEMBERS_PER_REQUEST);
        self.to_take -= count;
        let mut users = Vec::with_capacity(count);
        for _ in 0..count {
            users.push(UserId::from_parsed(self.table.names.get(group.first)));
            group.first = self.table.members[group.first as usize].next;
            group.size -= 1;
        }
        users
    }

    fn room_and_reason(&mut self, group: u32) -> (RoomId, Reason) {
        let group = &self.table.groups[group as usize];
        let shared = self.room_and_reason.get_or_insert_with(|| {
            let room = RoomId::from_parsed(self.rooms.get(group.room));
            let reason = Reason::from_parsed(self.reasons.get(group.reason));
            (room, reason)
        });
        shared.clone()
    }
}

impl Iterator for PlannedBatches {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        let number = self.current?;
        let (room, reason) = self.room_and_reason(number);
        let members = self.next_members(number);
        let group = &self.table.groups[number as usize];
        let mut batch = Batch::new(u64::from(number), room, reason, members);
        (batch.in_doubt, batch.on_list) = (group.is_in_doubt, group.on_list);
        if group.size == 0 {
            self.advance();
        }
        Some(batch)
    }
}
