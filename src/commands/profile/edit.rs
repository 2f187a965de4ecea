//! `roomctl profile use` and `remove`.

use std::io::IsTerminal;

use super::add::changed;
use super::show::{FILE_ONLY, print};
use crate::commands::{Accepts, CommandArgs, Context};
use crate::config::ConfigFile;
use crate::error::Error;
use crate::exit::Exit;

/// Make a profile the default
#[derive(Debug, clap::Args)]
#[command(after_help = USE)]
pub(super) struct UseArgs {
    /// Profile
    #[arg(value_name = "NAME")]
    name: String,
}

/// Remove a profile; on a terminal, asks first
#[derive(Debug, clap::Args)]
#[command(after_help = REMOVE)]
pub(super) struct RemoveArgs {
    /// Profile
    #[arg(value_name = "NAME")]
    name: String,
    /// Remove it without a question
    #[arg(short, long)]
    yes: bool,
}

impl CommandArgs for UseArgs {
    const ACCEPTS: Accepts = Accepts::Only(&FILE_ONLY);
}

impl CommandArgs for RemoveArgs {
    const ACCEPTS: Accepts = Accepts::Only(&FILE_ONLY);
}

const USE: &str = "\
Examples:
  roomctl profile use prod
  ROOMCTL_PROFILE=prod roomctl doctor       (for one command)";

const REMOVE: &str = "\
Examples:
  roomctl profile remove test
  roomctl profile remove test --yes";

/// Runs `use`.
pub(super) fn use_profile(args: &UseArgs, context: &mut Context) -> Result<Exit, Error> {
    let name = &args.name;
    let mut file = ConfigFile::open(&context.flags.connection, &context.env, true)?;
    file.use_profile(name)?;
    file.save()?;
    let json = changed(name, "default", &file);
    print(
        context,
        &json,
        &format!("{name} is the default profile now\n"),
    )
}

/// Runs `remove`.
pub(super) fn remove(args: &RemoveArgs, context: &mut Context) -> Result<Exit, Error> {
    let name = &args.name;
    let mut file = ConfigFile::open(&context.flags.connection, &context.env, true)?;
    let had_default = file.default_profile().is_some();
    file.remove(name)?;
    if !args.yes {
        confirm(name, context)?;
    }
    file.save()?;
    let json = changed(name, "removed", &file);
    let exit = print(context, &json, &format!("removed profile {name}\n"))?;
    if had_default && file.default_profile().is_none() {
        context
            .notes()
            .info("it was the default; there is none now: roomctl profile use NAME");
    }
    Ok(exit)
}

/// Asks on a terminal. Any answer but yes is exit 2.
fn confirm(name: &str, context: &mut Context) -> Result<(), Error> {
    if !context.stdin.is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(());
    }
    context
        .notes()
        .ask(&format!("remove the profile {name}? [y/N]"));
    let answer = context.stdin.read_typed_line().to_ascii_lowercase();
    if matches!(answer.as_str(), "y" | "yes") {
        return Ok(());
    }
    Err(Error::usage(
        "not confirmed; nothing was changed",
        "answer y, or give --yes to remove it without a question",
    ))
}
