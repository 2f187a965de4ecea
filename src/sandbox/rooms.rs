//! Who is where: the rooms, their members in order of joining, their bans.
//!
//! State and its rules only; what a call may ask and which code it gets is
//! `calls`' affair. A room may hold a million members: joining, leaving and
//! paging are logarithmic.

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
    joined: u64,
    seats: HashMap<Arc<str>, u64>,
    order: BTreeMap<u64, Arc<str>>,
    /// Until when, unix seconds.
    bans: BTreeMap<String, u64>,
}

impl Rooms {
    /// The room, if it exists.
    pub(super) fn get(&self, name: &str) -> Option<&Room> {
        self.0.get(name)
    }

    /// The room, if it exists, to change it.
    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Room> {
        self.0.get_mut(name)
    }

    /// The room, made at `now` (unix seconds) if need be.
    pub(super) fn open(&mut self, name: &str, now: u64) -> &mut Room {
        self.0.entry(name.to_owned()).or_insert_with(|| Room {
            created: now,
            ..Room::default()
        })
    }

    /// The room and all that is known of it goes; whether it was there.
    pub(super) fn dissolve(&mut self, name: &str) -> bool {
        self.0.remove(name).is_some()
    }
}

impl Room {
    /// Lets a member in at `now` (unix seconds), unless banned; one who is
    /// there stays where they are. Whether they are in.
    pub(super) fn join(&mut self, member: &str, now: u64) -> bool {
        if self.is_banned(member, now) {
            return false;
        }
        if !self.has(member) {
            let name: Arc<str> = member.into();
            self.joined += 1;
            self.seats.insert(name.clone(), self.joined);
            self.order.insert(self.joined, name);
        }
        true
    }

    /// Whether they were there.
    pub(super) fn leave(&mut self, member: &str) -> bool {
        match self.seats.remove(member) {
            Some(seat) => self.order.remove(&seat).is_some(),
            None => false,
        }
    }

    /// Whether they are there.
    pub(super) fn has(&self, member: &str) -> bool {
        self.seats.contains_key(member)
    }

    /// How many are there.
    pub(super) fn len(&self) -> usize {
        self.seats.len()
    }

    /// Everybody after that seat, in order of joining, with their seats; a
    /// seat is never given twice, so a page continues rightly whoever left.
    pub(super) fn after(&self, seat: u64) -> impl Iterator<Item = (u64, &str)> {
        let rest = self.order.range(seat.saturating_add(1)..);
        rest.map(|(seat, name)| (*seat, &**name))
    }

    /// Keeps a member out until `until` (unix seconds).
    pub(super) fn ban(&mut self, member: &str, until: u64) {
        self.bans.insert(member.to_owned(), until);
    }

    /// Lifts a ban; whether there was one.
    pub(super) fn unban(&mut self, member: &str) -> bool {
        self.bans.remove(member).is_some()
    }

    /// The bans that hold at `now` (unix seconds), by name; the others are
    /// forgotten.
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

    fn names(room: &Room, seat: u64) -> Vec<&str> {
        room.after(seat).map(|(_, name)| name).collect()
    }

    #[test]
    fn members_stay_in_order_of_joining() {
        let mut room = Room::default();
        assert!(["c", "a", "b", "a"].iter().all(|name| room.join(name, 0)));
        assert_eq!(names(&room, 0), ["c", "a", "b"]);
        assert!(room.leave("c") && !room.leave("c") && room.join("c", 0));
        assert_eq!(names(&room, 0), ["a", "b", "c"]);
        assert_eq!(names(&room, 3), ["c"], "seats are never given twice");
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
        assert!(!room.unban("a"), "over is over");
    }

    #[test]
    fn a_dissolved_room_forgets_everything() {
        let mut rooms = Rooms::default();
        rooms.open("r", 5).join("a", 5);
        assert_eq!(rooms.open("r", 9).created, 5);
        assert!(rooms.dissolve("r") && !rooms.dissolve("r"));
        assert!(rooms.get("r").is_none());
    }
}
