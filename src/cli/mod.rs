//! The command line: the tree of commands, and the one match from a command to
//! the module that does it.

mod deferred;
mod suggestions;
mod usage;
mod version;

use std::ffi::OsString;

use clap::{ArgAction, CommandFactory, Parser, Subcommand};

use crate::commands::{self, Context};
use crate::config::{ConnectionArgs, Env, OutputArgs};
use crate::error::Error;
use crate::exit::Exit;

pub(crate) use usage::explain;

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
pub(crate) struct Cli {
    #[command(flatten)]
    connection: ConnectionArgs,
    #[command(flatten)]
    output: OutputArgs,
    /// Print version
    #[arg(short = 'V', long, hide_short_help = true, action = ArgAction::Version)]
    version: Option<bool>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Remove members from rooms; they may join again: see ban
    Kick(DeferredArgs<commands::kick::KickArgs>),
    /// Remove members from rooms and keep them out for a while
    Ban(DeferredArgs<commands::kick::BanArgs>),
    /// Let members join again before their ban is over
    Unban(DeferredArgs<commands::kick::UnbanArgs>),
    /// Tell who is in a room
    Members(DeferredArgs<commands::members::Args>),
    /// Tell who is banned from a room, and until when
    Bans(DeferredArgs<commands::bans::Args>),
    /// Tell what a room is: its name, owner, size and state
    Info(DeferredArgs<commands::info::Args>),
    /// Test whether everything is ready to kick; removes nobody
    Doctor(DeferredArgs<commands::doctor::Args>),
    /// Explain an error code of the service, or an exit code of roomctl
    Explain(DeferredArgs<commands::explain::Args>),
    /// Make, decode or check a UserSig, offline
    Usersig(DeferredArgs<commands::usersig::Args>),
    /// Manage the profiles of the configuration file, no secret shown
    Profile(DeferredArgs<commands::profile::Args>),
    /// Run a Room Engine on this machine: for rehearsals, CI and tests
    Sandbox(DeferredArgs<commands::sandbox::Args>),
    /// Print the help of a command, or a topic
    Help(DeferredArgs<commands::help::Args>),
    /// Print the completion script of a shell
    Completions(DeferredArgs<commands::completions::Args>),
    /// Print the manual page, or write all of them to a folder
    Man(DeferredArgs<commands::man::Args>),
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

/// Answers a shell that asks how a command line goes on; whether one did.
pub(crate) fn complete(argv: &[OsString], env: &Env) -> Result<bool, Error> {
    commands::completions::complete(whole, argv, env)
}

/// The commands and all their flags, for what tells of them; to obey one the
/// tree need not be made whole.
fn whole() -> clap::Command {
    let mut tree = Cli::command();
    tree.build();
    tree
}

impl Cli {
    /// Does what was asked.
    pub(crate) fn run(self, context: &mut Context) -> Result<Exit, Error> {
        let Self {
            connection,
            output,
            command,
            ..
        } = self;
        match command {
            Command::Kick(DeferredArgs(args)) => {
                commands::kick::run(connection, output, *args, context)
            }
            Command::Ban(DeferredArgs(args)) => {
                commands::kick::run(connection, output, *args, context)
            }
            Command::Unban(DeferredArgs(args)) => {
                commands::kick::run(connection, output, *args, context)
            }
            Command::Members(DeferredArgs(args)) => {
                commands::members::run(connection, output, *args, context)
            }
            Command::Bans(DeferredArgs(args)) => {
                commands::bans::run(connection, output, *args, context)
            }
            Command::Info(DeferredArgs(args)) => {
                commands::info::run(connection, output, *args, context)
            }
            Command::Doctor(DeferredArgs(args)) => {
                commands::doctor::run(connection, output, *args, context)
            }
            Command::Help(DeferredArgs(args)) => {
                commands::help::run(&whole(), &connection, output, *args, context)
            }
            Command::Completions(DeferredArgs(args)) => {
                commands::completions::run(&whole(), &connection, output, *args, context)
            }
            Command::Man(DeferredArgs(args)) => {
                commands::man::run(&whole(), &connection, output, *args, context)
            }
            Command::Explain(DeferredArgs(args)) => {
                commands::explain::run(&connection, output, *args, context)
            }
            Command::Profile(DeferredArgs(args)) => {
                commands::profile::run(connection, output, *args, context)
            }
            Command::Sandbox(DeferredArgs(args)) => {
                commands::sandbox::run(&connection, output, *args, context)
            }
            Command::Usersig(DeferredArgs(args)) => {
                commands::usersig::run(connection, output, *args, context)
            }
        }
    }
}

#[cfg(test)]
mod tests;
