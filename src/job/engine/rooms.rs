//! Reads the member list of a room, when that is worth its requests, so that absent
//! members need no request.
//!
//! A room goes through these phases. In the middle ones it is held back: none of its
//! batches starts, so that nothing of this job changes the list while it is read.
//!
//! 1. `Aside`: batches answered 100005 are put aside; others go on. Skipped with
//!    `--check-room always`.
//! 2. `Sizing`: `get_room_info` is asked for the number of members.
//! 3. `Draining`: the room's requests in flight finish.
//! 4. `Reading`: the pages of the list, and after it the number of members again.
//! 5. Decided: members on the list are sent, the others are absent. Or the list is not
//!    trusted, and the batches that were put aside are split.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::verify::Verification;
use super::{Engine, Listener};
use crate::api::codes::NOT_A_MEMBER;
use crate::clock::Now;
use crate::config::CheckRoom;
use crate::job::batch::{Batch, RetryWith};
use crate::job::event::Event;
use crate::job::room_list::{ListReader, ReadCall, Request, RoomCost, least_splitting, pages};

/// After so many lists in a row that could not be trusted, `auto` reads no more: the
/// service does not seem to list rooms completely.
const MOST_UNTRUSTED: u32 = 3;

/// The rooms of a job.
#[derive(Debug)]
pub(super) struct Rooms {
    mode: CheckRoom,
    pub(super) undecided: HashMap<u32, UndecidedRoom>,
    /// Rooms whose list was used, or will not be used.
    pub(super) decided: HashSet<u32>,
    /// Of rooms with members that were taken from the plan and are not settled.
    counts: HashMap<u32, Counts>,
    /// Lists since the last one that could be trusted.
    pub(super) untrusted_lists: u32,
    pub(super) verification: Verification,
}

/// A room whose list may still be used.
#[derive(Debug)]
pub(super) struct UndecidedRoom {
    pub(super) phase: Phase,
    /// Batches answered 100005.
    pub(super) aside: Vec<Batch>,
    /// Batches that became ready while the room was held back, and when they are due.
    pub(super) waiting: Vec<(Duration, Batch)>,
    /// The number of members, once it was asked for.
    pub(super) size: Option<usize>,
}

#[derive(Debug)]
pub(super) enum Phase {
    Aside,
    Sizing,
    Draining,
    Reading(Box<ListReader>),
}

#[derive(Debug, Default)]
struct Counts {
    /// Requests in flight.
    in_flight: usize,
    /// Members that were taken from the plan and are not settled.
    unsettled: usize,
}

impl Rooms {
    pub(super) fn new(mode: CheckRoom) -> Self {
        Self {
            mode,
            undecided: HashMap::new(),
            decided: HashSet::new(),
            counts: HashMap::new(),
            untrusted_lists: 0,
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
            let aside = room.aside.pop();
            let batch = aside.or_else(|| room.waiting.pop().map(|(_, batch)| batch));
            if batch.is_some() {
                return batch;
            }
            self.undecided.remove(&number);
        }
    }

    fn is_held(&self, room: u32) -> bool {
        let phase = self.undecided.get(&room).map(|room| &room.phase);
        phase.is_some_and(|phase| !matches!(phase, Phase::Aside))
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
    fn room_of(&self, batch: &Batch) -> Option<u32> {
        let is_used = self.rooms.mode != CheckRoom::Never;
        is_used.then(|| self.planned.room_of(batch.group))
    }

    pub(super) fn count_taken(&mut self, batch: &Batch) {
        if let Some(room) = self.room_of(batch) {
            let members = batch.members.len();
            self.rooms
                .update_counts(room, |counts| counts.unsettled += members);
        }
    }

    pub(super) fn count_start(&mut self, batch: &Batch) {
        if let Some(room) = self.room_of(batch) {
            self.rooms
                .update_counts(room, |counts| counts.in_flight += 1);
        }
    }

    pub(super) fn count_answer(&mut self, batch: &Batch) {
        if let Some(room) = self.room_of(batch) {
            self.rooms
                .update_counts(room, |counts| counts.in_flight -= 1);
        }
    }

    pub(super) fn count_settled(&mut self, group: u64, members: usize) {
        if self.rooms.mode != CheckRoom::Never {
            let room = self.planned.room_of(group);
            self.rooms
                .update_counts(room, |counts| counts.unsettled -= members);
        }
    }

    /// Puts a batch that was answered 100005 aside, if the list of its room may be
    /// read. Returns it if it is to be split now.
    pub(super) fn put_aside(&mut self, batch: Batch) -> Option<Batch> {
        let room = match self.room_of(&batch) {
            Some(room) if self.rooms.mode == CheckRoom::Auto => room,
            _ => return Some(batch),
        };
        let is_open = self.rooms.undecided.contains_key(&room);
        let may_read = self.rooms.untrusted_lists < MOST_UNTRUSTED;
        if self.stop.is_some() || self.rooms.decided.contains(&room) || !(is_open || may_read) {
            return Some(batch);
        }
        let batch = self.splits.mark_absent(batch);
        let open = self
            .rooms
            .undecided
            .entry(room)
            .or_insert_with(UndecidedRoom::new);
        open.aside.push(batch);
        None
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

    /// Enters the next phase of a room, if an answer about this group allows it.
    pub(super) fn continue_room(&mut self, now: Now, group: u64, listener: &mut Listener<'_>) {
        if self.rooms.undecided.is_empty() || self.stop.is_some() {
            return;
        }
        let room = self.planned.room_of(group);
        let Some(open) = self.rooms.undecided.get(&room) else {
            return;
        };
        let size = open.size;
        if matches!(open.phase, Phase::Aside) {
            let cost = self.cost(room);
            let is_read = |size| pages(size) <= cost.pages_worth_reading(size);
            match size {
                None if cost.is_size_worth_asking() => {
                    self.hold(room, Phase::Sizing);
                    self.request_read(room, ReadCall::Info);
                }
                Some(size) if is_read(size) => self.hold(room, Phase::Draining),
                _ if cost.planned == 0 && self.is_rest_aside(room) => {
                    self.split_aside(now, room, listener);
                }
                _ => {}
            }
        }
        let open = self.rooms.undecided.get(&room);
        let is_draining = open.is_some_and(|open| matches!(open.phase, Phase::Draining));
        let counts = self.rooms.counts.get(&room);
        if is_draining && counts.is_none_or(|counts| counts.in_flight == 0) {
            self.start_reading(room);
        }
    }

    pub(super) fn cost(&mut self, room: u32) -> RoomCost {
        let planned = self.planned.members_left(room);
        let aside = self.rooms.undecided.get(&room).map(|open| &open.aside);
        let aside = aside.into_iter().flatten();
        let cost = RoomCost {
            planned,
            ..RoomCost::default()
        };
        aside.fold(cost, |cost, batch| RoomCost {
            aside: cost.aside + 1,
            aside_members: cost.aside_members + batch.members.len(),
            splitting: cost.splitting + least_splitting(batch.members.len()),
            ..cost
        })
    }

    /// Whether all unsettled members of the room that were sent are put aside: no
    /// other answer can show that reading is worth it.
    fn is_rest_aside(&self, room: u32) -> bool {
        let open = self.rooms.undecided.get(&room);
        let aside = open.map_or(0, |open| {
            open.aside.iter().map(|batch| batch.members.len()).sum()
        });
        let counts = self.rooms.counts.get(&room);
        counts.is_none_or(|counts| counts.unsettled == aside)
    }

    /// Holds the room back. Its batches that are ready or delayed wait.
    fn hold(&mut self, room: u32, phase: Phase) {
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

    pub(super) fn use_size(
        &mut self,
        now: Now,
        room: u32,
        size: usize,
        listener: &mut Listener<'_>,
    ) {
        let cost = self.cost(room);
        let (needed, worth) = (pages(size), cost.pages_worth_reading(size));
        if needed <= worth {
            self.set_phase(room, Phase::Draining);
        } else {
            self.note(
                listener,
                room,
                &format!(
                    "the member list is not read yet: the room has {size} members, and \
                     {needed} pages are not worth it for {} members",
                    cost.planned + cost.aside_members
                ),
            );
            self.set_phase(room, Phase::Aside);
            self.release(room);
        }
        let group = self
            .rooms
            .undecided
            .get(&room)
            .and_then(|open| open.aside.first());
        if let Some(group) = group.map(|batch| batch.group) {
            self.continue_room(now, group, listener);
        }
    }

    fn set_phase(&mut self, room: u32, phase: Phase) {
        if let Some(open) = self.rooms.undecided.get_mut(&room) {
            open.phase = phase;
        }
    }

    pub(super) fn note(&mut self, listener: &mut Listener<'_>, room: u32, what: &str) {
        let text = format!("room {}: {what}", self.planned.room_id(room));
        self.report(listener, &Event::RoomNote(&text));
    }

    /// The batches of the room go on, also those that waited.
    fn release(&mut self, room: u32) {
        self.planned.release(room);
        let waiting = match self.rooms.undecided.get_mut(&room) {
            Some(open) => std::mem::take(&mut open.waiting),
            None => Vec::new(),
        };
        for (due, batch) in waiting {
            self.delay(due, Request::Batch(Box::new(batch)));
        }
    }

    /// Splits what was put aside in every room, when nothing else is left to do: a
    /// batch that waits for the result of such a split keeps its room from going on.
    /// Returns whether there was anything.
    pub(super) fn split_all_aside(&mut self, now: Now, listener: &mut Listener<'_>) -> bool {
        let rooms: Vec<u32> = self.rooms.undecided.keys().copied().collect();
        for room in &rooms {
            self.split_aside(now, *room, listener);
        }
        !rooms.is_empty()
    }

    pub(super) fn split_aside(&mut self, now: Now, room: u32, listener: &mut Listener<'_>) {
        self.rooms.decided.insert(room);
        self.set_phase(room, Phase::Aside);
        self.release(room);
        let open = self.rooms.undecided.remove(&room);
        for batch in open.into_iter().flat_map(|open| open.aside) {
            self.split(now, batch, NOT_A_MEMBER, listener);
        }
    }
}

impl UndecidedRoom {
    fn new() -> Self {
        Self {
            phase: Phase::Aside,
            aside: Vec::new(),
            waiting: Vec::new(),
            size: None,
        }
    }
}
