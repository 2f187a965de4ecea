//! Corrections of the scripts that `clap_complete` generates for bash and fish.

use std::fmt::Write as _;

use clap::Command;
use clap::builder::PossibleValue;

/// In the static script of bash: the line before which the current and the
/// previous word are set.
const BASH_WORDS_SET: &str = "    cmd=\"\"\n";

/// bash splits `--flag=value` into three words.
const BASH_WITH_EQUALS: &str = "\
    if [[ \"${cur}\" == \"=\" ]]; then
        cur=\"\"
    elif [[ \"${prev}\" == \"=\" ]]; then
        prev=\"${COMP_WORDS[COMP_CWORD-2]}\"
    fi
";

/// In the asking script of bash: the line that calls roomctl.
const BASH_ASKS: &str = "    COMPREPLY=( $( \\\n";

const BASH_WITHOUT_EQUALS: &str = "\
    local i
    for ((i = COMP_CWORD - 1; i > 1; i--)); do
        if [[ \"${COMP_WORDS[i]}\" == \"=\" && \"${COMP_WORDS[i-1]}\" == --* ]]; then
            unset \"words[i]\"
            ((_CLAP_COMPLETE_INDEX--))
        fi
    done
    words=(\"${words[@]}\")
";

/// The static script of bash, with the flag before `=` as the previous word.
pub(super) fn bash_with_equals(script: &str) -> String {
    let patched = format!("{BASH_WITH_EQUALS}{BASH_WORDS_SET}");
    script.replacen(BASH_WORDS_SET, &patched, 1)
}

/// The asking script of bash, with `--flag = value` passed on as two words.
pub(super) fn bash_asking_without_equals(script: &str) -> String {
    script.replacen(BASH_ASKS, &format!("{BASH_WITHOUT_EQUALS}{BASH_ASKS}"), 1)
}

/// Lines for fish, whose generated script has no values of operands: one line
/// for every value of an operand of the commands directly below `tree`.
pub(super) fn fish_operands(tree: &Command) -> String {
    let mut lines = String::new();
    for command in tree.get_subcommands() {
        let operands = command.get_positionals();
        for value in operands.flat_map(clap::Arg::get_possible_values) {
            fish_line(&mut lines, command.get_name(), &value);
        }
    }
    lines
}

fn fish_line(lines: &mut String, command: &str, value: &PossibleValue) {
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
