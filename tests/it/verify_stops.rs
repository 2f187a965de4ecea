//! `--verify` of jobs that are stopped, and lists that cannot be read.

use std::time::Duration;

use roomctl::sandbox::{AbsentMode, Options};
use rustix::process::Signal;

use crate::support::{Home, OK, Reply, Sandbox, Server, any, fail, has, lacks};
use crate::verify::{rooms, sent};

/// A success with this payload.
fn response(payload: &str) -> String {
    OK.replacen('{', &format!("{{\"Response\":{payload},"), 1)
}

#[test]
fn a_stopped_job_is_not_verified_and_says_so() {
    let sandbox = rooms(0, &["slow:1s"], AbsentMode::Atomic);
    let kick = sandbox.kick("-r r -u a -u b -m spam --verify --failed-to /dev/null");
    let running = kick.stdout(any()).stderr(any()).start();
    sandbox.wait_until(|sandbox| !sandbox.has("r", "a"));
    running.signal(Signal::INT);
    let done = running.ends(130);
    assert_eq!(sent(&sandbox, "get_room_member_list"), 0);
    assert!(
        done.stderr.contains("no room was verified"),
        "{}",
        done.stderr
    );

    let wrong = rooms(0, &["70009"], AbsentMode::Atomic);
    let kick = wrong.kick("-r r -u a -m spam --verify");
    let stderr = has(["rejected the credentials", "no room was verified"]);
    kick.stdout(any()).stderr(stderr).exits(4);
}

#[test]
fn a_signal_while_the_lists_are_read_is_exit_130_and_says_what_is_not_verified() {
    let others = (0..300).map(|n| format!("other{n}"));
    let sandbox = Sandbox::with(
        Options {
            latency: Duration::from_millis(300),
            ..Options::default()
        }
        .room("r", others.chain(["a".to_owned()])),
    );
    let kick = sandbox.kick("-r r -u a -m spam --verify");
    let running = kick.stdout(any()).stderr(any()).start();
    sandbox.wait_for(2);
    running.signal(Signal::INT);
    let stderr = running.ends(130).stderr;
    let message = "stopped by SIGINT after every member was settled; the room was not verified";
    assert!(stderr.contains(message), "{stderr}");
    assert!(stderr.contains("run the same command again"), "{stderr}");
    assert!(
        !stderr.contains("nothing needs to be run again"),
        "{stderr}"
    );
}

#[test]
fn a_list_that_cannot_be_read_is_exit_5_and_the_next_run_verifies() {
    let page = response(r#"{"MemberList":[],"Next":""}"#);
    let info = response(r#"{"RoomInfo":{"MemberCount":0}}"#);
    let replies = [OK, &fail(100_001), &page, &info].map(Reply::json);
    let (server, home) = (Server::answering(replies), Home::new());
    let kick = |words: &str| {
        let kick = server
            .kick("-r r -u a -m spam --journal j --verify --retries 0")
            .args(words);
        kick.home(&home).stdout(any()).stderr(any())
    };
    let done = kick("-o json").exits(5);
    let error = &done.error().expect("an error")["error"];
    assert_eq!(error["kind"], "unreachable");
    let parts = ["1 member list could not be read: get_room_member_list"];
    assert!(
        parts
            .iter()
            .all(|part| error["message"].to_string().contains(part)),
        "{error}"
    );
    assert!(
        error["hint"].to_string().contains("continue with: "),
        "{error}"
    );
    assert_eq!(done.count("removed"), 1);
    let stderr = kick("").exits(0).stderr;
    assert!(
        stderr.contains("verified: no removed or absent"),
        "{stderr}"
    );
}

#[test]
fn a_deadline_before_the_lists_are_read_is_exit_5() {
    let (sandbox, home) = (rooms(150, &[], AbsentMode::Atomic), Home::new());
    let kick = |words: &str| {
        let kick = sandbox.kick("-r r -u a -m spam --journal j").args(words);
        kick.home(&home).stdout(any()).stderr(any())
    };
    kick("").exits(0);
    let stderr = kick("--verify --deadline 1us").exits(5).stderr;
    assert!(stderr.contains("stopped by --deadline"), "{stderr}");
    assert!(stderr.contains("not verified"), "{stderr}");
}

#[test]
fn the_last_failure_that_is_allowed_does_not_stop_the_verification() {
    let sandbox = rooms(0, &["100006"], AbsentMode::Atomic);
    let kick = sandbox.kick("-r r -u a -m spam --max-failures 1 --verify");
    let stderr = lacks(["--max-failures"]);
    kick.stdout(any()).stderr(stderr).exits(1);
    assert_eq!(sent(&sandbox, "get_room_member_list"), 1);
}

#[test]
fn everyone_of_a_room_can_be_verified() {
    let sandbox = rooms(150, &[], AbsentMode::Atomic);
    let kick = sandbox.kick("-r r --all -m spam --yes --verify -q");
    kick.stdout(any()).exits(0);
    assert_eq!(sandbox.members("r"), Vec::<String>::new());
}

#[test]
fn a_job_with_refused_members_does_not_say_that_it_is_verified() {
    let page = response(r#"{"MemberList":[{"Member_Account":"a"}],"Next":""}"#);
    let info = response(r#"{"RoomInfo":{"MemberCount":1}}"#);
    let replies = [&fail(100_006), &page, &info].map(|reply| Reply::json(reply));
    let server = Server::answering(replies);
    let kick = server.kick("-r r -u a -m spam --verify");
    let stderr = lacks(["verified:"]);
    kick.stdout(any()).stderr(stderr).exits(6);
}
