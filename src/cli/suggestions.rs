//! Suggestions for a word on the command line that is unknown: "did you mean".

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};

use crate::config::nearest;

/// Hints about a word that `command` does not know: a typing error in a flag, a
/// command or a value, or a flag of another command in `tree`.
pub(super) fn hints(error: &clap::Error, command: &Command, tree: &Command) -> Vec<String> {
    let unknown = |kind| text(error, kind).unwrap_or_default();
    let nearest = match error.kind() {
        ErrorKind::UnknownArgument => {
            return of_flag(unknown(ContextKind::InvalidArg), command, tree);
        }
        ErrorKind::InvalidSubcommand => {
            nearest_subcommand(unknown(ContextKind::InvalidSubcommand), command)
        }
        ErrorKind::InvalidValue => nearest_value(unknown(ContextKind::InvalidValue), error),
        _ => None,
    };
    nearest.map(did_you_mean).into_iter().collect()
}

fn did_you_mean(nearest: impl std::fmt::Display) -> String {
    format!("did you mean {nearest}?")
}

/// The word that the parser reports in this place of its error.
pub(super) fn text(error: &clap::Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text),
        _ => None,
    }
}

fn of_flag(typed: &str, command: &Command, tree: &Command) -> Vec<String> {
    if shows_flag(command, typed) {
        return vec![format!("write {typed} after {}", command.get_name())];
    }
    let owners = owners(typed, tree);
    // A flag that exists elsewhere is not a typing error, unless it is a plural, as
    // --rooms is of --room.
    let is_typo = |nearest: &String| owners.is_none() || typed.starts_with(nearest);
    let nearest = nearest_flag(typed, command)
        .filter(is_typo)
        .map(did_you_mean);
    owners.into_iter().chain(nearest).collect()
}

fn nearest_flag(typed: &str, command: &Command) -> Option<String> {
    let name = typed.strip_prefix("--")?;
    nearest(name, flags(command)).map(|name| format!("--{name}"))
}

/// `roomctl kick and roomctl ban have --room`: at most two commands.
fn owners(typed: &str, tree: &Command) -> Option<String> {
    let mut owners = Vec::new();
    add_owners(tree, typed, &mut owners);
    match owners[..] {
        [] => None,
        [only] => Some(format!("{only} has {typed}")),
        [first, second, ..] => Some(format!("{first} and {second} have {typed}")),
    }
}

fn add_owners<'a>(command: &'a Command, flag: &str, owners: &mut Vec<&'a str>) {
    if shows_flag(command, flag) {
        owners.extend(command.get_bin_name());
    }
    for below in command.get_subcommands() {
        add_owners(below, flag, owners);
    }
}

fn nearest_subcommand(typed: &str, command: &Command) -> Option<String> {
    let names = command.get_subcommands().map(Command::get_name);
    nearest(typed, names).map(str::to_owned)
}

fn nearest_value(typed: &str, error: &clap::Error) -> Option<String> {
    let Some(ContextValue::Strings(values)) = error.get(ContextKind::ValidValue) else {
        return None;
    };
    nearest(typed, values.iter().map(String::as_str)).map(str::to_owned)
}

/// Whether the help of this command shows the flag, which has its dashes.
pub(super) fn shows_flag(command: &Command, flag: &str) -> bool {
    let name = flag.strip_prefix("--");
    name.is_some_and(|name| flags(command).any(|known| known == name))
}

/// The flags that the help of this command shows, without their dashes.
fn flags(command: &Command) -> impl Iterator<Item = &str> {
    let shown = command.get_arguments().filter(|arg| !arg.is_hide_set());
    shown.filter_map(Arg::get_long)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use clap::CommandFactory;

    use crate::cli::usage::to_error;
    use crate::cli::{Cli, command_tree, parse};

    /// The hint after a command line that the parser refuses.
    fn hint(line: &str) -> String {
        let argv: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let mut tree = Cli::command();
        let error = parse(&mut tree, &argv).expect_err("refused");
        to_error(&error, &argv, &tree, &command_tree()).hint()
    }

    #[test]
    fn typos_in_flags_commands_and_values_are_hinted_at_in_one_wording() {
        for (line, hinted) in [
            ("roomctl kick --rom room-test", "did you mean --room?"),
            ("roomctl kick --users user1", "did you mean --user?"),
            ("roomctl kick --resaon=spam", "did you mean --reason?"),
            ("roomctl kick --dry", "did you mean --dry-run?"),
            ("roomctl --sanbdox kick", "did you mean --sandbox?"),
            ("roomctl usersig sing --user user1", "did you mean sign?"),
            ("roomctl kik --room room-test", "did you mean kick?"),
            ("roomctl completions bsah", "did you mean bash?"),
            ("roomctl sandbox --absent patrial", "did you mean partial?"),
        ] {
            assert_eq!(hint(line), hinted, "{line}");
        }
    }

    #[test]
    fn a_flag_that_only_other_commands_have_is_hinted_at_with_their_names() {
        for (line, hinted) in [
            ("roomctl kick --for 1h", "roomctl ban has --for"),
            ("roomctl kick --for=1h", "roomctl ban has --for"),
            (
                "roomctl unban --reason x",
                "roomctl kick and roomctl ban have --reason",
            ),
            (
                "roomctl bans --rooms x",
                "roomctl sandbox has --rooms\ndid you mean --room?",
            ),
            (
                "roomctl info --userbuf x",
                "roomctl usersig sign has --userbuf",
            ),
        ] {
            assert_eq!(hint(line), hinted, "{line}");
        }
    }

    #[test]
    fn a_flag_that_stands_before_its_command_belongs_after_it() {
        assert_eq!(hint("roomctl --room r kick"), "write --room after kick");
        assert_eq!(
            hint("roomctl usersig --sdkappid 5 sign"),
            "write --sdkappid after sign"
        );
    }

    #[test]
    fn the_next_word_of_a_reason_is_not_a_user() {
        let quotes = "put the reason in quotes: --reason \"TWO WORDS\"";
        for line in [
            "roomctl kick --reason you are",
            "roomctl kick -m you are kicked",
        ] {
            assert_eq!(hint(line), quotes, "{line}");
        }
        assert_eq!(
            hint("roomctl kick -r r user1"),
            "did you mean --user user1?"
        );
    }

    #[test]
    fn a_value_that_is_called_like_a_command_is_not_taken_for_it() {
        for (line, hinted) in [
            ("roomctl --profile kick ban --bogus", "roomctl ban --help"),
            ("roomctl kick --profile ban --bogus", "roomctl kick --help"),
            (
                "roomctl --profile kick profile --bogus",
                "roomctl profile --help",
            ),
        ] {
            assert_eq!(hint(line), hinted, "{line}");
        }
    }

    #[test]
    fn an_unknown_word_that_resembles_nothing_leads_to_the_help() {
        for (line, hinted) in [
            ("roomctl kick --elephant", "roomctl kick --help"),
            ("roomctl elephant", "roomctl --help"),
            ("roomctl completions elephant", "roomctl completions --help"),
        ] {
            assert_eq!(hint(line), hinted, "{line}");
        }
    }

    #[test]
    fn a_flag_that_the_help_of_the_command_does_not_show_is_not_hinted_at() {
        assert_eq!(
            hint("roomctl profile list --sandbx"),
            "roomctl profile list --help"
        );
    }
}
