//! `roomctl help [COMMAND|TOPIC]`: the help of a command, as its `--help` prints
//! it, or a topic that belongs to no single one. The tree of commands is handed
//! down by `cli`.

pub(super) mod environment;
mod exit_codes;
mod input;
mod journal;
pub(super) mod topic;

use serde_json::json;

use super::{CommandArgs, Context};
use crate::config::{self, Format};
use crate::error::Error;
use crate::exit::Exit;
use crate::secret::excerpt;
use topic::Topic;

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A command, or exit-codes, environment, input, journal
    #[arg(value_name = "COMMAND|TOPIC", value_hint = clap::ValueHint::Other)]
    words: Vec<String>,
}

impl CommandArgs for Args {}

const EXAMPLES: &str = "\
Examples:
  roomctl help exit-codes
  roomctl help profile add";

/// Runs the command.
pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let topic = match args.words.as_slice() {
        [word] => Topic::named(word),
        _ => None,
    };
    let text = match topic {
        Some(topic) => topic.text(),
        None => of_command(&context.command_tree(), &args.words)?,
    };
    let text = match context.style.format {
        Format::Text => text,
        Format::Json => {
            let plain = anstream::adapter::strip_str(&text).to_string();
            let line = json!({ "Help": args.words.join(" "), "Text": plain });
            format!("{line}\n")
        }
    };
    context.print(&text)?;
    Ok(Exit::Done)
}

/// What `--help` of the command of these words prints; none are the program's.
fn of_command(tree: &clap::Command, words: &[String]) -> Result<String, Error> {
    let mut command = tree;
    for word in words {
        let below = command.find_subcommand(word);
        command = below.ok_or_else(|| unknown(command, word))?;
    }
    let line = ["roomctl"]
        .into_iter()
        .chain(words.iter().map(String::as_str));
    let asked = tree.clone().try_get_matches_from(line.chain(["--help"]));
    let help = asked.err().map(|help| help.render().ansi().to_string());
    Ok(help.unwrap_or_default())
}

fn unknown(command: &clap::Command, word: &str) -> Error {
    let is_whole = command.get_name() == "roomctl";
    let mut known: Vec<&str> = command
        .get_subcommands()
        .map(clap::Command::get_name)
        .collect();
    if is_whole {
        known.extend(Topic::ALL.map(Topic::name));
    }
    let hint = match config::nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None if known.is_empty() => "roomctl help COMMAND".into(),
        None => format!("there are: {}", known.join(", ")),
    };
    let what = if is_whole {
        "command or topic"
    } else {
        "command"
    };
    Error::usage(format!("no {what} '{}'", excerpt(word)), hint)
}
