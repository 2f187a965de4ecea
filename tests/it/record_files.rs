//! Files named for journal, audit and `--failed-to`: an unusable one is refused
//! in time, and none damages another.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use crate::support::{Home, Reply, Sandbox, Server, any, has};

#[test]
fn a_fifo_without_a_reader_is_reported_and_not_waited_for() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let made = Command::new("mkfifo")
        .arg(home.path().join("pipe"))
        .status();
    assert!(made.expect("mkfifo is there").success());
    let kick = sandbox
        .kick("-r room-test -u user1 -m spam --failed-to pipe")
        .home(&home);
    kick.stderr(has(["--failed-to pipe"])).exits(7);
}

#[test]
fn an_audit_file_that_is_also_the_journal_is_refused() {
    for link in ["hard", "soft"] {
        let (sandbox, home) = (Sandbox::untouched(), Home::new());
        let (journal, audit) = (home.path().join("j"), home.path().join("a"));
        if link == "hard" {
            fs::write(&journal, "").expect("a file");
            fs::hard_link(&journal, &audit).expect("a link");
        } else {
            symlink("j", &audit).expect("a link");
        }
        let words = "-r room-test -u user1 -m spam --journal j --audit a";
        let done = sandbox.kick(words).home(&home).stderr(any());
        // By then the journal has its header.
        let done = done.ends(&[2, 7]);
        assert!(done.stderr.contains("journal"), "{done}");
    }
}

#[test]
fn audit_and_failed_to_must_be_two_files() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let words = "-r room-test -u user1 -m spam --audit a --failed-to ./a";
    let kick = sandbox.kick(words).home(&home);
    kick.stderr(has(["--audit and --failed-to"])).exits(2);
}

#[test]
fn a_signature_repeated_by_the_service_is_redacted_everywhere() {
    // The first request tells the server what to repeat in its second answer.
    let first = Server::answering([Reply::json(r#"{"ErrorCode":0,"ActionStatus":"OK"}"#)]);
    let usersig = "--expire 1h -r r -u x -m spam -o json";
    first.kick(usersig).stdout(any()).stderr(any()).exits(0);
    let target = first.requests()[0].target.clone();
    let pairs = target.split(['?', '&']);
    let sig = pairs
        .into_iter()
        .find_map(|pair| pair.strip_prefix("usersig="));
    let sig = sig.expect("signed");
    let plain = sig.replace('*', "+").replace('-', "/").replace('_', "=");
    let echo = |word: &str| {
        format!(
            r#"{{"ErrorCode":100004,"ActionStatus":"FAIL","ErrorInfo":"{word}","RequestId":"{word}"}}"#
        )
    };
    for word in [sig, &plain] {
        let server = Server::answering([Reply::json(&echo(word))]);
        let kick = server
            .kick("-r r -u x -m spam -o json")
            .env_remove("ROOMCTL_SECRET_KEY");
        let kick = kick.env("ROOMCTL_USERSIG", sig).secret(sig).secret(&plain);
        let done = kick.stdout(has(["[redacted]"])).stderr(any()).exits(1);
        assert!(!done.stdout.contains(word), "{done}");
    }
}

#[test]
fn a_stream_of_objects_needs_no_format_flag() {
    let sandbox = Sandbox::demo();
    let row = "{\"RoomId\":\"room-test\",\"Member_Account\":\"user1\",\"Reason\":\"spam\"}\n";
    let kick = sandbox.kick("--from - --stream -o json").stdin(row);
    kick.stdout(has(["\"removed\""])).stderr(any()).exits(0);
}

#[test]
fn a_stream_of_lines_without_a_reason_is_refused_before_it_is_read() {
    let sandbox = Sandbox::untouched();
    let kick = sandbox
        .kick("-r room-test --from - --stream --format lines")
        .stdin("user1\n");
    kick.stderr(has(["no reason", "--reason"])).exits(2);
}
