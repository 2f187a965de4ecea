//! `--dry-run --check-room always` reads the member lists, and nothing else: it shows who
//! of the plan is in each room.

use roomctl::sandbox::{Fault, Options};
use serde_json::{Value, json};

use crate::support::{Home, Sandbox, UntouchedPort, any, has, lacks};

const DRY: &str = "kick -n --check-room always -m spam";

/// Room `a` has u0 to u9 and 60 others, room `b` u0 alone.
fn sandbox(faults: &[&str]) -> Sandbox {
    let users = (0..10).map(|n| format!("u{n}"));
    let others = (0..60).map(|n| format!("other{n}"));
    let parse = |text: &&str| text.parse::<Fault>().expect("a fault");
    Sandbox::with(Options {
        faults: faults.iter().map(parse).collect(),
        rooms: vec![
            ("a".into(), others.chain(users).collect()),
            ("b".into(), vec!["u0".into()]),
        ],
        ..Options::default()
    })
}

/// u0 to u49.
fn list() -> Home {
    let home = Home::new();
    let names = (0..50).map(|n| format!("u{n}\n"));
    home.file("list.txt", names.collect::<String>());
    home
}

fn commands(sandbox: &Sandbox) -> Vec<String> {
    let name = |line: &Value| line["Command"].as_str().unwrap_or_default().to_owned();
    sandbox.log().iter().map(name).collect()
}

#[test]
fn json_has_the_contracts_keys_first_and_then_who_is_present() {
    let sandbox = sandbox(&[]);
    let run = sandbox.roomctl(DRY).args("-r a -r b -f list.txt -o json");
    let plan = run.home(&list()).stdout(any()).exits(0).result();
    let keys: Vec<&String> = plan.as_object().expect("an object").keys().collect();
    assert_eq!(
        keys[..8],
        [
            "Rooms",
            "Members",
            "Duplicates",
            "Requests",
            "LeastSeconds",
            "Present",
            "Absent",
            "NotKnown"
        ]
    );
    assert_eq!((&plan["Rooms"], &plan["Members"]), (&json!(2), &json!(100)));
    let known = ["Present", "Absent", "NotKnown"].map(|key| plan[key].as_u64());
    assert_eq!(known, [Some(11), Some(89), Some(0)], "{plan}");
    assert_eq!(
        plan["MemberLists"],
        json!([
            {"RoomId": "a", "Listed": 70, "Members": 50, "Present": 10, "Absent": 40, "NotKnown": 0, "Incomplete": null},
            {"RoomId": "b", "Listed": 1, "Members": 50, "Present": 1, "Absent": 49, "NotKnown": 0, "Incomplete": null},
        ])
    );
    // Two pages and one, the size of each room, a kick in each.
    assert_eq!(plan["Requests"], 3 + 2 + 2, "{plan}");
    let seconds = plan["LeastSeconds"].as_f64().expect("a number");
    assert!((0.02..0.04).contains(&seconds), "{seconds}");
    let sent = commands(&sandbox);
    assert!(
        sent.iter().all(|name| name.starts_with("get_room_")),
        "{sent:?}"
    );
    assert_eq!(sent.len(), 5);
}

#[test]
fn the_requests_are_those_of_the_job_as_it_would_run() {
    let (sandbox, home) = (sandbox(&[]), list());
    let words = "-r a -r b -f list.txt -o json";
    let dry = sandbox.roomctl(DRY).args(words).home(&home);
    let plan = dry.stdout(any()).exits(0).result();
    let before = sandbox.log().len();
    let kick = sandbox
        .kick("--check-room always -m spam --ignore-absent")
        .args(words);
    let done = kick.home(&home).stdout(any()).stderr(any()).exits(0);
    assert_eq!(sandbox.log().len() - before, 7);
    assert_eq!(done.summary()["summary"]["Requests"], plan["Requests"]);
    assert_eq!(done.summary()["summary"]["removed"], plan["Present"]);
}

#[test]
fn text_counts_and_v_names_those_in_each_room() {
    let sandbox = sandbox(&[]);
    let run = sandbox
        .roomctl(DRY)
        .args("-r a -r b -f list.txt")
        .home(&list());
    let done = run.stdout(any()).exits(0);
    for line in [
        "  a (50 members, 10 in the room, 40 absent): ",
        "  b (50 members, 1 in the room, 49 absent): ",
        "present:    11 of 100 members, by the member lists",
        "absent:     89",
        "requests:   7 (5 to read the lists)",
        "dry run: only lists were read",
    ] {
        assert!(done.stdout.contains(line), "{line}: {done}");
    }
    let run = sandbox.roomctl(DRY).args("-v -r b -u u0 -u u1");
    let done = run.stdout(has(["    u0\n", "    u1 (absent)\n"]));
    done.stderr(any()).exits(0);
    let run = sandbox.roomctl(DRY).args("-v -r b -u u0 -u u1 -o json");
    let done = run.stdout(any()).stderr(any()).exits(0);
    let request = done.stdout.lines().nth(1).expect("a request");
    assert!(
        request.contains(r#""MemberList_Account":["u0"]"#),
        "{request}"
    );
    assert_eq!(done.stdout.lines().count(), 2);
}

#[test]
fn a_list_that_is_not_complete_is_said_to_be_so_and_nobody_is_called_absent() {
    for (fault, why) in [
        ("list-short", "the room 70 members"),
        ("list-loop", "its pages"),
    ] {
        let sandbox = sandbox(&[fault]);
        let run = sandbox
            .roomctl(DRY)
            .args("-r a -f list.txt -o json")
            .home(&list());
        let done = run
            .stdout(any())
            .stderr(has(["is not complete: ", why]))
            .exits(0);
        let plan = done.result();
        assert_eq!(plan["Absent"], 0, "{plan}");
        let known = ["Present", "NotKnown"].map(|key| plan[key].as_u64().unwrap_or_default());
        assert_eq!(known[0] + known[1], 50, "{plan}");
        let incomplete = plan["MemberLists"][0]["Incomplete"].as_str();
        assert!(incomplete.is_some_and(|text| text.contains(why)), "{plan}");
        let run = sandbox.roomctl(DRY).args("-r a -f list.txt").home(&list());
        let done = run.stdout(has(["not known:  ", "incomplete: ", "at least"]));
        done.stderr(lacks(["error"])).exits(0);
    }
}

#[test]
fn a_list_that_cannot_be_read_is_the_error_of_members() {
    let sandbox = sandbox(&[]);
    let run = sandbox.roomctl(DRY).args("-r a -r nowhere -u u0");
    run.stderr(has(["room nowhere: ", "100004"])).exits(1);
    let run = sandbox.roomctl(DRY).args("-r nowhere -u u0");
    run.stderr(has(["the service refused: ", "100004"]))
        .exits(1);
    let run = sandbox.roomctl(DRY).args("-r a -u u0");
    let run = run.env("ROOMCTL_SECRET_KEY", "0".repeat(64));
    run.stderr(has(["rejected the credentials"])).exits(4);
}

#[test]
fn members_that_the_journal_has_settled_are_not_counted() {
    let (sandbox, home) = (sandbox(&[]), list());
    let kick = sandbox.kick("-r a -u u0 -m spam --journal j").home(&home);
    kick.stdout(any()).stderr(any()).exits(0);
    let run = sandbox
        .roomctl(DRY)
        .args("-r a -f list.txt --journal j -o json");
    let plan = run
        .home(&home)
        .stdout(any())
        .stderr(any())
        .exits(0)
        .result();
    let counts = ["Members", "Present", "Absent"].map(|key| plan[key].as_u64());
    assert_eq!(counts, [Some(49), Some(9), Some(40)], "{plan}");
}

#[test]
fn the_profile_can_ask_for_it_and_the_other_modes_open_no_socket() {
    let (sandbox, home) = (sandbox(&[]), Home::new());
    home.config("[profiles.p]\ncheck_room = \"always\"\n");
    let run = sandbox.roomctl("kick -n -m x -r b -u u0 -o json --profile p");
    let plan = run.home(&home).stdout(any()).exits(0).result();
    assert_eq!(plan["Present"], 1);
    let dead_port = UntouchedPort::new();
    for mode in ["auto", "never"] {
        let run = sandbox.roomctl("kick -n -m x -r b -u u0 -o json --profile p --check-room");
        let run = run.args(mode).env("ROOMCTL_ENDPOINT", dead_port.endpoint());
        let plan = run.home(&home).stdout(any()).exits(0).result();
        assert_eq!(plan.get("Present"), None, "{mode}");
    }
}
