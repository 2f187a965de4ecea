//! The configuration file for `roomctl profile`: read and checked whole, edited,
//! checked again, and written back.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Value as Toml};

use super::args::ConnectionArgs;
use super::choice::{self, Format};
use super::credential::{self, Credential};
use super::env::Env;
use super::file::display_path;
use super::layers::Layers;
use super::profile::{self, ChosenBy, Profile, Profiles};
use super::profile_file::{ProfileFile, Spanned};
use super::resolve;
use super::secret_text;
use super::stdin::StdinClaim;
use super::table::{
    ENDPOINT, Group, IDENTIFIER, Kind, OUTPUT, REGION, SDKAPPID, SETTINGS, SettingSpec,
};
use super::toml_text;
use super::value::{Flags, RawValue, Setting};
use super::{endpoint, trust};
use crate::atomic_file;
use crate::error::{Error, Problem, Problems};
use crate::room::UserId;
use crate::secret::{looks_secret, scrub};

/// The user's configuration file, which need not exist yet.
pub(crate) struct ConfigFile {
    file: PathBuf,
    /// The text that will be written.
    text: DocumentMut,
    content: ProfileFile,
}

impl ConfigFile {
    /// Reads and checks the file. If `must_exist`, a file that is named must
    /// exist. Exit 3 if HOME is missing, or if the file has mistakes.
    pub(crate) fn open(args: &ConnectionArgs, env: &Env, must_exist: bool) -> Result<Self, Error> {
        let named = profile::named_file(args, env);
        let file = profile::locate(named.as_ref(), env)?.ok_or_else(no_home)?;
        let is_absent = std::fs::metadata(&file).is_err_and(|e| e.kind() == ErrorKind::NotFound);
        let (text, content) = if is_absent && !must_exist {
            Default::default()
        } else {
            profile::read(&file, named.as_ref())?
        };
        let text = text.map_or_else(String::new, |text| text.text);
        // `read` would have reported it; a file that cannot be parsed must not be
        // replaced.
        let text = text.parse::<DocumentMut>().map_err(|_| {
            let message = format!("{} is not valid TOML", display_path(&file));
            Problem::config(message, "correct it, or name another file with --config")
        })?;
        Ok(Self {
            file,
            text,
            content,
        })
    }

    /// The name of the file, which is not opened.
    pub(crate) fn locate(args: &ConnectionArgs, env: &Env) -> Result<PathBuf, Error> {
        let named = profile::named_file(args, env);
        Ok(profile::locate(named.as_ref(), env)?.ok_or_else(no_home)?)
    }

    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// The value of `default_profile`; there may be no such profile.
    pub(crate) fn default_profile(&self) -> Option<&str> {
        let Spanned { value, .. } = self.content.default_profile.as_ref()?;
        Some(value)
    }

    /// Every profile, sorted by name.
    pub(crate) fn profiles(&self) -> impl Iterator<Item = Profile> {
        let profiles = self.content.profiles.iter();
        profiles.map(|(name, entries)| {
            Profile::new(name, &self.file, ChosenBy::Default, entries.clone())
        })
    }

    /// The profile of this name; exit 2 with the names that exist.
    pub(crate) fn profile(&self, name: &str) -> Result<Profile, Error> {
        let found = self.profiles().find(|profile| profile.name() == name);
        found.ok_or_else(|| self.unknown(name).into())
    }

    /// The profile that a command would use, if any.
    pub(crate) fn chosen(
        &self,
        args: &ConnectionArgs,
        env: &Env,
    ) -> Result<Option<Profile>, Error> {
        let requested = profile::requested_profile(args, env);
        Ok(profile::choose(
            requested.as_ref(),
            &self.content,
            Some(&self.file),
        )?)
    }

    /// Whether a profile of this name can be added; exit 2 with the reason.
    pub(crate) fn check_name(&self, name: &str, force: bool) -> Result<(), Error> {
        if let Some(why) = bad_name(name) {
            let message = format!("profile {:?}: {why}", scrub(name));
            return Err(Error::usage(message, "choose another name, like prod"));
        }
        if force || !self.content.profiles.contains_key(name) {
            return Ok(());
        }
        Err(Error::usage(
            format!("the profile {name} exists already"),
            "--force replaces its values, or choose another name",
        ))
    }

    /// Adds a profile, or replaces the values of an existing one that a flag can
    /// set. The first profile of a file becomes the default.
    pub(crate) fn add(&mut self, name: &str, values: &NewValues) -> Result<(), Error> {
        let is_only = self.content.profiles.keys().all(|other| other == name);
        if is_only && self.content.default_profile.is_none() {
            toml_text::set_default(&mut self.text, name);
        }
        let keys: Vec<&str> = stored().filter_map(|spec| spec.key).collect();
        toml_text::put(&mut self.text, name, &values.pairs, &keys);
        self.check()
    }

    /// Makes a profile the default.
    pub(crate) fn use_profile(&mut self, name: &str) -> Result<(), Error> {
        self.profile(name)?;
        toml_text::set_default(&mut self.text, name);
        self.check()
    }

    /// Removes a profile, and `default_profile` if that names it.
    pub(crate) fn remove(&mut self, name: &str) -> Result<(), Error> {
        self.profile(name)?;
        toml_text::remove(&mut self.text, name);
        if self.default_profile() == Some(name) {
            toml_text::clear_default(&mut self.text);
        }
        self.check()
    }

    /// Writes the file: readable by its owner only, whole or not at all.
    pub(crate) fn save(&self) -> Result<(), Error> {
        let text = self.text.to_string();
        atomic_file::replace(&self.file, &text, atomic_file::PRIVATE).map_err(|why| {
            let message = format!("{} cannot be written: {why}", display_path(&self.file));
            Problem::config(message, "name another file with --config").into()
        })
    }

    /// Reads the new text as any command will.
    fn check(&mut self) -> Result<(), Error> {
        self.content = ProfileFile::parse(&self.text.to_string(), &self.file)?;
        Ok(())
    }

    fn unknown(&self, name: &str) -> Problem {
        let hint = if self.content.profiles.is_empty() {
            "write one with roomctl profile add NAME".to_owned()
        } else {
            let names = self.content.profiles.keys().map(String::as_str);
            scrub(&choice::suggestion(name, names))
        };
        Problem::usage(format!("there is no profile {:?}", scrub(name)), hint)
    }
}

fn no_home() -> Problem {
    Problem::config(
        "there is no place for a configuration file: HOME is not set",
        "name a file with --config or ROOMCTL_CONFIG",
    )
}

/// Why a name is not accepted: it must be easy to type, and a key that was typed
/// by mistake must not be stored.
fn bad_name(name: &str) -> Option<&'static str> {
    const MOST: usize = 64;
    let is_usual = |c: char| c.is_alphanumeric() || "-_.+@".contains(c);
    if name.is_empty() {
        Some("is empty")
    } else if looks_secret(name) {
        Some("this looks like a secret, not like a name")
    } else if name.starts_with('-') || !name.chars().all(is_usual) {
        Some("a name has letters, digits and -_.+@ only, and does not start with -")
    } else if name.chars().count() > MOST {
        Some("is longer than 64 characters")
    } else {
        None
    }
}

/// The settings that `profile add` stores. The others are edited by hand.
fn stored() -> impl Iterator<Item = &'static SettingSpec> {
    let rows = SETTINGS.iter().copied().filter(|spec| spec.key.is_some());
    rows.filter(|spec| spec.group != Group::Job)
}

/// Values for a profile. Not for `Debug`: a key may be among them.
pub(crate) struct NewValues {
    pairs: Vec<(&'static str, Toml)>,
    pub(crate) warnings: Vec<String>,
}

impl NewValues {
    pub(crate) fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The values of all flags, checked as they will be when they are read. All
    /// problems are reported together. Variables are not stored. Key files are
    /// read to check them; of `-` the content is stored. `key_was_prompted` means
    /// that the key was typed at a question and not on the command line.
    pub(crate) fn from_flags(
        flags: &Flags,
        env: &Env,
        key_was_prompted: bool,
        now_unix: u64,
        stdin: &mut StdinClaim,
    ) -> Result<Self, Error> {
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
        problems.into_result()?;
        let warnings = match credential.as_ref().map(|setting| &setting.value) {
            Some(Credential::Key(key)) if key_was_prompted => {
                secret_text::key_warning(key).into_iter().collect()
            }
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
    problems.ok_or_collect(layers.value(&OUTPUT).choice::<Format>());
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
