//! The rows of a live feed: each waits a moment for others with the same room
//! and reason, so that they can share a batch.
//!
//! A feed may name a member again on purpose. So a row is dropped only while the
//! same member of the same room still waits or is in flight.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use super::batch::Batch;
use super::outcome::Settled;
use crate::room::{MEMBERS_PER_REQUEST, Reason, RoomId, UserId};

/// Longest time that a row waits for others.
const MAX_WAIT: Duration = Duration::from_millis(50);

/// Batches that may wait before the reader of the feed has to pause.
const MAX_BACKLOG: usize = 256;

/// Rows that wait to be sent.
#[derive(Debug, Default)]
pub(super) struct Feed {
    open: HashMap<(RoomId, Reason), OpenBatch>,
    ready: VecDeque<Batch>,
    /// Members that wait or are in flight.
    unsettled: HashSet<(RoomId, UserId)>,
    /// Gives each (room, reason) a group number without storing it: a feed may
    /// bring millions of them.
    hasher: RandomState,
    ended: bool,
    /// Rows that the reader of the feed has handed over, also bad and skipped ones.
    taken: u64,
}

/// A batch that still takes members.
#[derive(Debug)]
struct OpenBatch {
    members: Vec<UserId>,
    closes_at: Duration,
}

impl Feed {
    /// A feed that brings no rows.
    pub(super) fn ended() -> Self {
        Self {
            ended: true,
            ..Self::default()
        }
    }

    /// Rows taken so far.
    pub(super) fn taken(&self) -> u64 {
        self.taken
    }

    pub(super) fn count_row(&mut self) {
        self.taken += 1;
    }

    /// Adds a row that arrived then.
    pub(super) fn add(&mut self, arrived: Duration, room: RoomId, reason: Reason, user: UserId) {
        if !self.unsettled.insert((room.clone(), user.clone())) {
            return;
        }
        let key = (room, reason);
        let closes_at = arrived + MAX_WAIT;
        let open = self.open.entry(key.clone()).or_insert_with(|| OpenBatch {
            members: Vec::new(),
            closes_at,
        });
        open.closes_at = open.closes_at.min(closes_at);
        open.members.push(user);
        if open.members.len() == MEMBERS_PER_REQUEST {
            self.close(&key);
        }
    }

    /// No more rows come, so no batch has to wait for others.
    pub(super) fn end(&mut self) {
        self.ended = true;
        let keys: Vec<_> = self.open.keys().cloned().collect();
        for key in &keys {
            self.close(key);
        }
    }

    /// Closes the batches that have waited long enough.
    pub(super) fn close_due(&mut self, now: Duration) {
        let is_due = |open: &OpenBatch| open.closes_at <= now;
        let due = self.open.iter().filter(|(_, open)| is_due(open));
        let due: Vec<_> = due.map(|(key, _)| key.clone()).collect();
        for key in &due {
            self.close(key);
        }
    }

    /// When the next open batch closes.
    pub(super) fn next_close(&self) -> Option<Duration> {
        self.open.values().map(|open| open.closes_at).min()
    }

    pub(super) fn pop(&mut self) -> Option<Batch> {
        self.ready.pop_front()
    }

    pub(super) fn is_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// Whether no batch is left and no row can come.
    pub(super) fn is_over(&self) -> bool {
        self.ended && self.ready.is_empty() && self.open.is_empty()
    }

    /// Whether the reader of the feed may continue.
    pub(super) fn wants_rows(&self) -> bool {
        self.ready.len() + self.open.len() < MAX_BACKLOG
    }

    /// Rows that name these members again are sent from now on.
    pub(super) fn settled(&mut self, settled: &Settled) {
        if self.unsettled.is_empty() {
            return;
        }
        for member in &settled.members {
            self.unsettled
                .remove(&(settled.room.clone(), member.clone()));
        }
    }

    fn close(&mut self, key: &(RoomId, Reason)) {
        if let Some(open) = self.open.remove(key) {
            let group = self.hasher.hash_one(key);
            let (room, reason) = key.clone();
            self.ready
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
    fn no_row_waits_longer_than_50_ms_for_others() {
        let mut feed = Feed::default();
        add(&mut feed, 0, "r", "a");
        add(&mut feed, 40, "r", "b");
        add(&mut feed, 40, "s", "c");
        assert_eq!(feed.next_close(), Some(ms(50)));
        feed.close_due(ms(49));
        assert!(!feed.is_ready());
        feed.close_due(ms(50));
        assert_eq!(sizes(&mut feed), [2]);
        assert_eq!(feed.next_close(), Some(ms(90)));
    }

    #[test]
    fn a_row_that_has_waited_before_waits_only_the_rest_of_50_ms() {
        let mut feed = Feed::default();
        add(&mut feed, 30, "r", "a");
        add(&mut feed, 10, "r", "b");
        assert_eq!(feed.next_close(), Some(ms(60)));
        feed.close_due(ms(60));
        assert_eq!(sizes(&mut feed), [2]);
    }

    #[test]
    fn a_full_batch_is_ready_at_once() {
        let mut feed = Feed::default();
        (0..21).for_each(|n| add(&mut feed, 0, "r", &format!("u{n}")));
        assert_eq!(sizes(&mut feed), [20]);
        feed.end();
        assert_eq!(sizes(&mut feed), [1]);
        assert!(feed.is_over());
    }

    #[test]
    fn a_repeated_member_is_dropped_only_until_it_is_settled() {
        let mut feed = Feed::default();
        add(&mut feed, 0, "r", "a");
        add(&mut feed, 1, "r", "a");
        feed.close_due(ms(50));
        add(&mut feed, 60, "r", "a");
        let batch = feed.pop().expect("one batch");
        assert_eq!((batch.members.len(), feed.next_close()), (1, None));
        let settled = Settled {
            last_failure: None,
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
        assert_eq!(feed.next_close(), Some(ms(120)), "a new order");
    }
}
