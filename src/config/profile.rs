//! Which configuration file is read, and which of its profiles is used.
//!
//! A file that a flag or a variable names must exist; the default one need not.
//! The whole file is checked even when no profile is chosen, so that a mistake
//! is found before the day on which the profile is needed.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::args::ConnectionArgs;
use super::choice;
use super::env::Env;
use super::file::{self, FileError, FileText};
use super::profile_file::{Entries, ProfileFile, Spanned};
use super::table::{CONFIG, Group, PROFILE, REASON, SettingSpec, profile_keys};
use super::value::{RawData, RawValue, Setting, Source};
use crate::error::{Error, Problem, Problems};
use crate::exit::Exit;
use crate::room::Reason;
use crate::secret::scrub;

/// What a command needs of the configuration file.
#[derive(Debug, Default)]
pub(crate) struct Profiles {
    /// Its name, whether it exists or not; None without HOME.
    pub(crate) file: Option<PathBuf>,
    pub(crate) exists: bool,
    /// Permission bits, if it is a regular file.
    pub(crate) mode: Option<u32>,
    /// All profiles, sorted.
    pub(crate) names: Vec<String>,
    /// The profile in use.
    pub(crate) chosen: Option<Profile>,
    /// The file or the profile's name cannot be used: settings that seem to be missing
    /// may stand there.
    pub(crate) is_unknown: bool,
}

/// A profile and what chose it.
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    name: String,
    file: PathBuf,
    chosen_by: ChosenBy,
    entries: Entries,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChosenBy {
    /// The flag, which puts the profile above the environment.
    Flag(&'static str),
    Env(&'static str),
    /// `default_profile` of the file.
    Default,
}

impl Profiles {
    /// Reads and checks the file, and finds the profile. Without a file there is
    /// no profile. Exit 2 for an empty `--profile` or `--config`, exit 3 for all
    /// other problems.
    pub(crate) fn load(args: &ConnectionArgs, env: &Env) -> Result<Self, Error> {
        // Another file or profile is not the one that was meant.
        if args.lacks_value_of(&[Group::ConfigFile, Group::Profile]) {
            return Ok(Self::unknown());
        }
        let named = named_file(args, env);
        let requested = requested_profile(args, env);
        let file = locate(named.as_ref(), env).map_err(Error::from);
        let located = file.and_then(|file| {
            let read = file.as_deref().map(|file| read(file, named.as_ref()));
            Ok((file, read.transpose()?.unwrap_or_default()))
        });
        let (file, (content, document)) = located.or_else(|error| {
            // Of the profile, only its name can be wrong as well.
            let mut problems = Problems::default();
            problems.ok_or_collect(requested.as_ref().map_or(Ok(()), check_name));
            problems.require(Err(error))
        })?;
        let chosen = choose(requested.as_ref(), &document, file.as_deref())?;
        Ok(Self {
            file,
            exists: content.is_some(),
            mode: content.and_then(|content| content.mode),
            names: document.profiles.into_keys().collect(),
            chosen,
            is_unknown: false,
        })
    }

    /// The lines of `-v` about the file and the profile, each with its source.
    pub(crate) fn setting_lines(&self, args: &ConnectionArgs, env: &Env) -> [String; 2] {
        let named = named_file(args, env);
        let source = named.map_or(Source::BuiltIn, |raw| raw.source);
        let missing = if self.exists { "" } else { ", no such file" };
        let file = self.file.as_deref().map(file::display_path);
        let config = match &file {
            Some(file) => format!("config: {file}{missing} ({source})"),
            None => format!("config: none ({source})"),
        };
        let (name, source) = match &self.chosen {
            None => ("none".to_owned(), Source::BuiltIn.to_string()),
            Some(profile) => {
                let source = match profile.chosen_by {
                    ChosenBy::Flag(flag) => Source::Flag(flag).to_string(),
                    ChosenBy::Env(variable) => Source::Env(variable).to_string(),
                    ChosenBy::Default => {
                        format!("default_profile in {}", file.unwrap_or_default())
                    }
                };
                (scrub(&profile.name), source)
            }
        };
        let profile = format!("profile: {name} ({source})");
        [config, profile]
    }

    /// In the place of those that cannot be read.
    pub(crate) fn unknown() -> Self {
        Self {
            is_unknown: true,
            ..Self::default()
        }
    }

    /// As [`Self::load`]; nothing if the file is not a regular one. A pipe can be read
    /// once only, by the command that needs it, and perhaps nobody writes to it.
    pub(crate) fn load_regular(args: &ConnectionArgs, env: &Env) -> Result<Self, Error> {
        let file = locate(named_file(args, env).as_ref(), env)?;
        if !file.is_some_and(|file| file.is_file()) {
            return Ok(Self::default());
        }
        Self::load(args, env)
    }
}

impl Profile {
    pub(crate) fn new(name: &str, file: &Path, chosen_by: ChosenBy, entries: Entries) -> Self {
        Self {
            name: name.to_owned(),
            file: file.to_owned(),
            chosen_by,
            entries,
        }
    }

    /// The setting and line of every value, in the order of the file.
    pub(crate) fn values(&self) -> Vec<(RawValue, usize)> {
        let keys = profile_keys().filter_map(|(key, spec)| {
            let line = self.entries.get(key)?.line;
            Some((self.get(spec)?, line))
        });
        let mut values: Vec<_> = keys.collect();
        values.sort_by_key(|(_, line)| *line);
        values
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The value of a key with a string or a number that is not secret.
    pub(crate) fn text(&self, spec: &SettingSpec) -> Option<Setting<&str>> {
        let entry = self.entries.get(spec.key?)?;
        let value = match &entry.value {
            RawData::Text(text) => text.to_str()?,
            _ => return None,
        };
        let source = self.source(entry.line);
        Some(Setting { value, source })
    }

    /// The value of a key with a number.
    pub(crate) fn number(&self, spec: &SettingSpec) -> Option<Setting<u32>> {
        let Setting { value, source } = self.text(spec)?;
        let value = value.parse().ok()?;
        Some(Setting { value, source })
    }

    /// The value of a key with an array of strings.
    pub(crate) fn texts(&self, spec: &SettingSpec) -> Option<Setting<&[String]>> {
        let entry = self.entries.get(spec.key?)?;
        let RawData::List(value) = &entry.value else {
            return None;
        };
        let source = self.source(entry.line);
        Some(Setting { value, source })
    }

    /// The reason for members that have none elsewhere. Exit 3 if the service
    /// would not accept it.
    pub(crate) fn reason(&self) -> Result<Option<Setting<Reason>>, Error> {
        let Some(Setting { value, source }) = self.text(&REASON) else {
            return Ok(None);
        };
        match Reason::parse(value) {
            Ok(value) => Ok(Some(Setting { value, source })),
            Err(why) => {
                let message = format!("reason of {source}: {why}");
                Err(Problem::config(message, "correct it, or give --reason").into())
            }
        }
    }

    /// The flag, the variable, or `default_profile`.
    pub(crate) fn chosen_by(&self) -> &'static str {
        match self.chosen_by {
            ChosenBy::Flag(name) | ChosenBy::Env(name) => name,
            ChosenBy::Default => "default_profile",
        }
    }

    pub(crate) fn is_chosen_by_flag(&self) -> bool {
        matches!(self.chosen_by, ChosenBy::Flag(_))
    }

    pub(crate) fn get(&self, spec: &'static SettingSpec) -> Option<RawValue> {
        let entry = self.entries.get(spec.key?)?;
        Some(RawValue {
            spec,
            data: entry.value.clone(),
            source: self.source(entry.line),
        })
    }

    fn source(&self, line: usize) -> Source {
        Source::Profile {
            name: self.name.clone(),
            file: self.file.clone(),
            line,
        }
    }
}

/// The file that `--config` or its variable names.
pub(crate) fn named_file(args: &ConnectionArgs, env: &Env) -> Option<RawValue> {
    let flag = args.flags().get(&CONFIG);
    flag.or_else(|| RawValue::from_env(&CONFIG, env))
}

/// The file that is named, else the default one, else (without HOME) none.
pub(crate) fn locate(named: Option<&RawValue>, env: &Env) -> Result<Option<PathBuf>, Problem> {
    if let Some(raw) = named {
        return raw.path(env).map(Some);
    }
    match (env.config_home(), env.relative_home()) {
        (None, Some(home)) => Err(Problem::config(
            format!(
                "HOME: {:?} is not a whole path, so that the configuration cannot be found",
                file::display_path(home)
            ),
            "set HOME to a whole path like /home/NAME, or name the configuration with --config (/dev/null for none)",
        )),
        (home, _) => Ok(home.map(|home| home.join("roomctl/config.toml"))),
    }
}

/// The profile that the flag or the variable names.
pub(crate) fn requested_profile(args: &ConnectionArgs, env: &Env) -> Option<RawValue> {
    let flag = args.flags().get(&PROFILE);
    flag.or_else(|| RawValue::from_env(&PROFILE, env))
}

/// The file and its content, empty if the default file does not exist. A file
/// that exists and cannot be read is an error, because it may protect members.
pub(crate) fn read(
    file: &Path,
    named: Option<&RawValue>,
) -> Result<(Option<FileText>, ProfileFile), Error> {
    let content = match FileText::of_file(file, named.map_or("the configuration", RawValue::name)) {
        Err(FileError::Unreadable(cause)) if named.is_none() && is_absent(cause.kind()) => {
            return Ok(Default::default());
        }
        other => other.map_err(|error| unusable(file, named, &error))?,
    };
    let is_writable = content.check_not_writable();
    let document = match (is_writable, ProfileFile::parse(&content.text, file)) {
        (Ok(()), document) => document?,
        // One chmod for both.
        (Err(_), Ok(document)) if document.holds_secret() && content.private_text().is_err() => {
            document
        }
        (Err(error), _) => return Err(unusable(file, named, &error).into()),
    };
    if document.holds_secret() {
        content
            .private_text()
            .map_err(|error| unusable(file, named, &error))?;
    }
    Ok((Some(content), document))
}

fn is_absent(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn unusable(file: &Path, named: Option<&RawValue>, error: &FileError) -> Problem {
    let by = named.map(|raw| format!("{}: ", raw.label()));
    let message = format!(
        "{}{} {error}",
        by.unwrap_or_default(),
        file::display_path(file)
    );
    let hint = match error {
        FileError::Exposed { .. } => error.remedy(&file::shell_quoted(file)),
        FileError::Writable { .. } => format!(
            "{}\nor, where that has no effect: copy it to another place, and name the copy with --config",
            error.remedy(&file::shell_quoted(file))
        ),
        FileError::Unreadable(cause) if cause.kind() == ErrorKind::IsADirectory => {
            let by = named.map_or("--config", RawValue::name);
            let inside = file.join("config.toml");
            format!(
                "name the file in that folder: {by}={}",
                file::shell_quoted(&inside)
            )
        }
        _ => "name another file with --config, or --config /dev/null for none".to_owned(),
    };
    Problem::config(message, hint)
}

/// The requested profile, else the default of the file, else none.
pub(crate) fn choose(
    requested: Option<&RawValue>,
    document: &ProfileFile,
    file: Option<&Path>,
) -> Result<Option<Profile>, Problem> {
    let (name, label) = match (requested, &document.default_profile) {
        (Some(raw), _) => (raw.text()?.to_owned(), raw.label()),
        (None, Some(Spanned { value, line })) => {
            let file = file.map(file::display_path).unwrap_or_default();
            (value.clone(), format!("{file}:{line}: default_profile"))
        }
        (None, None) => return Ok(None),
    };
    if name.is_empty() {
        return Err(no_name(requested, &label));
    }
    let Some(entries) = document.profiles.get(&name).cloned() else {
        return Err(no_such_profile(&name, &label, document, file));
    };
    let chosen_by = match requested.map(|raw| &raw.source) {
        Some(Source::Flag(flag)) => ChosenBy::Flag(flag),
        Some(Source::Env(variable)) => ChosenBy::Env(variable),
        _ => ChosenBy::Default,
    };
    let file = file.unwrap_or(Path::new(""));
    Ok(Some(Profile::new(&name, file, chosen_by, entries)))
}

fn no_name(requested: Option<&RawValue>, label: &str) -> Problem {
    let exit = requested.map_or(Exit::Config, RawValue::exit);
    let place = requested.map_or("default_profile", RawValue::name);
    let hint = format!("name a profile, or remove {place}");
    Problem::new(exit, format!("{label}: is empty"), hint)
}

/// What is wrong with the name of a profile, whatever the file has.
fn check_name(requested: &RawValue) -> Result<(), Problem> {
    match requested.text()? {
        "" => Err(no_name(Some(requested), &requested.label())),
        _ => Ok(()),
    }
}

fn no_such_profile(
    name: &str,
    label: &str,
    document: &ProfileFile,
    file: Option<&Path>,
) -> Problem {
    let place = file.map_or_else(
        || "there is no configuration file, as HOME is not set".to_owned(),
        |file| format!("{} has no such profile", file::display_path(file)),
    );
    let hint = if document.profiles.is_empty() {
        "write one with roomctl profile add NAME".to_owned()
    } else {
        choice::suggestion(name, document.profiles.keys().map(String::as_str))
    };
    Problem::config(
        format!("{label}: no profile {:?}: {place}", scrub(name)),
        hint,
    )
}

#[cfg(test)]
#[path = "profile_tests.rs"]
mod tests;
