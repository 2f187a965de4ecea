//! Tests of the tests: every file is compiled, short and described; a skipped
//! test is reported.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn every_test_file_is_declared_in_main_or_support() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    for (directory, list) in [("", "main.rs"), ("support", "mod.rs")] {
        let directory = root.join(directory);
        let text = fs::read_to_string(directory.join(list)).expect("the list");
        for entry in fs::read_dir(&directory).expect("a directory") {
            let path = entry.expect("an entry").path();
            let name = path.file_stem().and_then(|stem| stem.to_str());
            let name = name.expect("a name");
            if path.file_name().is_some_and(|file| file != list) {
                let line = format!("mod {name};");
                assert!(text.lines().any(|l| l == line), "{line} in {list}");
            }
        }
    }
}

#[test]
fn every_test_file_has_a_description_and_stays_short() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    for directory in [root.clone(), root.join("support")] {
        for entry in fs::read_dir(directory).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                let text = fs::read_to_string(&path).expect("text");
                assert!(text.starts_with("//! "), "{}", path.display());
                assert!(text.lines().count() <= 350, "{}", path.display());
            }
        }
    }
}

#[test]
fn a_skipped_test_is_reported_on_stderr() {
    let tests = std::env::current_exe().expect("the tests");
    let mut run = Command::new(tests);
    run.args(["--exact", "terminal_screens::the_screen_of_one_kick"]);
    let done = run.env_clear().env("PATH", "/missing").output();
    let done = done.expect("the tests start");
    let message = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{message}");
    assert!(
        message.contains("SKIPPED: tmux is not installed"),
        "{message}"
    );
}
