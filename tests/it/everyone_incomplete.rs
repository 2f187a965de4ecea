//! `--all` where a list cannot be read, or is not complete: never a success.

use roomctl::sandbox::{Fault, Options};
use serde_json::json;

use crate::support::{Home, OK, Reply, Roomctl, Sandbox, Server, any, has, lacks};

const KICK: &str = "-r room-test -m spam -y --all";

/// The demo room, and this fault.
fn failing(fault: &str) -> Sandbox {
    let parse = |fault: &str| fault.parse::<Fault>().expect("a fault");
    Sandbox::with(Options {
        faults: vec![parse(fault)],
        ..Options::default()
    })
}

#[test]
fn a_list_that_is_not_complete_is_used_and_the_job_ends_with_5() {
    for (fault, why) in [
        ("list-short", "it has 25 names, and the room 100 members"),
        ("list-loop", "its pages "),
    ] {
        let sandbox = failing(fault);
        let kick = sandbox.kick(KICK).stdout(any());
        let done = kick
            .stderr(has([
                "warning: the member list of room room-test is not complete: ",
                why,
                "error: the member list of room room-test is not complete: ",
                "run the same command again",
            ]))
            .exits(5);
        let listed = sandbox.removed().len();
        assert!((25..100).contains(&listed), "{fault}: {listed}");
        assert_eq!(sandbox.members("room-test").len(), 100 - listed);
        assert_eq!(done.stdout.lines().count(), listed);
    }
}

#[test]
fn the_dry_run_and_the_json_of_such_a_job_end_with_5_too() {
    let sandbox = failing("list-short");
    let dry = sandbox.kick(KICK).args("-n").stdout(any());
    let done = dry.stderr(has(["is not complete"])).exits(5);
    let line = "incomplete: the member list of room room-test is not complete";
    assert!(done.stdout.contains(line), "{done}");
    assert_eq!(sandbox.removed().len(), 0);
    let kick = sandbox.kick(KICK).args("-o json").stdout(any());
    let done = kick.stderr(any()).exits(5);
    assert_eq!(done.summary()["ExitCode"], 5);
    assert_eq!(done.error().expect("an error")["ExitCode"], 5);
    let nobody = sandbox.kick("-r room-test -m x -y -g nobody");
    nobody
        .stderr(has(["is not complete"]))
        .stderr(lacks(["nothing to do"]))
        .exits(5);
}

/// One member, the room's properties, and the answer to the kick.
fn listing(name: &str, info: &serde_json::Value, last: &str) -> Server {
    let answer = |response: &serde_json::Value| {
        let answer = json!({"ErrorCode": 0, "ActionStatus": "OK", "ErrorInfo": "", "RequestId": "Id-1", "Response": response});
        Reply::json(&answer.to_string())
    };
    let members = json!([{"Member_Account": name}, {"Member_Account": "a"}]);
    Server::answering([
        answer(&json!({"MemberList": members, "Next": ""})),
        answer(&json!({"RoomInfo": info})),
        Reply::json(last),
    ])
}

#[test]
fn a_room_whose_size_is_not_known_or_a_name_that_cannot_be_sent_is_no_success() {
    let long = "x".repeat(33);
    for (name, info, why) in [
        ("b", json!({}), "does not say how many members"),
        (&*long, json!({"MemberCount": 2}), "cannot be a UserID"),
        ("", json!({"MemberCount": 2}), "cannot be a UserID"),
        ("a", json!({"MemberCount": 2}), "it has 1 name,"),
    ] {
        let server = listing(name, &info, OK);
        let kick = server.kick(KICK).stdout(any());
        kick.stderr(has([why])).exits(5);
        assert_eq!(server.requests().len(), 3, "{why}");
    }
}

#[test]
fn refused_members_of_an_incomplete_list_are_reported_as_well() {
    let refused = r#"{"ErrorCode":60010,"ActionStatus":"FAIL","ErrorInfo":"x"}"#;
    let server = listing("b", &json!({"MemberCount": 3}), refused);
    let kick = server.kick(KICK).stdout(any());
    kick.stderr(has(["rejected the credentials", "is not complete"]))
        .exits(4);
    let refused = r#"{"ErrorCode":100017,"ActionStatus":"FAIL","ErrorInfo":"x"}"#;
    let server = listing("b", &json!({"MemberCount": 3}), refused);
    let kick = server.kick(KICK).stdout(any());
    kick.stderr(has(["nobody was removed", "; the member list of room"]))
        .exits(5);
}

#[test]
fn a_list_that_cannot_be_read_ends_the_job_before_anybody_is_removed() {
    let sandbox = Sandbox::demo();
    let rooms = sandbox.kick("-r room-test -r nowhere -m x -y --all");
    rooms.stderr(has(["room nowhere: ", "100004"])).exits(1);
    let key = sandbox.kick(KICK).env("ROOMCTL_SECRET_KEY", "0".repeat(64));
    key.stderr(has(["rejected the credentials"])).exits(4);
    assert_eq!(sandbox.removed().len(), 0);
    let words = "-o json --secret-key-file k --sdkappid 1 --identifier a";
    let home = Home::new();
    home.file("k", "0".repeat(64));
    let unreachable = Roomctl::new("kick -r r -m x -y --all").args(words);
    let unreachable = unreachable.args("--endpoint http://127.0.0.1:1 --timeout 1s");
    unreachable.home(&home).stderr(any()).exits(5);
}
