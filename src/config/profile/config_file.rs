//! The configuration file as the profile commands have it: read and checked
//! whole, edited, written back. Any mistake in it is reported before it is
//! touched; what is written has been read again first.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use toml_edit::DocumentMut;

use super::document::{Document, Spanned};
use super::values::{STORED, Values};
use super::{Choice, Profile, choose, edit, locate, profile, read, requested_profile};
use crate::atomic_file;
use crate::config::args::ConnectionArgs;
use crate::config::env::Env;
use crate::config::error::{Error, Problem};
use crate::config::file::display_path;
use crate::config::layers::Layers;
use crate::config::names::CONFIG;
use crate::config::suggest;
use crate::secret::{looks_secret, scrub};

/// The user's configuration file, there or not yet.
pub struct ConfigFile {
    file: PathBuf,
    draft: DocumentMut,
    document: Document,
}

impl ConfigFile {
    /// Reads and checks the file; one that was named need be there only if
    /// `must_exist`. Exit 3 where there is no place for it, or mistakes are in it.
    pub fn open(args: &ConnectionArgs, env: &Env, must_exist: bool) -> Result<Self, Error> {
        let layers = Layers::new(args, env, None);
        let named = layers.one(&CONFIG);
        let file = locate(named.as_ref(), env)?.ok_or_else(no_home)?;
        let is_absent = std::fs::metadata(&file).is_err_and(|e| e.kind() == ErrorKind::NotFound);
        let (content, document) = if is_absent && !must_exist {
            Default::default()
        } else {
            read(&file, named.as_ref())?
        };
        let text = content.map_or_else(String::new, |content| content.text);
        // Whoever read it before would have said so; it must not be emptied.
        let draft = text.parse::<DocumentMut>();
        let draft =
            draft.map_err(|_| Problem::config(format!("{} is no TOML", display_path(&file))))?;
        Ok(Self {
            file,
            draft,
            document,
        })
    }

    /// Where the file is or would be, without a look into it.
    pub fn locate(args: &ConnectionArgs, env: &Env) -> Result<PathBuf, Error> {
        let layers = Layers::new(args, env, None);
        let named = layers.one(&CONFIG);
        Ok(locate(named.as_ref(), env)?.ok_or_else(no_home)?)
    }

    /// The file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// What `default_profile` names, a profile or not.
    pub fn default_profile(&self) -> Option<&str> {
        let Spanned { value, .. } = self.document.default_profile.as_ref()?;
        Some(value)
    }

    /// Every profile, by name.
    pub fn profiles(&self) -> impl Iterator<Item = Profile> {
        let profiles = self.document.profiles.iter();
        profiles.map(|(name, entries)| profile(name, &self.file, Choice::Default, entries.clone()))
    }

    /// The profile of this name; exit 2 with those that exist.
    pub fn profile(&self, name: &str) -> Result<Profile, Error> {
        let found = self.profiles().find(|profile| profile.name() == name);
        found.ok_or_else(|| self.unknown(name).into())
    }

    /// The profile that a command would use, if any.
    pub fn chosen(&self, args: &ConnectionArgs, env: &Env) -> Result<Option<Profile>, Error> {
        let requested_profile = requested_profile(args, env);
        Ok(choose(
            requested_profile.as_ref(),
            &self.document,
            Some(&self.file),
        )?)
    }

    /// Makes a profile. One of this name must not be there unless `force` is
    /// given; then what a flag could set is replaced, other keys stay. The first
    /// profile of a file becomes the default.
    pub fn add(&mut self, name: &str, values: &Values) -> Result<(), Error> {
        let is_only = self.document.profiles.keys().all(|other| other == name);
        if is_only && self.document.default_profile.is_none() {
            edit::set_default(&mut self.draft, name);
        }
        edit::put(&mut self.draft, name, values.pairs(), &STORED);
        self.checked()
    }

    /// Whether a profile of this name can be made; exit 2 with the reason.
    pub fn accepts(&self, name: &str, force: bool) -> Result<(), Error> {
        if let Some(why) = unfit(name) {
            let problem = Problem::usage(format!("profile {:?}: {why}", scrub(name)));
            return Err(problem.hint("choose another name, like prod").into());
        }
        if force || !self.document.profiles.contains_key(name) {
            return Ok(());
        }
        let problem = Problem::usage(format!("the profile {name} exists already"));
        Err(problem
            .hint("--force replaces its values, or choose another name")
            .into())
    }

    /// Makes a profile the default.
    pub fn use_profile(&mut self, name: &str) -> Result<(), Error> {
        self.profile(name)?;
        edit::set_default(&mut self.draft, name);
        self.checked()
    }

    /// Takes a profile out, and `default_profile` with it where that names it.
    pub fn remove(&mut self, name: &str) -> Result<(), Error> {
        self.profile(name)?;
        edit::remove(&mut self.draft, name);
        if self.default_profile() == Some(name) {
            edit::clear_default(&mut self.draft);
        }
        self.checked()
    }

    /// Writes it: for its owner only, whole or not at all.
    pub fn save(&self) -> Result<(), Error> {
        atomic_file::replace(&self.file, &self.draft.to_string()).map_err(|why| {
            let message = format!("{} cannot be written: {why}", display_path(&self.file));
            let hint = "name another file with --config";
            Problem::config(message).hint(hint).into()
        })
    }

    /// Reads what would be written, as any command will.
    fn checked(&mut self) -> Result<(), Error> {
        self.document = Document::parse(&self.draft.to_string(), &self.file)?;
        Ok(())
    }

    fn unknown(&self, name: &str) -> Problem {
        let problem = Problem::usage(format!("there is no profile {:?}", scrub(name)));
        if self.document.profiles.is_empty() {
            return problem.hint("write one with roomctl profile add NAME");
        }
        let names = self.document.profiles.keys().map(String::as_str);
        problem.hint(scrub(&suggest::hint(name, names)))
    }
}

fn no_home() -> Problem {
    let problem = Problem::config("there is no place for a configuration file: HOME is not set");
    problem.hint("name a file with --config or ROOMCTL_CONFIG")
}

/// Why a profile should not be called so: it must be easy to type, and a key
/// that was put there by mistake must not be kept.
fn unfit(name: &str) -> Option<&'static str> {
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
