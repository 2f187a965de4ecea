//! The values of a request: room, member, reason, action.
//!
//! Each text is parsed once; code that holds one of these types does not check it
//! again. The limits are those of the service.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// The service's limit of members in one request (`MemberList_Account`).
pub(crate) const MEMBERS_PER_REQUEST: usize = 20;

/// The service's limit of requests per second, and the highest `--rate`.
pub(crate) const MAX_RATE: u32 = 200;

/// What other programs use for patterns, for several of them, or around them. In a pattern
/// of those who stay it would protect nobody; names hardly have it.
pub(crate) const OTHER_WILDCARDS: [char; 15] = [
    '[', ']', '{', '}', '(', ')', '|', '^', '$', ',', ';', '\\', '"', '\'', '`',
];

/// Why a text cannot be a [`RoomId`], a [`UserId`] or a [`Reason`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidValue {
    /// No text.
    #[error("is empty; {what} has 1 to {max} bytes")]
    Empty {
        /// The expected kind of text, with its article.
        what: &'static str,
        /// Its limit in bytes.
        max: usize,
    },
    /// Longer than the service accepts.
    #[error("{len} of {max} bytes; {what} has at most {max}")]
    TooLong {
        /// The expected kind of text, with its article.
        what: &'static str,
        /// Its length in bytes.
        len: usize,
        /// Its limit in bytes.
        max: usize,
    },
    /// A character that the service does not accept in identifiers.
    #[error("{found:?} at byte {at}: {what} is printable ASCII only")]
    NotPrintable {
        /// The expected kind of text, with its article.
        what: &'static str,
        /// The first such character.
        found: char,
        /// Its byte offset, counted from 1.
        at: usize,
    },
}

/// A room's identifier: 1 to 48 bytes of printable ASCII, case-sensitive.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoomId(Arc<str>);

impl RoomId {
    /// The service's limit in bytes.
    pub const MAX_BYTES: usize = 48;

    /// Checks `text` against the service's rules.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        printable(text, "a RoomId", Self::MAX_BYTES).map(|()| Self(text.into()))
    }

    /// The text as sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A member's account: 1 to 32 bytes of printable ASCII, case-sensitive.
///
/// The same rule holds for the calling `identifier`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId(Box<str>);

impl UserId {
    /// The service's limit in bytes.
    pub const MAX_BYTES: usize = 32;

    /// Checks `text` against the service's rules.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        printable(text, "a UserID", Self::MAX_BYTES).map(|()| Self(text.into()))
    }

    /// The text as sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why members are removed: 1 to 1000 bytes of UTF-8, shown to the members. Empty
/// for an [`Action`] that has no reason.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Reason(Arc<str>);

impl Reason {
    /// The service's limit in bytes, not in characters.
    pub const MAX_BYTES: usize = 1000;

    /// Checks `text` against the service's rules.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let what = "a reason";
        check_length(text, what, Self::MAX_BYTES).map(|()| Self(text.into()))
    }

    /// For an action that has no reason.
    pub(crate) fn none() -> Self {
        Self("".into())
    }

    /// The text for results and records; None where there is no reason.
    pub(crate) fn text(&self) -> Option<&str> {
        Some(self.as_str()).filter(|text| !text.is_empty())
    }

    /// The text as sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is done to members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Remove from the room. The member can join again.
    Kick,
    /// Remove, and prevent from joining again for some time.
    Ban,
    /// End a ban before its time.
    Unban,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Kick, Self::Ban, Self::Unban];

    /// The command's name, also in results and journals.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kick => "kick",
            Self::Ban => "ban",
            Self::Unban => "unban",
        }
    }

    /// The action with this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    /// For sentences: "the service did not remove u1".
    pub(crate) fn verb(self) -> &'static str {
        match self {
            Self::Kick => "remove",
            Self::Ban => "ban",
            Self::Unban => "unban",
        }
    }

    /// The name of the outcome when it succeeded.
    pub(crate) fn success_word(self) -> &'static str {
        match self {
            Self::Kick => "removed",
            Self::Ban => "banned",
            Self::Unban => "unbanned",
        }
    }

    /// What an absent member is not, before the name of the room.
    pub(crate) fn membership(self) -> &'static str {
        match self {
            Self::Kick | Self::Ban => "in",
            Self::Unban => "banned in",
        }
    }

    /// The name of the service's call.
    pub(crate) fn api_call(self) -> &'static str {
        match self {
            Self::Kick => "kick_user_out",
            Self::Ban => "ban_room_member",
            Self::Unban => "unban_room_member",
        }
    }

    /// Whether the request has a reason.
    pub(crate) fn has_reason(self) -> bool {
        match self {
            Self::Kick | Self::Ban => true,
            Self::Unban => false,
        }
    }
}

fn check_length(text: &str, what: &'static str, max: usize) -> Result<(), InvalidValue> {
    match text.len() {
        0 => Err(InvalidValue::Empty { what, max }),
        len if len > max => Err(InvalidValue::TooLong { what, len, max }),
        _ => Ok(()),
    }
}

/// Printable ASCII is 0x20 to 0x7e. The text that is signed consists of lines, and
/// a line feed in an identifier would forge one.
fn printable(text: &str, what: &'static str, max: usize) -> Result<(), InvalidValue> {
    check_length(text, what, max)?;
    let is_not_printable = |c: &(usize, char)| !(' '..='~').contains(&c.1);
    match text.char_indices().find(is_not_printable) {
        Some((at, found)) => Err(InvalidValue::NotPrintable {
            what,
            found,
            at: at + 1,
        }),
        None => Ok(()),
    }
}

macro_rules! shown_as_text {
    ($($name:ident),*) => {$(
        impl $name {
            /// From a text that was parsed before, without checking it again.
            pub(crate) fn from_parsed(text: &str) -> Self {
                Self(text.into())
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }
    )*};
}
shown_as_text!(RoomId, UserId, Reason);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_ids_have_1_to_48_printable_bytes() {
        assert!(RoomId::parse("room-test").is_ok());
        assert!(RoomId::parse(&"r".repeat(48)).is_ok());
        assert!(matches!(RoomId::parse(""), Err(InvalidValue::Empty { .. })));
        let long = RoomId::parse(&"r".repeat(49)).expect_err("too long");
        assert_eq!(long.to_string(), "49 of 48 bytes; a RoomId has at most 48");
    }

    #[test]
    fn user_ids_refuse_what_would_forge_a_signed_line() {
        let forged = UserId::parse("x\nTLS.sdkappid:1").expect_err("line feed");
        assert_eq!(
            forged.to_string(),
            "'\\n' at byte 2: a UserID is printable ASCII only"
        );
        assert!(UserId::parse("用户1").is_err());
        assert!(UserId::parse(&"u".repeat(33)).is_err());
        assert!(UserId::parse("a b~ @&+").is_ok());
    }

    #[test]
    fn reasons_are_counted_in_bytes() {
        assert!(Reason::parse(&"踢".repeat(333)).is_ok());
        let long = Reason::parse(&"踢".repeat(334)).expect_err("1002 bytes");
        assert!(long.to_string().starts_with("1002 of 1000 bytes"));
        assert!(Reason::parse("").is_err());
    }
}
