//! `roomctl completions SHELL`: the script that makes a shell complete roomctl's
//! command lines; [`complete`] answers the shells that ask roomctl itself. The
//! tree of commands is handed down by `cli`.

mod bash;
mod fish;
mod values;

use std::ffi::OsString;
use std::path::Path;

use clap_complete::CompleteEnv;
use clap_complete::aot::{self, Generator, Shell};
use clap_complete::env::Shells;
use serde_json::json;

use super::{Context, scope};
use crate::config::{ConnectionArgs, Env, Format, OutputArgs, nearest};
use crate::error::Error;
use crate::exit::Exit;
use crate::secret::excerpt;
use crate::streams;

#[derive(Debug, clap::Args)]
#[command(after_help = SHORT, after_long_help = LONG)]
pub(crate) struct Args {
    /// Shell whose script to print
    #[arg(value_name = "SHELL")]
    shell: Shell,
    #[command(flatten)]
    output: OutputArgs,
}

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

/// Runs the command; `tree` is the whole command line.
pub(crate) fn run(
    tree: &clap::Command,
    connection: &ConnectionArgs,
    output: OutputArgs,
    args: Args,
    context: &mut Context,
) -> Result<Exit, Error> {
    scope::refuse_others("completions", connection, &[])?;
    let output = output.merge(args.output)?;
    context.look(&output, None)?;
    let shell = args.shell;
    let script = script(tree, shell);
    let text = match context.look.format {
        Format::Text => script,
        Format::Json => {
            let file = shell.file_name("roomctl");
            let line = json!({ "Shell": shell.to_string(), "File": file, "Script": script });
            format!("{line}\n")
        }
    };
    streams::print(context.look, &text).map_err(Error::Record)?;
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

/// The variable by which a shell asks.
const ASKED_BY: &str = "ROOMCTL_COMPLETE";

/// Whether a shell asks, and nothing else is to be done: answered then. Opens
/// no socket, runs no program. A command that finds the variable exported must
/// not be taken for a question: it would do nothing and call that a success.
pub(crate) fn complete(
    tree: impl Fn() -> clap::Command,
    argv: &[OsString],
    env: &Env,
) -> Result<bool, Error> {
    let Some(shell) = env.get_os(ASKED_BY) else {
        return Ok(false);
    };
    // The library tells this like a pipe that is closed.
    let name = Path::new(shell).file_stem().unwrap_or_default();
    let name = name.to_string_lossy();
    if Shells::builtins().completer(&name).is_none() {
        return Err(unknown(&name));
    }
    if !is_question(argv) {
        let message = format!("{ASKED_BY} is set, so nothing but a shell's question is answered");
        return Err(Error::usage(message, format!("unset {ASKED_BY}")));
    }
    let tree = || values::of_now(&tree(), argv, env);
    let folder = std::env::current_dir().ok();
    let answer = CompleteEnv::with_factory(tree).var(ASKED_BY);
    let answered = answer.try_complete(argv.iter().cloned(), folder.as_deref());
    // What is left is a shell that does not listen any more.
    Ok(answered.unwrap_or(true))
}

/// `roomctl` alone asks for the script, `roomctl -- WORDS` how they go on.
fn is_question(argv: &[OsString]) -> bool {
    argv.get(1).is_none_or(|first| first == "--")
}

fn unknown(shell: &str) -> Error {
    let known: Vec<&str> = Shells::builtins().names().collect();
    let hint = match nearest(shell, known.iter().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("there are: {}", known.join(", ")),
    };
    let message = format!(
        "{ASKED_BY}: {:?} is no shell that can be answered",
        excerpt(shell)
    );
    Error::usage(message, hint)
}
