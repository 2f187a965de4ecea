//! What whoever runs the tests may ask for by variables.

use std::io::{self, Write};
use std::process::{Command, Stdio};

#[allow(clippy::disallowed_methods, reason = "the tests' own variables")]
fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some()
}

/// Files that are compared are to be written anew.
pub(crate) fn is_rewriting() -> bool {
    is_set("ROOMCTL_REWRITE")
}

/// Whether a program is on this machine; if not, that is said, and with
/// `ROOMCTL_TESTS_NEED_SHELLS` it is a failure.
pub(crate) fn is_installed(program: &str) -> bool {
    let found = Command::new("/bin/sh")
        .args(["-c", &format!("command -v {program}")])
        .stdout(Stdio::null())
        .status();
    let is_installed = found.expect("a shell").success();
    if !is_installed {
        assert!(
            !is_set("ROOMCTL_TESTS_NEED_SHELLS"),
            "{program} is not installed"
        );
        report_skipped(&format!(
            "{program} is not installed; Debian's package {program} has it"
        ));
    }
    is_installed
}

/// Says why a test skips itself, past the harness, which swallows what the
/// printing macros say.
pub(crate) fn report_skipped(why: &str) {
    let line = format!("SKIPPED: {why}\n");
    io::stderr().write_all(line.as_bytes()).expect("stderr");
}
