//! `roomctl profile list`: the profiles there are, the default one marked.

use serde_json::json;

use super::FILE_ONLY;
use crate::commands::{Accepts, CommandArgs, Context};
use crate::config::{ConfigFile, Format, Profile};
use crate::error::Error;
use crate::exit::Exit;
use crate::output::aligned;
use crate::secret::scrub;

/// List the profiles; the default one is marked with *
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {}

impl CommandArgs for Args {
    const ACCEPTS: Accepts = Accepts::Only(&FILE_ONLY);
}

const EXAMPLES: &str = "\
Examples:
  roomctl profile list
  roomctl profile list -o json";

/// Runs the command.
pub(super) fn run(_: &Args, context: &mut Context) -> Result<Exit, Error> {
    let config_file = ConfigFile::open(&context.flags.connection, &context.env, true)?;
    let profiles: Vec<Profile> = config_file.profiles().collect();
    let default = config_file.default_profile();
    let text = match context.style.format {
        Format::Json => json_lines(&profiles, default),
        Format::Text => columns(&profiles, default),
    };
    context.print(&text)?;
    let mut notes = context.notes();
    let is_there = |name: &str| profiles.iter().any(|profile| profile.name() == name);
    if profiles.is_empty() {
        notes.info("there are no profiles yet: roomctl profile add NAME");
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
