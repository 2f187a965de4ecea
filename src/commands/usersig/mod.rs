//! `roomctl usersig`: make, decode and check signatures without the service.

mod claims;
mod inspect;
mod sign;
mod userbuf;
mod verify;

use clap::Subcommand;

use super::Context;
use crate::config::{ConnectionArgs, OutputArgs};
use crate::error::Error;
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true, after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Sign(Box<sign::Args>),
    Inspect(Box<inspect::Args>),
    Verify(Box<verify::Args>),
}

const EXAMPLES: &str = "\
Examples:
  roomctl usersig sign --profile prod --expire 7d
  roomctl usersig inspect - < admin.sig";

/// Runs the command.
pub(crate) fn run(
    connection: ConnectionArgs,
    output: OutputArgs,
    args: Args,
    context: &mut Context,
) -> Result<Exit, Error> {
    match args.verb {
        Verb::Sign(args) => sign::run(connection, output, *args, context),
        Verb::Inspect(args) => inspect::run(&connection, output, *args, context),
        Verb::Verify(args) => verify::run(connection, output, *args, context),
    }
}
