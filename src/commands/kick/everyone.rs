//! `--all` and `--match`: the members are those that the service lists, everyone in
//! each room or, for an unban, everyone banned from it.
//!
//! All lists are read before the plan is made. A list that is not complete is used
//! as far as it was read, but the job then never ends with success: its promise is
//! everyone, and some are not known.

use std::collections::HashSet;
use std::io::{self, IsTerminal, Write};

use serde::Serialize;
use serde_json::Value;

use super::args::Args;
use super::limits::Limits;
use super::row_rules::{ProtectedBy, Protection, RowRules};
use crate::api::JsonObject;
use crate::commands::Context;
use crate::commands::fetch::Fetcher;
use crate::commands::session::Session;
use crate::error::{Error, Problem, Problems, grouped};
use crate::exit::Exit;
use crate::job::{Glob, check_complete};
use crate::output::{Notes, plural};
use crate::room::{Action, RoomId, UserId};

/// The remedy where some members are not known.
pub(super) const AGAIN_HINT: &str = "run the same command again: it reads the lists anew";

/// `--all`, or `--match` with its patterns.
#[derive(Debug)]
pub(super) struct Everyone {
    /// Of those listed, only members that match one of these; none for all.
    pub(super) globs: Vec<Glob>,
    pub(super) include_admins: bool,
}

/// The flag that takes members from the service, if one is given.
pub(super) fn flag_of(args: &Args) -> Option<&'static str> {
    match (args.all, args.matching.is_empty()) {
        (true, _) => Some("--all"),
        (false, false) => Some("--match"),
        (false, true) => None,
    }
}

impl Everyone {
    /// Checks the flags that do not go together with `flag`. `globs` are the
    /// patterns of `--match`.
    pub(super) fn of_args(
        args: &Args,
        globs: Vec<Glob>,
        stdin_is_terminal: bool,
        problems: &mut Problems,
    ) -> Option<Self> {
        let Some(flag) = flag_of(args) else {
            if args.include_admins {
                problems.push(Problem::usage(
                    "--include-admins is about the members of --all and --match",
                    "add --all, or remove --include-admins",
                ));
            }
            return None;
        };
        // A feed is another problem.
        if args.stream {
            return None;
        }
        for (other, is_given) in [
            ("--user", !args.user.is_empty()),
            ("--from", !args.from.is_empty()),
        ] {
            if is_given {
                let message = format_args!(
                    "{flag} and {other} do not go together: the members of {flag} come from the service"
                );
                problems.push(Problem::usage(message, format!("remove {other} or {flag}")));
            }
        }
        let has_person = stdin_is_terminal && io::stderr().is_terminal();
        if !(args.yes || args.dry_run || has_person) {
            let message = format_args!("{flag} needs --yes where no terminal can be asked");
            let hint = "add --dry-run to see who is meant, then --yes";
            problems.push(Problem::usage(message, hint));
        }
        Some(Self {
            globs,
            include_admins: args.include_admins,
        })
    }

    fn matches(&self, user: &str) -> bool {
        self.globs.is_empty() || self.globs.iter().any(|glob| glob.matches(user))
    }

    /// Reads the lists of all rooms, within the limits of the job. Fails if one cannot
    /// be read.
    pub(super) fn read(
        &self,
        action: Action,
        rules: &RowRules,
        limits: &Limits,
        session: &Session,
        context: &Context,
    ) -> Result<RoomLists, Error> {
        let mut lists = RoomLists::new(action);
        let rooms = rules.rooms.as_deref().unwrap_or_default();
        let [first, ..] = rooms else {
            return Ok(lists);
        };
        let fetcher = Fetcher::new(first.clone(), session, context)?;
        let mut fetcher = fetcher.within(limits.rate.value, limits.retries.value);
        let mut known = HashSet::new();
        for room in rooms.iter().filter(|room| known.insert(*room)) {
            fetcher.go_to(room.clone());
            let list = List::read(action, &mut fetcher).map_err(|error| match rooms {
                [_] => error,
                _ => error.about(&format!("room {room}")),
            })?;
            lists.add(room, list, self, &rules.protection, &mut context.notes());
        }
        Ok(lists)
    }
}

/// The list of one room, as it was read.
#[derive(Debug, Default)]
struct List {
    /// Each name once, and whether it is an owner or an admin.
    names: Vec<(String, bool)>,
    incomplete: Option<String>,
}

impl List {
    fn read(action: Action, fetcher: &mut Fetcher<'_>) -> Result<Self, Error> {
        let (mut list, mut known) = (Self::default(), HashSet::new());
        let add = |items: Vec<JsonObject>| {
            for item in &items {
                let name = item.get("Member_Account").and_then(Value::as_str);
                let name = name.unwrap_or_default();
                if known.insert(name.to_owned()) {
                    list.names.push((name.to_owned(), is_admin(item)));
                }
            }
            Ok(true)
        };
        let end = match action {
            // The service does not say how many bans there are.
            Action::Unban => fetcher.bans(add)?,
            Action::Kick | Action::Ban => fetcher.members(add)?,
        };
        list.incomplete = end.endless.map(|why| format!("its pages {why}"));
        if action != Action::Unban {
            let info = fetcher.info()?;
            let complete = check_complete(list.names.len(), &info);
            list.incomplete = list.incomplete.or(complete.err());
            let owner = info.get("Owner_Account").and_then(Value::as_str);
            for (name, is_admin) in &mut list.names {
                *is_admin |= Some(&**name) == owner;
            }
        }
        Ok(list)
    }
}

/// The documents give no fixed words for a role: `RoomOwner` in the sample, Owner and
/// Admin in the table.
fn is_admin(member: &JsonObject) -> bool {
    let role = member.get("Role").and_then(Value::as_str);
    let role = role.unwrap_or_default().to_ascii_lowercase();
    role.contains("owner") || role.contains("admin")
}

/// What the lists of all rooms contain.
#[derive(Debug)]
pub(super) struct RoomLists {
    action: Action,
    pub(super) counts: ListCounts,
    /// The members for the plan, until it has them.
    pub(super) members: Vec<(RoomId, Vec<UserId>)>,
    /// The rooms whose lists are not complete, and why.
    incomplete: Vec<(RoomId, String)>,
}

/// How many names were on the lists, and how many are not in the plan.
#[derive(Debug, Clone, Copy, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListCounts {
    pub(super) listed: usize,
    /// Not matched by any `--match`.
    not_matching: usize,
    caller: usize,
    protected: usize,
    owners_and_admins: usize,
    /// Rooms whose lists are not complete.
    incomplete_lists: usize,
}

impl RoomLists {
    fn new(action: Action) -> Self {
        Self {
            action,
            counts: ListCounts::default(),
            members: Vec::new(),
            incomplete: Vec::new(),
        }
    }

    fn add<E: Write>(
        &mut self,
        room: &RoomId,
        list: List,
        everyone: &Everyone,
        protection: &Protection,
        notes: &mut Notes<E>,
    ) {
        let (before, counts) = (self.counts, &mut self.counts);
        let (mut members, mut invalid) = (Vec::new(), None);
        counts.listed += list.names.len();
        for (name, is_admin) in list.names {
            if !everyone.matches(&name) {
                counts.not_matching += 1;
                continue;
            }
            let Ok(user) = UserId::parse(&name) else {
                invalid.get_or_insert(name);
                continue;
            };
            let skipped = match protection.of(&user) {
                Some(ProtectedBy::Caller) => (&mut counts.caller, "the calling account"),
                Some(ProtectedBy::Glob(_)) => (&mut counts.protected, "protected"),
                None if is_admin && !everyone.include_admins => {
                    (&mut counts.owners_and_admins, "owner or admin")
                }
                None => {
                    members.push(user);
                    continue;
                }
            };
            *skipped.0 += 1;
            notes.detail(format_args!("room {room}: skipped {user}: {}", skipped.1));
        }
        let listed = counts.listed - before.listed;
        notes.detail(format_args!(
            "room {room}: {} listed, {} in the plan",
            plural(listed, "name", "names"),
            members.len()
        ));
        let invalid = invalid.map(|name| format!("{name:?} on it cannot be a UserID"));
        if let Some(why) = list.incomplete.or(invalid) {
            counts.incomplete_lists += 1;
            self.incomplete.push((room.clone(), why));
        }
        self.members.push((room.clone(), members));
    }

    /// Reports how many are skipped.
    pub(super) fn report_skipped<E: Write>(&self, notes: &mut Notes<E>) {
        if let Some(skipped) = self.counts.skipped_in_words() {
            notes.info(&format!("skipped: {skipped}"));
        }
    }

    /// Reports how many are skipped, and the lists that are not complete.
    pub(super) fn report<E: Write>(&self, notes: &mut Notes<E>) {
        self.report_skipped(notes);
        if let Some(incomplete) = self.incomplete_in_words() {
            notes.warn(&format!("{incomplete}; the job goes on with those on it"));
        }
    }

    /// Which lists are not complete and why; None if all are.
    pub(super) fn incomplete_in_words(&self) -> Option<String> {
        let (room, why) = self.incomplete.first()?;
        let list = match self.action {
            Action::Unban => "list of bans",
            Action::Kick | Action::Ban => "member list",
        };
        let more = match self.incomplete.len() - 1 {
            0 => String::new(),
            more => format!(
                ", nor those of {}",
                plural(more, "other room", "other rooms")
            ),
        };
        Some(format!(
            "the {list} of room {room} is not complete: {why}{more}"
        ))
    }

    /// Fails if a list is not complete.
    pub(super) fn require_complete(&self) -> Result<(), Error> {
        match self.incomplete_in_words() {
            None => Ok(()),
            Some(why) => Err(incomplete(why).into()),
        }
    }
}

/// The error of a job that did not know everyone.
pub(super) fn incomplete(why: String) -> Problem {
    Problem::new(Exit::Unreachable, why, AGAIN_HINT)
}

impl ListCounts {
    /// How many are skipped.
    pub(super) fn skipped(&self) -> usize {
        self.caller + self.protected + self.owners_and_admins
    }

    /// `the calling account, 2 protected, 3 owners and admins`; None if nobody is
    /// skipped.
    pub(super) fn skipped_in_words(&self) -> Option<String> {
        let caller = match self.caller {
            1 => "the calling account".into(),
            many => format!("the calling account in {} rooms", grouped(many)),
        };
        let protected = format!("{} protected", grouped(self.protected));
        let admins = match self.owners_and_admins {
            1 => "1 owner or admin".to_owned(),
            many => format!("{} owners and admins", grouped(many)),
        };
        let parts = [
            (self.caller, caller),
            (self.protected, protected),
            (self.owners_and_admins, admins),
        ];
        let parts = parts.into_iter().filter(|(count, _)| *count > 0);
        let parts: Vec<String> = parts.map(|(_, part)| part).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// `300 names`, or `300 names, 280 of them match`
    pub(super) fn listed_in_words(&self, has_globs: bool) -> String {
        let names = plural(self.listed, "name", "names");
        if has_globs {
            let matching = grouped(self.listed - self.not_matching);
            return format!("{names}, {matching} match");
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_role_is_compared_by_what_it_contains_in_any_case() {
        let is_admin = |role: Value| {
            let member = json!({ "Role": role });
            is_admin(member.as_object().expect("an object"))
        };
        for role in [
            "RoomOwner",
            "Owner",
            "OWNER",
            "Admin",
            "roomAdmin",
            "Administrator",
        ] {
            assert!(is_admin(json!(role)), "{role}");
        }
        for role in [
            json!("Member"),
            json!(""),
            json!("GeneralUser"),
            json!(null),
            json!(0),
        ] {
            assert!(!is_admin(role.clone()), "{role}");
        }
    }

    #[test]
    fn those_who_are_skipped_are_counted_in_words() {
        let words = |caller, protected, owners_and_admins| {
            let counts = ListCounts {
                caller,
                protected,
                owners_and_admins,
                ..ListCounts::default()
            };
            counts.skipped_in_words().unwrap_or_default()
        };
        assert_eq!(words(0, 0, 0), "");
        assert_eq!(words(1, 0, 1), "the calling account, 1 owner or admin");
        assert_eq!(
            words(2, 1000, 3),
            "the calling account in 2 rooms, 1,000 protected, 3 owners and admins"
        );
    }
}
