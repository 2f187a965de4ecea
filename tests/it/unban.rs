//! `unban`: kick's engine, without a reason.

use serde_json::{Value, json};

use crate::support::{Home, OK, Reply, Roomctl, Sandbox, Server, any, fail, has, is};

const UNBAN: &str = "unban -r room-test";

/// With user1 and user2 banned.
fn banned() -> Sandbox {
    let sandbox = Sandbox::demo();
    let ban = sandbox.roomctl("ban -r room-test --for 1h -m spam -q -u user1 -u user2");
    ban.stdout(any()).exits(0);
    sandbox
}

#[test]
fn text_has_the_layout_of_kick_with_its_own_outcome() {
    let sandbox = banned();
    let unban = sandbox.roomctl(UNBAN).args("-u user1 -u user2");
    let unban = unban.stdout(any()).stderr(has(["2 unbanned; 1 request"]));
    let done = unban.exits(0);
    let (head, _) = done.stdout.split_once("RequestId: ").expect("a RequestId");
    assert_eq!(
        head,
        "unbanned user1, user2 from room-test\nActionStatus: OK\nErrorCode: 0\nErrorInfo: -\n"
    );
    let bans = sandbox.roomctl("bans -r room-test");
    bans.stderr(is("nobody is banned from room-test\n"))
        .exits(0);
}

#[test]
fn json_and_the_request_have_no_reason() {
    let server = Server::answering([Reply::json(OK)]);
    let row = "{\"RoomId\":\"room-test\",\"Member_Account\":\"user1\",\"Reason\":\"spam\"}";
    let unban = server.roomctl("unban --from - -o json").stdin(row);
    let mut result = unban.stdout(any()).stderr(any()).exits(0).result();
    for changing in ["ElapsedMs", "Time"] {
        result[changing] = Value::Null;
    }
    assert_eq!(
        result.to_string(),
        "{\"RoomId\":\"room-test\",\"MemberList_Account\":[\"user1\"],\"ActionStatus\":\"OK\",\"ErrorCode\":0,\"ErrorInfo\":\"\",\"RequestId\":\"Id-1\",\"Outcome\":\"unbanned\",\"Attempts\":1,\"ElapsedMs\":null,\"Action\":\"unban\",\"Reason\":null,\"Time\":null}"
    );
    let request = server.requests().remove(0);
    assert!(request.target.contains("/unban_room_member?"));
    assert_eq!(
        request.body,
        r#"{"RoomId":"room-test","MemberList_Account":["user1"]}"#
    );
}

#[test]
fn unban_reads_what_bans_prints() {
    let sandbox = banned();
    let bans = sandbox.roomctl("bans -r room-test -o json").stdout(any());
    let list = bans.exits(0).stdout;
    let unban = sandbox.roomctl("unban --from - -o json").stdin(list);
    let done = unban.stdout(any()).stderr(any()).exits(0);
    assert_eq!(done.count("unbanned"), 2);
}

#[test]
fn rows_group_by_room_whatever_reasons_they_give() {
    let sandbox = Sandbox::demo();
    let list = "room,user,reason\nroom-test,a,x\nroom-test,b,y\nroom-test,c,\n";
    let unban = sandbox
        .roomctl("unban --from - --format csv -q")
        .stdin(list);
    unban.stdout(any()).exits(0);
    assert_eq!(sandbox.log().len(), 1);
}

#[test]
fn a_reason_or_a_length_is_exit_2() {
    let sandbox = Sandbox::untouched();
    for words in [
        "-m spam",
        "--reason spam",
        "--reason-file x",
        "--for 1h",
        "--ignore-absent",
    ] {
        let unban = sandbox.roomctl(UNBAN).args("-u user1").args(words);
        let flag = words.split(' ').next().expect("a flag");
        unban.stderr(has([flag, "hint: "])).exits(2);
    }
}

#[test]
fn reason_and_protected_names_of_a_profile_do_not_apply_to_unban() {
    let (sandbox, home) = (banned(), Home::new());
    home.config("default_profile = \"p\"\n[profiles.p]\nreason = \"x\"\nprotect = [\"user*\"]\n");
    let unban = sandbox.roomctl(UNBAN).args("-u user1 -o json").home(&home);
    let done = unban.stdout(any()).stderr(any()).exits(0);
    assert_eq!(done.result()["Reason"], Value::Null);
}

#[test]
fn the_words_for_absent_members_speak_of_the_ban() {
    let absent = || Reply::json(&fail(100_005));
    let server = Server::answering([absent(), absent(), absent()]);
    let unban = server.roomctl(UNBAN).args("-u a -u b");
    let unban = unban.stdout(has(["absent: a was not banned in room-test"]));
    let words = has(["may have been unbanned by this run", "unbanned some"]);
    unban.stderr(words).exits(1);
}

#[test]
fn an_absent_member_is_not_a_success() {
    let server = Server::answering([Reply::json(&fail(100_005))]);
    let unban = server.roomctl(UNBAN).args("-u user1 -q");
    let message = [
        "nobody was unbanned: 100005",
        "roomctl bans --room room-test",
    ];
    unban.stdout(any()).stderr(has(message)).exits(1);
}

#[test]
fn the_list_of_failed_members_can_be_read_again() {
    let (sandbox, home) = (banned(), Home::new());
    let server = Server::answering([Reply::json(&fail(100_006))]);
    let unban = server
        .roomctl(UNBAN)
        .args("-u user1 -q --failed-to left.ndjson");
    unban.home(&home).stdout(any()).stderr(any()).exits(1);
    let unban = sandbox
        .roomctl("unban --from left.ndjson -o json")
        .home(&home);
    let done = unban.stdout(any()).stderr(any()).exits(0);
    assert_eq!(done.count("unbanned"), 1);
}

#[test]
fn the_journal_settles_an_unban_and_keeps_no_reason() {
    let (sandbox, home) = (banned(), Home::new());
    let unban = || {
        let unban = sandbox.roomctl(UNBAN).args("-u user1 -o json --journal j");
        unban.home(&home)
    };
    unban().stdout(any()).stderr(any()).exits(0);
    unban()
        .stderr(has(["1 of 1 already settled in j"]))
        .exits(0);
    let text = std::fs::read_to_string(home.path().join("j")).expect("a journal");
    let records: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let last = records.last().expect("a record");
    assert_eq!(
        (&last["Action"], &last["Outcome"]),
        (&json!("unban"), &json!("unbanned"))
    );
    assert_eq!(last["Reason"], Value::Null);
}

#[test]
fn without_members_the_example_is_unbans_own() {
    Roomctl::new("unban -r r")
        .stderr(has([
            "nobody to unban",
            "roomctl unban --room ROOM --user USER",
        ]))
        .exits(2);
}
