//! `roomctl help [COMMAND|TOPIC]`: the help of a command, as its `--help` prints
//! it, or a topic that belongs to no single one. The tree of commands is handed
//! down by `cli`.

mod environment;
mod exit_codes;
mod input;
mod journal;
mod topic;

use serde_json::json;

use super::{Context, scope};
use crate::config::{self, ConnectionArgs, Format, OutputArgs};
use crate::error::Error;
use crate::exit::Exit;
use crate::secret::excerpt;
use crate::streams;
use topic::Topic;

/// Print the help of a command, or a topic
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A command, or exit-codes, environment, input, journal
    #[arg(value_name = "COMMAND|TOPIC", value_hint = clap::ValueHint::Other)]
    words: Vec<String>,
    #[command(flatten)]
    output: OutputArgs,
}

const EXAMPLES: &str = "\
Examples:
  roomctl help exit-codes
  roomctl help profile add";

/// Runs the command; `tree` is the whole command line.
pub(crate) fn run(
    tree: clap::Command,
    connection: &ConnectionArgs,
    output: OutputArgs,
    args: Args,
    context: &mut Context,
) -> Result<Exit, Error> {
    scope::refuse_others("help", connection, &[])?;
    let output = output.merge(args.output)?;
    context.look(&output, None)?;
    let topic = match args.words.as_slice() {
        [word] => Topic::named(word),
        _ => None,
    };
    let text = match topic {
        Some(topic) => topic.text(),
        None => of_command(tree, &args.words)?,
    };
    let text = match context.look.format {
        Format::Text => text,
        Format::Json => {
            let plain = anstream::adapter::strip_str(&text).to_string();
            let line = json!({ "Help": args.words.join(" "), "Text": plain });
            format!("{line}\n")
        }
    };
    streams::print(context.look, &text).map_err(Error::Record)?;
    Ok(Exit::Done)
}

/// What `--help` of the command of these words prints; none are the program's.
fn of_command(mut tree: clap::Command, words: &[String]) -> Result<String, Error> {
    // Without it a command does not know what it is called in full.
    tree.build();
    let mut command = &mut tree;
    for word in words {
        if command.find_subcommand(word).is_none() {
            return Err(unknown(command, word));
        }
        command = command.find_subcommand_mut(word).expect("just found");
    }
    Ok(command.render_long_help().ansi().to_string())
}

fn unknown(command: &clap::Command, word: &str) -> Error {
    let is_whole = !command
        .get_bin_name()
        .is_some_and(|name| name.contains(' '));
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
