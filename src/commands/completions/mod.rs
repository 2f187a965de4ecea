//! `roomctl completions SHELL`: the script that makes a shell complete roomctl's
//! command lines; [`complete`] answers the shells that ask roomctl itself. The
//! tree of commands is handed down by `cli`.

mod asked;
mod bash;
mod fish;
mod values;

use clap_complete::aot::{self, Generator, Shell};
use serde_json::json;

use super::{CommandArgs, Context};
use crate::config::Format;
use crate::error::Error;
use crate::exit::Exit;

pub(crate) use asked::complete;

#[derive(Debug, clap::Args)]
#[command(after_help = SHORT, after_long_help = LONG)]
pub(crate) struct Args {
    /// Shell whose script to print
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

impl CommandArgs for Args {}

const SHORT: &str = "\
Examples:
  source <(roomctl completions bash)
  roomctl completions fish > ~/.config/fish/completions/roomctl.fish";

const LONG: &str = "\
Where a shell is to complete the names of profiles, too, let it ask roomctl while
somebody types, by a line in its start-up file:

  bash, zsh   source <(ROOMCTL_COMPLETE=bash roomctl), or =zsh
  fish        ROOMCTL_COMPLETE=fish roomctl | source

That reads the configuration file and calls nobody. Set the variable for that one
call only: with it, nothing but such a question is answered.

Examples:
  source <(roomctl completions bash)
  roomctl completions zsh > \"${fpath[1]}/_roomctl\"
  roomctl completions fish > ~/.config/fish/completions/roomctl.fish";

/// Runs the command.
pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let shell = args.shell;
    let script = script(&context.command_tree(), shell);
    let text = match context.style.format {
        Format::Text => script,
        Format::Json => {
            let file = shell.file_name("roomctl");
            let line = json!({ "Shell": shell.to_string(), "File": file, "Script": script });
            format!("{line}\n")
        }
    };
    context.print(&text)?;
    Ok(Exit::Done)
}

fn script(tree: &clap::Command, shell: Shell) -> String {
    let mut tree = values::fixed(tree);
    let mut script = Vec::new();
    aot::generate(shell, &mut tree, "roomctl", &mut script);
    let script = String::from_utf8_lossy(&script);
    match shell {
        Shell::Bash => bash::with_equals(&script),
        Shell::Fish => script.into_owned() + &fish::operands(&tree),
        _ => script.into_owned(),
    }
}
