//! Which tests run, and whether they rewrite their files: variables of the
//! person who runs them.

use std::io::{self, Write};
use std::process::{Command, Stdio};

#[allow(clippy::disallowed_methods, reason = "the tests' own variables")]
fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some()
}

/// Whether compared files are rewritten instead.
pub(crate) fn is_rewriting() -> bool {
    is_set("ROOMCTL_REWRITE")
}

/// The seed that `tests/chaos.sh` gives, or else the usual one.
pub(crate) fn chaos_seed(usual: u64) -> u64 {
    #[allow(clippy::disallowed_methods, reason = "a variable of the tests")]
    let seed = std::env::var("CHAOS_SEED");
    seed.map_or(usual, |seed| seed.parse().expect("CHAOS_SEED is a number"))
}

/// Whether a program is installed. If not, that is reported; with
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

/// Reports why a test is skipped, directly on stderr: the test harness captures
/// what the printing macros print.
pub(crate) fn report_skipped(why: &str) {
    let line = format!("SKIPPED: {why}\n");
    io::stderr().write_all(line.as_bytes()).expect("stderr");
}
