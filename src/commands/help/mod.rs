//! `roomctl help [COMMAND|TOPIC]` prints what `--help` of a command prints, or a
//! topic that belongs to several commands.

pub(super) mod topics;

use serde_json::json;

use super::{CommandArgs, Context};
use crate::config::{self, Format};
use crate::error::Error;
use crate::exit::Exit;
use crate::output::refilled;
use crate::secret::excerpt;
use crate::streams::columns;
use topics::Topic;

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A command, or exit-codes, environment, input, output, journal
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
        Some(topic) => {
            let text = topic.text();
            let is_text = context.style.format == Format::Text;
            match columns(std::io::stdout()).filter(|_| is_text) {
                Some(columns) => refilled(&text, columns).into_owned(),
                None => text,
            }
        }
        None => command_help(&context.command_tree(), &args.words)?,
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

/// What `--help` of this command prints; without words, the program's help.
fn command_help(tree: &clap::Command, words: &[String]) -> Result<String, Error> {
    let mut command = tree;
    for (at, word) in words.iter().enumerate() {
        let child = command.find_subcommand(word);
        command = child.ok_or_else(|| unknown_word(tree, command, &words[..at], word))?;
    }
    let line = ["roomctl"]
        .into_iter()
        .chain(words.iter().map(String::as_str));
    let parsed = tree.clone().try_get_matches_from(line.chain(["--help"]));
    let help = parsed.err().map(|help| help.render().ansi().to_string());
    Ok(help.unwrap_or_default())
}

/// `parents` are the words before, which are commands.
fn unknown_word(
    tree: &clap::Command,
    command: &clap::Command,
    parents: &[String],
    word: &str,
) -> Error {
    let (parents, is_root) = (parents.join(" "), parents.is_empty());
    let mut known: Vec<&str> = command
        .get_subcommands()
        .map(clap::Command::get_name)
        .collect();
    if is_root {
        known.extend(Topic::ALL.map(Topic::name));
    }
    let hint = match config::nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None if known.is_empty() && tree.find_subcommand(word).is_some() => {
            format!("roomctl help {parents}\nroomctl help {word}")
        }
        None if known.is_empty() => "roomctl help COMMAND".into(),
        None => format!("there are: {}", known.join(", ")),
    };
    let word = excerpt(word);
    let message = if is_root {
        format!("no command or topic '{word}'")
    } else {
        format!("no command '{word}': {parents} has no command of this name")
    };
    Error::usage(message, hint)
}
