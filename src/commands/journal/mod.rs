//! `roomctl journal`: what journals and audit files say about a member, a room or
//! a job. It needs no credentials, writes nothing, and takes no lock: a job may be
//! using the file. [`crate::job::journal`] reads the lines.
//!
//! | file | subject |
//! |---|---|
//! | `files` | the files of the command line, and what is wrong with them |
//! | `show` | the outcomes, merged by time |
//! | `summary` | counts per outcome, room and reason |

mod files;
mod show;
mod summary;

use clap::Subcommand;

use super::{Context, WithCommon};
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
