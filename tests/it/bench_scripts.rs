//! The benchmarks that are scripts: each is valid, says how it is used, and its smallest
//! form runs. No figure is checked.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Home, is_installed};

/// The scripts in `tests/bench/` with this ending.
fn scripts(ending: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench");
    let entries = fs::read_dir(folder).expect("tests/bench");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .collect()
}

/// Runs these words in a folder of its own, with the program of the tests: its stdout.
fn run(words: &[&str]) -> String {
    let home = Home::new();
    let done = Command::new("timeout")
        .arg("120")
        .args(words)
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", "/usr/bin:/bin")
        .env("TMPDIR", home.path())
        .env("ROOMCTL", env!("CARGO_BIN_EXE_roomctl"))
        .current_dir(home.path())
        .output()
        .expect("it starts");
    let stderr = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{words:?}: {stderr}");
    String::from_utf8(done.stdout).expect("UTF-8")
}

/// The smallest form of a script: what it prints about the machine, and this.
fn prints(script: &str, words: &[&str], parts: &[&str]) {
    if !is_installed("python3") {
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench");
    let script = folder.join(script).display().to_string();
    let printed = run(&[&["python3", &script], words].concat());
    for part in ["machine: ", "date: ", "with: roomctl 0"]
        .iter()
        .chain(parts)
    {
        assert!(printed.contains(part), "{part}: {printed}");
    }
}

#[test]
fn every_shell_script_is_valid() {
    let scripts = scripts("sh");
    assert!(!scripts.is_empty());
    for script in scripts {
        run(&["bash", "-n", &script.display().to_string()]);
    }
}

#[test]
fn every_python_script_is_valid_and_begins_with_its_usage() {
    if !is_installed("python3") {
        return;
    }
    let check = "import ast, sys; print(ast.get_docstring(ast.parse(open(sys.argv[1]).read())))";
    for script in scripts("py") {
        let name = script.file_name().and_then(|name| name.to_str());
        let name = name.expect("a name");
        let usage = run(&["python3", "-c", check, &script.display().to_string()]);
        let is_usage = usage.starts_with(&format!("tests/bench/{name}"));
        assert!(is_usage || name == "common.py", "{name}: {usage}");
    }
}

#[test]
fn one_kick_is_measured() {
    prints(
        "one_kick.py",
        &["2"],
        &["plain HTTP, 2 rounds", "TLS, 2 rounds"],
    );
}

#[test]
fn ten_thousand_members_are_measured() {
    let parts = ["answers after 30ms", "answers after 300ms"];
    prints("ten_thousand.py", &["1", "100"], &parts);
}

#[test]
fn lists_with_absent_members_are_measured() {
    prints("absent.py", &["20", "5"], &["    0 %", "  100 %"]);
}

#[test]
fn arrivals_are_measured() {
    prints("arrivals.py", &["100"], &["--rate 200, no faults: "]);
}

#[cfg(target_os = "linux")]
#[test]
fn resources_are_measured() {
    prints(
        "resources.py",
        &["--quick"],
        &["400 members", "each tenth of its time"],
    );
}
