//! The rooms of a job whose member lists may be read, so that absent members need no
//! request. `list_decision` says when a list is read, `lists` reads it.
//!
//! A room goes through these phases. In the middle ones it is held back: none of its
//! batches starts, so that nothing of this job changes the list while it is read.
//!
//! 1. `Aside`: batches answered 100005 are put aside; others go on. Skipped with
//!    `--check-room always`.
//! 2. `Splitting`: every batch of the room was sent, and its list is not worth its
//!    requests yet. The batches that were put aside are split, one after the other.
//!    What that shows can still lead to the next phases.
//! 3. `Blocked`: its list would be read, but another one is being read that must show
//!    first whether the service lists rooms completely.
//! 4. `Sizing`: `get_room_info` is asked for the number of members.
//! 5. `WaitingForAnswers`: the room's requests in flight finish.
//! 6. `Reading`: the pages of the list, and after it the number of members again.
//! 7. Decided: members on the list are sent, the others are absent. Or the list is not
//!    trusted, and splitting goes on.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::time::Duration;

use super::Engine;
use super::verify::Verification;
use crate::config::CheckRoom;
use crate::job::batch::{Batch, RetryWith};
use crate::job::reading_budget::ReadingBudget;
use crate::job::room_list::{ListReader, Request, least_splitting};

/// The rooms of a job.
#[derive(Debug)]
pub(super) struct Rooms {
    pub(super) mode: CheckRoom,
    pub(super) undecided: HashMap<u32, UndecidedRoom>,
    /// Rooms whose list was used, or will not be used.
    pub(super) decided: HashSet<u32>,
    /// Of rooms with members that were taken from the plan and are not settled.
    pub(super) counts: HashMap<u32, Counts>,
    pub(super) budget: ReadingBudget,
    /// Rooms in the phases `Sizing`, `WaitingForAnswers` and `Reading`.
    pub(super) being_read: usize,
    /// Rooms in the phase `Blocked`.
    pub(super) blocked: BTreeSet<u32>,
    /// A request that reads a room is sent again. No room waits for that.
    pub(super) is_slow: bool,
    /// Rooms in the phase `Splitting`, and others.
    pub(super) splitting: VecDeque<u32>,
    /// Fewest requests that splitting takes of all that is put aside.
    pub(super) least_splitting: usize,
    pub(super) verification: Verification,
}

/// A room whose list may still be used.
#[derive(Debug)]
pub(super) struct UndecidedRoom {
    pub(super) phase: Phase,
    /// Batches answered 100005.
    pub(super) aside: VecDeque<Batch>,
    /// Members in them.
    pub(super) aside_members: usize,
    /// Fewest requests that splitting them takes.
    pub(super) least_splitting: usize,
    /// Batches that became ready while the room was held back, and when they are due.
    pub(super) waiting: Vec<(Duration, Batch)>,
    /// The number of members, once it was asked for.
    pub(super) size: Option<usize>,
    /// The size less the members that this job may have removed while it was read. 0 if
    /// more may be removed before the list is read.
    pub(super) least_size: usize,
    /// The first page was read, and there are others.
    pub(super) has_more_pages: bool,
    /// Requests that have read it.
    pub(super) reads: usize,
    /// Requests that the reading may still take; a part of the budget.
    pub(super) reserved: usize,
}

#[derive(Debug)]
pub(super) enum Phase {
    Aside,
    Splitting,
    /// The room waits until another list was read.
    Blocked,
    Sizing {
        /// Members that may be removed before the list is read.
        removable: usize,
    },
    WaitingForAnswers,
    Reading(Box<ListReader>),
}

#[derive(Debug, Default)]
pub(super) struct Counts {
    /// Requests in flight.
    pub(super) in_flight: usize,
    /// Members that were taken from the plan and are not settled.
    pub(super) unsettled: usize,
}

impl Rooms {
    pub(super) fn new(mode: CheckRoom) -> Self {
        Self {
            mode,
            undecided: HashMap::new(),
            decided: HashSet::new(),
            counts: HashMap::new(),
            budget: ReadingBudget::default(),
            being_read: 0,
            blocked: BTreeSet::new(),
            is_slow: false,
            splitting: VecDeque::new(),
            least_splitting: 0,
            verification: Verification::NotWanted,
        }
    }

    /// Batches that wait here.
    pub(super) fn has_batches(&self) -> bool {
        let mut rooms = self.undecided.values();
        rooms.any(|room| !room.aside.is_empty() || !room.waiting.is_empty())
    }

    /// Takes one of the batches, when nothing more is sent.
    pub(super) fn take_batch(&mut self) -> Option<Batch> {
        loop {
            let number = *self.undecided.keys().next()?;
            let room = self.undecided.get_mut(&number)?;
            let aside = room.aside.pop_front();
            let batch = aside.or_else(|| room.waiting.pop().map(|(_, batch)| batch));
            if batch.is_some() {
                return batch;
            }
            self.undecided.remove(&number);
        }
    }

    pub(super) fn is_held(&self, room: u32) -> bool {
        let phase = self.undecided.get(&room).map(|room| &room.phase);
        phase.is_some_and(|phase| !matches!(phase, Phase::Aside | Phase::Splitting))
    }

    pub(super) fn is_being_read(&self, room: u32) -> bool {
        let open = self.undecided.get(&room);
        open.is_some_and(|open| !matches!(open.phase, Phase::Blocked)) && self.is_held(room)
    }

    /// `is_next`: it is split before the others. The parts of one batch come first: they
    /// show soonest how many members are absent.
    pub(super) fn push_aside(&mut self, room: u32, batch: Batch, is_next: bool) {
        let open = self.undecided.entry(room);
        let open = open.or_insert_with(UndecidedRoom::new);
        let least = least_splitting(batch.members.len());
        open.aside_members += batch.members.len();
        open.least_splitting += least;
        self.least_splitting += least;
        if is_next {
            open.aside.push_front(batch);
        } else {
            open.aside.push_back(batch);
        }
    }

    /// The batch that is split next.
    pub(super) fn pop_aside(&mut self, room: u32) -> Option<Batch> {
        let open = self.undecided.get_mut(&room)?;
        let batch = open.aside.pop_front()?;
        let least = least_splitting(batch.members.len());
        open.aside_members -= batch.members.len();
        open.least_splitting -= least;
        self.least_splitting -= least;
        Some(batch)
    }

    /// The room, which is decided now, without what it has reserved.
    pub(super) fn remove(&mut self, room: u32) -> Option<UndecidedRoom> {
        let open = self.undecided.remove(&room)?;
        self.least_splitting -= open.least_splitting;
        self.budget.release(open.reserved);
        Some(open)
    }

    fn update_counts(&mut self, room: u32, change: impl FnOnce(&mut Counts)) {
        let counts = self.counts.entry(room).or_default();
        change(counts);
        if counts.in_flight == 0 && counts.unsettled == 0 {
            self.counts.remove(&room);
        }
    }
}

impl Engine {
    /// The room of a batch, by its number in the plan; None if rooms are not read.
    pub(super) fn room_of(&self, batch: &Batch) -> Option<u32> {
        let is_used = self.rooms.mode != CheckRoom::Never;
        is_used.then(|| self.planned.room_of(batch.group))
    }

    pub(super) fn track_taken(&mut self, batch: &Batch) {
        if let Some(room) = self.room_of(batch) {
            let members = batch.members.len();
            self.rooms
                .update_counts(room, |counts| counts.unsettled += members);
        }
    }

    pub(super) fn track_start(&mut self, batch: &Batch) {
        if let Some(room) = self.room_of(batch) {
            self.rooms
                .update_counts(room, |counts| counts.in_flight += 1);
        }
    }

    /// Members of this room that were sent and are not settled.
    pub(super) fn unsettled(&self, room: u32) -> usize {
        let counts = self.rooms.counts.get(&room);
        counts.map_or(0, |counts| counts.unsettled)
    }

    pub(super) fn track_answer(&mut self, batch: &Batch) {
        if let Some(room) = self.room_of(batch) {
            self.rooms
                .update_counts(room, |counts| counts.in_flight -= 1);
        }
    }

    pub(super) fn track_settled(&mut self, group: u64, members: usize) {
        if self.rooms.mode != CheckRoom::Never {
            let room = self.planned.room_of(group);
            self.rooms
                .update_counts(room, |counts| counts.unsettled -= members);
            let is_over = !self.rooms.counts.contains_key(&room);
            if is_over && !self.rooms.is_held(room) && self.planned.members_left(room) == 0 {
                self.rooms.remove(room);
            }
        }
    }

    /// Starts to read a room that `--check-room always` wants to be read before its
    /// first request. Returns whether it did.
    pub(super) fn read_before_first_request(&mut self) -> bool {
        let room = match self.planned.next_room() {
            Some(room) if self.rooms.mode == CheckRoom::Always => room,
            _ => return false,
        };
        if self.rooms.decided.contains(&room) {
            return false;
        }
        self.rooms.undecided.insert(room, UndecidedRoom::new());
        self.rooms.being_read += 1;
        self.planned.hold(room);
        self.start_reading(room);
        true
    }

    /// Makes a request the next one, unless its room is held back.
    pub(super) fn make_ready(&mut self, request: Request) {
        match &request {
            Request::Batch(batch) if self.is_batch_held(batch) => {
                self.delay(Duration::ZERO, request);
            }
            _ => self.ready.push_front(request),
        }
    }

    fn is_batch_held(&self, batch: &Batch) -> bool {
        let room = self.room_of(batch);
        room.is_some_and(|room| self.rooms.is_held(room))
    }

    /// Makes a batch ready: at once, or at `due`. If its room is held back, it waits.
    pub(super) fn delay(&mut self, due: Duration, request: Request) {
        let request = match request {
            Request::Batch(batch) if batch.tries.retry_with != RetryWith::NewSignature => {
                let room = self.room_of(&batch);
                match room.filter(|room| self.rooms.is_held(*room)) {
                    Some(room) => {
                        if let Some(open) = self.rooms.undecided.get_mut(&room) {
                            open.waiting.push((due, *batch));
                        }
                        return;
                    }
                    None => Request::Batch(batch),
                }
            }
            other => other,
        };
        self.latest_delayed += 1;
        self.delayed.insert((due, self.latest_delayed), request);
    }

    /// Holds the room back. Its batches that are ready or delayed wait.
    pub(super) fn hold(&mut self, room: u32, phase: Phase) {
        self.rooms.being_read += usize::from(!matches!(phase, Phase::Blocked));
        self.planned.hold(room);
        let (ready, delayed) = (
            std::mem::take(&mut self.ready),
            std::mem::take(&mut self.delayed),
        );
        if let Some(open) = self.rooms.undecided.get_mut(&room) {
            open.phase = phase;
        }
        for request in ready {
            match request {
                Request::Batch(batch)
                    if self.room_of(&batch) == Some(room)
                        && batch.tries.retry_with != RetryWith::NewSignature =>
                {
                    self.delay(Duration::ZERO, Request::Batch(batch));
                }
                other => self.ready.push_back(other),
            }
        }
        for ((due, _), request) in delayed {
            self.delay(due, request);
        }
    }

    pub(super) fn set_phase(&mut self, room: u32, phase: Phase) {
        if let Some(open) = self.rooms.undecided.get_mut(&room) {
            open.phase = phase;
        }
    }

    /// The batches of the room go on, also those that waited.
    pub(super) fn release(&mut self, room: u32, phase: Phase) {
        self.rooms.being_read -= usize::from(self.rooms.is_being_read(room));
        self.set_phase(room, phase);
        self.planned.release(room);
        let waiting = match self.rooms.undecided.get_mut(&room) {
            Some(open) => std::mem::take(&mut open.waiting),
            None => Vec::new(),
        };
        for (due, batch) in waiting {
            self.delay(due, Request::Batch(Box::new(batch)));
        }
    }
}

impl UndecidedRoom {
    fn new() -> Self {
        Self {
            phase: Phase::Aside,
            aside: VecDeque::new(),
            aside_members: 0,
            least_splitting: 0,
            waiting: Vec::new(),
            size: None,
            least_size: 0,
            has_more_pages: false,
            reads: 0,
            reserved: 0,
        }
    }
}
