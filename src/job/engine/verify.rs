//! `--verify`: when every member is settled, the member list of each room is read once
//! more, because a kicked member can join again.
//!
//! The requests are those of `--check-room`: paced, retried and stopped like all others.
//! A name on a list is in the room, also if the list is not complete. Only a complete
//! list shows that nobody else is.

use std::collections::HashMap;

use super::{Engine, Listener, Next};
use crate::api::codes::Class;
use crate::api::queries::{member_page, room_info};
use crate::api::{Answer, Error, QueryAnswer};
use crate::clock::Now;
use crate::job::event::{Event, InRoom, ListCheck};
use crate::job::room_list::{ListReader, ReadCall, RoomRead};

/// Most rooms that are read at the same time: of each, the names are in memory.
const MOST_OPEN: usize = 16;

#[derive(Debug)]
pub(super) enum Verification {
    NotWanted,
    /// It begins when every member is settled.
    Waiting,
    Running {
        /// All members of the plan, by their rooms.
        members: Vec<u32>,
        /// Position of the first member whose room was not begun.
        next: usize,
        /// The rooms that are being read.
        open: HashMap<u32, Box<ListReader>>,
    },
}

impl Engine {
    /// Reads the list of each room once more when every member is settled.
    pub(crate) fn verify_at_end(&mut self) {
        self.rooms.verification = Verification::Waiting;
    }

    pub(super) fn is_verifying(&self) -> bool {
        matches!(self.rooms.verification, Verification::Running { .. })
    }

    /// Every member is settled, and nothing is in flight.
    pub(super) fn verify_or_finish(&mut self, now: Now, listener: &mut Listener<'_>) -> Next {
        match self.rooms.verification {
            Verification::NotWanted => return Next::Finished,
            Verification::Waiting => {
                // The results come first; a later stop is reported again.
                self.report_closing(listener);
                self.is_closing = false;
                self.begin_verification(listener);
            }
            Verification::Running { .. } => {}
        }
        self.open_rooms();
        if self.ready.is_empty() && self.stop.is_none() {
            Next::Finished
        } else {
            Next::Wait(Some(now.mono))
        }
    }

    fn begin_verification(&mut self, listener: &mut Listener<'_>) {
        let members = self.planned.members_by_room();
        self.rooms.verification = Verification::Running {
            members,
            next: 0,
            open: HashMap::new(),
        };
        self.report(listener, &Event::Verifying);
    }

    fn open_rooms(&mut self) {
        while let Verification::Running {
            members,
            next,
            open,
        } = &mut self.rooms.verification
            && open.len() < MOST_OPEN
            && let Some(first) = members.get(*next)
        {
            let room = self.planned.room_of_member(*first);
            let rest = &members[*next..];
            let end = rest.partition_point(|member| self.planned.room_of_member(*member) == room);
            let names = self.planned.index_members(&rest[..end]);
            *next += end;
            let reader = ListReader::new(names, HashMap::new(), None, usize::MAX);
            open.insert(room, Box::new(reader));
            self.request_read(room, ReadCall::Page(String::new()));
        }
    }

    pub(super) fn verify_read_done(
        &mut self,
        read: &RoomRead,
        answer: Answer,
        listener: &mut Listener<'_>,
    ) -> Result<(), Error> {
        let Verification::Running { open, .. } = &mut self.rooms.verification else {
            return Ok(());
        };
        let Some(reader) = open.get_mut(&read.number) else {
            return Ok(());
        };
        let check = match &read.call {
            ReadCall::Page(_) => {
                let QueryAnswer::Data(page) = member_page(answer)? else {
                    return Ok(());
                };
                let next_call = match reader.add(&page, &self.planned) {
                    Ok(Some(next)) => Ok(ReadCall::Page(next)),
                    Ok(None) => Ok(ReadCall::Info),
                    Err(why) => Err(why),
                };
                match next_call {
                    // After a stop, the names of this page still count.
                    Ok(_) if self.stop.is_some() => return Ok(()),
                    Ok(call) => {
                        self.request_read(read.number, call);
                        return Ok(());
                    }
                    Err(why) => ListCheck::NoProof(why),
                }
            }
            ReadCall::Info => {
                let QueryAnswer::Data(info) = room_info(answer)? else {
                    return Ok(());
                };
                match reader.check_complete(&info) {
                    Ok(()) => ListCheck::Complete,
                    Err(why) => ListCheck::NoProof(why),
                }
            }
        };
        self.report_room(read.number, &check, listener);
        Ok(())
    }

    /// A request of the verification has failed for good.
    pub(super) fn verify_read_failed(
        &mut self,
        read: &RoomRead,
        why: String,
        result: &Result<Answer, Error>,
        listener: &mut Listener<'_>,
    ) {
        let is_refused = matches!(result, Ok(answer) if answer.class() == Class::Never);
        let check = if is_refused {
            ListCheck::NoProof(why)
        } else {
            ListCheck::NoAnswer(why)
        };
        self.report_room(read.number, &check, listener);
    }

    /// Reports what is known of a room, and begins with the next one.
    fn report_room(&mut self, room: u32, check: &ListCheck, listener: &mut Listener<'_>) {
        let Verification::Running { open, .. } = &mut self.rooms.verification else {
            return;
        };
        let Some(reader) = open.remove(&room) else {
            return;
        };
        let id = self.planned.room_id(room);
        for part in self.planned.parts_on_list(&reader.planned) {
            let (members, reason) = self.planned.users_and_reason(&part);
            let in_room = InRoom {
                room: id.clone(),
                members,
                reason,
            };
            self.report(listener, &Event::InRoom(&in_room));
        }
        self.report(listener, &Event::RoomVerified(&id, check));
        if self.stop.is_none() {
            self.open_rooms();
        }
    }

    /// After a stop: reports the names that were read so far.
    pub(super) fn end_verification(&mut self, listener: &mut Listener<'_>) {
        while let Verification::Running { open, .. } = &self.rooms.verification
            && let Some(room) = open.keys().next().copied()
        {
            self.report_room(room, &ListCheck::Stopped, listener);
        }
    }
}
