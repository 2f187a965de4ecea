//! Entries of a member list that do not say who is meant: such an entry may be any
//! member, so the list shows nobody to be absent, wherever a list is read for that.

use serde_json::{Value, json};

use crate::everyone_odd_lists::response;
use crate::support::{Done, Home, OK, Reply, Server, any, fail, has, lacks};

/// Entries that name nobody for sure.
fn nameless() -> Vec<Value> {
    let padded = format!("{} ", "u".repeat(32));
    let name = |name: Value| json!({ "Member_Account": name });
    let names = [
        json!(null),
        json!(""),
        json!(" "),
        json!(1.5),
        json!(true),
        json!({"a": "u1"}),
        json!(["u1"]),
        json!("u1\n"),
        json!(" u1"),
        json!("\u{feff}u1"),
        json!(padded),
    ];
    let others = [json!({}), json!({"UserID": "u1"}), json!(null), json!("u1")];
    names.into_iter().map(name).chain(others).collect()
}

/// Entries that name somebody who is not a member of the job.
fn strangers() -> Vec<Value> {
    let long = "x".repeat(33);
    let names = [
        json!("x"),
        json!("a b"),
        json!("ü"),
        json!(12345),
        json!(long),
    ];
    let entry = |name: &Value| json!({ "Member_Account": name });
    names.iter().map(entry).collect()
}

/// A list with this entry between two others.
fn list(entry: &Value) -> Reply {
    let members = json!([{"Member_Account": "y"}, entry, {"Member_Account": "z"}]);
    response(&json!({"MemberList": members, "Next": ""}))
}

fn size() -> Reply {
    response(&json!({"RoomInfo": {"MemberCount": 3}}))
}

/// `kick` of 20 users with these words and answers, the last of which is repeated.
fn kick(words: &str, answers: Vec<Reply>) -> Done {
    let home = Home::new();
    let names = (0..20).map(|n| format!("u{n}\n"));
    home.file("list", names.collect::<String>());
    let server = Server::answering_all(answers);
    let line = "-r r -f list -m x -o json -v --ignore-absent --concurrency 1";
    let kick = server.kick(line).args(words).home(&home);
    kick.stdout(any()).stderr(any()).exits(0)
}

fn counts(done: &Done) -> (Value, Value) {
    let summary = &done.summary()["summary"];
    (summary["removed"].clone(), summary["absent"].clone())
}

#[test]
fn a_list_with_an_entry_that_names_nobody_settles_nobody_as_absent() {
    let absent = || Reply::json(&fail(100_005));
    for entry in nameless() {
        let answers = vec![absent(), list(&entry), Reply::json(OK)];
        let auto = kick("", answers);
        let answers = vec![list(&entry), Reply::json(OK)];
        let always = kick("--check-room always", answers);
        for done in [auto, always] {
            assert_eq!(counts(&done), (json!(20), json!(0)), "{entry}: {done}");
            let why = "is not used: 1 of its entries has no usable name";
            assert!(done.stderr.contains(why), "{entry}: {done}");
        }
    }
    for entry in strangers() {
        let auto = kick("", vec![absent(), list(&entry), size()]);
        let always = kick("--check-room always", vec![list(&entry), size()]);
        for done in [auto, always] {
            assert_eq!(counts(&done), (json!(0), json!(20)), "{entry}: {done}");
        }
    }
}

#[test]
fn a_dry_run_with_such_a_list_knows_nobody_to_be_absent() {
    let plan = |entry: &Value| {
        let server = Server::answering([list(entry), size()]);
        let plan = server.kick("-r r -u u1 -u u2 -m x -n --check-room always -o json");
        plan.stdout(any()).stderr(any()).exits(0)
    };
    for entry in nameless() {
        let done = plan(&entry);
        let plan = done.result();
        assert_eq!((&plan["Absent"], &plan["NotKnown"]), (&json!(0), &json!(2)));
        let why = "the member list of room r is not complete: 1 of its entries has no usable name";
        assert!(done.stderr.contains(why), "{entry}: {done}");
    }
    for entry in strangers() {
        assert_eq!(plan(&entry).result()["Absent"], 2, "{entry}");
    }
}

#[test]
fn verify_reports_the_names_of_such_a_list_and_that_it_proves_nothing() {
    let page =
        |members: &Value, next: &str| response(&json!({"MemberList": members, "Next": next}));
    for entry in nameless() {
        let server = Server::answering([
            Reply::json(OK),
            page(&json!([entry, {"Member_Account": "b"}]), "2"),
            page(&json!([{"Member_Account": "a"}]), ""),
            size(),
        ]);
        let kick = server.kick("-r r -u a -u b -m x --verify").stdout(any());
        let stderr = has([
            "not verified: the member list proves nothing: 1 of its entries",
            "2 members of this job are in",
        ]);
        kick.stderr(stderr).exits(6);
        let server = Server::answering([Reply::json(OK), list(&entry), size()]);
        let kick = server.kick("-r r -u u1 -m x --verify").stdout(any());
        kick.stderr(has([
            "room r: not verified: the member list proves nothing: 1 of its entries",
        ]))
        .exits(0);
    }
    for entry in strangers() {
        let server = Server::answering([Reply::json(OK), list(&entry), size()]);
        let kick = server.kick("-r r -u u1 -m x --verify").stdout(any());
        kick.stderr(lacks(["not verified"])).exits(0);
    }
}

#[test]
fn everyone_who_matches_is_not_known_from_such_a_list() {
    for entry in nameless() {
        // A blank at an end is sent as it is.
        let is_sendable = [" ", " u1"].contains(&entry["Member_Account"].as_str().unwrap_or("-"));
        if is_sendable {
            continue;
        }
        for who in ["--all", "--match u1", "--match y"] {
            // This one is a name, which does not match.
            if entry == "u1" && who == "--match y" {
                continue;
            }
            let server = Server::answering([list(&entry), size(), Reply::json(OK)]);
            let kick = server.kick("-r r -m x -y").args(who).stdout(any());
            kick.stderr(has(["1 name on it cannot be a UserID"]))
                .exits(5);
        }
    }
}
