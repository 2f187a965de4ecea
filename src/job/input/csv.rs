//! The formats `csv` and `tsv`: RFC 4180, with a header or with `--columns`.
//! [`super::separator`] finds what separates the cells.
//!
//! The lines of a row are collected here, so that a quote that is never closed
//! costs one row and bounded memory, and so that each row knows its line. In a feed a
//! row is one line: a stray quote must not hold the rows after it for ever. Those that may
//! be part of its text are bad rows ([`super::open_text`]).
//! [`super::cells`] unquotes the cells, one record at a time.

use std::io::Read;

use super::cells::{Cells, OpenQuote, QuoteState};
use super::column_words::{has_room_word, is_user_column};
use super::inner_rows::{DoubtfulRow, DoubtfulRows, InnerRow};
use super::layout::{Column, Columns, Format, Layout};
use super::open_text::{self, NextLine, OpenText};
use super::problem::RowProblem;
use super::reader::{self, LineReader, MAX_BYTES};
use super::row::{self, AfterBadRow, BadRow, Row, RowParts, ValueCache};
use super::separator::{FirstLine, SEPARATORS, excel_separator};

/// Names of columns that are ignored.
const OTHER_COLUMNS: [&str; 4] = ["note", "notes", "comment", "time"];

/// Where the delimiter comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DelimiterFrom {
    /// The format: the first line was not read yet.
    Format,
    Flag,
    /// Excel's line `sep=`.
    Line,
}

#[derive(Debug)]
pub(super) struct CsvReader {
    delimiter: u8,
    delimiter_from: DelimiterFrom,
    format: Format,
    is_live: bool,
    columns: Option<Columns>,
    /// The names in the header, if it has one.
    header: Vec<String>,
    /// A row or the header was read.
    is_begun: bool,
    /// Without a usable header no row can be read.
    is_over: bool,
    record: Vec<u8>,
    cells: Cells,
    /// In a feed, of the bad row before.
    open_text: Option<OpenText>,
    pub(super) doubtful: DoubtfulRows,
}

impl CsvReader {
    /// Takes the columns of the layout.
    pub(super) fn new(format: Format, layout: &mut Layout, is_live: bool) -> Self {
        let delimiter = layout.delimiter;
        let usual = if format == Format::Tsv { b'\t' } else { b',' };
        Self {
            delimiter: delimiter.unwrap_or(usual),
            delimiter_from: match delimiter {
                Some(_) => DelimiterFrom::Flag,
                None => DelimiterFrom::Format,
            },
            format,
            is_live,
            columns: layout.columns.take(),
            header: Vec::new(),
            is_begun: false,
            is_over: false,
            record: Vec::new(),
            cells: Cells::new(delimiter.unwrap_or(usual)),
            open_text: None,
            doubtful: DoubtfulRows::default(),
        }
    }

    /// Whether the rest of the input is not read.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// The next row. Reads the header before the first.
    pub(super) fn next<R: Read>(
        &mut self,
        input: &mut LineReader<R>,
        cache: &mut ValueCache,
    ) -> Option<Result<Row, BadRow>> {
        if let Some(bad) = self.read_part(input) {
            return Some(Err(bad));
        }
        if self.is_over {
            return None;
        }
        if !self.is_begun
            && let Err(bad) = self.read_first_line(input)?
        {
            self.is_over = self.columns.is_none();
            return Some(Err(bad));
        }
        while !self.is_over {
            let line = match self.read_record(input)? {
                Ok(line) => line,
                Err(bad) => {
                    self.is_over = self.columns.is_none();
                    return Some(Err(bad));
                }
            };
            match self.row(line, cache) {
                Ok(None) => {}
                Ok(Some(row)) => return Some(Ok(row)),
                Err(bad) => {
                    self.is_over = self.columns.is_none();
                    return Some(Err(bad));
                }
            }
        }
        None
    }

    /// Finds the delimiter in the first line that is not blank, and takes Excel's
    /// line `sep=;`. None at the end.
    fn read_first_line<R: Read>(
        &mut self,
        input: &mut LineReader<R>,
    ) -> Option<Result<(), BadRow>> {
        loop {
            let (line, bytes) = match input.next_line()? {
                Ok(found) => found,
                Err(bad) => return Some(Err(bad)),
            };
            let text = reader::without_end(bytes);
            if text.iter().copied().all(is_empty_row_byte) {
                continue;
            }
            if let Some(separator) = excel_separator(text) {
                if self.delimiter_from == DelimiterFrom::Format {
                    self.set_delimiter(separator);
                    self.delimiter_from = DelimiterFrom::Line;
                }
                continue;
            }
            // A text in another encoding is reported with the record.
            if let Ok(text) = reader::text(text) {
                if is_json(text) {
                    return Some(Err(BadRow::new(line, RowProblem::LooksLikeJson)));
                }
                let first = FirstLine {
                    text,
                    columns: self.columns.as_ref(),
                    is_tsv: self.format == Format::Tsv,
                    delimiter: self.delimiter,
                };
                let found = match self.delimiter_from {
                    DelimiterFrom::Format => first.find_delimiter(),
                    from => {
                        let is_in_list = from == DelimiterFrom::Line;
                        first.check_delimiter(is_in_list).map(|()| self.delimiter)
                    }
                };
                match found {
                    Ok(delimiter) => self.set_delimiter(delimiter),
                    Err(problem) => {
                        return Some(Err(BadRow::new(line, RowProblem::Header(problem))));
                    }
                }
            }
            input.unread_line();
            return Some(Ok(()));
        }
    }

    fn set_delimiter(&mut self, delimiter: u8) {
        self.delimiter = delimiter;
        self.cells = Cells::new(delimiter);
    }

    /// Collects the lines of the next record. Returns the number of the first, or
    /// None at the end.
    fn read_record<R: Read>(&mut self, input: &mut LineReader<R>) -> Option<Result<u64, BadRow>> {
        self.record.clear();
        let mut first = None;
        let mut state = QuoteState::CellStart;
        let mut quote = OpenQuote::default();
        loop {
            let (number, bytes) = match (input.next_line(), first) {
                (None, None) => return None,
                (Some(Ok(found)), _) => found,
                (Some(Err(bad)), None) => return Some(Err(bad)),
                (Some(Err(bad)), Some(_)) if bad.ends_list(false) => return Some(Err(bad)),
                // With this line bad or missing, the quote stays open.
                (None | Some(Err(_)), Some(_)) => return Some(Err(self.open_quote(quote.line))),
            };
            let line = *first.get_or_insert(number);
            if self.record.len() + bytes.len() > MAX_BYTES + 2 {
                return Some(Err(self.open_quote(quote.line.max(line))));
            }
            self.record.extend_from_slice(bytes);
            state = quote.after_line(state, number, bytes, self.delimiter);
            match state {
                QuoteState::Quoted if self.is_live => {
                    return Some(Err(self.open_text(self.open_quote(line))));
                }
                QuoteState::Quoted if self.format == Format::Tsv => {
                    return Some(Err(self.open_quote(quote.line)));
                }
                QuoteState::Quoted => {}
                QuoteState::AfterBadQuote => {
                    let is_open = self.is_live && open_text::is_left_open(bytes, self.delimiter);
                    let bad = BadRow::new(line, RowProblem::TextAfterQuote);
                    return Some(Err(if is_open { self.open_text(bad) } else { bad }));
                }
                QuoteState::CellStart | QuoteState::Unquoted | QuoteState::AfterQuote => {
                    return Some(Ok(line));
                }
            }
        }
    }

    /// The bad row of a feed whose text may go on in the lines after it.
    fn open_text(&mut self, mut bad: BadRow) -> BadRow {
        // Without a header nothing after it is read.
        if self.columns.is_some() {
            self.open_text = Some(OpenText::new(bad.line));
            bad.after = AfterBadRow::DoubtfulLines;
        }
        bad
    }

    /// The next line that may be part of an open text. None where the text is over.
    fn read_part<R: Read>(&mut self, input: &mut LineReader<R>) -> Option<BadRow> {
        while let Some(text) = &mut self.open_text {
            let (line, bytes) = match input.next_line() {
                Some(Ok(found)) => found,
                Some(Err(bad)) => {
                    // It is longer than a text may be, or the feed ends there.
                    self.open_text = None;
                    return Some(bad);
                }
                None => {
                    self.is_over = true;
                    return None;
                }
            };
            let (delimiter, columns) = (self.delimiter, self.columns.as_ref());
            let next = text.add_line(bytes, delimiter, columns, &mut self.cells);
            let mut bad = BadRow::new(line, RowProblem::PerhapsText(text.line));
            match next {
                NextLine::Row => {
                    self.open_text = None;
                    input.unread_line();
                    return None;
                }
                NextLine::Part { is_last: true } => self.open_text = None,
                NextLine::Part { is_last: false } => bad.after = AfterBadRow::DoubtfulLines,
            }
            if !bytes.trim_ascii().is_empty() {
                return Some(bad);
            }
        }
        None
    }

    fn open_quote(&self, line: u64) -> BadRow {
        let in_tsv = self.format == Format::Tsv;
        let in_list = RowProblem::OpenQuote { in_tsv };
        let in_feed = RowProblem::OpenQuoteInFeed;
        BadRow::new(line, if self.is_live { in_feed } else { in_list })
    }

    /// A quote that is a character of one row and of a later one encloses the rows
    /// between them. Returns a row of which nobody can know that.
    fn check_inner_rows(
        &self,
        first: u64,
        text: &str,
        is_header: bool,
    ) -> Result<Option<DoubtfulRow>, BadRow> {
        let Some(columns) = self.columns.as_ref().filter(|_| text.contains('\n')) else {
            return Ok(None);
        };
        let is_name = |cell: &str| row::user_name(cell, false).is_ok();
        let (width, user) = (columns.width(), columns.user());
        let is_row = !is_header && self.cells.len() == width;
        let own = is_row.then(|| self.cells.get(user));
        match InnerRow::find(text, self.delimiter, width, user, own, is_name) {
            Some(found) if found.is_certain => Err(BadRow::new(
                first + found.quote,
                RowProblem::InnerRow(first + found.line),
            )),
            Some(found) => Ok(Some(DoubtfulRow {
                line: first + found.quote,
                user: own.map(str::to_owned),
                lines: text.lines().count(),
                inner: first + found.line..=first + found.last,
            })),
            None => Ok(None),
        }
    }

    /// The row of the record; None for a header or a blank one.
    fn row(&mut self, line: u64, cache: &mut ValueCache) -> Result<Option<Row>, BadRow> {
        let bad = |problem| BadRow::new(line, problem);
        let text = reader::text(reader::without_end(&self.record)).map_err(bad)?;
        // Spreadsheets write deleted rows as separators only.
        let is_empty = |byte: u8| byte == self.delimiter || matches!(byte, b' ' | b'\t');
        if text.bytes().all(is_empty) {
            return Ok(None);
        }
        self.cells.split(text).map_err(bad)?;
        let is_first = !std::mem::replace(&mut self.is_begun, true);
        let Some(columns) = &self.columns else {
            let columns = Columns::from_header(&self.cells.iter());
            self.columns = Some(columns.map_err(|why| bad(RowProblem::Header(why)))?);
            self.header = self.cells.iter().map(str::to_owned).collect();
            let doubtful = self.check_inner_rows(line, text, true)?;
            self.doubtful.add(doubtful);
            return Ok(None);
        };
        // Columns that are known before the first record are those of a flag.
        if is_first && let Some(is_known) = header_names(&self.cells, columns) {
            return Err(bad(RowProblem::HeaderAndColumns { is_known }));
        }
        let doubtful = self.check_inner_rows(line, text, false)?;
        self.doubtful.add(doubtful);
        if self.cells.len() != columns.width() {
            return Err(bad(RowProblem::Ragged {
                cells: self.cells.len(),
                columns: columns.width(),
            }));
        }
        let [room, user, reason] = columns.pick(|at| self.cells.get(at));
        if columns.is_header_again(room, user) || is_other_header(user, &self.cells, &self.header) {
            return Err(bad(RowProblem::RepeatedHeader));
        }
        let mut parts = RowParts::default();
        parts.add_room(cache.room_cell(room));
        let user = parts.keep(if user.is_empty() {
            Err(RowProblem::NoUser)
        } else {
            row::user_name(user, false)
        });
        parts.add_reason(cache.reason_cell(reason));
        match user {
            Some(user) if parts.problems.is_empty() => Ok(Some(Row {
                line,
                room: parts.room,
                user,
                reason: parts.reason,
            })),
            _ => Err(parts.into_bad_row(line)),
        }
    }
}

/// A byte of a line that has no values: `;;;`.
fn is_empty_row_byte(byte: u8) -> bool {
    SEPARATORS.contains(&byte) || byte == b' '
}

fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    let rest = text.strip_prefix(['{', '[']).map(str::trim_start);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['"', '{', '[']))
}

/// Whether the first row below `--columns` is a header; if so, whether a table may
/// have it.
fn header_names(cells: &Cells, columns: &Columns) -> Option<bool> {
    let mut names = cells.iter().map(Column::named);
    if names.clone().all(|name| name.is_some()) && names.any(|name| name == Some(Column::User)) {
        return Some(true);
    }
    let in_row = cells.len() == columns.width();
    let [_, user, _] = columns.pick(|at| if in_row { cells.get(at) } else { "" });
    is_user_column(user).then_some(false)
}

/// Whether a row is the header of another list, in another order or letter case:
/// its user and one more cell are names of columns.
fn is_other_header(user: &str, cells: &Cells, header: &[String]) -> bool {
    let is_name = |cell: &str| {
        let is = |name: &str| name.eq_ignore_ascii_case(cell);
        !cell.is_empty()
            && (OTHER_COLUMNS.into_iter().any(is)
                || header.iter().any(|name| is(name))
                || Column::spelled_otherwise(cell).is_some()
                || is_user_column(cell)
                || has_room_word(cell))
    };
    is_name(user) && cells.iter().filter(|cell| is_name(cell)).count() > 1
}
