//! Answers that are not the service's: web pages, redirects, cut answers,
//! garbage. Each request may have taken effect, so the outcome is neither
//! removed nor refused.

use serde_json::Value;

use crate::support::{DeadPort, Gate, OK, Reply, Roomctl, Server, UntouchedPort, any, fail, has};

const KICK: &str = "-r room-test -u user1 -m spam";

/// The result of a single try; a signature in such a page must never be shown.
fn one_try(reply: Reply) -> Value {
    let server = Server::answering([reply]);
    let kick = server.kick(KICK).args("-o json --retries 0 -v");
    let done = kick.secret("eJcanary").stdout(any()).stderr(any()).exits(5);
    assert_eq!(server.requests().len(), 1, "one try is one request");
    let result = done.result();
    for field in ["ActionStatus", "ErrorCode", "RequestId"] {
        assert!(result[field].is_null(), "{field}: {result}");
    }
    let info = result["ErrorInfo"].as_str().expect("a text");
    assert!(!info.is_empty(), "{result}");
    result
}

#[test]
fn an_answer_that_is_not_the_services_ends_unknown() {
    let page = "<html>GET /v4?usersig=eJcanary</html>";
    let big = "x".repeat(1024 * 1024 + 1);
    for (name, reply) in [
        ("page", Reply::http("200 OK", "", page)),
        ("502", Reply::http("502 Bad Gateway", "", page)),
        (
            "503",
            Reply::http("503 Service Unavailable", "Retry-After: 1\r\n", ""),
        ),
        ("empty", Reply::json("")),
        ("no ErrorCode", Reply::json(r#"{"ActionStatus":"OK"}"#)),
        (
            "wrong type",
            Reply::json(r#"{"ErrorCode":"0","ActionStatus":"OK"}"#),
        ),
        ("array", Reply::json("[]")),
        ("half", Reply::json(&OK[..20])),
        (
            "cut",
            Reply::raw(format!(
                "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{OK}"
            )),
        ),
        ("head only", Reply::raw("HTTP/1.1 200 OK\r\nContent-")),
        ("garbage", Reply::raw("SSH-2.0-eJcanary\r\n\r\n")),
        ("nothing", Reply::raw("")),
        ("more than 1 MiB", Reply::json(&big)),
        (
            "long head",
            Reply::raw(format!("HTTP/1.1 200 OK\r\nX: {big}\r\n\r\n")),
        ),
    ] {
        assert_eq!(one_try(reply)["Outcome"], "unknown", "{name}");
    }
}

#[test]
fn deeply_nested_json_is_read_or_ends_unknown() {
    for depth in [100, 50_000] {
        let deep = "[".repeat(depth) + &"]".repeat(depth);
        let answer = OK.replacen('{', &format!("{{\"New\":{deep},"), 1);
        let server = Server::answering([Reply::json(&answer)]);
        let kick = server.kick(KICK).args("-o json");
        let result = kick.stdout(any()).stderr(any()).exits(0).result();
        assert_eq!(result["Outcome"], "removed", "{depth}");
        let wrong = format!("{{\"ErrorCode\":{deep}}}");
        assert_eq!(
            one_try(Reply::json(&wrong))["Outcome"],
            "unknown",
            "{depth}"
        );
    }
}

#[test]
fn the_services_texts_are_unchanged_in_json() {
    let words = "a\u{9b}31mred\u{90}x\u{7f}\u{1b}[31m \u{202e}踢\u{8}";
    let answer = serde_json::json!({
        "ErrorCode": 100_004, "ErrorInfo": words, "ActionStatus": "FAIL", "RequestId": "Id-1"
    });
    let server = Server::answering([Reply::json(&answer.to_string())]);
    let kick = server.kick(KICK).args("-o json").stdout(any());
    let result = kick.stderr(any()).exits(1).result();
    assert_eq!(result["ErrorInfo"], words);
}

#[test]
fn json_on_both_outputs_escapes_what_a_terminal_would_obey() {
    let words =
        "a\u{9b}31m\u{85}\u{7f}\u{202e}b\u{2066}\u{200b}\u{feff}\u{2028}\u{2029}\u{e0041}踢";
    let answer = serde_json::json!({
        "ErrorCode": 100_004, "ErrorInfo": words, "ActionStatus": words, "RequestId": words,
    });
    let list = serde_json::json!({
        "ErrorCode": 0,
        "Response": {
            "MemberList": [{"Member_Account": words, "NameCard": words}],
            "BannedAccountList": [{"Member_Account": words, words: words}],
            "RoomInfo": {"RoomName": words, words: 1},
        },
    });
    let is_raw = |c: char| c != '\n' && c != '踢' && (c.is_control() || !c.is_ascii());
    for (command, answer, exit) in [
        ("kick -u user1 -m spam", &answer, 1),
        ("members", &answer, 1),
        ("members", &list, 0),
        ("bans", &list, 0),
        ("info", &list, 0),
    ] {
        let server = Server::answering([Reply::json(&answer.to_string())]);
        for output in ["-o json", "-o text"] {
            let run = server
                .roomctl(command)
                .args("-r room-test -vv")
                .args(output);
            let done = run.stdout(any()).stderr(any()).exits(exit);
            for text in [&done.stdout, &done.stderr] {
                let text = text.replace('\t', "");
                assert!(!text.contains(is_raw), "{command} {output} {done}");
            }
            if output == "-o json" && exit == 0 {
                let shown = done.result().to_string();
                assert!(shown.contains(words), "{command} {done}");
            }
        }
    }
}

#[test]
fn a_redirect_is_never_followed() {
    for status in [
        "301 Moved",
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let elsewhere = UntouchedPort::new();
        let location = format!("Location: {}/x?usersig=eJcanary\r\n", elsewhere.endpoint());
        let result = one_try(Reply::http(status, &location, ""));
        assert_eq!(result["Outcome"], "unknown");
        let info = result["ErrorInfo"].as_str().expect("a text");
        assert!(info.contains("redirect"), "{info}");
    }
}

#[test]
fn a_timeout_ends_unknown() {
    let gate = Gate::default();
    let server = Server::answering([Reply::json(OK).held_by(&gate)]);
    let kick = server
        .kick(KICK)
        .args("-o json --retries 0 --timeout 300ms");
    let done = kick.stdout(any()).stderr(any()).exits(5);
    assert_eq!(done.result()["Outcome"], "unknown");
    gate.open();
}

#[test]
fn a_refused_connection_ends_unsent() {
    let port = DeadPort::refusing();
    let kick = Roomctl::new("kick")
        .args(KICK)
        .args("-o json --retries 1 --endpoint");
    let kick = kick
        .arg(port.endpoint("http"))
        .args("--sdkappid 7 --identifier admin");
    let kick = kick.env("ROOMCTL_SECRET_KEY", crate::support::KEY);
    let done = kick
        .stdout(any())
        .stderr(has([
            r#"{"retry":{"Retry":1,"Of":1,"DelayMs":"#,
            "cannot connect",
        ]))
        .exits(5);
    let result = done.result();
    assert_eq!(result["Outcome"], "unsent");
    assert_eq!(result["Attempts"], 2);
}

#[test]
fn after_a_lost_answer_an_absent_member_is_gone() {
    let replies = [Reply::raw(""), Reply::json(&fail(100_005))];
    let server = Server::answering(replies);
    let kick = server.kick(KICK).args("-o json");
    let done = kick.stdout(any()).stderr(any()).exits(0);
    assert_eq!(done.result()["Outcome"], "gone");
    assert_eq!(done.summary()["summary"]["gone"], 1);
}

#[test]
fn after_a_lost_answer_another_refusal_stays_unknown() {
    let server = Server::answering([Reply::raw(""), Reply::json(&fail(100_006))]);
    let kick = server.kick(KICK).args("-o json");
    let result = kick.stdout(any()).stderr(any()).exits(5).result();
    assert_eq!(result["Outcome"], "unknown");
    assert_eq!(result["ErrorCode"], 100_006, "the last answer's");
}

#[test]
fn retry_after_is_the_least_wait() {
    let busy = Reply::http("429 Too Many Requests", "Retry-After: 1\r\n", "");
    let server = Server::answering([busy, Reply::json(OK)]);
    let kick = server.kick(KICK).args("-o json");
    let retry = has([r#"{"retry":{"Retry":1,"Of":5,"DelayMs":1000,"#, "429"]);
    let result = kick.stdout(any()).stderr(retry).exits(0).result();
    assert_eq!(result["Outcome"], "removed");
    assert!(result["ElapsedMs"].as_u64() >= Some(1000), "{result}");
}

#[test]
fn a_response_head_of_several_kib_is_read() {
    for kib in [2, 4, 6] {
        let trace = "a".repeat(kib * 1024);
        let head = format!("Content-Type: application/json\r\nX-Trace: {trace}\r\n");
        let server = Server::answering([Reply::http("200 OK", &head, OK)]);
        let kick = server.kick(KICK).args("--retries 0 -q");
        kick.stdout(has(["removed user1"])).exits(0);
    }
}
