//! `--journal`: the same command continues an interrupted job, whatever ended
//! it and however the list has changed.

use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use roomctl::sandbox::Options;
use rustix::process::Signal;
use serde_json::Value;

use crate::support::{Gate, Home, OK, Reply, Roomctl, Sandbox, Server, any, fail, has, lacks};

pub(crate) const KICK: &str = "-r room-test -m spam -o json --journal j";

/// The records of the journal, line by line.
pub(crate) fn records(home: &Home) -> Vec<Value> {
    let text = fs::read_to_string(home.path().join("j")).expect("a journal");
    let parse = |line| serde_json::from_str(line).expect("a line of JSON");
    text.lines().map(parse).collect()
}

/// The members that requests named, in order.
pub(crate) fn requested_members(sandbox: &Sandbox) -> Vec<String> {
    let members = |line: &Value| line["MemberList_Account"].as_array().cloned();
    let members = sandbox.log().into_iter().filter_map(|line| members(&line));
    let name = |name: Value| name.as_str().expect("a name").to_owned();
    members.flatten().map(name).collect()
}

/// One request per room, in sequence.
pub(crate) fn rooms(server: &Server, home: &Home, rooms: &[&str]) -> Roomctl {
    let kick = server.kick("-u x -m spam -o json --journal j --concurrency 1 --retries 0");
    let kick = rooms
        .iter()
        .fold(kick, |kick, room| kick.arg("-r").arg(room));
    kick.home(home).stdout(any()).stderr(any())
}

#[test]
fn the_same_command_continues_by_content_and_not_by_line() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let first = sandbox.kick(KICK).args("-u user1 -u user2 -u user3");
    first.home(&home).stdout(any()).stderr(any()).exits(0);
    // A new first member, another order, other batches, another reason.
    let second = sandbox.kick("-r room-test -m again -o json --journal j");
    let second = second
        .args("-u user9 -u user3 -u user1 -u user4 -u user2")
        .home(&home);
    let words = "3 of 5 already settled in j, last at ";
    let done = second
        .stdout(any())
        .stderr(has([words, "; --again processes them too"]));
    let done = done.exits(0);
    assert_eq!(
        done.result()["MemberList_Account"],
        serde_json::json!(["user9", "user4"])
    );
    assert_eq!(
        requested_members(&sandbox),
        ["user1", "user2", "user3", "user9", "user4"]
    );
    let outcomes = records(&home);
    assert_eq!(outcomes[0]["Record"], "journal");
    let settled = outcomes
        .iter()
        .filter(|record| record["Outcome"] == "removed");
    assert_eq!(settled.count(), 2);
    let mode = fs::metadata(home.path().join("j"))
        .expect("there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn when_all_are_settled_nothing_is_sent() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let kick = || {
        sandbox
            .kick(KICK)
            .args("-u user1")
            .home(&home)
            .stderr(any())
    };
    kick().stdout(any()).exits(0);
    let done = kick().stdout(crate::support::is("")).exits(0);
    assert!(done.stderr.contains("1 of 1 already settled"), "{done}");
    assert_eq!(done.summary()["summary"]["Requests"], 0);
    assert_eq!(sandbox.log().len(), 1);
    let again = kick()
        .args("--again --ignore-absent")
        .stdout(any())
        .exits(0);
    assert_eq!(again.result()["Outcome"], "absent");
    assert!(!again.stderr.contains("already settled"), "{again}");
}

#[test]
fn the_exit_code_is_that_of_the_whole_plan_and_not_of_this_run_alone() {
    let home = Home::new();
    let server = Server::answering([Reply::json(OK), Reply::json(&fail(100_006))]);
    rooms(&server, &home, &["r", "s"]).exits(6);
    // Only the refused member is left. The exit code still counts the removed
    // one.
    let server = Server::answering([Reply::json(&fail(100_006))]);
    let done = rooms(&server, &home, &["s", "r"]).exits(6);
    assert_eq!(server.requests().len(), 1);
    assert_eq!(done.summary()["summary"]["removed"], 0);
    let error = done.error().expect("an error");
    let message = error["error"]["message"].as_str().expect("a message");
    assert!(
        message.starts_with("only 1 of 2 members were removed"),
        "{message}"
    );
    // Of a plan with the refused member only, no member was removed.
    let server = Server::answering([Reply::json(&fail(100_006))]);
    rooms(&server, &home, &["s"]).exits(1);
    // An absent member is settled, and still not a success.
    let server = Server::answering([Reply::json(&fail(100_005))]);
    rooms(&server, &home, &["s", "r"]).exits(6);
    let server = Server::answering([Reply::json(OK)]);
    rooms(&server, &home, &["s", "r"]).args("-r t").exits(6);
    rooms(&server, &home, &["s", "r", "t"])
        .args("--ignore-absent")
        .exits(0);
    rooms(&server, &home, &["s"]).exits(1);
}

#[test]
fn members_in_doubt_are_sent_again_and_then_gone() {
    let home = Home::new();
    let server = Server::answering([Reply::raw("")]);
    rooms(&server, &home, &["r"]).exits(5);
    assert_eq!(records(&home).last().expect("one")["Outcome"], "unknown");
    // After a refusal the member is still in doubt.
    let server = Server::answering([Reply::json(&fail(100_006))]);
    rooms(&server, &home, &["r"]).exits(5);
    let server = Server::answering([Reply::json(&fail(100_005))]);
    let done = rooms(&server, &home, &["r"]).exits(0);
    assert_eq!(done.result()["Outcome"], "gone");
}

#[test]
fn members_in_doubt_are_sent_in_requests_of_their_own() {
    let home = Home::new();
    let server = Server::answering([Reply::raw("")]);
    let kick = |server: &Server, users: &str| {
        let kick = server
            .kick(KICK)
            .args("--retries 0 --concurrency 1")
            .args(users);
        kick.home(&home).stdout(any()).stderr(any())
    };
    kick(&server, "-u a -u b").exits(5);
    let server = Server::answering([Reply::json(OK)]);
    kick(&server, "-u a -u c -u b").exits(0);
    let bodies: Vec<Value> = server
        .requests()
        .iter()
        .map(|request| serde_json::from_str(&request.body).expect("JSON"))
        .collect();
    let members: Vec<&Value> = bodies
        .iter()
        .map(|body| &body["MemberList_Account"])
        .collect();
    assert_eq!(
        members,
        [&serde_json::json!(["c"]), &serde_json::json!(["a", "b"])]
    );
}

#[test]
fn killed_while_a_request_is_in_flight_its_member_is_in_doubt() {
    let home = Home::new();
    let gate = Gate::default();
    let server = Server::answering([Reply::json(OK), Reply::json(OK).held_by(&gate)]);
    let running = rooms(&server, &home, &["r", "s", "t"]).start();
    server.wait_for(2);
    running.killed();
    gate.open();
    // The first is settled and not sent again; the second was in flight.
    let server = Server::answering([Reply::json(OK), Reply::json(&fail(100_005))]);
    let done = rooms(&server, &home, &["r", "s", "t"]).exits(0);
    let outcomes: Vec<(Value, Value)> = done
        .results()
        .into_iter()
        .map(|result| (result["RoomId"].clone(), result["Outcome"].clone()))
        .collect();
    let expected = [("t", "removed"), ("s", "gone")];
    assert_eq!(
        outcomes,
        expected.map(|(room, word)| (room.into(), word.into()))
    );
    assert!(done.stderr.contains("1 of 3 already settled"), "{done}");
}

#[test]
fn an_interrupted_job_prints_the_command_that_continues_it() {
    let home = Home::new();
    let gate = Gate::default();
    let server = Server::answering([Reply::json(OK).held_by(&gate)]);
    // Requests a second apart, because the answer may arrive before the signal.
    let kick = rooms(&server, &home, &["r", "s"]).args("--again --rate 1");
    let running = kick.stderr(lacks(["--ignore-absent"])).start();
    server.wait_for(1);
    running.signal(Signal::INT);
    gate.open();
    let done = running.ends(130);
    let hint = done.error().expect("an error")["error"]["hint"].to_string();
    assert!(hint.contains("continue with: "), "{hint}");
    assert!(
        hint.contains("kick -u x -m spam -o json --journal j"),
        "{hint}"
    );
    assert!(
        !hint.contains("--again"),
        "it would process all members again: {hint}"
    );
    let done = rooms(&server, &home, &["r", "s"]).exits(0);
    assert_eq!(done.result()["RoomId"], "s");
}

#[test]
fn rows_of_a_stream_are_recorded_and_never_skipped() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let feed = || {
        let kick = sandbox.kick(KICK).args("--from - --stream --ignore-absent");
        kick.stdin("user1\n")
            .home(&home)
            .stdout(any())
            .stderr(any())
    };
    feed().exits(0);
    let done = feed().exits(0);
    assert_eq!(done.results().len(), 1, "{done}");
    assert_eq!(sandbox.log().len(), 2);
    assert_eq!(records(&home).len(), 5);
}

/// This number of rooms with one member each.
fn crowd(rooms: usize) -> Sandbox {
    let room = |n| (format!("r{n}"), vec!["x".to_owned()]);
    Sandbox::with(Options {
        rooms: (1..=rooms).map(room).collect(),
        ..Options::default()
    })
}

#[test]
fn killed_again_and_again_nothing_is_lost_and_nothing_settled_is_sent_again() {
    const ROOMS: usize = 60;
    let (sandbox, home) = (crowd(ROOMS), Home::new());
    let kick = || {
        let kick = sandbox.kick("-u x -m spam -o json --rate 50 --journal j");
        let kick = kick.many("-r", "r", ROOMS).home(&home);
        kick.stdout(any()).stderr(any())
    };
    for killed in 1..=4 {
        let running = kick().start();
        sandbox.wait_for(killed * 10);
        running.killed();
    }
    kick().exits(0);
    let mut settled = HashSet::new();
    for record in &records(&home)[1..] {
        let room = record["RoomId"].as_str().expect("a room").to_owned();
        if record["Record"] == "intent" {
            assert!(!settled.contains(&room), "{room} was settled");
        } else {
            settled.insert(room);
        }
    }
    assert_eq!(settled.len(), ROOMS);
    assert!((1..=ROOMS).all(|n| sandbox.members(&format!("r{n}")).is_empty()));
}
