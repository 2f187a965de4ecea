//! The reason: from flag, file, stdin or profile; required, and never longer
//! than the service accepts.

use crate::support::{Home, OK, Reply, Roomctl, Sandbox, Server, any, has};

const KICK: &str = "-r room-test -u user1";

/// The reason that arrives.
fn sent(change: impl FnOnce(Roomctl) -> Roomctl) -> String {
    let server = Server::answering([Reply::json(OK)]);
    let kick = change(server.kick(KICK));
    kick.stdout(any()).stderr(any()).exits(0);
    let body = server.requests().remove(0).body;
    let body: serde_json::Value = serde_json::from_str(&body).expect("JSON");
    body["Reason"].as_str().expect("a text").to_owned()
}

#[test]
fn a_file_gives_it_without_its_last_line_end() {
    for (content, reason) in [
        ("spam", "spam"),
        ("spam\n", "spam"),
        ("spam\r\n", "spam"),
        ("\u{feff}spam\r\n", "spam"),
        ("two\nlines\n", "two\nlines"),
        ("违规\n", "违规"),
    ] {
        let home = Home::new();
        let file = home.file("reason.txt", content);
        let given = sent(|kick| kick.home(&home).arg("--reason-file").arg(file));
        assert_eq!(given, reason, "{content:?}");
    }
}

#[test]
fn a_dash_is_stdin() {
    let given = sent(|kick| kick.args("--reason-file -").stdin("spam and\nmore\n"));
    assert_eq!(given, "spam and\nmore");
}

#[test]
fn without_a_flag_the_profile_gives_it() {
    let home = Home::new();
    home.config("[profiles.p]\nreason = \"of the profile\"\n");
    assert_eq!(
        sent(|kick| kick.home(&home).args("--profile p")),
        "of the profile"
    );
    let given = sent(|kick| kick.home(&home).args("--profile p -m flag"));
    assert_eq!(given, "flag");
}

#[test]
fn a_reason_of_a_profile_has_the_same_limit() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    home.config(&format!(
        "[profiles.p]\nreason = \"{}\"\n",
        "x".repeat(1043)
    ));
    let kick = sandbox.kick(KICK).home(&home).args("--profile p");
    kick.stderr(has(["1043 of 1000 bytes", "config.toml:2"]))
        .exits(3);
}

#[test]
fn without_a_reason_nothing_is_sent() {
    let sandbox = Sandbox::untouched();
    sandbox
        .kick(KICK)
        .stderr(has(["reason", "--reason TEXT"]))
        .exits(2);
    sandbox
        .kick(KICK)
        .arg("-m")
        .arg("")
        .stderr(has(["--reason", "empty"]))
        .exits(2);
}

#[test]
fn a_file_that_cannot_be_a_reason_is_reported() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let with = |file: &str| {
        sandbox
            .kick(KICK)
            .home(&home)
            .arg("--reason-file")
            .arg(file)
    };
    with("/nowhere/x")
        .stderr(has(["--reason-file", "/nowhere/x"]))
        .exits(2);
    with(&home.file("long", "x".repeat(1043)))
        .stderr(has(["1043 of 1000 bytes"]))
        .exits(2);
    with(&home.file("binary", [0xff, 0xfe]))
        .stderr(has(["UTF-8"]))
        .exits(2);
    with(&home.file("empty", "\n"))
        .stderr(has(["empty"]))
        .exits(2);
    with("/").stderr(has(["--reason-file /"])).exits(2);
}

#[test]
fn flag_and_file_together_are_a_mistake() {
    let sandbox = Sandbox::untouched();
    let kick = sandbox.kick(KICK).args("-m a --reason-file b");
    kick.stderr(has(["--reason", "--reason-file"])).exits(2);
}

#[test]
fn stdin_cannot_be_claimed_twice() {
    let sandbox = Sandbox::untouched();
    let kick = sandbox
        .kick(KICK)
        .args("--reason-file - --secret-key-file -");
    kick.stdin("x")
        .stderr(has(["--reason-file", "--secret-key-file"]))
        .exits(2);
}

#[test]
fn all_problems_of_the_input_are_reported_together() {
    let sandbox = Sandbox::untouched();
    let kick = sandbox
        .kick("-r")
        .arg("")
        .args("-u user1 --rate 0 --retries x -u")
        .arg("é");
    let kick = kick.arg("-m").arg("x".repeat(1001));
    let names = has([
        "--room",
        "--user",
        "--rate",
        "--retries",
        "1001 of 1000 bytes",
    ]);
    kick.stderr(names).exits(2);
    sandbox.kick("").stderr(has(["--room", "--user"])).exits(2);
}
