//! The argument parser's complaints in our form: a message, then the next thing
//! to type. What was typed is repeated only after `scrub`.

use std::ffi::OsString;

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::Cli;
use crate::error::Error;

/// A usage error from the parser's. Not for help and version, which are no
/// errors.
pub(crate) fn explain(error: &clap::Error, argv: &[OsString]) -> Error {
    // Here the parser's text would be the whole help.
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Error::usage("no command is given", format!("{} --help", command(argv)));
    }
    if error.kind() == ErrorKind::UnknownArgument
        && let Some(word) = text(error, ContextKind::InvalidArg)
        && !word.starts_with('-')
    {
        return operand(word, argv);
    }
    let rendered = error.render().to_string();
    let message = rendered.lines().take_while(|line| !line.is_empty());
    let message: Vec<&str> = message
        .map(|line| line.trim_start_matches("error: ").trim())
        .collect();
    let tips = rendered
        .lines()
        .filter_map(|line| line.trim().strip_prefix("tip: "))
        // Behind `--` stands a command, or nothing at all.
        .filter(|tip| !tip.contains("as a value, use '-- "));
    let mut hints: Vec<String> = tips.map(str::to_owned).collect();
    if hints.is_empty() {
        hints.push(format!("{} --help", command(argv)));
    }
    Error::usage(message.join(" "), hints.join("\n"))
}

/// A word without a flag in front of it: most likely a name.
fn operand(word: &str, argv: &[OsString]) -> Error {
    let hint = if command(argv) == "roomctl kick" {
        format!("did you mean --user {word}?")
    } else {
        format!("{} --help", command(argv))
    };
    Error::usage(format!("unexpected operand '{word}'"), hint)
}

/// `roomctl` and the verb, as far as there is one.
fn command(argv: &[OsString]) -> String {
    let tree = Cli::command();
    let verb = argv
        .iter()
        .skip(1)
        .find_map(|word| tree.find_subcommand(word));
    verb.map_or("roomctl".into(), |verb| {
        format!("roomctl {}", verb.get_name())
    })
}

fn text(error: &clap::Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text),
        _ => None,
    }
}
