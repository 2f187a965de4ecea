//! `roomctl profile list`: the profiles there are, the default one marked.

use serde_json::json;

use super::{FILE_ONLY, flags};
use crate::commands::{Context, scope};
use crate::config::{ConfigFile, ConnectionArgs, Format, OutputArgs, Profile};
use crate::error::Error;
use crate::exit::Exit;
use crate::output::aligned;
use crate::secret::scrub;
use crate::streams;

/// List the profiles; the default one is marked with *
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
  roomctl profile list
  roomctl profile list -o json";

/// Runs the command.
pub(super) fn run(
    connection: ConnectionArgs,
    output: OutputArgs,
    args: Args,
    context: &mut Context,
) -> Result<Exit, Error> {
    let connection = (connection, args.connection);
    let output = (output, args.output);
    let connection = flags("list", &FILE_ONLY, connection, output, context)?;
    let config_file = ConfigFile::open(&connection, &context.env, true)?;
    let profiles: Vec<Profile> = config_file.profiles().collect();
    let default = config_file.default_profile();
    let text = match context.style.format {
        Format::Json => json_lines(&profiles, default),
        Format::Text => columns(&profiles, default),
    };
    streams::print(context.style, &text).map_err(|why| Error::results(&why))?;
    let mut notes = streams::notes(context.style);
    let is_there = |name: &str| profiles.iter().any(|profile| profile.name() == name);
    if profiles.is_empty() {
        notes.say("there are no profiles yet: roomctl profile add NAME");
    } else if let Some(name) = default.filter(|name| !is_there(name)) {
        let name = scrub(name);
        notes.warn(&format!(
            "default_profile is {name:?}, and there is no such profile: roomctl profile use NAME"
        ));
    }
    Ok(Exit::Done)
}

fn json_lines(profiles: &[Profile], default: Option<&str>) -> String {
    let line = |profile: &Profile| {
        let text = |key| profile.text(key).map(|setting| scrub(setting.value));
        let line = json!({
            "Profile": scrub(profile.name()),
            "Default": default == Some(profile.name()),
            "SDKAppID": profile.number("sdkappid").map(|setting| setting.value),
            "Identifier": text("identifier"),
        });
        format!("{line}\n")
    };
    profiles.iter().map(line).collect()
}

/// Mark, name, app, caller; `-` for what a profile leaves to other places.
fn columns(profiles: &[Profile], default: Option<&str>) -> String {
    let row = |profile: &Profile| {
        let is_default = default == Some(profile.name());
        let [name, app, identifier] = row(profile);
        let mark = if is_default { "*" } else { " " };
        vec![format!("{mark} {name}"), app, identifier]
    };
    aligned(&profiles.iter().map(row).collect::<Vec<_>>())
}

fn row(profile: &Profile) -> [String; 3] {
    let text = |key| {
        profile
            .text(key)
            .map_or("-".into(), |setting| scrub(setting.value))
    };
    [scrub(profile.name()), text("sdkappid"), text("identifier")]
}
