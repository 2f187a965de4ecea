//! The argument parser's complaints in our form: a message, then the next thing
//! to type. What was typed is repeated only after `scrub`.

use std::ffi::OsString;

use clap::CommandFactory;
use clap::builder::PossibleValue;
use clap::error::{ContextKind, ErrorKind};

use super::{Cli, suggestions};
use crate::error::Error;

/// A usage error from the parser's. Not for help and version, which are no
/// errors.
pub(crate) fn explain(error: &clap::Error, argv: &[OsString]) -> Error {
    described(error, argv).map_text(|text| withheld(text, argv))
}

fn described(error: &clap::Error, argv: &[OsString]) -> Error {
    // Here the parser's text would be the whole help.
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Error::usage("no command is given", format!("{} --help", command(argv)));
    }
    if error.kind() == ErrorKind::UnknownArgument
        && let Some(word) = suggestions::text(error, ContextKind::InvalidArg)
    {
        if !word.starts_with('-') {
            return operand(word, argv);
        }
        if is_known_before_commands(word) && !suggestions::has(&parsed(argv).1, word) {
            let message = format!("{} has no use for {word}", command(argv));
            return Error::usage(message, format!("leave {word} out"));
        }
    }
    let rendered = error.render().to_string();
    let message = rendered.lines().take_while(|line| !line.is_empty());
    let message: Vec<&str> = message
        .map(|line| line.trim_start_matches("error: ").trim())
        .collect();
    let mut hints = suggestions::hints(error, &parsed(argv).1, &super::whole());
    if error.kind() == ErrorKind::MissingRequiredArgument {
        hints.extend(values_of_operands(argv));
    }
    if hints.is_empty() {
        hints.push(format!("{} --help", command(argv)));
    }
    Error::usage(message.join(" "), hints.join("\n"))
}

/// A word without a flag in front of it: most likely a name, or the next word
/// of a reason.
fn operand(word: &str, argv: &[OsString]) -> Error {
    let command = command(argv);
    if is_of_a_reason(word, argv) {
        let hint = "put the reason in quotes: --reason \"TWO WORDS\"";
        return Error::usage(format!("unexpected operand '{word}'"), hint);
    }
    let hint = match command.as_str() {
        "roomctl kick" | "roomctl ban" | "roomctl unban" => format!("did you mean --user {word}?"),
        "roomctl members" | "roomctl bans" | "roomctl info" => {
            format!("did you mean --room {word}?")
        }
        "roomctl doctor" => format!("did you mean --profile {word}?"),
        _ => format!("{command} --help"),
    };
    Error::usage(format!("unexpected operand '{word}'"), hint)
}

/// Whether the flag before this word is that of a reason.
fn is_of_a_reason(word: &str, argv: &[OsString]) -> bool {
    let at = argv.iter().position(|typed| typed == word).unwrap_or(0);
    let before = argv[..at].iter().filter_map(|typed| typed.to_str());
    let flag = before.rev().find(|typed| typed.starts_with('-'));
    flag.is_some_and(|flag| flag.starts_with("-m") || flag.starts_with("--reason"))
        && argv[..at]
            .last()
            .is_some_and(|last| last != "-m" && last != "--reason")
}

/// Whether a flag is one that may stand before the command.
fn is_known_before_commands(flag: &str) -> bool {
    let tree = Cli::command();
    let mut longs = tree.get_arguments().filter_map(clap::Arg::get_long);
    flag.strip_prefix("--")
        .is_some_and(|name| longs.any(|long| long == name))
}

/// `SHELL is one of bash, zsh, …`, for each operand of the command that has a
/// fixed choice of values.
fn values_of_operands(argv: &[OsString]) -> Vec<String> {
    let (_, command) = parsed(argv);
    let one_of = |operand: &clap::Arg| {
        let values = operand.get_possible_values();
        let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
        let name = operand.get_value_names()?.first()?;
        (!names.is_empty()).then(|| format!("{name} is one of {}", names.join(", ")))
    };
    command.get_positionals().filter_map(one_of).collect()
}

/// `roomctl`, the verb, and the verb below it, as far as there are any.
fn command(argv: &[OsString]) -> String {
    parsed(argv).0
}

/// What [`command`] says, and the command itself.
fn parsed(argv: &[OsString]) -> (String, clap::Command) {
    let mut tree = super::whole();
    let mut name = String::from("roomctl");
    for word in argv.iter().skip(1) {
        if let Some(verb) = tree.find_subcommand(word) {
            name = format!("{name} {}", verb.get_name());
            tree = verb.clone();
        }
    }
    (name, tree)
}

/// `text` without the words of a command whose operand is a signature: a cut or
/// mistyped one has no shape that `scrub` would know.
fn withheld(text: String, argv: &[OsString]) -> String {
    if !command(argv).starts_with("roomctl usersig") {
        return text;
    }
    let words = argv.iter().skip(1).filter_map(|word| word.to_str());
    let parts = words.flat_map(|word| [Some(word), word.split_once('=').map(|(_, value)| value)]);
    let secret = |part: &&str| !part.is_empty() && !is_plain(part);
    parts
        .flatten()
        .filter(secret)
        .fold(text, |text, part| text.replace(part, "[not repeated]"))
}

/// Letters and dashes, like a flag or a verb; a signature has digits and
/// capitals within the first few characters, and hundreds of them.
fn is_plain(word: &str) -> bool {
    const LONGEST_FLAG: usize = 24;
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
    word.len() <= LONGEST_FLAG && word.bytes().all(is_letter)
}
