//! The recipes of the README do what it says, under the shells that run them.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::readme::{blocks, section};
use crate::support::{Home, Sandbox, is_installed};

/// How a program ended: its exit code, its stdout and its stderr.
struct Ended {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// Runs a program in the home, with the variables that point to this endpoint.
fn run(words: &[&str], home: &Home, sandbox: &Sandbox, endpoint: &str) -> Ended {
    let binary = Path::new(env!("CARGO_BIN_EXE_roomctl"));
    let folder = binary.parent().expect("a folder").display();
    let output = Command::new("timeout")
        .arg("120")
        .args(words)
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", format!("{folder}:/usr/bin:/bin"))
        .env("ROOMCTL_ENDPOINT", endpoint)
        .env("ROOMCTL_SDKAPPID", sandbox.sdkappid().to_string())
        .env("ROOMCTL_IDENTIFIER", "administrator")
        .env("ROOMCTL_SECRET_KEY", sandbox.key())
        .env("ROOMCTL_TIMEOUT", "1s")
        .env("ROOMCTL_RETRIES", "0")
        .env("PAUSE", "0")
        .current_dir(home.path())
        .stdin(Stdio::null())
        .output()
        .expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ended {
        code: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// A home with the script of the nightly list, and a list of these users.
fn home(users: &[&str]) -> Home {
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
const DEAD: &str = "http://127.0.0.1:1";

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

/// The scripts of the steps of a workflow.
fn steps(workflow: &str) -> Vec<String> {
    let mut scripts = Vec::new();
    let mut lines = workflow.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(script) = line.trim_start().strip_prefix("run: ") else {
            continue;
        };
        if script != "|" {
            scripts.push(script.to_owned());
            continue;
        }
        let depth = line.len() - line.trim_start().len();
        let is_inside = |line: &&str| line.len() - line.trim_start().len() > depth;
        let mut block = String::new();
        while let Some(inner) = lines.next_if(is_inside) {
            block += inner.trim_start();
            block += "\n";
        }
        scripts.push(block);
    }
    scripts
}

#[test]
fn the_steps_of_the_workflow_run_as_the_runner_runs_them() {
    let steps = steps(&blocks(&section("GitHub Actions"), "yaml").remove(0));
    assert_eq!(steps.len(), 2, "{steps:?}");
    let sandbox = Sandbox::demo();
    let ends = |home: &Home, endpoint: &str| {
        let run = |script: &String| {
            home.file("step.sh", script);
            let bash = [
                "bash",
                "--noprofile",
                "--norc",
                "-eo",
                "pipefail",
                "step.sh",
            ];
            run(&bash, home, &sandbox, endpoint).code
        };
        steps.iter().map(run).collect::<Vec<_>>()
    };
    let good = home(&["user1", "gone"]);
    assert_eq!(ends(&good, &sandbox.endpoint()), [Some(0), Some(0)]);
    assert_eq!(ends(&home(&["user2"]), DEAD), [Some(5), Some(75)]);
}

#[test]
fn the_workflow_and_the_pod_set_variables_that_exist() {
    let help = crate::support::Roomctl::new("help environment");
    let help = help.stdout(crate::support::any()).exits(0).stdout;
    for name in ["GitHub Actions", "Kubernetes"] {
        let yaml = blocks(&section(name), "yaml").remove(0);
        let words = yaml.split(|c: char| !c.is_ascii_uppercase() && c != '_');
        let variables: Vec<&str> = words.filter(|word| word.starts_with("ROOMCTL_")).collect();
        assert!(variables.len() >= 3, "{variables:?}");
        for variable in variables {
            assert!(
                help.split_whitespace().any(|word| word == variable),
                "{variable}"
            );
        }
    }
    let pod = blocks(&section("Kubernetes"), "yaml").remove(0);
    assert!(pod.contains("defaultMode: 0400\n"), "{pod}");
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
