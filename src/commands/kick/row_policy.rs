//! How a row is judged: whether its member may be removed, from which rooms,
//! and for what reason. The same for lists and for live feeds.

use std::fmt::Display;
use std::slice;

use super::Args;
use super::faults::Faults;
use super::flags::{Flags, List};
use super::protection::Protection;
use super::reason::{self, DefaultReason};
use crate::config::Source;
use crate::job::Glob;
use crate::job::input::Format;
use crate::room::{Action, Reason, RoomId, UserId};

/// What to do about a row without a room.
const ROOM_HINT: &str = "give --room ROOM for rows that name none";

/// What to do where rows may say more than plain lines can.
const FORMAT_HINT: &str = "where rows bring their own, say which --format they have";

/// What to do about a protected row.
const PROTECTED_HINT: &str = "--skip-protected leaves them out and goes on";

/// What rows are judged by.
#[derive(Debug)]
pub(super) struct RowPolicy {
    /// What is done to whoever passes.
    pub(super) action: Action,
    /// For rows that name no room.
    pub(super) rooms: Vec<RoomId>,
    /// `--room` was given, be it with a fault.
    has_rooms: bool,
    /// For rows that give no reason.
    pub(super) default_reason: DefaultReason,
    protection: Protection,
    /// Protected rows are left out instead of being faults.
    skip: bool,
}

/// What becomes of a row.
#[derive(Debug)]
pub(super) enum RowVerdict<'a> {
    /// Its member is removed from these rooms.
    Accept {
        rooms: &'a [RoomId],
        reason: &'a Reason,
    },
    /// It is protected, and that was expected.
    Skip(String),
    /// It cannot be used: what is wrong, and what to do about it.
    Reject(String, &'static str),
    /// It cannot be used for a fault that was told already.
    AlreadyReported,
}

impl RowPolicy {
    /// As the flags and the profile say.
    pub(super) fn new(
        args: &Args,
        flags: &Flags,
        default_reason: DefaultReason,
        protection: Protection,
    ) -> Self {
        Self {
            action: args.verb.action,
            rooms: flags.rooms.clone(),
            has_rooms: !args.room.is_empty(),
            default_reason,
            protection,
            skip: args.skip_protected,
        }
    }

    /// The patterns of those who are never removed.
    pub(super) fn protected(&self) -> &[(Glob, Source)] {
        self.protection.globs()
    }

    /// A live feed of plain lines can name neither room nor reason, so that is
    /// said before anything is read. Without --format its rows will show.
    pub(super) fn check_stream_input(&self, flags: &Flags, faults: &mut Faults) {
        let lacks = |list: &List| list.format == Some(Format::Lines);
        if !flags.lists.iter().any(lacks) {
            return;
        }
        if matches!(self.default_reason, DefaultReason::Missing) {
            faults.push_with("no reason", reason::HINT);
            faults.hint(FORMAT_HINT);
        }
        if !self.has_rooms {
            faults.push_with("no room", "give --room ROOM");
            faults.hint(FORMAT_HINT);
        }
    }

    /// Judges the row at `place`.
    pub(super) fn judge<'a>(
        &'a self,
        place: impl Display,
        room: Option<&'a RoomId>,
        user: &UserId,
        reason: Option<&'a Reason>,
    ) -> RowVerdict<'a> {
        let who = format_args!("{place}: user {:?}", user.as_str());
        if let Some(verdict) = self.check_protected(who, user) {
            return verdict;
        }
        let reason = match (reason, &self.default_reason) {
            (_, DefaultReason::NotNeeded(none)) => none,
            (Some(reason), _) => reason,
            (None, DefaultReason::Reason(default_reason)) => &default_reason.value,
            (None, DefaultReason::Invalid) => return RowVerdict::AlreadyReported,
            (None, DefaultReason::Missing) => {
                return RowVerdict::Reject(format!("{place}: gives no reason"), reason::HINT);
            }
        };
        match room {
            Some(room) => RowVerdict::Accept {
                rooms: slice::from_ref(room),
                reason,
            },
            None if self.has_rooms => RowVerdict::Accept {
                rooms: &self.rooms,
                reason,
            },
            None => RowVerdict::Reject(format!("{place}: names no room"), ROOM_HINT),
        }
    }

    /// What becomes of a member whom the protection does not let through.
    pub(super) fn check_protected(
        &self,
        who: impl Display,
        user: &UserId,
    ) -> Option<RowVerdict<'static>> {
        let why = self.protection.protects(user)?;
        let said = format!("{who} {why}");
        Some(if self.skip {
            RowVerdict::Skip(said)
        } else {
            RowVerdict::Reject(said, PROTECTED_HINT)
        })
    }
}
