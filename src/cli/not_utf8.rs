//! Words of a command line that are not UTF-8 where a text is expected. The parser
//! says that there is one, but not which. Names of files may have any bytes.

use std::any::TypeId;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::{Arg, Command};

use super::dashes::{awaiting_value, flags_of};
use crate::config::SecretText;
use crate::error::Problem;

/// Takes the place of such a value, so that the rest of the line can be checked. Most
/// flags accept it. The line is never run.
const PLACEHOLDER: &str = "1";

/// The problem of each such word, without its value, which may be a secret; and the line
/// with placeholders.
pub(super) fn find(tree: &Command, argv: &[OsString]) -> (Vec<Problem>, Vec<OsString>) {
    let (mut words, mut problems) = (argv.to_vec(), Vec::new());
    let (mut command, mut at) = (tree, 1);
    while let Some(typed) = argv.get(at) {
        let word = typed.to_string_lossy();
        if word == "--" {
            break;
        }
        let flags = flags_of(&word, command);
        if let Some(flag) = awaiting_value(&word, &flags) {
            at += 1;
            if argv.get(at).is_some_and(|value| is_wrong(flag, value)) {
                problems.push(problem(&name(flag)));
                words[at] = PLACEHOLDER.into();
            }
        } else if let Some(flag) = flags.last() {
            if is_wrong(flag, typed) {
                problems.push(problem(&name(flag)));
                words[at] = format!("{}={PLACEHOLDER}", name(flag)).into();
            }
        } else if let Some(below) = command.find_subcommand(typed) {
            command = below;
        } else if let Some(operand) = operand(command, typed) {
            problems.push(problem(operand));
            words[at] = PLACEHOLDER.into();
        }
        at += 1;
    }
    (problems, words)
}

fn problem(of: &str) -> Problem {
    let message = format!("{of}: is not UTF-8");
    Problem::usage(message, format!("write the value of {of} as UTF-8 text"))
}

/// The name of the command's operand, if this word cannot be its value. Words that the
/// command does not expect are reported elsewhere.
fn operand<'a>(command: &'a Command, typed: &OsStr) -> Option<&'a str> {
    let operand = command.get_positionals().next()?;
    let is_wrong = is_wrong(operand, typed);
    let name = operand.get_value_names()?.first()?;
    is_wrong.then_some(name)
}

fn is_wrong(arg: &Arg, value: &OsStr) -> bool {
    let parsed = arg.get_value_parser().type_id();
    let any_bytes = [
        TypeId::of::<OsString>(),
        TypeId::of::<PathBuf>(),
        TypeId::of::<SecretText>(),
    ];
    value.to_str().is_none() && !any_bytes.iter().any(|kind| parsed == *kind)
}

fn name(flag: &Arg) -> String {
    match (flag.get_long(), flag.get_short()) {
        (Some(long), _) => format!("--{long}"),
        (None, Some(short)) => format!("-{short}"),
        (None, None) => flag.get_id().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStrExt;

    use super::super::command_tree;
    use super::*;

    /// The problems of a line; `?` stands for a byte that is not UTF-8.
    fn found(line: &str) -> (Vec<String>, String) {
        let word = |word: &str| {
            let bytes: Vec<u8> = word
                .bytes()
                .map(|b| if b == b'?' { 0xff } else { b })
                .collect();
            OsStr::from_bytes(&bytes).to_owned()
        };
        let argv: Vec<OsString> = line.split(' ').map(word).collect();
        let (problems, words) = find(&command_tree(), &argv);
        let messages = problems.into_iter().map(|problem| problem.message);
        let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
        (messages.collect(), words.join(" ").replace('\u{fffd}', "?"))
    }

    #[test]
    fn each_argument_that_is_not_utf8_is_named_and_its_value_is_not_shown() {
        for (line, names, rest) in [
            (
                "roomctl kick -r r? -u u",
                &["--room"][..],
                "roomctl kick -r 1 -u u",
            ),
            (
                "roomctl kick --room=r? -u u?",
                &["--room", "--user"],
                "roomctl kick --room=1 -u 1",
            ),
            (
                "roomctl kick -nr? -m x",
                &["--room"],
                "roomctl kick --room=1 -m x",
            ),
            (
                "roomctl kick -m ? --rate 1? -n",
                &["--reason", "--rate"],
                "roomctl kick -m 1 --rate 1 -n",
            ),
            ("roomctl explain ?", &["CODE"], "roomctl explain 1"),
            // Names of files, secrets, settings that name their source, and what another
            // program gets.
            (
                "roomctl kick --from f? --journal=j?",
                &[],
                "roomctl kick --from f? --journal=j?",
            ),
            (
                "roomctl kick --secret-key k?",
                &[],
                "roomctl kick --secret-key k?",
            ),
            ("roomctl -o json? info", &[], "roomctl -o json? info"),
            ("roomctl sandbox -- sh ?", &[], "roomctl sandbox -- sh ?"),
        ] {
            let messages: Vec<_> = names
                .iter()
                .map(|name| format!("{name}: is not UTF-8"))
                .collect();
            assert_eq!(found(line), (messages, rest.to_owned()), "{line}");
        }
    }
}
