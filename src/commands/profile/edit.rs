//! `roomctl profile add`, `use` and `remove`. `add` stores the connection flags in a
//! profile, and asks for what is missing on a terminal.

use std::ffi::OsString;
use std::io::IsTerminal;

use anyhow::Context as _;
use serde_json::json;

use super::show::{FILE_ONLY, print};
use crate::clock::{Clock, unix_seconds};
use crate::commands::{Accepts, CommandArgs, Context};
use crate::config::table::{
    Group, IDENTIFIER, OUTPUT, SDKAPPID, SECRET_KEY, SECRET_KEY_FILE, SettingSpec, USERSIG,
    USERSIG_FILE,
};
use crate::config::{ConfigFile, ConnectionArgs, NewValues};
use crate::error::Error;
use crate::exit::Exit;

/// Write a profile: flags are values to store; on a terminal, asks for the rest
#[derive(Debug, clap::Args)]
#[command(after_help = ADD_SHORT, after_long_help = ADD_LONG)]
pub(super) struct AddArgs {
    /// Profile to write; the first one of a file becomes the default
    #[arg(value_name = "NAME")]
    name: String,
    /// Replace the values of a profile that exists; keys that no flag here sets,
    /// like protect, stay
    #[arg(long)]
    force: bool,
}

impl CommandArgs for AddArgs {
    const ACCEPTS: Accepts = Accepts::Only(&USED);
}

const ADD_SHORT: &str = "\
--secret-key-file FILE stores the name of the file; --secret-key-file - reads the
key from stdin and stores the key.

Examples:
  roomctl profile add prod --sdkappid 1400000001 --identifier administrator
  roomctl profile add test       (asks for what is missing, on a terminal)";

const ADD_LONG: &str = "\
--secret-key-file FILE stores the name of the file; --secret-key-file - reads the
key from stdin and stores the key.

Examples:
  roomctl profile add prod --sdkappid 1400000001 --identifier administrator \\
    --secret-key-file ~/.config/roomctl/key --region singapore
  roomctl profile add test       (asks for what is missing, on a terminal)";

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

/// Runs `add`.
pub(super) fn add(args: &AddArgs, context: &mut Context) -> Result<Exit, Error> {
    let name = &args.name;
    let mut file = ConfigFile::open(&context.flags.connection, &context.env, false)?;
    file.check_name(name, args.force)?;
    let values = values(context)?;
    if values.is_empty() {
        return Err(Error::usage(
            "nothing to store: no value is given",
            "roomctl profile add NAME --sdkappid N --identifier ID --secret-key-file FILE",
        ));
    }
    let mut notes = context.notes();
    for warning in &values.warnings {
        notes.warn(warning);
    }
    let change = match file.profile(name) {
        Ok(_) => "replaced",
        Err(_) => "added",
    };
    let had_default = file.default_profile().is_some();
    file.add(name, &values)?;
    file.save()?;
    let json = changed(name, change, &file);
    let exit = print(context, &json, &format!("{change} profile {name}\n"))?;
    if !had_default && file.default_profile().is_some() {
        notes.info("it is the default profile, as there is no other");
    }
    Ok(exit)
}

/// The values of the flags and of the answers.
fn values(context: &mut Context) -> Result<NewValues, Error> {
    let mut connection = context.flags.connection.clone();
    let key_was_prompted = prompt(&mut connection, context)?;
    let mut flags = connection.flags().clone();
    if let Some(format) = &context.flags.output.output {
        flags.set(&OUTPUT, format.clone());
    }
    let now = unix_seconds(context.clock.now().wall);
    NewValues::from_flags(
        &flags,
        &context.env,
        key_was_prompted,
        now,
        &mut context.stdin,
    )
}

/// Asks on a terminal for app, account and key that no flag gives. Answers count
/// as flags, an empty answer as no value. Returns whether the key was typed here,
/// where no other user can see it.
fn prompt(args: &mut ConnectionArgs, context: &mut Context) -> Result<bool, Error> {
    let can_answer = context.stdin.is_terminal() && std::io::stderr().is_terminal();
    let is_stdin = |spec: &'static SettingSpec| {
        let raw = args.flags().get(spec);
        raw.is_some_and(|raw| raw.os_text().is_some_and(|file| file == "-"))
    };
    if !can_answer || is_stdin(&SECRET_KEY_FILE) || is_stdin(&USERSIG_FILE) {
        return Ok(false);
    }
    for (spec, question) in [
        (&SDKAPPID, "SDKAppID (a number; empty for none):"),
        (
            &IDENTIFIER,
            "identifier (an App administrator; empty for none):",
        ),
    ] {
        if !args.has(spec)
            && let Some(answer) = answer(question, context)
        {
            args.set(spec, answer);
        }
    }
    let secrets = [&SECRET_KEY, &SECRET_KEY_FILE, &USERSIG, &USERSIG_FILE];
    if secrets.into_iter().any(|spec| args.has(spec)) {
        return Ok(false);
    }
    let style = context.style;
    let ask = || style.notes().ask("secret key (not shown; empty for none):");
    let key = context
        .stdin
        .read_typed_secret(ask)
        .context("the terminal cannot be kept from showing the key")?;
    let Some(key) = key else { return Ok(false) };
    args.set(&SECRET_KEY, key);
    Ok(true)
}

fn answer(question: &str, context: &mut Context) -> Option<OsString> {
    context.notes().ask(question);
    let answer = context.stdin.read_typed_line();
    (!answer.is_empty()).then(|| answer.into())
}

/// Make a profile the default
#[derive(Debug, clap::Args)]
#[command(after_help = USE)]
pub(super) struct UseArgs {
    /// Profile
    #[arg(value_name = "NAME")]
    name: String,
}

/// Remove a profile; on a terminal, asks first
#[derive(Debug, clap::Args)]
#[command(after_help = REMOVE)]
pub(super) struct RemoveArgs {
    /// Profile
    #[arg(value_name = "NAME")]
    name: String,
    /// Remove it without a question
    #[arg(short, long)]
    yes: bool,
}

impl CommandArgs for UseArgs {
    const ACCEPTS: Accepts = Accepts::Only(&FILE_ONLY);
}

impl CommandArgs for RemoveArgs {
    const ACCEPTS: Accepts = Accepts::Only(&FILE_ONLY);
}

const USE: &str = "\
Examples:
  roomctl profile use prod
  ROOMCTL_PROFILE=prod roomctl doctor       (for one command)";

const REMOVE: &str = "\
Examples:
  roomctl profile remove test
  roomctl profile remove test --yes";

/// Runs `use`.
pub(super) fn use_profile(args: &UseArgs, context: &mut Context) -> Result<Exit, Error> {
    let name = &args.name;
    let mut file = ConfigFile::open(&context.flags.connection, &context.env, true)?;
    file.use_profile(name)?;
    file.save()?;
    let json = changed(name, "default", &file);
    print(
        context,
        &json,
        &format!("{name} is the default profile now\n"),
    )
}

/// Runs `remove`.
pub(super) fn remove(args: &RemoveArgs, context: &mut Context) -> Result<Exit, Error> {
    let name = &args.name;
    let mut file = ConfigFile::open(&context.flags.connection, &context.env, true)?;
    let had_default = file.default_profile().is_some();
    file.remove(name)?;
    if !args.yes {
        confirm(name, context)?;
    }
    file.save()?;
    let json = changed(name, "removed", &file);
    let exit = print(context, &json, &format!("removed profile {name}\n"))?;
    if had_default && file.default_profile().is_none() {
        context
            .notes()
            .info("it was the default; there is none now: roomctl profile use NAME");
    }
    Ok(exit)
}

/// The change of a profile as an object.
fn changed(name: &str, change: &str, file: &ConfigFile) -> serde_json::Value {
    json!({
        "Profile": name,
        "Change": change,
        "Default": file.default_profile() == Some(name),
        "File": file.file().to_string_lossy(),
    })
}

/// Asks on a terminal. Any answer but yes is exit 2.
fn confirm(name: &str, context: &mut Context) -> Result<(), Error> {
    if !context.stdin.is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(());
    }
    context
        .notes()
        .ask(&format!("remove the profile {name}? [y/N]"));
    let answer = context.stdin.read_typed_line().to_ascii_lowercase();
    if matches!(answer.as_str(), "y" | "yes") {
        return Ok(());
    }
    Err(Error::usage(
        "not confirmed; nothing was changed",
        "answer y, or give --yes to remove it without a question",
    ))
}
