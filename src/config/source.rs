//! Where a value came from, for `-v`, for errors and for the hint of a
//! `creds` failure.

use std::fmt;
use std::path::PathBuf;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The command line; the flag's name with its dashes.
    Flag(&'static str),
    /// A profile's key.
    Profile {
        /// The profile.
        name: String,
        /// The configuration file.
        file: PathBuf,
        /// Where the key stands in it, counted from 1.
        line: usize,
        /// Whether `--profile` chose it, which puts it above the environment.
        chosen_by_flag: bool,
    },
    /// A variable; its name.
    Env(&'static str),
    /// roomctl's own default.
    BuiltIn,
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    /// Checked, ready to use.
    pub value: T,
    /// Where it came from.
    pub source: Source,
}

impl Source {
    /// Whether two values were written in the same place: the same profile
    /// counts as one whatever the line, as do the command line and the
    /// environment each.
    pub fn is_beside(&self, other: &Self) -> bool {
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
    /// roomctl's own default.
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
            Self::Profile {
                name, file, line, ..
            } => write!(f, "profile {name} ({}:{line})", file.display()),
            Self::Env(variable) => write!(f, "environment {variable}"),
            Self::BuiltIn => f.write_str("built-in default"),
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
            chosen_by_flag: false,
        }
    }

    #[test]
    fn a_source_says_where_to_look() {
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
    fn lines_of_one_profile_stand_beside_each_other() {
        assert!(profile("prod", 1).is_beside(&profile("prod", 9)));
        assert!(!profile("prod", 1).is_beside(&profile("test", 9)));
        assert!(!profile("prod", 1).is_beside(&Source::Env("ROOMCTL_REGION")));
        assert!(Source::Flag("--region").is_beside(&Source::Flag("--sdkappid")));
    }
}
