//! The questions of `roomctl profile add`, asked only where a person can answer
//! them; an empty answer leaves the value to other places.

use std::ffi::OsString;
use std::io::IsTerminal;

use anyhow::Context as _;

use crate::commands::Context;
use crate::config::{ConnectionArgs, Prompted};
use crate::error::Error;

/// Asks for app, caller and secret, as far as no flag gives them. Answers count
/// as flags; whether the key is one of them is told, as others cannot see it.
pub(super) fn rest(args: &mut ConnectionArgs, context: &mut Context) -> Result<Prompted, Error> {
    let can_answer = context.stdin.is_terminal() && std::io::stderr().is_terminal();
    // Stdin is to be read to its end then.
    let is_taken = [&args.secret_key_file, &args.usersig_file]
        .into_iter()
        .flatten()
        .any(|file| file == "-");
    if !can_answer || is_taken {
        return Ok(Prompted::default());
    }
    if args.sdkappid.is_none() {
        args.sdkappid = answer("SDKAppID (a number; empty for none):", context);
    }
    if args.identifier.is_none() {
        args.identifier = answer(
            "identifier (an App administrator; empty for none):",
            context,
        );
    }
    let has_secret = args.secret_key.is_some()
        || args.secret_key_file.is_some()
        || args.usersig.is_some()
        || args.usersig_file.is_some();
    if has_secret {
        return Ok(Prompted::default());
    }
    let style = context.style;
    let ask = || style.notes().ask("secret key (not shown; empty for none):");
    let key = context.stdin.answer_unseen(ask);
    args.secret_key = key
        .context("the terminal cannot be kept from showing the key")
        .map_err(Error::from)?;
    Ok(Prompted {
        key: args.secret_key.is_some(),
    })
}

fn answer(question: &str, context: &mut Context) -> Option<OsString> {
    context.notes().ask(question);
    let answer = context.stdin.answer();
    (!answer.is_empty()).then(|| answer.into())
}
