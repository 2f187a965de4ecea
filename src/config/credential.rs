//! The credential: a secret key, a file with it, a program that prints it, a
//! ready-made `UserSig`, or a file with that. These five settings are one value.
//!
//! No error contains any part of a secret. The checks are those that the service
//! cannot report: it answers 70009 to every wrong key, whatever is wrong with it.

use std::ffi::OsStr;
use std::fmt;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use secrecy::zeroize::Zeroizing;
use sha2::{Digest, Sha256};

use super::env::Env;
use super::file::{self, FileError, FileText};
use super::key_command::{self, KeyCommand, LIMIT};
use super::layers::{Layers, Required, missing_problem};
use super::pasted::{Pasted, trimmed};
use super::profile::Profiles;
use super::secret_text::{in_place_of_file, key_warning, parse_key, parse_usersig, rfc3339};
use super::stdin::StdinClaim;
use super::table::{Group, Kind};
use super::value::{RawData, RawValue, SecretText, Setting, Source};
use crate::error::Problem;
use crate::exit::Exit;
use crate::input_file;
use crate::secret::{SecretKey, UserSig, forbid_core_dumps, hex};
use crate::usersig::Claims;

/// What may be started to get a key and an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// A key command, and the sandbox of `--sandbox`.
    Full,
    /// Nothing: neither a request nor a signature follows.
    Offline,
}

impl Access {
    pub(crate) fn of(is_offline: bool) -> Self {
        if is_offline {
            Self::Offline
        } else {
            Self::Full
        }
    }
}

/// How requests are signed.
#[derive(Debug, Clone)]
pub(crate) enum Credential {
    /// With the app's key, as often as needed.
    Key(SecretKey),
    /// With the key that this program would print; on a dry run only.
    KeyCommand(KeyCommand),
    /// With a signature that was made elsewhere.
    UserSig { sig: UserSig, claims: Claims },
}

impl Credential {
    /// The key, if it is known.
    pub(crate) fn key(&self) -> Option<&SecretKey> {
        match self {
            Self::Key(key) => Some(key),
            Self::KeyCommand(_) | Self::UserSig { .. } => None,
        }
    }

    /// What it is, without the secret, for `-v`.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Key(key) => {
                format!("secret key, {} characters", key.expose().chars().count())
            }
            Self::KeyCommand(command) => {
                format!("secret key, to be printed by {}", command.shown_program())
            }
            Self::UserSig { claims, .. } => {
                format!("ready-made UserSig, until {}", rfc3339(claims.expires_at()))
            }
        }
    }
}

/// Reads the credential from the highest layer that has one. The program of a
/// key command is not run yet.
pub(super) fn credential(
    layers: &Layers,
    profiles: &Profiles,
    env: &Env,
    stdin: &mut StdinClaim,
) -> Result<Setting<Credential>, Problem> {
    let groups = [Group::Key, Group::UserSig];
    read_highest(&groups, layers, env, stdin, || {
        missing_problem(&[Required::Credential], profiles, true)
    })
}

/// The same for making signatures: a ready-made `UserSig` is ignored.
pub(super) fn key(
    layers: &Layers,
    profiles: &Profiles,
    env: &Env,
    stdin: &mut StdinClaim,
) -> Result<Setting<Credential>, Problem> {
    read_highest(&[Group::Key], layers, env, stdin, || {
        missing_problem(&[Required::Key], profiles, false)
    })
}

fn read_highest(
    groups: &[Group],
    layers: &Layers,
    env: &Env,
    stdin: &mut StdinClaim,
    none_given: impl Fn() -> Problem,
) -> Result<Setting<Credential>, Problem> {
    match layers.highest(groups).as_slice() {
        [] => Err(none_given()),
        [raw] => Ok(raw.setting(read(raw, env, stdin)?)),
        several => Err(contradiction(several)),
    }
}

/// Runs the key command, if the credential is one and it may be started.
pub(super) fn run_key_command(
    credential: Setting<Credential>,
    access: Access,
) -> Result<Setting<Credential>, Problem> {
    let (Credential::KeyCommand(command), Access::Full) = (&credential.value, access) else {
        return Ok(credential);
    };
    let place = format!("secret_key_command, {}", credential.source);
    forbid_core_dumps();
    let text = key_command::run(command, LIMIT)
        .map_err(|error| Problem::config(format!("{place}: {error}"), error.hint()))?;
    let key = parse_key(&text)
        .map_err(|error| Problem::config(format!("{place}: {error}"), error.hint()))?;
    let value = Credential::Key(key);
    Ok(Setting {
        value,
        ..credential
    })
}

/// Runs a command that is to be stored, to see that it prints a key.
pub(super) fn check_key_command(argv: &[String]) -> Result<(), Problem> {
    let command = KeyCommand::new(argv).ok_or_else(|| {
        let hint = "type a program and its arguments: ! pass show tencent/key";
        Problem::usage("the command is empty", hint)
    })?;
    forbid_core_dumps();
    let text =
        key_command::run(&command, LIMIT).map_err(|error| Problem::config(&error, error.hint()))?;
    let key = parse_key(&text).map_err(|error| {
        let message = format!("what {} prints: {error}", command.shown_program());
        Problem::config(message, error.hint())
    })?;
    drop(key);
    Ok(())
}

/// Warnings about a credential that can be used.
pub(super) fn warnings(credential: &Setting<Credential>) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Source::Flag(flag @ ("--secret-key" | "--usersig")) = credential.source {
        warnings.push(format!(
            "{flag}: others can see a command line (ps, the shell's history); use {flag}-file"
        ));
    }
    if let Credential::Key(key) = &credential.value {
        warnings.extend(key_warning(key));
    }
    warnings
}

fn read(raw: &RawValue, env: &Env, stdin: &mut StdinClaim) -> Result<Credential, Problem> {
    if let RawData::List(argv) = &raw.data {
        let command = KeyCommand::new(argv);
        let command = command.ok_or_else(|| raw.problem("is empty", raw.spec.example()))?;
        return Ok(Credential::KeyCommand(command));
    }
    let is_inline = matches!(raw.spec.kind, Kind::Secret);
    let text = if is_inline {
        Zeroizing::new(raw.text()?.to_owned())
    } else {
        text_of_file(raw, env, stdin)?
    };
    if raw.spec.group == Group::Key {
        let exit = if is_inline { raw.exit() } else { Exit::Config };
        let key = parse_key(&text).map_err(|error| {
            Problem::new(exit, format!("{}: {error}", raw.label()), error.hint())
        })?;
        return Ok(Credential::Key(key));
    }
    let (sig, claims) = parse_usersig(&text)
        .map_err(|error| Problem::config(format!("{}: {error}", raw.label()), error.hint()))?;
    Ok(Credential::UserSig { sig, claims })
}

fn text_of_file(
    raw: &RawValue,
    env: &Env,
    stdin: &mut StdinClaim,
) -> Result<Zeroizing<String>, Problem> {
    forbid_core_dumps();
    if raw.os_text() == Some(OsStr::new("-")) {
        let input = stdin.claim(raw.name())?;
        return file::text(input).map_err(|error| {
            let message = format!("{} -: standard input {error}", raw.label());
            Problem::config(message, "pipe only the key or the UserSig into it")
        });
    }
    let path = raw.path(env)?;
    let content = FileText::of_file(&path, raw.name());
    let text = content.and_then(FileText::into_private_text);
    text.map_err(|error| unusable(raw, &path, &error))
}

fn unusable(raw: &RawValue, path: &Path, error: &FileError) -> Problem {
    let label = raw.label();
    if file::is_named_like_a_secret(path) {
        return Problem::config(
            format!("{label}: this looks like the secret itself, not like a file's name"),
            "write it to a file of mode 600 and name that file",
        );
    }
    let typed = raw.os_text().map(|text| text.to_string_lossy());
    let pasted = typed.and_then(|text| in_place_of_file(&text));
    if let (FileError::Unreadable(_), Some(kind)) = (error, pasted) {
        let what = match kind {
            Pasted::Base64 => "looks like the secret itself".to_owned(),
            kind => kind.to_string(),
        };
        return Problem::config(
            format!("{label}: this {what}, not a file's name"),
            "write the key or the UserSig to a file of mode 600 and name that file",
        );
    }
    let name = file::shell_quoted(path);
    let flag = raw.spec.flag.unwrap_or_default();
    let hint = match error {
        FileError::Exposed { .. } | FileError::Writable { .. } => format!(
            "{}\nor, on a read-only mount: {flag} - < {name}\nor, in Kubernetes: defaultMode: 0400 for the volume; \
             where fsGroup is set, which adds the group's bit again, a runAsUser other than 0",
            error.remedy(&name)
        ),
        FileError::Unreadable(cause) if cause.kind() == ErrorKind::NotFound => {
            format!("correct the name, or write the secret into it: (umask 077; cat > {name})")
        }
        FileError::Unreadable(cause) if input_file::is_read_already(cause) => {
            let message = format!("{label}: {} {error}", file::display_path(path));
            return Problem::usage(message, input_file::ONE_EACH);
        }
        _ => error.remedy(&name),
    };
    Problem::config(
        format!("{label}: {} {error}", file::display_path(path)),
        hint,
    )
}

fn contradiction(several: &[RawValue]) -> Problem {
    let labels: Vec<String> = several.iter().map(RawValue::label).collect();
    let exit = several.first().map_or(Exit::Config, RawValue::exit);
    let message = format!(
        "{} are given together; one of them is needed",
        labels.join(" and ")
    );
    Problem::new(exit, message, "remove all but one")
}

/// Exit 3 if the ready-made signature ends before a job that starts now and
/// takes `job`. Without the key it cannot be signed again.
pub(crate) fn check_usersig_outlives(
    claims: &Claims,
    now_unix: u64,
    job: Duration,
) -> Result<(), Problem> {
    let job_ends = now_unix
        .saturating_add(job.as_secs())
        .saturating_add(u64::from(job.subsec_nanos() > 0));
    if !claims.is_expired(job_ends) {
        return Ok(());
    }
    let message = format!(
        "the UserSig ends at {}, before the job would (at {} or later)",
        rfc3339(claims.expires_at()),
        rfc3339(job_ends)
    );
    Err(Problem::config(
        message,
        "make a UserSig that lives longer, or give the secret key, so that roomctl can sign again",
    ))
}

/// The signature of the operand `SIG`, or of standard input if that is `-`. It
/// is not checked.
pub(crate) fn usersig_operand(
    operand: &SecretText,
    stdin: &mut StdinClaim,
) -> Result<UserSig, Problem> {
    const PIPE: &str = "pipe or redirect the UserSig into it";
    let not_utf8 = || Problem::usage("SIG: is not UTF-8", "copy the UserSig again");
    let text = operand.expose().ok_or_else(not_utf8)?;
    if text != "-" {
        return Ok(UserSig::new(trimmed(text)));
    }
    if stdin.is_terminal() {
        return Err(Problem::usage("SIG -: standard input is a terminal", PIPE));
    }
    let text = file::text(stdin.claim("SIG")?);
    let text =
        text.map_err(|error| Problem::usage(format!("SIG -: standard input {error}"), PIPE))?;
    Ok(UserSig::new(trimmed(&text)))
}

/// What may be shown of a key or a signature, never the secret itself.
pub(crate) enum SecretFacts {
    Key {
        characters: usize,
        /// The first 8 hex digits of its SHA-256, to compare two machines.
        fingerprint: String,
    },
    UserSig(Claims),
    /// Why it cannot be used.
    Unusable(String),
}

/// What may be shown of the key or signature in `text`.
pub(crate) fn secret_facts(group: Group, text: &str) -> SecretFacts {
    if group == Group::UserSig {
        return match parse_usersig(text) {
            Ok((_, claims)) => SecretFacts::UserSig(claims),
            Err(error) => SecretFacts::Unusable(error.to_string()),
        };
    }
    match parse_key(text) {
        Ok(key) => SecretFacts::Key {
            characters: key.expose().chars().count(),
            fingerprint: fingerprint(&key),
        },
        Err(error) => SecretFacts::Unusable(error.to_string()),
    }
}

impl fmt::Display for SecretFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key { characters, .. } => write!(f, "{characters} characters"),
            Self::UserSig(claims) => {
                let ends = rfc3339(claims.expires_at());
                write!(f, "UserSig of {:?} until {ends}", claims.identifier)
            }
            Self::Unusable(why) => f.write_str(why),
        }
    }
}

/// Too short to find the key, long enough to distinguish two.
fn fingerprint(key: &SecretKey) -> String {
    let digest = Sha256::digest(key.expose().as_bytes());
    hex(&digest[..4])
}

#[cfg(test)]
#[path = "credential_tests.rs"]
mod tests;
