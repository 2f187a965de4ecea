//! Values that shells offer although the parser accepts others too: codes,
//! topics, names of profiles. They are added to a copy of the command line that
//! is used only for completion. The copy has no hidden flags, because the parser
//! knows those only to refuse them.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, Command, ValueHint};
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};

use crate::api::codes;
use crate::commands::help::topics::Topic;
use crate::config::table::CONFIG;
use crate::config::{ConfigFile, ConnectionArgs, Env, Profile};
use crate::exit::Exit;

/// Stands in the generated scripts for the names of profiles.
pub(super) const PROFILES: &str = "__ROOMCTL_PROFILES__";

/// The command line with codes and topics, which are the same on every machine.
pub(super) fn with_fixed(tree: &Command) -> Command {
    let tree = with_examples(without_hidden_flags(tree));
    let commands = tree
        .get_subcommands()
        .map(|command| command.get_name().to_owned());
    let commands: Vec<String> = commands.collect();
    let pages = commands.iter().map(String::as_str).chain(["roomctl.toml"]);
    let pages: Vec<PossibleValue> = pages
        .map(|name| PossibleValue::new(name.to_owned()))
        .collect();
    let commands = commands.iter().cloned();
    let topics = Topic::ALL.map(|topic| topic.name().to_owned());
    let words: Vec<PossibleValue> = commands.chain(topics).map(PossibleValue::new).collect();
    tree.mut_subcommand("explain", |explain| {
        explain.mut_arg("code", |code| {
            code.value_parser(PossibleValuesParser::new(code_values()))
        })
    })
    .mut_subcommand("help", |help| {
        help.mut_arg("words", |word| {
            word.value_parser(PossibleValuesParser::new(words))
        })
    })
    .mut_subcommand("man", |man| {
        man.mut_arg("words", |word| {
            word.value_parser(PossibleValuesParser::new(pages))
        })
    })
    .mut_subcommand("sandbox", |sandbox| {
        sandbox.mut_arg("command", |command| {
            // The hint needs operands that are not the last ones.
            let hint = ValueHint::CommandWithArguments;
            command.last(false).trailing_var_arg(true).value_hint(hint)
        })
    })
}

/// The copy with values that people give most, and without files where none is
/// expected.
fn with_examples(command: Command) -> Command {
    let command = command.mut_args(|arg| {
        let examples = examples(&arg);
        let takes_value = arg.get_action().takes_values();
        let is_open = takes_value && arg.get_value_hint() == ValueHint::Unknown;
        if !examples.is_empty() {
            arg.value_parser(PossibleValuesParser::new(examples))
        } else if is_open && arg.get_possible_values().is_empty() {
            arg.value_hint(ValueHint::Other)
        } else {
            arg
        }
    });
    command.mut_subcommands(with_examples)
}

fn examples(arg: &Arg) -> &'static [&'static str] {
    let names = arg.get_value_names().unwrap_or_default();
    let is_duration = names.first().is_some_and(|name| name == "DURATION");
    match arg.get_long().unwrap_or_default() {
        "for" => &["10m", "1h", "24h", "7d", "30d"],
        "expire" => &["1h", "24h", "7d"],
        "timeout" | "connect-timeout" => &["2s", "5s", "10s", "30s"],
        "latency" => &["10ms", "30ms", "100ms", "1s"],
        "fault" => FAULTS,
        "rate-scope" => &["process", "host"],
        _ if is_duration => &["1m", "10m", "30m", "1h"],
        _ => &[],
    }
}

/// The kinds of `--fault`, with an example of each.
const FAULTS: &[&str] = &[
    "http502",
    "http429",
    "reset",
    "drop",
    "truncate",
    "slow:4s",
    "html",
    "close",
    "connect:200ms",
    "100001=2%",
    "http502=2%",
];

/// The copy with a placeholder for the names of profiles, which a script replaces.
pub(super) fn with_placeholders(tree: Command) -> Command {
    with_names(tree, &|arg: Arg| {
        arg.value_parser(PossibleValuesParser::new([PROFILES]))
    })
}

/// A copy of a built command without its hidden flags, which the library would
/// offer too. The built command already has its flags for help.
fn without_hidden_flags(command: &Command) -> Command {
    let flags = command.get_arguments().filter(|arg| !arg.is_hide_set());
    Command::new(command.get_name().to_owned())
        .about(command.get_about().cloned().unwrap_or_default())
        .version(command.get_version().unwrap_or_default().to_owned())
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .args(flags)
        .subcommands(command.get_subcommands().map(without_hidden_flags))
}

/// The command line with codes, topics and the profiles of the configuration
/// file.
pub(super) fn with_profiles(tree: &Command, argv: &[OsString], env: &Env) -> Command {
    let names = profile_names(argv, env);
    let candidates = move || {
        names
            .iter()
            .map(CompletionCandidate::new)
            .collect::<Vec<_>>()
    };
    with_names(with_fixed(tree), &|arg: Arg| {
        arg.add(ArgValueCandidates::new(candidates.clone()))
    })
}

/// Adds the names of profiles to every flag and operand that takes one.
fn with_names(tree: Command, names: &dyn Fn(Arg) -> Arg) -> Command {
    let with_flag = move |command: Command| {
        command.mut_args(|arg| match arg.get_long() {
            Some("profile") => names(arg),
            _ => arg,
        })
    };
    with_flag(tree).mut_subcommands(|command| {
        let command = with_flag(command);
        if command.get_name() != "profile" {
            return command.mut_subcommands(with_flag);
        }
        command.mut_subcommands(|verb| match verb.get_name() {
            "show" | "use" | "remove" => with_flag(verb).mut_arg("name", names),
            _ => with_flag(verb),
        })
    })
}

/// The service's codes, then roomctl's exit codes, each with its meaning.
fn code_values() -> Vec<PossibleValue> {
    let codes = codes::TABLE.iter().map(|row| (row.code, row.meaning));
    let exits = Exit::ALL
        .iter()
        .map(|exit| (i64::from(exit.code()), exit.meaning()));
    let named =
        |(code, meaning): (i64, &'static str)| PossibleValue::new(code.to_string()).help(meaning);
    codes.chain(exits).map(named).collect()
}

/// The names in the file that the unfinished command line selects; none if it
/// cannot be read, because completion reports no errors. Only a regular file is
/// read: reading a pipe would block, and would consume it.
fn profile_names(argv: &[OsString], env: &Env) -> Vec<String> {
    let mut flags = ConnectionArgs::default();
    if let Some(file) = typed_config(argv) {
        flags.set(&CONFIG, file);
    }
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

/// The value of `--config` on an unfinished command line.
fn typed_config(argv: &[OsString]) -> Option<OsString> {
    let mut words = argv.iter().filter_map(|word| word.to_str());
    let value = words.find_map(|word| match word {
        "--config" => Some(None),
        _ => word.strip_prefix("--config=").map(Some),
    })?;
    value.or_else(|| words.next()).map(OsString::from)
}
