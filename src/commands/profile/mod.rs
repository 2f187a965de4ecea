//! `roomctl profile`: the profiles of the configuration file, without an editor
//! and without showing a secret.

mod add;
mod edit;
mod questions;
mod show;

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
    List(WithCommon<show::ListArgs>),
    Show(WithCommon<show::ShowArgs>),
    Add(WithCommon<add::AddArgs>),
    Use(WithCommon<edit::UseArgs>),
    Remove(WithCommon<edit::RemoveArgs>),
    Path(WithCommon<show::PathArgs>),
}

const EXAMPLES: &str = "\
Examples:
  roomctl profile add prod
  roomctl profile list";

/// Runs the command.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    match args.verb {
        Verb::List(args) => show::list(&args.merge_into(context)?, context),
        Verb::Show(args) => show::show(&args.merge_into(context)?, context),
        Verb::Add(args) => add::add(&args.merge_into(context)?, context),
        Verb::Use(args) => edit::use_profile(&args.merge_into(context)?, context),
        Verb::Remove(args) => edit::remove(&args.merge_into(context)?, context),
        Verb::Path(args) => show::path(&args.merge_into(context)?, context),
    }
}

/// Adds the problems of a command line that does not run, because the parser found
/// others.
pub(crate) fn check(args: Args, context: &mut Context, problems: &mut Problems) {
    match args.verb {
        Verb::List(args) => drop(args.check(context, problems)),
        Verb::Show(args) => drop(args.check(context, problems)),
        Verb::Add(args) => drop(args.check(context, problems)),
        Verb::Use(args) => drop(args.check(context, problems)),
        Verb::Remove(args) => drop(args.check(context, problems)),
        Verb::Path(args) => drop(args.check(context, problems)),
    }
}
