//! Which configuration file is read, and which of its profiles is meant.
//!
//! Reading only; `config_file` is for the profile commands, which write. A file that was named must be
//! there, the default one need not. It is checked whole even when no profile
//! is chosen: a mistake is better found before the day it is needed.

mod config_file;
mod document;
mod edit;
mod keys;
mod shown;
mod values;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use self::document::{Document, Entries, Spanned};
use super::args::ConnectionArgs;
use super::env::Env;
use super::error::{Error, Problem};
use super::file::{self, FileError, FileText};
use super::layers::Layers;
use super::names::{CONFIG, PROFILE, SettingSpec};
use super::source::{Setting, Source};
use super::suggest;
use super::value::{RawData, RawValue};
use crate::exit::Exit;
use crate::room::Reason;
use crate::secret::scrub;

pub use self::config_file::ConfigFile;
pub use self::keys::profile_keys;
pub use self::shown::DisplayedValue;
pub use self::values::{Prompted, Values};

/// The configuration file, as far as a command needs it.
#[derive(Debug, Default)]
pub struct Profiles {
    /// Where the file is or would be; None without HOME.
    pub file: Option<PathBuf>,
    /// Whether it is there.
    pub is_there: bool,
    /// Its permission bits, where it is a regular file.
    pub mode: Option<u32>,
    /// The profiles that exist, in the order of the alphabet.
    pub names: Vec<String>,
    /// The one that was chosen.
    pub chosen: Option<Profile>,
}

/// A profile that was chosen, and how.
#[derive(Debug, Clone)]
pub struct Profile {
    name: String,
    file: PathBuf,
    choice: Choice,
    entries: Entries,
}

/// What named a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    /// The flag, which puts the profile above the environment.
    Flag(&'static str),
    /// The variable.
    Env(&'static str),
    /// The file itself.
    Default,
}

impl Profiles {
    /// Reads the file, checks it, finds the profile. Nothing named and no
    /// default file is no profile. Exit 2 for an empty `--profile` or
    /// `--config`, exit 3 for all else.
    pub fn load(args: &ConnectionArgs, env: &Env) -> Result<Self, Error> {
        let layers = Layers::new(args, env, None);
        let named = layers.one(&CONFIG);
        let file = locate(named.as_ref(), env)?;
        let (content, document) = match &file {
            Some(file) => read(file, named.as_ref())?,
            None => Default::default(),
        };
        let choice = requested_profile(args, env);
        let chosen = choose(choice.as_ref(), &document, file.as_deref())?;
        Ok(Self {
            file,
            is_there: content.is_some(),
            mode: content.and_then(|content| content.mode),
            names: document.profiles.into_keys().collect(),
            chosen,
        })
    }

    /// That a setting is nowhere, where it can be given (`places`), and whether
    /// choosing a profile might help.
    pub(super) fn missing(&self, message: String, places: String) -> Problem {
        let mut hint = places;
        if self.chosen.is_none() && !self.names.is_empty() {
            let names = scrub(&self.names.join(", "));
            hint = format!("{hint}\nor choose a profile with --profile: {names}");
        }
        Problem::config(message).hint(hint)
    }
}

impl Profile {
    /// The table's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value of a key that is a string and no secret: those of the
    /// command's own settings, like `reason`.
    pub fn text(&self, key: &str) -> Option<Setting<&str>> {
        let entry = self.entries.get(key)?;
        let value = match &entry.value {
            RawData::Text(text) => text.to_str()?,
            _ => return None,
        };
        let source = self.source(entry.line);
        Some(Setting { value, source })
    }

    /// The value of a key that is a number: `rate`, `max_members`.
    pub fn number(&self, key: &str) -> Option<Setting<u32>> {
        let Setting { value, source } = self.text(key)?;
        let value = value.parse().ok()?;
        Some(Setting { value, source })
    }

    /// The value of a key that is a list of texts: `protect`.
    pub fn texts(&self, key: &str) -> Option<Setting<&[String]>> {
        let entry = self.entries.get(key)?;
        let RawData::List(value) = &entry.value else {
            return None;
        };
        let source = self.source(entry.line);
        Some(Setting { value, source })
    }

    /// The reason for those who are given none elsewhere; exit 3 when the
    /// service would not take it.
    pub fn reason(&self) -> Result<Option<Setting<Reason>>, Error> {
        let Some(Setting { value, source }) = self.text("reason") else {
            return Ok(None);
        };
        match Reason::parse(value) {
            Ok(value) => Ok(Some(Setting { value, source })),
            Err(why) => {
                let message = format!("reason of {source}: {why}");
                Err(Problem::config(message)
                    .hint("mend it, or give --reason")
                    .into())
            }
        }
    }

    /// What named it: the flag, the variable, or the file's `default_profile`.
    pub fn chosen_by(&self) -> &'static str {
        match self.choice {
            Choice::Flag(name) | Choice::Env(name) => name,
            Choice::Default => "default_profile",
        }
    }

    pub(super) fn is_chosen_by_flag(&self) -> bool {
        matches!(self.choice, Choice::Flag(_))
    }

    pub(super) fn find(&self, name: &'static SettingSpec) -> Option<RawValue> {
        let entry = self.entries.get(name.key?)?;
        Some(RawValue {
            name,
            value: entry.value.clone(),
            source: self.source(entry.line),
        })
    }

    fn source(&self, line: usize) -> Source {
        Source::Profile {
            name: self.name.clone(),
            file: self.file.clone(),
            line,
            chosen_by_flag: self.is_chosen_by_flag(),
        }
    }
}

/// The file that was named, else the default one, else (no HOME) none.
fn locate(named: Option<&RawValue>, env: &Env) -> Result<Option<PathBuf>, Problem> {
    match named {
        Some(found) => found.path(env).map(Some),
        None => Ok(env
            .config_home()
            .map(|home| home.join("roomctl/config.toml"))),
    }
}

/// The profile that is named beside the file: by the flag, else the variable.
fn requested_profile(args: &ConnectionArgs, env: &Env) -> Option<RawValue> {
    Layers::new(args, env, None).one(&PROFILE)
}

/// The file, and what it says; no file where a default one is not there. One that is there and cannot be read is an error: it may hold what protects
/// somebody.
fn read(file: &Path, named: Option<&RawValue>) -> Result<(Option<FileText>, Document), Error> {
    let content = match FileText::of_file(file) {
        Err(FileError::Unreadable(cause)) if named.is_none() && is_absent(cause.kind()) => {
            return Ok(Default::default());
        }
        other => other.map_err(|fault| unusable(file, named, &fault))?,
    };
    let document = Document::parse(&content.text, file)?;
    if document.holds_secret() {
        content
            .private()
            .map_err(|fault| unusable(file, named, &fault))?;
    }
    Ok((Some(content), document))
}

fn is_absent(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn unusable(file: &Path, named: Option<&RawValue>, fault: &FileError) -> Problem {
    let by = named.map(|found| format!("{}: ", found.label()));
    let message = format!(
        "{}{} {fault}",
        by.unwrap_or_default(),
        file::display_path(file)
    );
    let problem = Problem::config(message);
    match fault {
        FileError::Exposed { .. } => {
            problem.hint(format!("chmod 600 {}", file::shell_quoted(file)))
        }
        _ => problem.hint("name another file with --config, or --config /dev/null for none"),
    }
}

/// Takes the profile out of the document: the one that was asked for, else the
/// file's default, else none.
fn choose(
    requested_profile: Option<&RawValue>,
    document: &Document,
    file: Option<&Path>,
) -> Result<Option<Profile>, Problem> {
    let (name, label) = match (requested_profile, &document.default_profile) {
        (Some(found), _) => (found.text()?.to_owned(), found.label()),
        (None, Some(Spanned { value, line })) => {
            let file = file.map(file::display_path).unwrap_or_default();
            (value.clone(), format!("{file}:{line}: default_profile"))
        }
        (None, None) => return Ok(None),
    };
    if name.is_empty() {
        let exit = requested_profile.map_or(Exit::Config, RawValue::exit);
        return Err(Problem::new(exit, format!("{label}: is empty")));
    }
    let Some(entries) = document.profiles.get(&name).cloned() else {
        return Err(no_such_profile(&name, &label, document, file));
    };
    let choice = match requested_profile.map(|found| &found.source) {
        Some(Source::Flag(flag)) => Choice::Flag(flag),
        Some(Source::Env(variable)) => Choice::Env(variable),
        _ => Choice::Default,
    };
    let file = file.unwrap_or(Path::new(""));
    Ok(Some(profile(&name, file, choice, entries)))
}

fn profile(name: &str, file: &Path, choice: Choice, entries: Entries) -> Profile {
    Profile {
        name: name.to_owned(),
        file: file.to_owned(),
        choice,
        entries,
    }
}

fn no_such_profile(name: &str, label: &str, document: &Document, file: Option<&Path>) -> Problem {
    let place = file.map_or_else(
        || "there is no configuration file, as HOME is not set".to_owned(),
        |file| format!("{} has no such profile", file::display_path(file)),
    );
    let problem = Problem::config(format!("{label}: no profile {:?}: {place}", scrub(name)));
    if document.profiles.is_empty() {
        return problem.hint("write one with roomctl profile add NAME");
    }
    problem.hint(suggest::hint(
        name,
        document.profiles.keys().map(String::as_str),
    ))
}

#[cfg(test)]
mod tests;
