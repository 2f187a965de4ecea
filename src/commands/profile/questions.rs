//! The questions of `roomctl profile add` on a terminal: what no flag gives. Each
//! answer is checked at once, and asked for again with the reason. Nothing is
//! written until all are answered.

use std::io::IsTerminal;

use anyhow::Context as _;

use crate::api::Region;
use crate::clock::{Clock, unix_seconds};
use crate::commands::Context;
use crate::config::table::{
    ENDPOINT, IDENTIFIER, REGION, SDKAPPID, SECRET_KEY_FILE, SettingSpec, USERSIG_FILE,
};
use crate::config::{ConfigFile, GivenValues, NewValues, NoEcho};
use crate::error::{Error, Problem};

/// What is typed for a value that the profile shall not have.
const NONE: &str = "-";

/// Whether a person can answer: standard input and stderr are terminals, and no
/// flag reads standard input.
pub(super) fn can_ask(context: &Context) -> bool {
    let is_stdin = |spec: &'static SettingSpec| {
        let raw = context.flags.connection.flags().get(spec);
        raw.is_some_and(|raw| raw.os_text().is_some_and(|file| file == "-"))
    };
    let is_terminal = context.stdin.is_terminal() && std::io::stderr().is_terminal();
    is_terminal && !is_stdin(&SECRET_KEY_FILE) && !is_stdin(&USERSIG_FILE)
}

/// Asks for the name of the profile.
pub(super) fn name(file: &ConfigFile, force: bool, context: &mut Context) -> Result<String, Error> {
    loop {
        let name = answer("name of the profile (like prod):", context)?;
        match file.check_name(&name, force) {
            Ok(()) => return Ok(name),
            Err(problem) => again(problem, context),
        }
    }
}

/// Asks for app, account, credential and region, as far as they are not given.
pub(super) fn values(given: &mut GivenValues, context: &mut Context) -> Result<(), Error> {
    value(
        &SDKAPPID,
        "SDKAppID (the app's number in the TRTC console):",
        given,
        context,
    )?;
    value(
        &IDENTIFIER,
        "identifier (an App administrator):",
        given,
        context,
    )?;
    if !given.has_credential() {
        credential(given, context)?;
    }
    if !given.flags.has(&REGION) && !given.flags.has(&ENDPOINT) {
        region(given, context)?;
    }
    Ok(())
}

fn value(
    spec: &'static SettingSpec,
    question: &str,
    given: &mut GivenValues,
    context: &mut Context,
) -> Result<(), Error> {
    while !given.flags.has(spec) {
        let text = answer(question, context)?;
        if text == NONE {
            return Ok(());
        }
        if text.is_empty() {
            again(empty(), context);
            continue;
        }
        let mut with_answer = given.clone();
        with_answer.flags.set(spec, std::ffi::OsString::from(text));
        accept(given, with_answer, context);
    }
    Ok(())
}

const ABOUT_CREDENTIAL: &str = "\
secret key: paste it, or the name of a file with it (~/key), or a ready-made
UserSig, or ! and a command that prints it (! pass show key). It is not shown.
key, file, UserSig or ! command:";

fn credential(given: &mut GivenValues, context: &mut Context) -> Result<(), Error> {
    let no_echo = NoEcho::begin().context("the terminal cannot be kept from showing the key")?;
    while !given.has_credential() {
        context.notes().ask(ABOUT_CREDENTIAL);
        let typed = context.stdin.read_secret(&no_echo).ok_or_else(ended)?;
        match typed.expose() {
            Some(NONE) => return Ok(()),
            Some("") => {
                again(empty(), context);
                continue;
            }
            _ => {}
        }
        let mut with_answer = given.clone();
        match with_answer.set_credential(typed) {
            Ok(()) => {
                accept(given, with_answer, context);
                confirm_credential(given, context);
            }
            Err(problem) => again(problem, context),
        }
    }
    Ok(())
}

/// Reports what the answer, which was not shown, was taken for.
fn confirm_credential(given: &GivenValues, context: &Context) {
    let mut notes = context.notes();
    if let Some(what) = given.credential_kind() {
        notes.info(&what);
    }
    if let Some(warning) = given.typed_key_warning() {
        notes.warn(&warning);
    }
}

/// The region has a default: an empty answer.
fn region(given: &mut GivenValues, context: &mut Context) -> Result<(), Error> {
    let default = REGION.default.unwrap_or_default();
    let names = Region::ALL.map(Region::name).join(", ");
    let app = given.flags.get(&SDKAPPID);
    let app = app.and_then(|raw| raw.text().ok()?.parse().ok());
    let likely = app.map(|app| Region::guess(app).name());
    let guess = likely.filter(|likely| *likely != default);
    let guess = guess.map_or_else(String::new, |likely| {
        format!("\nBy its number the app may be in {likely}; the TRTC console shows it.")
    });
    let question = format!("regions: {names}{guess}\nregion of the app [{default}]:");
    while !given.flags.has(&REGION) {
        let mut text = answer(&question, context)?;
        if text.is_empty() {
            default.clone_into(&mut text);
        }
        let mut with_answer = given.clone();
        with_answer
            .flags
            .set(&REGION, std::ffi::OsString::from(text));
        accept(given, with_answer, context);
    }
    Ok(())
}

/// Takes the answer if all values are good with it; else reports why not.
fn accept(given: &mut GivenValues, with_answer: GivenValues, context: &mut Context) {
    let now = unix_seconds(context.clock.now().wall);
    match NewValues::check(&with_answer, &context.env, now, &mut context.stdin) {
        Ok(_) => *given = with_answer,
        Err(error) => again(error, context),
    }
}

/// Reports what is wrong with an answer, before the question is asked again.
fn again(error: impl Into<Error>, context: &Context) {
    context.notes().error(&error.into());
}

fn empty() -> Problem {
    let hint = format!("type it, or {NONE} for a profile without it; Ctrl-C stores nothing");
    Problem::usage("the answer is empty", hint)
}

fn answer(question: &str, context: &mut Context) -> Result<String, Error> {
    context.notes().ask(question);
    context.stdin.read_answer().ok_or_else(ended)
}

fn ended() -> Error {
    Error::usage(
        "the input ended before all was answered; nothing was stored",
        "answer every question, or give the values as flags: roomctl profile add --help",
    )
}
