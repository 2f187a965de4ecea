//! The lines that a broken JSON value takes along, so that names inside of it are not
//! taken for rows: they would be removed from another room than their own.
//!
//! A value that is closed at the end of the line of its fault, and a text, costs this
//! line alone. Otherwise the lines after it are skipped, up to one that begins with a
//! bracket that closes the value, or up to a new row: a line that begins with `{` or `[{`.
//! Another array does not end the skipping, because it may be part of the value.

use std::io::Read;

use super::json_scan::Fault;
use super::problem::RowProblem;
use super::reader::{self, LineReader};
use super::row::BadRow;
use crate::secret::excerpt;

/// The brackets of broken JSON that are open. Counted, because they need not match.
#[derive(Debug, Clone, Copy)]
pub(super) struct Brackets {
    objects: u64,
    arrays: u64,
    quotes: Quotes,
    /// The last bytes of the line that are not blank.
    tail: [u8; 2],
}

/// Whether brackets count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// Everywhere: this is not JSON. The end of the line decides.
    Ignored,
    Outside,
    /// Not in a text.
    Inside,
    /// Nor after its backslash.
    Escape,
}

impl Brackets {
    /// Of a text, or of something that is not JSON.
    pub(super) const NONE: Self = Self::open(0, 0, Quotes::Ignored);
    /// Of a key without the beginning of its object.
    pub(super) const OF_OBJECT: Self = Self::open(1, 0, Quotes::Outside);
    /// Of an array without its beginning.
    pub(super) const OF_ARRAY: Self = Self::open(0, 1, Quotes::Outside);

    const fn open(objects: u64, arrays: u64, quotes: Quotes) -> Self {
        Self {
            objects,
            arrays,
            quotes,
            tail: [0; 2],
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.objects > 0 || self.arrays > 0
    }

    /// Those of a value up to its fault: whether each is that of an object.
    pub(super) fn of(open: &[bool], quotes: Quotes) -> Self {
        let objects = open.iter().filter(|is_object| **is_object).count() as u64;
        Self::open(objects, open.len() as u64 - objects, quotes)
    }

    /// The last byte of the value before the end of a line in a text.
    pub(super) fn end_torn_text(&mut self, last: Option<&u8>) {
        if self.quotes == Quotes::Inside
            && let Some(last) = last
        {
            self.tail[1] = *last;
        }
    }

    /// Takes the rest of the line of a fault. Returns whether nothing is open at its end,
    /// as [`Self::take_line`], and it does not end as JSON that goes on.
    pub(super) fn take_fault_line<R: Read>(
        &mut self,
        input: &mut LineReader<R>,
    ) -> Result<bool, BadRow> {
        let is_closed = self.take_line(input)?;
        match self.tail[1] {
            b',' if is_closed => self.arrays = 1,
            b':' if is_closed => self.objects = 1,
            _ => {}
        }
        Ok(is_closed && !self.is_open())
    }

    /// Takes the rest of the line. Returns whether nothing is open at its end, neither
    /// a bracket nor a text.
    pub(super) fn take_line<R: Read>(&mut self, input: &mut LineReader<R>) -> Result<bool, BadRow> {
        let line = input.line();
        let mut taken = 0;
        loop {
            let chunk = input.chunk()?;
            let end = memchr::memchr(b'\n', chunk);
            let count = end.map_or(chunk.len(), |end| end + 1);
            for byte in &chunk[..count] {
                self.push(*byte);
            }
            input.take(count);
            taken += count;
            if end.is_some() || count == 0 {
                return Ok(self.end_line());
            }
            if taken > reader::MAX_SKIPPED {
                let problem = RowProblem::Endless(reader::MAX_SKIPPED);
                return Err(BadRow::new(line, problem));
            }
        }
    }

    pub(super) fn push(&mut self, byte: u8) {
        if !byte.is_ascii_whitespace() {
            self.tail = [self.tail[1], byte];
        }
        match (self.quotes, byte) {
            (Quotes::Inside, b'"') => self.quotes = Quotes::Outside,
            (Quotes::Inside, b'\\') => self.quotes = Quotes::Escape,
            (Quotes::Escape, _) | (Quotes::Outside, b'"') => self.quotes = Quotes::Inside,
            (Quotes::Inside, _) => {}
            (_, b'{') => self.objects += 1,
            (_, b'[') => self.arrays += 1,
            (_, b']') => self.arrays = self.arrays.saturating_sub(1),
            (_, b'}') => self.objects = self.objects.saturating_sub(1),
            _ => {}
        }
    }

    /// No text goes on in the next line.
    fn end_line(&mut self) -> bool {
        if self.quotes == Quotes::Ignored {
            self.end_other_line();
        }
        let is_torn = matches!(self.quotes, Quotes::Inside | Quotes::Escape);
        if is_torn {
            self.quotes = Quotes::Outside;
        }
        !is_torn && !self.is_open()
    }

    /// A bracket in other words than JSON opens nothing: one line of a log would silence
    /// the feed. But a line may end as JSON that goes on, in an object or an array whose
    /// beginning is not known.
    fn end_other_line(&mut self) {
        match self.tail {
            [b'"' | 0, b':'] => self.objects = self.objects.max(1),
            [b'"' | b']' | b'}', b','] if !self.is_open() => self.arrays = 1,
            [_, b'{' | b'[' | b','] => {}
            _ => (self.objects, self.arrays) = (0, 0),
        }
        self.quotes = Quotes::Outside;
    }
}

/// A broken value in which the next ones may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct MaybeInside {
    /// The line where it begins.
    pub(super) value: u64,
    /// Else its line was torn, and the next value is inside only if a comma follows.
    pub(super) is_likely: bool,
    /// The next row may be a part as well, although no comma stands before it.
    pub(super) has_two: bool,
}

impl MaybeInside {
    /// Where the next value begins as a row.
    pub(super) fn after_row(self) -> Option<Self> {
        self.has_two.then_some(Self {
            has_two: false,
            ..self
        })
    }
}

/// The lines after the first one of a broken value that is still open.
#[derive(Debug)]
pub(super) struct Skipping {
    /// The line where the value begins.
    value: u64,
    /// The last line that is known to belong to it.
    last: u64,
    brackets: Brackets,
    /// What follows may be inside of it: its fault is in a later line than its beginning.
    is_over_lines: bool,
    /// It ended before a new row, and not with a bracket of its own.
    ends_before_row: bool,
    is_comma_missing: bool,
}

impl Skipping {
    /// After the first line, or `last`, of the value that begins in line `value`.
    pub(super) fn new(value: u64, last: u64, brackets: Brackets) -> Self {
        Self {
            value,
            last,
            brackets,
            is_over_lines: last > value,
            ends_before_row: false,
            is_comma_missing: false,
        }
    }

    /// As [`Self::new`], before the object of this fault that may be a row.
    pub(super) fn before_row(value: u64, last: u64, fault: &Fault) -> Self {
        let mut skipping = Self::new(value, last, fault.brackets);
        if fault.row.is_some() {
            skipping.is_over_lines |= fault.is_row_inside;
            skipping.is_comma_missing = fault.is_comma_missing;
        }
        skipping
    }

    /// The value, if it may go on with what follows. A torn line has its fault at its end;
    /// with a fault before that, a line that ends as JSON that goes on is not torn.
    pub(super) fn maybe_inside(&self) -> Option<MaybeInside> {
        let is_likely =
            self.is_over_lines || matches!(self.brackets.tail[1], b'[' | b'{' | b',' | b':');
        let is_open = is_likely || self.brackets.is_open();
        (self.ends_before_row && is_open).then_some(MaybeInside {
            value: self.value,
            is_likely,
            has_two: self.is_over_lines && self.is_comma_missing,
        })
    }

    /// A comma follows the bracket that ends it.
    pub(super) fn ends_with_comma(&self) -> bool {
        !self.ends_before_row && self.brackets.tail[1] == b','
    }

    /// Skips lines up to the next row, or to the end of the input.
    pub(super) fn skip<R: Read>(&mut self, input: &mut LineReader<R>) -> Result<(), BadRow> {
        while let Some(first) = input.peek()? {
            let line = input.line();
            if first == b'{' || (first == b'[' && second(input)? == Some(b'{')) {
                self.ends_before_row = true;
                break;
            }
            if first == b'}' && self.brackets.objects <= 1 {
                // An array in the object may have no end.
                self.brackets.arrays = 0;
            }
            let is_closed = self.brackets.take_line(input)?;
            if !matches!(first, b'\n' | b'\r') {
                self.last = line;
            }
            if is_closed && matches!(first, b'}' | b']') {
                break;
            }
        }
        Ok(())
    }

    /// What is reported of them, if there are any.
    pub(super) fn report(&self) -> Option<BadRow> {
        let problem = RowProblem::SkippedLines {
            last: self.last,
            value: self.value,
        };
        let first = self.value + 1;
        (first <= self.last).then(|| BadRow::new(first, problem))
    }
}

/// The byte after the next one.
fn second<R: Read>(input: &mut LineReader<R>) -> Result<Option<u8>, BadRow> {
    let line = input.line();
    let chunk = input.chunk()?;
    if chunk.len() > 1 {
        return Ok(Some(chunk[1]));
    }
    let first = chunk.first().copied();
    input.take(1);
    let second = input.peek()?;
    input.unread_to_line(first.as_slice(), line);
    Ok(second)
}

/// What is neither an object, nor an array, nor a text.
pub(super) struct OtherValue {
    /// Describes it.
    pub(super) problem: RowProblem,
    pub(super) brackets: Brackets,
    /// It is one word: a number, null, a name without quotes.
    pub(super) is_word: bool,
}

impl OtherValue {
    /// Takes the rest of the line; of an array up to a comma or the end, but in a feed
    /// only if it is a word.
    pub(super) fn take<R: Read>(
        is_top: bool,
        is_live: bool,
        input: &mut LineReader<R>,
    ) -> Result<Self, BadRow> {
        const MOST: usize = 1024;
        let line = input.line();
        let mut brackets = Brackets::NONE;
        if input.peek()? == Some(b':') {
            brackets.objects = 1;
        }
        let mut kept = Vec::new();
        let (mut taken, mut is_word, mut is_over) = (0, true, false);
        while let Some(byte) = input.peek()?
            && byte != b'\n'
        {
            if matches!(byte, b',' | b']') && !is_top && (is_word || !is_live) {
                break;
            }
            if taken == reader::MAX_SKIPPED {
                let problem = RowProblem::Endless(reader::MAX_SKIPPED);
                return Err(BadRow::new(line, problem));
            }
            if kept.len() < MOST {
                kept.push(byte);
            }
            brackets.push(byte);
            if byte.is_ascii_whitespace() {
                is_over = true;
            } else {
                is_word &= !is_over && is_of_word(byte);
            }
            taken += 1;
            input.take(1);
        }
        let problem = match reader::text(&kept) {
            Ok(text) => RowProblem::NotAMember(excerpt(text.trim())),
            Err(problem) if kept.len() < MOST => problem,
            Err(_) => RowProblem::NotAMember("this".into()),
        };
        Ok(Self {
            problem,
            brackets,
            is_word,
        })
    }
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-+.'".contains(&byte)
}

/// Whether a broken value, with the bytes after it, is `{user1,user2}`: names
/// without any quote or colon.
pub(super) fn is_bare_names(start: &[u8], rest: &[u8]) -> bool {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"{},_-. \r".contains(byte);
    let line = || start.iter().chain(rest).take_while(|byte| **byte != b'\n');
    let is_template = line().take(2).all(|byte| *byte == b'{');
    start.starts_with(b"{")
        && !is_template
        && line().all(is_name)
        && line().any(|byte| *byte == b'}')
}
