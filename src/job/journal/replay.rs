//! From a journal's bytes to its history, line by line in bounded memory.
//!
//! A record is one write that ends in its line feed, so an interrupted write is
//! a last line *without* one, whatever else it holds: that is cut, and costs at
//! most that a member is asked again. Anything else that does not fit is damage
//! and never guessed at, also in the last line when it has its line feed. A first
//! line is cut only if it is the beginning of a header: else the file is
//! somebody's list.

use std::io::{self, BufRead, BufReader, Read};

use super::Whose;
use super::error::Trouble;
use super::history::History;
use super::record::{self, Kind, Raw};
use crate::job::outcome::Outcome;
use crate::room::Action;

/// Longer than any record: an answer of the service has at most 1 MiB.
const MOST: u64 = 4 * 1024 * 1024;

/// What a journal holds.
#[derive(Debug)]
pub(super) struct Replayed {
    pub(super) history: History,
    /// Bytes of whole records; 0 in a new journal.
    pub(super) whole: u64,
    /// Bytes of an unfinished one behind them.
    pub(super) torn: u64,
}

/// Reads all of it.
pub(super) fn replay(input: impl Read, whose: Whose) -> Result<Replayed, Trouble> {
    let mut lines = Lines {
        input: BufReader::with_capacity(256 * 1024, input),
        line: Vec::new(),
        number: 0,
    };
    let mut replayed = Replayed {
        history: History::default(),
        whole: 0,
        torn: 0,
    };
    loop {
        match lines.next()? {
            Line::End => return Ok(replayed),
            Line::Torn(_) if lines.number == 1 && !is_begun(&lines.line) => {
                return Err(Trouble::NoJournal);
            }
            Line::Torn(bytes) => {
                replayed.torn = bytes;
                return Ok(replayed);
            }
            Line::UnbufferedStdout => {
                take_in(&lines, whose, &mut replayed.history)?;
                replayed.whole += lines.line.len() as u64;
            }
        }
    }
}

/// Whether this may be what is left of a header.
fn is_begun(line: &[u8]) -> bool {
    let common = line.len().min(record::BEGINNING.len());
    line[..common] == record::BEGINNING[..common]
}

/// The lines of a file, one at a time.
struct Lines<R> {
    input: BufReader<R>,
    /// The current one, with its line feed; its beginning, if it is too long.
    line: Vec<u8>,
    /// The current one's, from 1.
    number: u64,
}

enum Line {
    UnbufferedStdout,
    /// The file ends without a line feed; so many bytes behind the last one.
    Torn(u64),
    End,
}

impl<R: Read> Lines<R> {
    fn next(&mut self) -> Result<Line, Trouble> {
        self.line.clear();
        self.number += 1;
        let read = (&mut self.input)
            .take(MOST)
            .read_until(b'\n', &mut self.line)?;
        if read == 0 {
            return Ok(Line::End);
        }
        if self.line.ends_with(b"\n") {
            return Ok(Line::UnbufferedStdout);
        }
        // A power cut can leave a long run of zeros at the end of a file.
        let (skipped, has_end) = skip_line(&mut self.input)?;
        if has_end {
            return Err(self.damaged("it is too long for a record"));
        }
        Ok(Line::Torn(read as u64 + skipped))
    }

    fn damaged(&self, why: &'static str) -> Trouble {
        match self.number {
            1 => Trouble::NoJournal,
            line => Trouble::Damaged { line, why },
        }
    }
}

/// Goes to the end of the line; how far that was, and whether it has one.
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

fn take_in<R: Read>(lines: &Lines<R>, whose: Whose, history: &mut History) -> Result<(), Trouble> {
    let line = lines.line.trim_ascii_end();
    if lines.number == 1 && !line.starts_with(record::BEGINNING) {
        return Err(Trouble::NoJournal);
    }
    let damaged = |why| Trouble::Damaged {
        line: lines.number,
        why,
    };
    if lines.line.len() != line.len() + 1 || !record::is_sealed(line) {
        return Err(damaged("its checksum is wrong"));
    }
    // Checked once, and not string by string.
    let text = std::str::from_utf8(line).map_err(|_| damaged("this is no record"))?;
    let raw: Raw<'_> = serde_json::from_str(text).map_err(|_| damaged("this is no record"))?;
    match (lines.number, raw.kind()) {
        (1, Some(Kind::Header)) => check_header(&raw, whose),
        (1, _) | (_, None | Some(Kind::Header)) => Err(damaged("no such record is known here")),
        (_, Some(kind)) => {
            remember(&raw, kind, history).ok_or_else(|| damaged("the record is incomplete"))
        }
    }
}

fn check_header(raw: &Raw<'_>, whose: Whose) -> Result<(), Trouble> {
    let ours = whose.sdkappid;
    match (raw.version, raw.sdk_app_id) {
        (Some(record::VERSION), Some(_)) if raw.rehearsal && !whose.is_rehearsal => {
            Err(Trouble::OfRehearsal)
        }
        (Some(record::VERSION), Some(_)) if !raw.rehearsal && whose.is_rehearsal => {
            Err(Trouble::OfService)
        }
        (Some(record::VERSION), Some(theirs)) if theirs == ours => Ok(()),
        (Some(record::VERSION), Some(theirs)) => Err(Trouble::Foreign { theirs, ours }),
        (Some(version), _) if version != record::VERSION => Err(Trouble::Version(version)),
        _ => Err(Trouble::NoJournal),
    }
}

/// None where something is missing or unheard of.
fn remember(raw: &Raw<'_>, kind: Kind, history: &mut History) -> Option<()> {
    let action = raw.action.as_ref()?;
    let action = Action::ALL.into_iter().find(|a| a.name() == action.0)?;
    let room = &*raw.room_id.as_ref()?.0;
    let attempts = raw.attempts?;
    let users = raw.members.iter().map(|user| &*user.0);
    if raw.members.is_empty() {
        return None;
    }
    if kind == Kind::Intent {
        users.for_each(|user| history.intend(action, room, user, attempts));
        return Some(());
    }
    let outcome = raw.outcome.as_ref()?;
    let is_it = |known: &Outcome| known.name(action) == outcome.0;
    let outcome = Outcome::ALL.into_iter().find(is_it)?;
    users.for_each(|user| history.conclude(action, room, user, (outcome, attempts)));
    if outcome.settles(action) {
        let time = &*raw.time.as_ref()?.0;
        history.settled_at(humantime::parse_rfc3339(time).ok()?);
    }
    Some(())
}
