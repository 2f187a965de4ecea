//! `roomctl completions SHELL` prints the script with which a shell completes
//! roomctl's command lines. A shell can also ask roomctl at each completion:
//! [`complete`] answers it.
//!
//! The scripts that `clap_complete` generates for bash and fish are corrected here.

mod values;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Command;
use clap::builder::PossibleValue;
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
  roomctl completions fish > ~/.config/fish/completions/roomctl.fish";

const LONG: &str = "\
These scripts do not know the names of profiles. To complete them as well, let
the shell ask roomctl at each completion. Put one line in its start-up file:

  bash, zsh   source <(ROOMCTL_COMPLETE=bash roomctl), or =zsh
  fish        ROOMCTL_COMPLETE=fish roomctl | source

roomctl then reads the configuration file and opens no connection. Set the
variable for that one call only: while it is set, roomctl runs no command.

Examples:
  source <(roomctl completions bash)
  roomctl completions zsh > \"${fpath[1]}/_roomctl\"
  roomctl completions fish > ~/.config/fish/completions/roomctl.fish";

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
    let mut tree = values::with_fixed(tree);
    let mut script = Vec::new();
    aot::generate(shell, &mut tree, NAME, &mut script);
    let script = String::from_utf8_lossy(&script);
    match shell {
        Shell::Bash => bash_with_equals(&script),
        Shell::Fish => script.into_owned() + &fish_operands(&tree),
        _ => script.into_owned(),
    }
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
    match shell.name() {
        "bash" => bash_asking_without_equals(&String::from_utf8_lossy(&script)).into(),
        _ => script,
    }
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

/// In the static script of bash: the line before which the current and the
/// previous word are set.
const BASH_WORDS_SET: &str = "    cmd=\"\"\n";

/// bash splits `--flag=value` into three words.
const BASH_WITH_EQUALS: &str = "\
    if [[ \"${cur}\" == \"=\" ]]; then
        cur=\"\"
    elif [[ \"${prev}\" == \"=\" ]]; then
        prev=\"${COMP_WORDS[COMP_CWORD-2]}\"
    fi
";

/// In the asking script of bash: the line that calls roomctl.
const BASH_ASKS: &str = "    COMPREPLY=( $( \\\n";

const BASH_WITHOUT_EQUALS: &str = "\
    local i
    for ((i = COMP_CWORD - 1; i > 1; i--)); do
        if [[ \"${COMP_WORDS[i]}\" == \"=\" && \"${COMP_WORDS[i-1]}\" == --* ]]; then
            unset \"words[i]\"
            ((_CLAP_COMPLETE_INDEX--))
        fi
    done
    words=(\"${words[@]}\")
";

/// The static script of bash, with the flag before `=` as the previous word.
fn bash_with_equals(script: &str) -> String {
    let patched = format!("{BASH_WITH_EQUALS}{BASH_WORDS_SET}");
    script.replacen(BASH_WORDS_SET, &patched, 1)
}

/// The asking script of bash, with `--flag = value` passed on as two words.
fn bash_asking_without_equals(script: &str) -> String {
    script.replacen(BASH_ASKS, &format!("{BASH_WITHOUT_EQUALS}{BASH_ASKS}"), 1)
}

/// Lines for fish, whose generated script has no values of operands: one line
/// for every value of an operand of the commands directly below `tree`.
fn fish_operands(tree: &Command) -> String {
    let mut lines = String::new();
    for command in tree.get_subcommands() {
        let operands = command.get_positionals();
        for value in operands.flat_map(clap::Arg::get_possible_values) {
            fish_line(&mut lines, command.get_name(), &value);
        }
    }
    lines
}

fn fish_line(lines: &mut String, command: &str, value: &PossibleValue) {
    let condition = format!("__fish_roomctl_using_subcommand {command}");
    let name = value.get_name();
    // Writing to a String cannot fail.
    let _ = write!(
        lines,
        "complete -c roomctl -n \"{condition}\" -f -a \"{name}\""
    );
    if let Some(help) = value.get_help() {
        let help = help.to_string().replace('\\', "\\\\").replace('\'', "\\'");
        let _ = write!(lines, " -d '{help}'");
    }
    lines.push('\n');
}
