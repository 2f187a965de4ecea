//! `roomctl sandbox`: what it prints and writes, what its options do, how it
//! ends.

use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;

use rustix::process::Signal;

use crate::support::{Home, Roomctl, SandboxProcess, any, has, is, lacks};

const NAMES: [&str; 5] = [
    "ROOMCTL_ENDPOINT",
    "ROOMCTL_SDKAPPID",
    "ROOMCTL_IDENTIFIER",
    "ROOMCTL_SECRET_KEY",
    "ROOMCTL_SANDBOX",
];

#[test]
fn it_prints_export_lines_which_are_those_of_the_file() {
    let served = SandboxProcess::with("");
    let names: Vec<&String> = served.variables.iter().map(|(name, _)| name).collect();
    assert_eq!(names, NAMES);
    assert!(served.value("ENDPOINT").starts_with("http://127.0.0.1:"));
    assert_eq!(served.value("SECRET_KEY").len(), 64);
    let text = fs::read_to_string(&served.env_file).expect("the file");
    let done = served.ends(Signal::INT);
    assert_eq!(done.stdout, text);
    assert!(done.stderr.contains("Ctrl-C"), "{done}");
}

#[test]
fn the_file_is_for_its_owner_only_and_a_shell_reads_it() {
    let served = SandboxProcess::with("");
    let file = &served.env_file;
    let mode = fs::metadata(file).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let kick = Roomctl::new("kick -r room-test -u user1 -m spam -q").env("BOX", file);
    let kick = kick.in_shell(r#". "$BOX" && "$0" "$@""#);
    kick.stdout(has(["removed user1"])).exits(0);
}

#[test]
fn a_file_that_others_could_read_is_replaced() {
    let home = Home::new();
    let file = home.file_of_mode("old.env", "x", 0o644);
    let run = Roomctl::new("sandbox --env-file")
        .arg(&file)
        .args("-- true");
    run.exits(0);
    let mode = fs::metadata(&file).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let run = Roomctl::new("sandbox --env-file /nowhere/box.env -- true");
    run.stderr(has(["--env-file /nowhere/box.env: No such file"]))
        .exits(2);
}

#[test]
fn a_device_or_fifo_is_written_and_not_replaced() {
    let home = Home::new();
    home.file("there.env", "old");
    let link = home.path().join("link.env");
    std::os::unix::fs::symlink("there.env", &link).expect("a link");
    let run = |file: &str| Roomctl::new(&format!("sandbox --env-file {file} -- true")).home(&home);
    run("link.env").exits(0);
    assert!(link.is_symlink());
    let there = fs::read_to_string(home.path().join("there.env")).expect("the file");
    assert!(there.contains("ROOMCTL_ENDPOINT"), "{there}");
    let full = home.path().join("full.env");
    std::os::unix::fs::symlink("/dev/full", &full).expect("a link");
    run("full.env")
        .stderr(has(["--env-file full.env: No space"]))
        .exits(7);
    assert!(full.is_symlink());
}

#[test]
fn json_is_one_object_with_the_same_names() {
    let served = SandboxProcess::with("-o json");
    let key = served.value("SECRET_KEY").to_owned();
    let object = served.ends(Signal::TERM).result();
    assert_eq!(object.as_object().expect("an object").len(), 5);
    assert_eq!(object["ROOMCTL_SECRET_KEY"], *key);
    assert_eq!(object["ROOMCTL_SANDBOX"], "1");
}

#[test]
fn quiet_keeps_the_lines_on_stdout() {
    let served = SandboxProcess::from(Roomctl::new("sandbox -q").stderr(is("")));
    assert!(
        served
            .ends(Signal::INT)
            .stdout
            .contains("export ROOMCTL_ENDPOINT=")
    );
}

#[test]
fn the_demo_room_exists_and_others_are_as_given() {
    let served = SandboxProcess::with("--room a=x,y --room b=z --room empty=");
    for (words, code) in [
        ("-r room-test -u user1 -u user100", 0),
        ("-r a -u x -u y", 0),
        ("-r b -u z", 0),
        ("-r empty -u z", 1),
        ("-r nowhere -u z", 1),
    ] {
        let kick = served.roomctl("kick -m spam -q").args(words);
        kick.stdout(any()).stderr(any()).exits(code);
    }
}

#[test]
fn an_absent_member_fails_the_batch_or_only_itself() {
    for (mode, outcome) in [("atomic", "removed"), ("partial", "absent")] {
        let served = SandboxProcess::with(&format!("--room a=x,y --absent {mode}"));
        let kick = served.roomctl("kick -r a -u x -u y -u z -m spam -o json --ignore-absent");
        let done = kick.stdout(any()).stderr(any()).exits(0);
        let of = |user: &str| {
            let results = done.results();
            let named = |r: &&serde_json::Value| r["MemberList_Account"].to_string().contains(user);
            let found = results.iter().find(named).expect("a result");
            found["Outcome"].as_str().expect("a word").to_owned()
        };
        assert_eq!([of("x"), of("y"), of("z")], [outcome, outcome, "absent"]);
    }
}

#[test]
fn beyond_the_limit_the_answer_is_60007() {
    let served = SandboxProcess::with("--limit 1");
    let kick = served.roomctl("kick -r room-test -r b -r c -u x -m spam -o json --retries 0");
    let done = kick.args("--rate 200").stdout(any()).stderr(any()).exits(5);
    let results = done.results();
    let codes: Vec<_> = results
        .iter()
        .filter_map(|r| r["ErrorCode"].as_i64())
        .collect();
    assert!(codes.contains(&60_007), "{codes:?}");
}

#[test]
fn latency_delays_every_answer() {
    let served = SandboxProcess::with("--latency 1h");
    let kick = served.roomctl("kick -r room-test -u user1 -m spam --retries 0 --timeout 300ms");
    kick.stdout(any())
        .stderr(has(["no answer within 300ms"]))
        .exits(5);
}

#[test]
fn it_listens_on_the_port_of_its_flag_and_a_taken_port_is_exit_2() {
    // Below the system's ephemeral ports, so that no other test gets it.
    let port = 20_000 + u16::try_from(std::process::id() % 10_000).expect("small");
    let served = SandboxProcess::with(&format!("--port {port}"));
    assert_eq!(served.value("ENDPOINT"), format!("http://127.0.0.1:{port}"));
    let taken = Roomctl::new("sandbox --port").arg(port.to_string());
    let expected = has(["cannot start the sandbox", &port.to_string(), "hint: "]);
    taken.stderr(expected).exits(2);
    served.ends(Signal::INT);
    assert!(
        TcpStream::connect(("127.0.0.1", port)).is_err(),
        "it has ended"
    );
}

#[test]
fn with_tls_the_certificate_file_exists_until_the_end() {
    let served = SandboxProcess::with("--tls");
    assert!(served.value("ENDPOINT").starts_with("https://127.0.0.1:"));
    let file = served.value("CA_FILE").to_owned();
    let kick = served.roomctl("kick -r room-test -u user1 -m spam -q");
    kick.stdout(has(["removed user1"])).exits(0);
    let done = served.ends(Signal::INT);
    assert!(done.stdout.contains("export ROOMCTL_CA_FILE="), "{done}");
    assert!(!fs::exists(file).expect("a look"), "left behind");
}

#[test]
fn flags_that_it_does_not_accept_are_exit_2() {
    for words in [
        "--region usa",
        "--endpoint https://h",
        "--secret-key-file k",
        "--sdkappid 7",
        "--timeout 5s",
        "--sandbox",
        "--profile p",
    ] {
        for all in [format!("{words} sandbox"), format!("sandbox {words}")] {
            let flag = words.split(' ').next().expect("a flag");
            Roomctl::new(&all).stderr(has([flag])).exits(2);
        }
    }
}

#[test]
fn impossible_options_are_exit_2() {
    for words in [
        "--fault nonsense=1",
        "--fault 2%",
        "--fault reset --fault html",
        "--fault reset=2",
        "--fault 0=1",
        "--fault slow=1",
        "--fault reset=60% --fault drop=60%",
        "--room a",
        "--room =x",
        "--room a=x\u{e9}",
        "--limit 0",
        "--absent maybe",
        "--latency soon",
        "--port 70000",
        "--log /nowhere/log",
        "stray",
    ] {
        let run = Roomctl::new("sandbox").args(words);
        run.stderr(has(["error: ", "hint: "]))
            .stderr(lacks(["panick"]))
            .exits(2);
    }
}
