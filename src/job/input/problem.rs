//! What can be wrong with a row, or with a whole list, and what helps.

use std::io;

use super::foreign::Foreign;
use super::layout::{Format, HeaderProblem};
use super::not_a_name::{NameOf, NotAName};
use crate::file_name::ListName;
use crate::room::{InvalidValue, UserId};

/// What is wrong with a row.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RowProblem {
    /// A workbook, a compressed file, …
    #[error("is {}", .0.what)]
    Foreign(Foreign),
    #[error("is not UTF-8: likely GBK or GB18030 (Chinese Excel), Big5, Shift_JIS or Windows-1252")]
    NotUtf8 {
        /// The bytes look like letters with accents between ASCII letters.
        is_latin: bool,
    },
    /// `find -print0`.
    #[error("has several names, each with a NUL byte after it")]
    NulSeparated {
        /// The end of the line was found, so that the next one can be read.
        has_end: bool,
        /// The list has no other line ends, so each NUL stands between names.
        is_list: bool,
    },
    /// UTF-16 without a byte order mark, or not text at all.
    #[error("has a NUL byte: is this a text file?")]
    Nul {
        /// Every second byte or so.
        in_utf16: bool,
    },
    #[error("is damaged UTF-16: a character is incomplete")]
    DamagedUtf16,
    /// Longer than any sensible row. Memory stays bounded.
    #[error("has more than {} KiB", .0 / 1024)]
    TooLong(usize),
    /// The same of a JSON value.
    #[error("is a JSON value of more than {} KiB", .0 / 1024)]
    ValueTooLong(usize),
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
        /// The line names columns.
        header: TableHeader,
    },
    /// `auth0|5f7c8ec7`: a row of a table, or a name.
    #[error("looks like CSV: --format csv --delimiter '|'")]
    Piped(String),
    /// JSON in a file that is named as a table.
    #[error("looks like JSON: --format json")]
    LooksLikeJson,
    /// `{user1,user2}`, `[user1, user2]`.
    #[error("has names in braces, without quotes")]
    BareNames,
    /// Results as text, with the value for `--columns`.
    #[error("is a line of the text that roomctl prints")]
    OwnText(&'static str),
    /// The list of lines begins with the name of a column.
    #[error("{text:?} is the name of a column, not a UserID")]
    HeaderLine {
        text: String,
        /// A table may name its column so.
        is_known: bool,
    },
    /// A table whose header does not say where the members are.
    #[error("{0}")]
    Header(HeaderProblem),
    /// The list has a header although `--columns` is given.
    #[error("is a header: {}", if *.is_known { "remove --columns" } else { "remove this line" })]
    HeaderAndColumns {
        /// A table may name its columns so.
        is_known: bool,
    },
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
    #[error("a quote is opened here and {}", if *.in_tsv { "not closed in this line" } else { "never closed" })]
    OpenQuote { in_tsv: bool },
    /// In a feed the next line is the next row, in a csv, too.
    #[error("a quote is opened here and not closed in this line: with --stream a row is one line")]
    OpenQuoteInFeed,
    /// A line after it, which may be a row or the rest of its text.
    #[error("may be part of the row whose quote is opened in line {0}, and is not taken")]
    PerhapsText(u64),
    /// With its line. The line of the problem is that of the quote.
    #[error("the cell whose quote is opened here has a whole row in it, line {0}")]
    InnerRow(u64),
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
    /// Every long number of the list ends with zeros.
    #[error(
        "{0} and the other long numbers of the list end with zeros: a spreadsheet has rounded them"
    )]
    Rounded(UserId),
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
    /// Lines after the first one of a broken value, which are no rows.
    #[error("skipped: part of the broken value of line {value}")]
    SkippedLines {
        /// The first one is that of the problem.
        last: u64,
        /// Where the value begins.
        value: u64,
    },
    /// An object after a broken value that begins in this line.
    #[error("names no room, and may be a part of the broken value of line {0}")]
    PerhapsPart(u64),
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
    #[error("reason {0:?} stands for a missing value")]
    NoReason(String),
}

/// Whether a line of a table names columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TableHeader {
    None,
    /// With the names that a table may have.
    Known,
    /// The users have another name.
    OtherName,
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
            Self::LooksLike { header, .. } => *header != TableHeader::None && !is_live,
            // Below the name of one column, names are read as they are.
            Self::HeaderLine { text, .. } => text.trim().contains(' ') && !is_live,
            Self::OwnText(_) | Self::BareNames | Self::NestedArray | Self::Record(_) => !is_live,
            Self::NulSeparated { has_end, is_list } => !has_end || (*is_list && !is_live),
            Self::Foreign(_)
            | Self::DamagedUtf16
            | Self::Endless(_)
            | Self::Unreadable(_)
            | Self::Header(_)
            | Self::LooksLikeJson
            | Self::BrokenArray(_) => true,
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
            Self::InnerRow(_) => "has a row in a cell".into(),
            Self::WrongType { key, expected, .. } => format!("{key} {expected}"),
            other => other.to_string(),
        }
    }

    /// What to do about it.
    pub(crate) fn hint(&self, list: &ListName<'_>) -> String {
        match self {
            Self::Foreign(file) => file.hint(list),
            Self::NotUtf8 { is_latin: true } => list.converted("WINDOWS-1252"),
            Self::NotUtf8 { .. } => list.converted("GB18030"),
            Self::Nul { in_utf16: true } | Self::DamagedUtf16 => list.converted("UTF-16LE"),
            Self::NulSeparated { is_list: true, .. } => list.filtered("tr '\\0' '\\n'"),
            Self::LoneCr => {
                let command = list.filtered("tr '\\r' '\\n'");
                format!("end each line with LF or CRLF: {command}")
            }
            Self::TooLong(_) => {
                let command = one_name_per_line(", ", list);
                format!("write one member per row; a long line of names: {command}")
            }
            Self::ValueTooLong(_) => {
                let command = list.filtered_to("jq -c '.users[]'", Some("json"));
                format!(
                    "write one object per member; a list inside of an object, here users: {command}"
                )
            }
            Self::BareNames => {
                let command = one_name_per_line("{}, ", list);
                format!("write each name on a line of its own: {command}")
            }
            Self::NotAMember(text) if text.starts_with('\'') => {
                let command = list.filtered_to("tr \"'\" '\"'", Some("json"));
                format!("write JSON (Python: json.dumps): {command}")
            }
            Self::LooksLike {
                format,
                separator,
                header,
            } => of_table(&flags_of(*format, *separator), *separator, *header, list),
            Self::Piped(text) => format!(
                "if this is a UserID, write the list as JSON: [{}]; if it is a row, add --format csv --delimiter '|', and --columns room,user (in their order) if the list has no header",
                serde_json::Value::from(text.as_str())
            ),
            Self::NotAMember(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                let command = list.filtered_to("tr -cs 0-9 '\\n'", Some("txt"));
                format!(
                    "write each UserID in double quotes; of a list with nothing but whole numbers: {command}"
                )
            }
            Self::OwnText(columns) => format!(
                "use the output of -o json as a list, or add --format tsv --columns {columns}"
            ),
            Self::HeaderLine { text, is_known } => of_header_line(text, *is_known),
            Self::Header(problem) => problem.hint(),
            Self::NotAName {
                of,
                text,
                why,
                in_lines,
            } => why.hint(text, *of, *in_lines, list),
            Self::SameKey { found, .. } => {
                format!("remove one of the two: jq -c 'del(.[\"{found}\"])'")
            }
            Self::Record(_) => of_records(list),
            _ => self.remedy().to_owned(),
        }
    }

    /// The same where it does not depend on the list.
    fn remedy(&self) -> &'static str {
        match self {
            Self::Endless(_) => "name a file with one member per line",
            // Without it, or with a line end in its place, it could be another name.
            Self::Nul { .. } | Self::NulSeparated { .. } => {
                "correct these lines by hand, or the program that writes them; cat -v shows a NUL byte as ^@"
            }
            Self::Unreadable(_) => "name a file that can be read, or - for stdin",
            Self::LooksLikeJson => "add --format json, or name the file FILE.json",
            Self::Rounded(_) => {
                "export the column again, formatted as text before the numbers are entered or imported: 15 digits are kept of a number; if they are right, give them in json: [\"1000000000000000000\"]"
            }
            Self::NoReason(_) => {
                "fill in these reasons, or leave the cells empty and give --reason TEXT"
            }
            Self::HeaderAndColumns { is_known: true } => "remove --columns",
            Self::HeaderAndColumns { is_known: false } => {
                "remove the header line: --columns names the columns"
            }
            Self::RepeatedHeader => "give each list its own --from, or remove these lines",
            Self::OpenQuote { in_tsv: true } => {
                "remove the quote; or quote the whole cell and write each quote inside of it twice; cells of several lines: --format csv --delimiter tab, or JSON"
            }
            Self::InnerRow(_) => {
                "if the quote is a character, remove it, or quote the whole cell and write each quote inside of it twice; if the cell really has these lines, write the list as JSON"
            }
            Self::OpenQuoteInFeed | Self::PerhapsText(_) => {
                "remove the quote, or close it in the same line; cells of several lines: write them in JSON (\\n), or give the list without --stream"
            }
            Self::OpenQuote { .. } | Self::TextAfterQuote => {
                "correct the quotes in these rows: a quote inside of a quoted cell is written twice"
            }
            Self::InvalidJson(_) | Self::BrokenArray(_) => {
                "correct the JSON (jq . shows where it breaks; Python writes it with json.dumps); for a list that is not JSON give its --format"
            }
            Self::Unclosed => "get the whole list again; it was cut short",
            Self::CommaBetweenValues => {
                "put [ before the first and ] after the last value, or remove the commas between them"
            }
            Self::NestedArray => {
                "flatten it: jq -c 'flatten'; rows of values: jq '.[] | {RoomId: .[0], Member_Account: .[1]}'"
            }
            Self::NotAMember(_) => {
                "write each UserID in double quotes, or as an object with Member_Account; for a list that is not JSON give its --format"
            }
            Self::WrongType { .. } => {
                "write names and texts in double quotes; MemberList_Account is an array of them"
            }
            Self::DuplicateKey(_) => "give each key once",
            Self::MisspeltKey { .. } | Self::NoMember | Self::BothMemberKeys => {
                "the keys are RoomId, Member_Account (or MemberList_Account: [\u{2026}]) and Reason; a list inside of an object: jq '.users[]'; to ignore a key, remove it with jq 'del(.KEY)'"
            }
            _ => "correct these rows and run it again",
        }
    }
}

/// The command for a line with several names, which these characters separate.
fn one_name_per_line(separators: &str, list: &ListName<'_>) -> String {
    list.filtered_to(&format!("tr -s '{separators}' '\\n'"), Some("txt"))
}

fn of_table(flags: &str, separator: char, header: TableHeader, list: &ListName<'_>) -> String {
    match header {
        TableHeader::Known => format!("add {flags}"),
        TableHeader::OtherName => format!(
            "name the column of the UserIDs user in the header, that of the rooms room, and add {flags}"
        ),
        TableHeader::None => {
            let separators = format!("{} ", separator.escape_default());
            let command = one_name_per_line(&separators, list);
            format!(
                "add {flags}, and --columns room,user (in their order) if the list has no header; if all are UserIDs: {command}"
            )
        }
    }
}

/// A journal or an audit file becomes a list.
fn of_records(list: &ListName<'_>) -> String {
    let ListName { command, flag, .. } = list;
    format!(
        "all members in it: roomctl journal show {} -o json | {command} {flag} -\n\
         --outcome removed (or banned) keeps only these; for those that failed, run the command of that job again with its --journal",
        list.quoted()
    )
}

fn of_header_line(text: &str, is_known: bool) -> String {
    let is_aligned = text.starts_with(' ') || text.ends_with(' ');
    let remedy = if is_aligned {
        "export plain names without a header, one UserID per line (psql -At, mysql -N -B)"
    } else if is_known {
        "remove the first line, or add --format csv"
    } else {
        "remove the first line, or name the column user there and add --format csv"
    };
    let name = serde_json::Value::from(text);
    format!("{remedy}; a member really named so goes into a list of its own, FILE.json: [{name}]")
}

#[cfg(test)]
#[path = "problem_tests.rs"]
mod tests;
