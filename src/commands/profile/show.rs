//! `roomctl profile show`: every value of a profile and where it stands; of a
//! secret no more than a fingerprint.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::print;
use crate::commands::{Accepts, CommandArgs, Context};
use crate::config::{ConfigFile, DisplayedValue, Profile};
use crate::error::Error;
use crate::exit::Exit;
use crate::output::sanitise;
use crate::secret::scrub;

/// Show a profile's values and where they stand; of a key only a fingerprint
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Profile; without one, that which other commands would use
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

impl CommandArgs for Args {
    const ACCEPTS: Accepts = Accepts::Only(&USEFUL);
}

const EXAMPLES: &str = "\
Examples:
  roomctl profile show
  roomctl profile show prod";

const USEFUL: [&str; 2] = ["--config", "--profile"];

/// Runs the command.
pub(super) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    if args.name.is_some() && context.flags.connection.profile.is_some() {
        let message = "the profile is named twice, by --profile and as NAME";
        return Err(Error::usage(message, "leave --profile out"));
    }
    let config_file = ConfigFile::open(&context.flags.connection, &context.env, true)?;
    let profile = match &args.name {
        Some(name) => config_file.profile(name)?,
        None => config_file
            .chosen(&context.flags.connection, &context.env)?
            .ok_or_else(none_chosen)?,
    };
    let values = profile.displayed_values(&context.env);
    let is_default = config_file.default_profile() == Some(profile.name());
    let json = object(&profile, is_default, config_file.file(), &values);
    let text = lines(&profile, is_default, config_file.file(), &values);
    print(context.style, &json, &text)
}

fn none_chosen() -> Error {
    Error::usage(
        "no profile is named, and there is no default_profile",
        "roomctl profile show NAME; roomctl profile list names them",
    )
}

fn object(profile: &Profile, is_default: bool, file: &Path, values: &[DisplayedValue]) -> Value {
    let mut told = Map::new();
    for shown in values {
        let mut value = json!({ "Value": shown.value, "Line": shown.line });
        if let Some(fingerprint) = &shown.fingerprint {
            value["Fingerprint"] = json!(fingerprint);
        }
        told.insert(shown.key.to_owned(), value);
    }
    json!({
        "Profile": scrub(profile.name()),
        "Default": is_default,
        "File": file.to_string_lossy(),
        "Values": told,
    })
}

fn lines(profile: &Profile, is_default: bool, file: &Path, values: &[DisplayedValue]) -> String {
    let mark = if is_default { " (default)" } else { "" };
    let mut text = format!("{}{mark}\n", sanitise(&scrub(profile.name())));
    for DisplayedValue {
        key,
        value,
        fingerprint,
        line,
    } in values
    {
        let value = sanitise(value);
        let print = fingerprint.as_ref();
        let print = print.map_or(String::new(), |print| format!(", fingerprint {print}"));
        let place = file.display().to_string();
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{key}: {value}{print} ({}:{line})", sanitise(&place));
    }
    text
}
