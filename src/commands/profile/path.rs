//! `roomctl profile path`: where the configuration file is or would be, there or
//! not, in order or not.

use serde_json::json;

use super::{FILE_ONLY, print};
use crate::commands::{Accepts, CommandArgs, Context};
use crate::config::ConfigFile;
use crate::error::Error;
use crate::exit::Exit;

/// Print where the configuration file is or would be
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {}

impl CommandArgs for Args {
    const ACCEPTS: Accepts = Accepts::Only(&FILE_ONLY);
}

const EXAMPLES: &str = "\
Examples:
  roomctl profile path
  $EDITOR \"$(roomctl profile path)\"";

/// Runs the command.
pub(super) fn run(_: &Args, context: &mut Context) -> Result<Exit, Error> {
    let file = ConfigFile::locate(&context.flags.connection, &context.env)?;
    let exists = file.exists();
    let file = file.to_string_lossy();
    let line = json!({ "File": file, "Exists": exists });
    print(context.style, &line, &format!("{file}\n"))
}
