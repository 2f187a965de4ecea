//! The rooms, their members in the order of joining, and their bans.
//!
//! Only the state and its rules; parameters and codes are in `calls`. Joining,
//! leaving and paging take logarithmic time, for rooms with a million members.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// All rooms that exist.
#[derive(Debug, Default)]
pub(super) struct Rooms(HashMap<String, Room>);

/// One room.
#[derive(Debug, Default)]
pub(super) struct Room {
    /// Unix seconds.
    pub(super) created: u64,
    /// Number of joins so far.
    joined: u64,
    /// Join number by member.
    numbers: HashMap<Arc<str>, u64>,
    /// Member by join number.
    order: BTreeMap<u64, Arc<str>>,
    /// End of each ban, unix seconds.
    bans: BTreeMap<String, u64>,
}

impl Rooms {
    pub(super) fn get(&self, name: &str) -> Option<&Room> {
        self.0.get(name)
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Room> {
        self.0.get_mut(name)
    }

    /// The room; created at `now` (unix seconds) if it does not exist.
    pub(super) fn get_or_create(&mut self, name: &str, now: u64) -> &mut Room {
        self.0.entry(name.to_owned()).or_insert_with(|| Room {
            created: now,
            ..Room::default()
        })
    }
}

impl Room {
    /// Adds a member at `now` (unix seconds), unless banned. A present member keeps
    /// its number. Returns whether the member is in the room afterwards.
    pub(super) fn join(&mut self, member: &str, now: u64) -> bool {
        if self.is_banned(member, now) {
            return false;
        }
        if !self.has(member) {
            let name: Arc<str> = member.into();
            self.joined += 1;
            self.numbers.insert(name.clone(), self.joined);
            self.order.insert(self.joined, name);
        }
        true
    }

    /// Returns whether the member was in the room.
    pub(super) fn leave(&mut self, member: &str) -> bool {
        match self.numbers.remove(member) {
            Some(number) => self.order.remove(&number).is_some(),
            None => false,
        }
    }

    pub(super) fn has(&self, member: &str) -> bool {
        self.numbers.contains_key(member)
    }

    /// Number of members.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The members with a join number above this one, with their numbers. Numbers are
    /// not reused, so paging is right even if members leave.
    pub(super) fn members_after(&self, number: u64) -> impl Iterator<Item = (u64, &str)> {
        let rest = self.order.range(number.saturating_add(1)..);
        rest.map(|(number, name)| (*number, &**name))
    }

    /// `until`: unix seconds.
    pub(super) fn ban(&mut self, member: &str, until: u64) {
        self.bans.insert(member.to_owned(), until);
    }

    /// Returns whether there was a ban.
    pub(super) fn unban(&mut self, member: &str) -> bool {
        self.bans.remove(member).is_some()
    }

    /// The bans at `now` (unix seconds), by name. Removes the expired ones.
    pub(super) fn bans(&mut self, now: u64) -> &BTreeMap<String, u64> {
        self.bans.retain(|_, until| *until > now);
        &self.bans
    }

    fn is_banned(&self, member: &str, now: u64) -> bool {
        self.bans.get(member).is_some_and(|until| *until > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(room: &Room, number: u64) -> Vec<&str> {
        room.members_after(number).map(|(_, name)| name).collect()
    }

    #[test]
    fn members_are_in_the_order_of_joining() {
        let mut room = Room::default();
        assert!(["c", "a", "b", "a"].iter().all(|name| room.join(name, 0)));
        assert_eq!(names(&room, 0), ["c", "a", "b"]);
        assert!(room.leave("c") && !room.leave("c") && room.join("c", 0));
        assert_eq!(names(&room, 0), ["a", "b", "c"]);
        assert_eq!(names(&room, 3), ["c"], "numbers are not reused");
        assert_eq!(room.len(), 3);
    }

    #[test]
    fn a_ban_keeps_out_until_it_ends() {
        let mut room = Room::default();
        room.ban("a", 100);
        assert!(!room.join("a", 99));
        assert_eq!(room.bans(99).len(), 1);
        assert!(room.join("a", 100));
        assert!(room.bans(100).is_empty());
        assert!(!room.unban("a"), "it has expired");
    }

    #[test]
    fn opening_an_existing_room_does_not_change_it() {
        let mut rooms = Rooms::default();
        rooms.get_or_create("r", 5).join("a", 5);
        let room = rooms.get_or_create("r", 9);
        assert_eq!((room.created, room.len()), (5, 1));
        assert!(rooms.get("s").is_none());
    }
}
