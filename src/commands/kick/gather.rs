//! From flags and lists to a plan. Every row is looked at before anything is
//! said: those that cannot be used are faults, those that are protected are
//! faults or left out.

use std::fmt::Display;
use std::fs::File;
use std::io::Read;

use super::faults::{Faults, MOST_ROWS};
use super::flags::{Flags, List};
use super::guard::Guard;
use super::reason::{self, Usual};
use crate::config::StdinClaim;
use crate::error::Error;
use crate::job::Plan;
use crate::job::input::Rows;
use crate::room::{Action, Reason, RoomId, UserId};

/// What to do about a row without a room.
const ROOM_HINT: &str = "give --room ROOM for rows that name none";

/// What to do about a protected row.
const PROTECTED_HINT: &str = "--skip-protected leaves them out and goes on";

/// What rows are judged by.
#[derive(Debug)]
pub(super) struct Rules<'a> {
    pub(super) flags: &'a Flags,
    /// `--room` was given, be it with a fault.
    pub(super) has_rooms: bool,
    pub(super) usual: &'a Usual,
    pub(super) guard: &'a Guard,
    /// Protected rows are left out instead of being faults.
    pub(super) skip: bool,
}

/// The rows that were left out.
#[derive(Debug, Default)]
pub(super) struct Skipped {
    /// The first of them, with the reason why.
    pub(super) shown: Vec<String>,
    pub(super) count: usize,
}

/// What came of it all.
#[derive(Debug)]
pub(super) struct Gathered {
    pub(super) plan: Plan,
    pub(super) skipped: Skipped,
}

/// Takes in every flag and every list, in this order.
pub(super) fn gather(rules: &Rules<'_>, stdin: &mut StdinClaim, faults: &mut Faults) -> Gathered {
    let mut gatherer = Gatherer {
        rules,
        faults,
        plan: Plan::new(Action::Kick),
        skipped: Skipped::default(),
    };
    gatherer.users();
    for list in &rules.flags.lists {
        gatherer.list(list, stdin);
    }
    Gathered {
        plan: gatherer.plan,
        skipped: gatherer.skipped,
    }
}

struct Gatherer<'a> {
    rules: &'a Rules<'a>,
    faults: &'a mut Faults,
    plan: Plan,
    skipped: Skipped,
}

impl Gatherer<'_> {
    /// Every `--user` in every `--room`, room by room.
    fn users(&mut self) {
        let Flags { users, rooms, .. } = self.rules.flags;
        let usual = match self.rules.usual {
            Usual::Reason(reason) => Some(&reason.value),
            Usual::Faulty => None,
            Usual::None if users.is_empty() => None,
            Usual::None => {
                self.faults.push_with("no reason", reason::HINT);
                None
            }
        };
        let passing: Vec<&UserId> = users
            .iter()
            .filter(|user| self.passes(format_args!("--user {user}"), user))
            .collect();
        for room in rooms {
            for user in &passing {
                if let Some(reason) = usual {
                    self.plan.add(room, user, reason);
                }
            }
        }
    }

    fn list(&mut self, list: &List, stdin: &mut StdinClaim) {
        let name = list.path.display();
        match open(list, stdin) {
            Err(error) => self.faults.absorb(&error),
            Ok(input) => {
                for row in Rows::new(input, list.format, list.columns.clone()) {
                    match row {
                        Err(bad) => self.faults.push_row(format_args!("{name}:{bad}")),
                        Ok(row) => {
                            let place = format_args!("{name}:{}", row.line);
                            self.row(place, row.room.as_ref(), &row.user, row.reason.as_ref());
                        }
                    }
                }
            }
        }
    }

    fn row(
        &mut self,
        place: impl Display + Copy,
        room: Option<&RoomId>,
        user: &UserId,
        reason: Option<&Reason>,
    ) {
        if !self.passes(format_args!("{place}: user {:?}", user.as_str()), user) {
            return;
        }
        let reason = match (reason, self.rules.usual) {
            (Some(reason), _) => reason,
            (None, Usual::Reason(usual)) => &usual.value,
            (None, Usual::Faulty) => return,
            (None, Usual::None) => {
                self.faults
                    .push_row(format_args!("{place}: gives no reason"));
                return self.faults.hint(reason::HINT);
            }
        };
        match room {
            Some(room) => self.plan.add(room, user, reason),
            None if self.rules.has_rooms => {
                for room in &self.rules.flags.rooms {
                    self.plan.add(room, user, reason);
                }
            }
            None => {
                self.faults.push_row(format_args!("{place}: names no room"));
                self.faults.hint(ROOM_HINT);
            }
        }
    }

    /// Whether the guard lets this member be removed.
    fn passes(&mut self, place: impl Display, user: &UserId) -> bool {
        let Some(why) = self.rules.guard.spares(user) else {
            return true;
        };
        let said = format_args!("{place} {why}");
        if self.rules.skip {
            if self.skipped.count < MOST_ROWS {
                self.skipped.shown.push(said.to_string());
            }
            self.skipped.count += 1;
        } else {
            self.faults.push_row(said);
            self.faults.hint(PROTECTED_HINT);
        }
        false
    }
}

fn open(list: &List, stdin: &mut StdinClaim) -> Result<Box<dyn Read>, Error> {
    if list.path.as_os_str() == "-" {
        return Ok(stdin.claim("--from")?);
    }
    match File::open(&list.path) {
        Ok(file) => Ok(Box::new(file)),
        Err(why) => {
            let message = format!("--from {}: {why}", list.path.display());
            Err(Error::usage(message, "nothing was sent"))
        }
    }
}
