//! `roomctl usersig`: make, decode and check signatures without the service.

mod inspect;
mod sign;
mod verify;

use clap::Subcommand;

use super::{Context, WithCommon, session};
use crate::error::{Error, Problems};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true, after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Sign(WithCommon<sign::Args>),
    Inspect(WithCommon<inspect::Args>),
    Verify(WithCommon<verify::Args>),
}

const EXAMPLES: &str = "\
Examples:
  roomctl usersig sign --profile prod --expire 7d
  roomctl usersig inspect - < admin.sig";

/// Runs the command.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    match args.verb {
        Verb::Sign(args) => sign::run(&args.merge_into(context)?, context),
        Verb::Inspect(args) => inspect::run(&args.merge_into(context)?, context),
        Verb::Verify(args) => verify::run(&args.merge_into(context)?, context),
    }
}

/// Adds the problems of a command line that does not run, because the parser found
/// others.
pub(crate) fn check(args: Args, context: &mut Context, problems: &mut Problems) {
    match args.verb {
        Verb::Sign(args) => sign::check(&args.check(context, problems), context, problems),
        Verb::Inspect(args) => drop(args.check(context, problems)),
        Verb::Verify(args) => {
            args.check(context, problems);
            session::add_signing_problems(context, problems);
        }
    }
}
