//! When the member list of a room is read with `--check-room auto`.
//!
//! Two questions are asked after each answer. If the list is complete, does it surely
//! save more requests than it takes ([`RoomCost`])? And if it is not, can the job afford
//! to have read it for nothing
//! ([`ReadingBudget`](crate::job::reading_budget::ReadingBudget))?

use super::rooms::Phase;
use super::{Engine, Listener};
use crate::api::codes::NOT_A_MEMBER;
use crate::clock::Now;
use crate::config::CheckRoom;
use crate::job::batch::Batch;
use crate::job::event::Event;
use crate::job::room_list::{ReadCall, RoomCost, pages};
use crate::room::MEMBERS_PER_REQUEST;

/// What is read of a room now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decision {
    /// Nothing. Later answers may show more.
    Nothing,
    /// Nothing until another list was read: the room is held back.
    Wait,
    Size,
    /// One page, and the size after it if it is the only one. The size before it could
    /// not be afforded.
    OnePage,
    List,
}

impl Decision {
    /// Requests that it may take, with the size after the list.
    fn requests(self, size: Option<usize>) -> usize {
        match self {
            Self::Nothing | Self::Wait => 0,
            // How many pages there are is decided when the size is known.
            Self::Size => 1,
            Self::OnePage => 2,
            Self::List => size.map_or(0, |size| pages(size) + 1),
        }
    }
}

/// The size, a page and the size again.
const LEAST_WITH_SIZE: usize = 3;

/// Rooms that are looked at for a batch to split. There may be thousands.
const MOST_LOOKED_AT: usize = 64;

impl Engine {
    /// Puts a batch that was answered 100005 aside, if the list of its room may be
    /// read. Returns it if it is to be split now.
    pub(super) fn put_aside(&mut self, batch: Batch) -> Option<Batch> {
        let room = match self.room_of(&batch) {
            Some(room) if self.rooms.mode == CheckRoom::Auto => room,
            _ => return Some(batch),
        };
        let open = self.rooms.undecided.get(&room);
        let may_read = self.rooms.budget.may_read() || open.is_some();
        if self.stop.is_some() || self.rooms.decided.contains(&room) || !may_read {
            return Some(batch);
        }
        let is_splitting = open.is_some_and(|open| matches!(open.phase, Phase::Splitting));
        let is_part = batch.answered_only_together;
        let batch = self.splits.mark_absent(batch);
        self.rooms.push_aside(room, batch, is_part || is_splitting);
        if is_splitting && !self.read_if_worth(room) {
            return self.rooms.pop_aside(room);
        }
        None
    }

    /// Begins to read the room, if that is worth its requests now.
    fn read_if_worth(&mut self, room: u32) -> bool {
        let decision = self.decide(room);
        let phase = match decision {
            Decision::Nothing => return false,
            Decision::Wait => {
                self.rooms.blocked.insert(room);
                Phase::Blocked
            }
            Decision::Size => Phase::Sizing {
                removable: self.unsettled(room),
            },
            Decision::OnePage | Decision::List => Phase::WaitingForAnswers,
        };
        self.reserve(room, decision);
        self.hold(room, phase);
        if decision == Decision::Size {
            self.request_read(room, ReadCall::Info);
        }
        true
    }

    fn reserve(&mut self, room: u32, decision: Decision) {
        if let Some(open) = self.rooms.undecided.get_mut(&room) {
            let requests = decision.requests(open.size);
            self.rooms.budget.reserve(requests);
            open.reserved += requests;
        }
    }

    fn decide(&mut self, room: u32) -> Decision {
        let cost = self.cost(room);
        let splitting = self.least_requests(room, cost);
        let Some(open) = self.rooms.undecided.get(&room) else {
            return Decision::Nothing;
        };
        let budget = &self.rooms.budget;
        let later = budget.left_later(splitting);
        // Without the size, the shortest list.
        let size = open.size.unwrap_or(1);
        let saved = cost.pages_worth_reading(size).checked_sub(pages(size));
        let is_worth = saved.is_some_and(|saved| saved >= budget.lost());
        let decision = match open.size {
            _ if !is_worth => Decision::Nothing,
            Some(_) => Decision::List,
            None if !cost.is_size_worth_asking() => Decision::Nothing,
            None if later >= LEAST_WITH_SIZE => Decision::Size,
            None if !open.has_more_pages => Decision::OnePage,
            _ => Decision::Nothing,
        };
        let needed = match decision {
            Decision::Size => LEAST_WITH_SIZE,
            other => other.requests(open.size),
        };
        let is_testing = self.rooms.being_read > 0 && budget.is_untested();
        if decision == Decision::Nothing || needed > later || !budget.may_read() {
            Decision::Nothing
        } else if needed > budget.left(splitting) || is_testing {
            if self.rooms.is_slow {
                Decision::Nothing
            } else {
                Decision::Wait
            }
        } else {
            decision
        }
    }

    /// Fewest requests of the whole job without any more lists: those that were sent,
    /// those that wait, and those of splitting.
    fn least_requests(&self, room: u32, cost: RoomCost) -> usize {
        let sent = usize::try_from(self.tally.requests).unwrap_or(usize::MAX);
        let sent = sent - self.rooms.budget.spent();
        let waiting = self.ready.len() + self.delayed.len();
        let planned = self.planned.members_to_take().div_ceil(MEMBERS_PER_REQUEST);
        let more = self.rooms.undecided.get(&room).map_or(0, |open| {
            // Of this room more may be known.
            let absent = open.size.map_or(0, |size| cost.surely_absent(size));
            let group = open.aside.front().map(|batch| batch.group);
            let are_singles = group.is_some_and(|group| self.splits.takes_apart(group));
            let singles = if are_singles { open.aside_members } else { 0 };
            singles.max(absent).saturating_sub(open.least_splitting)
        });
        sent + waiting + planned + self.rooms.least_splitting + more
    }

    pub(super) fn cost(&mut self, room: u32) -> RoomCost {
        let planned = self.planned.members_left(room);
        let Some(open) = self.rooms.undecided.get(&room) else {
            return RoomCost {
                planned,
                ..RoomCost::default()
            };
        };
        let group = open.aside.front().map(|batch| batch.group);
        let expected = group.map_or(0, |group| {
            let (batches, members) = (open.aside.len(), open.aside_members);
            self.splits.expected_requests(group, batches, members)
        });
        RoomCost {
            aside: open.aside.len(),
            aside_members: open.aside_members,
            splitting: open.least_splitting.max(expected),
            planned,
        }
    }

    /// Whether the room may be read with one request more.
    pub(super) fn may_read_on(&mut self, room: u32) -> bool {
        if self.rooms.mode != CheckRoom::Auto {
            return true;
        }
        let cost = self.cost(room);
        let splitting = self.least_requests(room, cost);
        let open = self.rooms.undecided.get(&room);
        open.is_some_and(|open| open.reserved > 0) || self.rooms.budget.left(splitting) > 0
    }

    /// Counts a request that reads this room.
    pub(super) fn track_read(&mut self, room: u32) {
        if self.is_verifying() {
            return;
        }
        self.rooms.budget.spend();
        if let Some(open) = self.rooms.undecided.get_mut(&room) {
            open.reads += 1;
            let of_reserved = open.reserved.min(1);
            open.reserved -= of_reserved;
            self.rooms.budget.release(of_reserved);
        }
    }

    /// Enters the next phase of a room, if an answer about it allows it.
    pub(super) fn continue_room(&mut self, room: u32) {
        if self.stop.is_some() {
            return;
        }
        let Some(open) = self.rooms.undecided.get(&room) else {
            return;
        };
        if matches!(open.phase, Phase::Aside)
            && !self.read_if_worth(room)
            && self.planned.members_left(room) == 0
            && self.is_rest_aside(room)
        {
            self.begin_splitting(room);
        }
        let open = self.rooms.undecided.get(&room);
        let is_waiting = open.is_some_and(|open| matches!(open.phase, Phase::WaitingForAnswers));
        let counts = self.rooms.counts.get(&room);
        if is_waiting && counts.is_none_or(|counts| counts.in_flight == 0) {
            self.start_reading(room);
        }
    }

    /// Whether all unsettled members of the room that were sent are put aside: no
    /// other answer can show that reading is worth it.
    fn is_rest_aside(&self, room: u32) -> bool {
        let aside = self.rooms.undecided.get(&room);
        let aside = aside.map_or(0, |open| open.aside_members);
        let counts = self.rooms.counts.get(&room);
        counts.is_none_or(|counts| counts.unsettled == aside)
    }

    /// The room is not held back any more: its list was read, or will not be read now.
    fn end_reading(&mut self, room: u32) {
        if let Some(open) = self.rooms.undecided.get_mut(&room) {
            self.rooms.budget.release(open.reserved);
            open.reserved = 0;
        }
        self.release(room, Phase::Aside);
    }

    /// Another list was read, or will not be read.
    pub(super) fn continue_blocked(&mut self) {
        self.rooms.is_slow = false;
        self.release_blocked();
    }

    /// A request that reads a list is sent again: no room waits for that.
    pub(super) fn stop_blocking(&mut self) {
        self.rooms.is_slow = true;
        self.release_blocked();
    }

    fn release_blocked(&mut self) {
        for room in std::mem::take(&mut self.rooms.blocked) {
            self.release(room, Phase::Aside);
            self.continue_room(room);
        }
    }

    pub(super) fn use_size(&mut self, room: u32, size: usize, listener: &mut Listener<'_>) {
        if let Some(open) = self.rooms.undecided.get_mut(&room)
            && let Phase::Sizing { removable } = open.phase
        {
            open.size = Some(size);
            open.least_size = size.saturating_sub(removable);
        }
        self.end_reading(room);
        if self.decide(room) == Decision::Nothing {
            let cost = self.cost(room);
            let (needed, members) = (pages(size), cost.planned + cost.aside_members);
            let pages = if needed == 1 { "page is" } else { "pages are" };
            let why = format!(
                "the member list is not read yet: the room has {size} members, and \
                 {needed} {pages} not worth it for {members} members"
            );
            self.note(listener, room, &why);
        }
        self.continue_room(room);
        if !self.rooms.is_held(room)
            && let Some(open) = self.rooms.undecided.get_mut(&room)
        {
            open.least_size = 0;
            self.continue_blocked();
        }
    }

    /// The first page is not the only one, and more were not to be read.
    pub(super) fn put_off_reading(&mut self, room: u32, listener: &mut Listener<'_>) {
        if let Some(open) = self.rooms.undecided.get_mut(&room) {
            open.has_more_pages = true;
        }
        let why = "the member list is not read yet: it has more than one page";
        self.note(listener, room, why);
        self.end_reading(room);
        self.continue_room(room);
        self.continue_blocked();
    }

    pub(super) fn note(&mut self, listener: &mut Listener<'_>, room: u32, what: &str) {
        let text = format!("room {}: {what}", self.planned.room_id(room));
        self.report(listener, &Event::RoomNote(&text));
    }

    /// The list of this room will not be read any more.
    pub(super) fn give_up_reading(&mut self, room: u32) {
        self.rooms.decided.insert(room);
        self.end_reading(room);
        self.begin_splitting(room);
        self.continue_blocked();
    }

    fn begin_splitting(&mut self, room: u32) {
        self.set_phase(room, Phase::Splitting);
        self.rooms.splitting.push_back(room);
    }

    /// Splits the next batch that was put aside, if nothing else is ready. The later it
    /// is split, the more is known of how many are absent.
    pub(super) fn split_next(&mut self, now: Now, listener: &mut Listener<'_>) {
        let mut looked_at = 0;
        while self.ready.is_empty()
            && looked_at < MOST_LOOKED_AT.min(self.rooms.splitting.len())
            && let Some(room) = self.rooms.splitting.pop_front()
        {
            let open = self.rooms.undecided.get(&room);
            let Some(open) = open.filter(|open| matches!(open.phase, Phase::Splitting)) else {
                continue;
            };
            let Some(group) = open.aside.front().map(|batch| batch.group) else {
                if self.rooms.decided.contains(&room) {
                    self.rooms.remove(room);
                }
                continue;
            };
            // Before it is known whether most are absent, few batches are halved.
            let outside = self.unsettled(room) - open.aside_members;
            if outside > 0 && self.splits.will_know_more(group, outside) {
                self.rooms.splitting.push_back(room);
                looked_at += 1;
            } else if let Some(batch) = self.rooms.pop_aside(room) {
                self.rooms.splitting.push_front(room);
                self.split(now, batch, NOT_A_MEMBER, listener);
            }
        }
    }

    /// Splits what was put aside in every room, when nothing else is left to do: a
    /// batch that waits for the result of such a split keeps its room from going on.
    /// Returns whether there was anything.
    pub(super) fn split_all_aside(&mut self) -> bool {
        if !self.rooms.has_batches() {
            return false;
        }
        let rooms: Vec<u32> = self.rooms.undecided.keys().copied().collect();
        for room in rooms {
            self.give_up_reading(room);
        }
        true
    }
}
