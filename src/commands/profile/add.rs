//! `roomctl profile add`: the flags of the connection as values to store, and
//! questions for what is missing where somebody can answer.

use super::change::changed;
use super::{ask, print};
use crate::clock::{Clock, unix_seconds};
use crate::commands::{Accepts, CommandArgs, Context};
use crate::config::{ConfigFile, Values};
use crate::error::Error;
use crate::exit::Exit;

/// Write a profile: flags are values to store; on a terminal, asks for the rest
#[derive(Debug, clap::Args)]
#[command(after_help = SHORT, after_long_help = LONG)]
pub(super) struct Args {
    /// Profile to write; the first one of a file becomes the default
    #[arg(value_name = "NAME")]
    name: String,
    /// Replace the values of a profile that exists; keys that no flag here sets,
    /// like protect, stay
    #[arg(long)]
    force: bool,
}

impl CommandArgs for Args {
    const ACCEPTS: Accepts = Accepts::Only(&USEFUL);
}

const SHORT: &str = "\
--secret-key-file FILE stores where the file is; --secret-key-file - stores the
key that comes on stdin.

Examples:
  roomctl profile add prod --sdkappid 1400000001 --identifier administrator
  roomctl profile add test       (asks for what is missing, on a terminal)";

const LONG: &str = "\
--secret-key-file FILE stores where the file is; --secret-key-file - stores the
key that comes on stdin.

Examples:
  roomctl profile add prod --sdkappid 1400000001 --identifier administrator \\
    --secret-key-file ~/.config/roomctl/key --region singapore
  roomctl profile add test       (asks for what is missing, on a terminal)";

/// All but `--profile` and `--sandbox`: NAME is the profile, and a sandbox has
/// settings of its own.
const USEFUL: [&str; 14] = [
    "--config",
    "--sdkappid",
    "--identifier",
    "--secret-key",
    "--secret-key-file",
    "--usersig",
    "--usersig-file",
    "--region",
    "--endpoint",
    "--ca-file",
    "--tls-roots",
    "--expire",
    "--timeout",
    "--connect-timeout",
];

/// Runs the command.
pub(super) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let name = &args.name;
    let mut config_file = ConfigFile::open(&context.flags.connection, &context.env, false)?;
    config_file.accepts(name, args.force)?;
    let mut connection = context.flags.connection.clone();
    let prompted = ask::rest(&mut connection, context)?;
    let now = unix_seconds(context.clock.now().wall);
    let stdin = &mut context.stdin;
    let values = Values::of_flags(
        &connection,
        &context.flags.output,
        &context.env,
        prompted,
        now,
        stdin,
    )?;
    if values.is_empty() {
        return Err(Error::usage(
            "nothing to store: no value is given",
            "roomctl profile add NAME --sdkappid N --identifier ID --secret-key-file FILE",
        ));
    }
    let mut notes = context.notes();
    for warning in &values.warnings {
        notes.warn(warning);
    }
    let change = match config_file.profile(name) {
        Ok(_) => "replaced",
        Err(_) => "added",
    };
    let had_default = config_file.default_profile().is_some();
    config_file.add(name, &values)?;
    config_file.save()?;
    let json = changed(name, change, &config_file);
    let exit = print(context.style, &json, &format!("{change} profile {name}\n"))?;
    if !had_default && config_file.default_profile().is_some() {
        notes.info("it is the default profile, as there is no other");
    }
    Ok(exit)
}
