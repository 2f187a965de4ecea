//! What can be wrong with a row.

use std::io;

use super::columns::HeaderProblem;
use super::format::Format;
use crate::room::Invalid;

/// A row that cannot be used, as `LINE: why`; the file is named by whoever
/// reports it.
#[derive(Debug, thiserror::Error)]
#[error("{line}: {problem}")]
pub struct BadRow {
    /// Counted from 1; of a row of several lines, the first.
    pub line: u64,
    /// What is wrong.
    pub problem: RowProblem,
}

/// What is wrong with a row.
#[derive(Debug, thiserror::Error)]
pub enum RowProblem {
    /// Another encoding, or no text at all.
    #[error("is not UTF-8")]
    NotUtf8,
    /// UTF-16, or no text at all.
    #[error("has a NUL byte: is this a text file?")]
    Nul,
    /// Longer than anything sensible; memory stays bounded.
    #[error("has more than {} KiB", .0 / 1024)]
    TooLong(usize),
    /// The reader failed.
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
    /// A list of lines that starts with a table's header.
    #[error("looks like {}: say --format {format}", .format.name().to_ascii_uppercase())]
    LooksLike {
        /// What it seems to be.
        format: Format,
    },
    /// A table whose header does not say where the members stand.
    #[error("{0}")]
    Header(HeaderProblem),
    /// The header stands there although the columns are named otherwise.
    #[error("is a header: leave --columns out")]
    HeaderAndColumns,
    /// In a list of lines, where it cannot be meant.
    #[error("user {0:?} has a blank at its end; if it is part of the UserID, give the list as csv")]
    TrailingBlank(String),
    /// As above.
    #[error(
        "user {0:?} has a blank at its start; if it is part of the UserID, give the list as csv"
    )]
    LeadingBlank(String),
    /// The line where it began.
    #[error("a quote is opened here and never closed")]
    OpenQuote,
    /// Quoted in part; what is meant cannot be told.
    #[error("has text behind a closing quote")]
    TextAfterQuote,
    /// An old Macintosh's line end, most likely.
    #[error("has a line break outside of quotes, a CR without LF")]
    LoneCr,
    /// More or fewer cells than there are columns.
    #[error("has {cells} of {columns} cells")]
    Ragged {
        /// In this row.
        cells: usize,
        /// In the header, or as named.
        columns: usize,
    },
    /// Not even JSON.
    #[error("is no JSON: {0}")]
    InvalidJson(String),
    /// JSON, but not as it should be.
    #[error("{0}")]
    WrongType(String),
    /// An array, a number, …
    #[error("is no JSON object")]
    NotAnObject,
    /// `Member_Account` and `MemberList_Account`.
    #[error("has both Member_Account and MemberList_Account")]
    BothMemberKeys,
    /// A table's cell is empty.
    #[error("names no user")]
    NoUser,
    /// An object without either key, or with an empty list.
    #[error("names no member: neither Member_Account nor MemberList_Account")]
    NoMember,
    /// Not a `RoomId`.
    #[error("room {0:?}: {1}")]
    Room(String, Invalid),
    /// Not a `UserID`.
    #[error("user {0:?}: {1}")]
    User(String, Invalid),
    /// Not a reason; too long to be repeated.
    #[error("reason: {0}")]
    Reason(Invalid),
}

impl RowProblem {
    /// Whether nothing can be said of later rows.
    pub fn ends_list(&self) -> bool {
        matches!(
            self,
            Self::Unreadable(_) | Self::LooksLike { .. } | Self::Header(_) | Self::HeaderAndColumns
        )
    }
}
