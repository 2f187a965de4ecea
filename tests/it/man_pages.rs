//! The manual: pages have the usual sections, and a formatter (Debian's mandoc)
//! finds no problem.

use std::path::Path;
use std::process::Command;

use crate::support::{Home, Roomctl, any, has, is_installed};

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
