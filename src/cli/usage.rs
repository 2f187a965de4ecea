//! The parser's errors in our form: a message, and what to type next. For an unknown
//! word that is a suggestion: "did you mean". What was typed is repeated only after
//! `scrub`.

use std::ffi::OsString;

use clap::builder::PossibleValue;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};

use crate::commands;
use crate::config::nearest;
use crate::error::Error;

/// Makes a usage error from the parser's error. `parsed` is the tree of commands
/// that the parser used, `tree` the whole one. Not for help and version, which are
/// not errors.
pub(super) fn to_error(
    error: &clap::Error,
    argv: &[OsString],
    parsed: &Command,
    tree: &Command,
) -> Error {
    let entered = Entered::of(error, argv, parsed, tree);
    describe(error, argv, &entered, tree).map_text(|text| entered.without_signatures(text, argv))
}

/// The command that an error is about.
struct Entered {
    /// With its parents: `roomctl profile add`.
    name: String,
    /// From the whole tree.
    command: Command,
}

impl Entered {
    /// The parser gives names only to the commands that it enters. After an error
    /// before a command, the following words show which command was meant.
    fn of(error: &clap::Error, argv: &[OsString], parsed: &Command, tree: &Command) -> Self {
        let mut entered = Self {
            name: String::from("roomctl"),
            command: tree.clone(),
        };
        let is_entered = |command: &&Command| command.get_bin_name().is_some();
        let mut level = parsed;
        while let Some(below) = level.get_subcommands().find(is_entered) {
            entered.enter(below.get_name());
            level = below;
        }
        if let Some(unknown) = word_in(error, ContextKind::InvalidArg) {
            let is_unknown = |word: &OsString| {
                let word = word.to_string_lossy();
                word.split('=').next() == Some(unknown)
            };
            for word in argv.iter().skip_while(|word| !is_unknown(word)).skip(1) {
                entered.enter(&word.to_string_lossy());
            }
        }
        entered
    }

    fn enter(&mut self, name: &str) {
        if let Some(below) = self.command.find_subcommand(name) {
            self.name = format!("{} {}", self.name, below.get_name());
            self.command = below.clone();
        }
    }

    /// `roomctl kick --help`
    fn help(&self) -> String {
        format!("{} --help", self.name)
    }

    /// `text` without the words of a command whose operand is a signature: a cut
    /// or mistyped signature is not recognised by `scrub`.
    fn without_signatures(&self, text: String, argv: &[OsString]) -> String {
        if !self.name.starts_with("roomctl usersig") {
            return text;
        }
        let words = argv.iter().skip(1).filter_map(|word| word.to_str());
        let parts =
            words.flat_map(|word| [Some(word), word.split_once('=').map(|(_, value)| value)]);
        let secret = |part: &&str| !part.is_empty() && !is_plain(part);
        parts
            .flatten()
            .filter(secret)
            .fold(text, |text, part| text.replace(part, "[not repeated]"))
    }
}

fn describe(error: &clap::Error, argv: &[OsString], entered: &Entered, tree: &Command) -> Error {
    // Here the parser's text would be the whole help.
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Error::usage("no command is given", entered.help());
    }
    let command = &entered.command;
    if error.kind() == ErrorKind::UnknownArgument
        && let Some(word) = word_in(error, ContextKind::InvalidArg)
    {
        if !word.starts_with('-') {
            return unexpected_operand(word, argv, entered);
        }
        if is_common(word, tree) && !shows_flag(command, word) {
            return commands::not_accepted(&entered.name, word, format!("remove {word}"));
        }
    }
    let rendered = error.render().to_string();
    let message = rendered.lines().take_while(|line| !line.is_empty());
    let message: Vec<&str> = message
        .map(|line| line.trim_start_matches("error: ").trim())
        .collect();
    let mut hints = suggestions(error, command, tree);
    if error.kind() == ErrorKind::MissingRequiredArgument {
        hints.extend(command.get_positionals().filter_map(values));
    }
    if hints.is_empty() {
        hints.push(entered.help());
    }
    Error::usage(message.join(" "), hints.join("\n"))
}

/// A word that is neither a flag nor a flag's value: most likely a name, or the
/// next word of a reason.
fn unexpected_operand(word: &str, argv: &[OsString], entered: &Entered) -> Error {
    let hint = if is_of_a_reason(word, argv) {
        "put the reason in quotes: --reason \"TWO WORDS\"".into()
    } else {
        match entered.name.as_str() {
            "roomctl kick" | "roomctl ban" | "roomctl unban" => {
                format!("did you mean --user {word}?")
            }
            "roomctl members" | "roomctl bans" | "roomctl info" => {
                format!("did you mean --room {word}?")
            }
            "roomctl doctor" => format!("did you mean --profile {word}?"),
            _ => entered.help(),
        }
    };
    Error::usage(format!("unexpected operand '{word}'"), hint)
}

/// Whether this word follows the value of `--reason`.
fn is_of_a_reason(word: &str, argv: &[OsString]) -> bool {
    let at = argv.iter().position(|typed| typed == word).unwrap_or(0);
    let before = argv[..at].iter().filter_map(|typed| typed.to_str());
    let flag = before.rev().find(|typed| typed.starts_with('-'));
    flag.is_some_and(|flag| flag.starts_with("-m") || flag.starts_with("--reason"))
        && argv[..at]
            .last()
            .is_some_and(|last| last != "-m" && last != "--reason")
}

/// Whether the flag is a common one, which may stand before the command.
fn is_common(flag: &str, tree: &Command) -> bool {
    let mut longs = tree.get_arguments().filter_map(Arg::get_long);
    flag.strip_prefix("--")
        .is_some_and(|name| longs.any(|long| long == name))
}

/// `SHELL is one of bash, zsh, …`, for an operand with a fixed choice of values.
fn values(operand: &Arg) -> Option<String> {
    let values = operand.get_possible_values();
    let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
    let name = operand.get_value_names()?.first()?;
    (!names.is_empty()).then(|| format!("{name} is one of {}", names.join(", ")))
}

/// Lower-case letters and dashes, like a flag or a command. A signature has digits
/// and capitals, and hundreds of characters.
fn is_plain(word: &str) -> bool {
    const LONGEST_FLAG: usize = 24;
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
    word.len() <= LONGEST_FLAG && word.bytes().all(is_letter)
}

/// Hints about a word that `command` does not know: a typing error in a flag, a
/// command or a value, or a flag of another command in `tree`.
fn suggestions(error: &clap::Error, command: &Command, tree: &Command) -> Vec<String> {
    let unknown = |kind| word_in(error, kind).unwrap_or_default();
    let nearest = match error.kind() {
        ErrorKind::UnknownArgument => {
            return flag_suggestions(unknown(ContextKind::InvalidArg), command, tree);
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
fn word_in(error: &clap::Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text),
        _ => None,
    }
}

fn flag_suggestions(typed: &str, command: &Command, tree: &Command) -> Vec<String> {
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
fn shows_flag(command: &Command, flag: &str) -> bool {
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

    use super::to_error;
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
