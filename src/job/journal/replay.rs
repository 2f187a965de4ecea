//! From a journal's bytes to its history, line by line in bounded memory.
//!
//! A record is one write that ends in its line feed, so an interrupted write
//! leaves a last line *without* one, whatever else it holds. That line is cut
//! off; at most its members are processed again. Everything else that is not a
//! record is damage and is never guessed at, also in a last line that has its line
//! feed. A first line is cut off only if it is the beginning of a header: else
//! the file is not a journal.
//!
//! A record's sequence number must be that of its line. So lines that are missing,
//! doubled or out of order are damage as well. Two things cannot be noticed: whole
//! lines that are missing at the very end, and lines out of order among records
//! without numbers. Earlier versions wrote such records. They are accepted on any
//! line, because an earlier and a later version may have written to one journal in
//! turn. The next record with a number shows whether a line is missing before it.

use std::io::{self, BufRead, BufReader, Read};
use std::time::SystemTime;

use super::error::JournalErrorKind;
use super::history::History;
use super::record::{self, JournalScope, ParsedRecord, RecordKind};
use crate::job::outcome::Outcome;
use crate::room::Action;

/// Longer than any record: an answer of the service has at most 1 MiB, and JSON
/// escapes lengthen it.
const MAX_RECORD_BYTES: u64 = 4 * 1024 * 1024;

#[derive(Debug)]
pub(super) struct Replayed {
    pub(super) history: History,
    /// Bytes of whole records; 0 in a new journal.
    pub(super) whole: u64,
    /// The number of whole records.
    pub(super) records: u64,
    /// Bytes of an unfinished record after them.
    pub(super) torn_bytes: u64,
}

/// Reads the whole journal. Bans that end before `now` are over.
pub(super) fn replay(
    input: impl Read,
    scope: JournalScope,
    now: SystemTime,
) -> Result<Replayed, JournalErrorKind> {
    let mut lines = RecordLines::new(input);
    let mut replayed = Replayed {
        history: History::at(now),
        whole: 0,
        records: 0,
        torn_bytes: 0,
    };
    loop {
        match lines.next()? {
            NextLine::End => return Ok(replayed),
            NextLine::Torn(_) if lines.number == 1 && !may_be_torn_header(&lines.line) => {
                return Err(JournalErrorKind::NotAJournal);
            }
            NextLine::Torn(bytes) => {
                replayed.torn_bytes = bytes;
                return Ok(replayed);
            }
            NextLine::Complete if lines.number == 1 && !lines.may_be_header()? => {
                return Err(JournalErrorKind::NotAJournal);
            }
            NextLine::Complete => {
                read_record(&lines, scope, &mut replayed.history)?;
                replayed.whole += lines.line.len() as u64;
                replayed.records += 1;
            }
        }
    }
}

/// Whether this may be the start of a header.
fn may_be_torn_header(line: &[u8]) -> bool {
    let common = line.len().min(record::BEGINNING.len());
    line[..common] == record::BEGINNING[..common]
}

/// The lines of a file, one at a time.
pub(super) struct RecordLines<R> {
    pub(super) input: BufReader<R>,
    /// The current line, with its line feed; only its start if it is too long.
    pub(super) line: Vec<u8>,
    /// Of the current line, from 1.
    pub(super) number: u64,
}

pub(super) enum NextLine {
    Complete,
    /// The file ends without a line feed: the bytes after the last one.
    Torn(u64),
    End,
}

impl<R: Read> RecordLines<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input: BufReader::with_capacity(256 * 1024, input),
            line: Vec::new(),
            number: 0,
        }
    }

    /// The next line. After a line that is too long for a record, which is an
    /// error, the lines after it can be read.
    pub(super) fn next(&mut self) -> Result<NextLine, JournalErrorKind> {
        self.line.clear();
        self.number += 1;
        let read = (&mut self.input)
            .take(MAX_RECORD_BYTES)
            .read_until(b'\n', &mut self.line)?;
        if read == 0 {
            return Ok(NextLine::End);
        }
        if self.line.ends_with(b"\n") {
            return Ok(NextLine::Complete);
        }
        // A power cut can leave a long run of zeros at the end of a file.
        let (skipped, has_end) = skip_line(&mut self.input)?;
        if has_end {
            return Err(self.damaged("the line is too long for a record"));
        }
        Ok(NextLine::Torn(read as u64 + skipped))
    }

    /// Whether this line is a header, or blank with a header after it.
    fn may_be_header(&mut self) -> io::Result<bool> {
        let line = self.line.trim_ascii_end();
        if !line.is_empty() {
            return Ok(line.starts_with(record::BEGINNING));
        }
        let rest = self.input.fill_buf()?.trim_ascii_start();
        Ok(rest.starts_with(record::BEGINNING))
    }

    fn damaged(&self, why: &str) -> JournalErrorKind {
        match self.number {
            1 => JournalErrorKind::NotAJournal,
            line => JournalErrorKind::Damaged {
                line,
                why: why.into(),
            },
        }
    }
}

/// Skips to the end of the line. Returns the bytes skipped, and whether the line
/// has a line feed.
fn skip_line(input: &mut impl BufRead) -> io::Result<(u64, bool)> {
    let mut skipped = 0;
    loop {
        let there = input.fill_buf()?;
        let end = there.iter().position(|byte| *byte == b'\n');
        let bytes = end.map_or(there.len(), |end| end + 1);
        input.consume(bytes);
        skipped += bytes as u64;
        if end.is_some() || bytes == 0 {
            return Ok((skipped, end.is_some()));
        }
    }
}

fn read_record<R: Read>(
    lines: &RecordLines<R>,
    scope: JournalScope,
    history: &mut History,
) -> Result<(), JournalErrorKind> {
    let line = lines.line.trim_ascii_end();
    if let Some(what) = edited(&lines.line, line) {
        let line = lines.number;
        return Err(JournalErrorKind::Edited { line, what });
    }
    let damaged = |why: &str| JournalErrorKind::Damaged {
        line: lines.number,
        why: why.into(),
    };
    if !record::has_valid_checksum(line) {
        return Err(damaged("the checksum is wrong"));
    }
    // One check is cheaper than one for each string.
    let text = std::str::from_utf8(line).map_err(|_| damaged("not a valid record"))?;
    let record: ParsedRecord<'_> =
        serde_json::from_str(text).map_err(|_| damaged("not a valid record"))?;
    check_sequence(record.sequence, lines.number).map_err(|why| damaged(&why))?;
    match (lines.number, record.kind()) {
        (1, Some(RecordKind::Header)) => check_header(&record, scope),
        (1, _) | (_, None | Some(RecordKind::Header)) => Err(damaged("unknown kind of record")),
        (_, Some(kind)) => add_to_history(&record, kind, history)
            .ok_or_else(|| damaged("the record is incomplete")),
    }
}

/// How the white space of a line differs from the one line feed that ends a record.
/// `content` is the line without it.
pub(super) fn edited(line: &[u8], content: &[u8]) -> Option<&'static str> {
    match &line[content.len()..] {
        b"\n" if !content.is_empty() => None,
        _ if content.is_empty() => Some("is blank"),
        b"\r\n" => Some("ends in CR and LF"),
        _ => Some("ends in blanks"),
    }
}

/// Checks that the record is the one that was written on this line.
pub(super) fn check_sequence(sequence: Option<u64>, line: u64) -> Result<(), String> {
    match sequence {
        Some(sequence) if sequence > line => Err(format!(
            "record {sequence} stands here, so lines before it are missing"
        )),
        Some(sequence) if sequence < line => Err(format!(
            "record {sequence} stands here, so lines are doubled or out of order"
        )),
        _ => Ok(()),
    }
}

fn check_header(header: &ParsedRecord<'_>, scope: JournalScope) -> Result<(), JournalErrorKind> {
    let version = header.version.ok_or(JournalErrorKind::NotAJournal)?;
    if version != record::VERSION {
        return Err(JournalErrorKind::Version(version));
    }
    let theirs = header.sdk_app_id.ok_or(JournalErrorKind::NotAJournal)?;
    let ours = scope.sdkappid;
    match (header.rehearsal, scope.rehearsal) {
        (true, None) => Err(JournalErrorKind::RehearsalJournal),
        (false, Some(_)) => Err(JournalErrorKind::ServiceJournal),
        (true, Some(ours)) if !ours.wrote(header) => Err(JournalErrorKind::OtherSandbox),
        _ if theirs != ours => Err(JournalErrorKind::OtherApp { theirs, ours }),
        _ => Ok(()),
    }
}

/// None where a key is missing or its value is unknown.
fn add_to_history(
    record: &ParsedRecord<'_>,
    kind: RecordKind,
    history: &mut History,
) -> Option<()> {
    let action = Action::named(&record.action.as_ref()?.0)?;
    let room = &*record.room_id.as_ref()?.0;
    let attempts = record.attempts?;
    let users = || record.members.iter().map(|user| &*user.0);
    if record.members.is_empty() {
        return None;
    }
    if kind == RecordKind::Intent {
        users().for_each(|user| history.add_intent(action, room, user, attempts));
        return Some(());
    }
    let outcome = Outcome::named(action, &record.outcome.as_ref()?.0)?;
    users().for_each(|user| history.add_outcome(action, room, user, outcome, attempts));
    if outcome.settles(action) {
        let time = &*record.time.as_ref()?.0;
        let time = humantime::parse_rfc3339(time).ok()?;
        history.settled_at(time);
        if let Some(seconds) = record.duration.filter(|_| action == Action::Ban) {
            users().for_each(|user| history.add_ban(room, user, seconds, time));
        }
    }
    Some(())
}
