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

use super::{Context, scope};
use crate::config::{ConnectionArgs, Format, OutputArgs};
use crate::error::Error;
use crate::exit::Exit;
use crate::streams;
use crate::streams::OutputStyle;

#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true, after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    List(Box<list::Args>),
    Show(Box<show::Args>),
    Add(Box<add::Args>),
    Use(Box<change::Use>),
    Remove(Box<change::Remove>),
    Path(Box<path::Args>),
}

const EXAMPLES: &str = "\
Examples:
  roomctl profile add prod
  roomctl profile list";

/// Runs the command.
pub(crate) fn run(
    connection: ConnectionArgs,
    output: OutputArgs,
    args: Args,
    context: &mut Context,
) -> Result<Exit, Error> {
    match args.verb {
        Verb::List(args) => list::run(connection, output, *args, context),
        Verb::Show(args) => show::run(connection, output, *args, context),
        Verb::Add(args) => add::run(connection, output, *args, context),
        Verb::Use(args) => change::use_profile(connection, output, *args, context),
        Verb::Remove(args) => change::remove(connection, output, *args, context),
        Verb::Path(args) => path::run(connection, output, *args, context),
    }
}

/// Of the connection's flags, only the one that names the file.
const FILE_ONLY: [&str; 1] = ["--config"];

/// The flags before the command and behind it, of which only `useful` ones may
/// be given. The profile's own `output` is not heeded: it may be what is to be
/// mended.
fn flags(
    verb: &str,
    useful: &[&str],
    connection: (ConnectionArgs, ConnectionArgs),
    output: (OutputArgs, OutputArgs),
    context: &mut Context,
) -> Result<ConnectionArgs, Error> {
    let connection = connection.0.merge(connection.1)?;
    let output = output.0.merge(output.1)?;
    scope::refuse_others(&format!("profile {verb}"), &connection, useful)?;
    context.set_style(&output, None)?;
    Ok(connection)
}

/// One result: an object in JSON, else the text, which ends with a line's end.
fn print(style: OutputStyle, json: &impl Serialize, text: &str) -> Result<Exit, Error> {
    let line = match style.format {
        Format::Json => serde_json::to_string(json).expect("strings and numbers serialise") + "\n",
        Format::Text => text.to_owned(),
    };
    streams::print(style, &line).map_err(|why| Error::results(&why))?;
    Ok(Exit::Done)
}
