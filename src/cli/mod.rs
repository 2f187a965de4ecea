//! The command line: the tree of commands, and the one match from a command to
//! the module that does it.

mod later;
mod meant;
mod usage;
mod version;

use std::ffi::OsString;

use clap::{ArgAction, CommandFactory, Parser, Subcommand};

use crate::commands::{self, Context};
use crate::config::{ConnectionArgs, Env, OutputArgs};
use crate::error::Error;
use crate::exit::Exit;

pub(crate) use usage::explain;

use later::Later;

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
    Kick(Later<commands::kick::KickArgs>),
    /// Remove members from rooms and keep them out for a while
    Ban(Later<commands::kick::BanArgs>),
    /// Let members join again before their ban is over
    Unban(Later<commands::kick::UnbanArgs>),
    /// Tell who is in a room
    Members(Later<commands::members::Args>),
    /// Tell who is banned from a room, and until when
    Bans(Later<commands::bans::Args>),
    /// Tell what a room is: its name, owner, size and state
    Info(Later<commands::info::Args>),
    /// Test whether everything is ready to kick; removes nobody
    Doctor(Later<commands::doctor::Args>),
    /// Explain an error code of the service, or an exit code of roomctl
    Explain(Later<commands::explain::Args>),
    /// Make, decode or check a UserSig, offline
    Usersig(Later<commands::usersig::Args>),
    /// Manage the profiles of the configuration file, no secret shown
    Profile(Later<commands::profile::Args>),
    /// Run a Room Engine on this machine: for rehearsals, CI and tests
    Sandbox(Later<commands::sandbox::Args>),
    /// Print the help of a command, or a topic
    Help(Later<commands::help::Args>),
    /// Print the completion script of a shell
    Completions(Later<commands::completions::Args>),
    /// Print the manual page, or write all of them to a folder
    Man(Later<commands::man::Args>),
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
            Command::Kick(Later(args)) => commands::kick::run(connection, output, *args, context),
            Command::Ban(Later(args)) => commands::kick::run(connection, output, *args, context),
            Command::Unban(Later(args)) => commands::kick::run(connection, output, *args, context),
            Command::Members(Later(args)) => {
                commands::members::run(connection, output, *args, context)
            }
            Command::Bans(Later(args)) => commands::bans::run(connection, output, *args, context),
            Command::Info(Later(args)) => commands::info::run(connection, output, *args, context),
            Command::Doctor(Later(args)) => {
                commands::doctor::run(connection, output, *args, context)
            }
            Command::Help(Later(args)) => {
                commands::help::run(&whole(), &connection, output, *args, context)
            }
            Command::Completions(Later(args)) => {
                commands::completions::run(&whole(), &connection, output, *args, context)
            }
            Command::Man(Later(args)) => {
                commands::man::run(&whole(), &connection, output, *args, context)
            }
            Command::Explain(Later(args)) => {
                commands::explain::run(&connection, output, *args, context)
            }
            Command::Profile(Later(args)) => {
                commands::profile::run(connection, output, *args, context)
            }
            Command::Sandbox(Later(args)) => {
                commands::sandbox::run(&connection, output, *args, context)
            }
            Command::Usersig(Later(args)) => {
                commands::usersig::run(connection, output, *args, context)
            }
        }
    }
}

#[cfg(test)]
mod tests;
