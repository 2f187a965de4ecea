//! What can be wrong with a row, or with a whole list, and what helps.

use std::io;

use super::layout::{Format, HeaderProblem};
use super::names::NameOf;
use super::not_a_name::NotAName;
use crate::file_name::shell_quoted;
use crate::room::InvalidValue;

/// A file format that is not a list, with its name and its remedy. `FILE` stands
/// for the list's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Foreign {
    /// Its first bytes.
    pub(super) begins: &'static [u8],
    pub(super) what: &'static str,
    pub(super) remedy: &'static str,
}

/// What is wrong with a row.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RowProblem {
    /// A workbook, a compressed file, …
    #[error("is {}", .0.what)]
    Foreign(Foreign),
    #[error("is not UTF-8: likely GBK or GB18030 (Chinese Excel), Big5, Shift_JIS or Windows-1252")]
    NotUtf8,
    /// UTF-16 without a byte order mark, or not text at all.
    #[error("has a NUL byte: is this a text file?")]
    Nul,
    #[error("is damaged UTF-16: a character is incomplete")]
    DamagedUtf16,
    /// Longer than any sensible row. Memory stays bounded.
    #[error("has more than {} KiB", .0 / 1024)]
    TooLong(usize),
    /// The same, and the end of the line was not found at all.
    #[error("has more than {} KiB without an end", .0 / 1024)]
    Endless(usize),
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
    /// A table, given as a list of lines.
    #[error("looks like {}: {}", .format.name().to_ascii_uppercase(), flags_of(*.format, *.separator))]
    LooksLike {
        format: Format,
        separator: char,
        /// The line is a header that names the columns.
        has_header: bool,
    },
    #[error("every line has two words: a table separated by blanks?")]
    TwoWords,
    /// The list of lines begins with the name of a column.
    #[error("{0:?} is the name of a column, not a UserID")]
    HeaderLine(String),
    /// A table whose header does not say where the members are.
    #[error("{0}")]
    Header(HeaderProblem),
    /// The list has a header although `--columns` is given.
    #[error("is a header: remove --columns")]
    HeaderAndColumns,
    /// Two tables were written into one file.
    #[error("is a header again: several lists were joined here")]
    RepeatedHeader,
    #[error("{} {text:?} {why}", .of.word())]
    NotAName {
        of: NameOf,
        text: String,
        why: NotAName,
        in_lines: bool,
    },
    /// The line is the one where the quote was opened.
    #[error("a quote is opened here and never closed")]
    OpenQuote,
    #[error("has text after a closing quote")]
    TextAfterQuote,
    /// Most likely the line end of an old Macintosh.
    #[error("has a line break outside of quotes, a CR without LF")]
    LoneCr,
    #[error("has the wrong number of cells: {cells} instead of {columns}")]
    Ragged {
        /// In this row.
        cells: usize,
        /// In the header or in `--columns`.
        columns: usize,
    },
    /// A table's cell is empty.
    #[error("has no user")]
    NoUser,
    #[error("is not valid JSON: {0}")]
    InvalidJson(String),
    /// The input ends inside of the value.
    #[error("the JSON that begins here is not complete: the end of the list is missing")]
    Unclosed,
    #[error("a comma stands between JSON values outside of an array")]
    CommaBetweenValues,
    /// The rest of an array is not read after a syntax error.
    #[error("is not valid JSON inside of an array: {0}")]
    BrokenArray(String),
    #[error("an array inside of an array is not a member")]
    NestedArray,
    /// A number, a truth value, null or something that is not JSON.
    #[error("{0} is not a JSON object, nor a UserID in double quotes")]
    NotAMember(String),
    /// The key's value has another type than it should.
    #[error("{key} is {found}, not {expected}")]
    WrongType {
        key: &'static str,
        found: String,
        expected: &'static str,
    },
    #[error("has the key {0} twice")]
    DuplicateKey(&'static str),
    #[error("unknown key {found:?}: did you mean {meant}?")]
    MisspeltKey { found: String, meant: &'static str },
    /// Nobody knows which of the two is meant.
    #[error("key {found:?} means the same as {known}")]
    SameKey { found: String, known: &'static str },
    #[error("has both Member_Account and MemberList_Account")]
    BothMemberKeys,
    /// An object without either key, or with an empty list.
    #[error("has no member: neither Member_Account nor MemberList_Account")]
    NoMember,
    /// A line of a journal or of an audit file.
    #[error("is a record of {0}, not a list of members")]
    Record(&'static str),
    #[error("room {0:?}: {1}")]
    Room(String, InvalidValue),
    #[error("user {0:?}: {1}")]
    User(String, InvalidValue),
    /// Without the text, which may be long.
    #[error("reason: {0}")]
    Reason(InvalidValue),
}

/// The flags that read such a list.
fn flags_of(format: Format, separator: char) -> String {
    match separator {
        '|' => format!("--format {format} --delimiter '|'"),
        _ => format!("--format {format}"),
    }
}

/// The problem that our own reader passed through the interface of `std`, or the
/// system's.
impl From<io::Error> for RowProblem {
    fn from(why: io::Error) -> Self {
        why.downcast().unwrap_or_else(Self::Unreadable)
    }
}

impl RowProblem {
    /// Whether the rows after this one cannot be read, or are not worth reading
    /// because the whole list is something else. A live feed goes on if it can.
    pub(super) fn ends_list(&self, is_live: bool) -> bool {
        match self {
            Self::LooksLike { has_header, .. } => *has_header && !is_live,
            Self::HeaderLine(_) | Self::HeaderAndColumns | Self::Record(_) => !is_live,
            Self::Foreign(_)
            | Self::DamagedUtf16
            | Self::Endless(_)
            | Self::Unreadable(_)
            | Self::Header(_)
            | Self::BrokenArray(_)
            | Self::NestedArray => true,
            _ => false,
        }
    }

    /// The problem without the value: rows with the same kind are reported
    /// together.
    pub(crate) fn kind(&self) -> String {
        let of_value = |what: &str, why: &InvalidValue| match why {
            InvalidValue::Empty { .. } => format!("{what} empty"),
            InvalidValue::TooLong { .. } => format!("{what} too long"),
            InvalidValue::NotPrintable { .. } => format!("{what} not printable"),
        };
        match self {
            Self::NotAName { of, why, .. } => format!("{} {why}", of.word()),
            Self::Room(_, why) => of_value("room", why),
            Self::User(_, why) => of_value("user", why),
            Self::Reason(why) => of_value("reason", why),
            Self::NotAMember(_) => "not a member".into(),
            Self::InvalidJson(_) => "invalid JSON".into(),
            Self::WrongType { key, expected, .. } => format!("{key} {expected}"),
            other => other.to_string(),
        }
    }

    /// What to do about it. `list` is the list's name, `-` for stdin.
    pub(crate) fn hint(&self, list: &str) -> String {
        let hint = match self {
            Self::Foreign(file) => return file.remedy.replace("FILE", &shell_quoted(list)),
            Self::NotUtf8 => return convert(list, "GB18030"),
            Self::Nul | Self::DamagedUtf16 => return convert(list, "UTF-16LE"),
            Self::TooLong(_) => "shorten these rows; a list has one member per row",
            Self::Endless(_) => "name a file with one member per line",
            Self::Unreadable(_) => "name a file that can be read, or - for stdin",
            Self::LooksLike {
                format,
                separator,
                has_header,
            } => {
                let flags = flags_of(*format, *separator);
                return if *has_header {
                    format!("add {flags}")
                } else {
                    format!(
                        "add {flags}, and --columns room,user (in their order) if the list has no header"
                    )
                };
            }
            Self::HeaderLine(_) => {
                "remove the first line, or add --format csv; a member really named so goes into json: [\"user\"]"
            }
            Self::TwoWords => {
                "make it a csv: tr -s ' ' ',' and --format csv --columns room,user; names with blanks go into json: [\"user 1\"]"
            }
            Self::Header(problem) => return problem.hint(),
            Self::HeaderAndColumns => "remove --columns",
            Self::RepeatedHeader => "give each list its own --from, or remove these lines",
            Self::NotAName { why, in_lines, .. } => why.hint(*in_lines),
            Self::OpenQuote | Self::TextAfterQuote => {
                "correct the quotes in these rows: a quote inside of a quoted cell is written twice"
            }
            Self::LoneCr => "end each line with LF or CRLF: tr '\\r' '\\n'",
            Self::InvalidJson(_) | Self::BrokenArray(_) => {
                "correct the JSON (jq . shows where it breaks); for a list that is not JSON give its --format"
            }
            Self::Unclosed => "get the whole list again; it was cut short",
            Self::CommaBetweenValues => {
                "put [ before the first and ] after the last value, or remove the commas between them"
            }
            Self::NestedArray => {
                "flatten it: jq -c 'flatten'; rows of values: jq '.[] | {RoomId: .[0], Member_Account: .[1]}'"
            }
            Self::NotAMember(_) => {
                "write each UserID in double quotes, or as an object with Member_Account (numbers: jq tostring); for a list that is not JSON give its --format"
            }
            Self::WrongType { .. } => {
                "write names and texts in double quotes; MemberList_Account is an array of them"
            }
            Self::DuplicateKey(_) => "give each key once",
            Self::SameKey { found, .. } => {
                return format!("remove one of the two: jq -c 'del(.[\"{found}\"])'");
            }
            Self::MisspeltKey { .. } | Self::NoMember | Self::BothMemberKeys => {
                "the keys are RoomId, Member_Account (or MemberList_Account: [\u{2026}]) and Reason; a list inside of an object: jq '.users[]'; to ignore a key, remove it with jq 'del(.KEY)'"
            }
            Self::Record(_) => return of_records(list),
            _ => "correct these rows and run it again",
        };
        hint.to_owned()
    }
}

/// The results inside of a journal or an audit file, as a list.
fn of_records(list: &str) -> String {
    let file = shell_quoted(list);
    format!(
        "it also holds requests that failed; feed it the results of -o json or the file of --failed-to,\n\
         or choose: jq -c 'select(.Outcome == \"banned\") | {{RoomId, MemberList_Account}}' {file} | roomctl unban --from -"
    )
}

/// The command that makes UTF-8 of the list.
fn convert(list: &str, encoding: &str) -> String {
    let others = match encoding {
        "GB18030" => "BIG5, SHIFT_JIS or WINDOWS-1252",
        _ => "UTF-16BE or UTF-32LE",
    };
    let command = if list == "-" {
        format!("iconv -f {encoding} -t UTF-8 | roomctl \u{2026} --from -")
    } else {
        let (stem, suffix) = list.rsplit_once('.').unwrap_or((list, "txt"));
        let new = shell_quoted(format!("{stem}.utf8.{suffix}"));
        format!(
            "iconv -f {encoding} -t UTF-8 {} > {new}",
            shell_quoted(list)
        )
    };
    format!("save the list as UTF-8 text: {command} (or -f {others})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_of_hints_name_the_list() {
        assert_eq!(
            RowProblem::NotUtf8.hint("my list.csv"),
            "save the list as UTF-8 text: iconv -f GB18030 -t UTF-8 'my list.csv' > 'my list.utf8.csv' \
             (or -f BIG5, SHIFT_JIS or WINDOWS-1252)"
        );
        let stdin = RowProblem::NotUtf8.hint("-");
        assert!(
            stdin.contains("iconv -f GB18030 -t UTF-8 | roomctl"),
            "{stdin}"
        );
        let record = RowProblem::Record("a journal").hint("night.journal");
        assert!(
            record.contains("}' night.journal | roomctl unban --from -"),
            "{record}"
        );
    }

    #[test]
    fn the_kind_of_a_problem_does_not_contain_the_value() {
        let bad = |text: &str| {
            RowProblem::User(
                text.into(),
                crate::room::UserId::parse(text).expect_err("bad"),
            )
            .kind()
        };
        assert_eq!(bad("用户"), bad("é"));
        assert_ne!(bad("用户"), bad(&"u".repeat(33)));
    }
}
