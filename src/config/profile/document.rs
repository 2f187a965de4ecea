//! The configuration file's text, checked whole: every profile, every key,
//! all mistakes at once as `FILE:LINE: why`.
//!
//! Of the TOML parser's errors only message and position are used: its own
//! rendering quotes the source line, and that may hold the key.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use toml_edit::{Item, Key, TableLike};

use super::keys::{KEYS, Kind};
use crate::config::error::{Error, Problem, Problems};
use crate::config::file::display_path;
use crate::config::suggest;
use crate::config::value::RawData;
use crate::secret::scrub;

/// A value and the line it stands in, counted from 1.
#[derive(Debug, Clone)]
pub(super) struct Spanned<T> {
    pub(super) value: T,
    pub(super) line: usize,
}

/// One profile: its keys' values, by key.
pub(super) type Entries = BTreeMap<&'static str, Spanned<RawData>>;

/// A file without mistakes.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) default_profile: Option<Spanned<String>>,
    pub(super) profiles: BTreeMap<String, Entries>,
}

impl Document {
    /// Reads and checks `text`; `file` is for the errors.
    pub(super) fn parse(text: &str, file: &Path) -> Result<Self, Error> {
        let mut reader = Reader {
            text,
            file: display_path(file),
            problems: Problems::default(),
        };
        let document = reader.document();
        reader.problems.into_result().map(|()| document)
    }

    /// Whether a key or a signature stands in it, in whichever profile.
    pub(super) fn holds_secret(&self) -> bool {
        let mut values = self.profiles.values().flat_map(BTreeMap::values);
        values.any(|entry| matches!(entry.value, RawData::Secret(_)))
    }
}

/// The reading of one file.
struct Reader<'a> {
    text: &'a str,
    file: String,
    problems: Problems,
}

impl Reader<'_> {
    fn document(&mut self) -> Document {
        let mut document = Document::default();
        let parsed = match toml_edit::Document::parse(self.text) {
            Ok(parsed) => parsed,
            Err(error) => {
                let message = format!("is no TOML: {}", scrub(error.message()));
                let remedy = "correct that line, or name another file with --config";
                self.problem(error.span(), &message, Some(remedy.into()));
                return document;
            }
        };
        for (key, item) in pairs(parsed.as_table()) {
            match key.get() {
                "default_profile" => document.default_profile = self.default_profile(key, item),
                "profiles" => document.profiles = self.profiles(key, item),
                other => self.unknown_at_top(key, other),
            }
        }
        document
    }

    fn default_profile(&mut self, key: &Key, item: &Item) -> Option<Spanned<String>> {
        let line = self.line(key.span());
        let Some(name) = item.as_str() else {
            let hint = "write default_profile = \"NAME\"".to_owned();
            self.problem(
                key.span(),
                "default_profile is a profile's name in quotes",
                Some(hint),
            );
            return None;
        };
        let value = name.to_owned();
        Some(Spanned { value, line })
    }

    fn profiles(&mut self, key: &Key, item: &Item) -> BTreeMap<String, Entries> {
        let mut profiles = BTreeMap::new();
        let Some(table) = item.as_table_like() else {
            self.no_table(key, "profiles");
            return profiles;
        };
        for (name, item) in pairs(table) {
            match item.as_table_like() {
                Some(table) => {
                    profiles.insert(name.get().to_owned(), self.profile(table));
                }
                None => self.no_table(name, &scrub(name.get())),
            }
        }
        profiles
    }

    fn profile(&mut self, table: &dyn TableLike) -> Entries {
        let mut entries = Entries::new();
        for (key, item) in pairs(table) {
            let Some((name, kind)) = KEYS.into_iter().find(|(name, _)| *name == key.get()) else {
                let names = KEYS.iter().map(|(name, _)| *name);
                self.unknown(key, suggest::hint(key.get(), names));
                continue;
            };
            match kind.read(item) {
                Some(value) => {
                    let line = self.line(key.span());
                    entries.insert(name, Spanned { value, line });
                }
                None => self.wrong_type(key, kind, item),
            }
        }
        entries
    }

    fn wrong_type(&mut self, key: &Key, kind: Kind, item: &Item) {
        let what = kind.what();
        let found = item.type_name();
        let message = format!("{} is {what}, and this is not ({found})", key.get());
        self.problem(key.span(), &message, Some(kind.example(key.get())));
    }

    fn no_table(&mut self, key: &Key, name: &str) {
        let hint = "profiles are tables: [profiles.NAME]".to_owned();
        self.problem(key.span(), &format!("{name} is no table"), Some(hint));
    }

    fn unknown_at_top(&mut self, key: &Key, name: &str) {
        let hint = if KEYS.iter().any(|(known, _)| *known == name) {
            format!("{name} belongs into a profile: below a line [profiles.NAME]")
        } else {
            suggest::hint(name, ["default_profile", "profiles"])
        };
        self.unknown(key, hint);
    }

    fn unknown(&mut self, key: &Key, hint: String) {
        let message = format!("unknown key {:?}", scrub(key.get()));
        self.problem(key.span(), &message, Some(hint));
    }

    fn problem(&mut self, span: Option<Range<usize>>, message: &str, hint: Option<String>) {
        let line = self.line(span);
        let problem = Problem::config(format!("{}:{line}: {message}", self.file));
        self.problems.push(Problem { hint, ..problem });
    }

    fn line(&self, span: Option<Range<usize>>) -> usize {
        let start = span.map_or(0, |span| span.start);
        let before = self.text.get(..start).unwrap_or_default();
        before.matches('\n').count() + 1
    }
}

/// Keys with their positions; `iter` of the table has lost them.
fn pairs(table: &dyn TableLike) -> impl Iterator<Item = (&Key, &Item)> {
    let names = table.iter().map(|(name, _)| name);
    names.filter_map(|name| table.get_key_value(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Document, Error> {
        Document::parse(text, Path::new("/c.toml"))
    }

    fn said(text: &str) -> (String, String) {
        let error = parse(text).expect_err("a mistake");
        (error.to_string(), error.hint().unwrap_or_default())
    }

    #[test]
    fn every_key_is_known_with_its_line() {
        let text = "default_profile = \"a\"\n\n[profiles.a]\nsdkappid = 1\n[profiles.b]\nsecret_key_command = [\"pass\", \"x\"]\n";
        let document = parse(text).expect("good");
        assert_eq!(document.profiles["a"]["sdkappid"].line, 4);
        assert_eq!(document.profiles["b"]["secret_key_command"].line, 6);
        assert_eq!(document.default_profile.expect("given").value, "a");
    }

    #[test]
    fn keys_of_commands_have_their_types() {
        let good = "[profiles.a]\nrate = 200\nmax_members = 0\nprotect = [\"host-*\", \"bot\"]\n";
        assert!(parse(good).is_ok());
        assert!(parse("[profiles.a]\nprotect = []\n").is_ok());
        for (line, said) in [
            ("rate = 201", "rate is a number from 1 to 200"),
            ("rate = 0", "rate is a number from 1 to 200"),
            ("rate = \"100\"", "rate is a number from 1 to 200"),
            ("max_members = -1", "max_members is a number from 0 to"),
            ("protect = \"host-*\"", "protect is an array of strings"),
            ("protect = [\"\"]", "protect is an array of strings"),
            ("protect = [\"主*\"]", "protect is an array of strings"),
            ("protect = [1]", "protect is an array of strings"),
        ] {
            let (message, hint) = said_of(line);
            assert!(
                message.starts_with(&format!("/c.toml:2: {said}")),
                "{message}"
            );
            assert!(hint.starts_with("write "), "{hint}");
        }
    }

    fn said_of(line: &str) -> (String, String) {
        said(&format!("[profiles.a]\n{line}\n"))
    }

    #[test]
    fn inline_and_dotted_tables_are_tables_too() {
        let document = parse("profiles = { a = { sdkappid = 1 } }").expect("good");
        assert_eq!(document.profiles["a"]["sdkappid"].line, 1);
        let document = parse("\nprofiles.a.region = \"usa\"").expect("good");
        assert_eq!(document.profiles["a"]["region"].line, 2);
    }

    #[test]
    fn all_mistakes_of_all_profiles_are_reported_with_line_and_suggestion() {
        let (message, hint) = said(
            "region = \"usa\"\n[profiles.a]\nsdkapid = 1\nsdkappid = \"1\"\n[profiles.b]\ntimeout = 10\nsecret_key_command = \"pass x\"\n",
        );
        for part in [
            "/c.toml:1: unknown key \"region\"",
            "/c.toml:3: unknown key \"sdkapid\"",
            "/c.toml:4: sdkappid is a number without quotes, and this is not (string)",
            "/c.toml:6: timeout is a string with a duration",
            "/c.toml:7: secret_key_command is an array",
        ] {
            assert!(message.contains(part), "{part} in\n{message}");
        }
        for part in [
            "[profiles.NAME]",
            "did you mean sdkappid?",
            "timeout = \"10s\"",
        ] {
            assert!(hint.contains(part), "{part} in\n{hint}");
        }
    }

    #[test]
    fn what_is_no_toml_is_told_with_its_line_and_a_remedy() {
        let (message, hint) = said("[profiles.a]\nsdkappid 1\n");
        assert!(message.starts_with("/c.toml:2: is no TOML: "), "{message}");
        let remedy = "correct that line, or name another file with --config";
        assert_eq!(hint, remedy);
    }

    #[test]
    fn no_error_shows_the_source_line() {
        let canary = "5bd2850f".repeat(8);
        for text in [
            format!("[profiles.a]\nsecret_key = \"{canary}\n"),
            format!("[profiles.a]\nsecret_key = {canary}\n"),
            format!("[profiles.a]\n{canary} = 1\n"),
            format!("[profiles.a]\nsecret_key = [\"{canary}\"]\n"),
            format!("profiles.{canary} = 1\n"),
        ] {
            let error = parse(&text).expect_err("a mistake");
            let display_path = format!("{error} {error:?} {:?}", error.hint());
            assert!(!display_path.contains(&canary), "{display_path}");
            assert!(display_path.contains("/c.toml:"), "{display_path}");
        }
    }

    #[test]
    fn secrets_are_noticed_in_any_profile() {
        let document = parse("[profiles.a]\n[profiles.b]\nusersig = \"x\"").expect("good");
        assert!(document.holds_secret());
        assert!(!format!("{document:?}").contains("\"x\""));
        let document = parse("[profiles.a]\nsecret_key_file = \"x\"").expect("good");
        assert!(!document.holds_secret());
    }

    #[test]
    fn nothing_is_a_good_file() {
        assert!(parse("").expect("good").profiles.is_empty());
    }
}
