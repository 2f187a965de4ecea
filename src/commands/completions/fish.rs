//! What the library's script for fish leaves out: the values of operands.

use std::fmt::Write as _;

use clap::Command;
use clap::builder::PossibleValue;

/// A line for every value of an operand of the commands right below `tree`.
pub(super) fn operands(tree: &Command) -> String {
    let mut lines = String::new();
    for command in tree.get_subcommands() {
        let operands = command.get_positionals();
        for value in operands.flat_map(clap::Arg::get_possible_values) {
            line(&mut lines, command.get_name(), &value);
        }
    }
    lines
}

fn line(lines: &mut String, command: &str, value: &PossibleValue) {
    let condition = format!("__fish_roomctl_using_subcommand {command}");
    let name = value.get_name();
    // Writing to a String cannot fail.
    let _ = write!(
        lines,
        "complete -c roomctl -n \"{condition}\" -f -a \"{name}\""
    );
    if let Some(help) = value.get_help() {
        let help = help.to_string().replace('\\', "\\\\").replace('\'', "\\'");
        let _ = write!(lines, " -d '{help}'");
    }
    lines.push('\n');
}
