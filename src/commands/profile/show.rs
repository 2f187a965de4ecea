//! `roomctl profile show`, `list` and `path`: what the configuration file
//! contains. Only the length and a fingerprint of a secret are shown.

use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::api::Endpoint;
use crate::clock::rfc3339;
use crate::commands::{Accepts, CommandArgs, Context};
use crate::config::table::{Group, IDENTIFIER, Kind, PROFILE, SDKAPPID, SettingSpec};
use crate::config::{
    ConfigFile, Env, FileText, Format, KeyCommand, Profile, RateScope, RawData, RawValue,
    SecretFacts, display_path, secret_facts,
};
use crate::error::Error;
use crate::exit::Exit;
use crate::output::{aligned, sanitise};
use crate::secret::scrub;

/// Show a profile's values with their lines; a key only as a fingerprint
#[derive(Debug, clap::Args)]
#[command(after_help = SHOW)]
pub(super) struct ShowArgs {
    /// Profile; without one, the profile that other commands would use
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

/// List the profiles; the default one is marked with *
#[derive(Debug, clap::Args)]
#[command(after_help = LIST)]
pub(super) struct ListArgs {}

/// Print where the configuration file is or would be
#[derive(Debug, clap::Args)]
#[command(after_help = PATH)]
pub(super) struct PathArgs {}

impl CommandArgs for ShowArgs {
    const ACCEPTS: Accepts = Accepts::Only(&[Group::ConfigFile, Group::Profile]);
}

impl CommandArgs for ListArgs {
    const ACCEPTS: Accepts = Accepts::Only(&FILE_ONLY);
}

impl CommandArgs for PathArgs {
    const ACCEPTS: Accepts = Accepts::Only(&FILE_ONLY);
}

const SHOW: &str = "\
Examples:
  roomctl profile show
  roomctl profile show prod";

const LIST: &str = "\
Examples:
  roomctl profile list
  roomctl profile list -o json";

const PATH: &str = "\
Examples:
  roomctl profile path
  $EDITOR \"$(roomctl profile path)\"";

/// A value of a profile as it may be shown.
struct DisplayedValue {
    key: &'static str,
    line: usize,
    /// For people.
    text: String,
    /// For programs: `Value` with its type, and what else is known of it.
    fields: Value,
}

/// Runs `show`.
pub(super) fn show(args: &ShowArgs, context: &mut Context) -> Result<Exit, Error> {
    let connection = &context.flags.connection;
    if args.name.is_some() && connection.has(&PROFILE) {
        let message = "the profile is named twice, by --profile and as NAME";
        return Err(Error::usage(message, "remove --profile"));
    }
    let file = ConfigFile::open(connection, &context.env, true)?;
    let profile = match &args.name {
        Some(name) => file.profile(name)?,
        None => file
            .chosen(connection, &context.env)?
            .ok_or_else(|| none_chosen(&file))?,
    };
    let values = displayed_values(&profile, &context.env);
    let is_default = file.default_profile() == Some(profile.name());
    let json = object(&profile, is_default, file.file(), &values);
    let text = lines(&profile, is_default, file.file(), &values);
    print(context, &json, &text)
}

fn none_chosen(file: &ConfigFile) -> Error {
    if file.profiles().next().is_none() {
        return Error::usage("there are no profiles yet", "roomctl profile add NAME");
    }
    Error::usage(
        "no profile is named, and there is no default_profile",
        "roomctl profile show NAME; roomctl profile list names them",
    )
}

/// Every value, in the order of the file. Files with secrets are read for their
/// fingerprint; programs are not run.
fn displayed_values(profile: &Profile, env: &Env) -> Vec<DisplayedValue> {
    let values = profile.values().into_iter();
    let displayed = values.map(|(raw, line)| {
        let (text, fields) = display(&raw, env);
        DisplayedValue {
            key: raw.spec.key.unwrap_or_default(),
            line,
            text: scrub(&text),
            fields,
        }
    });
    displayed.collect()
}

/// The value for people and for programs.
fn display(raw: &RawValue, env: &Env) -> (String, Value) {
    let typed = |text: String| {
        let value = json!({ "Value": scrub(&text) });
        (text, value)
    };
    match (&raw.data, raw.spec.kind) {
        (_, Kind::Scope) => match raw.text().map(RateScope::parse) {
            Ok(Ok(scope)) => typed(scope.to_string()),
            _ => unusable("is neither process, host nor the URL of a Redis"),
        },
        (RawData::Secret(text), _) => {
            let facts = secret_facts(raw.spec.group, text.expose().unwrap_or_default());
            (shown(&facts), with_facts(&Value::Null, &facts))
        }
        // Its arguments may be confidential.
        (RawData::List(argv), Kind::Program) => {
            let command = KeyCommand::new(argv);
            let program = command.as_ref().map_or("", KeyCommand::shown_program);
            let fields = json!({ "Value": null, "Program": scrub(program) });
            (format!("printed by {program}"), fields)
        }
        (RawData::List(texts), _) => {
            let value: Vec<String> = texts.iter().map(|text| scrub(text)).collect();
            (texts.join(", "), json!({ "Value": value }))
        }
        (RawData::Text(_), _) if raw.spec.is_secret_file() => display_secret_file(raw, env),
        // A wrong URL may have a password in it.
        (RawData::Text(text), Kind::Url) => match Endpoint::parse(&text.to_string_lossy()) {
            Ok(url) => typed(url.to_string()),
            Err(why) => unusable(&why.to_string()),
        },
        (RawData::Text(text), Kind::Integer | Kind::Count(..)) => {
            let text = text.to_string_lossy().into_owned();
            match text.parse::<u64>() {
                Ok(number) => (text, json!({ "Value": number })),
                Err(_) => typed(text),
            }
        }
        (RawData::Text(text), _) => typed(text.to_string_lossy().into_owned()),
        (RawData::Switch, _) => typed(String::new()),
    }
}

fn unusable(why: &str) -> (String, Value) {
    let fields = json!({ "Value": null, "Error": scrub(why) });
    (format!("cannot be used: {why}"), fields)
}

fn display_secret_file(raw: &RawValue, env: &Env) -> (String, Value) {
    let path = match raw.path(env) {
        Ok(path) => path,
        Err(problem) => return unusable(&problem.message),
    };
    let (name, value) = (display_path(&path), json!(scrub(&path.to_string_lossy())));
    // Reading a pipe would wait.
    if !path.is_file() {
        let fields = json!({ "Value": value, "Error": "no such file" });
        return (format!("{name} (no such file)"), fields);
    }
    let content = FileText::of_file(&path, raw.name());
    let text = content.and_then(FileText::into_private_text);
    let facts = match text {
        Ok(text) => secret_facts(raw.spec.group, &text),
        Err(error) => SecretFacts::Unusable(error.to_string()),
    };
    let text = match &facts {
        SecretFacts::Key { fingerprint, .. } => {
            format!("{name} ({facts}), fingerprint {fingerprint}")
        }
        _ => format!("{name} ({facts})"),
    };
    (text, with_facts(&value, &facts))
}

fn shown(facts: &SecretFacts) -> String {
    match facts {
        SecretFacts::Key { fingerprint, .. } => format!("{facts}, fingerprint {fingerprint}"),
        _ => facts.to_string(),
    }
}

/// The value, which is never a secret, and what may be known of one.
fn with_facts(value: &Value, facts: &SecretFacts) -> Value {
    match facts {
        SecretFacts::Key {
            characters,
            fingerprint,
        } => json!({ "Value": value, "Characters": characters, "Fingerprint": fingerprint }),
        SecretFacts::UserSig(claims) => json!({
            "Value": value,
            "SDKAppID": claims.sdkappid,
            "Identifier": scrub(&claims.identifier),
            "Expires": rfc3339(claims.expires_at()),
            "ExpiresUnix": claims.expires_at(),
        }),
        SecretFacts::Unusable(why) => json!({ "Value": value, "Error": scrub(why) }),
    }
}

fn object(profile: &Profile, is_default: bool, file: &Path, values: &[DisplayedValue]) -> Value {
    let mut by_key = Map::new();
    for displayed in values {
        let mut fields = displayed.fields.clone();
        fields["Line"] = json!(displayed.line);
        by_key.insert(displayed.key.to_owned(), fields);
    }
    json!({
        "Profile": scrub(profile.name()),
        "Default": is_default,
        "File": file.to_string_lossy(),
        "Values": by_key,
    })
}

fn lines(profile: &Profile, is_default: bool, file: &Path, values: &[DisplayedValue]) -> String {
    let mark = if is_default { " (default)" } else { "" };
    let place = file.display().to_string();
    let name = scrub(profile.name());
    let mut lines = format!("{}{mark}\nfile: {}\n", sanitise(&name), sanitise(&place));
    for displayed in values {
        let DisplayedValue {
            key, line, text, ..
        } = displayed;
        // Writing to a String cannot fail.
        let _ = writeln!(lines, "{key}: {} (line {line})", sanitise(text));
    }
    lines
}

/// Runs `list`.
pub(super) fn list(_: &ListArgs, context: &mut Context) -> Result<Exit, Error> {
    let file = ConfigFile::open(&context.flags.connection, &context.env, true)?;
    let profiles: Vec<Profile> = file.profiles().collect();
    let default = file.default_profile();
    let text = match context.style.format {
        Format::Json => json_lines(&profiles, default),
        Format::Text => columns(&profiles, default),
    };
    context.print(&text)?;
    let mut notes = context.notes();
    let exists = |name: &str| profiles.iter().any(|profile| profile.name() == name);
    if profiles.is_empty() {
        notes.info("there are no profiles yet: roomctl profile add NAME");
    } else if let Some(name) = default.filter(|name| !exists(name)) {
        let name = scrub(name);
        notes.warn(&format!(
            "default_profile is {name:?}, and there is no such profile: roomctl profile use NAME"
        ));
    }
    Ok(Exit::Done)
}

fn json_lines(profiles: &[Profile], default: Option<&str>) -> String {
    let line = |profile: &Profile| {
        let line = json!({
            "Profile": scrub(profile.name()),
            "Default": default == Some(profile.name()),
            "SDKAppID": profile.number(&SDKAPPID).map(|setting| setting.value),
            "Identifier": text(profile, &IDENTIFIER),
        });
        format!("{line}\n")
    };
    profiles.iter().map(line).collect()
}

/// Mark, name, app and account; `-` for a value that the profile does not have.
fn columns(profiles: &[Profile], default: Option<&str>) -> String {
    let row = |profile: &Profile| {
        let is_default = default == Some(profile.name());
        let mark = if is_default { "*" } else { " " };
        let value = |spec| text(profile, spec).unwrap_or_else(|| "-".into());
        let name = scrub(profile.name());
        vec![
            format!("{mark} {name}"),
            value(&SDKAPPID),
            value(&IDENTIFIER),
        ]
    };
    aligned(&profiles.iter().map(row).collect::<Vec<_>>())
}

fn text(profile: &Profile, spec: &SettingSpec) -> Option<String> {
    profile.text(spec).map(|setting| scrub(setting.value))
}

/// Runs `path`. The file need not exist or be correct.
pub(super) fn path(_: &PathArgs, context: &mut Context) -> Result<Exit, Error> {
    let file = ConfigFile::locate(&context.flags.connection, &context.env)?;
    let exists = file.exists();
    let file = file.to_string_lossy();
    let line = json!({ "File": file, "Exists": exists });
    print(context, &line, &format!("{file}\n"))
}

/// The connection flags of the commands that only need the file.
pub(super) const FILE_ONLY: [Group; 1] = [Group::ConfigFile];

/// Prints one result: an object in JSON, else the text, which ends with a line
/// break.
pub(super) fn print(context: &Context, json: &impl Serialize, text: &str) -> Result<Exit, Error> {
    let line = match context.style.format {
        Format::Json => serde_json::to_string(json).expect("strings and numbers serialise") + "\n",
        Format::Text => text.to_owned(),
    };
    context.print(&line)?;
    Ok(Exit::Done)
}
