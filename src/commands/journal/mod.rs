//! `roomctl journal`: what journals and audit files say about a member, a room or
//! a job. It needs no credentials, writes nothing, and takes no lock: a job may be
//! using the file. [`crate::job::journal`] reads the lines.
//!
//! | file | subject |
//! |---|---|
//! | `files` | the files of the command line, and what is wrong with them |
//! | `later` | which members of `--outcome` have a later outcome |
//! | `printer` | records as JSON, lines or a table |
//! | `show` | the outcomes that match the flags, merged by time |
//! | `summary` | counts per outcome, room and reason |

mod files;
mod later;
mod printer;
mod show;
mod summary;

use clap::Subcommand;

use super::{Context, WithCommon};
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
    Show(WithCommon<show::Args>),
    Summary(WithCommon<summary::Args>),
}

const EXAMPLES: &str = "\
Examples:
  roomctl journal show spam.journal --user alice
  roomctl journal summary spam.journal";

/// Runs the command.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    match args.verb {
        Verb::Show(args) => show::run(&args.merge_into(context)?, context),
        Verb::Summary(args) => summary::run(&args.merge_into(context)?, context),
    }
}

/// Adds the problems of a command line that does not run, because the parser found
/// others.
pub(crate) fn check(args: Args, context: &mut Context, problems: &mut Problems) {
    match args.verb {
        Verb::Show(args) => show::check(&args.check(context, problems), context, problems),
        Verb::Summary(args) => drop(args.check(context, problems)),
    }
}
