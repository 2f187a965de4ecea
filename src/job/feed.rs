//! A live feed of members: rows wait a moment for company of the same room and
//! reason, then leave together.
//!
//! Each row is a new event: a member is left out only while the same one still
//! waits or is under way.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use super::batch::Batch;
use super::outcome::Settled;
use crate::room::{MEMBERS_PER_REQUEST, Reason, RoomId, UserId};

/// Longest time that a row waits for company.
const MAX_WAIT: Duration = Duration::from_millis(50);

/// Batches that may be ready and unsent before the reader is held back.
const BACKLOG: usize = 256;

/// Rows on their way into requests.
#[derive(Debug, Default)]
pub(super) struct Feed {
    open: HashMap<(RoomId, Reason), Open>,
    full: VecDeque<Batch>,
    under_way: HashSet<(RoomId, UserId)>,
    /// Numbers a (room, reason) without remembering it: a feed may see
    /// millions of them.
    hasher: RandomState,
    ended: bool,
}

/// A batch that still takes members.
#[derive(Debug)]
struct Open {
    members: Vec<UserId>,
    leaves_at: Duration,
}

impl Feed {
    /// Takes a row in.
    pub(super) fn add(&mut self, now: Duration, room: RoomId, reason: Reason, user: UserId) {
        if !self.under_way.insert((room.clone(), user.clone())) {
            return;
        }
        let key = (room, reason);
        let leaves_at = now + MAX_WAIT;
        let open = self.open.entry(key.clone()).or_insert_with(|| Open {
            members: Vec::new(),
            leaves_at,
        });
        open.members.push(user);
        if open.members.len() == MEMBERS_PER_REQUEST {
            self.close(&key);
        }
    }

    /// No more rows come: nobody waits for company any longer.
    pub(super) fn end(&mut self) {
        self.ended = true;
        let keys: Vec<_> = self.open.keys().cloned().collect();
        for key in &keys {
            self.close(key);
        }
    }

    /// Closes what has waited long enough.
    pub(super) fn wake(&mut self, now: Duration) {
        let is_due = |open: &Open| open.leaves_at <= now;
        let due: Vec<_> = self.open.iter().filter(|(_, open)| is_due(open)).collect();
        let due: Vec<_> = due.into_iter().map(|(key, _)| key.clone()).collect();
        for key in &due {
            self.close(key);
        }
    }

    /// When the next open batch leaves.
    pub(super) fn next_leaving(&self) -> Option<Duration> {
        self.open.values().map(|open| open.leaves_at).min()
    }

    /// A batch that is ready.
    pub(super) fn pop(&mut self) -> Option<Batch> {
        self.full.pop_front()
    }

    /// Whether a batch is ready.
    pub(super) fn is_ready(&self) -> bool {
        !self.full.is_empty()
    }

    /// Whether nothing is ready and nothing more can come.
    pub(super) fn is_over(&self) -> bool {
        self.ended && self.full.is_empty() && self.open.is_empty()
    }

    /// Whether the reader may go on.
    pub(super) fn wants_rows(&self) -> bool {
        self.full.len() + self.open.len() < BACKLOG
    }

    /// Its members may come again.
    pub(super) fn settled(&mut self, settled: &Settled) {
        for member in &settled.members {
            self.under_way
                .remove(&(settled.room.clone(), member.clone()));
        }
    }

    fn close(&mut self, key: &(RoomId, Reason)) {
        if let Some(open) = self.open.remove(key) {
            let group = self.hasher.hash_one(key);
            let (room, reason) = key.clone();
            self.full
                .push_back(Batch::new(group, room, reason, open.members));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn add(feed: &mut Feed, at: u64, room: &str, user: &str) {
        let room = RoomId::parse(room).expect("room");
        let reason = Reason::parse("x").expect("reason");
        feed.add(ms(at), room, reason, UserId::parse(user).expect("user"));
    }

    fn sizes(feed: &mut Feed) -> Vec<usize> {
        std::iter::from_fn(|| feed.pop())
            .map(|batch| batch.members.len())
            .collect()
    }

    #[test]
    fn no_row_waits_longer_than_50_ms_for_company() {
        let mut feed = Feed::default();
        add(&mut feed, 0, "r", "a");
        add(&mut feed, 40, "r", "b");
        add(&mut feed, 40, "s", "c");
        assert_eq!(feed.next_leaving(), Some(ms(50)));
        feed.wake(ms(49));
        assert!(!feed.is_ready());
        feed.wake(ms(50));
        assert_eq!(sizes(&mut feed), [2]);
        assert_eq!(feed.next_leaving(), Some(ms(90)));
    }

    #[test]
    fn twenty_leave_at_once() {
        let mut feed = Feed::default();
        (0..21).for_each(|n| add(&mut feed, 0, "r", &format!("u{n}")));
        assert_eq!(sizes(&mut feed), [20]);
        feed.end();
        assert_eq!(sizes(&mut feed), [1]);
        assert!(feed.is_over());
    }

    #[test]
    fn a_member_collapses_only_while_under_way() {
        let mut feed = Feed::default();
        add(&mut feed, 0, "r", "a");
        add(&mut feed, 1, "r", "a");
        feed.wake(ms(50));
        add(&mut feed, 60, "r", "a");
        let batch = feed.pop().expect("one batch");
        assert_eq!((batch.members.len(), feed.next_leaving()), (1, None));
        let settled = Settled {
            action: crate::room::Action::Kick,
            room: batch.room,
            members: batch.members,
            reason: batch.reason,
            outcome: crate::job::Outcome::Done,
            last_answer: crate::job::LastAnswer::NoAnswer(String::new()),
            attempts: 1,
            elapsed: ms(1),
            time: std::time::UNIX_EPOCH,
        };
        feed.settled(&settled);
        add(&mut feed, 70, "r", "a");
        assert_eq!(feed.next_leaving(), Some(ms(120)), "a new event");
    }
}
