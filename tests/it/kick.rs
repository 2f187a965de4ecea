//! What a kick prints and does to the room: the text block, the JSON line and
//! the summary, key by key and in order.

use roomctl::sandbox::Options;
use serde_json::Value;

use crate::support::{Reply, Sandbox, Server, any, fail, has, is, lacks};

fn keys(object: &Value) -> Vec<&str> {
    let object = object.as_object().expect("an object");
    object.keys().map(String::as_str).collect()
}

#[test]
fn one_member_is_removed_and_no_other() {
    let sandbox = Sandbox::demo();
    let kick = sandbox
        .kick("--room room-test --user user1 --reason")
        .arg("you are kicked");
    kick.stdout(has(["removed user1 from room-test"]))
        .stderr(has(["1 removed"]))
        .exits(0);
    let left = sandbox.members("room-test");
    assert_eq!((left.len(), left[0].as_str()), (99, "user2"));
}

#[test]
fn text_is_a_sentence_and_four_lines_per_request() {
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test -u user1 -m spam -q");
    let done = kick.stdout(any()).stderr(is("")).exits(0);
    let (head, request_id) = done.stdout.split_once("RequestId: ").expect("a RequestId");
    assert_eq!(
        head,
        "removed user1 from room-test\nActionStatus: OK\nErrorCode: 0\nErrorInfo: -\n"
    );
    assert!(request_id.starts_with("Id-") && request_id.ends_with('\n'));
    assert_eq!(request_id.lines().count(), 1);
}

#[test]
fn json_has_the_contracts_keys_in_their_order() {
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test -u user1 -u user2 -m spam -o json");
    let result = kick.stdout(any()).stderr(any()).exits(0).result();
    assert_eq!(
        keys(&result),
        [
            "RoomId",
            "MemberList_Account",
            "ActionStatus",
            "ErrorCode",
            "ErrorInfo",
            "RequestId",
            "Outcome",
            "Attempts",
            "ElapsedMs",
            "Action",
            "Reason",
            "Time",
        ]
    );
    assert_eq!(result["RoomId"], "room-test");
    assert_eq!(
        result["MemberList_Account"],
        serde_json::json!(["user1", "user2"])
    );
    assert_eq!(result["Outcome"], "removed");
    assert_eq!(result["Attempts"], 1);
    assert_eq!(result["Action"], "kick");
    assert_eq!(result["Reason"], "spam");
    assert!(result["ElapsedMs"].is_u64());
    let time = result["Time"].as_str().expect("a time");
    assert!(
        time.len() == 20 && time.ends_with('Z') && time.as_bytes()[10] == b'T',
        "{time}"
    );
}

#[test]
fn the_json_summary_has_the_contracts_keys_in_their_order() {
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test -u user1 -m spam -o json");
    let done = kick.stdout(any()).stderr(any()).exits(0);
    assert_eq!(done.stderr.lines().count(), 1, "{done}");
    let summary = done.summary();
    assert_eq!(keys(&summary), ["summary", "ExitCode"]);
    assert_eq!(
        keys(&summary["summary"]),
        [
            "removed",
            "gone",
            "absent",
            "refused",
            "unknown",
            "unsent",
            "Requests",
            "Retries",
            "ElapsedMs",
        ]
    );
    assert_eq!(summary["summary"]["removed"], 1);
    assert_eq!(summary["summary"]["Requests"], 1);
}

#[test]
fn a_failure_in_json_is_one_error_line_and_one_summary_line() {
    let server = Server::answering([Reply::json(&fail(100_004))]);
    let kick = server.kick("-r room-test -u user1 -m spam -o json");
    let done = kick.stdout(any()).stderr(any()).exits(1);
    assert_eq!(done.stderr.lines().count(), 2, "{done}");
    let error = done.error().expect("an error");
    assert_eq!(keys(&error), ["error", "ExitCode"]);
    assert_eq!(keys(&error["error"]), ["kind", "message", "hint"]);
    assert_eq!(done.summary()["summary"]["refused"], 1);
    assert_eq!(done.result()["Outcome"], "refused");
}

#[test]
fn every_user_is_removed_from_every_room() {
    let options = Options::default()
        .room("a", ["x", "y", "z"])
        .room("b", ["y", "x"]);
    let sandbox = Sandbox::with(options);
    let kick = sandbox.kick("-r a -r b -u x -u y -m spam -o json");
    let done = kick.stdout(any()).stderr(any()).exits(0);
    assert_eq!(done.results().len(), 2);
    assert_eq!(sandbox.members("a"), ["z"]);
    assert!(sandbox.members("b").is_empty());
}

#[test]
fn a_request_names_at_most_20_members() {
    let sandbox = Sandbox::demo();
    let kick = sandbox
        .kick("-r room-test -m spam -o json")
        .many("-u", "user", 45);
    let done = kick.stdout(any()).stderr(any()).exits(0);
    let mut batches = sandbox.batches();
    batches.sort_unstable();
    assert_eq!(batches, [5, 20, 20]);
    assert_eq!(done.summary()["summary"]["removed"], 45);
    assert_eq!(sandbox.members("room-test").len(), 55);
}

#[test]
fn duplicates_collapse() {
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test -r room-test -u user1 -u user2 -u user1 -m spam -o json");
    let done = kick.stdout(any()).stderr(any()).exits(0);
    assert_eq!(sandbox.batches(), [2]);
    assert_eq!(done.summary()["summary"]["removed"], 2);
}

#[test]
fn rows_that_repeat_a_member_are_counted_in_a_note() {
    let sandbox = Sandbox::demo();
    let kick = || sandbox.kick("-r room-test -m spam --ignore-absent --from -");
    for (list, note) in [
        ("user1\nuser2\nuser1\n", "1 row names members again"),
        ("user1\nuser1\nuser1\n", "2 rows name members again"),
    ] {
        let kick = kick().stdin(list).stdout(any());
        kick.stderr(has([note])).exits(0);
    }
    let kick = kick().stdin("user1\nuser2\n").stdout(any());
    kick.stderr(lacks(["again"])).exits(0);
}

#[test]
fn names_are_case_sensitive() {
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test -u User1 -m spam");
    kick.stdout(has(["absent: User1"])).stderr(any()).exits(1);
    let kick = sandbox.kick("-r Room-test -u user1 -m spam");
    kick.stdout(has(["100004"]))
        .stderr(has(["hint: "]))
        .exits(1);
}

#[test]
fn an_absent_member_is_success_only_with_ignore_absent() {
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test -u nobody -m spam");
    kick.stdout(has(["absent: nobody", "ErrorCode: 100005"]))
        .stderr(has(["1 absent"]))
        .exits(1);
    let kick = sandbox.kick("-r room-test -u nobody -m spam --ignore-absent");
    let done = kick
        .stdout(has(["absent: nobody"]))
        .stderr(has(["1 absent"]))
        .exits(0);
    assert!(!done.stderr.contains("error:"), "{done}");
}

#[test]
fn the_caller_is_never_removed() {
    let sandbox = Sandbox::untouched();
    let kick = sandbox.kick("-r room-test -u user1 -u administrator -m spam");
    kick.stderr(has(["administrator", "hint: "])).exits(2);
}

#[test]
fn quiet_keeps_only_errors_and_stdout_unchanged() {
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test -u user1 -m spam -q -o json");
    assert_eq!(kick.stdout(any()).exits(0).result()["Outcome"], "removed");
    let kick = sandbox.kick("-r room-test -u nobody -m spam -q");
    let done = kick
        .stdout(has(["absent"]))
        .stderr(has(["error: "]))
        .exits(1);
    let mut lines = done.stderr.lines();
    assert!(
        lines.all(|line| line.starts_with("error: ") || line.starts_with("hint: ")),
        "{done}"
    );
}

#[test]
fn the_example_in_the_help_needs_no_settings() {
    let words = "kick --sandbox --room room-test --user user1 --reason testing";
    let kick = crate::support::Roomctl::new(words);
    kick.stdout(has(["removed user1 from room-test"]))
        .stderr(has(["sandbox"]))
        .exits(0);
}
