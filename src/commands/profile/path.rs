//! `roomctl profile path`: where the configuration file is or would be, there or
//! not, in order or not.

use serde_json::json;

use super::{FILE_ONLY, flags, print};
use crate::commands::{Context, scope};
use crate::config::{ConfigFile, ConnectionArgs, OutputArgs};
use crate::error::Error;
use crate::exit::Exit;

/// Print where the configuration file is or would be
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, mut_args(|arg| scope::show_only(arg, &FILE_ONLY)))]
pub(super) struct Args {
    #[command(flatten)]
    connection: ConnectionArgs,
    #[command(flatten)]
    output: OutputArgs,
}

const EXAMPLES: &str = "\
Examples:
  roomctl profile path
  $EDITOR \"$(roomctl profile path)\"";

/// Runs the command.
pub(super) fn run(
    connection: ConnectionArgs,
    output: OutputArgs,
    args: Args,
    context: &mut Context,
) -> Result<Exit, Error> {
    let connection = (connection, args.connection);
    let output = (output, args.output);
    let connection = flags("path", &FILE_ONLY, connection, output, context)?;
    let file = ConfigFile::locate(&connection, &context.env)?;
    let exists = file.exists();
    let file = file.to_string_lossy();
    let line = json!({ "File": file, "Exists": exists });
    print(context.style, &line, &format!("{file}\n"))
}
