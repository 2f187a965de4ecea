//! Batches with a member that cannot be removed are split until every member
//! has its own answer, whatever the service does to the others.

use roomctl::sandbox::{AbsentMode, Options};
use serde_json::Value;

use crate::support::{Done, Reply, Sandbox, Server, any, fail, has};

fn sandbox(absent: AbsentMode) -> Sandbox {
    let options = Options {
        absent,
        ..Options::default()
    };
    Sandbox::with(options.room("r", ["a", "b", "c", "d", "e"]))
}

/// `MEMBER OUTCOME` of every member, in the order of names.
fn outcomes(done: &Done) -> Vec<String> {
    let mut all = Vec::new();
    for result in done.results() {
        let members = result["MemberList_Account"].as_array().expect("an array");
        let outcome = result["Outcome"].as_str().expect("a word");
        let name = |member: &Value| member.as_str().expect("a name").to_owned();
        all.extend(
            members
                .iter()
                .map(|member| format!("{} {outcome}", name(member))),
        );
    }
    all.sort();
    all
}

const KICK: &str = "-r r -m spam -o json -u a -u x -u b -u c -u y -u d";

#[test]
fn if_one_absent_member_fails_the_batch_the_others_are_still_removed() {
    let sandbox = sandbox(AbsentMode::Atomic);
    let done = sandbox.kick(KICK).stdout(any()).stderr(any()).exits(6);
    assert_eq!(
        outcomes(&done),
        [
            "a removed",
            "b removed",
            "c removed",
            "d removed",
            "x absent",
            "y absent"
        ]
    );
    assert_eq!(sandbox.members("r"), ["e"]);
    let summary = &done.summary()["summary"];
    assert_eq!(
        (&summary["removed"], &summary["absent"]),
        (&4.into(), &2.into())
    );
    assert_eq!(summary["Retries"], 0, "parts are no retries");
}

#[test]
fn if_the_first_request_removes_members_they_read_absent_and_a_note_explains_it() {
    let sandbox = sandbox(AbsentMode::Partial);
    let note = has(["may have removed some"]);
    let done = sandbox.kick(KICK).stdout(any()).stderr(note).exits(1);
    let outcomes = outcomes(&done);
    assert_eq!(outcomes.len(), 6);
    assert!(
        outcomes.iter().all(|line| line.ends_with(" absent")),
        "{outcomes:?}"
    );
    assert_eq!(sandbox.members("r"), ["e"]);
}

#[test]
fn with_ignore_absent_both_kinds_of_service_are_exit_0() {
    for absent in [AbsentMode::Atomic, AbsentMode::Partial] {
        let sandbox = sandbox(absent);
        let kick = sandbox.kick(KICK).arg("--ignore-absent");
        kick.stdout(any()).stderr(any()).exits(0);
        assert_eq!(sandbox.members("r"), ["e"], "{absent:?}");
    }
}

#[test]
fn a_batch_is_split_for_each_of_the_four_batch_level_codes() {
    for code in [100_005, 100_002, 100_006, 70_107] {
        let server = Server::answering([Reply::json(&fail(code))]);
        let kick = server.kick("-r r -u a -u b -m spam -o json");
        let done = kick.stdout(any()).stderr(any()).exits(1);
        assert_eq!(outcomes(&done).len(), 2, "{code}");
        assert_eq!(done.results().len(), 2, "{code}");
        assert_eq!(server.requests().len(), 3, "{code}");
        assert!(done.results().iter().all(|result| result["Attempts"] == 2));
    }
}

#[test]
fn gateway_and_credential_errors_are_never_split() {
    for (code, exit) in [(60_003, 1), (70_402, 1), (70_009, 4), (100_004, 1)] {
        let server = Server::answering([Reply::json(&fail(code))]);
        let kick = server.kick("-r r -u a -u b -m spam -o json");
        let done = kick.stdout(any()).stderr(any()).exits(exit);
        assert_eq!(server.requests().len(), 1, "{code}");
        assert_eq!(done.result()["Outcome"], "refused", "{code}");
    }
}

#[test]
fn a_refused_reason_is_not_split_in_every_batch() {
    let server = Server::answering([Reply::json(&fail(100_002))]);
    let kick = server.kick("-r r -m spam -o json").many("-u", "u", 60);
    let done = kick.stdout(any()).stderr(any()).exits(1);
    assert_eq!(done.summary()["summary"]["refused"], 60);
    // Splitting one batch of 20 takes 39 requests; the other two take one each.
    assert_eq!(server.requests().len(), 39 + 2);
}
