//! Settings that are one word of a few: the words, and what is said when it is
//! none of them.

use super::error::Problem;
use super::suggest;
use super::value::RawValue;
use crate::api::Region;
use crate::secret::scrub;

/// A value with a name of its own.
pub(super) trait Choice: Copy + Send + Sync + 'static {
    /// All of them, in the order that help shows.
    const ALL: &'static [Self];

    /// What users type.
    fn name(self) -> &'static str;
}

/// Whose root certificates are trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsRoots {
    /// Those compiled in.
    Bundled,
    /// The operating system's, for networks that re-sign TLS.
    System,
}

/// The shape of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// One object a line.
    Json,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColorWhen {
    /// On a terminal.
    Auto,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}

impl Choice for Region {
    const ALL: &'static [Self] = &Self::ALL;

    fn name(self) -> &'static str {
        Self::name(self)
    }
}

impl Choice for TlsRoots {
    const ALL: &'static [Self] = &[Self::Bundled, Self::System];

    fn name(self) -> &'static str {
        match self {
            Self::Bundled => "bundled",
            Self::System => "system",
        }
    }
}

impl Choice for Format {
    const ALL: &'static [Self] = &[Self::Text, Self::Json];

    fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

impl Choice for ColorWhen {
    const ALL: &'static [Self] = &[Self::Auto, Self::Always, Self::Never];

    fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

/// The names of all choices.
pub(super) fn names<T: Choice>() -> impl Iterator<Item = &'static str> {
    T::ALL.iter().map(|choice| choice.name())
}

/// The choice that was named.
pub(super) fn parse<T: Choice>(raw: &RawValue) -> Result<T, Problem> {
    let word = raw.text()?;
    let named = T::ALL.iter().find(|choice| choice.name() == word);
    named.copied().ok_or_else(|| {
        let why = format!("{:?} is not one of its values", scrub(word));
        raw.problem(why).hint(suggest::hint(word, names::<T>()))
    })
}
