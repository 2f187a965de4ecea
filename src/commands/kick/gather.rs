//! From flags and lists to a plan. Every row is looked at before anything is
//! said: those that cannot be used are faults, those that are protected are
//! faults or left out.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use super::faults::Faults;
use super::flags::{Flags, List};
use super::reason::{self, DefaultReason};
use super::row_policy::{RowPolicy, RowVerdict};
use crate::config::StdinClaim;
use crate::error::Error;
use crate::job::Plan;
use crate::job::input::{Row, Rows};
use crate::room::UserId;

/// What came of it all.
#[derive(Debug)]
pub(super) struct Gathered {
    pub(super) plan: Plan,
    /// The rows that were left out, with the reason why.
    pub(super) skipped: Vec<String>,
    /// First lines that may be no members but headers.
    pub(super) headers: Vec<String>,
}

/// Takes in every flag and every list, in this order.
pub(super) fn gather(
    policy: &RowPolicy,
    flags: &Flags,
    stdin: &mut StdinClaim,
    faults: &mut Faults,
) -> Gathered {
    let mut gatherer = Gatherer {
        policy,
        faults,
        plan: Plan::new(policy.action),
        skipped: Vec::new(),
        headers: Vec::new(),
    };
    gatherer.users(&flags.users);
    for list in &flags.lists {
        gatherer.list(list, stdin);
    }
    Gathered {
        plan: gatherer.plan,
        skipped: gatherer.skipped,
        headers: gatherer.headers,
    }
}

struct Gatherer<'a> {
    policy: &'a RowPolicy,
    faults: &'a mut Faults,
    plan: Plan,
    skipped: Vec<String>,
    headers: Vec<String>,
}

impl Gatherer<'_> {
    /// Every `--user` in every `--room`, room by room.
    fn users(&mut self, users: &[UserId]) {
        let policy = self.policy;
        if matches!(policy.default_reason, DefaultReason::Missing) && !users.is_empty() {
            self.faults.push_with("no reason", reason::HINT);
        }
        let mut passing = Vec::new();
        for user in users {
            match policy.check_protected(format_args!("--user {user}"), user) {
                None => passing.push(user),
                Some(verdict) => self.take(user, verdict),
            }
        }
        let reason = match &policy.default_reason {
            DefaultReason::Reason(default_reason) => &default_reason.value,
            DefaultReason::NotNeeded(none) => none,
            DefaultReason::Invalid | DefaultReason::Missing => return,
        };
        for room in &policy.rooms {
            for user in &passing {
                self.plan.add(room, user, reason);
            }
        }
    }

    fn list(&mut self, list: &List, stdin: &mut StdinClaim) {
        let name = list.path.display();
        let input = match open(list, stdin) {
            Err(error) => return self.faults.absorb(&error),
            Ok(input) => input,
        };
        let policy = self.policy;
        for row in Rows::new(input, list.format, list.columns.clone()) {
            match row {
                Err(bad) => self.faults.push_row(format_args!("{name}:{bad}")),
                Ok(row) => {
                    let place = format_args!("{name}:{}", row.line);
                    if is_like_header(&row) {
                        self.headers.push(format!(
                            "{place}: {:?} is taken for a UserID; where it is a header, say --format csv",
                            row.user.as_str()
                        ));
                    }
                    let (room, reason) = (row.room.as_ref(), row.reason.as_ref());
                    self.take(&row.user, policy.judge(place, room, &row.user, reason));
                }
            }
        }
    }

    fn take(&mut self, user: &UserId, verdict: RowVerdict<'_>) {
        match verdict {
            RowVerdict::Accept { rooms, reason } => {
                for room in rooms {
                    self.plan.add(room, user, reason);
                }
            }
            RowVerdict::Reject(said, hint) => {
                self.faults.push_row(said);
                self.faults.hint(hint);
            }
            RowVerdict::AlreadyReported => {}
            RowVerdict::Skip(said) => self.skipped.push(said),
        }
    }
}

/// A first line that is the name of a column and nothing else. Somebody may be
/// called so, therefore it is no fault.
fn is_like_header(row: &Row) -> bool {
    let names = ["user", "UserID", "Member_Account"];
    let is_alone = row.room.is_none() && row.reason.is_none();
    let is_it = |name: &&str| row.user.as_str().eq_ignore_ascii_case(name);
    row.line == 1 && is_alone && names.iter().any(is_it)
}

/// The reader of a list.
pub(super) fn open(list: &List, stdin: &mut StdinClaim) -> Result<Box<dyn Read + Send>, Error> {
    if list.path.as_os_str() == "-" {
        return Ok(stdin.claim("--from")?);
    }
    match file(&list.path) {
        Ok(file) => Ok(Box::new(file)),
        Err(why) => {
            let message = format!("--from {}: {why}", list.path.display());
            let hint = "name a file that can be read, or - for stdin; nothing was sent";
            Err(Error::usage(message, hint))
        }
    }
}

/// A folder can be opened, and only reading it fails.
fn file(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    Ok(file)
}
