//! How a list is written: its format, which a file name may imply, and which column
//! of a table holds what, by its header or by `--columns`.

use std::fmt;
use std::path::Path;

use super::column_words::{has_room_word, is_user_column, normalized};
use crate::secret::{excerpt, excerpt_of_part};

/// How a list is written, as far as it is known before it is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    /// None if the first character decides: `json` if it is `{` or `[`, else
    /// `lines`.
    pub(crate) format: Option<Format>,
    /// Of a table without a header. Other formats ignore it.
    pub(crate) columns: Option<Columns>,
    /// Of a table; None if the first line decides. Other formats ignore it.
    pub(crate) delimiter: Option<u8>,
}

impl Layout {
    /// A list in this format.
    #[cfg(test)]
    pub(crate) fn of(format: Option<Format>) -> Self {
        Self {
            format,
            ..Self::default()
        }
    }
}

/// The format of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// One `UserID` a line.
    Lines,
    /// Comma-separated.
    Csv,
    /// Tab-separated.
    Tsv,
    /// Any sequence of JSON values.
    Json,
}

impl Format {
    /// In the order that the help shows.
    pub(crate) const ALL: [Self; 4] = [Self::Lines, Self::Csv, Self::Tsv, Self::Json];

    /// For `--format`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Json => "json",
        }
    }

    /// Other names of the format, which are accepted and not shown.
    pub(crate) fn other_names(self) -> &'static [&'static str] {
        match self {
            Self::Json => &["ndjson", "jsonl"],
            _ => &[],
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        let is_name = |format: &Self| format.name() == name || format.other_names().contains(&name);
        Self::ALL.into_iter().find(is_name)
    }

    /// The format that the file's suffix implies.
    pub(crate) fn from_path(path: &Path) -> Option<Self> {
        let suffix = path.extension()?.to_str()?.to_ascii_lowercase();
        match suffix.as_str() {
            "csv" => Some(Self::Csv),
            "tsv" => Some(Self::Tsv),
            "json" | "ndjson" | "jsonl" => Some(Self::Json),
            _ => None,
        }
    }

    /// Whether it is a table.
    pub(crate) fn has_columns(self) -> bool {
        matches!(self, Self::Csv | Self::Tsv)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Names in which one wrong letter is recognised.
const MISTYPED: [(&str, Column); 6] = [
    ("user", Column::User),
    ("member_account", Column::User),
    ("memberlist_account", Column::User),
    ("room", Column::Room),
    ("roomid", Column::Room),
    ("reason", Column::Reason),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    User,
    Room,
    Reason,
}

impl Column {
    /// By our name or the API's, in any letter case.
    pub(super) fn named(name: &str) -> Option<Self> {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        match () {
            () if is("user") || is("Member_Account") => Some(Self::User),
            () if is("room") || is("RoomId") => Some(Self::Room),
            () if is("reason") => Some(Self::Reason),
            () => None,
        }
    }

    /// The column that `name` most likely means: another spelling of a known name,
    /// or one that differs in one letter.
    pub(super) fn nearly(name: &str) -> Option<Self> {
        Self::spelled_otherwise(name).or_else(|| {
            let name = name.to_lowercase();
            let is_near = |known: &&(&str, Self)| strsim::damerau_levenshtein(&name, known.0) == 1;
            let mut known = MISTYPED.iter();
            (name.len() <= 20)
                .then(|| known.find(is_near))
                .flatten()
                .map(|known| known.1)
        })
    }

    /// The column that `name` means in another spelling: `user_id`, `RoomNo`.
    pub(super) fn spelled_otherwise(name: &str) -> Option<Self> {
        if name.len() > 40 {
            return None;
        }
        match normalized(name).as_str() {
            "user" | "users" | "userid" | "userids" | "username" | "usernames" | "useraccount"
            | "member" | "members" | "memberid" | "membername" | "memberaccount"
            | "memberlistaccount" | "uid" => Some(Self::User),
            "room" | "rooms" | "roomid" | "roomids" | "roomname" | "roomno" | "roomnum"
            | "roomnumber" | "strroomid" | "groupid" => Some(Self::Room),
            "reason" | "reasons" | "reasontext" | "kickreason" | "banreason" => Some(Self::Reason),
            _ => None,
        }
    }

    /// The column that `name` means also beside that column. There the name of a
    /// room is its title, as in our own output.
    pub(super) fn same_as(name: &str) -> Option<Self> {
        Self::spelled_otherwise(name).filter(|_| normalized(name) != "roomname")
    }

    fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Room => "room",
            Self::Reason => "reason",
        }
    }
}

/// Where the values are in each row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Columns {
    user: usize,
    room: Option<usize>,
    reason: Option<usize>,
    width: usize,
}

/// What is wrong with a header or with `--columns`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HeaderProblem {
    #[error(
        "no column is named user or Member_Account, only {found}; if the list has no header, use --columns room,user,reason"
    )]
    NoUser {
        /// The names that the header has.
        found: String,
    },
    /// Ignoring a misspelt `room` would remove members from the wrong room.
    #[error("unknown column {found:?}: did you mean {meant}?")]
    Misspelt { found: String, meant: &'static str },
    /// Nobody knows which of the two is meant.
    #[error("column {found:?} means the same as the column {known}")]
    SameMeaning { found: String, known: &'static str },
    /// A cell of the header is several names in another separator.
    #[error("the header has two separators: {} and, in {cell:?}, {}", shown(*.used), shown(*.other))]
    TwoSeparators { used: u8, other: u8, cell: String },
    /// The flag or Excel's line names another separator than the header has.
    #[error("the columns are separated by {}, but {} {}", shown(*.used), if *.is_in_list { "the line sep= names" } else { "--delimiter is" }, shown(*.given))]
    WrongDelimiter {
        used: u8,
        given: u8,
        /// By a line `sep=`.
        is_in_list: bool,
    },
    /// The names are there, but separated otherwise.
    #[error("the columns are separated by {}", shown(*.0))]
    OtherSeparator(u8),
    #[error("two columns hold the {0}")]
    Duplicate(&'static str),
    /// In `--columns`, where every name matters.
    #[error("{0:?} is not one of user, room, reason, or - for a column to ignore")]
    UnknownName(String),
}

/// The separator as people call it.
fn shown(separator: u8) -> String {
    match separator {
        b'\t' => "tabs".into(),
        other => format!("'{}'", char::from(other)),
    }
}

impl HeaderProblem {
    /// What to do about it.
    pub(super) fn hint(&self) -> String {
        match self {
            Self::NoUser { .. } => {
                "name the column of the UserIDs user in the header, and remove lines above it; without a header give --columns room,user,reason (their order)".into()
            }
            Self::Misspelt { meant, .. } => {
                format!(
                    "correct the header: name the column {meant}; to ignore it, replace the header by --columns with - in its place"
                )
            }
            Self::SameMeaning { .. } => {
                "remove one of the two columns, or replace the header by --columns with - for the column to ignore".into()
            }
            Self::TwoSeparators { .. } => {
                "separate all columns alike, or give the separator with --delimiter".into()
            }
            Self::WrongDelimiter { is_in_list: true, .. } => "correct or remove the line sep=".into(),
            Self::WrongDelimiter { used: b'\t', .. } => "give --delimiter tab, or none".into(),
            Self::WrongDelimiter { used, .. } => format!("give --delimiter '{}'", char::from(*used)),
            Self::OtherSeparator(b'\t') => "add --format tsv".into(),
            Self::OtherSeparator(b',' | b';') => "add --format csv".into(),
            Self::OtherSeparator(other) => format!("add --delimiter '{}'", char::from(*other)),
            Self::Duplicate(_) | Self::UnknownName(_) => "correct the header".into(),
        }
    }
}

impl Columns {
    /// Columns by the names in a header. Other names are ignored, unless one
    /// resembles the name of a missing column, or means the same as one that is there.
    pub(super) fn from_header<'a>(
        cells: &(impl Iterator<Item = &'a str> + Clone),
    ) -> Result<Self, HeaderProblem> {
        let mut found = [None; 3];
        for (at, name) in cells.clone().enumerate() {
            let Some(column) = Column::named(name) else {
                continue;
            };
            if found[column as usize].replace(at).is_some() {
                return Err(HeaderProblem::Duplicate(column.name()));
            }
        }
        let [user, room, reason] = found;
        let found = || {
            let names: Vec<String> = cells.clone().map(|name| format!("{name:?}")).collect();
            excerpt(&names.join(", "))
        };
        // Without any known name it may be a first row, not a header: there only
        // whole words count.
        let is_header = [user, room, reason].iter().any(Option::is_some);
        let meant = |name: &str| {
            if is_header {
                Column::nearly(name)
            } else {
                Column::spelled_otherwise(name)
            }
        };
        let columns = [Column::User, Column::Room, Column::Reason];
        let missing = [user, room, reason].into_iter().zip(columns);
        for (_, column) in missing.filter(|(at, _)| at.is_none()) {
            if let Some(name) = cells.clone().find(|name| meant(name) == Some(column)) {
                let (found, meant) = (excerpt(name), column.name());
                return Err(HeaderProblem::Misspelt { found, meant });
            }
        }
        if user.is_some()
            && room.is_none()
            && let Some(name) = cells.clone().find(|name| has_room_word(name))
        {
            let (found, meant) = (excerpt(name), Column::Room.name());
            return Err(HeaderProblem::Misspelt { found, meant });
        }
        let others = || cells.clone().filter(|name| Column::named(name).is_none());
        if let Some((name, column)) = others().find_map(|name| Some((name, Column::same_as(name)?)))
            && user.is_some()
        {
            let (found, known) = (excerpt(name), column.name());
            return Err(HeaderProblem::SameMeaning { found, known });
        }
        Ok(Self {
            user: user.ok_or_else(|| HeaderProblem::NoUser { found: found() })?,
            room,
            reason,
            width: cells.clone().count(),
        })
    }

    /// Columns by the comma-separated names of `--columns`; `-` or an empty name
    /// is a column to ignore.
    pub(crate) fn parse(text: &str) -> Result<Self, HeaderProblem> {
        let names = text.split(',').map(str::trim);
        let is_unknown = |name: &&str| !matches!(*name, "" | "-") && Column::named(name).is_none();
        match names.clone().find(is_unknown) {
            Some(name) => Err(HeaderProblem::UnknownName(excerpt_of_part(name, text))),
            None => Self::from_header(&names),
        }
    }

    /// The number of cells in a row.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Where the user stands in a row, from 0.
    pub(super) fn user(&self) -> usize {
        self.user
    }

    /// Whether the cells of a row are the names of their columns.
    pub(super) fn is_header_again(&self, room: &str, user: &str) -> bool {
        let is_room = Column::named(room) == Some(Column::Room);
        match Column::named(user) {
            Some(Column::User) => self.room.is_none() || is_room,
            _ if is_user_column(user) => {
                self.width == 1 || (self.room.is_some() && has_room_word(room))
            }
            _ => false,
        }
    }

    /// Room, user and reason of a row, empty where there is no column.
    pub(super) fn pick<'a>(&self, cell: impl Fn(usize) -> &'a str) -> [&'a str; 3] {
        let optional = |at: Option<usize>| at.map_or("", &cell);
        [optional(self.room), cell(self.user), optional(self.reason)]
    }
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
