//! What was probably meant by a word on the command line that nothing is
//! called.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};

use crate::config::nearest;

/// The remedy for a slip in the name of a flag, a command or a value of
/// `command`.
pub(super) fn hint(error: &clap::Error, command: &Command) -> Option<String> {
    let nearest = match error.kind() {
        ErrorKind::UnknownArgument => flag(text(error, ContextKind::InvalidArg)?, command),
        ErrorKind::InvalidSubcommand => verb(text(error, ContextKind::InvalidSubcommand)?, command),
        ErrorKind::InvalidValue => value(text(error, ContextKind::InvalidValue)?, error),
        _ => None,
    };
    nearest.map(|nearest| format!("did you mean {nearest}?"))
}

/// What the parser says about its complaint, where that is one word.
pub(super) fn text(error: &clap::Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text),
        _ => None,
    }
}

fn flag(typed: &str, command: &Command) -> Option<String> {
    let name = typed.strip_prefix("--")?;
    nearest(name, flags(command)).map(|name| format!("--{name}"))
}

fn verb(typed: &str, command: &Command) -> Option<String> {
    let verbs = command.get_subcommands().map(Command::get_name);
    nearest(typed, verbs).map(str::to_owned)
}

fn value(typed: &str, error: &clap::Error) -> Option<String> {
    let Some(ContextValue::Strings(values)) = error.get(ContextKind::ValidValue) else {
        return None;
    };
    nearest(typed, values.iter().map(String::as_str)).map(str::to_owned)
}

/// The flags that the help of this command shows, without their dashes.
fn flags(command: &Command) -> impl Iterator<Item = &str> {
    let shown = command.get_arguments().filter(|arg| !arg.is_hide_set());
    shown.filter_map(Arg::get_long)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use clap::Parser;

    use crate::cli::{Cli, explain};

    /// The hint after a command line that the parser refuses.
    fn hint(line: &str) -> String {
        let argv: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let refused = Cli::try_parse_from(&argv).expect_err("refused");
        explain(&refused, &argv).hint().expect("a hint")
    }

    #[test]
    fn slips_in_flags_commands_and_values_are_hinted_at_in_one_wording() {
        for (line, hinted) in [
            ("roomctl kick --rom room-test", "did you mean --room?"),
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
    fn a_word_that_is_near_to_nothing_leads_to_the_help() {
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
