//! A value as it was given, with its place: what the layers hand to the
//! parsers of single settings.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use super::Env;
use super::error::Problem;
use super::key_command::KeyCommand;
use super::names::SettingSpec;
use super::source::{Setting, Source};
use crate::exit::Exit;

/// Text that must not be shown; taken as it is, UTF-8 or not.
#[derive(Debug, Clone)]
pub struct SecretText(Option<SecretString>);

impl SecretText {
    /// The text, unless it is not UTF-8.
    pub(super) fn expose(&self) -> Option<&str> {
        self.0.as_ref().map(ExposeSecret::expose_secret)
    }
}

impl From<OsString> for SecretText {
    fn from(text: OsString) -> Self {
        Self(text.into_string().ok().map(SecretString::from))
    }
}

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        Self(Some(SecretString::from(text)))
    }
}

/// A value before it is parsed.
#[derive(Debug, Clone)]
pub(super) enum RawData {
    /// A word, a name, a number.
    Text(OsString),
    /// A key or a signature.
    Secret(SecretText),
    /// A program to ask for the key.
    KeyCommand(KeyCommand),
    /// Names, like those that are protected.
    List(Vec<String>),
}

impl From<OsString> for RawData {
    fn from(text: OsString) -> Self {
        Self::Text(text)
    }
}

impl From<SecretText> for RawData {
    fn from(text: SecretText) -> Self {
        Self::Secret(text)
    }
}

/// A command line that can be asked for the value of one flag.
pub(super) trait FlagSource {
    /// What was given for `flag` (with its dashes), if it was.
    fn value(&self, flag: &str) -> Option<RawData>;
}

/// A value, the setting it is meant for, and where it stood.
#[derive(Debug, Clone)]
pub(super) struct RawValue {
    pub(super) name: &'static SettingSpec,
    pub(super) value: RawData,
    pub(super) source: Source,
}

impl RawValue {
    /// The place as errors begin: `--region`, `ROOMCTL_REGION`, `FILE:LINE: region`.
    pub(super) fn label(&self) -> String {
        match &self.source {
            Source::Flag(name) | Source::Env(name) => (*name).to_owned(),
            Source::Profile { file, line, .. } => {
                let key = self.name.key.unwrap_or_default();
                format!("{}:{line}: {key}", file.display())
            }
            Source::BuiltIn => "built-in default".to_owned(),
        }
    }

    /// What a bad value here exits with.
    pub(super) fn exit(&self) -> Exit {
        match self.source {
            Source::Flag(_) => Exit::Usage,
            _ => Exit::Config,
        }
    }

    /// `why` this value cannot be used.
    pub(super) fn problem(&self, why: impl std::fmt::Display) -> Problem {
        Problem::new(self.exit(), format!("{}: {why}", self.label()))
    }

    /// The value as text.
    pub(super) fn text(&self) -> Result<&str, Problem> {
        let text = match &self.value {
            RawData::Text(text) => text.to_str(),
            RawData::Secret(text) => text.expose(),
            RawData::KeyCommand(_) | RawData::List(_) => return Err(self.problem("is an array")),
        };
        text.ok_or_else(|| self.problem("is not UTF-8"))
    }

    /// The value as the system's text, for file names; None for a secret.
    pub(super) fn os(&self) -> Option<&OsStr> {
        match &self.value {
            RawData::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value as a file name: `~` expanded; a relative one in a profile
    /// starts at the configuration file, so that it means the same wherever
    /// roomctl is called.
    pub(super) fn path(&self, env: &Env) -> Result<PathBuf, Problem> {
        let text = self.os().filter(|text| !text.is_empty());
        let text = text.ok_or_else(|| self.problem("is empty"))?;
        let no_home = || self.problem("starts with ~, and HOME is not set");
        let path = env.expand(Path::new(text)).ok_or_else(no_home)?;
        Ok(match &self.source {
            Source::Profile { file, .. } => match file.parent() {
                Some(directory) => directory.join(path),
                None => path,
            },
            _ => path,
        })
    }

    /// The parsed value, at its source.
    pub(super) fn setting<T>(&self, value: T) -> Setting<T> {
        Setting {
            value,
            source: self.source.clone(),
        }
    }
}
