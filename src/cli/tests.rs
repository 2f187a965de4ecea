//! Properties of the help of every command.

use clap::Command;

use super::*;

/// The program and all its commands, built.
fn commands() -> Vec<Command> {
    let mut tree = Cli::command().term_width(80);
    tree.build();
    let mut all = Vec::new();
    gather(&tree, &mut all);
    all
}

fn gather(command: &Command, all: &mut Vec<Command>) {
    all.push(command.clone());
    for below in command.get_subcommands() {
        gather(below, all);
    }
}

fn short(command: &Command) -> String {
    command.clone().render_help().to_string()
}

fn long(command: &Command) -> String {
    command.clone().render_long_help().to_string()
}

/// The lines below `Examples:`, up to a blank one.
fn examples(help: &str) -> Vec<&str> {
    let below = help
        .split_once("\nExamples:")
        .map_or("", |(_, below)| below.trim_start());
    let lines = below.lines().map(str::trim);
    lines.take_while(|line| !line.is_empty()).collect()
}

#[test]
fn the_tree_is_valid() {
    Cli::command().debug_assert();
}

#[test]
fn flags_of_a_command_are_added_when_it_is_entered() {
    let mut tree = Cli::command();
    let flags = |tree: &Command| {
        let kick = tree.find_subcommand("kick").expect("a command");
        (kick.get_arguments().count(), kick.get_about().cloned())
    };
    let (before, about) = flags(&tree);
    tree.build();
    let (after, the_same) = flags(&tree);
    assert_eq!(before, 0);
    assert!(after > 20, "{after}");
    assert!(about.is_some(), "the parent's help describes it");
    assert_eq!(about, the_same);
}

#[test]
fn the_short_help_fits_a_screen_of_24_lines_and_80_columns_below_the_prompt() {
    for command in commands() {
        let help = short(&command);
        let name = command.get_bin_name().unwrap_or_default();
        assert!(help.lines().count() <= 23, "{name}:\n{help}");
        for line in help.lines() {
            assert!(line.chars().count() <= 80, "{name}: {line}");
        }
    }
}

#[test]
fn the_two_examples_of_the_short_help_are_in_the_long_one() {
    for command in commands() {
        let (short, long) = (short(&command), long(&command));
        let shown = examples(&short);
        assert_eq!(shown.len(), 2, "{short}");
        assert!(
            shown.iter().all(|line| line.contains("roomctl ")),
            "{short}"
        );
        for example in shown {
            assert!(long.contains(example), "{example} in\n{long}");
        }
    }
}

#[test]
fn connection_and_pace_are_only_in_the_long_help() {
    let headings = ["\nConnection:\n", "\nPace and retries:\n"];
    for command in commands() {
        let help = short(&command);
        assert!(
            headings.iter().all(|heading| !help.contains(heading)),
            "{help}"
        );
    }
    let kick = commands()
        .into_iter()
        .find(|command| command.get_name() == "kick");
    let help = long(&kick.expect("a command"));
    for heading in headings.into_iter().chain(["\nJournal:\n", "\nOutput:\n"]) {
        assert!(help.contains(heading), "{heading} in {help}");
    }
}

#[test]
fn the_help_of_a_flag_names_its_variable() {
    let all = commands();
    for (variable, flag, _) in crate::config::table::variables() {
        let name = flag.trim_start_matches('-');
        for command in &all {
            for arg in command
                .get_arguments()
                .filter(|arg| arg.get_long() == Some(name))
            {
                let help = arg
                    .get_long_help()
                    .or(arg.get_help())
                    .map(ToString::to_string);
                let named = format!("[env: {variable}]");
                assert!(help.is_some_and(|help| help.contains(&named)), "{flag}");
            }
        }
    }
}

#[test]
fn the_short_help_names_the_flags_that_a_first_hour_needs() {
    let of = |name: &str| {
        let mut all = commands().into_iter();
        let command = all.find(|command| command.get_name() == name);
        short(&command.expect("a command"))
    };
    for (command, flags) in [
        ("roomctl", &["-V", "--profile", "--sandbox"][..]),
        ("kick", &["-y, --yes", "--profile", "--sandbox"]),
        ("ban", &["-y, --yes", "--profile", "--sandbox"]),
        ("unban", &["-y, --yes", "--profile", "--sandbox"]),
        ("members", &["--profile", "--sandbox"]),
        ("doctor", &["--profile", "--sandbox"]),
    ] {
        let help = of(command);
        for flag in flags {
            assert!(help.contains(flag), "{flag} in {help}");
        }
    }
}

#[test]
fn help_breaks_no_word_at_80_columns_and_fits_40() {
    for width in [80, 40] {
        let mut tree = Cli::command().term_width(width);
        tree.build();
        let mut all = Vec::new();
        gather(&tree, &mut all);
        for command in all {
            let help = long(&command);
            // Lines that are written out are read on 80 columns, and usage is one line.
            let after = command.get_after_long_help().or(command.get_after_help());
            let written = after.map(ToString::to_string).unwrap_or_default();
            let is_filled =
                |line: &&str| !line.starts_with("Usage:") && !written.contains(line.trim_end());
            for line in help.lines().filter(is_filled) {
                let name = command.get_bin_name().unwrap_or_default();
                let longest = line.split_whitespace().map(str::len).max().unwrap_or(0);
                let fits = line.chars().count() <= width || longest * 2 > width;
                assert!(fits, "{name}, {width}: {line}");
            }
        }
    }
}
