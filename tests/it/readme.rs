//! What the README shows is what happens: every console block is run against
//! the sandbox, every table is the program's own.

use std::path::Path;
use std::process::Command;

use roomctl::exit::Exit;
use roomctl::job::Outcome;
use roomctl::room::Action;
use serde_json::Value;

use crate::support::{Home, Sandbox};

fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    std::fs::read_to_string(path).expect("the README")
}

/// The fenced blocks of one language.
fn blocks(language: &str) -> Vec<String> {
    let text = readme();
    let fence = format!("```{language}\n");
    let fences = text.split(&fence).skip(1);
    fences
        .map(|rest| rest.split("```").next().unwrap_or_default().to_owned())
        .collect()
}

/// Commands with the output that is shown below them.
fn commands() -> Vec<(String, Vec<String>)> {
    let mut commands: Vec<(String, Vec<String>)> = Vec::new();
    for line in blocks("console").iter().flat_map(|block| block.lines()) {
        match line.strip_prefix("$ ") {
            Some(command) => commands.push((command.to_owned(), Vec::new())),
            None => commands
                .last_mut()
                .expect("a command first")
                .1
                .push(line.to_owned()),
        }
    }
    commands
}

/// A line without what differs from run to run.
fn stable(line: &str) -> String {
    if let Ok(Value::Object(mut object)) = serde_json::from_str(line) {
        for changing in ["RequestId", "ElapsedMs", "Time"] {
            if let Some(value) = object.get_mut(changing) {
                assert!(!value.is_null(), "{line}");
                *value = Value::Null;
            }
        }
        return Value::Object(object).to_string();
    }
    let words = line.split_inclusive([' ', '\t']);
    let is_id = |word: &str| word.starts_with("Id-") && word.contains("-O-Seq-");
    words
        .map(|word| if is_id(word) { "Id " } else { word })
        .collect::<String>()
        .trim_end()
        .into()
}

/// A home as the README has its reader make it, but leading to the sandbox.
fn home(sandbox: &Sandbox) -> Home {
    let home = Home::new();
    let profile = blocks("toml").remove(0);
    home.config(&format!("{profile}endpoint = \"{}\"\n", sandbox.endpoint()));
    home.file_of_mode(".config/roomctl/key", sandbox.key(), 0o600);
    home.file("abusers.csv", "user\nuser3\nuser4\n");
    home
}

#[test]
fn every_command_shown_prints_what_is_shown() {
    let sandbox = Sandbox::demo();
    let home = home(&sandbox);
    let binary = Path::new(env!("CARGO_BIN_EXE_roomctl"));
    let folder = binary.parent().expect("a folder").display();
    let shown = commands();
    assert!(shown.len() >= 5, "{shown:?}");
    for (command, expected) in shown
        .iter()
        .filter(|(command, _)| command != "cargo test --locked")
    {
        let command = command.replace("cargo run --release --locked --", "roomctl");
        let output = Command::new("/bin/sh")
            .args(["-c", &command])
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", format!("{folder}:/usr/bin:/bin"))
            .current_dir(home.path())
            .output()
            .expect("a shell");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command}\n{stderr}");
        let printed = String::from_utf8(output.stdout).expect("UTF-8");
        let printed: Vec<String> = printed.lines().map(stable).collect();
        let expected: Vec<String> = expected.iter().map(|line| stable(line)).collect();
        assert_eq!(printed, expected, "{command}");
    }
}

#[test]
fn the_test_command_is_named() {
    assert!(
        commands()
            .iter()
            .any(|(command, _)| command == "cargo test --locked")
    );
}

#[test]
fn the_exit_table_is_the_programs_own() {
    let rows: Vec<String> = Exit::ALL
        .iter()
        .map(|exit| format!("| {} | {} |", exit.code(), exit.meaning()))
        .collect();
    let table = format!("| exit | meaning |\n|---|---|\n{}\n\n", rows.join("\n"));
    assert!(readme().contains(&table), "not in the README:\n{table}");
}

#[test]
fn every_outcome_is_explained() {
    for outcome in Outcome::ALL {
        let row = format!("\n| `{}` | ", outcome.name(Action::Kick));
        assert!(readme().contains(&row), "{row}");
    }
}
