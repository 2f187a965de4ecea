//! Answers are judged by `ErrorCode`: what each shape of an answer leads to, as a
//! table. The other fields have any type.

use serde_json::Value;

use crate::support::{Done, OK, Reply, Server, any, fail, has, lacks};

const KICK: &str = "-r room-test -u user1 -m spam";

/// A kick of one member with retries; every answer has this body.
fn kick(body: &str, exit: i32, requests: usize) -> Value {
    let server = Server::answering([Reply::json(body)]);
    let kick = server.kick(KICK).args("-o json --retries 1");
    let done = kick.stdout(any()).stderr(any()).exits(exit);
    assert_eq!(server.requests().len(), requests, "{body}");
    done.result()
}

#[test]
fn code_0_without_a_contradicting_status_is_success() {
    for body in [
        OK,
        r#"{"ErrorCode":0,"ErrorInfo":""}"#,
        r#"{"ErrorCode":0}"#,
        r#"{"ErrorCode":0,"ActionStatus":null,"ErrorInfo":null,"RequestId":null}"#,
        r#"{"ActionStatus":"OK","ErrorInfo":{"a":[1]},"RequestId":7,"ErrorCode":0}"#,
        r#"{"ErrorCode":0,"ActionStatus":"OK","ErrorList":[{"ErrorCode":70009}]}"#,
        r#"{"ErrorCode":0,"ActionStatus":"OK","ErrorInfo":"","ErrorInfo":"again"}"#,
        "\u{feff} \r\n{\"ErrorCode\":0}\n\n",
    ] {
        assert_eq!(kick(body, 0, 1)["Outcome"], "removed", "{body}");
    }
}

#[test]
fn code_0_with_another_status_and_every_unusable_code_are_in_doubt() {
    for body in [
        r#"{"ErrorCode":0,"ActionStatus":"FAIL"}"#,
        r#"{"ErrorCode":0,"ActionStatus":""}"#,
        r#"{"ErrorCode":0,"ActionStatus":"Ok"}"#,
        r#"{"ErrorCode":0,"ActionStatus":0}"#,
        r#"{"ErrorCode":0,"ActionStatus":"OK","ActionStatus":"FAIL"}"#,
        r#"{"ActionStatus":"OK"}"#,
        r#"{"ErrorCode":null,"ActionStatus":"OK"}"#,
        r#"{"ErrorCode":"0","ActionStatus":"OK"}"#,
        r#"{"ErrorCode":0.0,"ActionStatus":"OK"}"#,
        r#"{"ErrorCode":0.5,"ActionStatus":"OK"}"#,
        r#"{"ErrorCode":[0],"ActionStatus":"OK"}"#,
        r#"{"ErrorCode":18446744073709551616,"ActionStatus":"OK"}"#,
        r#"{"ErrorCode":0,"ErrorCode":100005,"ActionStatus":"OK"}"#,
        r#"{"Response":{"ErrorCode":0,"ActionStatus":"OK"}}"#,
        r#"["OK",0,"","Id-1",null]"#,
        r#"[{"ErrorCode":0,"ActionStatus":"OK"}]"#,
        r#"{"ErrorCode":0,"ActionStatus":"OK"}}"#,
        r#"{"ErrorCode":0,"ActionStatus":"OK"}<!-- proxy -->"#,
    ] {
        assert_eq!(kick(body, 5, 2)["Outcome"], "unknown", "{body}");
    }
}

#[test]
fn a_bare_code_0_in_an_http_error_is_in_doubt() {
    let bare = Reply::http("502 Bad Gateway", "", r#"{"ErrorCode":0}"#);
    let server = Server::answering([bare]);
    let kick = server.kick(KICK).args("-o json --retries 0");
    let result = kick.stdout(any()).stderr(any()).exits(5).result();
    assert_eq!(result["Outcome"], "unknown");
}

#[test]
fn side_fields_of_other_types_are_shown_as_text_and_change_nothing() {
    for (value, shown) in [
        ("null", ""),
        ("7", "7"),
        ("1.50", "1.50"),
        ("18446744073709551616", "18446744073709551616"),
        ("true", "true"),
        (r#"["a"]"#, r#"["a"]"#),
        (r#"{"en":"no"}"#, r#"{"en":"no"}"#),
    ] {
        let rejected = format!(
            r#"{{"ErrorCode":70009,"ActionStatus":{value},"ErrorInfo":{value},"RequestId":{value},"Response":{value}}}"#
        );
        let result = kick(&rejected, 4, 1);
        assert_eq!(result["Outcome"], "refused");
        assert_eq!(result["ErrorInfo"], shown);
        let shown = (value != "null").then_some(shown);
        assert_eq!(result["RequestId"].as_str(), shown);
        assert_eq!(result["ActionStatus"].as_str(), shown);
    }
}

/// The text output of a kick whose every answer has this body.
fn text(words: &str, body: &str, exit: i32) -> Done {
    let server = Server::answering([Reply::json(body)]);
    let run = server.roomctl(words).args(KICK);
    run.stdout(any()).stderr(lacks(["()", ": 0 "])).exits(exit)
}

#[test]
fn an_empty_error_info_is_replaced_by_the_meaning() {
    for (code, exit, words) in [
        (70_032, 4, "70032, not listed"),
        (123_456, 1, "123456, not listed"),
        (70_009, 4, "70009, the UserSig was made"),
        (100_001, 5, "100001 an internal error"),
    ] {
        for info in ["\"\"", "null", "\" \""] {
            let body =
                format!(r#"{{"ActionStatus":"FAIL","ErrorCode":{code},"ErrorInfo":{info}}}"#);
            let done = text("kick --retries 1", &body, exit);
            assert!(done.stderr.contains(words), "{done}");
            assert!(done.stderr.contains("hint: "), "{done}");
        }
    }
}

#[test]
fn a_retry_after_a_contradiction_names_what_contradicts() {
    let body = r#"{"ErrorCode":0,"ActionStatus":"FAIL","ErrorInfo":""}"#;
    let done = text("kick --retries 1", body, 5);
    let retry = "retry 1 of 1 in 0.";
    assert!(done.stderr.contains(retry), "{done}");
    assert!(done.stderr.contains("ErrorCode 0, ActionStatus \"FAIL\""));
    assert!(done.stderr.contains("--endpoint"), "{done}");
}

#[test]
fn a_failed_account_check_is_tried_once_more_after_a_second() {
    for code in [60_004, 60_005] {
        let replies = [Reply::json(&fail(code)), Reply::json(OK)];
        let server = Server::answering(replies);
        let kick = server.kick(KICK).args("-o json");
        let done = kick
            .stdout(any())
            .stderr(has([r#""DelayMs":1000"#]))
            .exits(0);
        assert!(done.result()["ElapsedMs"].as_u64() >= Some(1000), "{done}");

        let server = Server::answering([Reply::json(&fail(code))]);
        let kick = server.kick(KICK).stdout(has(["refused: "]));
        kick.stderr(has(["identifier and key", "try again later"]))
            .exits(4);
        assert_eq!(server.requests().len(), 2);
    }
}

#[test]
fn queries_and_doctor_try_a_failed_account_check_once_more() {
    for command in ["members -r r", "bans -r r", "info -r r", "doctor"] {
        let server = Server::answering([Reply::json(&fail(60_004))]);
        let run = server.roomctl(command).stdout(any()).stderr(any());
        run.exits(4);
        assert_eq!(server.requests().len(), 2, "{command}");
    }
}

#[test]
fn a_ban_of_a_banned_member_hints_at_the_bans_of_the_room() {
    let server = Server::answering([Reply::json(&fail(100_016))]);
    let ban = server.roomctl("ban --for 1h -u user1 -m spam --room");
    ban.arg("my room")
        .stdout(has(["refused: "]))
        .stderr(has(["banned already", "roomctl bans --room 'my room'"]))
        .exits(1);
}
