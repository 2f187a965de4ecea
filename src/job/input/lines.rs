//! The format `lines`: one `UserID` a line. Blank lines and lines that begin with
//! `#` are skipped.
//!
//! This is the format where neither a flag nor the file's name names one, so it
//! must notice every other: a table read as lines would ask for members called
//! `room-1,alice`.

use std::io::Read;

use super::column_words::is_user_column;
use super::layout::{Column, Format};
use super::not_a_name::NotAName;
use super::problem::{RowProblem, TableHeader};
use super::reader::LineReader;
use super::row::{self, BadRow, Row, RowParts};
use super::spreadsheet;
use crate::secret::excerpt;

#[derive(Debug, Default)]
pub(super) struct UserLines {
    /// A row was read.
    is_begun: bool,
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
                None => return None,
            };
            match self.row(line, text) {
                Ok(None) => {}
                Ok(Some(row)) => return Some(Ok(row)),
                Err(problem) if is_of_another_format(&problem) => {
                    return Some(Err(BadRow::new(line, problem)));
                }
                Err(problem) => {
                    let mut parts = RowParts::default();
                    parts.problems.push(problem);
                    return Some(Err(parts.into_bad_row(line)));
                }
            }
        }
    }

    /// The row of one line, if it has one.
    fn row(&mut self, line: u64, text: &str) -> Result<Option<Row>, RowProblem> {
        if is_skipped(text) {
            return Ok(None);
        }
        if text.contains('\r') && !text.ends_with('\r') {
            return Err(RowProblem::LoneCr);
        }
        if let Some(columns) = own_columns(text) {
            return Err(RowProblem::OwnText(columns));
        }
        if !std::mem::replace(&mut self.is_begun, true) {
            check_header(text)?;
        }
        let user = row::user_name(text, true).map_err(|problem| match problem {
            RowProblem::NotAName {
                why: NotAName::Separator('|'),
                text,
                ..
            } if !text.contains(' ') => RowProblem::Piped(text),
            RowProblem::NotAName {
                why: NotAName::Separator(separator),
                ..
            } => RowProblem::LooksLike {
                format: format_of(separator),
                separator,
                header: TableHeader::None,
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
        Some(b'#') => !spreadsheet::is_error(trimmed),
        Some(_) => false,
    }
}

/// A first line that names columns is a header, of a table or of one column.
fn check_header(text: &str) -> Result<(), RowProblem> {
    let name = |cell: &str| {
        cell.trim_matches(|c: char| c.is_whitespace() || c == '"')
            .to_owned()
    };
    let is_known = |cell: &str| Column::named(&name(cell)) == Some(Column::User);
    let is_user = |cell: &str| is_known(cell) || is_user_column(&name(cell));
    let is_column = |cell: &str| is_user(cell) || Column::nearly(&name(cell)).is_some();
    // A table of mysql or Markdown.
    if text.starts_with('|') && text.ends_with('|') {
        return Ok(());
    }
    for separator in ['\t', ';', ',', '|'] {
        let mut cells = text.split(separator);
        if text.contains(separator) && cells.clone().any(is_user) {
            let header = if cells.any(is_known) {
                TableHeader::Known
            } else {
                TableHeader::OtherName
            };
            return Err(RowProblem::LooksLike {
                format: format_of(separator),
                separator,
                header,
            });
        }
    }
    if let Some(separator) = text.strip_prefix("sep=") {
        return Err(RowProblem::LooksLike {
            format: Format::Csv,
            separator: separator.chars().next().unwrap_or(','),
            header: TableHeader::Known,
        });
    }
    let mut words = text.split_whitespace();
    let is_one = is_user(text) || Column::spelled_otherwise(&name(text)).is_some();
    if is_one || (words.clone().count() > 1 && words.clone().any(is_user) && words.all(is_column)) {
        return Err(RowProblem::HeaderLine {
            text: excerpt(text),
            is_known: is_known(text),
        });
    }
    Ok(())
}

/// A line of a kick's results, or of the members of a room: the columns that it
/// has.
fn own_columns(text: &str) -> Option<&'static str> {
    const OUTCOMES: [&str; 8] = [
        "removed", "banned", "unbanned", "gone", "absent", "refused", "unknown", "unsent",
    ];
    let mut cells = text.split('\t');
    let (first, second) = (cells.next()?, cells.next()?);
    let is_role = ["Member", "Admin", "Owner"].contains(&second);
    match cells.count() {
        1 if is_role => Some("user,-,-"),
        5 if OUTCOMES.contains(&first) => Some("-,room,user,-,-,-,-"),
        _ => None,
    }
}

/// Whether the line has more than a name in it, perhaps a room and a reason.
fn is_of_another_format(problem: &RowProblem) -> bool {
    match problem {
        RowProblem::User(..) => false,
        RowProblem::NotAName { why, .. } => matches!(
            why,
            NotAName::BlankInside(' ')
                | NotAName::Separator(_)
                | NotAName::Bracket(_)
                | NotAName::Braces
                | NotAName::Markup
                | NotAName::KeyValue
                | NotAName::Drawing
                | NotAName::ColumnName
        ),
        _ => true,
    }
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
            "player_id",
            "openid",
            "To_Account",
            "u.user_id",
            "Email",
            "Nickname",
            "login",
            "room",
        ] {
            let rows = read(&format!("{header}\nuser1\n\"a\"\nb \n"));
            let name = format!("1: {header:?} is the name of a column, not a UserID");
            assert_eq!(rows[0], name);
            // All bad rows are reported together, but those of a table are no names.
            let rest: &[&str] = if header.contains(' ') {
                &[]
            } else {
                &[
                    "2=user1",
                    "3: user \"\\\"a\\\"\" has a quote (\") at its end or start",
                    "4: user \"b \" ends with a blank",
                ]
            };
            assert_eq!(rows[1..], *rest, "{header}");
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
    fn a_row_of_another_format_lacks_neither_a_room_nor_a_reason() {
        for (line, needs) in [
            ("room-test user1", false),
            ("removed\tr\tuser1\t0\tId\tOK\t-", false),
            ("room,user", false),
            ("r,user1", false),
            ("r|user1", false),
            ("<a>user1</a>", false),
            ("room=r", false),
            ("user\rroom", false),
            ("\"user1\"", true),
            ("user1,", true),
            ("用户", true),
        ] {
            let rows = Rows::new(line.as_bytes(), Layout::of(Some(Format::Lines)));
            let bad: Vec<_> = rows.map(|row| row.expect_err("bad")).collect();
            let found: Vec<_> = bad
                .iter()
                .map(|bad| (bad.needs_room, bad.needs_reason))
                .collect();
            assert_eq!(found, [(needs, needs)], "{line:?}");
        }
    }

    #[test]
    fn two_words_are_not_a_name() {
        for line in ["room-test user1", "user1 joined", "no one"] {
            let rows = read(&format!("a\n{line}\nb\n"));
            let why = format!("2: user {line:?} has a blank inside");
            assert_eq!(rows, ["1=a".into(), why, "3=b".into()]);
        }
    }

    #[test]
    fn the_text_of_results_and_members_is_recognised() {
        for (line, columns) in [
            ("removed\tr\tuser1\t0\tId\tOK\t-", "-,room,user,-,-,-,-"),
            ("user1\tMember\t-", "user,-,-"),
        ] {
            let rows = Rows::new(line.as_bytes(), Layout::of(Some(Format::Lines)));
            let bad: Vec<_> = rows.map(|row| row.expect_err("bad")).collect();
            assert!(
                matches!(bad[0].problems[0], RowProblem::OwnText(found) if found == columns),
                "{bad:?}"
            );
        }
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
                "2: has a line break outside of quotes, a CR without LF",
                "3=d"
            ]
        );
        assert!(read(&"u".repeat(33))[0].contains("33 of 32 bytes"));
    }
}
