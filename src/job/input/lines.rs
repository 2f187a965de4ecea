//! The format `lines`: one `UserID` a line. Blank lines and lines that begin with
//! `#` are skipped.
//!
//! This is the format where neither a flag nor the file's name names one, so it
//! must notice every other: a table read as lines would ask for members called
//! `room-1,alice`.

use std::io::Read;

use super::layout::{Column, Format};
use super::names;
use super::not_a_name::NotAName;
use super::problem::RowProblem;
use super::reader::LineReader;
use super::row::{self, BadRow, Row};
use crate::secret::excerpt;

#[derive(Debug, Default)]
pub(super) struct UserLines {
    /// A row was read.
    is_begun: bool,
    /// The line of the first row, as long as every row has two words.
    of_two_words: Option<u64>,
    rows: u64,
}

impl UserLines {
    /// The next row.
    pub(super) fn next<R: Read>(
        &mut self,
        input: &mut LineReader<R>,
    ) -> Option<Result<Row, BadRow>> {
        loop {
            let (line, text) = match input.next_text() {
                Some(Ok(found)) => found,
                Some(Err(bad)) => return Some(Err(bad)),
                None => return self.end().map(Err),
            };
            match self.row(line, text) {
                Ok(None) => {}
                Ok(Some(row)) => return Some(Ok(row)),
                Err(problem) => {
                    let mut bad = BadRow::new(line, problem);
                    (bad.needs_room, bad.needs_reason) = (true, true);
                    return Some(Err(bad));
                }
            }
        }
    }

    /// Where every row has two words, they are the columns of a table.
    fn end(&mut self) -> Option<BadRow> {
        let first = self.of_two_words.take().filter(|_| self.rows > 1)?;
        Some(BadRow::new(first, RowProblem::TwoWords))
    }

    /// The row of one line, if it has one.
    fn row(&mut self, line: u64, text: &str) -> Result<Option<Row>, RowProblem> {
        if is_skipped(text) {
            return Ok(None);
        }
        if !std::mem::replace(&mut self.is_begun, true) {
            check_header(text)?;
        }
        let user = row::user_name(text, true);
        self.rows += 1;
        if self.rows == 1 || self.of_two_words.is_some() {
            let has_words = user.as_ref().is_ok_and(|user| user.as_str().contains(' '));
            let first = self.of_two_words.unwrap_or(line);
            self.of_two_words = has_words.then_some(first);
        }
        let user = user.map_err(|problem| match problem {
            RowProblem::NotAName {
                why: NotAName::Separator(separator),
                ..
            } => RowProblem::LooksLike {
                format: format_of(separator),
                separator,
                has_header: false,
            },
            other => other,
        })?;
        Ok(Some(Row {
            line,
            room: None,
            user,
            reason: None,
        }))
    }
}

/// Whether the line is blank or a comment. A spreadsheet's `#N/A` was a name.
fn is_skipped(text: &str) -> bool {
    if !text.starts_with([' ', '\t', '#']) {
        return text.is_empty();
    }
    let trimmed = text.trim_matches([' ', '\t']);
    match trimmed.bytes().next() {
        None => true,
        Some(b'#') => !names::is_spreadsheet_error(trimmed),
        Some(_) => false,
    }
}

/// A first line that names columns is a header, of a table or of one column.
fn check_header(text: &str) -> Result<(), RowProblem> {
    let name = |cell: &str| {
        cell.trim_matches(|c: char| c.is_whitespace() || c == '"')
            .to_owned()
    };
    let is_user = |cell: &str| {
        Column::named(&name(cell)) == Some(Column::User) || names::is_user_column(&name(cell))
    };
    let is_column = |cell: &str| is_user(cell) || Column::nearly(&name(cell)).is_some();
    for separator in ['\t', ';', ',', '|'] {
        if text.contains(separator) && text.split(separator).any(is_user) {
            return Err(RowProblem::LooksLike {
                format: format_of(separator),
                separator,
                has_header: true,
            });
        }
    }
    if let Some(separator) = text.strip_prefix("sep=") {
        return Err(RowProblem::LooksLike {
            format: Format::Csv,
            separator: separator.chars().next().unwrap_or(','),
            has_header: true,
        });
    }
    let mut words = text.split_whitespace();
    if is_user(text)
        || (words.clone().count() > 1 && words.clone().any(is_user) && words.all(is_column))
    {
        return Err(RowProblem::HeaderLine(excerpt(text)));
    }
    Ok(())
}

fn format_of(separator: char) -> Format {
    if separator == '\t' {
        Format::Tsv
    } else {
        Format::Csv
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Layout, Rows};
    use super::*;

    fn read(input: &str) -> Vec<String> {
        let rows = Rows::new(input.as_bytes(), Layout::of(Some(Format::Lines)));
        rows.map(|row| match row {
            Ok(row) => format!("{}={}", row.line, row.user),
            Err(bad) => bad.to_string(),
        })
        .collect()
    }

    #[test]
    fn blank_lines_and_comments_are_skipped() {
        assert_eq!(
            read("# spammers\n\na.b\n \t\n#c\n  # d\nuser1\n"),
            ["3=a.b", "7=user1"]
        );
    }

    #[test]
    fn a_header_beside_another_column_is_csv() {
        let message = ["1: looks like CSV: --format csv"];
        for header in [
            "room,user",
            "user,reason",
            "Member_Account, RoomId",
            "\"USER\",\"x\"",
        ] {
            assert_eq!(read(&format!("{header}\nr,u\n")), message, "{header}");
        }
        assert_eq!(
            read("room\tuser\nr\tu"),
            ["1: looks like TSV: --format tsv"]
        );
        assert_eq!(
            read("# made by x\n\nroom,user\n"),
            ["3: looks like CSV: --format csv"]
        );
    }

    #[test]
    fn a_first_line_that_names_a_column_is_a_header() {
        for header in [
            "user",
            "UserID",
            "user_id",
            "Member_Account",
            "username",
            "id",
            "\"user\"",
            "user room",
        ] {
            let rows = read(&format!("{header}\nuser1\n"));
            assert_eq!(
                rows,
                [format!(
                    "1: {header:?} is the name of a column, not a UserID"
                )],
                "{header}"
            );
        }
        assert_eq!(
            read("sep=;\nuser;room\n"),
            ["1: looks like CSV: --format csv"]
        );
        // Later it may be a name, unless it hardly can be.
        assert_eq!(read("a\nusers\nid\n"), ["1=a", "2=users", "3=id"]);
        for name in ["user", "User", "user_id", "UserID", "Member_Account"] {
            assert_eq!(
                read(&format!("a\n{name}\nb\n")),
                [
                    "1=a".into(),
                    format!("2: user {name:?} is the name of a column"),
                    "3=b".into()
                ]
            );
        }
    }

    #[test]
    fn lines_of_another_format_are_bad_rows() {
        for (line, message) in [
            ("a,b", "looks like CSV: --format csv"),
            ("a; b", "looks like CSV: --format csv"),
            ("a\tb", "looks like TSV: --format tsv"),
            ("a|b", "looks like CSV: --format csv --delimiter '|'"),
            ("\"a\",\"b\"", "looks like CSV: --format csv"),
            (
                "\"a\",",
                "user \"\\\"a\\\",\" has a quote (\") at its end or start",
            ),
            ("a,", "user \"a,\" ends with a comma"),
            ("{\"a\":1}", "user \"{\\\"a\\\":1}\" begins with {"),
            (
                "12:01 user1 joined",
                "user \"12:01 user1 joined\" has a blank inside",
            ),
            (
                "#N/A",
                "user \"#N/A\" is what a spreadsheet shows instead of the value",
            ),
        ] {
            let rows = read(&format!("ok\n{line}\nok2\n"));
            assert_eq!(
                rows,
                ["1=ok".into(), format!("2: {message}"), "3=ok2".into()],
                "{line}"
            );
        }
    }

    #[test]
    fn a_blank_inside_may_belong_to_a_name_but_not_of_every_row() {
        assert_eq!(read("no one\na\n"), ["1=no one", "2=a"]);
        assert_eq!(read("no one\n"), ["1=no one"]);
        let rows = read("room-test user1\nroom-test user2\n");
        assert_eq!(
            rows[2],
            "1: every line has two words: a table separated by blanks?"
        );
    }

    #[test]
    fn a_blank_at_either_end_is_a_bad_row() {
        let rows = read("a \n b\nc\t\n");
        assert_eq!(rows[0], "1: user \"a \" ends with a blank");
        assert_eq!(rows[1], "2: user \" b\" begins with a blank");
        assert_eq!(rows[2], "3: user \"c\\t\" ends with a tab");
    }

    #[test]
    fn names_the_service_would_not_take_are_bad_rows() {
        assert_eq!(
            read("用户\nb\rc\nd\n"),
            [
                "1: user \"用户\": '用' at byte 1: a UserID is printable ASCII only",
                "2: user \"b\\rc\": '\\r' at byte 2: a UserID is printable ASCII only",
                "3=d"
            ]
        );
        assert!(read(&"u".repeat(33))[0].contains("33 of 32 bytes"));
    }
}
