//! `roomctl profile`: the profiles of the configuration file, without an editor
//! and without showing a secret.

mod add;
mod ask;
mod change;
mod list;
mod path;
mod show;

use clap::Subcommand;
use serde::Serialize;

use super::{Context, WithCommon};
use crate::config::Format;
use crate::error::Error;
use crate::exit::Exit;
use crate::streams::OutputStyle;

#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true, after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    List(WithCommon<list::Args>),
    Show(WithCommon<show::Args>),
    Add(WithCommon<add::Args>),
    Use(WithCommon<change::Use>),
    Remove(WithCommon<change::Remove>),
    Path(WithCommon<path::Args>),
}

const EXAMPLES: &str = "\
Examples:
  roomctl profile add prod
  roomctl profile list";

/// Runs the command.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    match args.verb {
        Verb::List(args) => list::run(&args.merge_into(context)?, context),
        Verb::Show(args) => show::run(&args.merge_into(context)?, context),
        Verb::Add(args) => add::run(&args.merge_into(context)?, context),
        Verb::Use(args) => change::use_profile(&args.merge_into(context)?, context),
        Verb::Remove(args) => change::remove(&args.merge_into(context)?, context),
        Verb::Path(args) => path::run(&args.merge_into(context)?, context),
    }
}

/// Of the connection's flags, only the one that names the file.
const FILE_ONLY: [&str; 1] = ["--config"];

/// One result: an object in JSON, else the text, which ends with a line's end.
fn print(style: OutputStyle, json: &impl Serialize, text: &str) -> Result<Exit, Error> {
    let line = match style.format {
        Format::Json => serde_json::to_string(json).expect("strings and numbers serialise") + "\n",
        Format::Text => text.to_owned(),
    };
    style.print(&line)?;
    Ok(Exit::Done)
}
