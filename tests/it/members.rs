//! `members`: all members of a room, over any number of pages.

use roomctl::sandbox::Options;
use serde_json::{Value, json};

use crate::support::{OK, Reply, Sandbox, Server, Terminal, any, has, is, lines};

const MEMBERS: &str = "members --room room-test";

fn crowd(count: usize) -> Sandbox {
    let names = (1..=count).map(|n| format!("user{n}")).collect();
    Sandbox::with(Options {
        rooms: vec![("room-test".into(), names)],
        ..Options::default()
    })
}

/// A page with one member.
fn page(member: &str, next: &Value) -> Reply {
    let members = json!([{"Member_Account": member, "NameCard": "a\tcard", "Role": "RoomOwner", "New": {"x": 1}}]);
    let response = json!({"MemberList": members, "Next": next});
    let answer = json!({"ErrorCode": 0, "ActionStatus": "OK", "ErrorInfo": "", "RequestId": "Id-1", "Response": response});
    Reply::json(&answer.to_string())
}

#[test]
fn a_pipe_gets_tabs_and_all_pages() {
    let sandbox = crowd(230);
    let done = sandbox.roomctl(MEMBERS).stdout(any()).exits(0);
    let row = |n| format!("user{n}\tMember\t-");
    let expected: Vec<String> = (1..=230).map(row).collect();
    assert_eq!(done.stdout.lines().collect::<Vec<_>>(), expected);
    assert_eq!(sandbox.log().len(), 5);
}

#[test]
fn json_is_the_services_own_fields_and_the_room() {
    let sandbox = crowd(1);
    let line = "{\"RoomId\":\"room-test\",\"Member_Account\":\"user1\",\"NameCard\":\"\",\"Role\":\"Member\",\"Marks\":[],\"CustomInfo\":\"\"}\n";
    let members = sandbox.roomctl(MEMBERS).args("-o json");
    members.stdout(is(line)).exits(0);
}

#[test]
fn kick_reads_what_members_prints() {
    let sandbox = crowd(120);
    let members = sandbox.roomctl(MEMBERS).args("-o json");
    let list = members.stdout(any()).exits(0).stdout;
    let others = list.lines().filter(|line| !line.contains("\"user7\""));
    let list = others.collect::<Vec<_>>().join("\n");
    let kick = sandbox.kick("--from - -m spam -y -q").stdin(list);
    kick.stdout(any()).exits(0);
    assert_eq!(sandbox.members("room-test"), ["user7"]);
}

#[test]
fn a_terminal_gets_an_aligned_table_with_a_header() {
    let sandbox = crowd(10);
    let terminal = Terminal::new();
    let script = format!("exec \"$0\" \"$@\" > {}", terminal.path());
    sandbox.roomctl(MEMBERS).in_shell(&script).exits(0);
    let shown = terminal.wait_for("user10");
    assert!(shown.starts_with("MEMBER  ROLE    NAME CARD\r\nuser1   Member  -\r\n"));
}

#[test]
fn text_of_the_service_is_escaped_as_text_and_unchanged_as_json() {
    let server = Server::answering([page("x", &json!(""))]);
    let text = server.roomctl(MEMBERS);
    text.stdout(is("x\tRoomOwner\ta\\tcard\n")).exits(0);
    let json = server.roomctl(MEMBERS).args("-o json");
    let result = json.stdout(any()).exits(0).result();
    assert_eq!(result["NameCard"], "a\tcard");
    assert_eq!(result["New"]["x"], 1);
}

#[test]
fn a_cycle_of_pages_ends_with_an_error() {
    let [a, b] = [page("a", &json!("1")), page("b", &json!("2"))];
    let server = Server::answering([a, b, page("c", &json!("1"))]);
    let members = server.roomctl(MEMBERS).stdout(any());
    let done = members
        .stderr(has(["repeat themselves", "hint: "]))
        .exits(5);
    assert_eq!(done.stdout.lines().count(), 3);
    assert_eq!(server.requests().len(), 3);
}

/// A page with these members.
fn page_of(members: &[String], next: &str) -> Reply {
    let item = |name: &String| json!({"Member_Account": name});
    let members: Vec<Value> = members.iter().map(item).collect();
    let response = json!({"MemberList": members, "BannedAccountList": members, "Next": next});
    let answer = json!({"ErrorCode": 0, "ActionStatus": "OK", "Response": response});
    Reply::json(&answer.to_string())
}

#[test]
fn endless_paging_ends_with_an_error() {
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    let long = "9".repeat(19);
    for command in ["members -r r", "bans -r r"] {
        for (pages, requests, lines) in [
            // Empty pages, the same members, members of earlier pages in another order.
            ([names(&[]), names(&[]), names(&[])], 1, 0),
            ([names(&["a", "b"]), names(&["a", "b"]), names(&[])], 2, 2),
            ([names(&["a"]), names(&["b"]), names(&["b", "a"])], 3, 2),
        ] {
            let [a, b, c] = pages;
            let (a, b, c) = (page_of(&a, "1"), page_of(&b, "22"), page_of(&c, &long));
            let server = Server::answering([a, b, c]);
            let run = server.roomctl(command).stdout(any());
            let run = run.stderr(has(["do not end", "hint: ", "not be complete"]));
            let done = run.exits(5);
            assert_eq!(server.requests().len(), requests, "{command}");
            assert_eq!(done.stdout.lines().count(), lines, "{command}");
        }
    }
}

#[test]
fn more_members_than_the_room_can_have_end_the_paging() {
    let members = |page: usize| (0..50).map(|n| format!("m{page}-{n}")).collect::<Vec<_>>();
    let page = |page: usize| page_of(&members(page), &page.to_string());
    let mut replies: Vec<Reply> = (1..=20).map(page).collect();
    let info = json!({"ErrorCode": 0, "Response": {"RoomInfo": {"MemberCount": 300, "MaxMemberCount": 1500}}});
    replies.push(Reply::json(&info.to_string()));
    let replies: [Reply; 21] = replies.try_into().unwrap_or_else(|_| panic!("21 replies"));
    let server = Server::answering(replies);
    let run = server.roomctl("members -r r").stdout(any());
    run.stderr(has(["do not end", "1000", "800"])).exits(5);
    assert_eq!(server.requests().len(), 21);
}

#[test]
fn pages_with_one_new_name_each_end_early() {
    for (command, info) in [
        ("members -r r", Some(OK)),
        ("members -r r", Some(r#"{"ErrorCode":100001}"#)),
        (
            "members -r r",
            Some(r#"{"ErrorCode":0,"Response":{"RoomInfo":{"MemberCount":"many"}}}"#),
        ),
        ("bans -r r", None),
    ] {
        let page = |n: usize| page_of(&[format!("new{n}")], &n.to_string());
        let mut replies: Vec<Reply> = (1..=20).map(page).collect();
        replies.extend(info.map(Reply::json));
        replies.extend((21..=40).map(page));
        let mut replies = replies.into_iter().chain((41..).map(page));
        let server =
            Server::answering::<60>(std::array::from_fn(|_| replies.next().expect("endless")));
        let run = server.roomctl(command).stdout(any());
        let done = run.stderr(has(["do not end: 30 pages came"])).exits(5);
        assert_eq!(done.stdout.lines().count(), 30, "{command}");
    }
}

#[test]
fn the_next_page_is_requested_with_the_cursor_of_the_last() {
    let server = Server::answering([page("a", &json!("x y")), page("b", &json!(""))]);
    server.roomctl(MEMBERS).stdout(any()).exits(0);
    let requests = server.requests();
    assert!(requests[0].target.contains("/get_room_member_list?"));
    let next =
        |n: usize| serde_json::from_str::<Value>(&requests[n].body).expect("JSON")["Next"].clone();
    assert_eq!((next(0), next(1)), (json!(""), json!("x y")));
}

#[test]
fn an_empty_room_is_reported_as_empty() {
    let sandbox = crowd(1);
    sandbox
        .kick("-r room-test -u user1 -m spam -q")
        .stdout(any())
        .exits(0);
    let members = sandbox.roomctl(MEMBERS);
    members.stderr(is("nobody is in room-test\n")).exits(0);
    sandbox.roomctl(MEMBERS).args("-o json").exits(0);
}

#[test]
fn a_closed_stdout_ends_it_quietly() {
    let sandbox = crowd(20);
    let script = "{ \"$0\" \"$@\"; echo $? >&2; } | true";
    let members = sandbox.roomctl(MEMBERS).in_shell(script);
    members.stderr(is("0\n")).exits(0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_stdout_is_exit_7() {
    let sandbox = crowd(20);
    let full = sandbox
        .roomctl(MEMBERS)
        .in_shell("exec \"$0\" \"$@\" > /dev/full");
    full.stderr(has(["cannot write results", "hint: "]))
        .exits(7);
}

#[test]
fn members_by_cut_are_a_list_for_kick() {
    let sandbox = crowd(3);
    let script = "\"$0\" \"$@\" | cut -f 1";
    let members = sandbox
        .roomctl(MEMBERS)
        .env("PATH", "/usr/bin:/bin")
        .in_shell(script);
    members.stdout(is(&lines("user", 1..4))).exits(0);
}
