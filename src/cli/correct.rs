//! Reads a command line that the parser refused, to the end: unknown words, flags of
//! other programs, operands, forgotten values, typographic dashes and quotes. Makes
//! the line that was probably meant. It is checked for further problems and shown
//! to the user, but never run.

mod meant;
mod operands;

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::{Arg, Command};

use super::dashes::{
    self, awaiting_value, flags_of, is_below_0, is_flag_like, long, takes_value, with_dashes,
    without_quotes,
};
use super::other_programs::{self, Replacement};
use crate::config::nearest;
use crate::error::Problem;
use crate::secret::excerpt;
use meant::{
    Meant, did_you_mean, flag_of, is_near, is_secret, long_with_one_dash, stand_in,
    switches_before, value_name, value_word, with_unit,
};
use operands::Operand;

pub(super) use meant::{Word, is_misread, shell_line};

/// A command line as it was probably meant.
#[derive(Debug)]
pub(super) struct CorrectedLine {
    pub(super) problems: Vec<Problem>,
    /// Without the name of the program.
    pub(super) words: Vec<Word>,
    /// Every problem has a correction, so that the line can be shown.
    pub(super) is_whole: bool,
    /// The command is known, so that its flags can be checked.
    pub(super) is_known: bool,
    /// The command with its parents: `roomctl profile add`.
    pub(super) name: String,
    /// Flags that are given without their values.
    pub(super) without_value: Vec<String>,
}

struct Reader<'a> {
    tree: &'a Command,
    command: &'a Command,
    /// With the program's name.
    typed: Vec<OsString>,
    at: usize,
    forgotten: BTreeMap<usize, Problem>,
    /// For each word that was read, those that take its place: none, one or several.
    corrected: Vec<Vec<Word>>,
    /// Flags that stood before their command.
    moved: Vec<Word>,
    operands: Vec<Operand>,
    line: CorrectedLine,
}

/// Reads the line with the whole, built tree.
pub(super) fn read(tree: &Command, argv: &[OsString]) -> CorrectedLine {
    let (typed, quotes) = without_quotes(argv);
    let mut reader = Reader {
        tree,
        command: tree,
        forgotten: dashes::forgotten_values(tree, &typed),
        typed,
        at: 1,
        corrected: Vec::new(),
        moved: Vec::new(),
        operands: Vec::new(),
        line: CorrectedLine {
            problems: quotes.into_iter().collect(),
            words: Vec::new(),
            is_whole: true,
            is_known: true,
            name: String::from("roomctl"),
            without_value: Vec::new(),
        },
    };
    while reader.at < reader.typed.len() {
        reader.read_word();
    }
    reader.finish()
}

impl<'a> Reader<'a> {
    fn read_word(&mut self) {
        let typed = self.typed[self.at].clone();
        let word = typed.to_string_lossy().into_owned();
        self.at += 1;
        if word == "--" {
            return self.read_rest();
        }
        if let Some(flag) = with_dashes(&word) {
            return self.read_dashes(&word, &flag);
        }
        if word.starts_with("--") {
            return self.read_long(&word);
        }
        let after_dash = word.strip_prefix('-').unwrap_or_default();
        if !after_dash.is_empty() && after_dash.parse::<f64>().is_err() {
            return self.read_short(&word);
        }
        if self.command.has_subcommands() {
            return self.read_command(&word);
        }
        if self.command.get_positionals().any(Arg::is_last_set) {
            return self.read_program(&word);
        }
        self.add_operand(typed);
    }

    fn add_operand(&mut self, typed: OsString) {
        let text = typed.to_string_lossy().into_owned();
        let index = self.corrected.len();
        self.operands.push(Operand { index, text });
        self.corrected.push(vec![Word::new(typed)]);
    }

    /// A program to run without `--` before it.
    fn read_program(&mut self, word: &str) {
        let message = format!("unexpected operand '{}'", excerpt(word));
        let hint = format!("write -- before the program: -- {}", excerpt(word));
        self.line.problems.push(Problem::usage(message, hint));
        self.at -= 1;
        self.read_rest();
    }

    /// What follows `--` belongs to the program that is run, or is operands.
    fn read_rest(&mut self) {
        let rest: Vec<OsString> = self.typed[self.at..].to_vec();
        self.at = self.typed.len();
        if self.command.get_positionals().any(Arg::is_last_set) {
            self.corrected.push(vec![Word::new("--")]);
            self.corrected
                .extend(rest.into_iter().map(|word| vec![Word::new(word)]));
            return;
        }
        // Operands after it do not continue a reason.
        self.corrected.push(Vec::new());
        for word in rest {
            self.add_operand(word);
        }
    }

    /// A word that begins with dashes as a word processor sets them.
    fn read_dashes(&mut self, word: &str, flag: &str) {
        let name = flag.split('=').next().unwrap_or(flag);
        if !flags_of(name, self.command).is_empty() {
            let message = format!("'{}' begins with a typographic dash", excerpt(word));
            let hint = format!("type the dashes: {name}");
            self.line.problems.push(Problem::usage(message, hint));
        }
        if flag.starts_with("--") {
            self.read_long(flag);
        } else {
            self.read_short(flag);
        }
    }

    fn read_long(&mut self, word: &str) {
        let (flag, value) = match word.split_once('=') {
            Some((flag, value)) => (flag, Some(value)),
            None => (word, None),
        };
        let name = &flag[2..];
        if let Some(arg) = long(name, self.command) {
            return self.take_flag(arg, word, flag, value);
        }
        let meant = self.meant_by(name);
        self.take_unknown(flag, value, &meant);
    }

    fn read_short(&mut self, word: &str) {
        if let Some(arg) = long_with_one_dash(word, self.command) {
            let (flag, value) = match word.split_once('=') {
                Some((flag, value)) => (flag, Some(value)),
                None => (word, None),
            };
            let message = format!("'{flag}' has one dash");
            let hint = did_you_mean(format_args!("-{flag}"));
            self.line.problems.push(Problem::usage(message, hint));
            return self.take_corrected(arg, value);
        }
        let flags = flags_of(word, self.command);
        let letters = word.chars().count() - 1;
        if let Some(arg) = awaiting_value(word, &flags) {
            return self.take_flag(arg, word, word, None);
        }
        if flags.len() == letters || flags.last().is_some_and(|flag| takes_value(flag)) {
            return self.corrected.push(vec![Word::new(word)]);
        }
        let letter = word.chars().nth(1 + flags.len()).unwrap_or('-');
        let (known, _) = word.split_at(1 + flags.len());
        if known.len() > 1 {
            self.corrected.push(vec![Word::new(known)]);
        }
        let typed = if letters == 1 || known.len() > 1 {
            format!("-{letter}")
        } else {
            word.split('=').next().unwrap_or(word).to_owned()
        };
        let value = word.split_once('=').map(|(_, value)| value);
        let meant = self.meant_by_letters(typed.trim_start_matches('-'), letter);
        self.take_unknown(&typed, value, &meant);
    }

    fn read_command(&mut self, word: &str) {
        if let Some(below) = self.command.find_subcommand(word) {
            self.corrected.push(vec![Word::new(word)]);
            return self.enter(below);
        }
        if let Some(hint) = self.hint_of_record(word) {
            let message = format!("unknown command '{}'", excerpt(word));
            self.line.problems.push(Problem::usage(message, hint));
            self.line.is_known = false;
            self.line.is_whole = false;
            self.at = self.typed.len();
            return;
        }
        let lower = word.to_lowercase();
        let names = self.command.get_subcommands().map(Command::get_name);
        let replacement = other_programs::command(&self.line.name, &lower)
            .filter(|replacement| self.has(*replacement));
        let near = match replacement {
            None => nearest(&lower, names).map(str::to_owned),
            Some(_) => None,
        };
        let words: Vec<String> = match (replacement, near) {
            (Some(Replacement::Words(words)), _) => {
                words.iter().map(|word| (*word).into()).collect()
            }
            (_, Some(near)) => vec![near],
            _ => Vec::new(),
        };
        let hint = match replacement {
            Some(Replacement::Answer(answer)) => answer.to_owned(),
            _ if words.is_empty() => format!("{} --help", self.line.name),
            _ => did_you_mean(words.join(" ")),
        };
        let message = format!("unknown command '{}'", excerpt(word));
        self.line.problems.push(Problem::usage(message, hint));
        let below = words
            .iter()
            .try_fold(self.command, |command, word| command.find_subcommand(word));
        self.corrected.push(words.iter().map(Word::new).collect());
        match below {
            Some(below) if !words.is_empty() => {
                for word in &words {
                    self.line.name = format!("{} {word}", self.line.name);
                }
                self.command = below;
            }
            _ => {
                // Nothing can be checked after this word.
                self.line.is_known = false;
                self.line.is_whole &= words.first().is_some_and(|word| word.starts_with('-'));
                self.at = self.typed.len();
            }
        }
    }

    /// Whether this version has the command or the flag.
    fn has(&self, replacement: Replacement) -> bool {
        match replacement {
            Replacement::Words(words) => {
                let find = |command: &'a Command, word: &&str| command.find_subcommand(word);
                words[0].starts_with('-') || words.iter().try_fold(self.command, find).is_some()
            }
            Replacement::Flag(_) | Replacement::Answer(_) => true,
        }
    }

    fn enter(&mut self, below: &'a Command) {
        self.line.name = format!("{} {}", self.line.name, below.get_name());
        self.command = below;
        let moved = std::mem::take(&mut self.moved);
        if below.has_subcommands() {
            self.moved = moved;
        } else {
            self.corrected.push(moved);
        }
    }

    /// A known flag as it was typed, and its value.
    fn take_flag(&mut self, arg: &Arg, word: &str, flag: &str, value: Option<&str>) {
        let is_open = takes_value(arg) && value.is_none();
        let mut words = match value {
            Some(value) if is_secret(arg) => vec![Word {
                checked: Some(format!("{flag}={value}").into()),
                shown: format!("{flag}={}", value_name(arg)),
            }],
            _ => vec![Word::new(word)],
        };
        if is_open {
            self.push_value_of(arg, flag, &mut words);
        }
        self.corrected.push(words);
    }

    /// The flag that was meant, and the value that was given to the typed one.
    fn take_corrected(&mut self, arg: &Arg, value: Option<&str>) {
        let flag = flag_of(arg);
        let mut words = vec![Word::new(&flag)];
        if takes_value(arg) {
            match value {
                Some(value) => words.push(value_word(arg, value.into())),
                None => self.push_value_of(arg, &flag, &mut words),
            }
        }
        self.corrected.push(words);
    }

    /// Adds the next word to that of the flag, if it is a value. Else it is a problem,
    /// and the checks do not see the flag; see [`stand_in`].
    fn push_value_of(&mut self, arg: &Arg, flag: &str, words: &mut Vec<Word>) {
        let forgotten = self.forgotten.remove(&(self.at - 1));
        let next = self.typed.get(self.at).cloned();
        let is_below_0 = |next: &OsString| is_below_0(arg, flag, &next.to_string_lossy());
        if let Some(next) = next.as_ref().filter(|next| is_below_0(next)) {
            return self.push_below_0(flag, &next.to_string_lossy(), words);
        }
        let is_flag = |next: &OsString| {
            !arg.is_allow_hyphen_values_set() && is_flag_like(&next.to_string_lossy())
        };
        let name = value_name(arg);
        let problem = match (forgotten, &next) {
            (Some(problem), _) => problem,
            (None, Some(next)) if !is_flag(next) => {
                self.at += 1;
                return words.push(value_word(arg, next.clone()));
            }
            (None, _) => {
                let message = format!("{flag} has no value");
                Problem::usage(message, format!("give {flag} {name}"))
            }
        };
        self.line.problems.push(problem);
        self.line.without_value.push(flag_of(arg));
        let stand_in = stand_in(arg);
        if let (Some(flag), None) = (words.last_mut(), stand_in) {
            flag.checked = switches_before(&flag.shown).map(OsString::from);
        }
        words.push(Word {
            checked: stand_in.map(OsString::from),
            shown: name.into(),
        });
    }

    /// The problem of an unknown flag, and what stands for it.
    fn take_unknown(&mut self, typed: &str, value: Option<&str>, meant: &Meant<'a>) {
        let message = format!("unknown flag '{}'", excerpt(typed));
        let next = self.typed.get(self.at).filter(|_| value.is_none());
        let next = next.map(|next| next.to_string_lossy().into_owned());
        let timed = value
            .or(next.as_deref())
            .and_then(|value| with_unit(typed, value));
        let problem = match (meant, &timed) {
            (Meant::Flag(arg), Some(time)) => {
                let flag = flag_of(arg);
                let hint = format!("{} With the unit: {flag} {time}", did_you_mean(&flag));
                Problem::usage(message, hint)
            }
            _ => self.unknown_flag(message, typed, meant),
        };
        self.line.problems.push(problem);
        match meant {
            Meant::Flag(arg) if timed.is_some() => {
                self.at += usize::from(value.is_none());
                self.take_corrected(arg, timed.as_deref());
            }
            Meant::Flag(arg) => {
                self.take_corrected(arg, value);
                if is_secret(arg) && !is_near(arg, typed) {
                    self.show_file(arg);
                }
            }
            Meant::OfLaterCommand(arg, _) => {
                self.take_corrected(arg, value);
                let words = self.corrected.pop().unwrap_or_default();
                self.moved.extend(words);
            }
            Meant::Replaced(Replacement::Words(words)) => {
                let words = words.iter().copied().map(Word::only_shown);
                self.corrected.push(words.collect());
            }
            // `-k WORD`: of the letters that other programs have, some take a value.
            Meant::Replaced(_) => self.skip_unknown(value.is_none() && !typed.starts_with("--")),
            Meant::Unknown { takes_value, .. } => {
                self.skip_unknown(*takes_value && value.is_none());
            }
        }
    }

    /// Shows the flag for a file instead of the one that was taken last.
    fn show_file(&mut self, arg: &Arg) {
        let words = [format!("{}-file", flag_of(arg)), "FILE".into()];
        let last = self.corrected.last_mut().into_iter().flatten();
        for (word, shown) in last.zip(words) {
            word.shown = shown;
        }
    }

    /// A flag of the connection or the output, which other commands have.
    fn is_common(&self, flag: &str) -> bool {
        let name = flag.strip_prefix("--");
        name.is_some_and(|name| long(name, self.tree).is_some())
    }

    fn finish(mut self) -> CorrectedLine {
        self.correct_operands();
        self.line.words = self.corrected.into_iter().flatten().collect();
        self.line.words.extend(self.moved);
        self.line
    }
}
