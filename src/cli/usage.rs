//! The parser's errors in our form: a message, and what to type next. What was
//! typed is repeated only after `scrub`.

use std::ffi::OsString;

use clap::builder::PossibleValue;
use clap::error::{ContextKind, ErrorKind};
use clap::{Arg, Command};

use super::suggestions;
use crate::commands;
use crate::error::Error;

/// Makes a usage error from the parser's error. `parsed` is the tree of commands
/// that the parser used, `tree` the whole one. Not for help and version, which are
/// not errors.
pub(super) fn to_error(
    error: &clap::Error,
    argv: &[OsString],
    parsed: &Command,
    tree: &Command,
) -> Error {
    let entered = Entered::of(error, argv, parsed, tree);
    describe(error, argv, &entered, tree).map_text(|text| entered.without_signatures(text, argv))
}

/// The command that an error is about.
struct Entered {
    /// With its parents: `roomctl profile add`.
    name: String,
    /// From the whole tree.
    command: Command,
}

impl Entered {
    /// The parser gives names only to the commands that it enters. After an error
    /// before a command, the following words show which command was meant.
    fn of(error: &clap::Error, argv: &[OsString], parsed: &Command, tree: &Command) -> Self {
        let mut entered = Self {
            name: String::from("roomctl"),
            command: tree.clone(),
        };
        let is_entered = |command: &&Command| command.get_bin_name().is_some();
        let mut level = parsed;
        while let Some(below) = level.get_subcommands().find(is_entered) {
            entered.enter(below.get_name());
            level = below;
        }
        if let Some(unknown) = suggestions::text(error, ContextKind::InvalidArg) {
            let is_unknown = |word: &OsString| {
                let word = word.to_string_lossy();
                word.split('=').next() == Some(unknown)
            };
            for word in argv.iter().skip_while(|word| !is_unknown(word)).skip(1) {
                entered.enter(&word.to_string_lossy());
            }
        }
        entered
    }

    fn enter(&mut self, name: &str) {
        if let Some(below) = self.command.find_subcommand(name) {
            self.name = format!("{} {}", self.name, below.get_name());
            self.command = below.clone();
        }
    }

    /// `roomctl kick --help`
    fn help(&self) -> String {
        format!("{} --help", self.name)
    }

    /// `text` without the words of a command whose operand is a signature: a cut
    /// or mistyped signature is not recognised by `scrub`.
    fn without_signatures(&self, text: String, argv: &[OsString]) -> String {
        if !self.name.starts_with("roomctl usersig") {
            return text;
        }
        let words = argv.iter().skip(1).filter_map(|word| word.to_str());
        let parts =
            words.flat_map(|word| [Some(word), word.split_once('=').map(|(_, value)| value)]);
        let secret = |part: &&str| !part.is_empty() && !is_plain(part);
        parts
            .flatten()
            .filter(secret)
            .fold(text, |text, part| text.replace(part, "[not repeated]"))
    }
}

fn describe(error: &clap::Error, argv: &[OsString], entered: &Entered, tree: &Command) -> Error {
    // Here the parser's text would be the whole help.
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Error::usage("no command is given", entered.help());
    }
    let command = &entered.command;
    if error.kind() == ErrorKind::UnknownArgument
        && let Some(word) = suggestions::text(error, ContextKind::InvalidArg)
    {
        if !word.starts_with('-') {
            return unexpected_operand(word, argv, entered);
        }
        if is_common(word, tree) && !suggestions::shows_flag(command, word) {
            return commands::not_accepted(&entered.name, word, format!("remove {word}"));
        }
    }
    let rendered = error.render().to_string();
    let message = rendered.lines().take_while(|line| !line.is_empty());
    let message: Vec<&str> = message
        .map(|line| line.trim_start_matches("error: ").trim())
        .collect();
    let mut hints = suggestions::hints(error, command, tree);
    if error.kind() == ErrorKind::MissingRequiredArgument {
        hints.extend(command.get_positionals().filter_map(values));
    }
    if hints.is_empty() {
        hints.push(entered.help());
    }
    Error::usage(message.join(" "), hints.join("\n"))
}

/// A word that is neither a flag nor a flag's value: most likely a name, or the
/// next word of a reason.
fn unexpected_operand(word: &str, argv: &[OsString], entered: &Entered) -> Error {
    let hint = if is_of_a_reason(word, argv) {
        "put the reason in quotes: --reason \"TWO WORDS\"".into()
    } else {
        match entered.name.as_str() {
            "roomctl kick" | "roomctl ban" | "roomctl unban" => {
                format!("did you mean --user {word}?")
            }
            "roomctl members" | "roomctl bans" | "roomctl info" => {
                format!("did you mean --room {word}?")
            }
            "roomctl doctor" => format!("did you mean --profile {word}?"),
            _ => entered.help(),
        }
    };
    Error::usage(format!("unexpected operand '{word}'"), hint)
}

/// Whether this word follows the value of `--reason`.
fn is_of_a_reason(word: &str, argv: &[OsString]) -> bool {
    let at = argv.iter().position(|typed| typed == word).unwrap_or(0);
    let before = argv[..at].iter().filter_map(|typed| typed.to_str());
    let flag = before.rev().find(|typed| typed.starts_with('-'));
    flag.is_some_and(|flag| flag.starts_with("-m") || flag.starts_with("--reason"))
        && argv[..at]
            .last()
            .is_some_and(|last| last != "-m" && last != "--reason")
}

/// Whether the flag is a common one, which may stand before the command.
fn is_common(flag: &str, tree: &Command) -> bool {
    let mut longs = tree.get_arguments().filter_map(Arg::get_long);
    flag.strip_prefix("--")
        .is_some_and(|name| longs.any(|long| long == name))
}

/// `SHELL is one of bash, zsh, …`, for an operand with a fixed choice of values.
fn values(operand: &Arg) -> Option<String> {
    let values = operand.get_possible_values();
    let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
    let name = operand.get_value_names()?.first()?;
    (!names.is_empty()).then(|| format!("{name} is one of {}", names.join(", ")))
}

/// Lower-case letters and dashes, like a flag or a command. A signature has digits
/// and capitals, and hundreds of characters.
fn is_plain(word: &str) -> bool {
    const LONGEST_FLAG: usize = 24;
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
    word.len() <= LONGEST_FLAG && word.bytes().all(is_letter)
}
