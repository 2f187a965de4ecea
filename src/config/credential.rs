//! The secret: a key, a file with it, a program that prints it, a ready-made
//! signature, or a file with that. Five settings, one value.

use std::ffi::OsStr;
use std::path::Path;

use super::env::Env;
use super::error::{Error, Problem};
use super::file::{self, Content, FileFault};
use super::given::{Found, Value};
use super::key;
use super::key_command::{self, LIMIT};
use super::layers::Layers;
use super::names::{Name, SECRET_KEY, SECRET_KEY_COMMAND, SECRET_KEY_FILE, USERSIG, USERSIG_FILE};
use super::profile::Profiles;
use super::settings::{Credential, Mode};
use super::signature;
use super::source::{Setting, Source};
use super::stdin::StdinClaim;
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
    names: &[&'static Name],
    missing: impl Fn() -> Problem,
    layers: &Layers,
    env: &Env,
    stdin: &mut StdinClaim,
) -> Result<Setting<Credential>, Error> {
    let given = layers.top(names);
    let found = match given.as_slice() {
        [] => return Err(missing().into()),
        [found] => found,
        several => return Err(several_at_once(several).into()),
    };
    let credential = read(found, env, stdin)?;
    Ok(found.setting(credential))
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
    let text = key_command::run(command, LIMIT).map_err(|fault| {
        from(fault.to_string())
            .hint("run the program by hand: it is to print the key on stdout, and end with 0")
    })?;
    let key = key::parse(&text).map_err(|fault| from(fault.to_string()).hint(fault.hint()))?;
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

fn read(found: &Found, env: &Env, stdin: &mut StdinClaim) -> Result<Credential, Error> {
    if let Value::KeyCommand(command) = &found.value {
        return Ok(Credential::KeyCommand(command.clone()));
    }
    let is_inline = *found.name == SECRET_KEY || *found.name == USERSIG;
    let text = if is_inline {
        found.text()?.to_owned()
    } else {
        text_of_file(found, env, stdin)?
    };
    let is_key = *found.name == SECRET_KEY || *found.name == SECRET_KEY_FILE;
    if is_key {
        let exit = if is_inline {
            found.exit()
        } else {
            Exit::Config
        };
        let bad = |fault: key::KeyFault| {
            Problem::new(exit, format!("{}: {fault}", found.label())).hint(fault.hint())
        };
        return Ok(Credential::Key(key::parse(&text).map_err(bad)?));
    }
    let (sig, claims) = signature::parse(&text).map_err(|fault| {
        Problem::config(format!("{}: {fault}", found.label())).hint(fault.hint())
    })?;
    Ok(Credential::UserSig { sig, claims })
}

fn text_of_file(found: &Found, env: &Env, stdin: &mut StdinClaim) -> Result<String, Error> {
    if found.os() == Some(OsStr::new("-")) {
        let input = stdin.claim(claimant(found))?;
        let why = |fault: FileFault| {
            Problem::config(format!("{} -: standard input {fault}", found.label()))
        };
        return Ok(file::text(input).map_err(why)?);
    }
    let path = found.path(env)?;
    let content = Content::of_file(&path);
    let text = content.and_then(|content| content.private().map(str::to_owned));
    Ok(text.map_err(|fault| unusable(found, &path, &fault))?)
}

fn claimant(found: &Found) -> &'static str {
    match found.source {
        Source::Flag(name) | Source::Env(name) => name,
        _ => found.name.key.unwrap_or_default(),
    }
}

fn unusable(found: &Found, path: &Path, fault: &FileFault) -> Problem {
    if file::is_named_like_a_secret(path) {
        let message = format!(
            "{}: this looks like the secret itself, not like a file's name",
            found.label()
        );
        return Problem::config(message).hint("write it to a file of mode 600 and name that file");
    }
    let message = format!("{}: {} {fault}", found.label(), file::shown(path));
    let problem = Problem::config(message);
    match fault {
        FileFault::Exposed { .. } => {
            let flag = found.name.flag.unwrap_or_default();
            let file = file::quoted(path);
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

fn several_at_once(several: &[Found]) -> Problem {
    let labels: Vec<String> = several.iter().map(Found::label).collect();
    let exit = several.first().map_or(Exit::Config, Found::exit);
    let message = format!(
        "{} are given together; one of them is needed",
        labels.join(" and ")
    );
    Problem::new(exit, message).hint("leave all but one out")
}
