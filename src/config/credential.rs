//! The credential: a secret key, a file with it, a program that prints it, a
//! ready-made `UserSig`, or a file with that. These five settings are one value.
//!
//! No error contains any part of a secret. The checks are those that the service
//! cannot report: it answers 70009 to every wrong key, whatever is wrong with it.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::env::Env;
use super::file::{self, FileError, FileText};
use super::key_command::{self, KeyCommand, LIMIT};
use super::layers::Layers;
use super::profile::Profiles;
use super::stdin::StdinClaim;
use super::table::{Group, Kind, SECRET_KEY_FILE};
use super::value::{RawData, RawValue, SecretText, Setting, Source};
use crate::clock;
use crate::error::Problem;
use crate::exit::Exit;
use crate::room::UserId;
use crate::secret::{SecretKey, UserSig, hex};
use crate::usersig::{self, Claims, DecodeError};

/// Whether requests will follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Real,
    /// No requests: a key command is not run.
    DryRun,
}

impl Mode {
    pub(crate) fn of(dry_run: bool) -> Self {
        if dry_run { Self::DryRun } else { Self::Real }
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
    /// What it is, without the secret, for `-v`.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Key(key) => {
                format!("secret key, {} characters", key.expose().chars().count())
            }
            Self::KeyCommand(command) => {
                format!("secret key, to be printed by {}", command.program())
            }
            Self::UserSig { claims, .. } => {
                format!("ready-made UserSig, until {}", rfc3339(claims.expires_at()))
            }
        }
    }
}

/// Reads the credential from the highest place that has one. The program of a
/// key command is not run yet.
pub(super) fn credential(
    layers: &Layers,
    profiles: &Profiles,
    env: &Env,
    stdin: &mut StdinClaim,
) -> Result<Setting<Credential>, Problem> {
    let groups = [Group::Key, Group::UserSig];
    read_highest(&groups, layers, env, stdin, || {
        missing(profiles, ", or a ready-made UserSig with --usersig-file")
    })
}

/// The same for making signatures: a ready-made `UserSig` is ignored.
pub(super) fn key(
    layers: &Layers,
    profiles: &Profiles,
    env: &Env,
    stdin: &mut StdinClaim,
) -> Result<Setting<Credential>, Problem> {
    read_highest(&[Group::Key], layers, env, stdin, || missing(profiles, ""))
}

fn read_highest(
    groups: &[Group],
    layers: &Layers,
    env: &Env,
    stdin: &mut StdinClaim,
    missing: impl Fn() -> Problem,
) -> Result<Setting<Credential>, Problem> {
    match layers.highest(groups).as_slice() {
        [] => Err(missing()),
        [raw] => Ok(raw.setting(read(raw, env, stdin)?)),
        several => Err(contradiction(several)),
    }
}

/// Runs the key command, if the credential is one and requests will follow.
pub(super) fn fetch(
    credential: Setting<Credential>,
    mode: Mode,
) -> Result<Setting<Credential>, Problem> {
    let (Credential::KeyCommand(command), Mode::Real) = (&credential.value, mode) else {
        return Ok(credential);
    };
    let place = format!("secret_key_command, {}", credential.source);
    let text = key_command::run(command, LIMIT).map_err(|error| {
        let hint = "run the program by hand: it must print the key on stdout and exit with 0";
        Problem::config(format!("{place}: {error}"), hint)
    })?;
    let key = parse_key(&text)
        .map_err(|error| Problem::config(format!("{place}: {error}"), error.hint()))?;
    let value = Credential::Key(key);
    Ok(Setting {
        value,
        ..credential
    })
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
        raw.text()?.to_owned()
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

fn text_of_file(raw: &RawValue, env: &Env, stdin: &mut StdinClaim) -> Result<String, Problem> {
    if raw.os_text() == Some(OsStr::new("-")) {
        let input = stdin.claim(raw.name())?;
        return file::text(input).map_err(|error| {
            let message = format!("{} -: standard input {error}", raw.label());
            Problem::config(message, "pipe only the key or the UserSig into it")
        });
    }
    let path = raw.path(env)?;
    let content = FileText::of_file(&path);
    let text = content.and_then(|content| content.private().map(str::to_owned));
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
    let name = file::shell_quoted(path);
    let mut hint = error.remedy(&name);
    if let FileError::Exposed { .. } = error {
        let flag = raw.spec.flag.unwrap_or_default();
        hint = format!("{hint}\nor, where it cannot be changed: {flag} - < {name}");
    }
    Problem::config(
        format!("{label}: {} {error}", file::display_path(path)),
        hint,
    )
}

/// No key is given; `alternative` is what could be given in its place.
fn missing(profiles: &Profiles, alternative: &str) -> Problem {
    let places = format!("secret key: give {}{alternative}", SECRET_KEY_FILE.places());
    profiles.missing("the secret key is missing", places)
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

/// Why a text cannot be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum KeyError {
    #[error("the secret key is empty")]
    Empty,
    /// ECDSA, used before August 2019.
    #[error("this is a PEM block, the private key of the old signature version 1")]
    Pem,
    #[error(
        "the secret key has a line break or another control character inside; a key is one line"
    )]
    Control,
}

impl KeyError {
    pub(super) fn hint(self) -> &'static str {
        match self {
            Self::Empty => "copy the SDKSecretKey of the app from the TRTC console",
            Self::Pem => {
                "in the TRTC console, switch the app to HMAC-SHA256 (version 2) and copy its SDKSecretKey: one line of 64 hex digits"
            }
            Self::Control => "keep nothing but the key's one line: 64 hex digits",
        }
    }
}

/// The key in `text`, without the white space and the byte order mark that
/// editors and `echo` add.
pub(super) fn parse_key(text: &str) -> Result<SecretKey, KeyError> {
    let key = trimmed(text);
    if key.is_empty() {
        Err(KeyError::Empty)
    } else if key.contains("-----BEGIN") {
        Err(KeyError::Pem)
    } else if key.chars().any(char::is_control) {
        Err(KeyError::Control)
    } else {
        Ok(SecretKey::new(key))
    }
}

/// A warning about a key with an unusual form. It may still be right.
pub(super) fn key_warning(key: &SecretKey) -> Option<String> {
    let count = key.expose().chars().count();
    (!key.has_usual_shape()).then(|| {
        format!(
            "the secret key has {count} characters and is not 64 lower-case hex digits, as all documented keys are: is it complete?"
        )
    })
}

/// Why a ready-made signature cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum UserSigError {
    #[error("this is not a UserSig: {0}")]
    Unreadable(#[from] DecodeError),
    /// The service would answer 70014.
    #[error("the UserSig is for the SDKAppID {signed}, and {configured} is configured")]
    OtherApp { signed: u32, configured: u32 },
    /// The service would answer 70013.
    #[error("the UserSig is for the identifier {signed:?}, and {configured:?} is configured")]
    OtherIdentifier { signed: String, configured: UserId },
    /// The service would answer 70001.
    #[error("the UserSig expired at {}", rfc3339(*.0))]
    Expired(u64),
}

impl UserSigError {
    pub(super) fn hint(&self) -> String {
        match self {
            Self::Unreadable(_) => {
                "make a new one (roomctl usersig sign) and copy all of it, on one line".into()
            }
            Self::OtherApp { signed, .. } => {
                format!("--sdkappid {signed}, or a UserSig made for the app that is configured")
            }
            Self::OtherIdentifier { .. } => {
                "give the --identifier that the UserSig was made for, or a UserSig made for this one"
                    .into()
            }
            Self::Expired(_) => {
                "make a new one (roomctl usersig sign); if it should still be good, check this machine's clock"
                    .into()
            }
        }
    }
}

/// The signature in `text` and its content. Only the service can check which
/// key made it.
pub(super) fn parse_usersig(text: &str) -> Result<(UserSig, Claims), UserSigError> {
    let sig = UserSig::new(trimmed(text));
    let claims = usersig::decode(&sig)?.claims;
    Ok((sig, claims))
}

/// Whether the signature is for this app and account, and has not expired.
pub(super) fn check_claims(
    claims: &Claims,
    sdkappid: Option<u32>,
    identifier: Option<&UserId>,
    now_unix: u64,
) -> Result<(), UserSigError> {
    let signed = claims.sdkappid;
    if let Some(configured) = sdkappid.filter(|configured| *configured != signed) {
        return Err(UserSigError::OtherApp { signed, configured });
    }
    let differs = |configured: &&UserId| configured.as_str() != claims.identifier;
    if let Some(configured) = identifier.filter(differs) {
        return Err(UserSigError::OtherIdentifier {
            signed: claims.identifier.clone(),
            configured: configured.clone(),
        });
    }
    if claims.is_expired(now_unix) {
        return Err(UserSigError::Expired(claims.expires_at()));
    }
    Ok(())
}

/// Exit 3 if the ready-made signature ends before a job that starts now and
/// takes `job`. Without the key it cannot be signed again.
pub(crate) fn outlives(claims: &Claims, now_unix: u64, job: Duration) -> Result<(), Problem> {
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

/// Unix seconds as UTC.
pub(super) fn rfc3339(unix: u64) -> String {
    clock::rfc3339(unix).unwrap_or_else(|| "a time after the year 9999".into())
}

/// What may be shown of a key or a signature: its length or its content, and for
/// a key the first 8 hex digits of its SHA-256, to compare two machines.
pub(crate) fn describe_secret(group: Group, text: &str) -> (String, Option<String>) {
    if group == Group::UserSig {
        return match parse_usersig(text) {
            Ok((_, claims)) => {
                let ends = rfc3339(claims.expires_at());
                let about = format!("UserSig of {:?} until {ends}", claims.identifier);
                (about, None)
            }
            Err(error) => (error.to_string(), None),
        };
    }
    match parse_key(text) {
        Ok(key) => {
            let count = key.expose().chars().count();
            (format!("{count} characters"), Some(fingerprint(&key)))
        }
        Err(error) => (error.to_string(), None),
    }
}

/// Too short to find the key, long enough to distinguish two.
fn fingerprint(key: &SecretKey) -> String {
    let digest = Sha256::digest(key.expose().as_bytes());
    hex(&digest[..4])
}

fn trimmed(text: &str) -> &str {
    text.trim_start_matches('\u{feff}').trim()
}

#[cfg(test)]
#[path = "credential_tests.rs"]
mod tests;
