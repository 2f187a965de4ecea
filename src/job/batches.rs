//! Hands a plan out, request by request: names become values of their own only
//! when their request is due.

use super::batch::Batch;
use super::plan::{Content, NONE};
use crate::room::{MEMBERS_PER_REQUEST, Reason, RoomId, UserId};

/// What is left of a plan.
#[derive(Debug)]
pub(super) struct Batches {
    content: Box<Content>,
    group: usize,
    /// The next member, of that group; [`NONE`] when all are handed out.
    member: u32,
    /// The group's room and reason, as its batches share them.
    shared: Option<(RoomId, Reason)>,
}

impl Batches {
    /// All of it.
    pub(super) fn new(content: Content) -> Self {
        let (group, member) = content.rows.first_from(0);
        Self {
            group,
            member,
            content: Box::new(content),
            shared: None,
        }
    }

    /// Whether all are handed out.
    pub(super) fn is_empty(&self) -> bool {
        self.member == NONE
    }

    fn users(&mut self) -> Vec<UserId> {
        let rows = &self.content.rows;
        let most = rows.groups[self.group].size as usize;
        let mut users = Vec::with_capacity(most.min(MEMBERS_PER_REQUEST));
        while users.len() < MEMBERS_PER_REQUEST && self.member != NONE {
            users.push(UserId::trusted(rows.users.get(self.member)));
            self.member = rows.members[self.member as usize].next;
        }
        users
    }

    /// The room and the reason of the group.
    fn shared(&mut self) -> (RoomId, Reason) {
        let Content {
            rows,
            rooms,
            reasons,
        } = &*self.content;
        let group = &rows.groups[self.group];
        let shared = self.shared.get_or_insert_with(|| {
            let room = RoomId::trusted(rooms.get(group.room));
            (room, Reason::trusted(reasons.get(group.reason)))
        });
        shared.clone()
    }
}

impl Iterator for Batches {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        if self.is_empty() {
            return None;
        }
        let group = self.group as u64;
        let is_in_doubt = self.content.rows.groups[self.group].is_in_doubt;
        let (room, reason) = self.shared();
        let users = self.users();
        if self.is_empty() {
            (self.group, self.member) = self.content.rows.first_from(self.group + 1);
            self.shared = None;
        }
        let mut batch = Batch::new(group, room, reason, users);
        batch.doubt = is_in_doubt;
        Some(batch)
    }
}
