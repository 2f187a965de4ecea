//! `roomctl completions SHELL` prints the script with which a shell completes
//! roomctl's command lines. A shell can also ask roomctl at each completion:
//! [`complete`] answers it.
//!
//! [`scripts`] adds what the scripts of `clap_complete` lack.

mod scripts;
mod values;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Command;
use clap_complete::aot::{self, Generator, Shell};
use clap_complete::env::{EnvCompleter, Shells};
use serde_json::json;

use super::{CommandArgs, Context};
use crate::config::{Format, nearest};
use crate::error::Error;
use crate::exit::Exit;
use crate::secret::excerpt;
use crate::streams;

#[derive(Debug, clap::Args)]
#[command(after_help = SHORT, after_long_help = LONG)]
pub(crate) struct Args {
    /// Shell to print the script for
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

impl CommandArgs for Args {}

const SHORT: &str = "\
Examples:
  source <(roomctl completions bash)
  roomctl completions fish | source";

const LONG: &str = "\
Put the line of your shell in its start-up file:

  bash   ~/.bashrc                    source <(roomctl completions bash)
  zsh    ~/.zshrc, after compinit     source <(roomctl completions zsh)
  fish   ~/.config/fish/config.fish   roomctl completions fish | source

These scripts ask roomctl for the names of profiles. A shell can also ask roomctl
at each completion, so that it knows the files of --config, too:

  bash, zsh   source <(ROOMCTL_COMPLETE=bash roomctl), or =zsh
  fish        ROOMCTL_COMPLETE=fish roomctl | source

roomctl then reads the configuration file and opens no connection. Set the
variable for that one call only: while it is set, roomctl runs no command.

Examples:
  source <(roomctl completions bash)
  roomctl completions fish | source
  mkdir -p ~/.zfunc && roomctl completions zsh > ~/.zfunc/_roomctl";

/// The name of the program in the scripts.
const NAME: &str = "roomctl";

/// The variable that a shell sets when it asks roomctl.
const VARIABLE: &str = "ROOMCTL_COMPLETE";

/// Runs the command.
pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let shell = args.shell;
    let script = static_script(&context.command_tree(), shell);
    let text = match context.style.format {
        Format::Text => script,
        Format::Json => {
            let file = shell.file_name(NAME);
            let line = json!({ "Shell": shell.to_string(), "File": file, "Script": script });
            format!("{line}\n")
        }
    };
    context.print(&text)?;
    Ok(Exit::Done)
}

fn static_script(tree: &Command, shell: Shell) -> String {
    let mut tree = values::with_placeholders(values::with_fixed(tree));
    let mut script = Vec::new();
    aot::generate(shell, &mut tree, NAME, &mut script);
    let script = String::from_utf8_lossy(&script);
    scripts::complete_static(&script, shell, &tree)
}

/// Answers a shell that asks roomctl; false if none does. Opens no socket and
/// runs no program. A command that finds the variable exported must not be
/// taken for a question: it would do nothing and report success.
pub(crate) fn complete(context: &Context) -> Result<bool, Error> {
    let (argv, env) = (context.argv.as_slice(), &context.env);
    let Some(shell) = env.get_os(VARIABLE) else {
        return Ok(false);
    };
    let name = Path::new(shell).file_stem().unwrap_or_default();
    let name = name.to_string_lossy();
    let shells = Shells::builtins();
    let shell = shells
        .completer(&name)
        .ok_or_else(|| unknown_shell(&name))?;
    // `roomctl` alone asks for the script, `roomctl -- WORDS` for candidates.
    let answer = match argv {
        [] | [_] => asking_script(shell, argv),
        [_, dashes, words @ ..] if dashes == "--" => candidates(
            shell,
            values::with_profiles(&context.command_tree(), argv, env),
            words,
        ),
        _ => {
            let message = format!("{VARIABLE} is set: roomctl answers only a shell's question");
            return Err(Error::usage(message, format!("unset {VARIABLE}")));
        }
    };
    streams::print_bytes(&answer)?;
    Ok(true)
}

/// The script that makes a shell ask roomctl. It is written to memory first,
/// which never fails: the library does not distinguish an output that cannot be
/// written from one that its reader has closed.
fn asking_script(shell: &dyn EnvCompleter, argv: &[OsString]) -> Vec<u8> {
    let program = program(argv);
    let program = program.to_string_lossy();
    let mut script = Vec::new();
    let _ = shell.write_registration(VARIABLE, NAME, NAME, &program, &mut script);
    scripts::complete_asking(&String::from_utf8_lossy(&script), shell.name()).into()
}

/// The candidates for the last word; none where the library has none.
fn candidates(shell: &dyn EnvCompleter, mut tree: Command, words: &[OsString]) -> Vec<u8> {
    tree.build();
    let folder = std::env::current_dir().ok();
    let mut candidates = Vec::new();
    let _ = shell.write_complete(
        &mut tree,
        words.to_vec(),
        folder.as_deref(),
        &mut candidates,
    );
    candidates
}

/// This program as the script calls it. A bare name is searched in PATH. A path
/// is made absolute, because it must be valid in every folder.
fn program(argv: &[OsString]) -> PathBuf {
    let called = argv.first().map_or_else(|| NAME.into(), PathBuf::from);
    match std::env::current_dir() {
        Ok(folder) if called.components().count() > 1 => folder.join(called),
        _ => called,
    }
}

fn unknown_shell(shell: &str) -> Error {
    let known: Vec<&str> = Shells::builtins().names().collect();
    let hint = match nearest(shell, known.iter().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("supported shells: {}", known.join(", ")),
    };
    let message = format!("{VARIABLE}: {:?} is not a supported shell", excerpt(shell));
    Error::usage(message, hint)
}
