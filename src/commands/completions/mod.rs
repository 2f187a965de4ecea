//! `roomctl completions SHELL` prints the script with which a shell completes
//! roomctl's command lines. A shell can also ask roomctl at each completion:
//! [`complete`] answers it.
//!
//! The scripts of `clap_complete` lack values after `=` in bash, operands in fish,
//! names of profiles, and the command after `sandbox --`. They are added here.

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
use values::PROFILES;

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
    complete_static(&script, shell, &tree)
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
    complete_asking(&String::from_utf8_lossy(&script), shell.name()).into()
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

/// Prints the names of profiles, one a line: roomctl answers as it answers fish.
const ASK_PROFILES: &str =
    "ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1";

/// The static script of this shell with what it lacks.
fn complete_static(script: &str, shell: Shell, tree: &Command) -> String {
    match shell {
        Shell::Bash => {
            let script = insert(script, BASH_BEGINS, &bash_program("_roomctl roomctl"));
            let script = insert(&script, BASH_WORDS_SET, BASH_WITH_EQUALS);
            let script = without_files_for_words(&script);
            script.replace(PROFILES, &format!("$({ASK_PROFILES})"))
        }
        Shell::Zsh => {
            let script = script.replace(&format!("({PROFILES})"), "_roomctl_profiles");
            let names = format!("{{ compadd -- ${{(f)\"$({ASK_PROFILES})\"}} }}");
            let functions = format!("_roomctl_profiles() {names}\n\n");
            insert(
                &script.replace("_cmdambivalent", "_normal"),
                ZSH_ENDS,
                &functions,
            )
        }
        Shell::Fish => {
            let script = insert(script, FISH_WORDS_PARSED, FISH_WITH_VALUE);
            let operands = fish_operands(tree);
            let script = format!("{FISH_PROGRAM}\n{script}{operands}{FISH_PROGRAM_LINE}");
            let names = format!("({ASK_PROFILES})");
            let with_help = format!("{PROFILES}\\t''");
            script.replace(&with_help, &names).replace(PROFILES, &names)
        }
        _ => without_placeholder(script),
    }
}

/// The script with which this shell asks roomctl, with what it lacks.
fn complete_asking(script: &str, shell: &str) -> String {
    match shell {
        "bash" => {
            let program = bash_program("_clap_complete_roomctl roomctl");
            let script = insert(script, BASH_ASKING_BEGINS, &program);
            insert(&script, BASH_ASKS, BASH_WITHOUT_EQUALS)
        }
        "zsh" => insert(script, ZSH_ASKING_BEGINS, ZSH_PROGRAM),
        "fish" => {
            let script = script.replacen("\"(ROOMCTL", "\"(__roomctl_program; or ROOMCTL", 1);
            format!("{FISH_PROGRAM}\n{script}")
        }
        _ => script.to_owned(),
    }
}

/// `script` with `text` before the first `place`.
fn insert(script: &str, place: &str, text: &str) -> String {
    script.replacen(place, &format!("{text}{place}"), 1)
}

/// Other shells get no names of profiles.
fn without_placeholder(script: &str) -> String {
    let lines = script.split_inclusive('\n');
    lines.filter(|line| !line.contains(PROFILES)).collect()
}

/// The first line of the static script's function after its variables.
const BASH_BEGINS: &str = "    COMPREPLY=()\n";

/// The line before which the current and the previous word are set.
const BASH_WORDS_SET: &str = "    cmd=\"\"\n";

/// bash splits `--flag=value` into three words.
const BASH_WITH_EQUALS: &str = "    if [[ \"${cur}\" == \"=\" ]]; then
        cur=\"\"
    elif [[ \"${prev}\" == \"=\" ]]; then
        prev=\"${COMP_WORDS[COMP_CWORD-2]}\"
    fi
";

/// The static script of bash with a line after each list of words that a value or a
/// profile can be: where none fits, bash would offer the names of files.
fn without_files_for_words(script: &str) -> String {
    const NO_FILES: &str =
        "[[ \"${BASH_VERSINFO[0]}\" -lt 4 ]] || compopt +o bashdefault +o default\n";
    let has_words = |line: &str| {
        let text = line.trim_start();
        let is_profile = text.starts_with("opts=") && text.contains(PROFILES);
        is_profile || text.starts_with("COMPREPLY=($(compgen -W ")
    };
    let mut all = String::with_capacity(script.len());
    for line in script.split_inclusive('\n') {
        all.push_str(line);
        if has_words(line) {
            let indent = line.len() - line.trim_start().len();
            all.push_str(&line[..indent]);
            all.push_str(NO_FILES);
        }
    }
    all
}

/// In the asking script of bash: the first line of the function.
const BASH_ASKING_BEGINS: &str = "    local IFS=$'\\013'\n";

/// In the asking script of bash: the line that calls roomctl.
const BASH_ASKS: &str = "    COMPREPLY=( $( \\\n";

/// `--flag = value` is passed on as two words.
const BASH_WITHOUT_EQUALS: &str = "    local i
    for ((i = COMP_CWORD - 1; i > 1; i--)); do
        if [[ \"${COMP_WORDS[i]}\" == \"=\" && \"${COMP_WORDS[i-1]}\" == --* ]]; then
            unset \"words[i]\"
            ((_CLAP_COMPLETE_INDEX--))
        fi
    done
    words=(\"${words[@]}\")
";

/// After `sandbox --` a command is completed: by the functions of bash-completion,
/// or by its name and, if it is roomctl, by `function`.
fn bash_program(function: &str) -> String {
    format!(
        "    local at
    for ((at = 2; at < COMP_CWORD; at++)); do
        [[ \"${{COMP_WORDS[at]}}\" == \"--\" ]] || continue
        [[ \" ${{COMP_WORDS[*]:1:at-1}} \" == *\" sandbox \"* ]] || continue
        if declare -F _comp_command_offset > /dev/null; then
            _comp_command_offset $((at + 1))
        elif declare -F _command_offset > /dev/null; then
            _command_offset $((at + 1))
        elif ((COMP_CWORD == at + 1)); then
            COMPREPLY=($(compgen -c -- \"$2\"))
        elif [[ \"${{COMP_WORDS[at+1]##*/}}\" == roomctl ]]; then
            COMP_WORDS=(\"${{COMP_WORDS[@]:at+1}}\")
            COMP_CWORD=$((COMP_CWORD - at - 1))
            {function} \"$2\" \"$3\"
        else
            COMPREPLY=($(compgen -f -- \"$2\"))
        fi
        return
    done
"
    )
}

/// In the static script of zsh: its last lines begin so.
const ZSH_ENDS: &str = "if [ \"$funcstack[1]\" = \"_roomctl\" ]; then";

/// In the asking script of zsh: the first line of the function.
const ZSH_ASKING_BEGINS: &str = "    local _CLAP_COMPLETE_INDEX=";

const ZSH_PROGRAM: &str = "    local at=${words[(i)--]}
    if (( at < CURRENT && ${words[(i)sandbox]} < at )); then
        shift $at words
        (( CURRENT -= at ))
        _normal
        return
    fi
";

/// True if the command after `sandbox --` is completed, and prints what fits.
const FISH_PROGRAM: &str = r#"function __roomctl_program
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    contains sandbox $words; or return 1
    set -l at (contains -i -- -- $words); or return 1
    set -e words[1..$at]
    complete -C (string join ' ' -- (string escape -- $words) "$current")
end
"#;

const FISH_PROGRAM_LINE: &str =
    "complete -c roomctl -n 'contains -- -- (commandline -opc)' -f -a '(__roomctl_program)'\n";

/// In the static script of fish: what follows the parsing of the words before the
/// cursor.
const FISH_WORDS_PARSED: &str = "    or return\n    if set -q argv[1]\n";

/// A flag before the cursor has no value yet: `roomctl --profile pr`.
const FISH_WITH_VALUE: &str =
    "    or argparse -s (__fish_roomctl_global_optspecs) -- $cmd '' 2>/dev/null\n";

/// Lines for fish, whose generated script has no values of operands: one line
/// for every value of an operand of a command.
fn fish_operands(tree: &Command) -> String {
    let mut lines = String::new();
    for command in tree.get_subcommands() {
        let name = command.get_name();
        let condition = format!("__fish_roomctl_using_subcommand {name}");
        fish_lines(&mut lines, command, &condition);
        for verb in command.get_subcommands() {
            let condition = format!(
                "__fish_roomctl_using_subcommand {name}; and __fish_seen_subcommand_from {}",
                verb.get_name()
            );
            fish_lines(&mut lines, verb, &condition);
        }
    }
    lines
}

fn fish_lines(lines: &mut String, command: &Command, condition: &str) {
    let operands = command.get_positionals();
    for value in operands.flat_map(clap::Arg::get_possible_values) {
        fish_line(lines, condition, &value);
    }
}

fn fish_line(lines: &mut String, condition: &str, value: &PossibleValue) {
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
