//! Rate and retries: their bounds, and what is reported while a single request
//! is retried.

use roomctl::sandbox::Options;

use crate::support::{OK, Reply, Sandbox, Server, any, fail, has, is, lacks};

const KICK: &str = "-r room-test -u user1 -m spam";

#[test]
fn rate_is_1_to_200_and_retries_0_to_1000() {
    let sandbox = Sandbox::demo();
    for bad in ["0", "201", "-1", "x", "1.5", "4294967297", " 5"] {
        let kick = sandbox.kick(KICK).arg(format!("--rate={bad}"));
        kick.stderr(has(["--rate", "1 to 200"])).exits(2);
    }
    for bad in ["-1", "x", "0x1", "1e3"] {
        let kick = sandbox.kick(KICK).arg(format!("--retries={bad}"));
        kick.stderr(has(["--retries"])).exits(2);
    }
    for good in ["--rate 1", "--rate 200", "--retries 0", "--retries 1000"] {
        let kick = sandbox.kick("-r room-test -u nobody -m spam -q --ignore-absent");
        kick.args(good).stdout(any()).stderr(is("")).exits(0);
    }
}

#[test]
fn a_single_request_reports_each_retry_at_once() {
    let replies = [
        Reply::json(&fail(100_001)),
        Reply::json(&fail(60_008)),
        Reply::json(OK),
    ];
    let server = Server::answering(replies);
    let kick = server.kick(KICK);
    let expected = has([
        "retry 1 of 5 in 0.",
        " s: 100001",
        "retry 2 of 5 in 0.",
        " s: 60008",
    ]);
    kick.stdout(has(["removed user1"]))
        .stderr(expected)
        .stderr(has(["2 retries"]))
        .exits(0);
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn retries_of_several_requests_are_not_reported_one_by_one() {
    let server = Server::answering([Reply::json(&fail(100_001)), Reply::json(OK)]);
    let kick = server.kick("-r a -r b -u user1 -m spam -o json");
    let done = kick.stdout(any()).stderr(lacks(["retry 1"])).exits(0);
    assert_eq!(done.summary()["summary"]["Retries"], 1);
    assert_eq!(done.summary()["summary"]["Requests"], 3);
}

#[test]
fn quiet_reports_no_retry() {
    let server = Server::answering([Reply::json(&fail(100_001)), Reply::json(OK)]);
    server
        .kick(KICK)
        .arg("-q")
        .stdout(any())
        .stderr(is(""))
        .exits(0);
}

#[test]
fn retries_are_counted_apart_from_the_first_try() {
    for retries in [0, 1, 3] {
        let server = Server::answering([Reply::json(&fail(100_001))]);
        let kick = server
            .kick(KICK)
            .args("-o json --retries")
            .arg(retries.to_string());
        let done = kick.stdout(any()).stderr(any()).exits(5);
        assert_eq!(server.requests().len(), retries + 1);
        assert_eq!(done.result()["Attempts"], retries + 1);
        assert_eq!(done.summary()["summary"]["Retries"], retries);
    }
}

#[test]
fn a_final_answer_is_not_retried() {
    let server = Server::answering([Reply::json(&fail(100_004))]);
    let kick = server.kick(KICK);
    kick.stdout(any()).stderr(lacks(["retry 1"])).exits(1);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn every_sandbox_fault_is_survived() {
    for kind in [
        "100001", "http502", "reset", "drop", "truncate", "html", "close",
    ] {
        let fault = format!("{kind}=40%");
        let rooms = ["a", "b", "c", "d", "e", "f"];
        let options = Options {
            faults: vec![fault.parse().expect("a fault")],
            seed: Some(3),
            ..Options::default()
        };
        let options = rooms
            .into_iter()
            .fold(options, |all, name| all.room(name, ["x"]));
        let sandbox = Sandbox::with(options);
        let words = rooms.map(|name| format!("-r {name} ")).concat();
        let kick = sandbox
            .kick(&words)
            .args("-u x -m spam -o json --retries 20");
        let done = kick.stdout(any()).stderr(any()).exits(0);
        assert!(rooms.iter().all(|room| sandbox.members(room).is_empty()));
        let summary = &done.summary()["summary"];
        let gone = summary["removed"].as_u64().zip(summary["gone"].as_u64());
        assert_eq!(
            gone.map(|(removed, gone)| removed + gone),
            Some(6),
            "{kind}: {summary}"
        );
    }
}
