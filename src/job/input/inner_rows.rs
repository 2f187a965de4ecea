//! Rows of a table that are lost in a quoted cell of several lines, because its quotes
//! are characters of two rows.

use std::fmt;
use std::ops::RangeInclusive;

use super::cells::{OpenQuote, QuoteState};

/// Most doubtful rows of a list that are kept.
const MOST_KEPT: usize = 20;

/// A row of the table that a quoted cell of several lines may have swallowed, because
/// its quotes are characters of two rows. Lines are counted from that of the record,
/// which is 0.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct InnerRow {
    /// Where the quote is opened.
    pub(super) quote: u64,
    pub(super) line: u64,
    /// The last of several.
    pub(super) last: u64,
    /// Otherwise the lines may be a text as well.
    pub(super) is_certain: bool,
}

/// A row with a quoted cell of several lines that would be rows by themselves, and may be
/// a text. It is read as a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DoubtfulRow {
    /// Where the quote is opened.
    pub(super) line: u64,
    /// None for the header.
    pub(super) user: Option<String>,
    /// How many lines it has.
    pub(super) lines: usize,
    /// The lines that would be rows, from the first to the last.
    pub(super) inner: RangeInclusive<u64>,
}

/// The doubtful rows of a list.
#[derive(Debug, Default)]
pub(crate) struct DoubtfulRows {
    /// The first 20.
    pub(crate) first: Vec<DoubtfulRow>,
    pub(crate) total: usize,
}

impl DoubtfulRows {
    pub(super) fn add(&mut self, row: Option<DoubtfulRow>) {
        self.total += usize::from(row.is_some());
        if self.first.len() < MOST_KEPT {
            self.first.extend(row);
        }
    }
}

/// As `LINE: what`. Whoever reports it puts the list's name in front.
impl fmt::Display for DoubtfulRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = (self.inner.start(), self.inner.end());
        let (inner, remedy) = match last - first {
            0 => (
                format!("line {first} would be a row by itself"),
                "if it is a row, correct the quotes",
            ),
            more => (
                format!(
                    "lines {first} {} {last} would be rows by themselves",
                    if more == 1 { "and" } else { "to" }
                ),
                "if they are rows, correct the quotes",
            ),
        };
        let row = match &self.user {
            Some(user) => format!("the row of {user}"),
            None => "the header".to_owned(),
        };
        let Self { line, lines, .. } = self;
        write!(f, "{line}: {row} has {lines} lines, and {inner}; {remedy}")
    }
}

impl InnerRow {
    /// The first line that would be a row by itself, and whose user is inside of a quoted
    /// cell of several lines. In
    ///
    /// ```text
    /// user,reason
    /// u1,"5 inch
    /// u2, spam
    /// u3,tall 5"
    /// ```
    ///
    /// the lines of `u2` and `u3` are inside of the cell that begins in the line of `u1`.
    /// That of `u3` is found: it can only be a row. That of `u2` may be a sentence, as
    /// `Bye, admin`. If all such lines may be sentences, the first of them is found only if
    ///
    /// - every line would be a row, and no quote is written twice, as only quoting does;
    ///   but the line where the cell begins may be any text if the name found is not a word;
    /// - two of these names are inside of the cell; or one, if it is not a word and stands
    ///   in the line where the cell begins, as in `"5 inch, u2`;
    /// - one of these names is not a word, or `own` is one: the names of a list are of one
    ///   kind.
    ///
    /// A word is a name without a digit and without `_`.
    ///
    /// What is left may be a row or a text: it is not certain if every line would be a row.
    ///
    /// `own` is the user of the record; None for a header and for a record of another
    /// width. `is_name` is asked about the cell at `user`.
    pub(super) fn find(
        record: &str,
        delimiter: u8,
        width: usize,
        user: usize,
        own: Option<&str>,
        is_name: impl Fn(&str) -> bool,
    ) -> Option<Self> {
        let mut state = QuoteState::CellStart;
        let mut quote = OpenQuote::default();
        let (mut would_be_rows, mut is_first_row) = (true, true);
        let (mut sentence, mut inside) = (None, Vec::new());
        let (mut is_last_exact, mut is_last_alone) = (false, false);
        let mut are_words = true;
        for (number, text) in (0..).zip(record.split_inclusive('\n')) {
            let before = quote.line;
            let line = LiteralLine::split(text, number, delimiter, &mut state, &mut quote);
            if text.trim().is_empty() {
                continue;
            }
            let name = line.name(user).filter(|name| is_name(name));
            let is_exact = name.is_some() && line.has_width(width);
            would_be_rows &= !line.has_escape;
            let is_row = is_exact || name.is_some() && number > 0 && line.cells.len() > width;
            if number == 0 {
                is_first_row = is_row || own.is_none() && line.has_width(width);
            } else {
                would_be_rows &= is_row;
            }
            if is_row && line.is_inside(user) {
                inside.push(number);
                are_words &= name.is_some_and(is_word);
            }
            is_last_exact = is_exact;
            is_last_alone = line.cells.len() == width;
            let Some(name) = name.filter(|_| is_exact && line.is_inside(user)) else {
                continue;
            };
            let found = Self {
                quote: if user < line.inside { before } else { number },
                line: number,
                last: number,
                is_certain: true,
            };
            if !line.is_sentence() {
                return Some(found);
            }
            sentence = sentence.or(Some((found, is_word(name))));
        }
        let (found, is_word) = sentence?;
        let is_enough = inside.len() > 1 || (found.line == 0 && !is_word);
        let all_are_rows = would_be_rows && is_last_exact && (is_first_row || !is_word);
        let is_one_kind = !are_words || own.is_none_or(self::is_word);
        if is_enough && all_are_rows && is_one_kind {
            return Some(found);
        }
        let may_be_rows = would_be_rows && is_first_row && is_last_alone;
        may_be_rows.then_some(Self {
            line: *inside.first()?,
            last: *inside.last()?,
            is_certain: false,
            ..found
        })
    }
}

/// Whether a text is more likely to begin with it than a row.
fn is_word(name: &str) -> bool {
    !name.contains(|c: char| c.is_ascii_digit() || c == '_')
}

/// A line of a record as it would be read if the quotes of cells that reach into other
/// lines were characters.
#[derive(Debug)]
struct LiteralLine<'a> {
    cells: Vec<&'a str>,
    /// So many cells at its start are, at least partly, in the cell that an earlier
    /// line opened.
    inside: usize,
    /// The cell whose quote a later line closes.
    opens_at: Option<usize>,
    /// A quote in a quoted cell is written twice.
    has_escape: bool,
}

impl<'a> LiteralLine<'a> {
    /// Continues `state` and `quote` over the line.
    fn split(
        line: &'a str,
        number: u64,
        delimiter: u8,
        state: &mut QuoteState,
        quote: &mut OpenQuote,
    ) -> Self {
        let was_open = *state == QuoteState::Quoted;
        let mut closed = if was_open { line.len() } else { 0 };
        let mut opened = line.len();
        // Where delimiters stand, and whether each separates cells.
        let mut delimiters = Vec::new();
        let mut has_escape = false;
        for (at, byte) in line.bytes().enumerate() {
            let before = *state;
            *state = quote.after_line(before, number, &[byte], delimiter);
            match (before, *state) {
                (QuoteState::CellStart, QuoteState::Quoted) => opened = at,
                (QuoteState::AfterQuote, QuoteState::Quoted) => has_escape = true,
                (_, QuoteState::CellStart) => closed = closed.min(at),
                _ => {}
            }
            if byte == delimiter {
                delimiters.push((at, *state == QuoteState::CellStart));
            }
        }
        let is_open = *state == QuoteState::Quoted && opened < line.len();
        let opened = if is_open { opened } else { line.len() };
        delimiters.retain(|(at, separates)| *separates || *at < closed || *at > opened);
        let (mut cells, mut start) = (Vec::new(), 0);
        for (at, _) in &delimiters {
            cells.push(&line[start..*at]);
            start = at + 1;
        }
        cells.push(&line[start..]);
        let before = |end: usize| delimiters.iter().filter(|(at, _)| *at < end).count();
        Self {
            cells,
            inside: if was_open { before(closed) + 1 } else { 0 },
            opens_at: is_open.then(|| before(opened)),
            has_escape,
        }
    }

    /// The cell at `user`, without what surrounds a name.
    fn name(&self, user: usize) -> Option<&'a str> {
        let cell = self.cells.get(user)?;
        Some(cell.trim_matches(['"', ' ', '\t', '\r', '\n']))
    }

    fn has_width(&self, width: usize) -> bool {
        self.cells.len() == width || self.inside == width
    }

    /// Whether this cell is in a cell of several lines.
    fn is_inside(&self, cell: usize) -> bool {
        cell < self.inside || self.opens_at.is_some_and(|opened| cell >= opened)
    }

    /// Whether it may be a line of a text: white space follows a separator inside of a cell
    /// of several lines, or the only one is followed by the end of the line (`Regards,`).
    fn is_sentence(&self) -> bool {
        let is_later = |at: usize| {
            (1..self.inside).contains(&at) || self.opens_at.is_some_and(|opened| at > opened)
        };
        let is_blank = |c: char| c.is_whitespace() && !matches!(c, '\r' | '\n');
        let cells = self.cells.iter().enumerate();
        let mut later = cells.filter(|(at, _)| is_later(*at)).map(|(_, cell)| *cell);
        let has_blank = later.clone().any(|cell| cell.starts_with(is_blank));
        has_blank || matches!((later.next(), later.next()), (Some("\n" | "\r\n"), None))
    }
}
