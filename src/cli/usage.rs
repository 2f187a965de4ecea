//! All problems of a command line that cannot run, in one report: those that
//! [`super::correct`] finds, those of the parser, and those that the command itself
//! finds in the rest. The hint ends with the corrected line. What was typed is
//! repeated only after [`crate::secret::scrub`].

use std::ffi::OsString;

use clap::builder::PossibleValue;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, CommandFactory};

use super::correct::{self, CorrectedLine, Word, shell_line};
use super::dashes::{awaiting_value, flags_of};
use super::{Cli, command_tree, not_utf8, parse};
use crate::commands::Context;
use crate::config::nearest;
use crate::error::{Error, Problem, Problems};
use crate::secret::excerpt;

/// The parser reports one problem at a time. It is asked at most this often.
const MAX_PARSES: usize = 20;

/// Every problem of this command line, which the parser refused or misread.
pub(super) fn to_error(typed: &[OsString], context: &mut Context) -> Error {
    let tree = command_tree();
    let (not_utf8, argv) = not_utf8::find(&tree, typed);
    let argv = argv.as_slice();
    let line = correct::read(&tree, argv);
    let mut problems = Problems::default();
    let mut of_parser = [not_utf8.as_slice(), &line.problems].concat();
    let is_correct = line.problems.is_empty();
    let mut missing: Vec<String> = Vec::new();
    let mut is_whole = line.is_whole && !is_correct && not_utf8.is_empty();
    if line.is_known || is_correct {
        let mut words = checked_words(argv, &line);
        for _ in 0..MAX_PARSES {
            let mut parser = Cli::command();
            let error = match parse(&mut parser, &words) {
                Ok((cli, command)) => {
                    context.command = command;
                    context.flags = cli.common;
                    let without_value = line.without_value.clone();
                    context.flags.connection.set_without_value(without_value);
                    let more = cli.command.check(context, &mut problems);
                    missing.extend(more.into_iter().map(str::to_owned));
                    is_whole &= problems.only_missing();
                    break;
                }
                Err(error) if !error.use_stderr() => break,
                Err(error) => error,
            };
            of_parser.push(describe(&error, &line.name, &tree));
            let required = missing_flags(&error);
            let operands = stand_ins(&error, &line.name, &tree);
            if !operands.is_empty() {
                is_whole = false;
                words.extend(operands);
                continue;
            }
            is_whole &= !required.is_empty();
            match without_cause(&error, &required, &words, &tree) {
                Some(fewer) => words = fewer,
                None => break,
            }
            missing.extend(required);
        }
    }
    problems.put_first(of_parser);
    let error = match problems.into_result() {
        Err(error) => error,
        Ok(()) => Error::usage(
            "the command line cannot be read",
            format!("{} --help", line.name),
        ),
    };
    let is_about_signatures = line.name.starts_with("roomctl usersig");
    match whole_line(&line, &missing) {
        _ if is_about_signatures => error.map_text(|text| without_signatures(text, typed)),
        Some(line) if is_whole => error.with_hint(&format!("the whole line: {line}")),
        _ => error,
    }
}

/// `text` without the words of a command whose operand is a signature: `scrub` does
/// not recognise one that is cut or mistyped.
fn without_signatures(text: &str, argv: &[OsString]) -> String {
    let words = argv.iter().skip(1).filter_map(|word| word.to_str());
    let parts = words.flat_map(|word| [Some(word), word.split_once('=').map(|(_, value)| value)]);
    let parts = parts
        .flatten()
        .filter(|part| !part.is_empty() && !is_plain(part));
    parts.fold(text.to_owned(), |text, part| {
        let text = text.replace(part, "[not repeated]");
        text.replace(&excerpt(part), "[not repeated]")
    })
}

/// Lower-case letters and dashes, like a flag or a command, or a number like an
/// SDKAppID. A signature has digits and capitals, and hundreds of characters.
fn is_plain(word: &str) -> bool {
    const LONGEST_FLAG: usize = 24;
    const LONGEST_NUMBER: usize = 10;
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
    let is_number = word.len() <= LONGEST_NUMBER && word.bytes().all(|byte| byte.is_ascii_digit());
    is_number || (word.len() <= LONGEST_FLAG && word.bytes().all(is_letter))
}

fn checked_words(argv: &[OsString], line: &CorrectedLine) -> Vec<OsString> {
    let program = argv.first().cloned().unwrap_or_else(|| "roomctl".into());
    let words = line.words.iter().filter_map(|word| word.checked.clone());
    std::iter::once(program).chain(words).collect()
}

/// The corrected command line with the flags that are missing, ready to be typed.
fn whole_line(line: &CorrectedLine, missing: &[String]) -> Option<String> {
    let words = line.words.iter().map(|Word { shown, .. }| shown.clone());
    let missing = missing.iter().flat_map(|flag| flag.split(' '));
    let words = words.chain(missing.map(str::to_owned));
    shell_line(std::iter::once("roomctl".to_owned()).chain(words))
}

/// The parser's own words about one problem, and its remedy.
fn describe(error: &clap::Error, name: &str, tree: &Command) -> Problem {
    let mut path = name.split(' ').skip(1);
    let command = path.try_fold(tree, |command, word| command.find_subcommand(word));
    let command = command.unwrap_or(tree);
    let help = format!("{name} --help");
    // Here the parser's text would be the whole help.
    let no_command = [
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand,
        ErrorKind::MissingSubcommand,
    ];
    if no_command.contains(&error.kind()) {
        return Problem::usage("no command is given", help);
    }
    let flag = refused_flag(error).unwrap_or_default();
    let missing = missing_flags(error);
    match error.kind() {
        ErrorKind::MissingRequiredArgument if !missing.is_empty() => {
            let names: Vec<&str> = missing
                .iter()
                .filter_map(|flag| flag.split(' ').next())
                .collect();
            let message = format!("no {}", names.join(" and no "));
            return Problem::missing(message, format!("give {}", missing.join(" ")));
        }
        ErrorKind::ArgumentConflict if !flag.is_empty() => {
            let message = format!("{flag} is given more than once");
            return Problem::usage(message, format!("give {flag} once"));
        }
        ErrorKind::TooManyValues if !flag.is_empty() => {
            let message = format!("{flag} takes no value");
            return Problem::usage(message, format!("give {flag} without = and a value"));
        }
        ErrorKind::ValueValidation if !flag.is_empty() => {
            if let Some(problem) = invalid_value(error, flag, &help) {
                return problem;
            }
        }
        _ => {}
    }
    if error.kind() == ErrorKind::MissingRequiredArgument {
        let names = command
            .get_positionals()
            .filter_map(|operand| operand.get_value_names());
        let names: Vec<&str> = names.flatten().map(clap::builder::Str::as_str).collect();
        let hint = command.get_positionals().find_map(values).unwrap_or(help);
        return Problem::missing(format!("no {}", names.join(" and no ")), hint);
    }
    let rendered = error.render().to_string();
    let message = rendered.lines().take_while(|line| !line.is_empty());
    let message: Vec<&str> = message
        .map(|line| line.trim_start_matches("error: ").trim())
        .collect();
    let hint = value_hint(error, flag).unwrap_or_else(|| match flag {
        "" => help,
        _ => format!("correct {flag}; {help} describes it"),
    });
    Problem::usage(message.join(" "), hint)
}

/// A value that the flag cannot have. The problem reads like those of the flags that
/// the command itself checks.
fn invalid_value(error: &clap::Error, flag: &str, help: &str) -> Option<Problem> {
    let ContextValue::String(value) = error.get(ContextKind::InvalidValue)? else {
        return None;
    };
    let why = std::error::Error::source(error)?;
    let (why, hint) = match why.to_string().split_once(" is not in ") {
        Some((_, range)) => {
            let range = range.replace("..=", " to ");
            let hint = format!("give {flag} a whole number from {range}");
            (format!("is not a number from {range}"), hint)
        }
        None if why.is::<std::num::ParseIntError>() => (
            "is not a whole number".to_owned(),
            format!("give {flag} a whole number"),
        ),
        None => (
            why.to_string(),
            format!("correct {flag}; {help} describes it"),
        ),
    };
    let message = format!("{flag} {:?}: {why}", excerpt(value));
    Some(Problem::usage(message, hint))
}

/// The flag that the parser refused, with its dashes.
fn refused_flag(error: &clap::Error) -> Option<&str> {
    let refused = match error.get(ContextKind::InvalidArg)? {
        ContextValue::String(refused) => refused,
        ContextValue::Strings(refused) => refused.first()?,
        _ => return None,
    };
    let flag = refused.split([' ', '=', '[']).next()?;
    flag.starts_with("--").then_some(flag)
}

/// The flags that the parser requires, with placeholders: `--room ROOM`. Empty if an
/// operand is missing as well.
fn missing_flags(error: &clap::Error) -> Vec<String> {
    let missing = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::Strings(missing))
            if error.kind() == ErrorKind::MissingRequiredArgument =>
        {
            missing
        }
        _ => return Vec::new(),
    };
    let is_flag = |flag: &String| flag.starts_with("--");
    if !missing.iter().all(is_flag) {
        return Vec::new();
    }
    let plain = missing.iter().map(|flag| flag.replace(['<', '>'], ""));
    plain.collect()
}

/// In the place of the operands that the parser requires, for the checks of the rest.
fn stand_ins(error: &clap::Error, name: &str, tree: &Command) -> Vec<OsString> {
    let is_missing = error.kind() == ErrorKind::MissingRequiredArgument;
    if !is_missing || !missing_flags(error).is_empty() {
        return Vec::new();
    }
    let mut path = name.split(' ').skip(1);
    let command = path.try_fold(tree, |command, word| command.find_subcommand(word));
    let operands = command.into_iter().flat_map(Command::get_positionals);
    let word = |operand: &Arg| {
        let values = operand.get_possible_values();
        let value = values.first().map(PossibleValue::get_name);
        OsString::from(value.unwrap_or("NAME"))
    };
    operands
        .filter(|operand| operand.is_required_set())
        .map(word)
        .collect()
}

/// The line without the flag that the parser refused, or with the missing flags.
/// None if neither is possible.
fn without_cause(
    error: &clap::Error,
    missing: &[String],
    words: &[OsString],
    tree: &Command,
) -> Option<Vec<OsString>> {
    let mut words = words.to_vec();
    if error.kind() == ErrorKind::MissingRequiredArgument {
        let missing = missing.iter().flat_map(|flag| flag.split(' '));
        let before = words.len();
        words.extend(missing.map(OsString::from));
        return (words.len() > before).then_some(words);
    }
    let name = refused_flag(error)?.strip_prefix("--")?;
    let (at, count) = last_occurrence(name, &words, tree)?;
    words.drain(at..at + count);
    Some(words)
}

/// Where a flag stands last in the line, and of how many words it is.
fn last_occurrence(name: &str, words: &[OsString], tree: &Command) -> Option<(usize, usize)> {
    let (mut command, mut found, mut at) = (tree, None, 1);
    while let Some(word) = words.get(at) {
        let word = word.to_str().unwrap_or("");
        if word == "--" {
            break;
        }
        let flags = flags_of(word, command);
        if flags.is_empty() {
            command = command.find_subcommand(word).unwrap_or(command);
        }
        let has_value = awaiting_value(word, &flags).is_some() && at + 1 < words.len();
        let count = 1 + usize::from(has_value);
        if flags.iter().any(|flag| flag.get_long() == Some(name)) {
            found = Some((at, count));
        }
        at += count;
    }
    found
}

/// `SHELL is one of bash, zsh, …`, for an operand with a fixed choice of values.
fn values(operand: &Arg) -> Option<String> {
    let values = operand.get_possible_values();
    let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
    let name = operand.get_value_names()?.first()?;
    (!names.is_empty()).then(|| format!("{name} is one of {}", names.join(", ")))
}

/// `did you mean json?`, or all values where none is near.
fn value_hint(error: &clap::Error, flag: &str) -> Option<String> {
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidValue) else {
        return None;
    };
    let Some(ContextValue::Strings(values)) = error.get(ContextKind::ValidValue) else {
        return None;
    };
    let near = nearest(typed, values.iter().map(String::as_str));
    let near = near.map(|near| format!("did you mean {near}?"));
    let is_choice = !values.is_empty() && !flag.is_empty();
    near.or_else(|| is_choice.then(|| format!("give {flag} one of {}", values.join(", "))))
}

#[cfg(test)]
#[path = "usage_tests.rs"]
mod tests;
