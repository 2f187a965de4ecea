//! Seven ways in which tools that record line numbers lose or repeat work, each
//! with six or more members of which some fail. roomctl has none of them.

use std::fs;

use roomctl::sandbox::Options;
use serde_json::Value;

use crate::support::{
    Gate, Home, Journal, KEY, OK, Reply, Roomctl, Sandbox, Server, any, fail, has, members,
};

const KICK: &str = "-u x -m spam -o json --journal j --concurrency 1 --retries 0";

/// Six rooms with one member each. The third and the fifth do not exist, so
/// they are refused until the test opens them.
fn six() -> Sandbox {
    let room = |n: usize| (format!("m{n}"), vec!["x".to_owned()]);
    Sandbox::with(Options {
        rooms: [1, 2, 4, 6].map(room).into(),
        ..Options::default()
    })
}

fn kick(sandbox: &Sandbox, home: &Home, rooms: &[&str]) -> Roomctl {
    let add = |kick: Roomctl, room: &&str| kick.arg("-r").arg(*room);
    let kick = rooms.iter().fold(sandbox.kick(KICK), add);
    kick.home(home).stdout(any()).stderr(any())
}

const ALL: [&str; 6] = ["m1", "m2", "m3", "m4", "m5", "m6"];

/// The rooms of the requests from this one on.
fn requested_rooms(sandbox: &Sandbox, from: usize) -> Vec<String> {
    let room = |line: &Value| line["RoomId"].as_str().expect("a room").to_owned();
    sandbox.log()[from..].iter().map(room).collect()
}

fn journal(home: &Home) -> String {
    fs::read_to_string(home.path().join("j")).expect("a journal")
}

#[test]
fn what_a_rehearsal_settled_is_not_settled_at_the_service() {
    let home = Home::new();
    let kick = "kick -r room-test -u user1 -m spam --journal j";
    let rehearse = || Roomctl::new(kick).args("--sandbox").home(&home);
    rehearse()
        .stdout(has(["removed user1"]))
        .stderr(any())
        .exits(0);
    let before = journal(&home);
    // An address reserved for documentation, without a host.
    let real = Roomctl::new(kick)
        .args("--endpoint https://192.0.2.1 --sdkappid 1400000001 --retries 0 --timeout 1s")
        .env("ROOMCTL_IDENTIFIER", "administrator")
        .env("ROOMCTL_SECRET_KEY", KEY)
        .home(&home);
    real.stderr(has([
        "journal j: it records a rehearsal on this machine",
        "hint: remove the file",
    ]))
    .exits(7);
    assert_eq!(journal(&home), before);
}

#[test]
fn run_again_the_exit_code_still_counts_the_two_that_failed() {
    let (sandbox, home) = (six(), Home::new());
    kick(&sandbox, &home, &ALL).exits(6);
    kick(&sandbox, &home, &ALL).exits(6);
    assert_eq!(requested_rooms(&sandbox, 6), ["m3", "m5"]);
    sandbox.join("m3", "x");
    sandbox.join("m5", "x");
    kick(&sandbox, &home, &ALL).exits(0);
    kick(&sandbox, &home, &ALL).exits(0);
    assert_eq!(requested_rooms(&sandbox, 8), ["m3", "m5"]);
}

#[test]
fn a_longer_reordered_or_shorter_list_sends_the_right_members() {
    let (sandbox, home) = (six(), Home::new());
    kick(&sandbox, &home, &ALL).exits(6);
    sandbox.join("new", "x");
    let longer = ["new", "m1", "m2", "m3", "m4", "m5", "m6"];
    kick(&sandbox, &home, &longer).exits(6);
    assert_eq!(requested_rooms(&sandbox, 6), ["new", "m3", "m5"]);
    let turned = ["m6", "m5", "m4", "m3", "m2", "m1", "new"];
    kick(&sandbox, &home, &turned).exits(6);
    assert_eq!(requested_rooms(&sandbox, 9), ["m5", "m3"]);
    // All members that are still on the list are removed.
    kick(&sandbox, &home, &["m4", "m6"]).exits(0);
    sandbox.join("m5", "x");
    kick(&sandbox, &home, &["m4", "m5"]).exits(0);
    assert_eq!(requested_rooms(&sandbox, 11), ["m5"]);
    // Members that were not on the list for a while are still known.
    kick(&sandbox, &home, &longer).exits(6);
    assert_eq!(requested_rooms(&sandbox, 12), ["m3"]);
}

#[test]
fn the_same_command_overwrites_nothing() {
    let (sandbox, home) = (six(), Home::new());
    let rooms = ["m1", "m2", "m4", "m6"];
    kick(&sandbox, &home, &rooms).exits(0);
    let before = journal(&home);
    let done = kick(&sandbox, &home, &rooms).exits(0);
    assert!(done.stderr.contains("4 of 4 already settled in j"));
    assert_eq!(journal(&home), before);
    kick(&sandbox, &home, &ALL).exits(6);
    assert!(journal(&home).starts_with(&before));
    assert_eq!(requested_rooms(&sandbox, 4), ["m3", "m5"]);
}

#[test]
fn killed_with_two_requests_in_flight_only_these_two_are_sent_again() {
    let home = Home::new();
    let rooms = |server: &Server, concurrency: &str| {
        let kick = server.kick("-u x -m spam -o json --journal j --retries 0");
        let kick = kick.arg("--concurrency").arg(concurrency);
        let kick = kick.many("-r", "m", 6).home(&home);
        kick.stdout(any()).stderr(any())
    };
    let gate = Gate::default();
    let open = || Reply::json(OK);
    let held = || open().held_by(&gate);
    let server = Server::answering([open(), open(), held(), held()]);
    let running = rooms(&server, "2").start();
    server.wait_for(4);
    running.killed();
    gate.open();
    let gone = || Reply::json(&fail(100_005));
    let server = Server::answering([open(), open(), gone(), gone()]);
    // One at a time: the answers belong to requests in the order of their arrival.
    let done = rooms(&server, "1").exits(0);
    assert_eq!(server.requests().len(), 4);
    let mut reported: Vec<(Value, Value)> = done
        .results()
        .into_iter()
        .map(|result| (result["RoomId"].clone(), result["Outcome"].clone()))
        .collect();
    reported.sort_by_key(|(room, _)| room.to_string());
    // Which two of the first four were in flight depends on the threads.
    let with = |word: &str| -> Vec<&str> {
        let reported = reported.iter().filter(|(_, outcome)| outcome == word);
        reported.filter_map(|(room, _)| room.as_str()).collect()
    };
    assert_eq!((with("gone").len(), with("removed")), (2, vec!["m5", "m6"]));
    assert!(with("gone").iter().all(|room| *room < "m5"), "{reported:?}");
}

#[test]
fn torn_anywhere_in_its_last_record_the_journal_is_repaired_and_continued() {
    let (sandbox, home) = (six(), Home::new());
    kick(&sandbox, &home, &["m1", "m2", "m4"]).exits(0);
    let undamaged = journal(&home);
    let last = undamaged.trim_end().rfind('\n').expect("lines") + 1;
    let cuts = (last + 1..undamaged.len())
        .step_by(37)
        .chain([undamaged.len() - 1]);
    for cut in cuts {
        home.file("j", &undamaged[..cut]);
        let before = sandbox.log().len();
        let reported = format!("its {} bytes are cut off", cut - last);
        let run = kick(&sandbox, &home, &["m1", "m2", "m4"]);
        let done = run.stderr(has([&reported])).exits(0);
        assert_eq!(done.result()["Outcome"], "gone", "its outcome was torn");
        assert_eq!(requested_rooms(&sandbox, before), ["m4"]);
        assert!(journal(&home).starts_with(&undamaged[..last]));
        // No record is appended to the torn one.
        kick(&sandbox, &home, &["m1", "m2", "m4"]).exits(0);
        assert_eq!(sandbox.log().len(), before + 1);
    }
}

#[test]
fn damaged_in_the_middle_it_is_exit_7_with_the_line_and_nothing_is_sent() {
    let (sandbox, home) = (six(), Home::new());
    kick(&sandbox, &home, &ALL).exits(6);
    let undamaged = journal(&home);
    let lines: Vec<&str> = undamaged.split_inclusive('\n').collect();
    for number in [2, 7, 13] {
        let before: String = lines[..number - 1].concat();
        let (line, after) = (lines[number - 1], lines[number..].concat());
        let half = &line[..line.len() / 2];
        for damaged in [
            line.replacen("spam", "span", 1),
            half.to_owned() + "\n",
            "\n".to_owned(),
            line.replacen('\n', "\r\n", 1),
            format!("{half}\0\0\0\0{}", &line[half.len() + 4..]),
        ] {
            let content = format!("{before}{damaged}{after}");
            home.file("j", &content);
            let message = format!("journal j: line {number} is damaged");
            let run = kick(&sandbox, &home, &ALL);
            run.stderr(has([&message])).exits(7);
            assert_eq!(journal(&home), content, "unchanged");
        }
    }
    assert_eq!(sandbox.log().len(), 6, "nothing was sent");
}

/// Users of a room in one reason's batches, as a list.
fn list(reasons: &[(&str, &[usize])]) -> String {
    let rows = reasons.iter().flat_map(|(reason, users)| {
        let row = move |user| format!("u{user},{reason}");
        users.iter().map(row)
    });
    rows.collect::<Vec<_>>().join("\n")
}

#[test]
fn with_other_batches_only_the_members_of_the_failed_batch_are_sent_again() {
    let home = Home::new();
    let run = |server: &Server, list: String| {
        home.file("list.csv", list);
        let kick = "-r r -f list.csv --columns user,reason -o json --journal j --concurrency 1";
        let kick = server.kick(kick).home(&home);
        kick.stdout(any()).stderr(any())
    };
    let server = Server::answering(
        [OK.into(), fail(100_004), OK.into()].map(|body: String| Reply::json(&body)),
    );
    let list1 = list(&[("a", &[1, 2, 3, 4]), ("b", &[5, 6, 7, 8]), ("c", &[9, 10])]);
    run(&server, list1).exits(6);
    let server = Server::answering([Reply::json(OK)]);
    let list2 = list(&[
        ("d", &[10, 9, 8]),
        ("e", &[1, 2, 3]),
        ("f", &[7, 6, 4]),
        ("g", &[5]),
    ]);
    run(&server, list2).exits(0);
    let bodies = server.requests();
    let batches = bodies.iter().map(|request| {
        let body: Value = serde_json::from_str(&request.body).expect("JSON");
        let names = members(&body).into_iter().map(|(_, user)| user);
        names.collect::<Vec<_>>().join(" ")
    });
    assert_eq!(batches.collect::<Vec<_>>(), ["u8", "u7 u6", "u5"]);
    let journal = Journal::read(&home.path().join("j"));
    assert_eq!(journal.settled().count(), 10);
}
