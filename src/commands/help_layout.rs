//! The layout of `--help`, so that the short help fits a screen.

use clap::Command;

/// clap's template without blank lines around the usage: the short help fits a screen
/// of 24 lines below the prompt.
pub(crate) const COMPACT: &str =
    "{about-with-newline}{usage-heading} {usage}\n{all-args}{after-help}";

/// Names the most used flags of the connection in the short help, which is too short
/// for a section of them.
pub(super) fn name_hidden_flags(command: Command) -> Command {
    // It has no styles to remove.
    let text = |help: Option<&clap::builder::StyledStr>| help.map(|help| help.ansi().to_string());
    let short = text(command.get_after_help()).unwrap_or_default();
    let long = text(command.get_after_long_help()).unwrap_or_else(|| short.clone());
    let gap = if short.starts_with("Examples:") {
        "\n"
    } else {
        "\n\n"
    };
    let flags = "More flags: --profile NAME, --sandbox, and the others of --help";
    command
        .after_help(format!("{flags}{gap}{short}"))
        .after_long_help(long)
}
