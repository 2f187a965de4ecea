//! Reads a journal or an audit file for `roomctl journal`: line by line, in bounded
//! memory and without a lock. It continues after damage.
//!
//! [`super::replay`] stops at the first damaged line, because a job must not guess
//! what it may skip. A person who reads wants every line that is readable, and the
//! numbers of the others. A file with lines of outcomes and without `Record` is an
//! audit; the results of `-o json` and a file of `--failed-to` have the same form.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};
use std::mem;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::error::JournalErrorKind;
use super::record::{self, BorrowedText, RecordKind, has_valid_checksum};
use super::replay::{NextLine, RecordLines, check_sequence, edited};
use crate::clock::unix_seconds;
use crate::job::outcome::Outcome;
use crate::room::Action;

/// Why a line of `--failed-to` that `--verify` has written cannot be shown.
pub(crate) const LIST_LINE: &str = "a line of a --failed-to list, without an outcome";

/// How a line of a journal begins.
const JOURNAL_LINE: &[u8] = b"{\"Record\":";

/// How a line of an audit begins, and a line of results. An incomplete first line
/// is recognised by it.
const OUTCOME_LINES: [&[u8]; 2] = [b"{\"Time\":\"", b"{\"RoomId\":\""];

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// One job: a later outcome of a member takes the place of an earlier one.
    Journal,
    /// Every outcome stands for itself.
    Audit,
}

/// The records of one file.
pub(crate) struct RecordReader<R> {
    lines: RecordLines<R>,
    /// None before the first line.
    kind: Option<FileKind>,
    /// Of a journal.
    sdkappid: Option<u32>,
    /// The journal is that of a rehearsal.
    is_rehearsal: bool,
    origins: Origins,
    check: LineCheck,
}

/// How many outcomes are those of rehearsals, and how many are not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Origins {
    pub(crate) rehearsals: u64,
    pub(crate) others: u64,
}

impl Origins {
    fn add(&mut self, is_rehearsal: bool, entry: Option<&Entry<'_>>) {
        let count = if is_rehearsal {
            &mut self.rehearsals
        } else {
            &mut self.others
        };
        if let Some(Entry::Outcome(record, _)) = entry {
            *count += record.members.len() as u64;
        }
    }
}

/// What was found wrong, and what should come next.
struct LineCheck {
    /// The sequence number that the next record of a journal should have.
    expected: u64,
    /// Damaged lines, and why they are.
    damaged: Vec<(u64, String)>,
}

/// What a line holds.
#[derive(Debug)]
pub(crate) enum Entry<'a> {
    Intent(Record<'a>),
    Outcome(Record<'a>, Outcome),
    /// The file ends with this many bytes of an unfinished line.
    Torn(u64),
    /// Nothing to show: a header, a blank line, or damage.
    Nothing,
    End,
}

/// Why a file cannot be read.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// Neither a journal nor an audit.
    OtherFile,
    /// A journal of another version.
    Version(u32),
    Io(io::Error),
}

/// The members of one request: what was done to them, when, why.
#[derive(Debug, Clone)]
pub(crate) struct Record<'a> {
    /// The kind of its file.
    pub(crate) kind: FileKind,
    /// None in results.
    pub(crate) sdkappid: Option<u32>,
    pub(crate) action: Action,
    pub(crate) room: Cow<'a, str>,
    /// Never empty.
    pub(crate) members: Vec<Cow<'a, str>>,
    pub(crate) reason: Option<Cow<'a, str>>,
    pub(crate) action_status: Option<Cow<'a, str>>,
    pub(crate) error_code: Option<i64>,
    /// None in an audit.
    pub(crate) error_info: Option<Cow<'a, str>>,
    pub(crate) request_id: Option<Cow<'a, str>>,
    /// None in an audit.
    pub(crate) attempts: Option<u32>,
    pub(crate) elapsed_ms: Option<u64>,
    pub(crate) time: Cow<'a, str>,
    /// The same in seconds since 1970.
    pub(crate) unix: u64,
    /// The account that called.
    pub(crate) identifier: Option<Cow<'a, str>>,
}

/// A line with the keys of every kind of record. Others are ignored.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Line<'a> {
    #[serde(borrow)]
    record: Option<BorrowedText<'a>>,
    version: Option<u32>,
    sdk_app_id: Option<u32>,
    #[serde(borrow)]
    action: Option<BorrowedText<'a>>,
    #[serde(borrow)]
    room_id: Option<BorrowedText<'a>>,
    #[serde(borrow, rename = "MemberList_Account", default)]
    members: Vec<BorrowedText<'a>>,
    #[serde(borrow)]
    reason: Option<BorrowedText<'a>>,
    #[serde(borrow)]
    action_status: Option<BorrowedText<'a>>,
    error_code: Option<i64>,
    #[serde(borrow)]
    error_info: Option<BorrowedText<'a>>,
    #[serde(borrow)]
    request_id: Option<BorrowedText<'a>>,
    #[serde(borrow)]
    outcome: Option<BorrowedText<'a>>,
    attempts: Option<u32>,
    elapsed_ms: Option<u64>,
    #[serde(borrow)]
    time: Option<BorrowedText<'a>>,
    #[serde(borrow)]
    identifier: Option<BorrowedText<'a>>,
    rehearsal: Option<bool>,
    sequence: Option<u64>,
}

impl<R: Read> RecordReader<R> {
    pub(crate) fn new(input: R) -> Self {
        Self {
            lines: RecordLines::new(input),
            kind: None,
            sdkappid: None,
            is_rehearsal: false,
            origins: Origins::default(),
            check: LineCheck {
                expected: 1,
                damaged: Vec::new(),
            },
        }
    }

    /// Whether the file may be a journal or an audit: it is empty, or begins with an
    /// object. Reads no whole line: one of another kind of file may have no end.
    pub(crate) fn check_start(&mut self) -> Result<(), ReadError> {
        let start = self.lines.input.fill_buf()?.trim_ascii_start();
        match start.first() {
            None | Some(b'{') => Ok(()),
            Some(_) => Err(ReadError::OtherFile),
        }
    }

    /// The lines that were found damaged since the last call, and why.
    pub(crate) fn take_damaged(&mut self) -> impl Iterator<Item = (u64, String)> {
        self.check.damaged.drain(..)
    }

    /// The outcomes that were read since the last call.
    pub(crate) fn take_origins(&mut self) -> Origins {
        mem::take(&mut self.origins)
    }

    /// Reads the next line. A file of another kind is an error of its first line.
    pub(crate) fn next(&mut self) -> Result<Entry<'_>, ReadError> {
        let (is_torn, bytes) = match self.lines.next() {
            Ok(NextLine::End) => return Ok(Entry::End),
            Ok(NextLine::Complete) => (false, 0),
            Ok(NextLine::Torn(bytes)) => (true, bytes),
            Err(JournalErrorKind::Io(why)) => return Err(ReadError::Io(why)),
            // Too long for a record.
            Err(_) if self.kind.is_none() => return Err(ReadError::OtherFile),
            Err(_) => {
                let why = "the line is too long for a record";
                return Ok(self.check.unreadable(self.lines.number, why));
            }
        };
        if self.kind.is_none() && self.lines.line.trim_ascii().is_empty() {
            return Ok(Entry::Nothing);
        }
        let line = &self.lines.line;
        let list_kind = || is_list_line(line).then_some(FileKind::Audit);
        let kind = self.kind.or_else(|| kind_of(line)).or_else(list_kind);
        self.kind = kind;
        match kind.ok_or(ReadError::OtherFile)? {
            // A job ignores it as well, even where only its line feed is missing.
            FileKind::Journal if is_torn => Ok(Entry::Torn(bytes)),
            FileKind::Journal => self.journal_line(),
            FileKind::Audit => Ok(self.audit_line(is_torn.then_some(bytes))),
        }
    }

    fn journal_line(&mut self) -> Result<Entry<'_>, ReadError> {
        let (number, check) = (self.lines.number, &mut self.check);
        let line = self.lines.line.trim_ascii_end();
        // An editor has changed the white space; the record may be whole.
        if let Some(what) = edited(&self.lines.line, line) {
            check.damage(number, &format!("the line {what}"));
        }
        if line.is_empty() {
            return Ok(Entry::Nothing);
        }
        if !has_valid_checksum(line) {
            return Ok(check.unreadable(number, "the checksum is wrong"));
        }
        let parsed = std::str::from_utf8(line).ok();
        let parsed = parsed.and_then(|text| serde_json::from_str::<Line<'_>>(text).ok());
        let Some(parsed) = parsed else {
            return Ok(check.unreadable(number, "not a valid record"));
        };
        let is_first = check.expected == 1;
        check.sequence(number, parsed.sequence);
        let kind = parsed.record.as_ref().map(|kind| &*kind.0);
        let kind = kind.and_then(RecordKind::named);
        let entry = match kind {
            Some(RecordKind::Header) if is_first => {
                self.sdkappid = parsed.sdk_app_id;
                self.is_rehearsal = parsed.rehearsal == Some(true);
                return match parsed.version {
                    Some(record::VERSION) => Ok(Entry::Nothing),
                    Some(version) => Err(ReadError::Version(version)),
                    None => Err(ReadError::OtherFile),
                };
            }
            Some(RecordKind::Intent) => {
                let record = parsed.into_record(FileKind::Journal, self.sdkappid);
                record.map(|(record, _)| Entry::Intent(record))
            }
            Some(RecordKind::Settled) => parsed.into_outcome(FileKind::Journal, self.sdkappid),
            None | Some(RecordKind::Header) => None,
        };
        self.origins.add(self.is_rehearsal, entry.as_ref());
        let why = "the record is incomplete, or of an unknown kind";
        Ok(entry.unwrap_or_else(|| check.damage(number, why)))
    }

    /// `torn` is the length of a line without a line feed. Another program may
    /// have written it, so it counts if it is complete.
    fn audit_line(&mut self, torn: Option<u64>) -> Entry<'_> {
        let number = self.lines.number;
        let line = self.lines.line.trim_ascii();
        if line.is_empty() {
            return Entry::Nothing;
        }
        let entry = std::str::from_utf8(line).ok().and_then(outcome_line);
        match (entry, torn) {
            (Some((is_rehearsal, entry)), _) => {
                self.origins.add(is_rehearsal, Some(&entry));
                entry
            }
            (None, Some(bytes)) => Entry::Torn(bytes),
            (None, None) if is_list_line(line) => self.check.damage(number, LIST_LINE),
            (None, None) => self.check.damage(number, "not a whole outcome"),
        }
    }
}

impl LineCheck {
    /// A line that is not a record. Most likely it was one.
    fn unreadable(&mut self, line: u64, why: &str) -> Entry<'static> {
        self.expected += 1;
        self.damage(line, why)
    }

    fn damage(&mut self, line: u64, why: &str) -> Entry<'static> {
        self.damaged.push((line, why.into()));
        Entry::Nothing
    }

    /// A gap is reported once, at the record after it.
    fn sequence(&mut self, line: u64, sequence: Option<u64>) {
        if let Err(why) = check_sequence(sequence, self.expected) {
            self.damaged.push((line, why));
        }
        self.expected = sequence.unwrap_or(self.expected) + 1;
    }
}

/// None for a file that is neither.
fn kind_of(first_line: &[u8]) -> Option<FileKind> {
    let first_line = first_line.trim_ascii_start();
    let common = first_line.len().min(JOURNAL_LINE.len());
    if first_line[..common] == JOURNAL_LINE[..common] {
        return Some(FileKind::Journal);
    }
    let text = std::str::from_utf8(first_line).ok()?.trim_ascii();
    let is_outcome = outcome_line(text).is_some();
    let begins_like_one = || {
        OUTCOME_LINES
            .iter()
            .any(|start| text.as_bytes().starts_with(start))
    };
    let is_whole = || serde_json::from_str::<IgnoredAny>(text).is_ok();
    (is_outcome || (begins_like_one() && !is_whole())).then_some(FileKind::Audit)
}

/// Whether this is a line about members that were found in their rooms.
fn is_list_line(line: &[u8]) -> bool {
    let object = serde_json::from_slice::<serde_json::Value>(line).unwrap_or_default();
    object.get("InRoom").is_some() && object.get("Outcome").is_none()
}

/// The outcome, and whether it is that of a rehearsal.
fn outcome_line(text: &str) -> Option<(bool, Entry<'_>)> {
    let line: Line<'_> = serde_json::from_str(text).ok()?;
    let is_rehearsal = line.rehearsal == Some(true);
    Some((is_rehearsal, line.into_outcome(FileKind::Audit, None)?))
}

impl<'a> Line<'a> {
    fn into_outcome(self, kind: FileKind, sdkappid: Option<u32>) -> Option<Entry<'a>> {
        let (record, outcome) = self.into_record(kind, sdkappid)?;
        let outcome = Outcome::named(record.action, &outcome?)?;
        Some(Entry::Outcome(record, outcome))
    }

    /// The record and the name of its outcome. None where a key is missing or its
    /// value is unknown.
    fn into_record(
        self,
        kind: FileKind,
        sdkappid: Option<u32>,
    ) -> Option<(Record<'a>, Option<Cow<'a, str>>)> {
        let text = |text: Option<BorrowedText<'a>>| text.map(|text| text.0);
        let time = text(self.time)?;
        let parsed = humantime::parse_rfc3339(&time).ok()?;
        if self.members.is_empty() {
            return None;
        }
        let record = Record {
            kind,
            sdkappid: sdkappid.or(self.sdk_app_id),
            action: Action::named(&self.action?.0)?,
            room: text(self.room_id)?,
            members: self.members.into_iter().map(|user| user.0).collect(),
            reason: text(self.reason),
            action_status: text(self.action_status),
            error_code: self.error_code,
            error_info: text(self.error_info),
            request_id: text(self.request_id),
            attempts: self.attempts,
            elapsed_ms: self.elapsed_ms,
            unix: unix_seconds(parsed),
            time,
            identifier: text(self.identifier),
        };
        Some((record, text(self.outcome)))
    }
}

impl Record<'_> {
    /// A copy that outlives the line.
    pub(crate) fn into_owned(self) -> Record<'static> {
        fn owned(text: Cow<'_, str>) -> Cow<'static, str> {
            Cow::Owned(text.into_owned())
        }
        Record {
            kind: self.kind,
            sdkappid: self.sdkappid,
            action: self.action,
            room: owned(self.room),
            members: self.members.into_iter().map(owned).collect(),
            reason: self.reason.map(owned),
            action_status: self.action_status.map(owned),
            error_code: self.error_code,
            error_info: self.error_info.map(owned),
            request_id: self.request_id.map(owned),
            attempts: self.attempts,
            elapsed_ms: self.elapsed_ms,
            time: owned(self.time),
            unix: self.unix,
            identifier: self.identifier.map(owned),
        }
    }
}

impl From<io::Error> for ReadError {
    fn from(why: io::Error) -> Self {
        Self::Io(why)
    }
}
