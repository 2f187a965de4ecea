//! The secret: a key, a file with it, a program that prints it, a ready-made
//! signature, or a file with that. Five settings, one value.

use std::ffi::OsStr;
use std::path::Path;

use super::env::Env;
use super::error::{Error, Problem};
use super::file::{self, FileError, FileText};
use super::key;
use super::key_command::{self, LIMIT};
use super::layers::Layers;
use super::names::{
    SECRET_KEY, SECRET_KEY_COMMAND, SECRET_KEY_FILE, SettingSpec, USERSIG, USERSIG_FILE,
};
use super::profile::Profiles;
use super::settings::{Credential, Mode};
use super::signature;
use super::source::{Setting, Source};
use super::stdin::StdinClaim;
use super::value::{RawData, RawValue};
use crate::exit::Exit;

/// The one of the five that counts, read but for the output of a program.
pub(super) fn credential(
    layers: &Layers,
    profiles: &Profiles,
    env: &Env,
    stdin: &mut StdinClaim,
) -> Result<Setting<Credential>, Error> {
    let five = [
        &SECRET_KEY,
        &SECRET_KEY_FILE,
        &SECRET_KEY_COMMAND,
        &USERSIG,
        &USERSIG_FILE,
    ];
    let missing = || missing(profiles, ", or a ready-made UserSig with --usersig-file");
    one_of(&five, missing, layers, env, stdin)
}

/// The key, for what a ready-made signature cannot do: one that is given
/// somewhere is passed over.
pub(super) fn key(
    layers: &Layers,
    profiles: &Profiles,
    env: &Env,
    stdin: &mut StdinClaim,
) -> Result<Setting<Credential>, Error> {
    let three = [&SECRET_KEY, &SECRET_KEY_FILE, &SECRET_KEY_COMMAND];
    one_of(&three, || missing(profiles, ""), layers, env, stdin)
}

fn one_of(
    names: &[&'static SettingSpec],
    missing: impl Fn() -> Problem,
    layers: &Layers,
    env: &Env,
    stdin: &mut StdinClaim,
) -> Result<Setting<Credential>, Error> {
    let values = layers.top(names);
    let raw = match values.as_slice() {
        [] => return Err(missing().into()),
        [raw] => raw,
        several => return Err(several_at_once(several).into()),
    };
    let credential = read(raw, env, stdin)?;
    Ok(raw.setting(credential))
}

/// Runs the program that prints the key, if that is how the key is to be had.
pub(super) fn fetch(
    credential: Setting<Credential>,
    mode: Mode,
) -> Result<Setting<Credential>, Problem> {
    let (Credential::KeyCommand(command), Mode::Real) = (&credential.value, mode) else {
        return Ok(credential);
    };
    let from =
        |why: String| Problem::config(format!("secret_key_command, {}: {why}", credential.source));
    let text = key_command::run(command, LIMIT).map_err(|error| {
        from(error.to_string())
            .hint("run the program by hand: it is to print the key on stdout, and end with 0")
    })?;
    let key = key::parse(&text).map_err(|error| from(error.to_string()).hint(error.hint()))?;
    let value = Credential::Key(key);
    Ok(Setting {
        value,
        ..credential
    })
}

/// What is to be said about the secret although it can be used.
pub(super) fn warnings(credential: &Setting<Credential>) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Source::Flag(flag @ ("--secret-key" | "--usersig")) = credential.source {
        warnings.push(format!(
            "{flag}: others can see a command line (ps, the shell's history); use {flag}-file"
        ));
    }
    if let Credential::Key(key) = &credential.value {
        warnings.extend(key::warning(key));
    }
    warnings
}

fn read(raw: &RawValue, env: &Env, stdin: &mut StdinClaim) -> Result<Credential, Error> {
    if let RawData::KeyCommand(command) = &raw.value {
        return Ok(Credential::KeyCommand(command.clone()));
    }
    let is_inline = *raw.name == SECRET_KEY || *raw.name == USERSIG;
    let text = if is_inline {
        raw.text()?.to_owned()
    } else {
        text_of_file(raw, env, stdin)?
    };
    let is_key = *raw.name == SECRET_KEY || *raw.name == SECRET_KEY_FILE;
    if is_key {
        let exit = if is_inline { raw.exit() } else { Exit::Config };
        let bad = |error: key::KeyError| {
            Problem::new(exit, format!("{}: {error}", raw.label())).hint(error.hint())
        };
        return Ok(Credential::Key(key::parse(&text).map_err(bad)?));
    }
    let (sig, claims) = signature::parse(&text)
        .map_err(|error| Problem::config(format!("{}: {error}", raw.label())).hint(error.hint()))?;
    Ok(Credential::UserSig { sig, claims })
}

fn text_of_file(raw: &RawValue, env: &Env, stdin: &mut StdinClaim) -> Result<String, Error> {
    if raw.os() == Some(OsStr::new("-")) {
        let input = stdin.claim(claimant(raw))?;
        let why = |error: FileError| {
            Problem::config(format!("{} -: standard input {error}", raw.label()))
        };
        return Ok(file::text(input).map_err(why)?);
    }
    let path = raw.path(env)?;
    let content = FileText::of_file(&path);
    let text = content.and_then(|content| content.private().map(str::to_owned));
    Ok(text.map_err(|error| unusable(raw, &path, &error))?)
}

fn claimant(raw: &RawValue) -> &'static str {
    match raw.source {
        Source::Flag(name) | Source::Env(name) => name,
        _ => raw.name.key.unwrap_or_default(),
    }
}

fn unusable(raw: &RawValue, path: &Path, error: &FileError) -> Problem {
    if file::is_named_like_a_secret(path) {
        let message = format!(
            "{}: this looks like the secret itself, not like a file's name",
            raw.label()
        );
        return Problem::config(message).hint("write it to a file of mode 600 and name that file");
    }
    let message = format!("{}: {} {error}", raw.label(), file::display_path(path));
    let problem = Problem::config(message);
    match error {
        FileError::Exposed { .. } => {
            let flag = raw.name.flag.unwrap_or_default();
            let file = file::shell_quoted(path);
            problem.hint(format!(
                "chmod 600 {file}\nor, where it cannot be changed: {flag} - < {file}"
            ))
        }
        _ => problem,
    }
}

/// `instead` is what would do as well.
fn missing(profiles: &Profiles, instead: &str) -> Problem {
    let places = format!("secret key: give {}{instead}", SECRET_KEY_FILE.places());
    profiles.missing("the secret key is missing".into(), places)
}

fn several_at_once(several: &[RawValue]) -> Problem {
    let labels: Vec<String> = several.iter().map(RawValue::label).collect();
    let exit = several.first().map_or(Exit::Config, RawValue::exit);
    let message = format!(
        "{} are given together; one of them is needed",
        labels.join(" and ")
    );
    Problem::new(exit, message).hint("leave all but one out")
}
