//! Values that begin with a dash, like `--room -1001234`: the parser takes any
//! word as the value of a flag that allows them. Here a forgotten value is found:
//! the word is one of the flags of the command.
//!
//! Also the dashes and quotes that chat programs and word processors put in the place
//! of those that were typed. A shell takes them for letters.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;

use clap::{Arg, Command, Id};

use crate::config::nearest;
use crate::error::Problem;

/// A flag, and the word after it that became its value.
struct TakenWord<'a> {
    flag: &'a Arg,
    /// As it was typed: `-r` or `--room`.
    typed: String,
    word: &'a str,
    command: &'a Command,
}

/// What a word is instead of a value.
enum Found {
    /// Exactly this flag, or `--`.
    Flag,
    /// Begins with this flag, or with one that is spelled nearly like it.
    Like(String),
}

/// A problem for each flag whose value is one of the command's own flags, by the
/// position of the flag. `tree` was built by the parser along the commands that it
/// entered.
pub(super) fn forgotten_values(tree: &Command, argv: &[OsString]) -> BTreeMap<usize, Problem> {
    let given = given_flags(tree, argv);
    let mut problems = BTreeMap::new();
    let mut words = Words::new(tree, argv);
    while let Some((at, word, flag)) = words.next_awaiting() {
        let Some(value) = words.peek() else { break };
        if !value.starts_with('-') {
            words.skip();
            continue;
        }
        if !flag.is_allow_hyphen_values_set() {
            // The parser refuses it as a value, and `-5` only where it is not a number.
            if is_flag_like(value) {
                continue;
            }
            words.skip();
            continue;
        }
        let taken = TakenWord {
            flag,
            typed: word.to_owned(),
            word: value,
            command: words.command,
        };
        match taken.flag_in_place_of_value(&given) {
            // The next flag may have no value, either.
            Some(found) => drop(problems.insert(at, taken.problem(&found))),
            None => words.skip(),
        }
    }
    problems
}

/// Whether a flag whose values do not begin with dashes has no value before this word.
pub(super) fn is_flag_like(word: &str) -> bool {
    word.len() > 1 && word.starts_with('-') && word.parse::<f64>().is_err()
}

/// Whether the word after a flag is an amount below 0 with its unit, like `-1s` or
/// `-5%`: a wrong value, and no flag.
pub(super) fn is_below_0(arg: &Arg, flag: &str, word: &str) -> bool {
    let names = arg.get_value_names().unwrap_or_default();
    let amounts = ["DURATION", "N", "N|P%", "TIME"];
    let begins_with_digit = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    let is_amount = word.strip_prefix('-').is_some_and(begins_with_digit);
    let is_number = word.parse::<f64>().is_ok();
    flag.starts_with("--")
        && names.iter().any(|name| amounts.contains(&name.as_str()))
        && is_amount
        && !is_number
}

/// All flags that are given, as the parser reads the line.
fn given_flags<'a>(tree: &'a Command, argv: &'a [OsString]) -> BTreeSet<&'a Id> {
    let mut words = Words::new(tree, argv);
    while words.next_awaiting().is_some() {
        words.skip();
    }
    words.given
}

/// The words of a line up to `--`, and the commands that they enter.
struct Words<'a> {
    command: &'a Command,
    argv: &'a [OsString],
    at: usize,
    given: BTreeSet<&'a Id>,
}

impl<'a> Words<'a> {
    fn new(tree: &'a Command, argv: &'a [OsString]) -> Self {
        Self {
            command: tree,
            argv,
            at: 1,
            given: BTreeSet::new(),
        }
    }

    /// The next flag whose value is the word after it, with its position and as it was
    /// typed.
    fn next_awaiting(&mut self) -> Option<(usize, &'a str, &'a Arg)> {
        loop {
            let (at, word) = (self.at, self.peek()?);
            if word == "--" {
                return None;
            }
            self.skip();
            let flags = flags_of(word, self.command);
            self.given.extend(flags.iter().map(|flag| flag.get_id()));
            if flags.is_empty() {
                self.command = self.command.find_subcommand(word).unwrap_or(self.command);
            }
            if let Some(flag) = awaiting_value(word, &flags) {
                return Some((at, word, flag));
            }
        }
    }

    fn peek(&self) -> Option<&'a str> {
        let word = self.argv.get(self.at)?;
        Some(word.to_str().unwrap_or(""))
    }

    fn skip(&mut self) {
        self.at += 1;
    }
}

/// The flags in a word: one, or several letters after one dash. Of letters, the
/// first one that takes a value ends the flags.
pub(super) fn flags_of<'a>(word: &str, command: &'a Command) -> Vec<&'a Arg> {
    if let Some(name) = word.strip_prefix("--") {
        let name = name.split('=').next().unwrap_or_default();
        return long(name, command).into_iter().collect();
    }
    let mut flags = Vec::new();
    for letter in word.strip_prefix('-').unwrap_or_default().chars() {
        let Some(flag) = short(letter, command) else {
            break;
        };
        flags.push(flag);
        if takes_value(flag) {
            break;
        }
    }
    flags
}

/// The last flag of a word, if its value is the next word: `--room`, `-r`, `-nr`,
/// but not `--room=x` and `-rx`.
pub(super) fn awaiting_value<'a>(word: &str, flags: &[&'a Arg]) -> Option<&'a Arg> {
    let is_open = match word.strip_prefix("--") {
        Some(name) => !name.contains('='),
        None => word.chars().count() == 1 + flags.len(),
    };
    flags
        .last()
        .filter(|flag| is_open && takes_value(flag))
        .copied()
}

impl TakenWord<'_> {
    /// The flag that the word is instead of a value.
    fn flag_in_place_of_value(&self, given: &BTreeSet<&Id>) -> Option<Found> {
        if self.word == "--" {
            return Some(Found::Flag);
        }
        match self.word.strip_prefix("--") {
            Some(name) => self.long_flag(name),
            None => self.short_flags(given),
        }
    }

    /// `--user`, `--user=alice`, or nearly so.
    fn long_flag(&self, typed: &str) -> Option<Found> {
        let name = typed.split('=').next()?;
        if name.contains(char::is_whitespace) {
            return None;
        }
        if long(name, self.command).is_some() {
            return Some(if typed.contains('=') {
                Found::Like(format!("--{name}"))
            } else {
                Found::Flag
            });
        }
        let longs = self.command.get_arguments().filter_map(Arg::get_long);
        let near = nearest(name, longs).filter(|_| !name.is_empty());
        near.map(|near| Found::Like(format!("--{near}")))
    }

    /// `-u`, `-nr`, or `-ualice` where the command has no other `-u`, so that
    /// this could be it.
    fn short_flags(&self, given: &BTreeSet<&Id>) -> Option<Found> {
        let letters = self.word.strip_prefix('-')?;
        let flags = flags_of(self.word, self.command);
        if !letters.is_empty() && flags.len() == letters.chars().count() {
            return Some(Found::Flag);
        }
        let [flag] = flags[..] else { return None };
        let is_missing = takes_value(flag) && !given.contains(flag.get_id());
        let is_text = letters.contains(char::is_whitespace);
        let letter = letters.chars().next()?;
        (is_missing && !is_text).then(|| Found::Like(format!("-{letter}")))
    }

    /// The word itself is shown only if it is a flag, because a value may be
    /// secret.
    fn problem(&self, found: &Found) -> Problem {
        let typed = &self.typed;
        let long = self.flag.get_long().unwrap_or_default();
        let names = self.flag.get_value_names().unwrap_or_default();
        let value = names.first().map_or("VALUE", |name| name.as_str());
        let (next, example) = match found {
            Found::Flag => (format!("is {}", self.word), self.word),
            Found::Like(flag) => (format!("looks like the flag {flag}"), value),
        };
        Problem::usage(
            format!("{typed} has no value: the next word {next}"),
            format!("give {typed} {value}\nif that word is the value: --{long}={example}"),
        )
    }
}

pub(super) fn takes_value(flag: &Arg) -> bool {
    flag.get_action().takes_values()
}

pub(super) fn long<'a>(name: &str, command: &'a Command) -> Option<&'a Arg> {
    let is_named = |flag: &&Arg| flag.get_long() == Some(name);
    command.get_arguments().find(is_named)
}

pub(super) fn short(letter: char, command: &Command) -> Option<&Arg> {
    let is_named = |flag: &&Arg| flag.get_short() == Some(letter);
    command.get_arguments().find(is_named)
}

/// Hyphens, dashes and the minus sign beside `-`.
const DASHES: [char; 9] = [
    '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}', '\u{2212}', '\u{fe63}',
    '\u{ff0d}',
];

const OPENING: [char; 5] = ['\u{201c}', '\u{201e}', '\u{2018}', '\u{201a}', '\u{ab}'];
const CLOSING: [char; 5] = ['\u{201d}', '\u{201c}', '\u{2019}', '\u{2018}', '\u{bb}'];

/// The flag in a word that begins with such a dash: `–room` is `--room`.
pub(super) fn with_dashes(word: &str) -> Option<String> {
    let has_other = word.trim_start_matches('-').starts_with(DASHES);
    let name = word.trim_start_matches('-').trim_start_matches(DASHES);
    let name = name.trim_start_matches('-');
    let letters = name.split('=').next()?.chars().count();
    let dashes = if letters == 1 { "-" } else { "--" };
    let is_flag = has_other && name.starts_with(|c: char| c.is_ascii_alphabetic());
    is_flag.then(|| format!("{dashes}{name}"))
}

/// Whether the word stands in such quotes.
pub(super) fn is_quoted(word: &str) -> bool {
    let inner = word.strip_prefix(OPENING);
    inner.is_some_and(|inner| inner.ends_with(CLOSING))
}

/// The command line as it would be with the quotes of a shell, and the problem if
/// that is another line. The quotes around one word of a reason may belong to it.
pub(super) fn without_quotes(argv: &[OsString]) -> (Vec<OsString>, Option<Problem>) {
    let mut out: Vec<OsString> = Vec::new();
    let mut has_quotes = false;
    let mut at = 0;
    while let Some(word) = argv.get(at) {
        let end = word.to_str().and_then(|word| end_of_quote(word, at, argv));
        let is_reason = out
            .last()
            .is_some_and(|flag| flag == "--reason" || flag == "-m");
        match end {
            Some(end) if !(is_reason && end == at) => {
                out.push(unquoted(&argv[at..=end]).into());
                has_quotes = true;
                at = end;
            }
            _ => out.push(word.clone()),
        }
        at += 1;
    }
    let problem = || {
        Problem::usage(
            "the command line has typographic quotes, which the shell takes for letters",
            "type the quotes: \" or '",
        )
    };
    (out, has_quotes.then(problem))
}

/// The word in which the quote ends that begins in `word`, also after `=`.
fn end_of_quote(word: &str, at: usize, argv: &[OsString]) -> Option<usize> {
    let begins = |text: &str| text.starts_with(OPENING);
    let is_begun = begins(word) || word.split_once('=').is_some_and(|(_, value)| begins(value));
    let ends = |word: &OsString| word.to_str().is_some_and(|word| word.ends_with(CLOSING));
    let is_alone = |end: &usize| *end > at || word.chars().count() > 1;
    let end = argv[at..].iter().position(ends).map(|end| at + end);
    end.filter(is_alone).filter(|_| is_begun)
}

fn unquoted(words: &[OsString]) -> String {
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    let text = words.join(" ");
    let text = text.strip_suffix(CLOSING).unwrap_or(&text);
    match text.split_once('=') {
        Some((flag, value)) if !text.starts_with(OPENING) => {
            format!("{flag}={}", value.strip_prefix(OPENING).unwrap_or(value))
        }
        _ => text.strip_prefix(OPENING).unwrap_or(text).to_owned(),
    }
}

#[cfg(test)]
#[path = "dashes_tests.rs"]
mod tests;
