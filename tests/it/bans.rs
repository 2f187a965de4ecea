//! `bans`: lists who is banned from a room, and until when.

use serde_json::{Value, json};

use crate::support::{Reply, Sandbox, Server, any, has, is};

const BANS: &str = "bans --room room-test";

/// A page with one ban, and the cursor under its name.
fn page(member: &str, cursor: &str, next: &Value) -> Reply {
    let bans = json!([{"Member_Account": member, "BannedUntil": 1_772_331_069}]);
    let response = json!({"BannedAccountList": bans, cursor: next});
    let answer = json!({"ErrorCode": 0, "ActionStatus": "OK", "ErrorInfo": "", "RequestId": "Id-1", "Response": response});
    Reply::json(&answer.to_string())
}

#[test]
fn text_shows_the_end_as_a_time_and_json_the_services_number() {
    let server = Server::answering([page("x", "NextOffset", &json!(0))]);
    let bans = server.roomctl(BANS);
    bans.stdout(is("x\t2026-03-01T02:11:09Z\n")).exits(0);
    let line = "{\"RoomId\":\"room-test\",\"Member_Account\":\"x\",\"BannedUntil\":1772331069}\n";
    server
        .roomctl(BANS)
        .args("-o json")
        .stdout(is(line))
        .exits(0);
}

#[test]
fn the_next_page_is_found_in_each_documented_form() {
    let ways = [
        ("NextOffset", json!(1), json!(0)),
        ("NextOffset", json!("1"), json!("0")),
        ("Next", json!("1"), json!("")),
        ("Next", json!(1), json!(null)),
    ];
    for (name, next, end) in ways {
        let server = Server::answering([page("a", name, &next), page("b", name, &end)]);
        let done = server.roomctl(BANS).stdout(any()).exits(0);
        assert_eq!(done.stdout.lines().count(), 2, "{name} {next}");
        let bodies: Vec<Value> = server
            .requests()
            .iter()
            .map(|request| serde_json::from_str(&request.body).expect("JSON"))
            .collect();
        assert_eq!(
            (&bodies[0]["Offset"], &bodies[1]["Offset"]),
            (&json!(0), &json!(1))
        );
        assert_eq!(bodies[0]["Limit"], 100);
    }
}

#[test]
fn an_offset_that_does_not_advance_ends_the_paging() {
    let server = Server::answering([page("a", "NextOffset", &json!(1))]);
    let bans = server.roomctl(BANS).stdout(any());
    bans.stderr(has(["repeat themselves", "not be complete"]))
        .exits(5);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_new_room_has_no_bans() {
    let sandbox = Sandbox::demo();
    let bans = sandbox.roomctl(BANS);
    bans.stderr(is("nobody is banned from room-test\n"))
        .exits(0);
}
