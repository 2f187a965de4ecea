//! The README is true: every console block is run against the sandbox, tables are
//! compared with the program, and the paths that it names exist.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use roomctl::exit::Exit;
use roomctl::job::Outcome;
use roomctl::room::Action;
use serde_json::Value;

use crate::support::{Home, OK, Reply, Roomctl, Sandbox, Server, any};

/// The tests mostly wait, so they are faster with more threads than cores.
const TEST: &str = "cargo test --locked -- --test-threads=8";

pub(crate) fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    std::fs::read_to_string(path).expect("the README")
}

/// The fenced blocks of one language in a text.
pub(crate) fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let fences = text.split(&fence).skip(1);
    fences
        .map(|rest| rest.split("```").next().unwrap_or_default().to_owned())
        .collect()
}

/// The chapter of this name.
pub(crate) fn chapter(name: &str) -> String {
    let text = readme();
    let (_, rest) = text.split_once(&format!("\n## {name}\n")).expect(name);
    rest.split("\n## ").next().expect("a chapter").to_owned()
}

/// The section of this name in the chapter `Recipes`.
pub(crate) fn section(name: &str) -> String {
    let text = chapter("Recipes");
    let (_, rest) = text.split_once(&format!("\n### {name}\n")).expect(name);
    rest.split("\n### ").next().expect("a section").to_owned()
}

/// A command with what is shown below it.
type Shown = (String, Vec<String>);

/// Commands, in the order of the text.
fn commands(text: &str) -> Vec<Shown> {
    let mut commands: Vec<Shown> = Vec::new();
    for line in blocks(text, "console")
        .iter()
        .flat_map(|block| block.lines())
    {
        if let Some(command) = line.strip_prefix("$ ") {
            commands.push((command.to_owned(), Vec::new()));
        } else {
            let (_, output) = commands.last_mut().expect("a command first");
            output.push(line.to_owned());
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
    let is_time = |word: &str| humantime::parse_rfc3339(word.trim_end()).is_ok();
    let stable = |word| match word {
        word if is_id(word) => "Id ",
        word if is_time(word) => "Time ",
        word => word,
    };
    let line: String = words.map(stable).collect();
    if let Some((counts, _time)) = line.split_once(" retries, ") {
        return format!("{counts} retries");
    }
    line.trim_end().into()
}

/// The counts of an interrupted job differ from run to run.
fn without_counts(line: &str) -> String {
    let line = stable(line);
    let changes = [" retries", " already settled", " not settled"];
    if changes.iter().any(|part| line.contains(part)) {
        let counts = line.split(|c: char| c.is_ascii_digit());
        return counts.filter(|part| !part.is_empty()).collect();
    }
    line
}

/// Where the end of each command's output is, with its exit code.
const MARK: &str = "(that was all, with exit code ";

/// One interactive session of a shell: the output and exit code of each
/// command.
fn session(commands: &[Shown], home: &Home, endpoint: &str) -> Vec<(Vec<String>, i32)> {
    let mut script = String::from("exec 2>&1\ntrap 'kill $! 2>/dev/null' EXIT\n");
    for (command, _) in commands {
        let command = command.replace("cargo run --locked --", "roomctl");
        // Writing to a String cannot fail.
        let _ = writeln!(
            script,
            "{command}\ncode=$?; echo '{MARK}'$code; (exit $code)"
        );
    }
    let binary = Path::new(env!("CARGO_BIN_EXE_roomctl"));
    let folder = binary.parent().expect("a folder").display();
    let output = Command::new("timeout")
        .args(["120", "/bin/sh", "-c", &script])
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", format!("{folder}:/usr/bin:/bin"))
        .env("ROOMCTL_ENDPOINT", endpoint)
        .current_dir(home.path())
        .stdin(Stdio::null())
        .output()
        .expect("a shell");
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    let mut done = Vec::new();
    let mut lines = Vec::new();
    for line in printed.lines() {
        match line.strip_prefix(MARK) {
            Some(code) => done.push((std::mem::take(&mut lines), code.parse().expect("a code"))),
            None => lines.push(line.to_owned()),
        }
    }
    done
}

/// Runs a chapter's blocks in one session: each command prints what is shown,
/// and fails only if its exit code is shown too.
fn runs_as_shown(commands: &[Shown], home: &Home, sandbox: &Sandbox) {
    let done = session(commands, home, &sandbox.endpoint());
    assert_eq!(done.len(), commands.len(), "{done:?}");
    for (at, ((command, shown), (printed, code))) in commands.iter().zip(&done).enumerate() {
        let is_interrupted = command.contains(" --journal night ");
        let kept = if is_interrupted {
            without_counts
        } else {
            stable
        };
        let shown: Vec<String> = shown.iter().map(|line| kept(line)).collect();
        let same: Vec<String> = printed.iter().map(|line| kept(line)).collect();
        assert_eq!(same, shown, "{command}\n{}", printed.join("\n"));
        let next = commands.get(at + 1).map(|(next, _)| next.as_str());
        assert!(*code == 0 || next == Some("echo $?"), "{command}: {code}");
    }
}

#[test]
fn every_command_shown_prints_what_is_shown() {
    let home = Home::new();
    let text = readme();
    let chapters: Vec<&str> = text.split("\n## ").collect();
    let mut count = 0;
    for chapter in chapters {
        let mut commands = commands(chapter);
        commands.retain(|(command, _)| command != TEST);
        if commands.is_empty() {
            continue;
        }
        count += commands.len();
        let starts_its_own = chapter.contains("kick --sandbox ") || chapter.contains("box.env");
        let sandbox = if starts_its_own {
            Sandbox::untouched()
        } else {
            Sandbox::demo()
        };
        home.file("key", sandbox.key());
        runs_as_shown(&commands, &home, &sandbox);
    }
    assert!(count > 30, "{count}");
}

#[test]
fn the_rehearsal_leaves_a_default_profile_alone() {
    let real = Server::answering([Reply::json(OK)]);
    let home = Home::new();
    home.file_of_mode("prod.key", crate::support::KEY, 0o600);
    let prod = format!(
        "default_profile = \"prod\"\n\n[profiles.prod]\nsdkappid = 1400000002\nidentifier = \"admin\"\n\
         secret_key_file = \"{}/prod.key\"\nendpoint = \"{}\"\n",
        home.path().display(),
        real.endpoint()
    );
    let config = home.config(&prod);
    let commands = commands(&chapter("A rehearsal"));
    let done = session(&commands, &home, "");
    for (at, ((command, _), (printed, code))) in commands.iter().zip(&done).enumerate() {
        let next = commands.get(at + 1).map(|(next, _)| next.as_str());
        assert!(
            *code == 0 || next == Some("echo $?"),
            "{command}: {printed:?}"
        );
    }
    assert_eq!(done.len(), commands.len(), "{done:?}");
    assert_eq!(std::fs::read_to_string(config).expect("the file"), prod);
    real.got_no_request();
}

#[test]
fn the_test_command_is_named() {
    let commands = commands(&readme());
    assert!(commands.iter().any(|(shown, _)| shown == TEST));
}

#[test]
fn the_profile_shown_is_understood() {
    let home = Home::new();
    home.config(&blocks(&readme(), "toml").remove(0));
    home.file(".config/roomctl/key", crate::support::KEY);
    let kick = Roomctl::new("kick -r r -u host-1 -m spam --dry-run").home(&home);
    kick.stderr(any()).exits(2);
    let kick = Roomctl::new("kick -r r -u guest-1 -m spam --dry-run -o json").home(&home);
    kick.stdout(any()).exits(0);
}

#[test]
fn the_flags_named_for_curl_and_parallel_exist() {
    let help = Roomctl::new("kick --help").stdout(any()).exits(0).stdout;
    let table = section("From parallel and curl");
    let cells = table.lines().filter_map(|row| row.split(" | ").nth(1));
    let words = cells.flat_map(|cell| cell.split([' ', '`', ',', ';']));
    let flags: Vec<&str> = words
        .filter(|word| word.starts_with("--"))
        .filter(|word| *word != "---")
        .collect();
    assert!(flags.len() > 6, "{flags:?}");
    for flag in flags {
        let is_there = |word: &str| word.trim_end_matches(',') == flag;
        assert!(help.split_whitespace().any(is_there), "{flag}");
    }
}

/// The first cells of a table's rows, code or not.
fn first_cells(text: &str) -> Vec<String> {
    let rows = text.lines().filter_map(|row| row.strip_prefix("| `"));
    let cells = rows.filter_map(|row| row.split_once("` |"));
    cells.map(|(cell, _)| cell.to_owned()).collect()
}

#[test]
fn the_keys_of_json_are_the_programs_own() {
    let sandbox = Sandbox::demo();
    let kick = sandbox
        .kick("-r room-test -u user1 -m spam -o json")
        .stdout(any());
    let done = kick.stderr(any()).exits(0);
    let line: Value = serde_json::from_str(done.stdout.trim()).expect("JSON");
    let keys: Vec<&String> = line.as_object().expect("an object").keys().collect();
    let table = first_cells(&chapter("JSON"));
    assert_eq!(table.iter().collect::<Vec<_>>(), keys);
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
fn the_files_named_for_developers_exist() {
    let chapter = chapter("Working on roomctl");
    let quoted = chapter.split('`').skip(1).step_by(2);
    let folders = ["src/", "tests/", "man/", "completions/", ".ci/"];
    let is_path = |text: &&str| folders.iter().any(|folder| text.starts_with(folder));
    let paths: Vec<&str> = quoted.filter(is_path).collect();
    assert!(paths.len() > 30, "{paths:?}");
    for path in &paths {
        let full = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        assert!(full.exists(), "{path}");
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in std::fs::read_dir(source).expect("src/") {
        let name = entry.expect("an entry").file_name();
        let path = format!("src/{}", name.to_string_lossy());
        if path.ends_with("_tests.rs") {
            continue;
        }
        let named = paths
            .iter()
            .any(|named| named.trim_end_matches('/') == path);
        assert!(named, "{path} is not in the README");
    }
}

#[test]
fn the_map_of_the_crate_has_every_module() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
    let text = std::fs::read_to_string(file).expect("the crate");
    let (_, map) = text.split_once("//! # Map\n").expect("the map");
    let (map, _) = map.split_once("//! # ").expect("the end of the map");
    let declared = |line: &str| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        let module = line.strip_prefix("mod ")?.strip_suffix(';')?;
        Some(format!("`{module}`"))
    };
    let modules: Vec<String> = text.lines().filter_map(declared).collect();
    assert!(modules.len() > 10, "{modules:?}");
    for module in modules {
        assert!(map.contains(&module), "{module}");
    }
}

#[test]
fn the_files_of_one_kick_exist() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let crate_doc = std::fs::read_to_string(source.join("lib.rs")).expect("the crate");
    let rows = (1..).map_while(|number| {
        let (_, row) = crate_doc.split_once(&format!("//! | {number} | `"))?;
        row.split('`').next()
    });
    let files: Vec<&str> = rows.collect();
    assert!((16..=18).contains(&files.len()), "{files:?}");
    for file in files {
        assert!(source.join(file).is_file(), "{file}");
    }
}

#[test]
fn every_outcome_is_explained() {
    let names = Outcome::ALL.map(|outcome| outcome.name(Action::Kick).to_owned());
    assert_eq!(first_cells(&chapter("Outcomes")), names);
}
