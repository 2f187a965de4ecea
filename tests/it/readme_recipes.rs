//! The recipes of the README do what it says, under the shells that run them.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::readme::{blocks, section};
use crate::support::{Home, Sandbox, is_installed};

/// How a program ended: its exit code, its stdout and its stderr.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    stdout: String,
    pub(crate) stderr: String,
}

/// Runs a program in the home, with the variables that point to this endpoint.
fn run(words: &[&str], home: &Home, sandbox: &Sandbox, endpoint: &str) -> Ended {
    let mut command = command(words, home.path(), endpoint);
    command.env("ROOMCTL_SDKAPPID", sandbox.sdkappid().to_string());
    command.env("ROOMCTL_IDENTIFIER", "administrator");
    command.env("ROOMCTL_SECRET_KEY", sandbox.key());
    end(command)
}

/// A program in this folder that gives up early, with the path to roomctl and the endpoint.
pub(crate) fn command(words: &[&str], folder: &Path, endpoint: &str) -> Command {
    let binary = Path::new(env!("CARGO_BIN_EXE_roomctl"));
    let binaries = binary.parent().expect("a folder").display();
    let mut command = Command::new("timeout");
    command
        .arg("120")
        .args(words)
        .env_clear()
        .env("HOME", folder)
        .env("PATH", format!("{binaries}:/usr/bin:/bin"))
        .env("ROOMCTL_ENDPOINT", endpoint)
        .env("ROOMCTL_TIMEOUT", "1s")
        .env("ROOMCTL_RETRIES", "0")
        .env("PAUSE", "0")
        .current_dir(folder)
        .stdin(Stdio::null());
    command
}

/// Runs it to its end.
pub(crate) fn end(mut command: Command) -> Ended {
    let output = command.output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ended {
        code: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// A home with the script of the nightly list, and a list of these users.
pub(crate) fn home(users: &[&str]) -> Home {
    let home = Home::new();
    let row = |user: &&str| {
        format!(
            "room-test,{user}
"
        )
    };
    let rows: String = users.iter().map(row).collect();
    home.file("abusers.csv", format!("room,user\n{rows}"));
    home.file(
        "nightly.sh",
        blocks(&section("A nightly list"), "sh").remove(0),
    );
    home
}

/// Nothing listens there.
pub(crate) const DEAD: &str = "http://127.0.0.1:1";

#[test]
fn the_nightly_script_ends_with_the_exit_code_that_a_scheduler_needs() {
    let sandbox = Sandbox::demo();
    for shell in [
        &["sh", "nightly.sh"][..],
        &["bash", "-eo", "pipefail", "nightly.sh"],
    ] {
        let home = home(&["user1", "gone"]);
        let ended = run(shell, &home, &sandbox, &sandbox.endpoint());
        assert_eq!(ended.code, Some(0), "{shell:?}: {}", ended.stderr);
        let results = std::fs::read_to_string(home.path().join("results.ndjson"));
        assert_eq!(results.expect("results").lines().count(), 2);
        let again = run(shell, &home, &sandbox, &sandbox.endpoint());
        assert_eq!(again.code, Some(0), "{shell:?}: {}", again.stderr);
    }
}

#[test]
fn the_nightly_script_asks_for_another_run_only_if_that_can_help() {
    let sandbox = Sandbox::untouched();
    let dead = run(&["sh", "nightly.sh"], &home(&["user1"]), &sandbox, DEAD);
    assert_eq!(dead.code, Some(75), "{}", dead.stderr);
    let failing = Sandbox::failing("100006");
    let refused = home(&["user1"]);
    let ended = run(
        &["sh", "nightly.sh"],
        &refused,
        &failing,
        &failing.endpoint(),
    );
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(
        ended.stderr.ends_with("see left.ndjson\n"),
        "{}",
        ended.stderr
    );
    let left = std::fs::read_to_string(refused.path().join("left.ndjson"));
    assert!(left.expect("what is left").contains("\"user1\""));
    let wrong = home(&["user1"]);
    wrong.file("abusers.csv", "room,user\nroom-test,\n");
    let ended = run(&["sh", "nightly.sh"], &wrong, &sandbox, &sandbox.endpoint());
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
}

#[test]
fn the_program_in_python_prints_each_outcome() {
    if !is_installed("python3") {
        return;
    }
    let sandbox = Sandbox::demo();
    let home = Home::new();
    home.file("job.py", blocks(&section("Python"), "python").remove(0));
    let ended = run(&["python3", "job.py"], &home, &sandbox, &sandbox.endpoint());
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let mut lines: Vec<&str> = ended.stdout.lines().collect();
    let last = lines.pop().expect("a line");
    lines.sort_unstable();
    assert_eq!(
        lines,
        ["absent nobody", "removed user1"],
        "{}",
        ended.stdout
    );
    assert!(last.starts_with("exit 6 "), "{last}");
}
