//! Every script of the help and of the manual runs under `set -euo pipefail`, as
//! CI systems run scripts.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use roomctl::sandbox::{Options, Sandbox};

use crate::support::{Home, Roomctl, any, is_installed};

/// A shell as in CI, with roomctl, a home and a profile for the sandbox.
fn run(script: &str, home: &Home, sandbox: &Sandbox) -> Output {
    let binary = Path::new(env!("CARGO_BIN_EXE_roomctl"));
    let folder = binary.parent().expect("a folder").display();
    let key = home.file_of_mode("key", sandbox.secret_key().expose(), 0o600);
    home.config(&format!(
        "default_profile = \"prod\"\n[profiles.prod]\nsdkappid = {0}\nidentifier = \"administrator\"\nsecret_key_file = \"{key}\"\nendpoint = \"{1}\"\nreason = \"spam\"\n\n[profiles.test]\nsdkappid = 7\n",
        sandbox.sdkappid(),
        sandbox.endpoint(),
    ));
    Command::new("bash")
        .args(["-euo", "pipefail", "-c", script])
        .env_clear()
        .env("PATH", format!("{folder}:/usr/local/bin:/usr/bin:/bin"))
        .env("HOME", home.path())
        .env("EDITOR", "cat")
        .current_dir(home.path())
        .stdin(Stdio::null())
        .output()
        .expect("bash starts")
}

/// The rooms and files that the examples are about.
fn prepared() -> (Home, Sandbox) {
    let members = ["user1", "user2", "alice", "bob", "bot-7"];
    let options = ["room-test", "r"]
        .into_iter()
        .fold(Options::default(), |options, room| {
            options.room(room, members.map(str::to_owned))
        });
    let sandbox = Sandbox::start(options).expect("a port");
    let home = Home::new();
    for (name, text) in [
        ("list", "user1\nuser2\n"),
        ("spammers.csv", "room,user\nroom-test,user1\n"),
        ("spam.csv", "room,user\nroom-test,user1\n"),
        ("bots.csv", "room,user\nroom-test,bot-7\n"),
        ("joined.log", "bot-7\nalice\n"),
        ("script.sh", "roomctl members --room r1\n"),
    ] {
        home.file(name, text);
    }
    (home, sandbox)
}

fn assert_runs(script: &str, home: &Home, sandbox: &Sandbox) {
    let output = run(script, home, sandbox);
    let shown = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{script}\n{}: {shown}",
        output.status
    );
}

/// The journals and the audit file that examples read, of real jobs.
const JOBS: &str = "roomctl ban -r r -u alice -u bob --for 1h --journal ban.journal
    roomctl kick -r r -u bot-7 --journal spam.journal --audit audit.log
    cp ban.journal job";

/// The examples below a command's help: a line each, or several that are one.
fn examples(command: &str) -> Vec<String> {
    let help = Roomctl::new(command).args("--help").stdout(any()).exits(0);
    let Some((_, below)) = help.stdout.split_once("Examples:") else {
        return Vec::new();
    };
    let mut examples: Vec<String> = Vec::new();
    for line in below
        .lines()
        .take_while(|line| !line.starts_with("Exit codes"))
    {
        let example = line.trim_start();
        let continues = examples
            .last()
            .is_some_and(|above| above.ends_with(['\\', '|']));
        match examples.last_mut() {
            Some(above) if continues => above.extend(["\n", example]),
            _ if example.is_empty() => {}
            _ => examples.push(example.to_owned()),
        }
    }
    examples
}

/// What cannot run here: it asks on a terminal, serves until Ctrl-C, or belongs
/// to another shell.
fn is_for_a_person(example: &str) -> bool {
    let starts = ["roomctl sandbox --env-file", "source <("];
    let names = ["on a terminal", "completions ", "profile add prod\0"];
    starts.iter().any(|start| example.starts_with(start))
        || names
            .iter()
            .any(|name| format!("{example}\0").contains(name))
}

const COMMANDS: [&str; 27] = [
    "",
    "kick",
    "ban",
    "unban",
    "members",
    "bans",
    "info",
    "doctor",
    "journal",
    "journal show",
    "journal summary",
    "explain",
    "usersig",
    "usersig sign",
    "usersig inspect",
    "usersig verify",
    "profile",
    "profile list",
    "profile show",
    "profile add",
    "profile use",
    "profile remove",
    "profile path",
    "sandbox",
    "help",
    "completions",
    "man",
];

#[test]
fn every_example_of_the_help_runs_under_pipefail() {
    if !is_installed("bash") || !is_installed("jq") {
        return;
    }
    let mut count = 0;
    for command in COMMANDS {
        let (home, sandbox) = prepared();
        for example in examples(command) {
            if is_for_a_person(&example) || (example.contains("mandoc") && !is_installed("mandoc"))
            {
                continue;
            }
            // An explanation in parentheses after the command.
            let script = example.split("   (").next().unwrap_or_default().to_owned();
            let script = match command {
                "usersig" | "usersig inspect" | "usersig verify" => {
                    format!("roomctl usersig sign > admin.sig\n{script}")
                }
                "unban" | "bans" => {
                    format!("roomctl ban -r room-test -u user1 -m x --for 1h\n{script}")
                }
                "journal" | "journal show" | "journal summary" => format!("{JOBS}\n{script}"),
                "profile add" => {
                    format!(
                        "mkdir -p .config/roomctl; cp key .config/roomctl/key; roomctl profile remove prod -y\n{script}"
                    )
                }
                _ => script,
            };
            // What an example before it removed is there again.
            let (fresh, its_sandbox) = prepared();
            let (home, sandbox) = if command == "man" {
                (&home, &sandbox)
            } else {
                (&fresh, &its_sandbox)
            };
            assert_runs(&script, home, sandbox);
            count += 1;
        }
    }
    assert!(count > 40, "{count} examples");
}

#[test]
fn an_example_with_a_filter_is_a_success_where_nothing_matches() {
    if !is_installed("bash") {
        return;
    }
    let (home, sandbox) = prepared();
    home.file("joined.log", "alice\n");
    let filters = examples("kick").into_iter();
    let filters: Vec<_> = filters
        .filter(|example| example.contains("joined.log | roomctl"))
        .collect();
    assert_eq!(filters.len(), 1);
    assert_runs(&filters[0], &home, &sandbox);
}

/// The commands that a topic shows: indented by two blanks.
fn blocks(topic: &str) -> Vec<String> {
    let text = Roomctl::new("help")
        .arg(topic)
        .stdout(any())
        .exits(0)
        .stdout;
    let is_script = |block: &&str| {
        ["  roomctl ", "  jq ", "  code="]
            .iter()
            .any(|start| block.starts_with(start))
    };
    text.split("\n\n")
        .filter(is_script)
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_script_of_the_topics_runs_under_pipefail() {
    if !is_installed("bash") || !is_installed("jq") {
        return;
    }
    let (home, sandbox) = prepared();
    assert_runs(JOBS, &home, &sandbox);
    let mut count = 0;
    for topic in ["exit-codes", "environment", "input", "output", "journal"] {
        for block in blocks(topic) {
            assert_runs(&block, &home, &sandbox);
            count += 1;
        }
    }
    assert!(count >= 3, "{count} scripts");
}

#[test]
fn the_script_of_exit_codes_reaches_each_of_its_branches() {
    if !is_installed("bash") {
        return;
    }
    let script = blocks("exit-codes").pop().expect("a script") + "\necho after";
    let (home, sandbox) = prepared();
    let printed = |script: &str| {
        let output = run(script, &home, &sandbox);
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let last = text.lines().filter(|line| !line.contains('\t'));
        (
            last.map(str::to_owned).collect::<Vec<_>>(),
            output.status.code(),
        )
    };
    assert_eq!(printed(&script), (vec!["after".to_owned()], Some(0)));
    // Without --ignore-absent, members who are not there any more are a failure.
    let absent = script.replace("--ignore-absent", "--again");
    let some = ["some were refused", "after"].map(str::to_owned).to_vec();
    assert_eq!(printed(&absent), (some, Some(0)));
    let unreachable = format!(
        "export ROOMCTL_ENDPOINT=http://127.0.0.1:1\n{}",
        script.replace("--ignore-absent", "--again --retries 0")
    );
    let again = ["run it again later", "after"].map(str::to_owned).to_vec();
    assert_eq!(printed(&unreachable), (again, Some(0)));
    let wrong = script.replace("--ignore-absent", "--bogus");
    assert_eq!(printed(&wrong), (vec![], Some(2)));
}
