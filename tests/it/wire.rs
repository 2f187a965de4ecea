//! The literal bytes on the wire: documented requests and answers, written here
//! with separate structs, so that a mistake shared by client and sandbox shows.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde::Deserialize;

use crate::support::{KEY, OK, Reply, Request, SDKAPPID, Server, any, has, is};

/// The body; unknown keys are an error.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kick {
    #[serde(rename = "RoomId")]
    room: String,
    #[serde(rename = "MemberList_Account")]
    members: Vec<String>,
    #[serde(rename = "Reason")]
    reason: String,
}

const PATH: &str = "/v4/room_engine_http_srv/kick_user_out";

/// What a kick with these words and this reason and caller sends.
fn sent(words: &str, reason: &str, identifier: &str) -> Request {
    let server = Server::answering([Reply::json(OK)]);
    let kick = server.kick(words).arg("--reason").arg(reason);
    let kick = kick.arg("--identifier").arg(identifier);
    kick.stdout(any()).stderr(any()).exits(0);
    server.requests().remove(0)
}

fn query(request: &Request) -> Vec<(String, String)> {
    let (path, query) = request.target.split_once('?').expect("a query");
    assert_eq!(path, PATH);
    let pairs = query
        .split('&')
        .map(|pair| pair.split_once('=').expect("a pair"));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[test]
fn the_documents_sample_request_is_what_is_sent() {
    let reason = "you are kicked because of irregularities";
    let request = sent("--room room-test --user user1", reason, "administrator");
    assert_eq!(request.method, "POST");
    assert_eq!(
        request.body,
        r#"{"RoomId":"room-test","MemberList_Account":["user1"],"Reason":"you are kicked because of irregularities"}"#
    );
}

#[test]
fn the_query_has_exactly_the_five_parameters() {
    let request = sent("-r room-test -u user1", "spam", "administrator");
    let pairs = query(&request);
    let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["sdkappid", "identifier", "usersig", "random", "contenttype"]
    );
    let value: BTreeMap<_, _> = pairs.into_iter().collect();
    assert_eq!(value["sdkappid"], SDKAPPID.to_string());
    assert_eq!(value["identifier"], "administrator");
    assert_eq!(value["contenttype"], "json");
    assert!(
        value["random"].parse::<u32>().is_ok(),
        "{}",
        value["random"]
    );
    let sig = roomctl::secret::UserSig::new(value["usersig"].as_str());
    let decoded = roomctl::usersig::decode(&sig).expect("a UserSig");
    assert!(decoded.is_signed_with(&roomctl::secret::SecretKey::new(KEY)));
    assert_eq!(decoded.claims.expire, 24 * 3600);
    assert_eq!(decoded.claims.userbuf, None);
}

#[test]
fn every_printable_identifier_survives_the_url() {
    for (identifier, encoded) in [
        ("room admin", "room%20admin"),
        ("admin@example.com", "admin%40example.com"),
        ("a&b=c+d%20", "a%26b%3Dc%2Bd%2520"),
        ("team/admin?#\"<>", "team%2Fadmin%3F%23%22%3C%3E"),
        ("ops-team_01.~", "ops-team_01.~"),
    ] {
        let request = sent("-r room-test -u user1", "spam", identifier);
        let value: BTreeMap<_, _> = query(&request).into_iter().collect();
        assert_eq!(value["identifier"], encoded);
        let decoded = percent_decode_str(encoded).decode_utf8().expect("UTF-8");
        assert_eq!(decoded, identifier);
    }
}

#[test]
fn random_differs_from_request_to_request() {
    let server = Server::answering([Reply::json(OK)]);
    let kick = server.kick("-r a -r b -r c -u user1 -m spam");
    kick.stdout(any()).stderr(any()).exits(0);
    let requests = server.requests();
    let random = |request| query(request).remove(3);
    let mut random: Vec<_> = requests.iter().map(random).collect();
    random.sort();
    random.dedup();
    assert_eq!((requests.len(), random.len()), (3, 3));
}

#[test]
fn the_headers_name_json_and_roomctl() {
    let request = sent("-r room-test -u user1", "spam", "administrator");
    let agent = concat!("roomctl/", env!("CARGO_PKG_VERSION"));
    for (name, value) in [("content-type", "application/json"), ("user-agent", agent)] {
        let given = request.headers.iter().filter(|(header, _)| header == name);
        let given: Vec<&str> = given.map(|(_, value)| value.as_str()).collect();
        assert_eq!(given, [value], "{name}");
    }
}

#[test]
fn names_and_reasons_arrive_byte_for_byte() {
    let reason = "违规 \"quoted\" \\ back\nslash 😀 \u{1}";
    let request = sent("-r r%41&x=1 -u u?x -u <b>", reason, "administrator");
    let kick: Kick = serde_json::from_str(&request.body).expect("the body");
    let expected = Kick {
        room: "r%41&x=1".into(),
        members: vec!["u?x".into(), "<b>".into()],
        reason: reason.into(),
    };
    assert_eq!(kick, expected);
}

/// The result for a literal answer.
fn shown(answer: &str, exit: i32) -> serde_json::Value {
    let mut server = mockito::Server::new();
    let mock = server.mock("POST", mockito::Matcher::Regex(format!("^{PATH}")));
    let mock = mock.with_body(answer).expect(1).create();
    let kick = crate::support::Roomctl::new("kick -r room-test -u user1 -m spam -o json");
    let kick = kick.args("--retries 0 --sdkappid 7 --identifier admin");
    let kick = kick
        .args("--endpoint")
        .arg(server.url())
        .env("ROOMCTL_SECRET_KEY", KEY);
    let done = kick.secret(KEY).stdout(any()).stderr(any()).exits(exit);
    mock.assert();
    done.result()
}

#[test]
fn the_documents_sample_answer_is_understood() {
    let answer = r#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-d4e0a71869c84352ac3a730fda71cdb0-O-Seq-47158"}"#;
    let result = shown(answer, 0);
    assert_eq!(result["Outcome"], "removed");
    assert_eq!(result["ActionStatus"], "OK");
    assert_eq!(result["ErrorCode"], 0);
    assert_eq!(result["ErrorInfo"], "");
    assert_eq!(
        result["RequestId"],
        "Id-d4e0a71869c84352ac3a730fda71cdb0-O-Seq-47158"
    );
}

#[test]
fn unknown_keys_are_ignored() {
    let answer = r#"{"New":{"x":[1,null]},"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1","Response":{}}"#;
    assert_eq!(shown(answer, 0)["Outcome"], "removed");
}

#[test]
fn an_answer_without_request_id_shows_null() {
    let answer = r#"{"ErrorCode":60010,"ErrorInfo":"no admin","ActionStatus":"FAIL"}"#;
    let result = shown(answer, 4);
    assert!(result["RequestId"].is_null());
    assert_eq!(result["ErrorInfo"], "no admin");
}

#[test]
fn code_and_status_that_contradict_each_other_are_not_a_success() {
    let answer = r#"{"ErrorCode":0,"ActionStatus":"FAIL"}"#;
    assert_eq!(shown(answer, 5)["Outcome"], "unknown");
    let answer = r#"{"ErrorCode":100006,"ActionStatus":"OK"}"#;
    assert_eq!(shown(answer, 1)["Outcome"], "refused");
}

#[test]
fn the_services_texts_are_escaped_in_text_and_unchanged_in_json() {
    let answer = r#"{"ErrorCode":100006,"ErrorInfo":"a\u001b[2J\u202eb","ActionStatus":"FAIL","RequestId":"Id-1"}"#;
    assert_eq!(shown(answer, 1)["ErrorInfo"], "a\u{1b}[2J\u{202e}b");
    let server = Server::answering([Reply::json(answer)]);
    let kick = server.kick("-r room-test -u user1 -m spam -q");
    let done = kick
        .stdout(has(["ErrorInfo: a\\u{1b}[2J\\u{202e}b"]))
        .stderr(any())
        .exits(1);
    assert!(!done.stderr.contains(['\u{1b}', '\u{202e}']));
}

#[test]
fn an_answer_in_a_web_servers_error_status_still_counts() {
    let server = Server::answering([Reply::http("400 Bad Request", "", OK)]);
    let kick = server.kick("-r room-test -u user1 -m spam -q");
    let block = "removed user1 from room-test\nActionStatus: OK\nErrorCode: 0\nErrorInfo: -\nRequestId: Id-1\n";
    kick.stdout(is(block)).stderr(is("")).exits(0);
}
