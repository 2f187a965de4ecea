//! The formats `csv` and `tsv`: RFC 4180, with a header or with columns named
//! elsewhere.
//!
//! Rows are put together here, line by line, so that a quote that is never
//! closed costs one row and no memory, and so that each row knows its line;
//! what quotes mean inside a row is `csv_core`'s to say.

use std::io::Read;

use super::cells::{Cells, QuoteState};
use super::columns::{Column, Columns};
use super::problem::{BadRow, RowProblem};
use super::reader::{self, LineReader, MAX_BYTES};
use super::row::{self, Row, ValueCache};

/// A table and how far it is read.
#[derive(Debug)]
pub(super) struct CsvReader {
    delimiter: u8,
    columns: Option<Columns>,
    /// Columns were named, so a header is out of place.
    named: bool,
    begun: bool,
    record: Vec<u8>,
    cells: Cells,
}

impl CsvReader {
    pub(super) fn new(delimiter: u8, columns: Option<Columns>) -> Self {
        Self {
            delimiter,
            named: columns.is_some(),
            columns,
            begun: false,
            record: Vec::new(),
            cells: Cells::new(delimiter),
        }
    }

    /// The next row; the header is taken in on the way to the first.
    pub(super) fn next<R: Read>(
        &mut self,
        input: &mut LineReader<R>,
        cache: &mut ValueCache,
    ) -> Option<Result<Row, BadRow>> {
        loop {
            let line = match self.gather(input)? {
                Ok(line) => line,
                Err(bad) => return Some(Err(bad)),
            };
            match self.row(line, cache) {
                Ok(None) => {}
                Ok(Some(row)) => return Some(Ok(row)),
                Err(problem) => return Some(Err(BadRow { line, problem })),
            }
        }
    }

    /// Puts the next record together, from as many lines as its quotes ask
    /// for. The number of its first line, or None at the end.
    fn gather<R: Read>(&mut self, input: &mut LineReader<R>) -> Option<Result<u64, BadRow>> {
        self.record.clear();
        let mut first = None;
        let mut at = QuoteState::CellStart;
        loop {
            let (number, bytes) = match (input.next_line(), first) {
                (None, None) => return None,
                (Some(Ok(found)), _) => found,
                (Some(Err(bad)), None) => return Some(Err(bad)),
                (Some(Err(bad)), Some(_)) if bad.problem.ends_list() => return Some(Err(bad)),
                // Whatever is wrong with this line, the row cannot be mended.
                (None | Some(Err(_)), Some(line)) => return Some(Err(open_quote(line))),
            };
            let line = *first.get_or_insert(number);
            if self.record.len() + bytes.len() > MAX_BYTES + 2 {
                return Some(Err(open_quote(line)));
            }
            self.record.extend_from_slice(bytes);
            let step = |at: QuoteState, byte: &u8| at.after(*byte, self.delimiter);
            at = bytes.iter().fold(at, step);
            match at {
                QuoteState::Quoted => {}
                QuoteState::AfterBadQuote => {
                    let problem = RowProblem::TextAfterQuote;
                    return Some(Err(BadRow { line, problem }));
                }
                QuoteState::CellStart | QuoteState::Unquoted | QuoteState::AfterQuote => {
                    return Some(Ok(line));
                }
            }
        }
    }

    /// The row of the record, if it has one.
    fn row(&mut self, line: u64, cache: &mut ValueCache) -> Result<Option<Row>, RowProblem> {
        let text = reader::text(reader::without_end(&self.record))?;
        // Nothing but separators is what spreadsheets leave of deleted rows.
        if text.bytes().all(|byte| byte == self.delimiter) {
            return Ok(None);
        }
        self.cells.split(text)?;
        let is_first = !std::mem::replace(&mut self.begun, true);
        let Some(columns) = &self.columns else {
            let columns = Columns::from_header(&self.cells.iter());
            self.columns = Some(columns.map_err(RowProblem::Header)?);
            return Ok(None);
        };
        if is_first && self.named && is_header(&self.cells) {
            return Err(RowProblem::HeaderAndColumns);
        }
        let (cells, columns_count) = (self.cells.len(), columns.width());
        if cells != columns_count {
            return Err(RowProblem::Ragged {
                cells,
                columns: columns_count,
            });
        }
        let [room, user, reason] = columns.pick(|at| self.cells.get(at));
        if user.is_empty() {
            return Err(RowProblem::NoUser);
        }
        Ok(Some(Row {
            line,
            room: cache.room(room)?,
            user: row::user(user)?,
            reason: cache.reason(reason)?,
        }))
    }
}

/// Nothing but names of columns, the users' among them.
fn is_header(cells: &Cells) -> bool {
    let mut names = cells.iter().map(Column::named);
    names.clone().all(|name| name.is_some()) && names.any(|name| name == Some(Column::User))
}

fn open_quote(line: u64) -> BadRow {
    BadRow {
        line,
        problem: RowProblem::OpenQuote,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, Rows};
    use super::*;

    fn read_with(input: &str, columns: Option<&str>) -> Vec<String> {
        let columns = columns.map(|names| Columns::parse(names).expect("columns"));
        let rows = Rows::new(input.as_bytes(), Some(Format::Csv), columns);
        rows.map(|row| match row {
            Err(bad) => bad.to_string(),
            Ok(row) => {
                let room = row.room.map(|room| room.to_string());
                let reason = row.reason.map(|reason| reason.to_string());
                format!(
                    "{}={}/{}/{}",
                    row.line,
                    room.as_deref().unwrap_or("-"),
                    row.user,
                    reason.as_deref().unwrap_or("-"),
                )
            }
        })
        .collect()
    }

    fn read(input: &str) -> Vec<String> {
        read_with(input, None)
    }

    #[test]
    fn the_header_says_where_values_stand_and_empty_cells_are_not_given() {
        assert_eq!(
            read("reason,id,user,room\nspam,1,alice,r\n,2,bob,\n"),
            ["2=r/alice/spam", "3=-/bob/-"]
        );
        assert_eq!(read("user\nalice\n\nbob"), ["2=-/alice/-", "4=-/bob/-"]);
    }

    #[test]
    fn quotes_are_those_of_rfc_4180() {
        assert_eq!(
            read("\"room\",user,reason\n\"r,1\",\" a \",\"say \"\"hi\"\"\nthere\"\nr,b,x\n"),
            ["2=r,1/ a /say \"hi\"\nthere", "4=r/b/x"]
        );
    }

    #[test]
    fn tabs_separate_in_tsv_only() {
        let input = "room\tuser\nr\ta,b\n";
        let rows = Rows::new(input.as_bytes(), Some(Format::Tsv), None);
        let users: Vec<String> = rows
            .map(|row| row.expect("good").user.to_string())
            .collect();
        assert_eq!(users, ["a,b"]);
        assert!(read(input)[0].contains("no column is called user"));
    }

    #[test]
    fn a_quote_that_is_never_closed_names_the_line_where_it_began() {
        let said = "3: a quote is opened here and never closed";
        assert_eq!(read("user,room\na,r\nb,\"r\nc,r\n"), ["2=r/a/-", said]);
        let long = format!("user\na\n\"{}\nz\n", "b\n".repeat(40_000));
        let rows = read(&long);
        assert_eq!(rows[1], said);
        assert_eq!(rows.last().map(String::as_str), Some("40004=-/z/-"));
        assert_eq!(read("user,room\na,r\nx\",\"y\nb,r\n"), ["2=r/a/-", said]);
    }

    #[test]
    fn a_quote_inside_a_bare_cell_is_a_character_and_text_behind_a_quote_is_bad() {
        assert_eq!(
            read("user,room\n5\" tall,r\n\"a\"b,r\n\"c\" ,r\nd,r\n"),
            [
                "2=r/5\" tall/-",
                "3: has text behind a closing quote",
                "4: has text behind a closing quote",
                "5=r/d/-"
            ]
        );
    }

    #[test]
    fn ragged_rows_are_bad() {
        assert_eq!(
            read("room,user\nr\nr,a\nr,a,x\n"),
            ["2: has 1 of 2 cells", "3=r/a/-", "4: has 3 of 2 cells"]
        );
    }

    #[test]
    fn a_row_of_empty_cells_is_blank_and_one_without_a_user_is_bad() {
        assert_eq!(
            read("room,user,reason\n,,\nr,,x\nr,\"\",x\n"),
            ["3: names no user", "4: names no user"]
        );
    }

    #[test]
    fn a_cr_alone_is_no_line_end() {
        assert_eq!(
            read("user\na\rb\nc\n"),
            [
                "2: has a line break outside of quotes, a CR without LF",
                "3=-/c/-"
            ]
        );
    }

    #[test]
    fn a_header_that_cannot_be_used_ends_the_list() {
        assert_eq!(read("user,USER\na,b\n"), ["1: two columns hold the user"]);
        let none = read("room-test,user1\nroom-test,user2\n");
        assert_eq!(none.len(), 1);
        assert!(none[0].starts_with("1: no column is called user or Member_Account"));
    }

    #[test]
    fn columns_can_be_named_where_there_is_no_header() {
        assert_eq!(
            read_with("r,a,x,1\n,b,,2\n", Some("room,user,reason,-")),
            ["1=r/a/x", "2=-/b/-"]
        );
        assert_eq!(
            read_with("RoomId,Member_Account\nr,a\n", Some("room,user")),
            ["1: is a header: leave --columns out"]
        );
        assert_eq!(
            read_with("r,a\nroom,user\n", Some("room,user")),
            ["1=r/a/-", "2=room/user/-"]
        );
    }

    #[test]
    fn values_the_service_would_not_take_are_bad_rows() {
        let rows = read(&format!(
            "room,user,reason\n房,a,x\nr,b\u{7f},x\nr,c,{}\n",
            "x".repeat(1001)
        ));
        assert!(rows[0].starts_with("2: room \"房\": "), "{}", rows[0]);
        assert!(rows[1].starts_with("3: user \"b\\u{7f}\": "), "{}", rows[1]);
        assert!(rows[2].starts_with("4: reason: 1001 of 1000 bytes"));
    }

    #[test]
    fn a_byte_order_mark_inside_the_list_is_a_character() {
        let rows = read("user\n\u{feff}a\n");
        assert!(
            rows[0].starts_with("2: user \"\\u{feff}a\": "),
            "{}",
            rows[0]
        );
    }
}
