//! The format `lines`: one `UserID` a line. Blank lines and lines that begin with
//! `#` are skipped.
//!
//! This is the format where neither a flag nor the file's name names one, so it
//! must notice a table: as lines it would ask for members called `room-1,alice`.

use super::columns::Column;
use super::format::Format;
use super::row::{self, Row, RowProblem};
use crate::secret::excerpt;

#[derive(Debug, Default)]
pub(super) struct UserLines {
    /// A row was read.
    is_begun: bool,
}

impl UserLines {
    /// The row of one line, if it has one.
    pub(super) fn row(&mut self, line: u64, text: &str) -> Result<Option<Row>, RowProblem> {
        let trimmed = text.trim_matches([' ', '\t']);
        if trimmed.is_empty() || trimmed.starts_with('#') {
            return Ok(None);
        }
        if !std::mem::replace(&mut self.is_begun, true)
            && let Some(format) = looks_like(text)
        {
            return Err(RowProblem::LooksLike { format });
        }
        if text.ends_with([' ', '\t']) {
            return Err(RowProblem::TrailingBlank(excerpt(text)));
        }
        if text.starts_with([' ', '\t']) {
            return Err(RowProblem::LeadingBlank(excerpt(text)));
        }
        Ok(Some(Row {
            line,
            room: None,
            user: row::user(text)?,
            reason: None,
        }))
    }
}

/// The format whose header this line is: it names the user column and another
/// one.
fn looks_like(text: &str) -> Option<Format> {
    let is_header = |separator| {
        let names = |cell: &str| {
            let name = cell.trim().trim_matches('"');
            Column::named(name) == Some(Column::User)
        };
        text.contains(separator) && text.split(separator).any(names)
    };
    if is_header('\t') {
        Some(Format::Tsv)
    } else if is_header(',') {
        Some(Format::Csv)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::Rows;
    use super::*;

    fn read(input: &str) -> Vec<String> {
        let rows = Rows::new(input.as_bytes(), Some(Format::Lines), None);
        rows.map(|row| match row {
            Ok(row) => format!("{}={}", row.line, row.user),
            Err(bad) => bad.to_string(),
        })
        .collect()
    }

    #[test]
    fn blank_lines_and_comments_are_skipped() {
        assert_eq!(
            read("# spammers\n\na b\n \t\n#c\n  # d\nuser\n"),
            ["3=a b", "7=user"]
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
    fn other_first_lines_are_names() {
        assert_eq!(read("user\n"), ["1=user"]);
        assert_eq!(read("a,b\nuser,b\n"), ["1=a,b", "2=user,b"]);
        assert_eq!(read("username,b\n"), ["1=username,b"]);
    }

    #[test]
    fn a_blank_at_either_end_is_a_bad_row() {
        let rows = read("a \n b\nc\t\n");
        assert!(rows[0].starts_with("1: user \"a \" ends with a blank"));
        assert!(rows[1].starts_with("2: user \" b\" starts with a blank"));
        assert!(rows[2].starts_with("3: user \"c\\t\" ends with a blank"));
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
