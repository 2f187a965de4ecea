//! Help and version: on stdout, complete, and short with `-h`.

use crate::support::{Done, Roomctl, any, has};

fn shown(words: &str) -> Done {
    Roomctl::new(words).stdout(any()).exits(0)
}

#[test]
fn help_names_the_commands_and_how_to_begin() {
    for words in ["--help", "-h"] {
        let help = shown(words).stdout;
        for part in ["Usage: roomctl", "kick", "Remove members"] {
            assert!(help.contains(part), "{part} in {words}");
        }
    }
}

#[test]
fn help_of_kick_names_every_flag_of_the_contract() {
    let help = shown("kick --help").stdout;
    for flag in [
        "-r, --room",
        "-u, --user",
        "-m, --reason",
        "--reason-file",
        "--ignore-absent",
        "-n, --dry-run",
        "--rate",
        "--retries",
        "--profile",
        "--config",
        "--sdkappid",
        "--identifier",
        "--secret-key",
        "--secret-key-file",
        "--usersig",
        "--usersig-file",
        "--region",
        "--endpoint",
        "--ca-file",
        "--tls-roots",
        "--expire",
        "--timeout",
        "--connect-timeout",
        "-o, --output",
        "--color",
        "-q, --quiet",
        "-v, --verbose",
        "--sandbox",
        "-h, --help",
    ] {
        assert!(help.contains(flag), "{flag}");
    }
}

#[test]
fn the_short_help_of_kick_has_what_a_first_kick_needs_and_points_to_the_rest() {
    let help = shown("kick -h").stdout;
    for part in [
        "--room",
        "--user",
        "--from",
        "--reason",
        "--dry-run",
        "--journal",
        "--output",
    ] {
        assert!(help.contains(part), "{part}");
    }
    assert!(help.contains("see more with '--help'"), "{help}");
    assert!(help.lines().count() <= 24, "{help}");
}

#[test]
fn help_of_kick_has_the_exit_codes_and_an_example() {
    let help = shown("kick --help").stdout;
    for part in [
        "Exit codes",
        "129/130/143",
        "roomctl kick --room room-test --user user1",
    ] {
        assert!(help.contains(part), "{part}");
    }
}

#[test]
fn help_is_plain_off_a_terminal() {
    assert!(!shown("kick --help").stdout.contains('\u{1b}'));
    let no_color = Roomctl::new("kick --help")
        .env("NO_COLOR", "1")
        .stdout(any())
        .exits(0);
    assert!(!no_color.stdout.contains('\u{1b}'));
}

#[test]
fn v_is_one_line_with_name_and_version() {
    let line = format!("roomctl {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(shown("-V").stdout, line);
}

#[test]
fn version_adds_target_and_tls_backend() {
    let text = shown("--version").stdout;
    assert!(
        text.starts_with(&format!("roomctl {}\n", env!("CARGO_PKG_VERSION"))),
        "{text}"
    );
    for part in [
        "target: ",
        std::env::consts::OS,
        std::env::consts::ARCH,
        "tls: ",
        "rustls",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn without_a_command_it_is_exit_2_with_a_hint() {
    Roomctl::new("")
        .stderr(has(["Usage: roomctl", "kick"]))
        .exits(2);
    #[cfg(target_os = "linux")]
    Roomctl::new("")
        .in_shell("exec \"$0\" 2> /dev/full")
        .exits(2);
    let bare = Roomctl::new("").env("ROOMCTL_OUTPUT", "json");
    for json in [bare, Roomctl::new("-o json")] {
        let done = json.stderr(has(["--help"])).exits(2);
        assert_eq!(done.stderr.lines().count(), 1, "{done}");
        assert_eq!(done.error().expect("JSON")["ExitCode"], 2);
    }
}

#[test]
fn help_needs_no_credentials_file_or_home() {
    let broken = Roomctl::new("kick --help").env("ROOMCTL_CONFIG", "/nowhere/x.toml");
    broken
        .env("ROOMCTL_OUTPUT", "json")
        .stdout(has(["Usage:"]))
        .exits(0);
    let homeless = Roomctl::new("--help").in_shell("unset HOME; exec \"$0\" \"$@\"");
    homeless.stdout(has(["Usage:"])).exits(0);
}

#[test]
fn a_word_after_a_command_is_one_of_its_commands() {
    for (line, says) in [
        (
            "help kick ban",
            "no command 'ban': kick has no command of this name\nhint: roomctl help kick\nhint: roomctl help ban",
        ),
        (
            "help profile shwo",
            "no command 'shwo': profile has no command of this name\nhint: did you mean show?",
        ),
        (
            "help profile show x",
            "no command 'x': profile show has no command of this name\nhint: roomctl help COMMAND",
        ),
        (
            "help kik",
            "no command or topic 'kik'\nhint: did you mean kick?",
        ),
    ] {
        Roomctl::new(line).stderr(has([says])).exits(2);
    }
}

#[test]
fn no_columns_are_as_columns_that_are_not_set() {
    let help = |columns: &str, line: &str| {
        let help = Roomctl::new(line).env("COLUMNS", columns);
        help.stdout(any()).exits(0).stdout
    };
    for line in ["kick --help", "kick -h", "--help", "help kick"] {
        assert_eq!(help("0", line), help("", line), "{line}");
        assert_ne!(help("60", line), help("", line), "{line}");
    }
}
