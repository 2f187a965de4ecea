//! Which outcomes `journal show` prints: `--user`, `--room`, `--outcome`, `--since`.

use std::borrow::Cow;
use std::time::SystemTime;

use super::show::{Args, IN_DOUBT};
use crate::clock::unix_seconds;
use crate::error::{Error, Problem, Problems};
use crate::job::journal::Record;
use crate::room::{RoomId, UserId};
use crate::secret::excerpt;

/// Which outcomes are printed. An empty list means all.
pub(super) struct Filter {
    users: Vec<String>,
    rooms: Vec<String>,
    outcomes: Vec<String>,
    since: Option<u64>,
}

impl Filter {
    /// Checks the flags; all problems are reported together.
    pub(super) fn of(args: &Args, now: SystemTime) -> Result<Self, Error> {
        let mut problems = Problems::default();
        for room in &args.room {
            problems.ok_or_collect(RoomId::parse(room).map_err(|why| wrong("--room", room, &why)));
        }
        for user in &args.user {
            problems.ok_or_collect(UserId::parse(user).map_err(|why| wrong("--user", user, &why)));
        }
        let since = args.since.as_deref();
        let since = since.and_then(|text| problems.ok_or_collect(start_time(text, now)));
        problems.into_result()?;
        Ok(Self {
            users: args.user.clone(),
            rooms: args.room.clone(),
            outcomes: args.outcome.clone(),
            since,
        })
    }

    /// Removes the members that do not match. Returns whether any is left.
    pub(super) fn keep_members(&self, record: &mut Record<'_>) -> bool {
        if !self.rooms.is_empty() && !self.rooms.iter().any(|room| *room == record.room) {
            return false;
        }
        if !self.users.is_empty() {
            let is_named = |user: &Cow<'_, str>| self.users.iter().any(|name| name == user);
            record.members.retain(is_named);
        }
        !record.members.is_empty()
    }

    pub(super) fn has(&self, outcome: &str, unix: u64) -> bool {
        let is_named = self.outcomes.is_empty() || self.outcomes.iter().any(|o| o == outcome);
        is_named && self.is_in_time(unix)
    }

    /// Whether a time is not before `--since`.
    pub(super) fn is_in_time(&self, unix: u64) -> bool {
        self.since.is_none_or(|since| unix >= since)
    }

    /// Whether members in doubt are printed.
    pub(super) fn shows_doubt(&self) -> bool {
        self.outcomes.iter().any(|word| word == IN_DOUBT)
    }
}

fn wrong(flag: &str, text: &str, why: &impl std::fmt::Display) -> Problem {
    let message = format!("{flag} {:?}: {why}", excerpt(text));
    Problem::usage(message, format!("give {flag} a name as the file has it"))
}

/// `--since` in seconds since 1970.
fn start_time(text: &str, now: SystemTime) -> Result<u64, Problem> {
    let text = text.trim();
    if let Ok(ago) = humantime::parse_duration(text) {
        return Ok(unix_seconds(now).saturating_sub(ago.as_secs()));
    }
    point_in_time(text).ok_or_else(|| {
        Problem::usage(
            format!("--since {:?}: neither a duration nor a time", excerpt(text)),
            "give --since a duration like 2h or 7d, or a time like 2026-03-01 or \
             2026-03-01T02:11:09Z",
        )
    })
}

/// A date or a time of RFC 3339. Seconds and offset may be missing.
fn point_in_time(text: &str) -> Option<u64> {
    if !text.is_ascii() {
        return None;
    }
    let utc = text.strip_suffix(['Z', 'z']);
    let (local, east) = match utc {
        Some(local) => (local, 0),
        None => match text.len().checked_sub(6).filter(|at| *at > 10) {
            Some(at) if text[at..].starts_with(['+', '-']) => {
                (&text[..at], offset_minutes(&text[at..])?)
            }
            _ => (text, 0),
        },
    };
    let whole = match local.len() {
        10 => format!("{local}T00:00:00"),
        16 => format!("{local}:00"),
        _ => local.to_owned(),
    };
    let time = humantime::parse_rfc3339_weak(&whole.replace('t', "T")).ok()?;
    unix_seconds(time).checked_add_signed(-60 * east)
}

/// `+08:00`
fn offset_minutes(text: &str) -> Option<i64> {
    let (sign, time) = text.split_at(1);
    let (hours, minutes) = time.split_once(':')?;
    let [hours, minutes]: [i64; 2] = [hours.parse().ok()?, minutes.parse().ok()?];
    let minutes = (hours < 24 && minutes < 60).then_some(60 * hours + minutes)?;
    Some(if sign == "-" { -minutes } else { minutes })
}
