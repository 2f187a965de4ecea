//! Reads the member list of a room. Members that are not on it are settled without a
//! request; a list that cannot be trusted is not used.

use std::time::Duration;

use super::answers::why;
use super::rooms::{Phase, UndecidedRoom};
use super::{Engine, Listener};
use crate::api::codes::NOT_A_MEMBER;
use crate::api::queries::{member_page, room_info};
use crate::api::{Answer, Error, QueryAnswer};
use crate::clock::Now;
use crate::config::CheckRoom;
use crate::job::batch::{Batch, Tries};
use crate::job::outcome::{LastAnswer, Outcome};
use crate::job::room_list::{
    ListReader, ReadCall, Request, RoomRead, counted, member_count, too_short,
};
use crate::room::UserId;

/// What results show for a member that is not on the list.
const NOT_ON_LIST: &str = "not in the room's member list";

impl Engine {
    pub(super) fn request_read(&mut self, room: u32, call: ReadCall) {
        self.ready.push_back(Request::Read(RoomRead {
            room: self.planned.room_id(room),
            call,
            tries: Tries::NONE,
            number: room,
        }));
    }

    pub(super) fn start_reading(&mut self, room: u32) {
        let cost = self.cost(room);
        let planned = self.planned.index_untaken(room);
        let Some(open) = self.rooms.undecided.get_mut(&room) else {
            return;
        };
        let waiting = open.waiting.iter().map(|(_, batch)| batch);
        let sent = open.aside.iter().chain(waiting);
        let sent = sent.flat_map(|batch| &batch.members);
        let sent = sent.map(|user| (user.clone(), false)).collect();
        let most_pages = open
            .size
            .map_or(usize::MAX, |size| cost.pages_worth_reading(size));
        let reader = ListReader::new(planned, sent, open.size, most_pages);
        open.phase = Phase::Reading(Box::new(reader));
        self.request_read(room, ReadCall::Page(String::new()));
    }

    /// The answer to a request that reads a room. After a stop it changes nothing.
    pub(super) fn use_read_answer(
        &mut self,
        now: Now,
        read: &RoomRead,
        answer: Answer,
        listener: &mut Listener<'_>,
    ) -> Result<(), Error> {
        if self.is_verifying() {
            return self.verify_read_done(read, answer, listener);
        }
        let (room, is_auto) = (read.number, self.rooms.mode == CheckRoom::Auto);
        let Some(open) = self
            .rooms
            .undecided
            .get_mut(&room)
            .filter(|_| self.stop.is_none())
        else {
            return Ok(());
        };
        match (&read.call, &mut open.phase) {
            (ReadCall::Page(_), Phase::Reading(reader)) => {
                let QueryAnswer::Data(page) = member_page(answer)? else {
                    return Ok(());
                };
                let added = reader.add(&page, &self.planned);
                match reader.check_pages().and(added) {
                    Ok(Some(_)) if is_auto && open.size.is_none() => {
                        self.put_off_reading(room, listener);
                    }
                    Ok(Some(next)) => self.read_page(room, next, listener),
                    Ok(None) => self.read_size_after(room, listener),
                    Err(why) => self.do_without_list(room, &why, listener),
                }
            }
            (ReadCall::Info, phase) => {
                let QueryAnswer::Data(info) = room_info(answer)? else {
                    return Ok(());
                };
                if let Phase::Reading(reader) = phase {
                    match reader.check_complete(&info) {
                        Ok(()) => self.use_list(now, room, listener),
                        Err(why) => self.do_without_list(room, &why, listener),
                    }
                } else if let Some(size) = member_count(&info) {
                    self.use_size(room, size, listener);
                } else {
                    let why = "the service does not say how many members the room has";
                    self.do_without_list(room, why, listener);
                }
            }
            (ReadCall::Page(_), _) => {}
        }
        Ok(())
    }

    fn read_page(&mut self, room: u32, next: String, listener: &mut Listener<'_>) {
        if self.may_read_on(room) {
            self.request_read(room, ReadCall::Page(next));
        } else {
            let why = "its pages do not end, and more of them would cost more than they save";
            self.do_without_list(room, why, listener);
        }
    }

    /// Asks for the number of members after the last page.
    fn read_size_after(&mut self, room: u32, listener: &mut Listener<'_>) {
        let Some(UndecidedRoom {
            phase: Phase::Reading(reader),
            size,
            least_size,
            ..
        }) = self.rooms.undecided.get(&room)
        else {
            return;
        };
        let short = size.filter(|_| reader.is_far_too_short(*least_size));
        let short = short.map(|size| too_short(reader.count(), size));
        match short {
            Some(why) => self.do_without_list(room, &why, listener),
            None if !self.may_read_on(room) => {
                let why = "to check it would cost more than it saves";
                self.do_without_list(room, why, listener);
            }
            None => self.request_read(room, ReadCall::Info),
        }
    }

    /// A request that reads the room has failed for good.
    pub(super) fn read_failed(
        &mut self,
        read: &RoomRead,
        result: &Result<Answer, Error>,
        listener: &mut Listener<'_>,
    ) {
        if self.stop.is_some() {
            return;
        }
        let why = format!("{}: {}", read.call.name(), why(result));
        if self.is_verifying() {
            self.verify_read_failed(read, why, result, listener);
        } else {
            self.do_without_list(read.number, &why, listener);
        }
    }

    /// The list is complete: members that are not on it are absent.
    fn use_list(&mut self, now: Now, room: u32, listener: &mut Listener<'_>) {
        self.rooms.decided.insert(room);
        self.rooms.being_read -= usize::from(self.rooms.is_being_read(room));
        let Some(UndecidedRoom {
            phase: Phase::Reading(reader),
            aside,
            waiting,
            least_splitting,
            ..
        }) = self.rooms.remove(room)
        else {
            return;
        };
        self.rooms
            .budget
            .add_complete(reader.saved(&aside, least_splitting));
        let names = reader.count();
        self.note(
            listener,
            room,
            &format!(
                "the member list is complete, with {}",
                counted(names, "name")
            ),
        );
        self.planned.divide(room, &reader.planned);
        self.planned.release(room);
        // If a member of one such batch is still in the room, the service removes
        // nobody with such an answer.
        let mut answered = aside.iter().flat_map(|batch| &batch.members);
        if answered.any(|user| reader.has_sent(user)) {
            for batch in &aside {
                self.splits.mark_atomic(batch);
            }
        }
        // A batch with a new signature may have started after the reading did: the list
        // says nothing about its members.
        let (aside, unread): (Vec<_>, Vec<_>) = aside
            .into_iter()
            .partition(|batch| reader.knows_sent(batch));
        for batch in unread {
            self.split(now, batch, NOT_A_MEMBER, listener);
        }
        let aside = aside.into_iter().map(|batch| (Duration::ZERO, batch));
        for (due, batch) in aside.chain(waiting) {
            if !reader.knows_sent(&batch) {
                self.delay(due, Request::Batch(Box::new(batch)));
                continue;
            }
            let (listed, unlisted) = divided(&batch, &reader);
            if let Some(mut batch) = listed {
                if batch.got_absent_answer {
                    batch.tries = Tries::NONE;
                }
                self.delay(due, Request::Batch(Box::new(batch)));
            }
            if let Some(batch) = unlisted {
                self.settle_unlisted(now, batch, listener);
            }
        }
        self.continue_blocked();
    }

    /// Settles members that are not on the list of their room.
    pub(super) fn settle_unlisted(
        &mut self,
        now: Now,
        mut batch: Batch,
        listener: &mut Listener<'_>,
    ) {
        let outcome = if batch.in_doubt {
            Outcome::Gone
        } else {
            Outcome::Absent
        };
        batch.last_answer = Some(LastAnswer::NoAnswer(NOT_ON_LIST.into()));
        self.settle(now, batch, outcome, listener);
    }

    /// The list cannot be trusted, or is not worth its requests.
    fn do_without_list(&mut self, room: u32, why: &str, listener: &mut Listener<'_>) {
        let reads = self.rooms.undecided.get(&room).map_or(0, |open| open.reads);
        self.rooms.budget.add_untrusted(reads);
        self.note(
            listener,
            room,
            &format!("the member list is not used: {why}"),
        );
        self.give_up_reading(room);
    }
}

/// Those of a batch that are on the list, and those that are not.
fn divided(batch: &Batch, reader: &ListReader) -> (Option<Batch>, Option<Batch>) {
    let members = batch.members.iter().cloned();
    let (listed, unlisted): (Vec<_>, Vec<_>) = members.partition(|user| reader.has_sent(user));
    let part = |members: Vec<UserId>, on_list| {
        (!members.is_empty()).then(|| Batch {
            members,
            on_list: Some(on_list),
            ..batch.clone()
        })
    };
    (part(listed, true), part(unlisted, false))
}
