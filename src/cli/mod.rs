//! The command line: the tree of commands, and the one match from a command to
//! the module that does it.

mod usage;
mod version;

use clap::{Parser, Subcommand};

use crate::commands::{self, Context};
use crate::config::{ConnectionArgs, OutputArgs};
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
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = AFTER_HELP,
)]
pub(crate) struct Cli {
    #[command(flatten)]
    connection: ConnectionArgs,
    #[command(flatten)]
    output: OutputArgs,
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
    Profile(commands::profile::Args),
    Sandbox(Box<commands::sandbox::Args>),
    Usersig(commands::usersig::Args),
}

const AFTER_HELP: &str = "\
Flags may stand before or behind the command.

Try it without an account:
  roomctl kick --sandbox --room room-test --user user1 --reason testing";

impl Cli {
    /// Does what was asked.
    pub(crate) fn run(self, context: &mut Context) -> Result<Exit, Error> {
        let Self {
            connection,
            output,
            command,
        } = self;
        match command {
            Command::Kick(args) => commands::kick::run(connection, output, *args, context),
            Command::Ban(args) => commands::kick::run(connection, output, *args, context),
            Command::Unban(args) => commands::kick::run(connection, output, *args, context),
            Command::Members(args) => commands::members::run(connection, output, *args, context),
            Command::Bans(args) => commands::bans::run(connection, output, *args, context),
            Command::Info(args) => commands::info::run(connection, output, *args, context),
            Command::Doctor(args) => commands::doctor::run(connection, output, *args, context),
            Command::Explain(args) => commands::explain::run(&connection, output, args, context),
            Command::Profile(args) => commands::profile::run(connection, output, args, context),
            Command::Sandbox(args) => commands::sandbox::run(&connection, output, *args, context),
            Command::Usersig(args) => commands::usersig::run(connection, output, args, context),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_tree_is_sound() {
        Cli::command().debug_assert();
    }
}
