//! The values that `roomctl profile add` stores: checked as they will be when they
//! are read, and converted to TOML.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use toml_edit::Value as Toml;

use super::credential::{self, Credential};
use super::env::Env;
use super::key_command::KeyCommand;
use super::layers::Layers;
use super::profile::Profiles;
use super::resolve;
use super::secret_text;
use super::stdin::StdinClaim;
use super::table::{
    ENDPOINT, Group, IDENTIFIER, Kind, REGION, SDKAPPID, SECRET_KEY, SECRET_KEY_FILE, SETTINGS,
    SettingSpec, USERSIG, of_groups,
};
use super::value::{Flags, RawValue, SecretText, Setting};
use super::{endpoint, trust};
use crate::error::{Error, Problem, Problems};
use crate::room::UserId;
use crate::secret::{SecretKey, UserSig, looks_secret};
use crate::usersig;

/// The settings that `profile add` stores. The others are edited by hand; `--output` says
/// how the command itself prints.
pub(super) fn stored() -> impl Iterator<Item = &'static SettingSpec> {
    let rows = SETTINGS.iter().copied().filter(|spec| spec.key.is_some());
    rows.filter(|spec| !matches!(spec.group, Group::Job | Group::Output))
}

/// What a person or a script gave for a profile, not checked. Not for `Debug`: a
/// key may be among it.
#[derive(Clone, Default)]
pub(crate) struct GivenValues {
    pub(crate) flags: Flags,
    /// The program that prints the key, which has no flag.
    pub(crate) key_command: Option<Vec<String>>,
    /// The key was typed at a question and not on the command line.
    pub(crate) key_was_prompted: bool,
}

impl GivenValues {
    /// Whether a key, a command that prints one, or a signature is given.
    pub(crate) fn has_credential(&self) -> bool {
        let mut rows = of_groups(&[Group::Key, Group::UserSig]);
        self.key_command.is_some() || rows.any(|spec| self.flags.has(spec))
    }

    /// What the credential is, without the secret, if one is given.
    pub(crate) fn credential_kind(&self) -> Option<String> {
        let file = self.flags.get(&SECRET_KEY_FILE);
        let file = file.and_then(|raw| Some(raw.os_text()?.to_string_lossy().into_owned()));
        match (&self.key_command, file) {
            (Some(argv), _) => {
                let command = KeyCommand::new(argv)?;
                Some(format!(
                    "the key is what {} prints",
                    command.shown_program()
                ))
            }
            (_, Some(file)) => Some(format!("the key is in the file {file}")),
            _ if self.flags.has(&USERSIG) => Some("a ready-made UserSig".into()),
            _ if self.flags.has(&SECRET_KEY) => Some("a secret key, stored in the profile".into()),
            _ => None,
        }
    }

    /// A warning about a key that was typed and may be incomplete.
    pub(crate) fn typed_key_warning(&self) -> Option<String> {
        let raw = self.flags.get(&SECRET_KEY)?;
        secret_text::key_warning(&SecretKey::new(raw.text().ok()?))
    }

    /// Sets the key, the signature, the file or the command that was typed. A
    /// command is run, to see that it prints a key. What was typed unseen is a file
    /// only if there is one, and no error repeats it.
    pub(crate) fn set_credential(&mut self, typed: SecretText, env: &Env) -> Result<(), Problem> {
        let text = typed.expose().unwrap_or_default();
        let is_usersig = usersig::decode(&UserSig::new(text)).is_ok();
        if let Some(command) = text.strip_prefix('!') {
            let argv: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
            credential::check_key_command(&argv)?;
            self.key_command = Some(argv);
        } else if is_usersig {
            self.flags.set(&USERSIG, typed);
        } else if is_file(text, env)? {
            self.flags.set(&SECRET_KEY_FILE, OsString::from(text));
        } else if secret_text::is_pem_line(text) {
            return Err(Problem::config(
                "the answer looks like a line of a PEM block or of wrapped base64",
                "copy the SDKSecretKey of the app from the TRTC console: one line of 64 hex digits",
            ));
        } else {
            self.flags.set(&SECRET_KEY, typed);
            self.key_was_prompted = true;
        }
        Ok(())
    }
}

/// Whether the answer names a file. A path that leads to none is a problem.
fn is_file(text: &str, env: &Env) -> Result<bool, Problem> {
    let Some(path) = env.expand(Path::new(text)).filter(|_| !text.is_empty()) else {
        return Ok(false);
    };
    let status = path.metadata();
    if !secret_text::is_plain_path(text) {
        return Ok(!looks_secret(text) && status.is_ok_and(|status| !status.is_dir()));
    }
    let hint = "type the whole name of a file that exists, or paste the key itself";
    match status {
        Ok(_) => Ok(true),
        Err(why) => Err(Problem::config(
            format!("the answer looks like a file's name, and that file cannot be read: {why}"),
            hint,
        )),
    }
}

/// Values for a profile. Not for `Debug`: a key may be among them.
pub(crate) struct NewValues {
    pub(super) pairs: Vec<(&'static str, Toml)>,
    pub(crate) warnings: Vec<String>,
}

impl NewValues {
    pub(crate) fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The values, checked as they will be when they are read. All problems are
    /// reported together. Variables are not stored. Key files are read to check
    /// them; of `-` the content is stored.
    pub(crate) fn check(
        given: &GivenValues,
        env: &Env,
        now_unix: u64,
        stdin: &mut StdinClaim,
    ) -> Result<Self, Error> {
        let flags = &given.flags;
        let home = env.home().map(|home| ("HOME", home.as_os_str()));
        let env = Env::from_pairs(home);
        let layers = Layers::new(flags, &env, None);
        let mut problems = Problems::default();
        let credential = check_account(&layers, &env, now_unix, stdin, &mut problems);
        check_others(&layers, &env, &mut problems);
        let mut pairs = Vec::new();
        for raw in stored().filter_map(|spec| layers.raw_value(spec)) {
            pairs.extend(
                problems
                    .ok_or_collect(pair(&raw, credential.as_ref(), &env))
                    .flatten(),
            );
        }
        if let Some(argv) = &given.key_command {
            pairs.push(("secret_key_command", argv.iter().collect()));
        }
        problems.into_result()?;
        let row = |key: &str| stored().position(|spec| spec.key == Some(key));
        pairs.sort_by_key(|(key, _)| row(key));
        let warnings = match credential.as_ref().map(|setting| &setting.value) {
            // It was warned about when it was typed.
            Some(Credential::Key(_)) if given.key_was_prompted => Vec::new(),
            _ => credential
                .as_ref()
                .map_or_else(Vec::new, credential::warnings),
        };
        Ok(Self { pairs, warnings })
    }
}

/// Checks the account and the credential, as far as they are given.
fn check_account(
    layers: &Layers,
    env: &Env,
    now_unix: u64,
    stdin: &mut StdinClaim,
    problems: &mut Problems,
) -> Option<Setting<Credential>> {
    let none = Profiles::default();
    let sdkappid = layers.raw_value(&SDKAPPID);
    let sdkappid = sdkappid.and_then(|_| problems.ok_or_collect(resolve::sdkappid(layers, &none)));
    let identifier = layers.raw_value(&IDENTIFIER);
    let identifier =
        identifier.and_then(|_| problems.ok_or_collect(resolve::identifier(layers, &none)));
    let raw = layers
        .highest(&[Group::Key, Group::UserSig])
        .into_iter()
        .next()?;
    let credential = problems.ok_or_collect(credential::credential(layers, &none, env, stdin))?;
    if let Credential::UserSig { claims, .. } = &credential.value {
        let sdkappid = sdkappid.map(|setting| setting.value);
        let identifier: Option<&UserId> = identifier.as_ref().map(|setting| &setting.value);
        let matches = secret_text::check_claims(claims, sdkappid, identifier, now_unix);
        problems.ok_or_collect(matches.map_err(|error| raw.problem(&error, error.hint())));
    }
    Some(credential)
}

/// Checks the settings that have defaults.
fn check_others(layers: &Layers, env: &Env, problems: &mut Problems) {
    problems.ok_or_collect(endpoint::destination(layers, env));
    // When it is read, the endpoint would count and the region be ignored.
    if let Some(region) = layers.raw_value(&REGION)
        && layers.raw_value(&ENDPOINT).is_some()
    {
        problems.push(Problem::new(
            region.exit(),
            "--region and --endpoint are given together; one of them is needed",
            "remove one of them",
        ));
    }
    problems.ok_or_collect(trust::trust(layers, env));
    problems.ok_or_collect(resolve::timeouts(layers));
}

/// The key and the value as the file will have them.
fn pair(
    raw: &RawValue,
    credential: Option<&Setting<Credential>>,
    env: &Env,
) -> Result<Option<(&'static str, Toml)>, Problem> {
    let key = raw.spec.key.unwrap_or_default();
    let is_stdin = raw.os_text() == Some(OsStr::new("-"));
    let value: Toml = match raw.spec.kind {
        Kind::File if raw.spec.is_secret_file() && is_stdin => return Ok(secret(credential)),
        Kind::Secret => return Ok(secret(credential)),
        Kind::File => absolute(raw, env)?.into(),
        Kind::Integer => match raw.text()?.trim().parse::<i64>() {
            Ok(number) => number.into(),
            // Reported already.
            Err(_) => return Ok(None),
        },
        _ => raw.text()?.into(),
    };
    Ok(Some((key, value)))
}

fn secret(credential: Option<&Setting<Credential>>) -> Option<(&'static str, Toml)> {
    match &credential?.value {
        Credential::Key(key) => Some(("secret_key", key.expose().into())),
        Credential::UserSig { sig, .. } => Some(("usersig", sig.expose().into())),
        Credential::KeyCommand(_) => None,
    }
}

/// The name of a file from the root on, so that it does not depend on the
/// current folder.
fn absolute(raw: &RawValue, env: &Env) -> Result<String, Problem> {
    let hint = || format!("name another file with {}", raw.name());
    let path = raw.path(env)?;
    let path = std::path::absolute(&path).map_err(|why| raw.problem(why, hint()))?;
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| raw.problem("is not UTF-8, which a configuration file must be", hint()))
}
