//! The keys that a profile may have, and what each holds.
//!
//! A key that a command comes to need (section 3 of the contract) is one line
//! here; until then it is an error, so that nobody relies on a `protect` that
//! protects nobody.

use toml_edit::Item;

use crate::config::key_command::KeyCommand;
use crate::config::value::RawData;
use crate::room::MAX_RATE;

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
    /// A number without quotes, from the first to the second.
    Count(u32, u32),
    /// An array of strings of printable ASCII, none of them empty.
    Names,
    /// A program and its arguments: an array of strings.
    Argv,
}

/// Every key of `[profiles.NAME]`.
pub(super) const KEYS: [(&str, Kind); 20] = [
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
    ("rate", Kind::Count(1, MAX_RATE)),
    ("max_members", Kind::Count(0, u32::MAX)),
    ("protect", Kind::Names),
    ("audit", Kind::Text),
];

/// Every key with what it holds, for the manual.
pub fn profile_keys() -> impl Iterator<Item = (&'static str, String)> {
    KEYS.iter().map(|(key, kind)| (*key, kind.what()))
}

impl Kind {
    /// The value, if it is of this kind.
    pub(super) fn read(self, item: &Item) -> Option<RawData> {
        match self {
            Self::Text | Self::Duration => Some(RawData::Text(item.as_str()?.into())),
            Self::Secret => Some(RawData::Secret(item.as_str()?.into())),
            Self::Integer => Some(RawData::Text(item.as_integer()?.to_string().into())),
            Self::Count(least, most) => {
                let number = u32::try_from(item.as_integer()?).ok()?;
                let fits = (least..=most).contains(&number);
                fits.then(|| RawData::Text(number.to_string().into()))
            }
            Self::Names => {
                let printable =
                    |name: &String| name.bytes().all(|byte| (b' '..=b'~').contains(&byte));
                let good = |name: &String| !name.is_empty() && printable(name);
                let all = |names: &Vec<String>| names.iter().all(good);
                strings(item).filter(all).map(RawData::List)
            }
            Self::Argv => strings(item)
                .and_then(KeyCommand::new)
                .map(RawData::KeyCommand),
        }
    }

    /// How the value is to be written, as the hint about a wrong one.
    pub(super) fn example(self, key: &str) -> String {
        let value = match self {
            Self::Text | Self::Secret => "\"…\"",
            Self::Duration => "\"10s\"",
            Self::Integer => "1400000000",
            Self::Count(..) => "100",
            Self::Names => "[\"host-*\"]",
            Self::Argv => "[\"PROGRAM\", \"ARGUMENT\"]",
        };
        format!("write {key} = {value}")
    }

    /// What it is, with its article.
    pub(super) fn what(self) -> String {
        match self {
            Self::Text | Self::Secret => "a string".into(),
            Self::Duration => "a string with a duration and its unit".into(),
            Self::Integer => "a number without quotes".into(),
            Self::Count(least, most) => format!("a number from {least} to {most}, without quotes"),
            Self::Names => "an array of strings of printable ASCII, none of them empty".into(),
            Self::Argv => "an array of strings, the program first".into(),
        }
    }
}

fn strings(item: &Item) -> Option<Vec<String>> {
    let words = item.as_array()?.iter();
    words.map(|word| word.as_str().map(str::to_owned)).collect()
}
