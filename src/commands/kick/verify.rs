//! `--verify`: what the member lists showed after the last answer, and the exit code,
//! message and hints that follow from it.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::path::Path;

use super::plan_view::quoted;
use crate::error::grouped;
use crate::exit::Exit;
use crate::file_name::shell_quoted;
use crate::job::{InRoom, ListCheck, Outcome, Settled};
use crate::output::{VerifiedCounts, plural};
use crate::room::{Action, RoomId, UserId};

/// Names in one message.
const NAMES_SHOWN: usize = 5;

/// Rooms with a warning of their own.
const MOST_WARNINGS: usize = 20;

/// What is known of the rooms of one job.
#[derive(Debug)]
pub(super) struct Verification {
    action: Action,
    rooms: usize,
    has_begun: bool,
    complete: usize,
    /// Rooms whose lists prove nothing.
    no_proof: usize,
    /// Rooms whose lists could not be read, and why not the first.
    no_answer: usize,
    why: Option<String>,
    /// Members that are in their rooms, and the first of them.
    found: u64,
    first: Vec<(RoomId, UserId)>,
    /// The same of the room that is being reported.
    found_here: u64,
    first_here: Vec<UserId>,
    warnings: usize,
    /// Members that were not removed, by a hash, and whether the service refused or the
    /// request was not sent: that they are in their rooms is nothing new.
    not_removed: HashMap<u64, bool>,
    has_refused: bool,
    hasher: RandomState,
}

impl Verification {
    pub(super) fn new(action: Action, rooms: usize) -> Self {
        Self {
            action,
            rooms,
            has_begun: false,
            complete: 0,
            no_proof: 0,
            no_answer: 0,
            why: None,
            found: 0,
            first: Vec::new(),
            found_here: 0,
            first_here: Vec::new(),
            warnings: 0,
            not_removed: HashMap::new(),
            has_refused: false,
            hasher: RandomState::new(),
        }
    }

    pub(super) fn begin(&mut self) {
        self.has_begun = true;
    }

    /// Remembers members without success. `is_listed` is whether they are written to
    /// the file of `--failed-to`.
    pub(super) fn not_removed(&mut self, settled: &Settled, is_listed: bool) {
        let is_known = matches!(settled.outcome, Outcome::Refused | Outcome::Unsent);
        self.has_refused |= is_known;
        if is_known || is_listed {
            for user in &settled.members {
                let hash = self.hasher.hash_one((&settled.room, user));
                self.not_removed.insert(hash, is_known);
            }
        }
    }

    /// Counts members that are in their room. Returns those that `--failed-to` does not
    /// have yet.
    pub(super) fn found(&mut self, found: &InRoom) -> InRoom {
        let mut new = InRoom {
            members: Vec::new(),
            ..found.clone()
        };
        for user in &found.members {
            let hash = self.hasher.hash_one((&found.room, user));
            let known = self.not_removed.get(&hash);
            if known == Some(&true) {
                continue;
            }
            if known.is_none() {
                new.members.push(user.clone());
            }
            self.found += 1;
            self.found_here += 1;
            if self.first.len() < NAMES_SHOWN {
                self.first.push((found.room.clone(), user.clone()));
            }
            if self.first_here.len() < NAMES_SHOWN {
                self.first_here.push(user.clone());
            }
        }
        new
    }

    /// Counts a room that was read. Returns the warnings about it.
    pub(super) fn add_room(&mut self, room: &RoomId, check: &ListCheck) -> Vec<String> {
        let mut warnings = Vec::new();
        let found = std::mem::take(&mut self.found_here);
        let first: Vec<UserId> = std::mem::take(&mut self.first_here);
        if found > 0 {
            let names = first.iter().map(|user| quoted(user.as_str()));
            let names = with_rest(&names.collect::<Vec<_>>(), found);
            let members = members_are(found);
            warnings.push(format!("{members} in it after the last answer: {names}"));
        }
        match check {
            ListCheck::Complete => self.complete += 1,
            ListCheck::NoProof(why) => {
                self.no_proof += 1;
                warnings.push(format!(
                    "not verified: the member list proves nothing: {why}"
                ));
            }
            ListCheck::NoAnswer(why) => {
                self.no_answer += 1;
                self.why.get_or_insert_with(|| why.clone());
                warnings.push(format!("not verified: {why}"));
            }
            ListCheck::Stopped => {}
        }
        if warnings.is_empty() || self.warnings == MOST_WARNINGS {
            return Vec::new();
        }
        self.warnings += 1;
        let in_room = |warning| format!("room {}: {warning}", quoted(room.as_str()));
        warnings.into_iter().map(in_room).collect()
    }

    pub(super) fn counts(&self) -> VerifiedCounts {
        VerifiedCounts {
            in_room: self.found,
            rooms: self.complete as u64,
            not_verified: (self.rooms - self.complete) as u64,
        }
    }

    /// The exit code of the job, whose own is this one. If several apply, the first of
    /// 7, 129/130/143, 4, 5, 6, 1 wins. A list that proves nothing changes nothing: another
    /// run would read the same.
    pub(super) fn exit(&self, own: Exit) -> Exit {
        match own {
            Exit::Done | Exit::Refused | Exit::Partial if self.no_answer > 0 => Exit::Unreachable,
            Exit::Done | Exit::Refused if self.found > 0 => Exit::Partial,
            own => own,
        }
    }

    /// Whether another run may verify more.
    pub(super) fn is_open(&self) -> bool {
        self.no_answer > 0 || self.rooms > self.complete + self.no_proof
    }

    /// What the error at the end says. None if there is nothing to say.
    pub(super) fn message(&self) -> Option<String> {
        let mut parts = Vec::new();
        if self.found > 0 {
            let name = |(room, user): &(RoomId, UserId)| {
                let (user, room) = (quoted(user.as_str()), quoted(room.as_str()));
                format!("{user} (room {room})")
            };
            let names: Vec<String> = self.first.iter().map(name).collect();
            parts.push(format!(
                "{} in the room after the last answer: {}",
                members_are(self.found),
                with_rest(&names, self.found)
            ));
        }
        if let Some(why) = &self.why {
            let lists = plural(self.no_answer, "member list", "member lists");
            parts.push(format!("{lists} could not be read: {why}"));
        }
        let not_read = self.rooms - self.complete - self.no_proof - self.no_answer;
        if not_read > 0 && self.has_begun {
            let verb = if not_read == 1 { "was" } else { "were" };
            let [not_read, rooms] = [not_read, self.rooms].map(grouped);
            parts.push(format!("{not_read} of {rooms} rooms {verb} not verified"));
        } else if not_read > 0 {
            parts.push("no room was verified".to_owned());
        }
        (!parts.is_empty()).then(|| parts.join("; "))
    }

    /// What the end says if no member is in its room, also none that was refused.
    pub(super) fn note(&self) -> Option<String> {
        if self.complete < self.rooms || self.found > 0 || self.has_refused {
            return None;
        }
        let done = self.action.success_word();
        let rooms = plural(self.rooms, "room", "rooms");
        Some(format!(
            "verified: no {done} or absent member is in the room ({rooms} read)"
        ))
    }

    /// What the end says of rooms that are not verified, besides their own warnings.
    pub(super) fn closing_warning(&self) -> Option<String> {
        let (not, all) = (self.rooms - self.complete, self.rooms);
        if not == 0 {
            None
        } else if self.has_begun {
            let verb = if not == 1 { "is" } else { "are" };
            let [not, all] = [not, all].map(grouped);
            Some(format!("{not} of {all} rooms {verb} not verified"))
        } else {
            Some("no room was verified, because the job was stopped".to_owned())
        }
    }

    /// How to keep members out that were found. `failed_to` is the file of
    /// `--failed-to`.
    pub(super) fn hints(&self, failed_to: Option<&Path>) -> Vec<String> {
        let Some((room, user)) = self.first.first() else {
            return Vec::new();
        };
        let [room, user] = [room.as_str(), user.as_str()].map(shell_quoted);
        let is_kick = self.action == Action::Kick;
        let command = match (failed_to, is_kick) {
            (Some(file), true) => {
                format!("roomctl ban --from {} --for 24h", shell_quoted(file))
            }
            (Some(file), false) => format!("roomctl kick --from {}", shell_quoted(file)),
            (None, true) if self.found == 1 => {
                format!("roomctl ban --room {room} --user {user} --for 24h --reason TEXT")
            }
            (None, false) if self.found == 1 => {
                format!("roomctl kick --room {room} --user {user} --reason TEXT")
            }
            (None, true) => "roomctl ban --from FILE --for 24h".to_owned(),
            (None, false) => "roomctl kick --from FILE".to_owned(),
        };
        let list = if failed_to.is_none() && self.found > 1 {
            "run it again with --failed-to FILE, then: "
        } else {
            ""
        };
        if is_kick {
            let why = "a kicked member can join again; to keep them out";
            return vec![format!("{why}: {list}{command}")];
        }
        vec![
            format!("a list of the bans: roomctl bans --room {room}"),
            format!("to remove them: {list}{command}"),
        ]
    }
}

fn members_are(count: u64) -> String {
    let verb = if count == 1 {
        "member of this job is"
    } else {
        "members of this job are"
    };
    format!("{} {verb}", grouped(count))
}

/// The names, and how many there are besides them.
fn with_rest(names: &[String], all: u64) -> String {
    match all - names.len() as u64 {
        0 => names.join(", "),
        rest => format!("{} and {} more", names.join(", "), grouped(rest)),
    }
}
