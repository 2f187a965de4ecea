//! Answers to shells that ask roomctl itself how a command line goes on.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Command;
use clap_complete::env::{EnvCompleter, Shells};

use super::{bash, values};
use crate::commands::Context;
use crate::config::nearest;
use crate::error::Error;
use crate::secret::excerpt;
use crate::streams;

/// The variable by which a shell asks.
const ASKED_BY: &str = "ROOMCTL_COMPLETE";

const NAME: &str = "roomctl";

/// Whether a shell asks, and nothing else is to be done: answered then. Opens
/// no socket, runs no program. A command that finds the variable exported must
/// not be taken for a question: it would do nothing and call that a success.
pub(crate) fn complete(context: &Context) -> Result<bool, Error> {
    let (argv, env) = (context.argv.as_slice(), &context.env);
    let Some(shell) = env.get_os(ASKED_BY) else {
        return Ok(false);
    };
    let name = Path::new(shell).file_stem().unwrap_or_default();
    let name = name.to_string_lossy();
    let shells = Shells::builtins();
    let shell = shells.completer(&name).ok_or_else(|| unknown(&name))?;
    // `roomctl` alone asks for the script, `roomctl -- WORDS` how they go on.
    let answer = match argv {
        [] | [_] => script(shell, argv),
        [_, dashes, words @ ..] if dashes == "--" => candidates(
            shell,
            values::of_now(&context.command_tree(), argv, env),
            words,
        ),
        _ => {
            let message =
                format!("{ASKED_BY} is set, so nothing but a shell's question is answered");
            return Err(Error::usage(message, format!("unset {ASKED_BY}")));
        }
    };
    streams::print_bytes(&answer)?;
    Ok(true)
}

/// What makes the shell ask. Into memory, as the library cannot tell a lost
/// output from a reader who has left; that never fails.
fn script(shell: &dyn EnvCompleter, argv: &[OsString]) -> Vec<u8> {
    let program = program(argv);
    let program = program.to_string_lossy();
    let mut script = Vec::new();
    let _ = shell.write_registration(ASKED_BY, NAME, NAME, &program, &mut script);
    match shell.name() {
        "bash" => bash::asking_without_equals(&String::from_utf8_lossy(&script)).into(),
        _ => script,
    }
}

/// How the words go on; nothing where the library does not know.
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

/// This program as the script is to call it: a name is looked for on the PATH,
/// a path is to hold in every folder.
fn program(argv: &[OsString]) -> PathBuf {
    let called = argv.first().map_or_else(|| NAME.into(), PathBuf::from);
    match std::env::current_dir() {
        Ok(folder) if called.components().count() > 1 => folder.join(called),
        _ => called,
    }
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
