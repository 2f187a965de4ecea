//! `roomctl profile add` stores the connection flags in a profile, and asks for
//! what is missing on a terminal. Each answer is checked at once, and asked for again
//! with the reason. Nothing is written until all are answered.

use std::io::IsTerminal;

use anyhow::Context as _;
use serde_json::json;

use super::show::print;
use crate::api::Region;
use crate::clock::{Clock, unix_seconds};
use crate::commands::{Accepts, CommandArgs, Context};
use crate::config::table::{
    CONFIG, ENDPOINT, Group, IDENTIFIER, PROFILE, REGION, SDKAPPID, SECRET_KEY_FILE, SettingSpec,
    USERSIG_FILE,
};
use crate::config::{ConfigFile, GivenValues, KeyChanges, NewValues, NoEcho};
use crate::error::{Error, Problem, Problems};
use crate::exit::Exit;
use crate::output::Notes;
use crate::secret::scrub;
use crate::stdio::Stderr;

/// Write a profile: flags are values to store; on a terminal, asks for the rest
#[derive(Debug, clap::Args)]
#[command(after_help = ADD_SHORT, after_long_help = ADD_LONG)]
pub(super) struct AddArgs {
    /// Profile to write; the first one of a file becomes the default
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Replace all values of a profile that exists: those that are not given are
    /// removed and named; keys that no flag here sets, like protect, stay
    ///
    /// A key or UserSig in the profile is not removed unless another is given.
    #[arg(long)]
    force: bool,
}

impl CommandArgs for AddArgs {
    const ACCEPTS: Accepts = Accepts::Only(&USED);
}

const ADD_SHORT: &str = "\
On a terminal it asks for what no flag gives: name, SDKAppID, identifier, key
(or file, UserSig, command that prints it), region. Ctrl-C stores nothing.

Examples:
  roomctl profile add            (asks for everything, on a terminal)
  roomctl profile add prod --sdkappid 1400000001 --identifier administrator";

const ADD_LONG: &str = "\
On a terminal it asks for what no flag gives: name, SDKAppID, identifier, the
key (or its file, a ready-made UserSig, a command that prints the key), region.
Each answer is checked when it is given. Ctrl-C stores nothing.

--secret-key-file FILE stores the name of the file; --secret-key-file - reads the
key from stdin and stores the key.

Examples:
  roomctl profile add            (asks for everything, on a terminal)
  roomctl profile add prod --sdkappid 1400000001 --identifier administrator \\
    --secret-key-file ~/.config/roomctl/key --region singapore";

/// All but `--profile`, because NAME is the profile, and `--sandbox`, which has
/// settings of its own.
const USED: [Group; 8] = [
    Group::ConfigFile,
    Group::Account,
    Group::Key,
    Group::UserSig,
    Group::Destination,
    Group::Trust,
    Group::Lifetime,
    Group::Timeouts,
];

/// The flags of a whole profile.
const WHOLE: &str = "roomctl profile add NAME --sdkappid N --identifier ID --secret-key-file FILE";

/// Runs `add`.
pub(super) fn add(args: &AddArgs, context: &mut Context) -> Result<Exit, Error> {
    let mut file = ConfigFile::open(&context.flags.connection, &context.env, false)?;
    let (name, values) = name_and_values(args, &file, context)?;
    let mut notes = context.notes();
    for warning in &values.warnings {
        notes.warn(warning);
    }
    let change = match file.profile(&name) {
        Ok(_) => "replaced",
        Err(_) => "added",
    };
    let changes = file.add(&name, &values)?;
    file.save()?;
    let json = changed(&name, change, &file);
    let exit = print(context, &json, &format!("{change} profile {name}\n"))?;
    if change == "replaced" {
        report_changes(&changes, &mut notes);
    }
    let (default, is_other) = which_is_default(&name, &file, context);
    notes.info(&default);
    let config = config_flag(context);
    if is_other {
        notes.info(&format!(
            "use it: --profile {name}; make it the default: roomctl profile use {name}{config}"
        ));
    }
    notes.info(&format!(
        "check it: roomctl doctor --profile {name}{config}"
    ));
    Ok(exit)
}

/// Names the keys of a profile that existed before.
fn report_changes(changes: &KeyChanges, notes: &mut Notes<Stderr>) {
    let KeyChanges { set, removed, kept } = changes;
    if !removed.is_empty() {
        let keys = removed.join(", ");
        notes.warn(&format!("removed from the profile: {keys}"));
    }
    notes.info(&format!("set: {}", set.join(", ")));
    if !kept.is_empty() {
        notes.info(&format!("kept: {}", kept.join(", ")));
    }
}

/// What is to be stored, all problems of the flags together. On a terminal, asks
/// for the rest.
fn name_and_values(
    args: &AddArgs,
    file: &ConfigFile,
    context: &mut Context,
) -> Result<(String, NewValues), Error> {
    let can_ask = can_ask(context);
    let mut given = GivenValues {
        flags: context.flags.connection.flags().clone(),
        ..GivenValues::default()
    };
    let mut problems = Problems::default();
    match &args.name {
        Some(name) => {
            let checked = file.check_name(name, args.force);
            let is_good = problems.ok_or_collect(checked).is_some();
            // On a terminal the question about the key is answered.
            if is_good && !can_ask {
                problems.ok_or_collect(file.check_secret_is_replaced(name, &given));
            }
        }
        None if can_ask => {}
        None => problems.push(Problem::usage(
            "NAME is missing: the profile to write",
            WHOLE,
        )),
    }
    let checked = problems.ok_or_collect(check(&given, context));
    problems.ok_or_collect(file.check_writable());
    problems.into_result()?;
    let (name, values) = if can_ask {
        let name = match &args.name {
            Some(name) => name.clone(),
            None => ask_name(file, args.force, context)?,
        };
        ask_values(&mut given, context)?;
        (name, Some(check(&given, context)?))
    } else {
        (args.name.clone().unwrap_or_default(), checked)
    };
    match values {
        Some(values) if !values.is_empty() => Ok((name, values)),
        _ => Err(Error::usage("nothing to store: no value is given", WHOLE)),
    }
}

/// Adds the problems of the values of a command line that does not run. Nothing is
/// read from standard input.
pub(super) fn check_flags(context: &mut Context, problems: &mut Problems) {
    let given = GivenValues {
        flags: context.flags.connection.flags().clone(),
        ..GivenValues::default()
    };
    let is_stdin = |spec| {
        let raw = given.flags.get(spec);
        raw.is_some_and(|raw| raw.os_text().is_some_and(|text| text == "-"))
    };
    if !is_stdin(&SECRET_KEY_FILE) && !is_stdin(&USERSIG_FILE) {
        problems.ok_or_collect(check(&given, context));
    }
}

fn check(given: &GivenValues, context: &mut Context) -> Result<NewValues, Error> {
    let now = unix_seconds(context.clock.now().wall);
    NewValues::check(given, &context.env, now, &mut context.stdin)
}

/// Which profile commands use now, and whether it is another than this one.
fn which_is_default(name: &str, file: &ConfigFile, context: &Context) -> (String, bool) {
    let by_variable = PROFILE
        .variable
        .and_then(|variable| Some((variable, context.env.get_os(variable)?.to_str()?)));
    match (by_variable, file.default_profile()) {
        (Some((variable, other)), _) if other != name => {
            (format!("{variable} chooses {}", scrub(other)), true)
        }
        (_, Some(default)) if default == name => ("it is the default profile".into(), false),
        (_, Some(default)) => (format!("the default profile is {}", scrub(default)), true),
        (_, None) => ("there is no default profile".into(), true),
    }
}

/// ` --config FILE` as it was given here, for the next command.
fn config_flag(context: &Context) -> String {
    let raw = context.flags.connection.flags().get(&CONFIG);
    let file = raw.and_then(|raw| raw.path(&context.env).ok());
    let file = file.map(|file| crate::config::shell_quoted(&file));
    file.map_or_else(String::new, |file| format!(" --config {file}"))
}

/// The change of a profile as an object.
pub(super) fn changed(name: &str, change: &str, file: &ConfigFile) -> serde_json::Value {
    json!({
        "Profile": name,
        "Change": change,
        "Default": file.default_profile() == Some(name),
        "DefaultProfile": file.default_profile(),
        "File": file.file().to_string_lossy(),
    })
}

/// The answer for a value that is not to be stored.
const NONE: &str = "-";

/// Whether a person can answer: standard input and stderr are terminals, and no
/// flag reads standard input.
fn can_ask(context: &Context) -> bool {
    let is_stdin = |spec: &'static SettingSpec| {
        let raw = context.flags.connection.flags().get(spec);
        raw.is_some_and(|raw| raw.os_text().is_some_and(|file| file == "-"))
    };
    let is_terminal = context.stdin.is_terminal() && std::io::stderr().is_terminal();
    is_terminal && !is_stdin(&SECRET_KEY_FILE) && !is_stdin(&USERSIG_FILE)
}

/// Asks for the name of the profile.
fn ask_name(file: &ConfigFile, force: bool, context: &mut Context) -> Result<String, Error> {
    loop {
        let name = answer("name of the profile (like prod):", context)?;
        match file.check_name(&name, force) {
            Ok(()) => return Ok(name),
            Err(problem) => again(problem, context),
        }
    }
}

/// Asks for app, account, credential and region, as far as they are not given.
fn ask_values(given: &mut GivenValues, context: &mut Context) -> Result<(), Error> {
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
        let typed = context.stdin.read_secret(&no_echo);
        let typed = typed.ok_or_else(|| ended(context))?;
        match typed.expose() {
            Some(NONE) => return Ok(()),
            Some("") => {
                again(empty(), context);
                continue;
            }
            _ => {}
        }
        let mut with_answer = given.clone();
        let set = with_answer.set_credential(typed, &context.env);
        let checked = set
            .map_err(Error::from)
            .and_then(|()| check(&with_answer, context));
        match checked {
            Ok(_) => {
                *given = with_answer;
                confirm_credential(given, context);
            }
            Err(error) => {
                // The other lines of a pasted block are no answers.
                context.stdin.discard_pasted(&no_echo);
                again(error, context);
            }
        }
    }
    Ok(())
}

/// Reports how the answer, which was not shown, was understood.
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
        format!(
            "\nBy its number the app may be in {likely} (the TRTC console shows it): if it is,\ntype {likely}. Enter alone stores {default}."
        )
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

/// Keeps the answer if all values are valid with it; else reports why not.
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
    let answer = context.stdin.read_answer();
    answer.ok_or_else(|| ended(context))
}

fn ended(context: &Context) -> Error {
    context.notes().end_question();
    Error::usage(
        "the input ended before all was answered; nothing was stored",
        "answer every question, or give the values as flags: roomctl profile add --help",
    )
}
