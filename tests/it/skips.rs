//! Tests that skip themselves: whoever runs the tests is to see it.

use std::process::Command;

#[test]
fn a_test_that_skips_itself_says_so_past_the_harness() {
    let tests = std::env::current_exe().expect("the tests");
    let mut run = Command::new(tests);
    run.args(["--exact", "terminal_screens::one_kick"]);
    let done = run.env_clear().env("PATH", "/missing").output();
    let done = done.expect("the tests start");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}");
    assert!(said.contains("SKIPPED: tmux is not installed"), "{said}");
}
