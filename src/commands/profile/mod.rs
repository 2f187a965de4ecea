//! `roomctl profile`: the profiles of the configuration file, without an editor
//! and without showing a secret.

mod add;
mod change;
mod show;

use clap::Subcommand;
use serde::Serialize;

use super::{Context, WithCommon};
use crate::config::Format;
use crate::config::table::Group;
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
    List(WithCommon<show::ListArgs>),
    Show(WithCommon<show::ShowArgs>),
    Add(WithCommon<add::Args>),
    Use(WithCommon<change::UseArgs>),
    Remove(WithCommon<change::RemoveArgs>),
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
        Verb::Add(args) => add::run(&args.merge_into(context)?, context),
        Verb::Use(args) => change::use_profile(&args.merge_into(context)?, context),
        Verb::Remove(args) => change::remove(&args.merge_into(context)?, context),
        Verb::Path(args) => show::path(&args.merge_into(context)?, context),
    }
}

/// The connection flags of the commands that only need the file.
const FILE_ONLY: [Group; 1] = [Group::ConfigFile];

/// Prints one result: an object in JSON, else the text, which ends with a line
/// break.
fn print(context: &Context, json: &impl Serialize, text: &str) -> Result<Exit, Error> {
    let line = match context.style.format {
        Format::Json => serde_json::to_string(json).expect("strings and numbers serialise") + "\n",
        Format::Text => text.to_owned(),
    };
    context.print(&line)?;
    Ok(Exit::Done)
}
