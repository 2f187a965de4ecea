//! Fuzz target: a command line, one word a line. It is parsed, and its problems are
//! collected; nothing runs.
//!
//! [`SECRET_MARK`] in it becomes a key, which no message may show.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use clap::CommandFactory;

use super::{Cli, command_tree, is_probably_misread, parse, usage};
use crate::commands::Context;
use crate::config::{Env, Format};
use crate::error::Error;
use crate::exit::Exit;
use crate::fuzz::{SECRET, SECRET_MARK};
use crate::output::Notes;

/// Longer ones only take time.
const MAX_WORDS: usize = 40;

pub(crate) fn check(data: &[u8]) {
    let words = data.split(|byte| *byte == b'\n').take(MAX_WORDS);
    let words = words.map(|word| match std::str::from_utf8(word) {
        Ok(text) => text.replace(SECRET_MARK, SECRET).into(),
        Err(_) => OsString::from_vec(word.to_vec()),
    });
    let argv: Vec<OsString> = std::iter::once("roomctl".into()).chain(words).collect();
    let mut tree = Cli::command();
    let parsed = parse(&mut tree, &argv);
    let is_misread = is_probably_misread(&tree, &argv);
    let is_help = |error: &clap::Error| !error.use_stderr();
    if parsed.as_ref().is_ok_and(|_| !is_misread) || parsed.as_ref().is_err_and(is_help) {
        return;
    }
    let mut context = Context::from_process(&argv, command_tree);
    context.env = Env::default();
    let error = usage::to_error(&argv, &mut context);
    assert!(
        matches!(error.exit(), Exit::Usage | Exit::Config),
        "{error:?}"
    );
    assert!(!error.hint().is_empty(), "{error:?}");
    for format in [Format::Text, Format::Json] {
        check_shown(&error, format);
    }
}

/// As it is printed: no key, nothing that a terminal obeys, and JSON in one line.
fn check_shown(error: &Error, format: Format) {
    let mut bytes = Vec::new();
    Notes::new(&mut bytes, format, false, 0).error(error);
    let shown = String::from_utf8(bytes).expect("UTF-8");
    assert!(!shown.contains(&SECRET[..48]), "{shown}");
    let is_obeyed = |c: char| c.is_control() && c != '\n';
    assert!(!shown.contains(is_obeyed), "{shown:?}");
    if format == Format::Json {
        assert_eq!(shown.lines().count(), 1, "{shown:?}");
        let line: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
        assert!(
            line["error"]["hint"]
                .as_str()
                .is_some_and(|hint| !hint.is_empty())
        );
    }
}
