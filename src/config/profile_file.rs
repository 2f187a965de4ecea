//! The text of the configuration file, checked whole: every profile, every key,
//! all problems at once as `FILE:LINE: why`.
//!
//! Of the TOML parser's errors only message and position are used, because its
//! own rendering quotes the source line, which may contain the key.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::ops::Range;
use std::path::Path;

use toml_edit::{Item, Key, TableLike};

use super::choice;
use super::file::display_path;
use super::pasted::{self, trimmed};
use super::table::{Kind, REGION, SettingSpec, profile_keys};
use super::value::RawData;
use crate::error::{Error, Problem, Problems};
use crate::secret::scrub;

/// A value and its line in the file, from 1.
#[derive(Debug, Clone)]
pub(crate) struct Spanned<T> {
    pub(crate) value: T,
    pub(crate) line: usize,
}

/// The values of one profile, by key.
pub(crate) type Entries = BTreeMap<&'static str, Spanned<RawData>>;

/// The content of a file without mistakes.
#[derive(Debug, Default)]
pub(crate) struct ProfileFile {
    pub(crate) default_profile: Option<Spanned<String>>,
    pub(crate) profiles: BTreeMap<String, Entries>,
}

impl ProfileFile {
    /// Reads and checks `text`; `file` is for the errors.
    pub(crate) fn parse(text: &str, file: &Path) -> Result<Self, Error> {
        let mut reader = Reader {
            text,
            file: display_path(file),
            problems: Problems::default(),
        };
        let document = reader.document();
        reader.problems.into_result().map(|()| document)
    }

    /// Whether any profile contains a key, a signature or a password.
    pub(crate) fn holds_secret(&self) -> bool {
        let mut values = self.profiles.values().flat_map(BTreeMap::values);
        values.any(|entry| matches!(entry.value, RawData::Secret(_)))
    }
}

struct Reader<'a> {
    text: &'a str,
    file: String,
    problems: Problems,
}

impl Reader<'_> {
    fn document(&mut self) -> ProfileFile {
        let mut document = ProfileFile::default();
        let parsed = match toml_edit::Document::parse(self.text) {
            Ok(parsed) => parsed,
            Err(error) => {
                let message = format!("is not valid TOML: {}", scrub(error.message()));
                let remedy = "correct that line, or name another file with --config";
                self.problem(error.span(), &message, remedy);
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
            self.problem(
                key.span(),
                "default_profile is a profile's name in quotes",
                "write default_profile = \"NAME\"",
            );
            return None;
        };
        let value = trimmed(name).to_owned();
        Some(Spanned { value, line })
    }

    fn profiles(&mut self, key: &Key, item: &Item) -> BTreeMap<String, Entries> {
        let mut profiles = BTreeMap::new();
        let Some(table) = item.as_table_like() else {
            self.not_a_table(key, "profiles");
            return profiles;
        };
        for (name, item) in pairs(table) {
            match item.as_table_like() {
                Some(table) => {
                    profiles.insert(name.get().to_owned(), self.profile(table));
                }
                None => self.not_a_table(name, &scrub(name.get())),
            }
        }
        profiles
    }

    fn profile(&mut self, table: &dyn TableLike) -> Entries {
        let mut entries = Entries::new();
        for (key, item) in pairs(table) {
            let Some((name, spec)) = profile_keys().find(|(name, _)| *name == key.get()) else {
                let names = profile_keys().map(|(name, _)| name);
                let hint = choice::suggestion(key.get(), names);
                self.unknown(key, &hint);
                continue;
            };
            match read(spec.kind, item) {
                Some(RawData::List(argv)) if holds_the_key(spec.kind, &argv) => {
                    let message = format!("{name} holds the key, and not a program that prints it");
                    let hint = "write secret_key = \"KEY\" in its place, or a program: secret_key_command = [\"cat\", \"/path/of/the/key\"]";
                    self.problem(key.span(), &message, hint);
                }
                Some(value) => {
                    self.check_word(key, spec, item);
                    let line = self.line(key.span());
                    entries.insert(name, Spanned { value, line });
                }
                None => self.wrong_type(key, spec, item),
            }
        }
        entries
    }

    /// A key with few possible words has one of them, also in capitals. A region has hints of its own
    /// (`endpoint`).
    fn check_word(&mut self, key: &Key, spec: &SettingSpec, item: &Item) {
        let Kind::Choice(words) = spec.kind else {
            return;
        };
        let word = trimmed(item.as_str().unwrap_or_default());
        let is_known = words().iter().any(|known| known.eq_ignore_ascii_case(word));
        if spec.key != REGION.key && !is_known {
            let message = format!("{}: {:?} is not one of its values", key.get(), scrub(word));
            self.problem(key.span(), &message, &choice::suggestion(word, words()));
        }
    }

    fn wrong_type(&mut self, key: &Key, spec: &SettingSpec, item: &Item) {
        let (expected, found) = (spec.kind.in_toml(), item.type_name());
        let message = format!("{} is {expected}, and this is not ({found})", key.get());
        self.problem(key.span(), &message, &spec.example());
    }

    fn not_a_table(&mut self, key: &Key, name: &str) {
        let message = format!("{name} is not a table");
        self.problem(key.span(), &message, "profiles are tables: [profiles.NAME]");
    }

    fn unknown_at_top(&mut self, key: &Key, name: &str) {
        let hint = if profile_keys().any(|(known, _)| known == name) {
            format!("{name} belongs into a profile: below a line [profiles.NAME]")
        } else {
            choice::suggestion(name, ["default_profile", "profiles"])
        };
        self.unknown(key, &hint);
    }

    fn unknown(&mut self, key: &Key, hint: &str) {
        let message = format!("unknown key {:?}", scrub(key.get()));
        self.problem(key.span(), &message, hint);
    }

    fn problem(&mut self, span: Option<Range<usize>>, message: &str, hint: &str) {
        let line = self.line(span);
        let message = format!("{}:{line}: {message}", self.file);
        self.problems.push(Problem::config(message, hint));
    }

    fn line(&self, span: Option<Range<usize>>) -> usize {
        let start = span.map_or(0, |span| span.start);
        let before = self.text.get(..start).unwrap_or_default();
        before.matches('\n').count() + 1
    }
}

/// The value of a key, if it is of this kind.
fn read(kind: Kind, item: &Item) -> Option<RawData> {
    match kind {
        Kind::Secret => Some(RawData::Secret(item.as_str()?.into())),
        Kind::Scope => Some(RawData::scope(item.as_str()?.into())),
        Kind::Integer => Some(RawData::Text(item.as_integer()?.to_string().into())),
        Kind::Count(least, most) => {
            let number = u32::try_from(item.as_integer()?).ok()?;
            let is_within = (least..=most).contains(&number);
            is_within.then(|| RawData::Text(number.to_string().into()))
        }
        Kind::List => {
            let is_printable =
                |text: &String| text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
            let is_good = |text: &String| !text.is_empty() && is_printable(text);
            let texts: Vec<String> = strings(item)?;
            let texts: Vec<String> = texts.iter().map(|text| trimmed(text).into()).collect();
            texts.iter().all(is_good).then_some(RawData::List(texts))
        }
        Kind::Program => {
            let argv = strings(item)?;
            let has_program = argv.first().is_some_and(|program| !program.is_empty());
            has_program.then_some(RawData::List(argv))
        }
        _ => Some(OsString::from(item.as_str()?).into()),
    }
}

/// Whether the program of a key command is the secret itself, or has it among its
/// words: a command line in one string.
fn holds_the_key(kind: Kind, argv: &[String]) -> bool {
    let program = argv.first().map_or("", |program| trimmed(program));
    let mut words = program.split_whitespace();
    matches!(kind, Kind::Program) && (pasted::is_secret(program) || words.any(pasted::is_secret))
}

fn strings(item: &Item) -> Option<Vec<String>> {
    let words = item.as_array()?.iter();
    words.map(|word| word.as_str().map(str::to_owned)).collect()
}

/// Keys with their positions, which the table's own `iter` does not give.
fn pairs(table: &dyn TableLike) -> impl Iterator<Item = (&Key, &Item)> {
    let names = table.iter().map(|(name, _)| name);
    names.filter_map(|name| table.get_key_value(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<ProfileFile, Error> {
        ProfileFile::parse(text, Path::new("/c.toml"))
    }

    fn failure(text: &str) -> (String, String) {
        let error = parse(text).expect_err("a mistake");
        (error.to_string(), error.hint())
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
            let (message, hint) = failure_of_line(line);
            assert!(
                message.starts_with(&format!("/c.toml:2: {said}")),
                "{message}"
            );
            assert!(hint.starts_with("write "), "{hint}");
        }
    }

    fn failure_of_line(line: &str) -> (String, String) {
        failure(&format!("[profiles.a]\n{line}\n"))
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
        let (message, hint) = failure(
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
    fn invalid_toml_is_reported_with_its_line_and_a_remedy() {
        let (message, hint) = failure("[profiles.a]\nsdkappid 1\n");
        assert!(
            message.starts_with("/c.toml:2: is not valid TOML: "),
            "{message}"
        );
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
    fn an_empty_file_has_no_mistakes() {
        assert!(parse("").expect("good").profiles.is_empty());
    }
}
