//! What people see of a plan before it runs: rooms, reasons and requests, by
//! reference.

use std::collections::{BTreeMap, HashMap};
use std::iter;

use super::{Plan, SKIPPED};
use crate::room::MEMBERS_PER_REQUEST;

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
    /// try.
    pub(crate) fn requests_in_order(&self) -> impl Iterator<Item = (&str, &str, Vec<&str>)> {
        let table = &self.table;
        let groups = table.groups.iter().filter(|group| group.size > 0);
        groups.flat_map(move |group| {
            let next = |member: &u32| Some(table.members[*member as usize].next);
            let members = iter::successors(Some(group.first), next);
            let members = members.take(group.size as usize);
            let names: Vec<&str> = members.map(|member| table.names.get(member)).collect();
            let batches = names.chunks(MEMBERS_PER_REQUEST).map(<[&str]>::to_vec);
            let room = self.rooms.strings.get(group.room);
            let reason = self.reasons.strings.get(group.reason);
            let batches: Vec<_> = batches.map(|names| (room, reason, names)).collect();
            batches
        })
    }
}
