//! Lists that are not as documented: roles, owners, names and counts of another
//! shape. What has one meaning is read as meant; what has none is never guessed at.

use serde_json::{Value, json};

use crate::support::{Done, OK, Reply, Server, any, has, lacks};

const KICK: &str = "-r r -m x -y -o json --all";

/// A page of the service with this payload.
pub(crate) fn response(payload: &Value) -> Reply {
    let answer = json!({"ErrorCode": 0, "ActionStatus": "OK", "ErrorInfo": "", "RequestId": "Id-1", "Response": payload});
    Reply::json(&answer.to_string())
}

/// A room with these entries in its list and these properties.
fn room(members: &Value, info: &Value) -> Server {
    Server::answering([
        response(&json!({"MemberList": members, "Next": ""})),
        response(&json!({"RoomInfo": info})),
        Reply::json(OK),
    ])
}

/// The members of the last request, if it removes members.
fn sent(server: &Server) -> Value {
    let last = server.requests().pop().expect("a request");
    last.json_body()["MemberList_Account"].clone()
}

/// Whether a line of stderr has all of these.
fn says(done: &Done, parts: &[&str]) -> bool {
    let mut lines = done.stderr.lines();
    lines.any(|line| parts.iter().all(|part| line.contains(part)))
}

#[test]
fn a_role_that_is_not_understood_is_spared_counted_and_warned_of() {
    for (role, shown) in [
        (json!(0), "(0)"),
        (json!(1), "(1)"),
        (json!("1"), "1"),
        (json!(["Admin"]), "Admin"),
        (json!({"x": 1}), "x"),
    ] {
        let members = json!([
            {"Member_Account": "odd", "Role": role},
            {"Member_Account": "b", "Role": "Member"},
            {"Member_Account": "c", "Role": null},
            {"Member_Account": "d"},
        ]);
        let server = room(&members, &json!({"MemberCount": 4}));
        let done = server.kick(KICK).stdout(any()).stderr(any()).exits(0);
        assert_eq!(sent(&server), json!(["b", "c", "d"]), "{role}");
        let warning = ["\"warning\"", "room r", "Role", shown, "--include-admins"];
        assert!(says(&done, &warning), "{done}");
        assert!(
            says(&done, &["skipped: 1 with a Role that is not understood"]),
            "{done}"
        );
        let server = room(&members, &json!({"MemberCount": 4}));
        let quiet = server.kick("-r r -m x -y --all -q").stdout(any());
        quiet.stderr(has(["warning: room r: 1 member"])).exits(0);
        let server = room(&members, &json!({"MemberCount": 4}));
        let all = server.kick(KICK).args("--include-admins").stdout(any());
        all.stderr(lacks(["Role"])).exits(0);
        assert_eq!(sent(&server), json!(["odd", "b", "c", "d"]), "{role}");
    }
}

#[test]
fn an_owner_is_compared_as_text_and_one_of_another_shape_is_warned_of() {
    let members = json!([{"Member_Account": "123"}, {"Member_Account": "b"}]);
    for owner in [json!(123), json!("123"), json!(["123"])] {
        let server = room(&members, &json!({"MemberCount": 2, "Owner_Account": owner}));
        let kick = server.kick(KICK).stdout(any());
        kick.stderr(has(["skipped: 1 owner or admin"])).exits(0);
        assert_eq!(sent(&server), json!(["b"]), "{owner}");
    }
    let info = json!({"MemberCount": 2, "Owner_Account": {"a": 1}});
    let server = room(&members, &info);
    let kick = server.kick(KICK).stdout(any());
    let warning = ["room r: its Owner_Account is", "--protect USER"];
    kick.stderr(has(warning)).exits(0);
}

#[test]
fn a_numeric_name_is_its_text_and_one_that_cannot_be_sent_is_skipped_with_a_count() {
    let members = json!([{"Member_Account": 12345}, {"Member_Account": "b"}]);
    let server = room(&members, &json!({"MemberCount": 2}));
    server.kick(KICK).stdout(any()).stderr(any()).exits(0);
    assert_eq!(sent(&server), json!(["12345", "b"]));
    let long = "x".repeat(33);
    for name in [
        json!(null),
        json!(""),
        json!(long),
        json!("ü"),
        json!(true),
        json!({}),
    ] {
        let members = json!([{"Member_Account": name}, {"Member_Account": "b"}]);
        let server = room(&members, &json!({"MemberCount": 2}));
        let done = server.kick(KICK).stdout(any()).stderr(any()).exits(5);
        assert_eq!(sent(&server), json!(["b"]), "{name}");
        let message = "1 name on it cannot be a UserID";
        assert!(says(&done, &["\"warning\"", message]), "{done}");
        let hint = done.error().expect("an error")["error"]["hint"].to_string();
        assert!(hint.contains("32 bytes of printable ASCII"), "{hint}");
        assert!(!hint.contains("run the same command"), "{hint}");
        // A pattern that the name does not match is not about it.
        if name.is_string() && name != "" {
            let server = room(&members, &json!({"MemberCount": 2}));
            let glob = server.kick("-r r -m x -y -o json -g b").stdout(any());
            glob.stderr(lacks(["UserID"])).exits(0);
        }
    }
    let members = json!([{}, null, "a", {"Member_Account": "b"}]);
    let server = room(&members, &json!({"MemberCount": 4}));
    let kick = server.kick(KICK).stdout(any());
    kick.stderr(has(["3 names on it cannot be a UserID"]))
        .exits(5);
}

#[test]
fn members_and_bans_show_such_names_and_skip_entries_without_one_with_a_warning() {
    let list = json!([{"Member_Account": null}, {"Member_Account": 7}, {"Member_Account": "ü"}]);
    let page = response(&json!({"MemberList": list, "BannedAccountList": list, "Next": ""}));
    let server = Server::answering([page]);
    for command in ["members -r r -o json", "bans -r r -o json"] {
        let lookup = server.roomctl(command).stdout(any());
        let done = lookup.stderr(has(["1 entry has no name", "null"])).exits(0);
        let results = done.results();
        let names = results.iter().map(|result| &result["Member_Account"]);
        assert_eq!(names.collect::<Vec<_>>(), ["7", "ü"], "{command}");
    }
}

#[test]
fn a_member_count_in_another_spelling_is_read() {
    for (count, code) in [
        (json!("2"), 0),
        (json!(2.0), 0),
        (json!("3"), 5),
        (json!(3.0), 5),
    ] {
        let members = json!([{"Member_Account": "a"}, {"Member_Account": "b"}]);
        let server = room(&members, &json!({ "MemberCount": count }));
        let done = server.kick(KICK).stdout(any()).stderr(any()).exits(code);
        let has_both = done.stderr.contains("it has 2 names, and the room 3");
        assert_eq!(has_both, code == 5, "{done}");
    }
}

#[test]
fn a_room_whose_size_is_not_known_has_a_remedy_that_works() {
    for info in [json!({}), json!({"MemberCount": null})] {
        let owner = json!({"Member_Account": "boss", "Role": "Owner"});
        let members = json!([{"Member_Account": "a"}, owner, {"Member_Account": "administrator"}]);
        let server = room(&members, &info);
        let done = server.kick(KICK).stdout(any()).stderr(any()).exits(5);
        let hint = done.error().expect("an error")["error"]["hint"].to_string();
        let remedy = "roomctl members --room r; to remove one of them: roomctl kick --room r --user USER --reason TEXT";
        assert!(hint.contains(remedy), "{hint}");
        assert!(!hint.contains("run the same command again"), "{hint}");
        // --all skips owners, admins and the caller; a pipe would not.
        assert!(!hint.contains("--from -"), "{hint}");
        // The remedy.
        let server = room(&members, &info);
        let members = server.roomctl("members --room r").stdout(any());
        assert!(members.exits(0).stdout.contains("boss"));
        let server = Server::answering([Reply::json(OK)]);
        let kick = server.kick("--room r --user a --reason TEXT").stdout(any());
        kick.stderr(any()).exits(0);
        assert_eq!(sent(&server), json!(["a"]));
    }
}
