//! `--all` and `--match`: the members are those that the service lists, everyone in
//! each room or, for an unban, everyone banned from it.
//!
//! All lists are read before the plan is made. A list that is not complete is used
//! as far as it was read, but the job then never ends with success: its promise is
//! everyone, and some are not known.

use std::collections::HashSet;
use std::io::{self, IsTerminal, Write};

use serde_json::Value;

use super::args::Args;
use super::limits::Limits;
use super::list_counts::ListCounts;
use super::room_member_list::{Gap, RoomMemberList, RoomRole, shown};
use super::row_rules::{ProtectedBy, Protection, RowRules};
use crate::api::is_clear_name;
use crate::commands::Context;
use crate::commands::fetch::Fetcher;
use crate::commands::reading::Reading;
use crate::commands::session::Session;
use crate::error::{Error, Problem, Problems, grouped};
use crate::exit::Exit;
use crate::file_name::shell_quoted;
use crate::job::Glob;
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
        // `check_stream` reports that.
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

    /// Of the names that cannot be sent, those that may be meant.
    fn unusable<'a>(&self, names: &'a [Value]) -> Vec<&'a Value> {
        let may_be_meant = |name: &str| self.matches(name) || !is_clear_name(name);
        let is_meant = |name: &&Value| name.as_str().is_none_or(may_be_meant);
        names.iter().filter(is_meant).collect()
    }

    /// What is said if nobody matches: a pattern may have been meant otherwise.
    pub(super) fn nobody_matches(&self, counts: &ListCounts) -> Option<String> {
        if self.globs.is_empty() || counts.listed == 0 || counts.listed > counts.not_matching {
            return None;
        }
        let listed = counts.listed_in_words(true);
        let is_odd = |glob: &Glob| glob.to_string().contains(['[', ']', '{', '}', '!', '|']);
        Some(if self.globs.iter().any(is_odd) {
            format!(
                "listed: {listed}: only * and ? are wildcards of --match; repeat it for several \
                 patterns"
            )
        } else {
            format!("listed: {listed}")
        })
    }

    /// Reads the lists of all rooms, within the limits of the job. Fails if one cannot
    /// be read.
    pub(super) fn read(
        &self,
        action: Action,
        rules: &RowRules,
        limits: &Limits,
        source: &ListSource<'_>,
    ) -> Result<MemberLists, Error> {
        let reading = source.reading;
        let mut lists = MemberLists::new(action);
        let rooms = rules.rooms.as_deref().unwrap_or_default();
        let [first, ..] = rooms else {
            return Ok(lists);
        };
        let fetcher = Fetcher::new(first.clone(), source.session, source.context)?;
        let fetcher = fetcher.with_limits(limits.rate.value, limits.retries.value);
        let mut fetcher = fetcher.for_job(reading);
        let filter = ListFilter {
            everyone: self,
            protection: &rules.protection,
        };
        let mut known = HashSet::new();
        for room in rooms.iter().filter(|room| known.insert(*room)) {
            fetcher.go_to(room.clone());
            let list = RoomMemberList::read(action, &mut fetcher).map_err(|error| match rooms {
                [_] => error,
                // Its message has the room already.
                _ if reading.is_stopped() => error,
                _ => error.about(&format!("room {room}")),
            })?;
            let in_doubt = source.in_doubt.iter().filter(|(of, _)| of == room);
            let in_doubt: Vec<&UserId> = in_doubt.map(|(_, user)| user).collect();
            reading.write_note(|notes| lists.add(room, list, &filter, &in_doubt, notes));
        }
        Ok(lists)
    }
}

/// What the reading of lists needs besides the flags.
#[derive(Debug)]
pub(super) struct ListSource<'a> {
    pub(super) session: &'a Session,
    pub(super) context: &'a Context,
    pub(super) reading: &'a Reading<'a>,
    /// Members that an earlier run of the job requested, without a known outcome.
    pub(super) in_doubt: &'a [(RoomId, UserId)],
}

/// Which of the names on a list are members of the plan.
struct ListFilter<'a> {
    everyone: &'a Everyone,
    protection: &'a Protection,
}

impl ListFilter<'_> {
    fn may_be_sent(&self, user: &UserId) -> bool {
        self.everyone.matches(user.as_str()) && self.protection.of(user).is_none()
    }

    /// Why a member is skipped, and its count; None for a member of the plan.
    fn skipped<'a>(
        &self,
        user: &UserId,
        role: RoomRole,
        counts: &'a mut ListCounts,
    ) -> Option<(&'static str, &'a mut usize)> {
        let includes_admins = self.everyone.include_admins;
        match (self.protection.of(user), role) {
            (Some(ProtectedBy::Caller), _) => Some(("the calling account", &mut counts.caller)),
            (Some(ProtectedBy::Glob(_)), _) => Some(("protected", &mut counts.protected)),
            (None, RoomRole::OwnerOrAdmin) if !includes_admins => {
                Some(("owner or admin", &mut counts.owners_and_admins))
            }
            (None, RoomRole::NotUnderstood) if !includes_admins => Some((
                "its Role is not understood",
                &mut counts.roles_not_understood,
            )),
            (None, _) => None,
        }
    }
}

/// What the lists of all rooms contain.
#[derive(Debug)]
pub(super) struct MemberLists {
    action: Action,
    pub(super) counts: ListCounts,
    /// The members for the plan, until it has them.
    pub(super) members: Vec<(RoomId, Vec<UserId>)>,
    /// The rooms whose lists are not complete, and why.
    incomplete: Vec<(RoomId, Gap)>,
}

impl MemberLists {
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
        list: RoomMemberList,
        filter: &ListFilter<'_>,
        in_doubt: &[&UserId],
        notes: &mut Notes<E>,
    ) {
        let odd_roles_before = self.counts.roles_not_understood;
        let mut members = self.add_names(room, &list, filter, notes);
        let in_doubt_not_listed = list.without(in_doubt).into_iter();
        let in_doubt_not_listed: Vec<UserId> = in_doubt_not_listed
            .filter(|user| filter.may_be_sent(user))
            .map(|user| (**user).clone())
            .collect();
        if !in_doubt_not_listed.is_empty() {
            self.counts.in_doubt += in_doubt_not_listed.len();
            let count = plural(in_doubt_not_listed.len(), "member", "members");
            notes.info(&format!(
                "room {room}: {count} in doubt, not on the list any more: requested again"
            ));
            members.extend(in_doubt_not_listed);
        }
        self.members.push((room.clone(), members));
        let odd_roles = self.counts.roles_not_understood - odd_roles_before;
        if let Some(role) = list.odd_role.as_ref().filter(|_| odd_roles > 0) {
            warn_of_roles(room, odd_roles, role, notes);
        }
        if let Some(owner) = &list.odd_owner
            && !filter.everyone.include_admins
        {
            notes.warn_always(&format!(
                "room {room}: its Owner_Account is {owner}, which is not understood: the owner is \
                 skipped only if its Role says so; --protect USER keeps one in the room"
            ));
        }
        let unusable = filter.everyone.unusable(&list.unusable);
        let names = unusable.first().map(|first| {
            let names = plural(unusable.len(), "name", "names");
            let first = shown(first);
            Gap::Names(format!(
                "{names} on it cannot be a UserID, the first is {first}"
            ))
        });
        if let Some(gap) = list.incomplete.or(names) {
            self.counts.incomplete_lists += 1;
            self.incomplete.push((room.clone(), gap));
        }
    }

    /// Counts the names on the list. Returns the members for the plan.
    fn add_names<E: Write>(
        &mut self,
        room: &RoomId,
        list: &RoomMemberList,
        filter: &ListFilter<'_>,
        notes: &mut Notes<E>,
    ) -> Vec<UserId> {
        let counts = &mut self.counts;
        let mut members = Vec::new();
        for (name, role) in &list.names {
            if !filter.everyone.matches(name) {
                counts.not_matching += 1;
                continue;
            }
            let user = UserId::parse(name).expect("RoomMemberList::read keeps the others apart");
            match filter.skipped(&user, *role, counts) {
                None => members.push(user),
                Some((why, count)) => {
                    *count += 1;
                    notes.detail(format_args!("room {room}: skipped {user}: {why}"));
                }
            }
        }
        let unusable = filter.everyone.unusable(&list.unusable).len();
        counts.names_not_usable += unusable;
        counts.not_matching += list.unusable.len() - unusable;
        let listed = list.names.len() + list.unusable.len();
        counts.listed += listed;
        notes.detail(format_args!(
            "room {room}: {} listed, {} in the plan",
            plural(listed, "name", "names"),
            members.len()
        ));
        members
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
        let (room, Gap::Now(why) | Gap::NoCount(why) | Gap::Names(why)) =
            self.incomplete.first()?;
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
        match self.incomplete() {
            None => Ok(()),
            Some(Incomplete { why, hint }) => {
                Err(Problem::new(Exit::Unreachable, why, hint).into())
            }
        }
    }

    /// What a job that did not know everyone says at its end.
    pub(super) fn incomplete(&self) -> Option<Incomplete> {
        let why = self.incomplete_in_words()?;
        let mut hints = Vec::new();
        for (room, gap) in &self.incomplete {
            let hint = match gap {
                Gap::Now(_) => AGAIN_HINT.to_owned(),
                Gap::NoCount(_) => self.hint_without_count(room),
                Gap::Names(_) => {
                    "no request can name them: a UserID is 1 to 32 bytes of printable \
                                  ASCII; they leave when the room is closed"
                        .to_owned()
                }
            };
            if hints.len() < MOST_HINTS && !hints.contains(&hint) {
                hints.push(hint);
            }
        }
        let hint = hints.join("\n");
        Some(Incomplete { why, hint })
    }

    /// Another run would know no more. Whoever is left may be an owner, an admin or the
    /// caller, so a person decides about each.
    fn hint_without_count(&self, room: &RoomId) -> String {
        let room = shell_quoted(room.as_str());
        let action = self.action.name();
        let flags = match self.action {
            Action::Ban => " --for 24h --reason TEXT",
            Action::Kick => " --reason TEXT",
            Action::Unban => "",
        };
        format!(
            "look at who is there: roomctl members --room {room}; to {} one of them: roomctl \
             {action} --room {room} --user USER{flags}",
            self.action.verb()
        )
    }
}

/// Hints about lists, if each room has its own.
const MOST_HINTS: usize = 3;

/// Why not everyone is known, and what to do about it.
#[derive(Debug)]
pub(super) struct Incomplete {
    pub(super) why: String,
    pub(super) hint: String,
}

/// They may be owners or admins, so they stay.
fn warn_of_roles<E: Write>(room: &RoomId, members: usize, role: &str, notes: &mut Notes<E>) {
    let (members, are) = match members {
        1 => ("1 member has".to_owned(), "is"),
        many => (format!("{} members have", grouped(many)), "are"),
    };
    notes.warn_always(&format!(
        "room {room}: {members} a Role that is not understood ({role}) and {are} skipped; to \
         remove such members too, add --include-admins, and --protect GLOB for those who stay"
    ));
}
