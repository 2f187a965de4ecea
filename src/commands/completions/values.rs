//! Values that shells offer and that the parser does not insist on: codes,
//! topics, the names of profiles. They are hung on a copy of the command line
//! that is never parsed with, and that has no flags of which the parser only
//! says that they are refused.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};

use crate::api::codes;
use crate::commands::help::topic::Topic;
use crate::config::{ConfigFile, ConnectionArgs, Env, Profile};
use crate::exit::Exit;

/// The command line with the values that are the same everywhere.
pub(super) fn fixed(tree: &Command) -> Command {
    let tree = shown(tree);
    let commands = tree
        .get_subcommands()
        .map(|verb| verb.get_name().to_owned());
    let topics = Topic::ALL.map(|topic| topic.name().to_owned());
    let words: Vec<PossibleValue> = commands.chain(topics).map(PossibleValue::new).collect();
    tree.mut_subcommand("explain", |explain| {
        explain.mut_arg("code", |code| {
            code.value_parser(PossibleValuesParser::new(numbers()))
        })
    })
    .mut_subcommand("help", |help| {
        help.mut_arg("words", |word| {
            word.value_parser(PossibleValuesParser::new(words))
        })
    })
}

/// What the help shows of a command that is built; the flags for help are in it
/// already. Scripts and answers would offer hidden flags, too.
fn shown(command: &Command) -> Command {
    let flags = command.get_arguments().filter(|arg| !arg.is_hide_set());
    Command::new(command.get_name().to_owned())
        .about(command.get_about().cloned().unwrap_or_default())
        .version(command.get_version().unwrap_or_default().to_owned())
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .args(flags)
        .subcommands(command.get_subcommands().map(shown))
}

/// And with the profiles that there are now.
pub(super) fn of_now(tree: &Command, argv: &[OsString], env: &Env) -> Command {
    let names = profiles(argv, env);
    let offered = move || {
        names
            .iter()
            .map(CompletionCandidate::new)
            .collect::<Vec<_>>()
    };
    let with_names = |arg: Arg| arg.add(ArgValueCandidates::new(offered.clone()));
    let flag = |command: Command| {
        command.mut_args(|arg| match arg.get_long() {
            Some("profile") => with_names(arg),
            _ => arg,
        })
    };
    flag(fixed(tree)).mut_subcommands(|command| {
        let command = flag(command);
        if command.get_name() != "profile" {
            return command.mut_subcommands(flag);
        }
        command.mut_subcommands(|verb| match verb.get_name() {
            "show" | "use" | "remove" => flag(verb).mut_arg("name", with_names),
            _ => flag(verb),
        })
    })
}

/// The service's codes, then roomctl's own, each with its meaning.
fn numbers() -> Vec<PossibleValue> {
    let codes = codes::TABLE.iter().map(|row| (row.code, row.meaning));
    let exits = Exit::ALL
        .iter()
        .map(|exit| (i64::from(exit.code()), exit.meaning()));
    let named =
        |(code, meaning): (i64, &'static str)| PossibleValue::new(code.to_string()).help(meaning);
    codes.chain(exits).map(named).collect()
}

/// Names from the file that the command line, as far as it is typed, leads to;
/// none where it cannot be read, as nobody asked for an error. What is no
/// regular file is left alone: reading a pipe would wait, and empty it.
fn profiles(argv: &[OsString], env: &Env) -> Vec<String> {
    let flags = ConnectionArgs {
        config: typed_config(argv),
        ..ConnectionArgs::default()
    };
    let is_regular = |file: PathBuf| file.is_file();
    if !ConfigFile::locate(&flags, env).is_ok_and(is_regular) {
        return Vec::new();
    }
    let config_file = ConfigFile::open(&flags, env, true);
    let names = |config_file: ConfigFile| {
        config_file
            .profiles()
            .map(|profile: Profile| profile.name().to_owned())
            .collect()
    };
    config_file.map(names).unwrap_or_default()
}

/// The value of `--config` on a command line that is not finished.
fn typed_config(argv: &[OsString]) -> Option<OsString> {
    let mut words = argv.iter().filter_map(|word| word.to_str());
    let value = words.find_map(|word| match word {
        "--config" => Some(None),
        _ => word.strip_prefix("--config=").map(Some),
    })?;
    value.or_else(|| words.next()).map(OsString::from)
}
