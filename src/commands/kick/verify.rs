//! `--verify`: what the member lists showed after the last answer, and the exit code,
//! message and hints that follow from it.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::path::Path;

use super::plan_words::quoted;
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
pub(super) struct VerifiedRooms {
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
    /// Members that `--failed-to` has by their outcomes, by a hash, and whether they are
    /// in their rooms.
    listed: HashMap<u64, bool>,
    has_refused: bool,
    hasher: RandomState,
}

/// What is known of one room, as warnings.
#[derive(Debug, Default)]
pub(super) struct RoomWarnings {
    pub(super) in_room: Option<String>,
    /// Without it, success would say too much.
    pub(super) not_verified: Option<String>,
}

impl VerifiedRooms {
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
            listed: HashMap::new(),
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
        self.has_refused |= matches!(settled.outcome, Outcome::Refused | Outcome::Unsent);
        if is_listed {
            for user in &settled.members {
                let hash = self.hash(settled.room.as_str(), user.as_str());
                self.listed.insert(hash, false);
            }
        }
    }

    fn hash(&self, room: &str, user: &str) -> u64 {
        self.hasher.hash_one((room, user))
    }

    /// Counts members that are in their room. Returns those that `--failed-to` does not
    /// have yet.
    pub(super) fn found(&mut self, found: &InRoom) -> InRoom {
        let mut new = InRoom {
            members: Vec::new(),
            ..found.clone()
        };
        for user in &found.members {
            let hash = self.hash(found.room.as_str(), user.as_str());
            match self.listed.get_mut(&hash) {
                Some(is_in_room) => *is_in_room = true,
                None => new.members.push(user.clone()),
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

    /// Whether lines that `--failed-to` has already are about members in their rooms.
    pub(super) fn has_marks(&self) -> bool {
        self.listed.values().any(|is_in_room| *is_in_room)
    }

    /// Whether a member that `--failed-to` has already is in its room.
    pub(super) fn is_marked(&self, room: &str, user: &str) -> bool {
        self.listed.get(&self.hash(room, user)) == Some(&true)
    }

    /// Counts a room that was read. Returns the warnings about it.
    pub(super) fn add_room(&mut self, room: &RoomId, check: &ListCheck) -> RoomWarnings {
        let mut warnings = RoomWarnings::default();
        let place = format!("room {}", quoted(room.as_str()));
        let found = std::mem::take(&mut self.found_here);
        let first: Vec<UserId> = std::mem::take(&mut self.first_here);
        if found > 0 {
            let names = first.iter().map(|user| quoted(user.as_str()));
            let names = with_rest(&names.collect::<Vec<_>>(), found);
            let members = members_are(found);
            let text = format!("{place}: {members} in it after the last answer: {names}");
            warnings.in_room = Some(text);
        }
        match check {
            ListCheck::Complete => self.complete += 1,
            ListCheck::NoProof(why) => {
                self.no_proof += 1;
                warnings.not_verified = Some(format!(
                    "{place}: not verified: the member list proves nothing: {}",
                    of_list(why)
                ));
            }
            ListCheck::NoAnswer(why) => {
                self.no_answer += 1;
                let why = of_list(why);
                warnings.not_verified = Some(format!("{place}: not verified: {why}"));
                self.why.get_or_insert(why);
            }
            ListCheck::Stopped => {}
        }
        if self.warnings == MOST_WARNINGS {
            return RoomWarnings::default();
        }
        let has_any = warnings.in_room.is_some() || warnings.not_verified.is_some();
        self.warnings += usize::from(has_any);
        warnings
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
        let not_verified = self.rooms - self.complete;
        if not_verified > self.no_answer && self.has_begun {
            parts.push(self.not_verified_in_words(["was", "were"]));
        } else if not_verified > self.no_answer {
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
        if self.rooms == self.complete {
            None
        } else if self.has_begun {
            Some(self.not_verified_in_words(["is", "are"]))
        } else {
            Some("no room was verified, because the job was stopped".to_owned())
        }
    }

    /// `2 of 3 rooms were not verified`, with the verb for one and for several.
    fn not_verified_in_words(&self, [is, are]: [&str; 2]) -> String {
        let (not, all) = (self.rooms - self.complete, self.rooms);
        if all == 1 {
            return format!("the room {is} not verified");
        }
        let verb = if not == 1 { is } else { are };
        let [not, all] = [not, all].map(grouped);
        format!("{not} of {all} rooms {verb} not verified")
    }

    /// How to keep members out that were found, and nobody else. `failed_to` is the file
    /// of `--failed-to`.
    pub(super) fn hints(&self, failed_to: Option<&Path>) -> Vec<String> {
        let Some((room, _)) = self.first.first() else {
            return Vec::new();
        };
        let commands = self.commands(failed_to.filter(|path| path.is_file()));
        if self.action == Action::Kick {
            let why = "a kicked member can join again; to keep them out";
            return vec![format!("{why}: {}", commands.join("; "))];
        }
        let room = shell_quoted(room.as_str());
        vec![
            format!("a list of the bans: roomctl bans --room {room}"),
            format!("to remove them: {}", commands.join("; ")),
        ]
    }

    /// Commands for exactly the members that were found.
    fn commands(&self, failed_to: Option<&Path>) -> Vec<String> {
        let (verb, length) = match self.action {
            Action::Kick => ("ban", " --for 24h"),
            Action::Ban | Action::Unban => ("kick", ""),
        };
        let is_exact = self.listed.values().all(|is_in_room| *is_in_room);
        let select = |file: &str| {
            format!("jq -c 'select(.InRoom)' {file} | roomctl {verb} --from -{length}")
        };
        match failed_to.map(shell_quoted) {
            Some(file) if is_exact => vec![format!("roomctl {verb} --from {file}{length}")],
            _ if self.found <= NAMES_SHOWN as u64 => {
                let rooms = self.first.chunk_by(|(one, _), (other, _)| one == other);
                let command = |members: &[(RoomId, UserId)]| {
                    let room = shell_quoted(members[0].0.as_str());
                    let user = |(_, user): &(RoomId, UserId)| {
                        format!(" --user {}", shell_quoted(user.as_str()))
                    };
                    let users: String = members.iter().map(user).collect();
                    format!("roomctl {verb} --room {room}{users}{length} --reason TEXT")
                };
                rooms.map(command).collect()
            }
            Some(file) => vec![select(&file)],
            None => vec![
                "run it again with --failed-to FILE".to_owned(),
                select("FILE"),
            ],
        }
    }
}

/// The service's codes are described for members. This one is about the list.
fn of_list(why: &str) -> String {
    why.replace("permission for this member", "permission to read the list")
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
