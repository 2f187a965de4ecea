//! The manual: pages have the usual sections, and a formatter (Debian's mandoc)
//! finds no problem.

use std::path::Path;
use std::process::Command;

use crate::support::{Home, Roomctl, TerminalSession, any, has, is_installed};

#[test]
fn pages_name_the_variables_that_their_command_reads() {
    let home = Home::new();
    let man = Roomctl::new("man --out pages").home(&home).stdout(any());
    man.exits(0);
    let heeds = |page: &str, variable: &str| {
        let file = home.path().join("pages").join(page);
        let text = std::fs::read_to_string(file).expect("a page");
        text.contains(&format!("\\fB{variable}"))
    };
    assert!(heeds("roomctl-kick.1", "HTTPS_PROXY"));
    assert!(heeds("roomctl-profile-show.1", "XDG_CONFIG_HOME"));
    assert!(heeds("roomctl.1", "ROOMCTL_COMPLETE"));
    for variable in ["HTTPS_PROXY", "SSL_CERT_FILE", "ROOMCTL_SANDBOX"] {
        assert!(!heeds("roomctl-explain.1", variable), "{variable}");
    }
    assert!(heeds("roomctl-explain.1", "NO_COLOR"));
    assert!(!heeds("roomctl-kick.1", "ROOMCTL_COMPLETE"));
}

#[test]
fn a_target_that_is_not_a_folder_is_named() {
    let home = Home::new();
    home.file("spam.csv", "user\n");
    let man = Roomctl::new("man --out spam.csv").home(&home);
    man.stderr(has(["--out: spam.csv is not a folder"]))
        .exits(7);
}

#[test]
fn the_formatter_finds_no_problem_in_the_manual() {
    if !is_installed("mandoc") {
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    let script = format!("mandoc -Tlint -W all {}/*.[15] 2>&1", folder.display());
    let output = Command::new("/bin/sh").args(["-c", &script]).output();
    let output = output.expect("a shell");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_page_has_the_usual_sections() {
    let page = Roomctl::new("man").stdout(any()).exits(0).stdout;
    for section in [
        "NAME",
        "SYNOPSIS",
        "DESCRIPTION",
        "OPTIONS",
        "COMMANDS",
        "EXIT STATUS",
        "ENVIRONMENT",
        "FILES",
        "EXAMPLES",
        "SEE ALSO",
    ] {
        let heading = page.lines().any(|line| {
            line.strip_prefix(".SH ")
                .is_some_and(|name| name.trim_matches('"') == section)
        });
        assert!(heading, "{section}");
    }
}

#[test]
fn every_page_has_its_flags_under_one_heading() {
    for page in ["", "kick", "journal", "journal show", "explain", "profile"] {
        let source = Roomctl::new("man").args(page).stdout(any()).exits(0);
        let sections = source
            .stdout
            .lines()
            .filter_map(|line| line.strip_prefix(".SH "));
        let sections: Vec<&str> = sections.collect();
        let options = sections.iter().filter(|name| **name == "OPTIONS");
        assert_eq!(options.count(), 1, "{page}: {sections:?}");
    }
}

/// The page as a terminal shows it.
fn opened(words: &str, variables: &[(&str, &str)]) -> String {
    opened_at(80, words, variables)
}

/// The same on a terminal of so many columns.
fn opened_at(columns: u16, words: &str, variables: &[(&str, &str)]) -> String {
    let home = Home::new();
    let session = TerminalSession::run_with(words, &home, columns, variables);
    let (shown, code) = session.ends();
    assert_eq!(code, Some(0), "{shown}");
    shown.replace("\r\n", "\n")
}

const PATH: (&str, &str) = ("PATH", "/usr/local/bin:/usr/bin:/bin");

#[test]
fn on_a_terminal_a_page_is_formatted_and_shown_by_the_pager() {
    for pager in [("PAGER", "sed 's/^/| /'"), ("MANPAGER", "sed 's/^/| /'")] {
        let shown = opened("man kick", &[PATH, pager]);
        for part in [
            "| ROOMCTL-KICK(1)",
            "| NAME\n",
            "| OUTPUT\n",
            "--ignore-absent",
        ] {
            assert!(shown.contains(part), "{part} in {shown}");
        }
        assert!(
            !shown.contains("\\f") && !shown.contains("\n| ."),
            "{shown}"
        );
    }
    // The pager of the manual goes first.
    let pagers = [PATH, ("PAGER", "false"), ("MANPAGER", "head -1")];
    assert!(opened("man profile add", &pagers).starts_with("ROOMCTL-PROFILE-ADD(1)"));
}

#[test]
fn a_page_is_readable_where_nothing_is_installed() {
    let shown = opened("man kick", &[("PATH", "/nowhere")]);
    for part in [
        "ROOMCTL-KICK(1)\n",
        "\nNAME\n",
        "\nOUTPUT\n",
        "--ignore-absent\n",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    assert!(!shown.contains("\\f") && !shown.contains("\n."), "{shown}");
    assert!(
        shown.lines().all(|line| line.chars().count() <= 80),
        "{shown}"
    );
}

#[test]
fn a_terminal_that_does_not_report_its_width_has_a_formatted_page() {
    let shown = opened_at(0, "man kick", &[PATH, ("PAGER", "cat")]);
    assert!(shown.contains("ROOMCTL-KICK(1)"), "{shown}");
    assert!(!shown.contains(".TH ROOMCTL"), "{shown}");
    let longest = shown.lines().map(|line| line.chars().count()).max();
    assert!(longest > Some(60) && longest <= Some(100), "{longest:?}");
}

#[test]
fn a_pager_that_ends_early_or_is_missing_is_not_an_error() {
    assert_eq!(opened("man kick", &[PATH, ("PAGER", "true")]), "");
    let shown = opened("man", &[PATH, ("PAGER", "/nowhere/less"), ("TERM", "dumb")]);
    assert!(shown.contains("\nNAME\n"), "{shown}");
}

#[test]
fn a_page_is_found_by_its_command_or_its_name_and_elsewhere_printed_as_source() {
    for (words, title) in [
        ("", "ROOMCTL 1"),
        ("kick", "ROOMCTL-KICK 1"),
        ("profile add", "ROOMCTL-PROFILE-ADD 1"),
        ("roomctl-profile-add", "ROOMCTL-PROFILE-ADD 1"),
        ("roomctl.toml", "ROOMCTL.TOML 5"),
    ] {
        let man = Roomctl::new("man").args(words);
        man.stdout(has([&format!("\n.TH {title} "), "\n.nh\n"]))
            .exits(0);
    }
    for (words, hint) in [
        ("kcik", "hint: roomctl man kick\n"),
        ("output", "hint: roomctl help output\n"),
        ("mars", "hint: roomctl man, which"),
    ] {
        let man = Roomctl::new("man").args(words);
        man.stderr(has(["there is no page for", hint])).exits(2);
    }
    let home = Home::new();
    let man = Roomctl::new("man profile add --out pages").home(&home);
    man.stdout(has(["pages/roomctl-profile-add.1\n"])).exits(0);
    let json = Roomctl::new("man kick -o json")
        .stdout(any())
        .exits(0)
        .result();
    assert_eq!(json["Page"], "roomctl-kick.1");
}

#[test]
fn the_formatter_finds_no_problem_in_the_pages_as_they_are_now() {
    if !is_installed("mandoc") {
        return;
    }
    let home = Home::new();
    Roomctl::new("man --out pages")
        .home(&home)
        .stdout(any())
        .exits(0);
    let script =
        "mandoc -Tlint -W all pages/* 2>&1; mandoc -T ascii pages/* | col -b | grep -n '[a-z]-$'";
    let mut shell = Command::new("/bin/sh");
    let output = shell.args(["-c", script]).current_dir(home.path()).output();
    let output = output.expect("a shell");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "",
        "faults, or hyphenated words"
    );
}
