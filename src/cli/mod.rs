//! The command line: the tree of commands, and the one match from a command to
//! the module that does it.

mod deferred;
mod suggestions;
mod usage;
mod version;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{ArgAction, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands::{self, Context};
use crate::commands::{CommonFlags, WithCommon};
use crate::config::Format;
use crate::error::Error;
use crate::exit::Exit;

use deferred::DeferredArgs;

/// Remove members from Tencent RTC rooms, and know what happened to each
#[derive(Debug, Parser)]
#[command(
    name = "roomctl",
    version,
    long_version = version::LONG.as_str(),
    disable_help_subcommand = true,
    disable_version_flag = true,
    subcommand_required = true,
    arg_required_else_help = true,
    help_expected = true,
    help_template = TEMPLATE,
    after_help = SHORT,
    after_long_help = LONG,
    mut_arg("output", |arg| arg.hide_short_help(true)),
)]
struct Cli {
    #[command(flatten)]
    common: CommonFlags,
    /// Print version
    #[arg(short = 'V', long, hide_short_help = true, action = ArgAction::Version)]
    version: Option<bool>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Remove members from rooms; they may join again: see ban
    Kick(DeferredArgs<WithCommon<commands::kick::KickArgs>>),
    /// Remove members from rooms and keep them out for a while
    Ban(DeferredArgs<WithCommon<commands::kick::BanArgs>>),
    /// Let members join again before their ban is over
    Unban(DeferredArgs<WithCommon<commands::kick::UnbanArgs>>),
    /// Tell who is in a room
    Members(DeferredArgs<WithCommon<commands::lookup::MembersArgs>>),
    /// Tell who is banned from a room, and until when
    Bans(DeferredArgs<WithCommon<commands::lookup::BansArgs>>),
    /// Tell what a room is: its name, owner, size and state
    Info(DeferredArgs<WithCommon<commands::lookup::InfoArgs>>),
    /// Test whether everything is ready to kick; removes nobody
    Doctor(DeferredArgs<WithCommon<commands::doctor::Args>>),
    /// Explain an error code of the service, or an exit code of roomctl
    Explain(DeferredArgs<WithCommon<commands::explain::Args>>),
    /// Make, decode or check a UserSig, offline
    Usersig(DeferredArgs<commands::usersig::Args>),
    /// Manage the profiles of the configuration file, no secret shown
    Profile(DeferredArgs<commands::profile::Args>),
    /// Run a Room Engine on this machine: for rehearsals, CI and tests
    Sandbox(DeferredArgs<WithCommon<commands::sandbox::Args>>),
    /// Print the help of a command, or a topic
    Help(DeferredArgs<WithCommon<commands::help::Args>>),
    /// Print the completion script of a shell
    Completions(DeferredArgs<WithCommon<commands::completions::Args>>),
    /// Print the manual page, or write all of them to a folder
    Man(DeferredArgs<WithCommon<commands::man::Args>>),
}

/// The usual one, closer: the short help is to fit a screen of 24 lines below
/// the line with the prompt.
const TEMPLATE: &str = "{about-with-newline}{usage-heading} {usage}\n{all-args}{after-help}";

const SHORT: &str = "\
Examples: roomctl kick --room room-test --user user1 --reason spam
          roomctl kick --sandbox -r room-test -u user1 -m rehearsal";

const LONG: &str = "\
Flags may stand before or behind the command. With --sandbox no account is
needed: the service is one inside this process.

Topics: roomctl help exit-codes, environment, input, journal.

Examples:
  roomctl kick --room room-test --user user1 --reason spam
  roomctl kick --sandbox -r room-test -u user1 -m rehearsal";

/// The commands and all their flags, for help, completions and the manual. To
/// run one command the tree is not built whole.
pub(crate) fn command_tree() -> clap::Command {
    let mut tree = Cli::command();
    tree.build();
    tree
}

/// Parses the command line and runs its command.
pub(crate) fn dispatch(argv: &[OsString], context: &mut Context) -> Result<Exit, Error> {
    let mut tree = Cli::command();
    let error = match parse(&mut tree, argv) {
        Ok((cli, command)) => {
            context.command = command;
            context.flags = cli.common;
            return cli.command.run(context);
        }
        Err(error) => error,
    };
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            context.style.print_help(&error).map(|()| Exit::Done)
        }
        // To scripts it is an error like any other; people get the help, on stderr.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            if context.style.format == Format::Text =>
        {
            let _ = context.style.print_help(&error);
            Ok(Exit::Usage)
        }
        _ => Err(usage::explain(&error, argv, &tree)),
    }
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
        use commands as to;
        match self {
            Self::Kick(args) => to::kick::run(args.0.merge_into(context)?, context),
            Self::Ban(args) => to::kick::run(args.0.merge_into(context)?, context),
            Self::Unban(args) => to::kick::run(args.0.merge_into(context)?, context),
            Self::Members(args) => to::lookup::members(&args.0.merge_into(context)?, context),
            Self::Bans(args) => to::lookup::bans(&args.0.merge_into(context)?, context),
            Self::Info(args) => to::lookup::info(&args.0.merge_into(context)?, context),
            Self::Doctor(args) => to::doctor::run(&args.0.merge_into(context)?, context),
            Self::Explain(args) => to::explain::run(&args.0.merge_into(context)?, context),
            Self::Usersig(args) => to::usersig::run(*args.0, context),
            Self::Profile(args) => to::profile::run(*args.0, context),
            Self::Sandbox(args) => to::sandbox::run(&args.0.merge_into(context)?, context),
            Self::Help(args) => to::help::run(&args.0.merge_into(context)?, context),
            Self::Completions(args) => to::completions::run(&args.0.merge_into(context)?, context),
            Self::Man(args) => to::man::run(&args.0.merge_into(context)?, context),
        }
    }
}

#[cfg(test)]
mod tests;
