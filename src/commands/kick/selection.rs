//! Which members are removed: `--user` and the lists of `--from`, or those that the
//! service lists, become a plan. Every row is checked before anything is reported.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::time::Duration;

use super::everyone::MemberLists;
use super::limits::Limits;
use super::options::Options;
use super::row_rules::{PROTECTED_HINT, Rejection, RowRules, RowVerdict};
use crate::commands::list_flags::List;
use crate::config::{Setting, StdinClaim};
use crate::error::{Error, Problem, Problems, grouped};
use crate::file_name::display_path;
use crate::input_file;
use crate::job::Plan;
use crate::job::input::{DoubtfulRows, Rows};
use crate::output::{Notes, plural};
use crate::room::{Action, Reason, RoomId, UserId};
use crate::stdio;

/// The plan, and what is reported about rows that are not in it.
#[derive(Debug)]
pub(super) struct Selection {
    pub(super) plan: Plan,
    /// The protected rows that were skipped, and why.
    skipped: Vec<String>,
    /// The rows of lists that may have lost other rows, and why.
    doubtful: Vec<String>,
    /// The lists of the service, with `--all` and `--match`.
    pub(super) member_lists: Option<MemberLists>,
}

/// Adds the members of every flag and every list, in this order.
pub(super) fn select(
    options: &Options,
    stdin: &mut StdinClaim,
    problems: &mut Problems,
) -> Selection {
    let mut selector = Selector {
        action: options.call.action(),
        rules: &options.row_rules,
        problems,
        selection: Selection {
            plan: Plan::new(options.call.action()),
            skipped: Vec::new(),
            doubtful: Vec::new(),
            member_lists: None,
        },
    };
    selector.add_users(&options.users);
    for list in &options.lists {
        selector.add_list(list, stdin);
    }
    let selection = selector.selection;
    check_max_members(&selection.plan, &options.limits, problems);
    selection
}

/// The members are those on the rooms' lists.
pub(super) fn select_listed(mut lists: MemberLists, options: &Options) -> Result<Selection, Error> {
    let (action, rules) = (options.call.action(), &options.row_rules);
    let mut problems = Problems::default();
    let reason = rules.reason_of_users(&mut problems);
    let mut plan = Plan::new(action);
    if let Some(reason) = reason {
        for (room, users) in std::mem::take(&mut lists.members) {
            for user in users {
                plan.add(&room, &user, reason);
            }
        }
    }
    // An unban is about the list of bans.
    if action != Action::Unban {
        plan.mark_listed();
    }
    check_max_members(&plan, &options.limits, &mut problems);
    problems.into_result()?;
    Ok(Selection {
        plan,
        skipped: Vec::new(),
        doubtful: Vec::new(),
        member_lists: Some(lists),
    })
}

impl Selection {
    /// Whether there are no members. A dry run shows that, too.
    pub(super) fn has_nothing_to_do(&self, options: &Options) -> bool {
        let is_known = self.member_lists.is_some() || options.everyone.is_none();
        is_known && self.plan.members() == 0 && !options.dry_run
    }

    /// How many protected rows were skipped.
    pub(super) fn skipped_rows(&self) -> usize {
        self.skipped.len()
    }

    /// Reports the rows that may have lost other rows, and those that were skipped.
    pub(super) fn report_rows<E: Write>(&self, notes: &mut Notes<E>) {
        for row in &self.doubtful {
            notes.warn(row);
        }
        for row in &self.skipped {
            notes.info(&format!("skipped: {row}"));
        }
    }
}

/// Reports how many rows name a member again. The first row of each member
/// counts.
pub(super) fn report_duplicates<E: Write>(plan: &Plan, notes: &mut Notes<E>) {
    let count = plan.duplicates();
    if count > 0 {
        let rows = if count == 1 { "row names" } else { "rows name" };
        notes.info(&format!(
            "{} {rows} members again; the first row of each counts",
            grouped(count)
        ));
    }
}

struct Selector<'a> {
    action: Action,
    rules: &'a RowRules,
    problems: &'a mut Problems,
    selection: Selection,
}

impl Selector<'_> {
    /// Every `--user` in every `--room`, room by room.
    fn add_users(&mut self, users: &[UserId]) {
        if users.is_empty() {
            return;
        }
        let rules = self.rules;
        let reason = rules.reason_of_users(self.problems);
        let mut accepted = Vec::new();
        for user in users {
            match rules.protection_of(user) {
                None => accepted.push(user),
                Some(why) if rules.skip_protected => {
                    let skipped = format!("--user {user} {why}");
                    self.selection.skipped.push(skipped);
                }
                Some(why) => {
                    let message = format_args!("--user {user} {why}");
                    self.problems.push(Problem::usage(message, PROTECTED_HINT));
                }
            }
        }
        let Some(reason) = reason else {
            return;
        };
        for room in rules.rooms.iter().flatten() {
            for user in &accepted {
                self.selection.plan.add(room, user, reason);
            }
        }
    }

    fn add_list(&mut self, list: &List, stdin: &mut StdinClaim) {
        let Some(input) = self.problems.ok_or_collect(open(list, stdin)) else {
            return;
        };
        let rules = self.rules;
        let name = display_path(&list.path);
        let command = format!("roomctl {}", self.action.name());
        let mut rows = Rows::new(input, list.layout.clone());
        for row in rows.by_ref() {
            match row {
                Err(bad) => {
                    list.report(&bad, &command, "--from", self.problems);
                    self.reject(
                        &name,
                        bad.line,
                        rules.missing(bad.needs_room, bad.needs_reason),
                    );
                }
                Ok(row) => match rules.check(&row) {
                    RowVerdict::Accept { rooms, reason } => self.accept(rooms, &row.user, reason),
                    RowVerdict::Skip(why) => {
                        let skipped = format!("{name}:{}: {why}", row.line);
                        self.selection.skipped.push(skipped);
                    }
                    RowVerdict::Reject(problems) => self.reject(&name, row.line, problems),
                },
            }
        }
        let DoubtfulRows { first, total } = rows.doubtful_rows();
        let more = total - first.len();
        let doubtful = &mut self.selection.doubtful;
        doubtful.extend(first.iter().map(|row| format!("{name}:{row}")));
        if more > 0 {
            doubtful.push(format!("{name}: and {} more such rows", grouped(more)));
        }
    }

    fn accept(&mut self, rooms: &[RoomId], user: &UserId, reason: &Reason) {
        for room in rooms {
            self.selection.plan.add(room, user, reason);
        }
    }

    fn reject(&mut self, list: &str, line: u64, rejections: Vec<Rejection>) {
        for Rejection { kind, problem } in rejections {
            self.problems.push_row(list, line, &kind, || problem);
        }
    }
}

/// The input of a list.
pub(super) enum Input {
    Stdin(Box<dyn Read + Send>),
    File(File),
}

impl Input {
    /// Whether reading would not wait longer than `limit`.
    pub(super) fn is_ready(&self, limit: Duration) -> bool {
        match self {
            Self::Stdin(_) => stdio::is_ready(io::stdin(), limit),
            Self::File(file) => stdio::is_ready(file, limit),
        }
    }
}

impl Read for Input {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Stdin(stdin) => stdin.read(bytes),
            Self::File(file) => file.read(bytes),
        }
    }
}

/// Opens a list.
pub(super) fn open(list: &List, stdin: &mut StdinClaim) -> Result<Input, Error> {
    if list.path.as_os_str() == "-" {
        return Ok(Input::Stdin(stdin.claim("--from")?));
    }
    match open_file(&list.path) {
        Ok(file) => Ok(Input::File(file)),
        Err(why) => Err(Error::usage(
            format_args!("--from {}: {why}", display_path(&list.path)),
            input_file::remedy(&why, "name a file that can be read, or - for stdin"),
        )),
    }
}

/// A directory is an error: it could be opened, and only reading it would fail.
fn open_file(path: &Path) -> io::Result<File> {
    let file = input_file::open(path, "--from")?;
    if file.metadata()?.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    Ok(file)
}

/// A plan with more members than intended is a problem.
fn check_max_members(plan: &Plan, limits: &Limits, problems: &mut Problems) {
    let Some(Setting { value, source }) = &limits.max_members else {
        return;
    };
    let members = plan.members();
    if members as u64 > u64::from(*value) {
        problems.push(Problem::usage(
            format_args!(
                "the plan has {}; max_members is {} ({source})",
                plural(members as u64, "member", "members"),
                grouped(*value)
            ),
            format!("if all of them are meant, give --max-members {members}"),
        ));
    }
}

#[cfg(test)]
#[path = "selection_tests.rs"]
mod tests;
