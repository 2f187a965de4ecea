//! The command line: the tree of commands, and the one match from a command to
//! the module that does it.

mod usage;
mod version;

use std::ffi::OsString;

use clap::{ArgAction, CommandFactory, Parser, Subcommand};

use crate::commands::{self, Context};
use crate::config::{ConnectionArgs, Env, OutputArgs};
use crate::error::Error;
use crate::exit::Exit;

pub(crate) use usage::explain;

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
    Kick(Box<commands::kick::KickArgs>),
    Ban(Box<commands::kick::BanArgs>),
    Unban(Box<commands::kick::UnbanArgs>),
    Members(Box<commands::members::Args>),
    Bans(Box<commands::bans::Args>),
    Info(Box<commands::info::Args>),
    Doctor(Box<commands::doctor::Args>),
    Explain(commands::explain::Args),
    Usersig(commands::usersig::Args),
    Profile(commands::profile::Args),
    Sandbox(Box<commands::sandbox::Args>),
    Help(commands::help::Args),
    Completions(commands::completions::Args),
    Man(commands::man::Args),
}

/// The usual one, closer: the short help is to fit a screen of 24 lines.
const TEMPLATE: &str = "{about-with-newline}{usage-heading} {usage}\n\n{all-args}{after-help}";

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
    commands::completions::complete(Cli::command, argv, env)
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
            Command::Kick(args) => commands::kick::run(connection, output, *args, context),
            Command::Ban(args) => commands::kick::run(connection, output, *args, context),
            Command::Unban(args) => commands::kick::run(connection, output, *args, context),
            Command::Members(args) => commands::members::run(connection, output, *args, context),
            Command::Bans(args) => commands::bans::run(connection, output, *args, context),
            Command::Info(args) => commands::info::run(connection, output, *args, context),
            Command::Doctor(args) => commands::doctor::run(connection, output, *args, context),
            Command::Help(args) => {
                commands::help::run(&Self::command(), &connection, output, args, context)
            }
            Command::Completions(args) => {
                commands::completions::run(Self::command(), &connection, output, args, context)
            }
            Command::Man(args) => {
                commands::man::run(Self::command(), &connection, output, args, context)
            }
            Command::Explain(args) => commands::explain::run(&connection, output, args, context),
            Command::Profile(args) => commands::profile::run(connection, output, args, context),
            Command::Sandbox(args) => commands::sandbox::run(&connection, output, *args, context),
            Command::Usersig(args) => commands::usersig::run(connection, output, args, context),
        }
    }
}

#[cfg(test)]
mod tests;
