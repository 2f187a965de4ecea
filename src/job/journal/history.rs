//! Every member's standing, found by content.
//!
//! A member is kept as 122 bits of hash and 6 bits of state, 17 bytes with the
//! table's own, 39 at most when the table has just grown. Two members are taken
//! for one only when 122 bits agree: among a million members of a journal and a
//! million of a plan that happens once in 10^24 runs, and nobody can arrange it,
//! because the keys of the hash are drawn anew by every process. 64 bits would
//! have made it once in 10^7, each time with a person left in a room.

use std::hash::{BuildHasher, RandomState};
use std::time::SystemTime;

use hashbrown::HashTable;

use super::status::{MemberStatus, State};
use crate::job::outcome::Outcome;
use crate::room::{Action, RoomId, UserId};

/// What a journal knows of its members.
#[derive(Debug, Default)]
pub struct History {
    members: HashTable<u128>,
    hashers: [RandomState; 2],
    last_settled: Option<SystemTime>,
}

impl History {
    /// How a member stands.
    pub fn status(&self, action: Action, room: &RoomId, user: &UserId) -> MemberStatus {
        self.status_of(action, room.as_str(), user.as_str())
    }

    /// As [`Self::standing`], for names that are known to be valid.
    pub(in crate::job) fn status_of(&self, action: Action, room: &str, user: &str) -> MemberStatus {
        self.state(action, room, user).status()
    }

    /// The latest outcome of a member, `unknown` where it is in doubt.
    pub fn latest(&self, action: Action, room: &RoomId, user: &UserId) -> Option<Outcome> {
        self.state(action, room.as_str(), user.as_str()).latest()
    }

    /// Members that it has heard of.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether it has heard of nobody.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// When the last member was settled.
    pub fn last_settled(&self) -> Option<SystemTime> {
        self.last_settled
    }

    /// Memory for the members, in bytes.
    pub fn footprint(&self) -> usize {
        self.members.allocation_size()
    }

    pub(in crate::job) fn record_intent(
        &mut self,
        action: Action,
        room: &str,
        user: &str,
        attempt: u32,
    ) {
        self.change(action, room, user, |state| state.record_intent(attempt));
    }

    pub(in crate::job) fn record_outcome(
        &mut self,
        action: Action,
        room: &str,
        user: &str,
        (outcome, attempts): (Outcome, u32),
    ) {
        let record = |state: State| state.record_outcome(action, outcome, attempts);
        self.change(action, room, user, record);
    }

    pub(super) fn settled_at(&mut self, time: SystemTime) {
        self.last_settled = self.last_settled.max(Some(time));
    }

    fn state(&self, action: Action, room: &str, user: &str) -> State {
        let key = self.key(action, room, user);
        let found = self.members.find(bucket(key), |entry| is_same(*entry, key));
        found.map_or_else(State::default, |entry| state_of(*entry))
    }

    fn change(
        &mut self,
        action: Action,
        room: &str,
        user: &str,
        change: impl FnOnce(State) -> State,
    ) {
        let key = self.key(action, room, user);
        let entry = self.members.entry(
            bucket(key),
            |entry| is_same(*entry, key),
            |entry| bucket(*entry),
        );
        let mut entry = entry.or_insert(key);
        let state = change(state_of(*entry.get()));
        *entry.get_mut() = key | u128::from(state.bits());
    }

    /// The hash with room for a state below.
    fn key(&self, action: Action, room: &str, user: &str) -> u128 {
        let [high, low] = &self.hashers;
        let member = (action.name(), room, user);
        let hash = u128::from(high.hash_one(member)) << 64 | u128::from(low.hash_one(member));
        hash >> State::BITS << State::BITS
    }
}

fn bucket(entry: u128) -> u64 {
    #[allow(clippy::cast_possible_truncation, reason = "the upper half")]
    let high = (entry >> 64) as u64;
    high
}

fn is_same(entry: u128, key: u128) -> bool {
    entry >> State::BITS == key >> State::BITS
}

fn state_of(entry: u128) -> State {
    #[allow(clippy::cast_possible_truncation, reason = "masked to 6 bits")]
    let low = entry as u8;
    State::from_bits(low & ((1 << State::BITS) - 1))
}
