//! Every exit code of a kick except those of signals, each with the kind in its
//! JSON error and the same number in the summary.

use crate::support::{Done, OK, Reply, Roomctl, Sandbox, Server, any, fail, has, is, lacks};

const KICK: &str = "-r room-test -u user1 -m spam -o json";

/// The error's number and kind, and the summary's number where there is one.
fn reported(done: &Done, code: i32, kind: &str, has_summary: bool) {
    let error = done.error().expect("an error");
    assert_eq!(error["ExitCode"], code);
    assert_eq!(error["error"]["kind"], kind);
    if has_summary {
        assert_eq!(done.summary()["ExitCode"], code);
    } else {
        assert_eq!(done.stderr.lines().count(), 1, "{done}");
    }
}

#[test]
fn exit_0_every_member_is_removed() {
    let sandbox = Sandbox::demo();
    let done = sandbox.kick(KICK).stdout(any()).stderr(any()).exits(0);
    assert_eq!(done.error(), None);
    assert_eq!(done.summary()["ExitCode"], 0);
}

#[test]
fn exit_1_the_service_refused() {
    let server = Server::answering([Reply::json(&fail(100_006))]);
    let done = server.kick(KICK).stdout(any()).stderr(any()).exits(1);
    reported(&done, 1, "refused", true);
}

#[test]
fn exit_2_usage() {
    let sandbox = Sandbox::untouched();
    let done = sandbox.kick(KICK).args("--rate 0").stderr(any()).exits(2);
    reported(&done, 2, "usage", false);
    let done = sandbox.kick(KICK).args("--nonsense").stderr(any()).exits(2);
    reported(&done, 2, "usage", false);
}

#[test]
fn errors_are_json_whatever_source_asks_for_json() {
    for words in [
        "-o json",
        "-ojson",
        "-o=json",
        "-vo json",
        "-qojson",
        "--output json",
        "--output=json",
    ] {
        for wrong in ["", "--nonsense", "stray"] {
            let kick = Roomctl::new("kick").args(words).args(wrong);
            reported(&kick.stderr(any()).exits(2), 2, "usage", false);
            let kick = Roomctl::new(words).args("kick").args(wrong);
            reported(&kick.stderr(any()).exits(2), 2, "usage", false);
        }
    }
}

#[test]
fn exit_3_configuration() {
    let done = Roomctl::new("kick").args(KICK).stderr(any()).exits(3);
    reported(&done, 3, "config", false);
}

#[test]
fn exit_4_credentials() {
    let server = Server::answering([Reply::json(&fail(70_009))]);
    let done = server.kick(KICK).stdout(any()).stderr(any()).exits(4);
    reported(&done, 4, "credentials", true);
}

#[test]
fn exit_5_unreachable() {
    let server = Server::answering([Reply::json(&fail(100_001))]);
    let done = server
        .kick(KICK)
        .args("--retries 0")
        .stdout(any())
        .stderr(any())
        .exits(5);
    reported(&done, 5, "unreachable", true);
    assert!(done.stderr.contains("run the same command again"), "{done}");
}

/// It would hide that a member was never in the room.
#[test]
fn ignore_absent_is_a_hint_only_where_members_may_have_been_removed() {
    let lost = || Reply::raw("");
    for (replies, is_hint) in [
        (
            [Reply::json(&fail(100_001)), Reply::json(&fail(100_001))],
            false,
        ),
        (
            [Reply::json(&fail(100_005)), Reply::json(&fail(100_001))],
            false,
        ),
        ([Reply::json(OK), Reply::json(&fail(100_001))], true),
        ([lost(), Reply::json(&fail(100_001))], true),
    ] {
        let server = Server::answering(replies);
        let kick = server.kick("-r a -r b -u user1 -m spam --retries 0 --concurrency 1");
        let done = kick.stdout(any()).stderr(any()).exits(5);
        let (_, hint) = done.stderr.split_once("hint: run").expect("a hint");
        assert_eq!(hint.contains("--ignore-absent"), is_hint, "{done}");
    }
    let server = Server::answering([Reply::json(OK), Reply::json(&fail(100_001))]);
    let kick = server.kick("-r a -r b -u user1 -m spam --retries 0 --concurrency 1");
    let kick = kick.args("--journal j").stdout(any());
    kick.stderr(has(["hint: continue with: ", "--journal j"]))
        .exits(5);
}

#[test]
fn exit_6_partial() {
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick(KICK).args("-u nobody");
    let done = kick.stdout(any()).stderr(any()).exits(6);
    reported(&done, 6, "partial", true);
}

#[cfg(target_os = "linux")]
mod full {
    //! What cannot be written.

    use super::*;

    const FULL: &str = "exec \"$0\" \"$@\" > /dev/full";

    #[test]
    fn exit_7_results_cannot_be_written() {
        let sandbox = Sandbox::demo();
        let done = sandbox.kick(KICK).in_shell(FULL).stderr(any()).exits(7);
        reported(&done, 7, "record", true);
        assert_eq!(done.summary()["summary"]["removed"], 1);
    }

    #[test]
    fn nothing_more_is_sent_when_results_are_lost() {
        let server = Server::answering([Reply::json(OK)]);
        let kick = server
            .kick("-u x -m spam -o json --rate 1")
            .many("-r", "r", 30);
        let done = kick.in_shell(FULL).stderr(any()).exits(7);
        assert!(server.requests().len() < 30);
        let counts = &done.summary()["summary"];
        let reported = ["removed", "unsent"].map(|name| counts[name].as_u64().expect("a count"));
        assert_eq!(reported[0] + reported[1], 30, "{counts}");
    }

    #[test]
    fn exit_7_wins_over_4() {
        let server = Server::answering([Reply::json(&fail(70_009))]);
        let done = server.kick(KICK).in_shell(FULL).stderr(any()).exits(7);
        reported(&done, 7, "record", true);
    }

    #[test]
    fn so_it_is_for_plans_help_and_version() {
        let sandbox = Sandbox::untouched();
        sandbox
            .kick(KICK)
            .arg("-n")
            .in_shell(FULL)
            .stderr(any())
            .exits(7);
        for words in ["--help", "kick -h", "-V", "--version"] {
            Roomctl::new(words)
                .in_shell(FULL)
                .stderr(has(["error: "]))
                .exits(7);
        }
    }

    #[test]
    fn a_stderr_that_cannot_be_written_changes_nothing() {
        let sandbox = Sandbox::demo();
        let script = "exec \"$0\" \"$@\" 2> /dev/full";
        let kick = sandbox.kick(KICK).in_shell(script).stdout(has(["removed"]));
        kick.exits(0);
        let kick = sandbox
            .kick(KICK)
            .in_shell(script)
            .args("-v")
            .stdout(has(["absent"]));
        kick.exits(1);
    }
}

#[test]
fn a_closed_pipe_ends_quietly_with_the_exit_code_of_the_tally() {
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test -u user1 -m spam");
    let done = kick.stderr(has(["1 removed"])).stderr(lacks(["error"]));
    done.start_unread().ends(0);
    let kick = sandbox.kick("-r room-test -u nobody -m spam");
    kick.stderr(has(["1 absent"])).start_unread().ends(1);
    for words in ["--help", "--version", "kick --help"] {
        Roomctl::new(words).stderr(is("")).start_unread().ends(0);
    }
}

#[test]
fn of_several_exit_codes_4_wins_over_5_over_6() {
    let rooms = "-r a -r b -u x -m spam -o json --retries 0 --rate 1";
    let removed = || Reply::json(OK);
    let server = Server::answering([removed(), Reply::json(&fail(100_001))]);
    server.kick(rooms).stdout(any()).stderr(any()).exits(5);
    let server = Server::answering([removed(), Reply::json(&fail(70_009))]);
    server.kick(rooms).stdout(any()).stderr(any()).exits(4);
    let server = Server::answering([removed(), Reply::json(&fail(100_004))]);
    server.kick(rooms).stdout(any()).stderr(any()).exits(6);
}

#[test]
fn an_unknown_member_is_never_success() {
    let sandbox = Sandbox::failing("reset=1");
    let kick = sandbox.kick(KICK).args("--retries 0 --ignore-absent");
    let done = kick.stdout(any()).stderr(any()).exits(5);
    assert_eq!(done.result()["Outcome"], "unknown");
    assert_eq!(sandbox.members("room-test").len(), 99, "it took effect");
}
