//! The values a removal is made of: room, member, reason, action.
//!
//! Parsed once, valid ever after: nothing below the command line checks these
//! strings again. Limits are the service's (api.md, sections 2 and 3).

use std::fmt;
use std::sync::Arc;

/// Most members that one request may name (`MemberList_Account`).
pub const MEMBERS_PER_REQUEST: usize = 20;

/// Most requests per second that the service takes; no faster rate is offered.
pub const MAX_RATE: u32 = 200;

/// Why a text cannot be a [`RoomId`], a [`UserId`] or a [`Reason`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// Nothing there.
    #[error("is empty; {what} has 1 to {max} bytes")]
    Empty {
        /// What it should have been, with its article.
        what: &'static str,
        /// Its limit in bytes.
        max: usize,
    },
    /// Longer than the service takes.
    #[error("{len} of {max} bytes; {what} has at most {max}")]
    TooLong {
        /// What it should have been, with its article.
        what: &'static str,
        /// Its length in bytes.
        len: usize,
        /// Its limit in bytes.
        max: usize,
    },
    /// A character that the service does not take in identifiers.
    #[error("{found:?} at byte {at}: {what} is printable ASCII only")]
    NotPrintable {
        /// What it should have been, with its article.
        what: &'static str,
        /// The offending character.
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

    /// Takes `text` if the service would.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
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

    /// Takes `text` if the service would.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        printable(text, "a UserID", Self::MAX_BYTES).map(|()| Self(text.into()))
    }

    /// The text as sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why members are removed: 1 to 1000 bytes of UTF-8, shown to them; or nothing,
/// for an [`Action`] that takes no reason.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Reason(Arc<str>);

impl Reason {
    /// The service's limit, in bytes and not in characters.
    pub const MAX_BYTES: usize = 1000;

    /// Takes `text` if the service would.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let what = "a reason";
        within(text, what, Self::MAX_BYTES).map(|()| Self(text.into()))
    }

    /// What stands where an action takes no reason.
    pub fn none() -> Self {
        Self("".into())
    }

    /// The text for results and records; None where there is no reason.
    pub fn given(&self) -> Option<&str> {
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
    /// Remove; does not keep anybody from joining again.
    Kick,
    /// Remove and keep out for a while.
    Ban,
    /// Let in again before that while is over.
    Unban,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Kick, Self::Ban, Self::Unban];

    /// The command's name, as results and journals carry it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kick => "kick",
            Self::Ban => "ban",
            Self::Unban => "unban",
        }
    }

    /// What it does to members, as a verb.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Kick => "remove",
            Self::Ban => "ban",
            Self::Unban => "unban",
        }
    }

    /// The word for a member to whom it was done.
    pub fn done(self) -> &'static str {
        match self {
            Self::Kick => "removed",
            Self::Ban => "banned",
            Self::Unban => "unbanned",
        }
    }

    /// The service's call for it (api.md, section 3).
    pub fn call(self) -> &'static str {
        match self {
            Self::Kick => "kick_user_out",
            Self::Ban => "ban_room_member",
            Self::Unban => "unban_room_member",
        }
    }

    /// Whether the service wants to know why.
    pub fn has_reason(self) -> bool {
        match self {
            Self::Kick | Self::Ban => true,
            Self::Unban => false,
        }
    }
}

fn within(text: &str, what: &'static str, max: usize) -> Result<(), Invalid> {
    match text.len() {
        0 => Err(Invalid::Empty { what, max }),
        len if len > max => Err(Invalid::TooLong { what, len, max }),
        _ => Ok(()),
    }
}

/// Printable ASCII is 0x20 to 0x7e: a line feed in an identifier would forge
/// lines of the text that is signed.
fn printable(text: &str, what: &'static str, max: usize) -> Result<(), Invalid> {
    within(text, what, max)?;
    let odd = |c: &(usize, char)| !(' '..='~').contains(&c.1);
    match text.char_indices().find(odd) {
        Some((at, found)) => Err(Invalid::NotPrintable {
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
            /// A text that was parsed before, coming back from where it was
            /// kept.
            pub(crate) fn trusted(text: &str) -> Self {
                Self(text.into())
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
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
        assert!(matches!(RoomId::parse(""), Err(Invalid::Empty { .. })));
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
