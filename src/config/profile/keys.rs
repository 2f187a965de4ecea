//! The keys that a profile may have, and what each holds.
//!
//! A key that a command comes to need (section 3 of the contract) is one line
//! here; until then it is an error, so that nobody relies on a `protect` that
//! protects nobody.

use toml_edit::Item;

use crate::config::given::Value;
use crate::config::key_command::KeyCommand;

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A string.
    Text,
    /// A string that must not be shown.
    Secret,
    /// A string like "10s".
    Duration,
    /// A number without quotes.
    Integer,
    /// A program and its arguments: an array of strings.
    Argv,
}

/// Every key of `[profiles.NAME]`.
pub(super) const KEYS: [(&str, Kind); 16] = [
    ("sdkappid", Kind::Integer),
    ("identifier", Kind::Text),
    ("secret_key", Kind::Secret),
    ("secret_key_file", Kind::Text),
    ("secret_key_command", Kind::Argv),
    ("usersig", Kind::Secret),
    ("usersig_file", Kind::Text),
    ("region", Kind::Text),
    ("endpoint", Kind::Text),
    ("ca_file", Kind::Text),
    ("tls_roots", Kind::Text),
    ("expire", Kind::Duration),
    ("timeout", Kind::Duration),
    ("connect_timeout", Kind::Duration),
    ("output", Kind::Text),
    ("reason", Kind::Text),
];

impl Kind {
    /// The value, if it is of this kind.
    pub(super) fn read(self, item: &Item) -> Option<Value> {
        match self {
            Self::Text | Self::Duration => Some(Value::Text(item.as_str()?.into())),
            Self::Secret => Some(Value::Secret(item.as_str()?.into())),
            Self::Integer => Some(Value::Text(item.as_integer()?.to_string().into())),
            Self::Argv => {
                let words = item.as_array()?.iter();
                let words: Option<Vec<String>> =
                    words.map(|word| word.as_str().map(str::to_owned)).collect();
                words.and_then(KeyCommand::new).map(Value::KeyCommand)
            }
        }
    }

    /// How the value is to be written, as the hint about a wrong one.
    pub(super) fn example(self, key: &str) -> String {
        let value = match self {
            Self::Text | Self::Secret => "\"…\"",
            Self::Duration => "\"10s\"",
            Self::Integer => "1400000000",
            Self::Argv => "[\"PROGRAM\", \"ARGUMENT\"]",
        };
        format!("write {key} = {value}")
    }

    /// What it is, with its article.
    pub(super) fn what(self) -> &'static str {
        match self {
            Self::Text | Self::Secret => "a string",
            Self::Duration => "a string with a duration and its unit",
            Self::Integer => "a number without quotes",
            Self::Argv => "an array of strings, the program first",
        }
    }
}
