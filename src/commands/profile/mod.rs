//! `roomctl profile`: the profiles of the configuration file, without an editor
//! and without showing a secret. `use` and `remove` are in this file.

mod add;
mod show;

use std::io::IsTerminal;

use clap::Subcommand;

use super::{Accepts, CommandArgs, Context, WithCommon};
use crate::config::ConfigFile;
use crate::error::{Error, Problems};
use crate::exit::Exit;
use add::changed;
use show::{FILE_ONLY, print};

#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true, after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    List(WithCommon<show::ListArgs>),
    Show(WithCommon<show::ShowArgs>),
    Add(WithCommon<add::AddArgs>),
    Use(WithCommon<UseArgs>),
    Remove(WithCommon<RemoveArgs>),
    Path(WithCommon<show::PathArgs>),
}

const EXAMPLES: &str = "\
Examples:
  roomctl profile add prod
  roomctl profile list";

/// Runs the command.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    match args.verb {
        Verb::List(args) => show::list(&args.merge_into(context)?, context),
        Verb::Show(args) => show::show(&args.merge_into(context)?, context),
        Verb::Add(args) => add::add(&args.merge_into(context)?, context),
        Verb::Use(args) => use_profile(&args.merge_into(context)?, context),
        Verb::Remove(args) => remove(&args.merge_into(context)?, context),
        Verb::Path(args) => show::path(&args.merge_into(context)?, context),
    }
}

/// Adds the problems of a command line that does not run, because the parser found
/// others.
pub(crate) fn check(args: Args, context: &mut Context, problems: &mut Problems) {
    match args.verb {
        Verb::List(args) => drop(args.check(context, problems)),
        Verb::Show(args) => drop(args.check(context, problems)),
        Verb::Add(args) => {
            args.check(context, problems);
            add::check_flags(context, problems);
        }
        Verb::Use(args) => drop(args.check(context, problems)),
        Verb::Remove(args) => drop(args.check(context, problems)),
        Verb::Path(args) => drop(args.check(context, problems)),
    }
}

/// Make a profile the default
#[derive(Debug, clap::Args)]
#[command(after_help = USE)]
struct UseArgs {
    /// Profile
    #[arg(value_name = "NAME")]
    name: String,
}

/// Remove a profile; on a terminal, asks first
#[derive(Debug, clap::Args)]
#[command(after_help = REMOVE)]
struct RemoveArgs {
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
fn use_profile(args: &UseArgs, context: &mut Context) -> Result<Exit, Error> {
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
fn remove(args: &RemoveArgs, context: &mut Context) -> Result<Exit, Error> {
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
