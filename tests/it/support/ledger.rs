//! What a journal, a sandbox's log and printed results say of each member, to
//! be held against each other.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

/// A room and somebody in it.
pub(crate) type Member = (String, String);

/// Everybody that a line names, of whichever of the three.
pub(crate) fn members(line: &Value) -> Vec<Member> {
    let room = line["RoomId"].as_str().unwrap_or_default();
    let names = line["MemberList_Account"].as_array().into_iter().flatten();
    let names = names.filter_map(Value::as_str);
    names.map(|name| (room.into(), name.into())).collect()
}

/// A journal as it stands, an unfinished last line left out.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    /// How many records it has.
    pub(crate) records: usize,
    /// How many outcomes of members.
    pub(crate) outcomes: usize,
    /// Members asked about again because a run died before it knew.
    pub(crate) orphans: usize,
    /// The latest outcome of each member since the latest intent.
    pub(crate) latest: HashMap<Member, String>,
    /// How often each was meant to be asked about.
    pub(crate) intents: HashMap<Member, usize>,
    /// Settled, and meant to be asked about again all the same.
    pub(crate) repeated: Vec<Member>,
    /// Meant to be asked about, and no outcome yet.
    pending: HashSet<Member>,
}

impl Journal {
    /// Nothing where there is no file.
    pub(crate) fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_default();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        let mut journal = Self::default();
        for line in whole.lines() {
            let line: Value = serde_json::from_str(line).expect("a line of JSON");
            journal.records += 1;
            journal.take_in(&line);
        }
        journal
    }

    fn take_in(&mut self, line: &Value) {
        let outcome = line["Outcome"].as_str();
        for member in members(line) {
            if let Some(outcome) = outcome {
                self.latest.insert(member.clone(), outcome.into());
                self.pending.remove(&member);
                self.outcomes += 1;
                continue;
            }
            if self.is_settled(&member) {
                self.repeated.push(member.clone());
            }
            self.latest.remove(&member);
            let is_first = line["Attempts"] == 1;
            let is_pending = !self.pending.insert(member.clone());
            self.orphans += usize::from(is_first && is_pending);
            *self.intents.entry(member).or_default() += 1;
        }
    }

    /// Whether nothing is left to do.
    pub(crate) fn is_settled(&self, member: &Member) -> bool {
        let latest = self.latest.get(member).map(String::as_str);
        matches!(latest, Some("removed" | "gone" | "absent"))
    }

    /// Everybody of whom that is so.
    pub(crate) fn settled(&self) -> impl Iterator<Item = &Member> {
        self.latest.keys().filter(|member| self.is_settled(member))
    }
}

/// A sandbox's log by member: numbers of lines, from 0.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) lines: Vec<Value>,
    /// Requests that named the member.
    pub(crate) asked: HashMap<Member, Vec<usize>>,
    /// Requests that removed the member.
    pub(crate) removed: HashMap<Member, Vec<usize>>,
}

impl Log {
    pub(crate) fn of(lines: Vec<Value>) -> Self {
        let mut log = Self::default();
        for (number, line) in lines.iter().enumerate() {
            for member in members(line) {
                let removed = line["Removed"].as_array().expect("who was removed");
                if removed.iter().any(|name| *name == member.1.as_str()) {
                    log.removed.entry(member.clone()).or_default().push(number);
                }
                log.asked.entry(member).or_default().push(number);
            }
        }
        log.lines = lines;
        log
    }

    /// How often the member was asked about.
    pub(crate) fn times(&self, member: &Member) -> usize {
        self.asked.get(member).map_or(0, Vec::len)
    }

    /// The request that removed the member.
    pub(crate) fn removal(&self, member: &Member) -> Option<usize> {
        let requests = self.removed.get(member)?;
        assert_eq!(requests.len(), 1, "{member:?} was removed twice");
        requests.first().copied()
    }

    /// How often members were named beyond the first time.
    pub(crate) fn repeats(&self) -> usize {
        self.asked.values().map(|requests| requests.len() - 1).sum()
    }
}
