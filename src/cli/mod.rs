//! The command line: the tree of commands, and the one match from a command to its
//! module.

mod correct;
mod dashes;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzz;
mod not_utf8;
mod other_programs;
mod usage;

use std::env::consts::{ARCH, OS};
use std::ffi::OsString;
use std::sync::LazyLock;

use clap::error::ErrorKind;
use clap::{ArgAction, ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands::{COMPACT, CommonFlags, Context, WithCommon};
use crate::commands::{
    completions, doctor, explain, help, journal, kick, lookup, man, profile, sandbox, usersig,
};
use crate::config::Format;
use crate::error::{Error, Problems};
use crate::exit::Exit;

/// Remove members from Tencent RTC rooms, and report the outcome of each
#[derive(Debug, Parser)]
#[command(
    name = "roomctl",
    version,
    long_version = LONG_VERSION.as_str(),
    disable_help_subcommand = true,
    disable_version_flag = true,
    disable_help_flag = true,
    subcommand_required = true,
    arg_required_else_help = true,
    allow_negative_numbers = true,
    help_expected = true,
    help_template = COMPACT,
    after_help = SHORT,
    after_long_help = LONG,
    mut_arg("output", |arg| arg.hide_short_help(true)),
)]
struct Cli {
    #[command(flatten)]
    common: CommonFlags,
    /// Print help
    #[arg(short, long, hide_short_help = true, action = ArgAction::Help)]
    help: Option<bool>,
    /// Print version
    #[arg(short = 'V', long, hide_short_help = true, action = ArgAction::Version)]
    version: Option<bool>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Remove members from rooms; they may join again: see ban
    Kick(DeferredArgs<WithCommon<kick::KickArgs>>),
    /// Remove members from rooms and keep them out for a while
    Ban(DeferredArgs<WithCommon<kick::BanArgs>>),
    /// Let members join again before their ban is over
    Unban(DeferredArgs<WithCommon<kick::UnbanArgs>>),
    /// List the members of a room
    Members(DeferredArgs<WithCommon<lookup::MembersArgs>>),
    /// List the bans of a room, and when they end
    Bans(DeferredArgs<WithCommon<lookup::BansArgs>>),
    /// Show a room: its name, owner, size and state
    Info(DeferredArgs<WithCommon<lookup::InfoArgs>>),
    /// Test whether everything is ready to kick; removes nobody
    Doctor(DeferredArgs<WithCommon<doctor::Args>>),
    /// Show what happened, from the journals and audit files of jobs
    Journal(DeferredArgs<journal::Args>),
    /// Explain an error code of the service, or an exit code of roomctl
    Explain(DeferredArgs<WithCommon<explain::Args>>),
    /// Make, decode or verify a UserSig, offline
    Usersig(DeferredArgs<usersig::Args>),
    /// Manage the profiles of the configuration file; shows no secret
    Profile(DeferredArgs<profile::Args>),
    /// Run a Room Engine on this machine: for rehearsals, CI and tests
    Sandbox(DeferredArgs<WithCommon<sandbox::Args>>),
    /// Print the help of a command, or a topic
    Help(DeferredArgs<WithCommon<help::Args>>),
    /// Print the completion script of a shell
    Completions(DeferredArgs<WithCommon<completions::Args>>),
    /// Print the manual page, or write all of them to a folder
    Man(DeferredArgs<WithCommon<man::Args>>),
}

/// The flags stand in one line, because the short help has at most 23 lines.
const SHORT: &str = "\
Flags: -h, --help; -V, --version; --profile NAME; --sandbox; all of them: --help
Examples: roomctl kick --room room-test --user user1 --reason spam
          roomctl kick --sandbox -r room-test -u user1 -m rehearsal";

const LONG: &str = "
Flags may be given before or after the command. With --sandbox no account is
needed: the service runs inside this process.

Topics: roomctl help exit-codes, environment, input, output, journal.

Examples:
  roomctl kick --room room-test --user user1 --reason spam
  roomctl kick --sandbox -r room-test -u user1 -m rehearsal";

/// The commands and all their flags, for help, completions and the manual. Running
/// a command does not need the whole tree.
pub(crate) fn command_tree() -> clap::Command {
    let mut tree = Cli::command();
    tree.build();
    tree
}

/// Parses the command line and runs its command.
pub(crate) fn dispatch(argv: &[OsString], context: &mut Context) -> Result<Exit, Error> {
    // Never freed: the process ends after its command, and freeing a thousand small
    // allocations takes a twentieth of a whole kick.
    let tree = Box::leak(Box::new(context.fit_help(Cli::command())));
    let parsed = parse(tree, argv);
    let error = match parsed {
        Ok((cli, command)) if !is_probably_misread(tree, argv) => {
            context.command = command;
            context.flags = cli.common;
            return match cli.command.run(context) {
                Err(_) if context.is_refused_early => Err(usage::to_error(argv, context)),
                result => result,
            };
        }
        Ok(_) => return Err(usage::to_error(argv, context)),
        Err(error) => error,
    };
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            context.style.print_help(&error).map(|()| Exit::Done)
        }
        // With JSON output it is an error like any other; else the help goes to stderr.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            if context.style.format == Format::Text =>
        {
            let _ = context.style.print_help(&error);
            Ok(Exit::Usage)
        }
        _ => Err(usage::to_error(argv, context)),
    }
}

/// Whether a command line that clap accepts was probably meant otherwise. It is refused:
/// `-room x` is `-r oom`, and nobody is to be kicked from a wrong room.
fn is_probably_misread(tree: &clap::Command, argv: &[OsString]) -> bool {
    !dashes::forgotten_values(tree, argv).is_empty() || correct::is_misread(tree, argv)
}

/// The parsed command line, and the name of its command: `roomctl profile add`.
/// After an error the tree is built along the commands that were entered.
fn parse(tree: &mut clap::Command, argv: &[OsString]) -> Result<(Cli, String), clap::Error> {
    let mut matches = tree.try_get_matches_from_mut(argv)?;
    let mut command = String::from("roomctl");
    let mut level = &matches;
    while let Some((name, below)) = level.subcommand() {
        command = format!("{command} {name}");
        level = below;
    }
    let cli = Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(tree))?;
    Ok((cli, command))
}

impl Command {
    /// The one match from a command to its module.
    fn run(self, context: &mut Context) -> Result<Exit, Error> {
        match self {
            Self::Kick(args) => kick::run(args.0.merge_into(context)?, context),
            Self::Ban(args) => kick::run(args.0.merge_into(context)?, context),
            Self::Unban(args) => kick::run(args.0.merge_into(context)?, context),
            Self::Members(args) => lookup::members(&args.0.merge_into(context)?, context),
            Self::Bans(args) => lookup::bans(&args.0.merge_into(context)?, context),
            Self::Info(args) => lookup::info(&args.0.merge_into(context)?, context),
            Self::Doctor(args) => doctor::run(&args.0.merge_into(context)?, context),
            Self::Journal(args) => journal::run(*args.0, context),
            Self::Explain(args) => explain::run(&args.0.merge_into(context)?, context),
            Self::Usersig(args) => usersig::run(*args.0, context),
            Self::Profile(args) => profile::run(*args.0, context),
            Self::Sandbox(args) => sandbox::run(&args.0.merge_into(context)?, context),
            Self::Help(args) => help::run(&args.0.merge_into(context)?, context),
            Self::Completions(args) => completions::run(&args.0.merge_into(context)?, context),
            Self::Man(args) => man::run(&args.0.merge_into(context)?, context),
        }
    }
}

impl Command {
    /// Adds the problems of a line that does not run. Returns the flags that are
    /// missing, with placeholders.
    fn check(self, context: &mut Context, problems: &mut Problems) -> Vec<&'static str> {
        match self {
            Self::Kick(args) => kick::check(args.0.check(context, problems), context, problems),
            Self::Ban(args) => kick::check(args.0.check(context, problems), context, problems),
            Self::Unban(args) => kick::check(args.0.check(context, problems), context, problems),
            other => {
                other.check_settings(context, problems);
                Vec::new()
            }
        }
    }

    fn check_settings(self, context: &mut Context, problems: &mut Problems) {
        match self {
            Self::Members(args) => {
                lookup::check(&args.0.check(context, problems).room, context, problems);
            }
            Self::Bans(args) => {
                lookup::check(&args.0.check(context, problems).room, context, problems);
            }
            Self::Info(args) => {
                lookup::check(&args.0.check(context, problems).room, context, problems);
            }
            Self::Doctor(args) => drop(args.0.check(context, problems)),
            Self::Explain(args) => drop(args.0.check(context, problems)),
            Self::Sandbox(args) => {
                let args = args.0.check(context, problems);
                sandbox::check(&args, context, problems);
            }
            Self::Help(args) => drop(args.0.check(context, problems)),
            Self::Completions(args) => drop(args.0.check(context, problems)),
            Self::Man(args) => drop(args.0.check(context, problems)),
            Self::Journal(args) => journal::check(*args.0, context, problems),
            Self::Usersig(args) => usersig::check(*args.0, context, problems),
            Self::Profile(args) => profile::check(*args.0, context, problems),
            Self::Kick(_) | Self::Ban(_) | Self::Unban(_) => {}
        }
    }
}

/// Flags of a command that are added to the tree when the parser enters the
/// command. Adding those of all commands takes longer than all the rest of a start.
/// The description in the parent's help stands on the variant of [`Command`].
#[derive(Debug)]
struct DeferredArgs<T>(Box<T>);

impl<T: Args> Args for DeferredArgs<T> {
    fn augment_args(command: clap::Command) -> clap::Command {
        command.defer(|command| keep_about(command, T::augment_args))
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        command.defer(|command| keep_about(command, T::augment_args_for_update))
    }
}

/// The groups of flags have descriptions, which would replace the command's.
fn keep_about(
    command: clap::Command,
    augment: fn(clap::Command) -> clap::Command,
) -> clap::Command {
    let about = command.get_about().cloned().unwrap_or_default();
    // The program has a flag of its own, which its short help does not list.
    augment(command).about(about).disable_help_flag(false)
}

impl<T: FromArgMatches> FromArgMatches for DeferredArgs<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Box::from_arg_matches(matches).map(Self)
    }

    // The default implementation copies all matches.
    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, clap::Error> {
        Box::from_arg_matches_mut(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

/// `--version` adds target and TLS backend to `-V`, and the commit if the build
/// was given it.
static LONG_VERSION: LazyLock<String> = LazyLock::new(|| {
    let version = env!("CARGO_PKG_VERSION");
    let mut text = format!("{version}\ntarget: {ARCH}-{OS}\ntls: rustls (ring)");
    if let Some(commit) = option_env!("ROOMCTL_COMMIT").filter(|commit| !commit.is_empty()) {
        text.push_str("\ncommit: ");
        text.push_str(commit);
    }
    text
});

#[cfg(test)]
mod tests;
