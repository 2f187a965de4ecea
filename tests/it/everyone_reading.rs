//! While the lists of `--all` are read: the deadline, signals, progress, what is
//! checked before, and how a failure is reported.

use std::fs;
use std::time::Duration;

use roomctl::sandbox::Options;
use rustix::process::Signal;
use serde_json::json;

use crate::everyone_odd_lists::response;
use crate::support::{Home, Journal, OK, Reply, Sandbox, Server, Terminal, any, fail, has, lacks};

const KICK: &str = "-r r -m x --all";

/// A room `r` whose list has five pages, each of which takes so many milliseconds.
fn slow(latency: u64) -> Sandbox {
    let names = (0..250).map(|n| format!("u{n}"));
    let options = Options {
        latency: Duration::from_millis(latency),
        ..Options::default()
    };
    Sandbox::with(options.room("r", names))
}

#[test]
fn the_deadline_counts_from_the_first_page_and_removes_nobody_after_it() {
    let sandbox = slow(400);
    // The hint has the units that were given.
    for (words, deadline) in [("-y", "1s"), ("-n", "1000ms")] {
        let deadline = format!("--deadline {deadline}");
        let kick = sandbox.kick(KICK).args(words).args("-o json");
        let kick = kick.args(&deadline);
        let done = kick.stderr(any()).exits(5);
        let error = &done.error().expect("an error")["error"];
        assert_eq!(error["kind"], "unreachable");
        let message = error["message"].to_string();
        assert!(message.contains("stopped by --deadline while lists"));
        assert!(message.contains("nobody was removed"), "{message}");
        let hint = error["hint"].to_string();
        assert!(hint.contains(&format!("more than {deadline},")), "{hint}");
    }
    assert_eq!(sandbox.removed().len(), 0);
    let rest = sandbox.kick(KICK).args("-y --deadline 2400ms -o json");
    rest.stdout(any()).stderr(any()).exits(5);
    let always = "-r r -u u1 -m x -n --check-room always --deadline 1s";
    let dry = sandbox.kick(always).stderr(has(["stopped by --deadline"]));
    dry.exits(5);
}

#[test]
fn retries_of_a_list_and_their_delays_obey_the_deadline() {
    let sandbox = Sandbox::failing("100001");
    let kick = sandbox.kick("-r room-test -m x -y --all --retries 1000 --deadline 2s");
    let done = kick.stderr(has(["stopped by --deadline"])).exits(5);
    assert!(done.stderr.contains("retry 2 of 1000"), "{done}");
}

#[test]
fn a_signal_while_the_lists_are_read_says_what_was_done_and_how_to_continue() {
    for (signal, code, name) in [
        (Signal::INT, 130, "SIGINT"),
        (Signal::TERM, 143, "SIGTERM"),
        (Signal::HUP, 129, "SIGHUP"),
    ] {
        for words in ["-y", "-n", "-y --journal j"] {
            let (sandbox, home) = (slow(300), Home::new());
            let kick = sandbox.kick(KICK).args(words).home(&home);
            let running = kick.args("-o json").stderr(any()).start();
            sandbox.wait_for(2);
            running.signal(signal);
            let done = running.ends(code);
            let error = &done.error().expect("an error")["error"];
            assert_eq!(error["kind"], "interrupted", "{done}");
            let message = error["message"].to_string();
            assert!(message.contains(&format!("stopped by {name}")), "{message}");
            assert!(message.contains("nobody was removed"), "{message}");
            let hint = error["hint"].to_string();
            let next = if words.contains("journal") {
                "continue with: "
            } else {
                "run the same command again"
            };
            assert!(hint.contains(next), "{hint}");
            assert_eq!(sandbox.removed().len(), 0);
            if words != "-n" {
                let summary = done.summary();
                assert_eq!(summary["ExitCode"], code);
                assert_eq!(summary["summary"]["removed"], 0);
            }
        }
    }
}

#[test]
fn a_terminal_shows_how_far_the_reading_is() {
    let (sandbox, terminal) = (slow(300), Terminal::new());
    let kick = sandbox.kick(KICK).args("-n").stdout(any());
    let kick = kick.env("TERM", "xterm");
    let running = kick.start_on(&terminal);
    terminal.wait_for("reading room r: 1 page, 50 names read");
    running.ends(0);
}

#[test]
fn what_is_local_is_checked_before_the_first_request() {
    let home = Home::new();
    home.file("damaged", "{\"Record\":\"journal\",\"x\":1}\nx\n");
    home.file("other", "hello\n");
    for (words, why) in [
        ("-y --failed-to missing/left", "missing/left"),
        ("-y --audit missing/audit", "missing/audit"),
        ("-y --audit other", "other"),
        ("-y --journal other", "not a roomctl journal"),
        ("-n --journal other", "not a roomctl journal"),
        ("-y --journal damaged", "damaged"),
        ("-n --journal damaged", "damaged"),
    ] {
        let sandbox = Sandbox::untouched();
        let kick = sandbox.kick("-r room-test -m x --all").args(words);
        kick.home(&home).stderr(has([why])).exits(7);
    }
}

#[test]
fn the_journal_is_locked_before_the_list_is_read() {
    let (sandbox, home) = (slow(300), Home::new());
    let kick = || {
        let kick = sandbox.kick(KICK).args("-y --journal j").home(&home);
        kick.stdout(any()).stderr(any())
    };
    let first = kick().start();
    sandbox.wait_for(1);
    let second = kick().exits(7);
    assert!(
        second.stderr.contains("another process is using it"),
        "{second}"
    );
    first.ends(0);
    assert_eq!(sandbox.members("r").len(), 0);
}

#[test]
fn a_list_failure_empties_failed_to_and_has_a_summary() {
    let (sandbox, home) = (Sandbox::failing("100001"), Home::new());
    let left = home.file("left", "an earlier run\n");
    let kick = |words: &str| {
        let kick = sandbox.kick("-r room-test -m x -y --all --retries 1");
        kick.args("--failed-to").arg(&left).args(words).home(&home)
    };
    let done = kick("-o json").stderr(any()).exits(5);
    assert_eq!(fs::read_to_string(&left).expect("a file"), "");
    assert!(done.stderr.contains("is empty"), "{done}");
    let summary = done.summary();
    assert_eq!(summary["ExitCode"], 5);
    assert_eq!(summary["summary"]["Requests"], 2);
    assert_eq!(summary["summary"]["Retries"], 1);
    let text = kick("").stderr(has(["nobody was removed; 2 requests, 1 retry"]));
    text.exits(5);
    // Nothing was sent: the list of the earlier run stays.
    home.file("left", "an earlier run\n");
    kick("--rate 0").stderr(any()).exits(2);
    assert_eq!(
        fs::read_to_string(&left).expect("a file"),
        "an earlier run\n"
    );
}

#[test]
fn members_in_doubt_that_are_on_no_list_any_more_join_the_plan() {
    let list = json!({"MemberList": [{"Member_Account": "b"}], "Next": ""});
    let absent = fail(100_005);
    let server = Server::answering([
        // The answer is cut: perhaps `a`, `vip` and `c` were removed.
        Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
        response(&list),
        response(&json!({"RoomInfo": {"MemberCount": 1}})),
        Reply::json(OK),
        Reply::json(&absent),
    ]);
    let home = Home::new();
    let kick = |words: &str| {
        let kick = server.kick("-m x --journal j --concurrency 1 -o json");
        kick.args(words).home(&home).stdout(any()).stderr(any())
    };
    kick("-r r -u a -u vip --retries 0").exits(5);
    let done = kick("-r r --all -y --protect vip").exits(0);
    let mut members = done.members();
    members.sort_unstable();
    let member = |name: &str, outcome: &str| ("r".into(), name.into(), outcome.into());
    assert_eq!(members, [member("a", "gone"), member("b", "removed")]);
    assert!(done.stderr.contains("1 member in doubt"), "{done}");
    let journal = Journal::read(&home.path().join("j"));
    assert_eq!(journal.latest[&("r".into(), "a".into())], "gone");
}

#[test]
fn a_list_that_was_read_in_time_leaves_no_note_of_progress_in_a_pipe() {
    let sandbox = slow(0);
    let kick = sandbox.kick(KICK).args("-y").stdout(any());
    kick.stderr(lacks(["progress", "reading"])).exits(0);
}

#[test]
fn the_summary_counts_every_request_that_the_service_got_the_reading_of_lists_included() {
    let options = Options::default().room("r", ["a", "b"]);
    let options = options.room("s", (0..60).map(|n| format!("u{n}")));
    let sandbox = Sandbox::with(options.room("empty", [""; 0]));
    let mut counted = 0;
    for command in [
        "ban -r r -g b --for 1h -m x",
        "unban -r r --all",
        "kick -r r -r s --all -m x --verify",
        "kick -r s --all -m x --verify",
        "kick -r empty --all -m x",
    ] {
        let run = sandbox.roomctl(command).args("-y -o json");
        let done = run.stdout(any()).stderr(any()).exits(0);
        let got = sandbox.log().len();
        assert_eq!(
            done.summary()["summary"]["Requests"],
            got - counted,
            "{command}"
        );
        counted = got;
    }
    let kick = sandbox.kick("-r empty --all -m x -y");
    let text = "nothing to do; 2 requests, 0 retries, ";
    kick.stderr(has([text])).exits(0);
}

#[test]
fn the_summary_counts_the_retries_of_the_reading_as_well() {
    let list = json!({"MemberList": [{"Member_Account": "b"}], "Next": ""});
    let replies = || {
        Server::answering([
            Reply::json(&fail(100_001)),
            response(&list),
            response(&json!({"RoomInfo": {"MemberCount": 1}})),
            Reply::json(&fail(100_001)),
            Reply::json(OK),
        ])
    };
    let server = replies();
    let kick = server.kick("-r r --all -m x -y -o json").stdout(any());
    let summary = kick.stderr(any()).exits(0).summary();
    assert_eq!(summary["summary"]["Requests"], 5, "{summary}");
    assert_eq!(summary["summary"]["Retries"], 2, "{summary}");
    let server = replies();
    let kick = server.kick("-r r --all -m x -y").stdout(any());
    kick.stderr(has(["1 removed; 5 requests, 2 retries"]))
        .exits(0);
}
