//! `roomctl journal summary`: counts per outcome, room and reason, first and last
//! time, and what is still in doubt.
//!
//! In a journal a member that was refused, unknown or unsent counts by its latest
//! outcome: a later run of the same job replaces the earlier one. A settled member
//! is forgotten, so one that was processed again (`--again`) counts each time. In an
//! audit every outcome counts. Rooms and reasons have counters of their own up to a
//! limit; the rest of them share one. So memory does not grow with the files.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::IsTerminal;
use std::path::PathBuf;

use clap::ValueHint;
use serde_json::{Map, Value, json};

use super::files::{self, Findings, RecordFile, describe_doubt, show_doubt};
use super::show::{IN_DOUBT, OUTCOMES};
use crate::commands::{CommandArgs, Context};
use crate::config::Format;
use crate::error::{Error, grouped};
use crate::exit::Exit;
use crate::job::Outcome;
use crate::job::journal::{Entry, FileKind, LatestRequest, Record, Unsettled};
use crate::output::{aligned, plural, tabs};

/// Count what journals and audit files record, per outcome, room and reason
#[derive(Debug, clap::Args)]
#[command(after_help = SHORT, after_long_help = LONG)]
pub(super) struct Args {
    /// Journals and audit files, - for stdin
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    files: Vec<PathBuf>,
}

impl CommandArgs for Args {}

const SHORT: &str = "\
Examples:
  roomctl journal summary spam.journal
  roomctl journal summary audit.log -o json | jq .Outcomes.removed";

const LONG: &str = "\
A member of a journal counts by its latest outcome: removed by the second run,
it is not refused by the first any more. Of an audit every outcome counts. A
member is in doubt if a request was sent and its outcome is not known.

In a pipe, text has lines of three or four columns with tabs between them:
first and last with a time; outcome with a word and a count; room and reason
with a name, a word and a count; in-doubt with room, user and time. -o json is
one object. Of more than 10,000 rooms or reasons the rest is counted together.

Examples:
  roomctl journal summary spam.journal
  roomctl journal summary audit.log -o json | jq .Outcomes.removed
  roomctl journal show spam.journal -o json | roomctl journal summary -

Exit codes: 0 printed, 2 usage or not a journal, 7 damaged lines, or output
cannot be written.";

/// Most rooms, and most reasons, with counters of their own.
const MOST_NAMES: usize = 10_000;

/// Most rooms and reasons that a terminal shows.
const MOST_SHOWN: usize = 20;

/// Most members in doubt that are named; all are counted.
const MOST_IN_DOUBT: usize = 100;

/// The outcomes of a job, as in [`OUTCOMES`].
const WORDS: usize = OUTCOMES.len() - 1;

/// Members per outcome.
#[derive(Debug, Clone, Copy, Default)]
struct Counts([u64; WORDS]);

/// Counters of rooms or of reasons, by name.
#[derive(Default)]
struct NamedCounts {
    positions: HashMap<Box<str>, usize>,
    counts: Vec<Counts>,
    /// Of all names beyond [`MOST_NAMES`].
    others: Counts,
}

/// Where an outcome was counted.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// Position in [`OUTCOMES`].
    outcome: usize,
    /// None for the counters that many share.
    room: Option<usize>,
    reason: Option<usize>,
}

#[derive(Default)]
struct Summary {
    total: Counts,
    rooms: NamedCounts,
    reasons: NamedCounts,
    /// First and last time, in seconds and as it stands in the file.
    first: Option<(u64, String)>,
    last: Option<(u64, String)>,
    in_doubt: usize,
    /// The first of them, at most [`MOST_IN_DOUBT`].
    in_doubt_members: Vec<MemberInDoubt>,
}

struct MemberInDoubt {
    action: &'static str,
    room: String,
    user: String,
    time: String,
}

/// Runs the command.
pub(super) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let opened = files::open_all(&args.files, "journal summary", context)?;
    let mut findings = Findings::new(context);
    let mut summary = Summary::default();
    let doubt_command = show_doubt(opened.iter());
    for mut file in opened {
        let unsettled = summary.read(&mut file, &mut findings);
        for (request, users) in unsettled.in_doubt() {
            summary.add_doubt(request, &users);
        }
    }
    findings.check_usable()?;
    let style = context.style;
    let text = match style.format {
        Format::Json => format!("{}\n", summary.json()),
        Format::Text if std::io::stdout().is_terminal() => summary.for_people(),
        Format::Text => tabs(&summary.rows()),
    };
    style.print(&text)?;
    if summary.in_doubt > 0 {
        let note = format!("{}: {doubt_command}", describe_doubt(summary.in_doubt));
        findings.notes().info(&note);
    }
    findings.into_exit()
}

impl Summary {
    /// Counts a whole file. Returns the members that it leaves unsettled.
    fn read(&mut self, file: &mut RecordFile, findings: &mut Findings) -> Unsettled<Place> {
        let mut unsettled = Unsettled::default();
        loop {
            match file.next(findings) {
                Entry::End => return unsettled,
                Entry::Nothing | Entry::Torn(_) => {}
                Entry::Intent(record) => unsettled.add_intent(&record),
                Entry::Outcome(record, outcome) => {
                    self.add_time(&record);
                    self.add(&record, outcome, &mut unsettled);
                }
            }
        }
    }

    fn add_time(&mut self, record: &Record<'_>) {
        let time = || Some((record.unix, record.time.to_string()));
        let is_before = |first: &(u64, String)| record.unix < first.0;
        if self.first.as_ref().is_none_or(is_before) {
            self.first = time();
        }
        let is_after = |last: &(u64, String)| record.unix > last.0;
        if self.last.as_ref().is_none_or(is_after) {
            self.last = time();
        }
    }

    fn add(&mut self, record: &Record<'_>, outcome: Outcome, unsettled: &mut Unsettled<Place>) {
        let name = outcome.name(record.action);
        let place = Place {
            outcome: OUTCOMES.iter().position(|word| *word == name).unwrap_or(0),
            room: self.rooms.position(&record.room),
            reason: self
                .reasons
                .position(record.reason.as_deref().unwrap_or_default()),
        };
        let may_be_replaced = record.kind == FileKind::Journal && !outcome.settles(record.action);
        for user in &record.members {
            let note = may_be_replaced.then_some(place);
            let replaced = unsettled.add_outcome(record, user, outcome, note);
            if let Some(replaced) = replaced {
                self.count(replaced, |count| count.saturating_sub(1));
            }
            self.count(place, |count| count + 1);
        }
    }

    fn count(&mut self, place: Place, change: impl Fn(u64) -> u64) {
        let counters = [
            &mut self.total,
            self.rooms.counts(place.room),
            self.reasons.counts(place.reason),
        ];
        for Counts(counts) in counters {
            counts[place.outcome] = change(counts[place.outcome]);
        }
    }

    fn add_doubt(&mut self, request: &LatestRequest, users: &[&str]) {
        self.in_doubt += users.len();
        let free = MOST_IN_DOUBT - self.in_doubt_members.len();
        self.in_doubt_members
            .extend(users.iter().take(free).map(|user| MemberInDoubt {
                action: request.action.name(),
                room: request.room.to_string(),
                user: (*user).to_owned(),
                time: request.time.to_string(),
            }));
    }

    fn json(&self) -> Value {
        let time = |time: &Option<(u64, String)>| time.as_ref().map(|(_, text)| text.clone());
        let groups = |groups: &NamedCounts, key: &str| -> Vec<Value> {
            let all = groups.by_size().into_iter();
            all.map(|(name, counts)| json!({ key: name, "Outcomes": counts.json() }))
                .collect()
        };
        let in_doubt_members = self.in_doubt_members.iter().map(|member| {
            json!({
                "Action": member.action,
                "RoomId": member.room,
                "MemberList_Account": [member.user],
                "Time": member.time,
            })
        });
        json!({
            "FirstTime": time(&self.first),
            "LastTime": time(&self.last),
            "Members": self.total.sum(),
            "Outcomes": self.total.json(),
            "InDoubt": self.in_doubt,
            "InDoubtMembers": in_doubt_members.collect::<Vec<_>>(),
            "Rooms": groups(&self.rooms, "RoomId"),
            "OtherRooms": self.rooms.others.json(),
            "Reasons": groups(&self.reasons, "Reason"),
            "OtherReasons": self.reasons.others.json(),
        })
    }

    /// The lines of a pipe.
    fn rows(&self) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        let mut row = |cells: &[&str]| rows.push(cells.iter().map(ToString::to_string).collect());
        for (name, time) in [("first", &self.first), ("last", &self.last)] {
            row(&[name, time.as_ref().map_or("", |(_, text)| text)]);
        }
        for (word, count) in self.total.known() {
            row(&["outcome", word, &count.to_string()]);
        }
        row(&["outcome", IN_DOUBT, &self.in_doubt.to_string()]);
        for (kind, groups) in [("room", &self.rooms), ("reason", &self.reasons)] {
            for (name, counts) in groups.by_size() {
                for (word, count) in counts.known() {
                    row(&[kind, name, word, &count.to_string()]);
                }
            }
            for (word, count) in groups.others.known() {
                row(&[&format!("other-{kind}s"), "", word, &count.to_string()]);
            }
        }
        for member in &self.in_doubt_members {
            row(&[IN_DOUBT, &member.room, &member.user, &member.time]);
        }
        rows
    }

    fn for_people(&self) -> String {
        let time = |time: &Option<(u64, String)>| {
            let text = time.as_ref().map_or("-", |(_, text)| text);
            text.to_owned()
        };
        let mut text = aligned(&[
            vec!["first outcome".into(), time(&self.first)],
            vec!["last outcome".into(), time(&self.last)],
        ]);
        let mut rows = vec![vec!["OUTCOME".to_owned(), "MEMBERS".to_owned()]];
        let mut row = |word: &str, count: u64| rows.push(vec![word.to_owned(), grouped(count)]);
        self.total
            .known()
            .for_each(|(word, count)| row(word, count));
        row("total", self.total.sum());
        let mut in_doubt = vec![IN_DOUBT.to_owned(), grouped(self.in_doubt)];
        if self.in_doubt > 0 {
            in_doubt.push("also counted by outcome, if there is one".into());
        }
        rows.push(in_doubt);
        text = text + "\n" + &aligned(&rows);
        for (title, groups) in [("ROOM", &self.rooms), ("REASON", &self.reasons)] {
            text = text + "\n" + &groups.for_people(title);
        }
        text
    }
}

impl NamedCounts {
    /// The place of this name; None if there are too many names.
    fn position(&mut self, name: &str) -> Option<usize> {
        if let Some(position) = self.positions.get(name) {
            return Some(*position);
        }
        let next = self.counts.len();
        if next == MOST_NAMES {
            return None;
        }
        self.positions.insert(name.into(), next);
        self.counts.push(Counts::default());
        Some(next)
    }

    fn counts(&mut self, position: Option<usize>) -> &mut Counts {
        match position {
            Some(position) => &mut self.counts[position],
            None => &mut self.others,
        }
    }

    /// The largest first. A name whose outcomes were all replaced is not among them.
    fn by_size(&self) -> Vec<(&str, &Counts)> {
        let all = self.positions.iter();
        let mut all: Vec<(&str, &Counts)> = all
            .map(|(name, position)| (&**name, &self.counts[*position]))
            .filter(|(_, counts)| counts.sum() > 0)
            .collect();
        all.sort_by(|(name, counts), (other, others)| {
            (others.sum(), name).cmp(&(counts.sum(), other))
        });
        all
    }

    /// The counts stand before the name, which may be long.
    fn for_people(&self, title: &str) -> String {
        let all = self.by_size();
        let mut rows = vec![vec!["MEMBERS".to_owned(), "OUTCOMES".into(), title.into()]];
        rows.extend(
            all.iter().take(MOST_SHOWN).map(|(name, counts)| {
                vec![grouped(counts.sum()), counts.words(), (*name).to_owned()]
            }),
        );
        let mut text = aligned(&rows);
        let hidden = all.len().saturating_sub(MOST_SHOWN) as u64;
        if hidden > 0 {
            let members: u64 = all
                .iter()
                .skip(MOST_SHOWN)
                .map(|(_, counts)| counts.sum())
                .sum();
            let kind = title.to_lowercase();
            // Writing to a String cannot fail.
            let _ = writeln!(
                text,
                "and {} with {}",
                plural(hidden, &format!("more {kind}"), &format!("more {kind}s")),
                plural(members, "member", "members")
            );
        }
        if self.others.sum() > 0 {
            let others = plural(self.others.sum(), "member", "members");
            let _ = writeln!(text, "and {others} of others");
        }
        text
    }
}

impl Counts {
    fn sum(&self) -> u64 {
        self.0.iter().sum()
    }

    /// The outcomes that occurred.
    fn known(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let all = OUTCOMES.into_iter().zip(self.0);
        all.filter(|(_, count)| *count > 0)
    }

    /// All of them, so that a script finds each.
    fn json(&self) -> Value {
        let all = OUTCOMES.into_iter().zip(self.0);
        let all: Map<String, Value> = all
            .map(|(word, count)| (word.to_owned(), count.into()))
            .collect();
        Value::Object(all)
    }

    /// `280 removed, 20 refused`
    fn words(&self) -> String {
        let words = self
            .known()
            .map(|(word, count)| format!("{} {word}", grouped(count)));
        words.collect::<Vec<_>>().join(", ")
    }
}
