//! `roomctl profile use` and `remove`.

use std::io::IsTerminal;

use serde_json::json;

use super::{FILE_ONLY, print};
use crate::commands::{Accepts, CommandArgs, Context};
use crate::config::ConfigFile;
use crate::error::Error;
use crate::exit::Exit;

/// Make a profile the default
#[derive(Debug, clap::Args)]
#[command(after_help = USE)]
pub(super) struct Use {
    /// Profile
    #[arg(value_name = "NAME")]
    name: String,
}

/// Remove a profile; asks where somebody can answer
#[derive(Debug, clap::Args)]
#[command(after_help = REMOVE)]
pub(super) struct Remove {
    /// Profile
    #[arg(value_name = "NAME")]
    name: String,
    /// Go on without a question
    #[arg(short, long)]
    yes: bool,
}

impl CommandArgs for Use {
    const ACCEPTS: Accepts = Accepts::Only(&FILE_ONLY);
}

impl CommandArgs for Remove {
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
pub(super) fn use_profile(args: &Use, context: &mut Context) -> Result<Exit, Error> {
    let mut config_file = ConfigFile::open(&context.flags.connection, &context.env, true)?;
    config_file.use_profile(&args.name)?;
    config_file.save()?;
    let text = format!("{} is the default profile now\n", args.name);
    print(
        context.style,
        &changed(&args.name, "default", &config_file),
        &text,
    )
}

/// Runs `remove`.
pub(super) fn remove(args: &Remove, context: &mut Context) -> Result<Exit, Error> {
    let mut config_file = ConfigFile::open(&context.flags.connection, &context.env, true)?;
    let had_default = config_file.default_profile().is_some();
    config_file.remove(&args.name)?;
    if !args.yes {
        confirm(&args.name, context)?;
    }
    config_file.save()?;
    let text = format!("removed profile {}\n", args.name);
    let exit = print(
        context.style,
        &changed(&args.name, "removed", &config_file),
        &text,
    )?;
    if had_default && config_file.default_profile().is_none() {
        context
            .notes()
            .info("it was the default; there is none now: roomctl profile use NAME");
    }
    Ok(exit)
}

/// What was done to a profile, as an object.
pub(super) fn changed(name: &str, change: &str, config_file: &ConfigFile) -> serde_json::Value {
    json!({
        "Profile": name,
        "Change": change,
        "Default": config_file.default_profile() == Some(name),
        "File": config_file.file().to_string_lossy(),
    })
}

/// Asks where a person can answer; anything but yes is exit 2.
fn confirm(name: &str, context: &mut Context) -> Result<(), Error> {
    if !context.stdin.is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(());
    }
    context
        .notes()
        .ask(&format!("remove the profile {name}? [y/N]"));
    let answer = context.stdin.answer().to_ascii_lowercase();
    if matches!(answer.as_str(), "y" | "yes") {
        return Ok(());
    }
    Err(Error::usage(
        "not confirmed; nothing was changed",
        "answer y, or say --yes to go on without a question",
    ))
}
