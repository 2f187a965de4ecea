//! What `members`, `bans` and `info` share: refusals, credentials, dead servers
//! and retries, reported as in kick.

use roomctl::sandbox::Options;

use crate::support::{
    DeadPort, Home, KEY, Reply, Roomctl, Sandbox, Server, any, fail, has, is, lacks,
};

const VERBS: [&str; 3] = ["members", "bans", "info"];

#[test]
fn a_room_that_does_not_exist_is_exit_1_with_the_remedy_of_the_code() {
    let sandbox = Sandbox::demo();
    for verb in VERBS {
        let run = sandbox.roomctl(verb).args("--room nowhere -o json");
        let done = run.stderr(any()).exits(1);
        let error = done.error().expect("an error");
        assert_eq!(error["error"]["kind"], "refused");
        let message = error["error"]["message"].as_str().expect("words");
        assert!(
            message.contains("100004") && message.contains("RequestId Id-"),
            "{message}"
        );
        let hint = error["error"]["hint"].as_str().expect("a hint");
        assert!(hint.contains("region"), "{hint}");
    }
}

#[test]
fn rejected_credentials_are_exit_4_at_once() {
    let sandbox = Sandbox::demo();
    for verb in VERBS {
        let run = sandbox
            .roomctl(verb)
            .args("--room room-test")
            .env("ROOMCTL_SECRET_KEY", KEY);
        let text = [
            "error: the service rejected the credentials: 70009",
            "hint: ",
        ];
        run.secret(KEY).stderr(has(text)).exits(4);
    }
    assert_eq!(sandbox.log().len(), 3);
}

#[test]
fn a_dead_server_is_exit_5_after_every_retry() {
    let port = DeadPort::refusing();
    let run = Roomctl::new("members --room r --sdkappid 7 --identifier a --endpoint")
        .arg(port.endpoint("http"))
        .env("ROOMCTL_SECRET_KEY", KEY)
        .secret(KEY);
    let text = [
        "retry 1 of 5 in ",
        "retry 5 of 5 in ",
        "error: no usable answer: cannot connect",
        "hint: nothing accepts connections there: check the network",
    ];
    run.stderr(has(text)).stderr(lacks(["retry 6"])).exits(5);
}

#[test]
fn temporary_faults_are_retried() {
    let names = (0..400).map(|n| format!("user{n}")).collect();
    let sandbox = Sandbox::with(Options {
        rooms: vec![("room-test".into(), names)],
        faults: vec!["100001=0.4".parse().expect("a fault")],
        seed: Some(1),
        ..Options::default()
    });
    let run = sandbox.roomctl("members --room room-test").stdout(any());
    let done = run.stderr(has(["retry 1 of 5 in ", "100001"])).exits(0);
    assert_eq!(done.stdout.lines().count(), 400);
    assert!(sandbox.log().len() > 8);
}

#[test]
fn an_expired_signature_is_renewed_once() {
    let server = Server::answering([Reply::json(&fail(70_001))]);
    let run = server.roomctl("info --room r");
    run.stderr(has(["70001"])).exits(4);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn an_answer_unlike_the_documents_is_not_accepted() {
    let bad = r#"{"ErrorCode":0,"ActionStatus":"OK","Response":{"RoomInfo":[]}}"#;
    let good = r#"{"ErrorCode":0,"ActionStatus":"OK","Response":{"RoomInfo":{"MemberCount":1}}}"#;
    let server = Server::answering([Reply::json(bad), Reply::json(good)]);
    let run = server.roomctl("info --room r -o json");
    let run = run.stdout(is("{\"RoomId\":\"r\",\"MemberCount\":1}\n"));
    let retry = ["{\"retry\":{\"Retry\":1,\"Of\":5,", "not as documented"];
    run.stderr(has(retry)).exits(0);
}

#[test]
fn a_list_that_is_missing_or_no_array_is_not_an_empty_list() {
    let check = |verb: &str, list: &str, response: &str| {
        let bad = format!(r#"{{"ErrorCode":0,"ActionStatus":"OK","Response":{response}}}"#);
        let server = Server::answering([Reply::json(&bad)]);
        let error = format!("error: no usable answer: the answer has no {list}\n");
        let text = [&error, "hint: run the same command again", "roomctl doctor"];
        let run = server.roomctl(verb).args("--room r");
        run.stderr(has(text)).stderr(lacks(["nobody is"])).exits(5);
    };
    // Each waits for its retries.
    std::thread::scope(|scope| {
        for (verb, list, other) in [
            ("members", "MemberList", "BannedAccountList"),
            ("bans", "BannedAccountList", "MemberList"),
        ] {
            for response in [
                "{}".to_owned(),
                "null".to_owned(),
                format!(r#"{{"{list}":null,"Next":""}}"#),
                format!(r#"{{"{list}":{{}},"Next":""}}"#),
                format!(r#"{{"{other}":[{{"Member_Account":"a"}}],"Next":""}}"#),
            ] {
                scope.spawn(move || check(verb, list, &response));
            }
        }
    });
}

#[test]
fn an_empty_array_is_an_empty_list() {
    for (verb, list) in [("members", "MemberList"), ("bans", "BannedAccountList")] {
        let answer = format!(r#"{{"ErrorCode":0,"ActionStatus":"OK","Response":{{"{list}":[]}}}}"#);
        let server = Server::answering([Reply::json(&answer)]);
        let run = server.roomctl(verb).args("--room r");
        run.stderr(has(["nobody is"])).exits(0);
    }
}

#[test]
fn a_valid_room_is_required() {
    for verb in VERBS {
        Roomctl::new(verb)
            .stderr(has(["--room", "hint: "]))
            .exits(2);
        let long = "r".repeat(49);
        let run = Roomctl::new(verb).args("--sandbox --room").arg(&long);
        run.stderr(has([
            "--room \"",
            "\": 49 of 48 bytes",
            "give --room 1 to 48",
        ]))
        .exits(2);
        let run = Roomctl::new(verb).args("--sandbox --room r extra");
        run.stderr(has(["unexpected operand 'extra'", "--room extra"]))
            .exits(2);
    }
}

#[test]
fn missing_credentials_are_exit_3() {
    for verb in VERBS {
        let run = Roomctl::new(verb).args("--room r").home(&Home::new());
        run.stderr(has(["sdkappid"])).exits(3);
    }
}

#[test]
fn the_in_process_sandbox_needs_no_credentials() {
    let run = Roomctl::new("members --room room-test --sandbox -q");
    let done = run.stdout(any()).exits(0);
    assert_eq!(done.stdout.lines().count(), 100);
}

#[test]
fn with_v_each_request_is_shown_without_its_query() {
    let sandbox = Sandbox::demo();
    let run = sandbox.roomctl("members --room room-test -v").stdout(any());
    let text = ["/get_room_member_list?[redacted] room room-test", "< OK ("];
    run.stderr(has(text)).exits(0);
}
