//! `--dry-run --check-room always`: the member lists are read as the job would read
//! them before its first request to each room, and show which members of the plan are
//! there. A list that is not complete shows nobody to be absent.

use std::collections::{HashMap, HashSet};
use std::io::Write;

use serde::Serialize;
use serde_json::Value;

use super::listing::reading_options;
use super::options::Options;
use crate::api::JsonObject;
use crate::commands::Context;
use crate::commands::fetch::Fetcher;
use crate::commands::reading::Reading;
use crate::commands::session::Session;
use crate::config::CheckRoom;
use crate::error::{Error, grouped};
use crate::job::{Plan, check_complete, check_names};
use crate::output::Notes;
use crate::room::RoomId;

/// Which members of the plan are in their rooms.
#[derive(Debug, Default)]
pub(super) struct Presence {
    /// In the order of the plan.
    rooms: Vec<RoomPresence>,
    /// Positions in `rooms`.
    by_room: HashMap<String, usize>,
    /// Requests that the lists took: the pages, and the size of each room.
    reads: usize,
}

#[derive(Debug)]
struct RoomPresence {
    room: RoomId,
    counts: RoomCounts,
    /// Members of the plan that are on the list.
    present: HashSet<String>,
    /// Why the list is not complete.
    incomplete: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RoomCounts {
    /// Names on the list.
    listed: usize,
    /// Members of the plan.
    members: usize,
    present: usize,
    absent: usize,
    /// Not on a list that is not complete.
    not_known: usize,
}

/// The keys of the dry run's JSON after those of every plan.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PresenceCounts<'a> {
    present: usize,
    absent: usize,
    not_known: usize,
    member_lists: Vec<RoomJson<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct RoomJson<'a> {
    room_id: &'a str,
    #[serde(flatten)]
    counts: RoomCounts,
    incomplete: Option<&'a str>,
}

impl RoomPresence {
    fn json(&self) -> RoomJson<'_> {
        RoomJson {
            room_id: self.room.as_str(),
            counts: self.counts,
            incomplete: self.incomplete.as_deref(),
        }
    }
}

/// Whether the dry run of these options reads member lists.
pub(super) fn is_wanted(options: &Options) -> bool {
    let is_always = options.limits.check_room.value == CheckRoom::Always;
    // The members of --all are on the lists.
    is_always && options.dry_run && options.everyone.is_none()
}

impl Presence {
    /// Reads the lists of the plan's rooms, if that is wanted. Fails if one cannot be
    /// read.
    pub(super) fn read(
        plan: &Plan,
        options: &Options,
        session: &Session,
        context: &Context,
    ) -> Result<Option<Self>, Error> {
        if !is_wanted(options) {
            return Ok(None);
        }
        let mut presence = Self::default();
        let rooms = plan.rooms_in_order(0);
        let reading = Reading::begin(
            reading_options(options, rooms.len(), None, context),
            context,
        )?;
        let mut fetcher: Option<Fetcher<'_>> = None;
        for members in &rooms {
            let room = RoomId::parse(members.room).expect("a room of the plan");
            let fetcher = match &mut fetcher {
                Some(fetcher) => fetcher,
                none => {
                    let limits = &options.limits;
                    let new = Fetcher::new(room.clone(), session, context)?;
                    let new = new.with_limits(limits.rate.value, limits.retries.value);
                    none.insert(new.for_job(&reading))
                }
            };
            fetcher.go_to(room.clone());
            let read = presence.read_room(room, members.members, plan, fetcher);
            read.map_err(|error| match &rooms[..] {
                [_] => error,
                _ if reading.is_stopped() => error,
                _ => error.about(&format!("room {}", members.room)),
            })?;
        }
        drop(fetcher);
        reading.end()?;
        Ok(Some(presence))
    }

    fn read_room(
        &mut self,
        room: RoomId,
        members: usize,
        plan: &Plan,
        fetcher: &mut Fetcher<'_>,
    ) -> Result<(), Error> {
        let (mut names, mut present) = (HashSet::new(), HashSet::new());
        let (mut is_repeated, mut unusable) = (false, 0);
        let end = fetcher.members(|items: Vec<JsonObject>, others: Vec<Value>| {
            unusable += others.len();
            for item in &items {
                let name = item.get("Member_Account").and_then(Value::as_str);
                let name = name.unwrap_or_default();
                is_repeated |= !names.insert(name.to_owned());
                if plan.has(room.as_str(), name) {
                    present.insert(name.to_owned());
                }
            }
            Ok(true)
        })?;
        let endless = end.endless.map(|why| format!("its pages {why}"));
        let repeated = is_repeated.then(|| "a member is on it twice".to_owned());
        let complete = check_complete(names.len() + unusable, &fetcher.info()?);
        let unclear = check_names(end.nameless).err();
        let incomplete = endless.or(repeated).or(unclear).or(complete.err());
        self.reads += end.pages + 1;
        let rest = members - present.len();
        let (absent, not_known) = match incomplete {
            None => (rest, 0),
            Some(_) => (0, rest),
        };
        let counts = RoomCounts {
            listed: names.len() + unusable,
            members,
            present: present.len(),
            absent,
            not_known,
        };
        self.by_room.insert(room.to_string(), self.rooms.len());
        self.rooms.push(RoomPresence {
            room,
            counts,
            present,
            incomplete,
        });
        Ok(())
    }

    fn of(&self, room: &str) -> Option<&RoomPresence> {
        Some(&self.rooms[*self.by_room.get(room)?])
    }

    /// Whether the list shows that this member of the plan is absent.
    pub(super) fn is_absent(&self, room: &str, user: &str) -> bool {
        let room = self.of(room);
        room.is_some_and(|room| room.incomplete.is_none() && !room.present.contains(user))
    }

    /// Requests of the job, with those that read the lists, if every one succeeds at
    /// the first try. With a list that is not complete there may be more.
    pub(super) fn requests(&self, plan: &Plan) -> usize {
        let is_sent = |room: &str, user: &str| !self.is_absent(room, user);
        self.reads + plan.requests_in_order(is_sent).count()
    }

    fn total(&self, count: impl Fn(&RoomCounts) -> usize) -> usize {
        self.rooms.iter().map(|room| count(&room.counts)).sum()
    }

    pub(super) fn counts(&self) -> PresenceCounts<'_> {
        PresenceCounts {
            present: self.total(|room| room.present),
            absent: self.total(|room| room.absent),
            not_known: self.total(|room| room.not_known),
            member_lists: self.rooms.iter().map(RoomPresence::json).collect(),
        }
    }

    /// What is added to the number of members of a room.
    pub(super) fn room_in_words(&self, room: &str) -> String {
        let Some(room) = self.of(room) else {
            return String::new();
        };
        let [present, absent, not_known] = [
            room.counts.present,
            room.counts.absent,
            room.counts.not_known,
        ]
        .map(grouped);
        match room.incomplete {
            None => format!(", {present} in the room, {absent} absent"),
            Some(_) => format!(", {present} in the room, {not_known} not known"),
        }
    }

    /// The entries of the plan view: labels and values.
    pub(super) fn entries(&self) -> Vec<(&'static str, String)> {
        let [members, present, absent, not_known] = [
            self.total(|room| room.members),
            self.total(|room| room.present),
            self.total(|room| room.absent),
            self.total(|room| room.not_known),
        ];
        let [of, found] = [members, present].map(grouped);
        let mut entries = vec![
            (
                "present",
                format!("{found} of {of} members, by the member lists"),
            ),
            ("absent", grouped(absent)),
        ];
        if not_known > 0 {
            entries.push(("not known", grouped(not_known)));
        }
        let incomplete = self.incomplete();
        entries.extend(incomplete.map(|why| ("incomplete", why)));
        entries
    }

    pub(super) fn requests_in_words(&self, requests: usize) -> String {
        let least = if self.incomplete().is_some() {
            "at least "
        } else {
            ""
        };
        let [requests, reads] = [requests, self.reads].map(grouped);
        format!("{least}{requests} ({reads} to read the lists)")
    }

    /// Which list is not complete, and why.
    fn incomplete(&self) -> Option<String> {
        let mut rooms = self.rooms.iter();
        let first = rooms.find(|room| room.incomplete.is_some())?;
        let more = match rooms.filter(|room| room.incomplete.is_some()).count() {
            0 => String::new(),
            1 => ", nor that of 1 other room".to_owned(),
            more => format!(", nor those of {} other rooms", grouped(more)),
        };
        let why = first.incomplete.as_deref().unwrap_or_default();
        let room = &first.room;
        Some(format!(
            "the member list of room {room} is not complete: {why}{more}"
        ))
    }

    /// Warns of lists that are not complete.
    pub(super) fn report<E: Write>(&self, notes: &mut Notes<E>) {
        if let Some(incomplete) = self.incomplete() {
            notes.warn(&format!(
                "{incomplete}; the job would ask about each member"
            ));
        }
    }
}
