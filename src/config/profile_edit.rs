//! The configuration file for `roomctl profile`: read and checked whole, edited,
//! checked again, and written back.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};
use toml_edit::DocumentMut;

use super::args::ConnectionArgs;
use super::choice;
use super::env::Env;
use super::file::{display_path, shell_quoted};
use super::new_values::{GivenValues, NewValues, stored};
use super::profile::{self, ChosenBy, Profile};
use super::profile_file::{Entries, ProfileFile, Spanned};
use super::table::Group;
use super::toml_text;
use super::value::RawData;
use crate::atomic_file;
use crate::error::{Error, Problem};
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
        let text = text.map(|text| text.text).unwrap_or_default();
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
    pub(crate) fn check_name(&self, name: &str, force: bool) -> Result<(), Problem> {
        if let Some(why) = bad_name(name) {
            let message = format!("profile {:?}: {why}", scrub(name));
            return Err(Problem::usage(message, "choose another name, like prod"));
        }
        if force || !self.content.profiles.contains_key(name) {
            return Ok(());
        }
        Err(Problem::usage(
            format!("the profile {name} exists already"),
            format!(
                "to change some of its values, edit {}; --force replaces all of them and removes those that are not given; or choose another name",
                shell_quoted(&self.file)
            ),
        ))
    }

    /// Exit 2 if the profile has a key or a signature that would be removed, and no
    /// other is given: the file may be the only place that has it.
    pub(crate) fn check_secret_is_replaced(
        &self,
        name: &str,
        given: &GivenValues,
    ) -> Result<(), Problem> {
        let entries = self.content.profiles.get(name);
        let mut secrets = entries.into_iter().flatten().filter(|(key, entry)| {
            let is_stored = stored().any(|spec| spec.key == Some(**key));
            is_stored && matches!(entry.value, RawData::Secret(_))
        });
        let Some((key, _)) = secrets.next().filter(|_| !given.has_credential()) else {
            return Ok(());
        };
        Err(Problem::usage(
            format!("--force would remove the {key} of the profile {name}, and no other is given"),
            format!(
                "give the key again, like --secret-key-file FILE; or edit {}; or remove the profile first: roomctl profile remove {name}",
                shell_quoted(&self.file)
            ),
        ))
    }

    /// Adds a profile, or replaces the values of an existing one that a flag can
    /// set. The first profile of a file becomes the default. Returns which keys of an
    /// existing profile changed.
    pub(crate) fn add(&mut self, name: &str, values: &NewValues) -> Result<KeyChanges, Error> {
        let before = self.keys(name);
        let is_only = self.content.profiles.keys().all(|other| other == name);
        if is_only && self.content.default_profile.is_none() {
            toml_text::set_default(&mut self.text, name);
        }
        let keys: Vec<&str> = stored().filter_map(|spec| spec.key).collect();
        toml_text::put(&mut self.text, name, &values.pairs, &keys, are_one_value);
        self.check()?;
        let set: Vec<&str> = values.pairs.iter().map(|(key, _)| *key).collect();
        let after = self.keys(name);
        let (removed, kept) = (
            before.iter().filter(|key| !after.contains(key)),
            before
                .iter()
                .filter(|key| after.contains(key) && !set.contains(key)),
        );
        Ok(KeyChanges {
            removed: removed.copied().collect(),
            kept: kept.copied().collect(),
            set,
        })
    }

    fn keys(&self, name: &str) -> Vec<&'static str> {
        let entries = self.content.profiles.get(name);
        entries
            .into_iter()
            .flat_map(Entries::keys)
            .copied()
            .collect()
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
        atomic_file::replace(&self.file, &text, atomic_file::PRIVATE)
            .map_err(|why| self.not_writable(&why).into())
    }

    /// Finds out before any question whether the file could be written: in its
    /// place, or in its folder or the nearest one that exists.
    pub(crate) fn check_writable(&self) -> Result<(), Problem> {
        let can_write = |path: &Path| access(path, Access::WRITE_OK);
        let file = atomic_file::follow_links(&self.file).unwrap_or_else(|_| self.file.clone());
        let mut folders = file.ancestors().skip(1);
        let folder = folders.find(|folder| folder.exists());
        let here = Path::new(".");
        let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
        let in_folder = can_write(folder.unwrap_or(here));
        match in_folder.or_else(|why| can_write(&file).map_err(|_| why)) {
            Ok(()) => Ok(()),
            Err(why) => Err(self.not_writable(&why.into())),
        }
    }

    fn not_writable(&self, why: &std::io::Error) -> Problem {
        let message = format!("{} cannot be written: {why}", display_path(&self.file));
        let other = "name another file with --config or ROOMCTL_CONFIG";
        let folder = self.file.parent().map(shell_quoted).unwrap_or_default();
        let hint = match why.kind() {
            ErrorKind::PermissionDenied => format!(
                "check who may write there: ls -ld {folder} {}\nor {other}",
                shell_quoted(&self.file)
            ),
            ErrorKind::ReadOnlyFilesystem => {
                format!("it is mounted read-only, as secrets and ConfigMaps are: {other}")
            }
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                format!("free some space, or {other}")
            }
            _ => other.to_owned(),
        };
        Problem::config(message, hint)
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

/// What happened to the keys of a profile.
#[derive(Debug)]
pub(crate) struct KeyChanges {
    pub(crate) set: Vec<&'static str>,
    pub(crate) removed: Vec<&'static str>,
    pub(crate) kept: Vec<&'static str>,
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

/// Whether two keys are two ways to give one value: key and signature, or region
/// and endpoint.
fn are_one_value(one: &str, other: &str) -> bool {
    let group = |key: &str| {
        let spec = stored().find(|spec| spec.key == Some(key))?;
        Some(match spec.group {
            Group::UserSig => Group::Key,
            group => group,
        })
    };
    let groups = [Group::Key, Group::Destination].map(Some);
    group(one) == group(other) && groups.contains(&group(one))
}
