//! The flags of kick, ban and unban, checked once together with the profile's
//! values. All problems are collected. Code that gets [`Options`] does not check
//! them again.

use std::io::Write;
use std::time::Duration;

use super::args::Args;
use super::everyone::{self, Everyone};
use super::flag_names::{parse_globs, parse_names};
use super::limits::Limits;
use super::row_rules::{DefaultReason, Protection, RowRules};
use crate::clock::parse_duration;
use crate::commands::Context;
use crate::commands::list_flags::List;
use crate::commands::session::LoadedConfig;
use crate::config::table::CONFIRM;
use crate::config::{Choice, ConfirmBy, Env, Profile, Setting, StdinClaim};
use crate::error::{Problem, Problems};
use crate::job::Glob;
use crate::job::input::{NameOf, check_name};
use crate::output::Notes;
use crate::room::{Action, RoomId, UserId};
use crate::secret::excerpt;

/// What one command does, to which members, within which limits. If a problem was
/// reported, values may be missing, and nothing is sent.
#[derive(Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(super) struct Options {
    pub(super) call: ServiceCall,
    /// `--ignore-absent`.
    pub(super) ignore_absent: bool,
    pub(super) users: Vec<UserId>,
    /// `--all`, `--match`: instead of users and lists.
    pub(super) everyone: Option<Everyone>,
    pub(super) lists: Vec<List>,
    pub(super) row_rules: RowRules,
    pub(super) limits: Limits,
    pub(super) progress: ShowProgress,
    /// `--stream`.
    pub(super) is_stream: bool,
    pub(super) dry_run: bool,
    /// `--verify`.
    pub(super) verify: bool,
    /// `--yes`: no question.
    pub(super) yes: bool,
    /// `--for` as it was given.
    pub(super) ban_length: Option<String>,
    /// The profile's name, if it is to be typed before a plan runs.
    pub(super) confirm_name: Option<String>,
}

/// The request that is sent for each batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ServiceCall {
    Kick,
    Ban { seconds: u32 },
    Unban,
}

/// `--progress`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShowProgress {
    /// For jobs of more than one request.
    Auto,
    Always,
    Never,
}

impl Options {
    /// Checks every flag. Without `config`, because it could not be read, the
    /// profile's values are missing.
    pub(super) fn from_args(
        args: &Args,
        config: Option<&LoadedConfig>,
        context: &mut Context,
        problems: &mut Problems,
    ) -> Self {
        let profile = config.and_then(LoadedConfig::profile);
        let caller = config.and_then(|config| config.caller(context));
        let (env, stdin) = (&context.env, &mut context.stdin);
        let mut options = Self::parse(args, env, profile, caller, stdin, problems);
        if config.is_none() {
            // It may stand in the profile that could not be read.
            options.row_rules.default_reason.expect_in_profile();
        }
        options
    }

    /// `caller` is the calling account, if it is known.
    pub(super) fn parse(
        args: &Args,
        env: &Env,
        profile: Option<&Profile>,
        caller: Option<UserId>,
        stdin: &mut StdinClaim,
        problems: &mut Problems,
    ) -> Self {
        check_members_given(args, problems);
        if args.stream {
            check_stream(args, problems);
        }
        let rooms = parse_names("--room", &args.room, NameOf::Room, RoomId::parse, problems);
        let (protect, matching) = (&args.protect, &args.matching);
        let protect = parse_globs("--protect", protect, Glob::parse_protection, problems);
        let protection = Protection::new(args.action, protect, profile, caller, problems);
        let matching = parse_globs("--match", matching, Glob::parse, problems);
        let is_terminal = stdin.is_terminal();
        let options = Self {
            call: ServiceCall::parse(args, problems),
            ignore_absent: args.ignore_absent,
            users: parse_names("--user", &args.user, NameOf::User, UserId::parse, problems),
            everyone: Everyone::of_args(args, matching, is_terminal, problems),
            row_rules: RowRules {
                rooms: Some(rooms).filter(|_| !args.room.is_empty()),
                default_reason: DefaultReason::resolve(
                    &args.reason,
                    args.action,
                    profile,
                    stdin,
                    problems,
                ),
                protection,
                skip_protected: args.skip_protected,
            },
            limits: Limits::parse(args, env, profile, problems),
            progress: ShowProgress::of(args),
            lists: args.list.lists(&args.from, "--from", problems),
            is_stream: args.stream,
            dry_run: args.dry_run,
            verify: args.verify,
            yes: args.yes,
            ban_length: args
                .ban_length
                .as_deref()
                .map(|text| text.trim().to_owned()),
            confirm_name: profile.and_then(|profile| name_to_type(profile, problems)),
        };
        // --all has no rows: a missing reason is reported here. With --user or --from,
        // `selection` does it.
        if options.users.is_empty() && options.lists.is_empty() {
            options.row_rules.reason_of_users(problems);
        }
        options
    }

    /// Warns of users that a list would not accept. A flag takes them as typed.
    pub(super) fn warn_of_unusual_users<E: Write>(&self, notes: &mut Notes<E>) {
        for user in &self.users {
            if let Some(why) = check_name(user.as_str(), NameOf::User) {
                notes.warn(&format!(
                    "--user {:?} {why}, and is taken as one UserID",
                    user.as_str()
                ));
            }
        }
    }

    /// Reports where the values came from, for `-v`, and warns of a visible password.
    pub(super) fn report_sources<E: Write>(&self, notes: &mut Notes<E>) {
        let limits = &self.limits;
        limits.report_scope(notes);
        // A feed has no plan whose size could be limited.
        let max_members = limits.max_members.as_ref().filter(|_| !self.is_stream);
        for (name, number) in [
            ("rate", Some(&limits.rate)),
            ("retries", Some(&limits.retries)),
            ("concurrency", Some(&limits.concurrency)),
            ("max_members", max_members),
        ] {
            if let Some(Setting { value, source }) = number {
                notes.detail(format_args!("{name}: {value} ({source})"));
            }
        }
        if self.call == ServiceCall::Kick && !self.is_stream && self.everyone.is_none() {
            let Setting { value, source } = &limits.check_room;
            notes.detail(format_args!("check_room: {} ({source})", value.name()));
        }
        if let Some(length) = &self.ban_length {
            notes.detail(format_args!("for: {length} (flag --for)"));
        }
        if let DefaultReason::Given(Setting { value, source }) = &self.row_rules.default_reason {
            notes.detail(format_args!("reason: {value} ({source})"));
        }
        for Setting { value, source } in &self.row_rules.protection.globs {
            notes.detail(format_args!("protect: {value} ({source})"));
        }
    }
}

/// The profile's name, if its `confirm` asks for it.
fn name_to_type(profile: &Profile, problems: &mut Problems) -> Option<String> {
    let raw = profile.get(&CONFIRM)?;
    let Setting { value, .. } = problems.ok_or_collect(raw.choice::<ConfirmBy>())?;
    match value {
        ConfirmBy::Name => Some(profile.name().to_owned()),
    }
}

/// There must be members, and they need a room unless a list may name it.
fn check_members_given(args: &Args, problems: &mut Problems) {
    let action = args.action;
    let everyone = everyone::flag_of(args);
    let has_members = !(args.user.is_empty() && args.from.is_empty()) || everyone.is_some();
    if !has_members {
        let example = match action {
            Action::Kick => "roomctl kick --room ROOM --user USER --reason TEXT",
            Action::Ban => "roomctl ban --room ROOM --user USER --for 24h --reason TEXT",
            Action::Unban => "roomctl unban --room ROOM --user USER",
        };
        let message = format_args!(
            "nobody to {}: give --user USER or --from FILE",
            action.verb()
        );
        problems.push(Problem::missing(message, example));
    }
    if args.room.is_empty() {
        let hint = "give --room ROOM";
        if let Some(flag) = everyone {
            problems.push(Problem::missing(
                format_args!("{flag} without a room"),
                hint,
            ));
        } else if !args.user.is_empty() {
            problems.push(Problem::missing("--user without a room", hint));
        } else if !has_members {
            problems.push(Problem::missing("no room", hint));
        }
    }
}

/// Flags that need the whole plan: the end of a live feed is not known.
fn check_stream(args: &Args, problems: &mut Problems) {
    if args.from.len() != 1 {
        let hint = "give exactly one --from (- for stdin)";
        problems.push(Problem::usage("--stream reads one live feed", hint));
    }
    let is_share = args
        .max_failures
        .as_ref()
        .is_some_and(|most| most.ends_with('%'));
    for (flag, is_given, hint) in [
        ("--user", !args.user.is_empty(), "remove --user"),
        ("--all", args.all, "remove --all"),
        ("--match", !args.matching.is_empty(), "remove --match"),
        ("--dry-run", args.dry_run, "remove --dry-run"),
        ("--verify", args.verify, "remove --verify"),
        (
            "--check-room always",
            args.check_room.as_deref() == Some("always"),
            "remove --check-room",
        ),
        (
            "--max-members",
            args.max_members.is_some(),
            "remove --max-members",
        ),
        (
            "--max-failures with a share",
            is_share,
            "give --max-failures a number",
        ),
    ] {
        if is_given {
            let message = format_args!("{flag} needs the whole plan, and --stream has none");
            problems.push(Problem::usage(message, hint));
        }
    }
}

impl ServiceCall {
    /// The call of the command. A ban whose length is missing or wrong is a
    /// problem; its 0 seconds are never sent.
    fn parse(args: &Args, problems: &mut Problems) -> Self {
        match args.action {
            Action::Kick => Self::Kick,
            Action::Ban => Self::Ban {
                seconds: problems
                    .ok_or_collect(ban_seconds(args.ban_length.as_deref()))
                    .unwrap_or(0),
            },
            Action::Unban => Self::Unban,
        }
    }

    /// What is done to the members.
    pub(super) fn action(self) -> Action {
        match self {
            Self::Kick => Action::Kick,
            Self::Ban { .. } => Action::Ban,
            Self::Unban => Action::Unban,
        }
    }
}

/// `--for` in seconds: the service counts whole ones.
pub(super) fn ban_seconds(text: Option<&str>) -> Result<u32, Problem> {
    let hint = "give --for a duration like 90s, 30m, 24h or 7d";
    let Some(text) = text else {
        let message = "a ban needs a length: give --for DURATION";
        return Err(Problem::missing(message, hint));
    };
    let whole = |length: &Duration| length.subsec_nanos() == 0 && !length.is_zero();
    let length = parse_duration(text).filter(whole);
    let seconds = length.and_then(|length| u32::try_from(length.as_secs()).ok());
    seconds.ok_or_else(|| {
        let text = excerpt(text);
        let message =
            format!("--for {text:?}: is not a valid duration in whole seconds, 1s to 49710d");
        Problem::usage(message, hint)
    })
}

impl ShowProgress {
    /// clap has checked the words.
    fn of(args: &Args) -> Self {
        match args.progress.as_deref() {
            Some("always") => Self::Always,
            Some("never") => Self::Never,
            _ => Self::Auto,
        }
    }
}

#[cfg(test)]
#[path = "options_tests.rs"]
mod tests;
