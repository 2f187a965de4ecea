//! One row of a list: its checked values, or the problem with it.

use std::io;

use super::columns::HeaderProblem;
use super::format::Format;
use crate::room::{InvalidValue, Reason, RoomId, UserId};
use crate::secret::excerpt;

/// One member in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Counted from 1; of a row of several lines, the first.
    pub(crate) line: u64,
    /// None where the caller gives the room.
    pub(crate) room: Option<RoomId>,
    pub(crate) user: UserId,
    /// None where the caller gives the reason.
    pub(crate) reason: Option<Reason>,
}

/// A row that cannot be used, shown as `LINE: problem`. Whoever reports it puts
/// the file's name in front.
#[derive(Debug, thiserror::Error)]
#[error("{line}: {problem}")]
pub(crate) struct BadRow {
    /// Counted from 1; of a row of several lines, the first.
    pub(crate) line: u64,
    pub(crate) problem: RowProblem,
}

/// What is wrong with a row.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RowProblem {
    #[error("is not UTF-8")]
    NotUtf8,
    /// UTF-16, or not text at all.
    #[error("has a NUL byte: is this a text file?")]
    Nul,
    /// Longer than any sensible row. Memory stays bounded.
    #[error("has more than {} KiB", .0 / 1024)]
    TooLong(usize),
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
    /// A list of lines that starts with a table's header.
    #[error("looks like {}: --format {format}", .format.name().to_ascii_uppercase())]
    LooksLike { format: Format },
    /// A table whose header does not name the column of the members.
    #[error("{0}")]
    Header(HeaderProblem),
    /// The list has a header although `--columns` is given.
    #[error("is a header: remove --columns")]
    HeaderAndColumns,
    #[error(
        "user {0:?} ends with a blank; if the blank is part of the UserID, write the list as csv"
    )]
    TrailingBlank(String),
    #[error(
        "user {0:?} starts with a blank; if the blank is part of the UserID, write the list as csv"
    )]
    LeadingBlank(String),
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
    #[error("is not valid JSON: {0}")]
    InvalidJson(String),
    /// Valid JSON, but a key has another type than it should.
    #[error("{0}")]
    WrongType(String),
    /// An array, a number, …
    #[error("is not a JSON object")]
    NotAnObject,
    #[error("has both Member_Account and MemberList_Account")]
    BothMemberKeys,
    /// A table's cell is empty.
    #[error("has no user")]
    NoUser,
    /// An object without either key, or with an empty list.
    #[error("has no member: neither Member_Account nor MemberList_Account")]
    NoMember,
    #[error("room {0:?}: {1}")]
    Room(String, InvalidValue),
    #[error("user {0:?}: {1}")]
    User(String, InvalidValue),
    /// Without the text, which may be long.
    #[error("reason: {0}")]
    Reason(InvalidValue),
}

impl RowProblem {
    /// Whether the rows after this one cannot be read.
    pub(super) fn ends_list(&self) -> bool {
        matches!(
            self,
            Self::Unreadable(_) | Self::LooksLike { .. } | Self::Header(_) | Self::HeaderAndColumns
        )
    }

    /// What to do about it.
    pub(crate) fn hint(&self) -> String {
        let hint = match self {
            Self::NotUtf8 | Self::Nul => "save the list as UTF-8 text",
            Self::Unreadable(_) => "name a file that can be read, or - for stdin",
            Self::LooksLike { format } => return format!("add --format {format}"),
            Self::Header(HeaderProblem::NoUser { .. }) => {
                "name the column user in the header, or give --columns room,user,reason"
            }
            Self::Header(_) => "correct the header",
            Self::HeaderAndColumns => "remove --columns",
            Self::TrailingBlank(_) | Self::LeadingBlank(_) => {
                "remove the blanks, or write these members as csv"
            }
            _ => "correct these rows and run it again",
        };
        hint.to_owned()
    }
}

/// Parses rooms and reasons. Keeps the latest of each, because most rows have the
/// same as the row before.
#[derive(Debug, Default)]
pub(super) struct ValueCache {
    room: Option<RoomId>,
    reason: Option<Reason>,
}

impl ValueCache {
    /// None for an empty text.
    pub(super) fn room(&mut self, text: &str) -> Result<Option<RoomId>, RowProblem> {
        if text.is_empty() {
            return Ok(None);
        }
        if self.room.as_ref().is_none_or(|room| room.as_str() != text) {
            let room = RoomId::parse(text).map_err(|why| RowProblem::Room(excerpt(text), why))?;
            self.room = Some(room);
        }
        Ok(self.room.clone())
    }

    /// None for an empty text.
    pub(super) fn reason(&mut self, text: &str) -> Result<Option<Reason>, RowProblem> {
        if text.is_empty() {
            return Ok(None);
        }
        if self
            .reason
            .as_ref()
            .is_none_or(|reason| reason.as_str() != text)
        {
            self.reason = Some(Reason::parse(text).map_err(RowProblem::Reason)?);
        }
        Ok(self.reason.clone())
    }
}

pub(super) fn user(text: &str) -> Result<UserId, RowProblem> {
    UserId::parse(text).map_err(|why| RowProblem::User(excerpt(text), why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_room_or_reason_is_not_given() {
        let mut cache = ValueCache::default();
        assert!(matches!(cache.room(""), Ok(None)));
        assert!(matches!(cache.reason(""), Ok(None)));
        let room = cache.room("r").expect("good").expect("given");
        assert_eq!(room.as_str(), "r");
        assert!(matches!(cache.room(""), Ok(None)), "not the one before");
        assert_eq!(cache.room("s").expect("good").expect("given").as_str(), "s");
    }

    #[test]
    fn a_problem_shows_the_value_but_not_a_whole_reason() {
        let mut cache = ValueCache::default();
        let room = cache.room("房间").expect_err("no RoomId").to_string();
        assert!(room.starts_with("room \"房间\": '房' at byte 1"), "{room}");
        let reason = cache.reason(&"x".repeat(1043)).expect_err("too long");
        assert_eq!(
            reason.to_string(),
            "reason: 1043 of 1000 bytes; a reason has at most 1000"
        );
        let user = user(&"u".repeat(999)).expect_err("too long").to_string();
        assert!(
            user.contains("999 of 32 bytes") && user.len() < 200,
            "{user}"
        );
    }
}
