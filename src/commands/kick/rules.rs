//! How a row is judged: whether its member may be removed, from which rooms,
//! and for what reason. The same for lists and for live feeds.

use std::fmt::Display;
use std::slice;

use super::Args;
use super::faults::Faults;
use super::flags::{Flags, List};
use super::guard::Guard;
use super::reason::{self, Usual};
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
pub(super) struct Rules {
    /// What is done to whoever passes.
    pub(super) action: Action,
    /// For rows that name no room.
    pub(super) rooms: Vec<RoomId>,
    /// `--room` was given, be it with a fault.
    has_rooms: bool,
    /// For rows that give no reason.
    pub(super) usual: Usual,
    guard: Guard,
    /// Protected rows are left out instead of being faults.
    skip: bool,
}

/// What becomes of a row.
#[derive(Debug)]
pub(super) enum Judged<'a> {
    /// Its member is removed from these rooms.
    Go {
        rooms: &'a [RoomId],
        reason: &'a Reason,
    },
    /// It is protected, and that was expected.
    LeftOut(String),
    /// It cannot be used: what is wrong, and what to do about it.
    Fault(String, &'static str),
    /// It cannot be used for a fault that was told already.
    Told,
}

impl Rules {
    /// As the flags and the profile say.
    pub(super) fn new(args: &Args, flags: &Flags, usual: Usual, guard: Guard) -> Self {
        Self {
            action: args.own.action,
            rooms: flags.rooms.clone(),
            has_rooms: !args.room.is_empty(),
            usual,
            guard,
            skip: args.skip_protected,
        }
    }

    /// The patterns of those who are never removed.
    pub(super) fn protected(&self) -> &[(Glob, Source)] {
        self.guard.globs()
    }

    /// A live feed of plain lines can name neither room nor reason, so that is
    /// said before anything is read. Without --format its rows will show.
    pub(super) fn suit_a_feed(&self, flags: &Flags, faults: &mut Faults) {
        let lacks = |list: &List| list.format == Some(Format::Lines);
        if !flags.lists.iter().any(lacks) {
            return;
        }
        if matches!(self.usual, Usual::None) {
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
    ) -> Judged<'a> {
        let who = format_args!("{place}: user {:?}", user.as_str());
        if let Some(spared) = self.spares(who, user) {
            return spared;
        }
        let reason = match (reason, &self.usual) {
            (_, Usual::Needless(none)) => none,
            (Some(reason), _) => reason,
            (None, Usual::Reason(usual)) => &usual.value,
            (None, Usual::Faulty) => return Judged::Told,
            (None, Usual::None) => {
                return Judged::Fault(format!("{place}: gives no reason"), reason::HINT);
            }
        };
        match room {
            Some(room) => Judged::Go {
                rooms: slice::from_ref(room),
                reason,
            },
            None if self.has_rooms => Judged::Go {
                rooms: &self.rooms,
                reason,
            },
            None => Judged::Fault(format!("{place}: names no room"), ROOM_HINT),
        }
    }

    /// What becomes of a member whom the guard does not let through.
    pub(super) fn spares(&self, who: impl Display, user: &UserId) -> Option<Judged<'static>> {
        let why = self.guard.spares(user)?;
        let said = format!("{who} {why}");
        Some(if self.skip {
            Judged::LeftOut(said)
        } else {
            Judged::Fault(said, PROTECTED_HINT)
        })
    }
}
