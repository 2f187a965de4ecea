//! `--verify`: who is reported, how `--failed-to` marks them, and that the hint names
//! exactly those who are in the room.

use std::fs;

use serde_json::{Value, json};

use crate::everyone_odd_lists::response;
use crate::support::{Home, OK, Reply, Roomctl, Server, any, fail, has, is_installed, lacks};
use crate::verify::failed;

/// A list with these names.
fn list(names: &[&str]) -> Reply {
    let member = |name: &&str| json!({ "Member_Account": name });
    let members: Vec<Value> = names.iter().map(member).collect();
    response(&json!({"MemberList": members, "Next": ""}))
}

fn size(members: usize) -> Reply {
    response(&json!({"RoomInfo": {"MemberCount": members}}))
}

/// The users of lines with `InRoom`, and those of the others.
fn marked(home: &Home) -> (Vec<String>, Vec<String>) {
    let text = fs::read_to_string(home.path().join("left")).expect("written");
    let (mut inside, mut others) = (Vec::new(), Vec::new());
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let users = line["MemberList_Account"].as_array().expect("users");
        let users = users
            .iter()
            .map(|user| user.as_str().expect("a name").to_owned());
        if line["InRoom"] == true {
            inside.extend(users);
        } else {
            others.extend(users);
        }
    }
    (inside, others)
}

#[test]
fn a_refused_member_that_is_still_in_the_room_is_reported_and_exit_6() {
    let refused = fail(100_006);
    let home = Home::new();
    let kick = |words: &str| {
        let server = Server::answering([Reply::json(&refused), list(&["a"]), size(1)]);
        let kick = server.kick("-r r -u a -m spam --verify").args(words);
        kick.home(&home).stdout(any()).stderr(any()).exits(6)
    };
    let done = kick("--failed-to left");
    for text in [
        "room r: 1 member of this job is in it",
        "nobody was removed: 100006",
        "roomctl ban --from left --for 24h",
    ] {
        assert!(done.stderr.contains(text), "{done}");
    }
    assert!(!done.stderr.contains("verified:"), "{done}");
    assert_eq!(failed(&home.path().join("left")), ["r/a"]);
    assert_eq!(marked(&home).0, ["a"]);
    assert_eq!(kick("-o json").summary()["summary"]["InRoom"], 1);
}

/// `a` and `b` are requested together and absent, `c` is removed; afterwards these are
/// in the room.
fn kicked(words: &str, names: &[&str]) -> (Server, Roomctl, Home) {
    let absent = fail(100_005);
    let server = Server::answering([
        Reply::json(&absent),
        Reply::json(&absent),
        Reply::json(&absent),
        list(names),
        size(names.len()),
    ]);
    let home = Home::new();
    let kick = server.kick("-r r -m spam --verify --check-room never --concurrency 1");
    let kick = kick.args(words).home(&home);
    (server, kick, home)
}

#[test]
fn the_hint_names_exactly_those_who_are_in_the_room() {
    let (_server, kick, home) = kicked("-u a -u b --failed-to left", &["b"]);
    let exact = "roomctl ban --room r --user b --for 24h --reason TEXT";
    let done = kick.stdout(any()).stderr(has([exact])).exits(6);
    assert!(!done.stderr.contains("--from left"), "{done}");
    let (inside, others) = marked(&home);
    assert_eq!((inside, others), (vec!["b".into()], vec!["a".into()]));
    let (_server, kick, _home) = kicked("-u a -u b", &["b", "a"]);
    let both = "roomctl ban --room r --user a --user b --for 24h --reason TEXT";
    kick.stdout(any()).stderr(has([both])).exits(6);
}

#[test]
fn many_are_selected_by_their_mark() {
    let names: Vec<String> = (0..20).map(|n| format!("u{n:02}")).collect();
    let users = format!("-u {}", names.join(" -u "));
    let refused = fail(100_017);
    let inside: Vec<&str> = names.iter().skip(8).map(String::as_str).collect();
    let answers = || [Reply::json(&refused), list(&inside), size(12)];
    let (server, home) = (Server::answering(answers()), Home::new());
    let kick = server.kick("-r r -m spam --verify").args(&users);
    let kick = kick.args("--failed-to left").home(&home).stdout(any());
    let hint = "jq -c 'select(.InRoom)' left | roomctl ban --from - --for 24h";
    kick.stderr(has([hint])).exits(6);
    let (marked_names, others) = marked(&home);
    assert_eq!(marked_names, inside);
    assert_eq!(others.len(), 8);
    // The whole file is a list as well.
    let plan = server.kick("--from left -n -o json").home(&home);
    assert_eq!(plan.stdout(any()).exits(0).result()["Members"], 20);
    if is_installed("jq") {
        let script = "jq -c 'select(.InRoom)' left | \"$0\" \"$@\"";
        let ban = server.roomctl("ban --from - --for 24h -n -o json");
        let ban = ban.home(&home).in_shell(script).stdout(any());
        assert_eq!(ban.stderr(any()).exits(0).result()["Members"], 12);
    }
    let server = Server::answering(answers());
    let kick = server
        .kick("-r r -m spam --verify")
        .args(&users)
        .stdout(any());
    let hint = ["with --failed-to FILE; jq -c 'select(.InRoom)' FILE | roomctl ban"];
    kick.stderr(has(hint)).exits(6);
}

#[test]
fn rooms_that_are_not_verified_are_counted_alike_everywhere() {
    let refused = fail(100_006);
    let server = Server::answering([
        Reply::json(OK),
        Reply::json(OK),
        Reply::json(&refused),
        Reply::json(&refused),
    ]);
    let kick = server.kick("-r r -r s -u a -m spam --verify --concurrency 1 -o json");
    let done = kick.stdout(any()).stderr(any()).exits(0);
    assert_eq!(done.summary()["summary"]["RoomsNotVerified"], 2);
    assert!(
        done.stderr.contains("2 of 2 rooms are not verified"),
        "{done}"
    );
    assert!(
        done.stderr.contains("no permission to read the list"),
        "{done}"
    );
    let server = Server::answering([Reply::json(OK), Reply::json(&refused)]);
    let kick = server.kick("-r r -u a -m spam --verify").stdout(any());
    kick.stderr(lacks(["1 of 1"])).exits(0);
}

#[test]
fn quiet_does_not_hide_that_a_room_is_not_verified() {
    for answer in [list(&["x"]), Reply::json(&fail(100_004))] {
        let server = Server::answering([Reply::json(OK), answer, size(3)]);
        let kick = server.kick("-r r -u a -m spam --verify -q").stdout(any());
        let stderr = has(["warning: room r: not verified", "the room is not verified"]);
        kick.stderr(stderr).exits(0);
    }
}
