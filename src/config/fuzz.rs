//! Fuzz target: the text of a configuration file.
//!
//! [`SECRET_MARK`] in it becomes a key, which no message may show.

use std::path::Path;

use toml_edit::{Array, DocumentMut, Item, Table, value};

use super::RawData;
use super::profile_file::{Entries, ProfileFile};
use super::table::{Kind, profile_keys};
use crate::error::Error;
use crate::exit::Exit;
use crate::fuzz::{SECRET, SECRET_MARK};

const FILE: &str = "/c.toml";

pub(crate) fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let text = text.replace(SECRET_MARK, SECRET);
    match ProfileFile::parse(&text, Path::new(FILE)) {
        Ok(file) => check_file(&file, &text),
        Err(error) => check_error(&error, &text),
    }
}

/// Every value has a line, `Debug` shows no secret, and what is written anew has the
/// same values.
fn check_file(file: &ProfileFile, text: &str) {
    let lines = text.matches('\n').count() + 1;
    let entries = || file.profiles.values().flat_map(Entries::values);
    assert!(
        entries().all(|entry| (1..=lines).contains(&entry.line)),
        "{text}"
    );
    let is_secret = |entry: &RawData| matches!(entry, RawData::Secret(_));
    assert_eq!(
        file.holds_secret(),
        entries().any(|entry| is_secret(&entry.value))
    );
    let written = written(file);
    let again = ProfileFile::parse(&written, Path::new(FILE));
    let again = again.unwrap_or_else(|error| panic!("{error}\n{written}"));
    let default = |file: &ProfileFile| file.default_profile.clone().map(|name| name.value);
    assert_eq!(default(&again), default(file));
    assert_eq!(contents(&again), contents(file), "{written}");
}

/// Name of the profile, key, value as texts.
fn contents(file: &ProfileFile) -> Vec<(&str, &str, Vec<String>)> {
    let of_profile = |(name, entries)| {
        let entries: &Entries = entries;
        let texts = entries
            .iter()
            .map(move |(key, entry)| (name, *key, texts(&entry.value)));
        texts.collect::<Vec<_>>()
    };
    let profiles = file.profiles.iter();
    profiles
        .flat_map(|(name, entries)| of_profile((name.as_str(), entries)))
        .collect()
}

fn texts(data: &RawData) -> Vec<String> {
    match data {
        RawData::Text(text) => vec![text.to_str().expect("TOML is UTF-8").into()],
        RawData::Secret(secret) => vec![secret.expose().expect("TOML is UTF-8").into()],
        RawData::List(texts) => texts.clone(),
        RawData::Switch => unreachable!("no key is a switch"),
    }
}

fn written(file: &ProfileFile) -> String {
    let mut document = DocumentMut::new();
    if let Some(name) = &file.default_profile {
        document["default_profile"] = value(&name.value);
    }
    let mut profiles = Table::new();
    for (name, entries) in &file.profiles {
        let mut profile = Table::new();
        for (key, entry) in entries {
            profile[*key] = item(key, texts(&entry.value));
        }
        profiles.insert(name, Item::Table(profile));
    }
    document["profiles"] = Item::Table(profiles);
    document.to_string()
}

fn item(key: &str, mut texts: Vec<String>) -> Item {
    let spec = profile_keys().find(|(known, _)| *known == key);
    match spec.expect("a known key").1.kind {
        Kind::List | Kind::Program => value(texts.into_iter().collect::<Array>()),
        Kind::Integer | Kind::Count(..) => value(texts[0].parse::<i64>().expect("a number")),
        _ => value(texts.remove(0)),
    }
}

/// Every problem has its line and a remedy, and shows no key.
fn check_error(error: &Error, text: &str) {
    assert_eq!(error.exit(), Exit::Config);
    assert!(!error.hint().is_empty(), "{error}");
    let lines = text.matches('\n').count() + 1;
    let problem = error.to_string();
    let places = problem.lines().filter_map(|line| line.strip_prefix(FILE));
    let places: Vec<_> = places.map(|rest| rest[1..].split_once(": ")).collect();
    assert!(!places.is_empty(), "no line in {problem}");
    for place in places {
        let (line, why) = place.unwrap_or_else(|| panic!("no line in {problem}"));
        let line = line.parse().unwrap_or(0);
        assert!((1..=lines).contains(&line) && !why.is_empty(), "{problem}");
    }
    let shown = format!("{problem}\n{}\n{error:?}", error.hint());
    assert!(!shown.contains(&SECRET[..48]), "{shown}");
}
