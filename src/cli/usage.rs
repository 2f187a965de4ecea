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
    {
        if !word.starts_with('-') {
            return operand(word, argv);
        }
        if is_known_before_commands(word) {
            let message = format!("{} has no use for {word}", command(argv));
            return Error::usage(message, format!("leave {word} out"));
        }
    }
    let rendered = error.render().to_string();
    let message = rendered.lines().take_while(|line| !line.is_empty());
    let message: Vec<&str> = message
        .map(|line| line.trim_start_matches("error: ").trim())
        .collect();
    let tips = rendered
        .lines()
        .filter_map(|line| line.trim().strip_prefix("tip: "))
        // `-- --flag` makes an operand of it, which is never what was meant.
        .filter(|tip| !tip.starts_with("to pass '"));
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

/// Whether a flag is one that may stand before the command.
fn is_known_before_commands(flag: &str) -> bool {
    let tree = Cli::command();
    let mut longs = tree.get_arguments().filter_map(clap::Arg::get_long);
    flag.strip_prefix("--")
        .is_some_and(|name| longs.any(|long| long == name))
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
