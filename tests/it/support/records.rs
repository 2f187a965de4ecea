//! What a journal, a sandbox's log and printed results report for each member,
//! to compare them.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

/// A room and one of its members.
pub(crate) type Member = (String, String);

/// The members that a line names: of a journal, a log or results.
pub(crate) fn members(line: &Value) -> Vec<Member> {
    let room = line["RoomId"].as_str().unwrap_or_default();
    let names = line["MemberList_Account"].as_array().into_iter().flatten();
    let names = names.filter_map(Value::as_str);
    names.map(|name| (room.into(), name.into())).collect()
}

/// The content of a journal, without an unfinished last line.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    /// How many records it has.
    pub(crate) records: usize,
    /// How many outcomes of members.
    pub(crate) outcomes: usize,
    /// Members sent again because a run died before their outcome.
    pub(crate) orphans: usize,
    /// The latest outcome of each member since the latest intent.
    pub(crate) latest: HashMap<Member, String>,
    /// The record of that outcome.
    pub(crate) outcome_records: HashMap<Member, Value>,
    /// Members in doubt when they were named again: `unknown`, or without an
    /// outcome because the run died.
    pub(crate) doubted: HashSet<Member>,
    /// The intents that name each member.
    pub(crate) intents: HashMap<Member, usize>,
    /// Settled members with a later intent.
    pub(crate) repeated: Vec<Member>,
    /// Members with an intent and no outcome yet.
    pending: HashSet<Member>,
}

impl Journal {
    /// Empty if there is no file.
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
                let before = self.latest.insert(member.clone(), outcome.into());
                let is_unsent = line["Attempts"] == 0;
                let is_open = self.pending.contains(&member);
                if is_unsent && (is_open || before.as_deref() == Some("unknown")) {
                    self.doubted.insert(member.clone());
                }
                self.outcome_records.insert(member.clone(), line.clone());
                self.pending.remove(&member);
                self.outcomes += 1;
                continue;
            }
            if self.is_settled(&member) {
                self.repeated.push(member.clone());
            }
            let is_unknown = self.latest.remove(&member).as_deref() == Some("unknown");
            let is_first = line["Attempts"] == 1;
            let is_pending = !self.pending.insert(member.clone());
            let is_orphan = is_first && is_pending;
            self.orphans += usize::from(is_orphan);
            if is_unknown || is_orphan {
                self.doubted.insert(member.clone());
            }
            *self.intents.entry(member).or_default() += 1;
        }
    }

    /// Whether nothing is left to do.
    pub(crate) fn is_settled(&self, member: &Member) -> bool {
        let latest = self.latest.get(member).map(String::as_str);
        matches!(latest, Some("removed" | "gone" | "absent"))
    }

    /// All settled members.
    pub(crate) fn settled(&self) -> impl Iterator<Item = &Member> {
        self.latest.keys().filter(|member| self.is_settled(member))
    }
}

/// A sandbox's log by member: numbers of lines, from 0.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) lines: Vec<Value>,
    /// Requests that named the member.
    pub(crate) requests: HashMap<Member, Vec<usize>>,
    /// Requests that removed the member.
    pub(crate) removed: HashMap<Member, Vec<usize>>,
}

impl Log {
    /// The last request for the member list of this room.
    pub(crate) fn last_read(&self, room: &str) -> Option<usize> {
        let is_read = |line: &Value| {
            line["Command"] == "get_room_member_list" && line["RoomId"].as_str() == Some(room)
        };
        self.lines.iter().rposition(is_read)
    }

    pub(crate) fn of(lines: Vec<Value>) -> Self {
        let mut log = Self::default();
        for (number, line) in lines.iter().enumerate() {
            for member in members(line) {
                let removed = line["Removed"].as_array().expect("who was removed");
                if removed.iter().any(|name| *name == member.1.as_str()) {
                    log.removed.entry(member.clone()).or_default().push(number);
                }
                log.requests.entry(member).or_default().push(number);
            }
        }
        log.lines = lines;
        log
    }

    /// The number of requests that named the member.
    pub(crate) fn times(&self, member: &Member) -> usize {
        self.requests.get(member).map_or(0, Vec::len)
    }

    /// The request that removed the member.
    pub(crate) fn removal(&self, member: &Member) -> Option<usize> {
        let requests = self.removed.get(member)?;
        assert_eq!(requests.len(), 1, "{member:?} was removed twice");
        requests.first().copied()
    }

    /// The requests that named the member after it was removed.
    pub(crate) fn since_removal(&self, member: &Member) -> impl Iterator<Item = &Value> {
        let removal = self.removal(member);
        let requests = self.requests.get(member).into_iter().flatten();
        let since = requests.filter(move |number| removal.is_some_and(|at| **number > at));
        since.map(|number| &self.lines[*number])
    }

    /// The number of times that members were named again.
    pub(crate) fn repeats(&self) -> usize {
        self.requests
            .values()
            .map(|requests| requests.len() - 1)
            .sum()
    }
}

/// The requests behind one outcome of a member: the latest ones in the sandbox's
/// log, as many as the outcome counts attempts.
pub(crate) struct Requests<'a> {
    lines: Vec<&'a Value>,
    /// The code that the outcome reports; null without an answer.
    code: &'a Value,
    /// An earlier run left the member in doubt.
    is_doubted: bool,
    /// A recorded request did not reach the sandbox.
    is_one_missing: bool,
}

impl<'a> Requests<'a> {
    pub(crate) fn of(member: &Member, record: &'a Value, log: &'a Log, journal: &Journal) -> Self {
        let named = log.requests.get(member).map_or(&[][..], Vec::as_slice);
        let attempts = record["Attempts"].as_u64().expect("a number");
        let attempts = usize::try_from(attempts).expect("a small number");
        let first = named.len().saturating_sub(attempts);
        let intents = journal.intents.get(member).copied().unwrap_or_default();
        Self {
            lines: named[first..].iter().map(|n| &log.lines[*n]).collect(),
            code: &record["ErrorCode"],
            is_doubted: journal.doubted.contains(member),
            is_one_missing: intents > named.len(),
        }
    }

    /// A fault kept an answer from the client, now or in an earlier run.
    pub(crate) fn have_lost_answer(&self) -> bool {
        self.is_doubted || self.lines.iter().any(|line| is_lost(line))
    }

    /// The same, or an answer was about a whole batch.
    pub(crate) fn are_in_doubt(&self) -> bool {
        let is_batch_answer = |line: &Value| members(line).len() > 1 && is_batch_code(line);
        self.have_lost_answer() || self.lines.iter().any(|line| is_batch_answer(line))
    }

    /// An answer without a fault did not reach the client: the timeout was too
    /// short, or the connection died. Then the reported code is not that of the
    /// last answer, or the request was repeated without another reason.
    pub(crate) fn are_last_answers_unread(&self) -> bool {
        let Some((last, earlier)) = self.lines.split_last() else {
            return self.is_one_missing;
        };
        let is_final = |line: &&Value| !is_retried(line) && !is_batch_code(line);
        self.is_one_missing || last["Answer"] != *self.code || earlier.iter().any(is_final)
    }
}

/// The request may have taken effect, and the client does not know the answer.
fn is_lost(line: &Value) -> bool {
    let answer = &line["Answer"];
    let is_slow = line["Fault"]
        .as_str()
        .is_some_and(|f| f.starts_with("slow"));
    is_slow || *answer == 60_008 || answer.is_string() && *answer != "http429"
}

/// After this answer the same members are sent again.
fn is_retried(line: &Value) -> bool {
    let answer = &line["Answer"];
    is_lost(line) || *answer == "http429" || *answer == 100_001 || *answer == 60_007
}

/// This code is about a whole batch and not about each member.
fn is_batch_code(line: &Value) -> bool {
    [70_107, 100_002, 100_005, 100_006]
        .map(Value::from)
        .contains(&line["Answer"])
}
