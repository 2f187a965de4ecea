//! A value, its source, and how texts become values.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use super::choice::{self, Choice};
use super::env::Env;
use super::pasted::{Pasted, trimmed};
use super::table::{Kind, SettingSpec};
use crate::clock::GivenDuration;
use crate::error::Problem;
use crate::exit::Exit;
use crate::secret::{forbid_core_dumps, scrub};

/// Where a value came from, for `-v`, for errors and for the hint about
/// rejected credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// The command line; the flag with its dashes.
    Flag(&'static str),
    Profile {
        name: String,
        /// The configuration file.
        file: PathBuf,
        /// Line of the key, from 1.
        line: usize,
    },
    Env(&'static str),
    BuiltIn,
}

/// A checked value and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) source: Source,
}

impl Source {
    /// Whether two values were given in the same place: the same profile, the
    /// command line, or the environment.
    pub(crate) fn is_same_place(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Profile { name, file, .. },
                Self::Profile {
                    name: n, file: f, ..
                },
            ) => name == n && file == f,
            (Self::Flag(_), Self::Flag(_))
            | (Self::Env(_), Self::Env(_))
            | (Self::BuiltIn, Self::BuiltIn) => true,
            _ => false,
        }
    }
}

impl<T> Setting<T> {
    pub(crate) fn built_in(value: T) -> Self {
        Self {
            value,
            source: Source::BuiltIn,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "flag {flag}"),
            Self::Profile { name, file, line } => {
                write!(f, "profile {name} ({}:{line})", file.display())
            }
            Self::Env(variable) => write!(f, "environment {variable}"),
            Self::BuiltIn => f.write_str("built-in default"),
        }
    }
}

/// Text that must not be shown, UTF-8 or not.
#[derive(Debug, Clone)]
pub(crate) struct SecretText(Option<SecretString>);

impl SecretText {
    /// The text; None if it is not UTF-8.
    pub(crate) fn expose(&self) -> Option<&str> {
        self.0.as_ref().map(ExposeSecret::expose_secret)
    }
}

/// Without white space around it, as every value.
impl From<OsString> for SecretText {
    fn from(text: OsString) -> Self {
        forbid_core_dumps();
        let text = text.into_string().ok();
        Self(text.map(|text| SecretString::from(trimmed(&text))))
    }
}

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        forbid_core_dumps();
        Self(Some(SecretString::from(trimmed(text))))
    }
}

/// A value before it is parsed.
#[derive(Clone)]
pub(crate) enum RawData {
    Text(OsString),
    /// A key or a signature.
    Secret(SecretText),
    /// Several texts. Those of a key command may be confidential.
    List(Vec<String>),
    /// A flag without a value.
    Switch,
}

/// Without the texts of a list.
impl fmt::Debug for RawData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({text:?})"),
            Self::Secret(text) => write!(f, "{text:?}"),
            Self::List(texts) => write!(f, "List({} texts)", texts.len()),
            Self::Switch => f.write_str("Switch"),
        }
    }
}

/// Without white space around it, whatever the source.
impl From<OsString> for RawData {
    fn from(text: OsString) -> Self {
        let short = text.to_str().map(|text| trimmed(text).into());
        Self::Text(short.unwrap_or(text))
    }
}

impl RawData {
    /// A word, or a URL. One with a user or a password in it is a secret.
    pub(super) fn scope(text: OsString) -> Self {
        if text.as_encoded_bytes().contains(&b'@') {
            Self::Secret(text.into())
        } else {
            text.into()
        }
    }
}

impl From<SecretText> for RawData {
    fn from(text: SecretText) -> Self {
        Self::Secret(text)
    }
}

/// The settings that are given as flags.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flags(BTreeMap<&'static str, RawData>);

impl Flags {
    /// Sets the flag of `spec`. A setting without a flag is ignored.
    pub(crate) fn set(&mut self, spec: &SettingSpec, data: impl Into<RawData>) {
        if let Some(flag) = spec.flag {
            self.0.insert(flag, data.into());
        }
    }

    pub(crate) fn has(&self, spec: &SettingSpec) -> bool {
        spec.flag.is_some_and(|flag| self.0.contains_key(flag))
    }

    pub(crate) fn get(&self, spec: &'static SettingSpec) -> Option<RawValue> {
        let (flag, data) = self.0.get_key_value(spec.flag?)?;
        Some(RawValue {
            spec,
            data: data.clone(),
            source: Source::Flag(flag),
        })
    }

    /// Both, and the flags that both have, whose values here are replaced.
    pub(crate) fn merge(mut self, later: Self) -> (Self, Vec<&'static str>) {
        let mut twice = Vec::new();
        for (flag, data) in later.0 {
            if self.0.insert(flag, data).is_some() {
                twice.push(flag);
            }
        }
        (self, twice)
    }
}

/// A value before it is parsed, with its setting and its source.
#[derive(Debug, Clone)]
pub(crate) struct RawValue {
    pub(crate) spec: &'static SettingSpec,
    pub(crate) data: RawData,
    pub(crate) source: Source,
}

impl RawValue {
    /// The value in the environment.
    pub(crate) fn from_env(spec: &'static SettingSpec, env: &Env) -> Option<Self> {
        let variable = spec.variable?;
        let text = env.get_os(variable)?.to_owned();
        let data = match spec.kind {
            Kind::Secret => RawData::Secret(text.into()),
            Kind::Scope => RawData::scope(text),
            _ => text.into(),
        };
        let source = Source::Env(variable);
        Some(Self { spec, data, source })
    }

    /// The default of a row that has one.
    pub(crate) fn built_in(spec: &'static SettingSpec) -> Self {
        Self {
            spec,
            data: RawData::Text(spec.default.unwrap_or_default().into()),
            source: Source::BuiltIn,
        }
    }

    /// The place, as errors begin: `--region`, `ROOMCTL_REGION`,
    /// `FILE:LINE: region`.
    pub(crate) fn label(&self) -> String {
        match &self.source {
            Source::Flag(name) | Source::Env(name) => (*name).to_owned(),
            Source::Profile { file, line, .. } => {
                let key = self.spec.key.unwrap_or_default();
                format!("{}:{line}: {key}", file.display())
            }
            Source::BuiltIn => "built-in default".to_owned(),
        }
    }

    /// The flag, the variable or the profile key.
    pub(crate) fn name(&self) -> &'static str {
        match self.source {
            Source::Flag(name) | Source::Env(name) => name,
            _ => self.spec.key.unwrap_or_default(),
        }
    }

    /// The exit code for a bad value here.
    pub(crate) fn exit(&self) -> Exit {
        match self.source {
            Source::Flag(_) => Exit::Usage,
            _ => Exit::Config,
        }
    }

    /// This value cannot be used, and `why`.
    pub(crate) fn problem(&self, why: impl fmt::Display, hint: impl Into<String>) -> Problem {
        Problem::new(self.exit(), format!("{}: {why}", self.label()), hint)
    }

    /// The value as text. Quotes around it and placeholders in it are problems.
    pub(crate) fn text(&self) -> Result<&str, Problem> {
        let text = match &self.data {
            RawData::Text(text) => {
                self.check_pasted(text)?;
                text.to_str()
            }
            RawData::Secret(text) => text.expose(),
            RawData::List(_) | RawData::Switch => {
                return Err(self.problem("is an array", self.spec.example()));
            }
        };
        let hint = || format!("write the value of {} as UTF-8 text", self.name());
        text.ok_or_else(|| self.problem("is not UTF-8", hint()))
    }

    fn check_pasted(&self, text: &OsStr) -> Result<(), Problem> {
        let SettingSpec {
            flag,
            variable,
            key,
            ..
        } = self.spec;
        let names = [*flag, *variable, *key].map(Option::unwrap_or_default);
        let text = text.to_str();
        let pasted = text.and_then(|text| Pasted::in_place_of_text(text, &names));
        pasted.map_or(Ok(()), |kind| {
            Err(self.problem(kind, kind.hint_of_text(self.name())))
        })
    }

    /// The value as the system's text, for file names; None for a secret.
    pub(crate) fn os_text(&self) -> Option<&OsStr> {
        match &self.data {
            RawData::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value as a file name, with `~` expanded. A relative name in a profile
    /// starts at the folder of the configuration file, so that it does not
    /// depend on the current folder.
    pub(crate) fn path(&self, env: &Env) -> Result<PathBuf, Problem> {
        let text = self.os_text().filter(|text| !text.is_empty());
        let hint = || format!("name a file, or remove {}", self.name());
        let text = text.ok_or_else(|| self.problem("is empty", hint()))?;
        self.check_pasted(text)?;
        let path = env.expand(Path::new(text)).ok_or_else(|| {
            let hint = "write the whole path, or set HOME to one";
            self.problem("starts with ~, and HOME is not set to a whole path", hint)
        })?;
        Ok(match &self.source {
            Source::Profile { file, .. } => match file.parent() {
                Some(folder) => folder.join(path),
                None => path,
            },
            _ => path,
        })
    }

    /// The value as one of a few words.
    pub(crate) fn choice<T: Choice>(&self) -> Result<Setting<T>, Problem> {
        let word = self.text()?;
        let value = T::named(word).ok_or_else(|| {
            let hint = choice::suggestion(word, choice::names::<T>());
            self.problem(format!("{:?} is not one of its values", scrub(word)), hint)
        })?;
        Ok(self.setting(value))
    }

    /// The value as a time within limits, which are times as well.
    pub(crate) fn duration(
        &self,
        [least, most]: [&str; 2],
    ) -> Result<Setting<GivenDuration>, Problem> {
        let text = self.text()?;
        // The parser's own error repeats a part of the text, which may be a part of
        // a key.
        let value = GivenDuration::parse(text).ok_or_else(|| {
            self.problem(
                format!("{:?} is not a valid duration", scrub(text)),
                "write a number with its unit: 500ms, 10s, 5m, 24h, 7d",
            )
        })?;
        let [shortest, longest] = [least, most].map(GivenDuration::parse);
        let is_within = shortest.is_none_or(|limit| limit.time() <= value.time())
            && longest.is_none_or(|limit| value.time() <= limit.time());
        if is_within {
            return Ok(self.setting(value));
        }
        Err(self.problem(
            format!("{text:?} is not between {least} and {most}"),
            format!("give a time between {least} and {most}"),
        ))
    }

    /// The parsed value with the source of this one.
    pub(crate) fn setting<T>(&self, value: T) -> Setting<T> {
        Setting {
            value,
            source: self.source.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(name: &str, line: usize) -> Source {
        Source::Profile {
            name: name.into(),
            file: "/etc/roomctl.toml".into(),
            line,
        }
    }

    #[test]
    fn a_source_names_the_place() {
        let shown = [
            Source::Flag("--region"),
            profile("prod", 7),
            Source::Env("ROOMCTL_REGION"),
            Source::BuiltIn,
        ]
        .map(|source| source.to_string());
        assert_eq!(
            shown,
            [
                "flag --region",
                "profile prod (/etc/roomctl.toml:7)",
                "environment ROOMCTL_REGION",
                "built-in default",
            ]
        );
    }

    #[test]
    fn lines_of_one_profile_are_one_place() {
        assert!(profile("prod", 1).is_same_place(&profile("prod", 9)));
        assert!(!profile("prod", 1).is_same_place(&profile("test", 9)));
        assert!(!profile("prod", 1).is_same_place(&Source::Env("ROOMCTL_REGION")));
        assert!(Source::Flag("--region").is_same_place(&Source::Flag("--sdkappid")));
    }
}
