//! `journal summary`: counts per outcome, room and reason, first and last time,
//! and what is still in doubt.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::support::{Home, Reply, Roomctl, Sandbox, Server, any, fail, has, is};

fn summary(home: &Home, words: &str) -> Roomctl {
    Roomctl::new("journal summary").args(words).home(home)
}

fn object(home: &Home, words: &str) -> Value {
    let run = summary(home, words).args("-o json");
    run.stdout(any()).stderr(any()).exits(0).result()
}

fn outcome(time: &str, room: &str, users: &[&str], reason: &str, outcome: &str) -> String {
    let line = json!({
        "Time": time, "OsUser": "root", "SdkAppId": 1, "Identifier": "administrator",
        "Action": "kick", "RoomId": room, "MemberList_Account": users, "Reason": reason,
        "Outcome": outcome, "ErrorCode": 0, "RequestId": null,
    });
    format!("{line}\n")
}

fn audit(home: &Home) {
    let lines = [
        outcome("2026-03-01T00:00:05Z", "r1", &["a", "b"], "spam", "removed"),
        outcome("2026-03-01T00:00:01Z", "r2", &["a"], "spam", "absent"),
        outcome("2026-03-01T00:00:09Z", "r2", &["c"], "flood", "refused"),
    ];
    home.file("a", lines.concat());
}

#[test]
fn counts_per_outcome_room_and_reason_with_first_and_last_time() {
    let home = Home::new();
    audit(&home);
    let object = object(&home, "a");
    assert_eq!(object["FirstTime"], "2026-03-01T00:00:01Z");
    assert_eq!(object["LastTime"], "2026-03-01T00:00:09Z");
    assert_eq!(object["Members"], 4);
    assert_eq!(object["Outcomes"]["removed"], 2);
    assert_eq!(object["Outcomes"]["unsent"], 0);
    assert_eq!(object["InDoubt"], 0);
    assert_eq!(object["Rooms"][0]["RoomId"], "r1");
    assert_eq!(object["Rooms"][1]["Outcomes"]["refused"], 1);
    assert_eq!(object["Reasons"][0]["Reason"], "spam");
    assert_eq!(object["Reasons"][0]["Outcomes"]["removed"], 2);
    assert_eq!(object["Reasons"][1]["Reason"], "flood");
}

#[test]
fn text_in_a_pipe_has_a_line_per_count() {
    let home = Home::new();
    audit(&home);
    let text = "first\t2026-03-01T00:00:01Z\nlast\t2026-03-01T00:00:09Z\n\
                outcome\tremoved\t2\noutcome\tabsent\t1\noutcome\trefused\t1\n\
                outcome\tin-doubt\t0\n\
                room\tr1\tremoved\t2\nroom\tr2\tabsent\t1\nroom\tr2\trefused\t1\n\
                reason\tspam\tremoved\t2\nreason\tspam\tabsent\t1\nreason\tflood\trefused\t1\n";
    summary(&home, "a").stdout(is(text)).exits(0);
}

#[test]
fn a_member_of_a_journal_counts_by_its_latest_outcome() {
    let home = Home::new();
    let refused = Reply::json(&fail(100_006));
    let server = Server::answering([refused, Reply::json(crate::support::OK)]);
    let kick = || {
        let kick = server.kick("-r r -u a -m spam --journal j --audit audit");
        kick.home(&home).stdout(any()).stderr(any())
    };
    kick().exits(1);
    assert_eq!(object(&home, "j")["Outcomes"]["refused"], 1);
    kick().exits(0);
    let after = object(&home, "j");
    assert_eq!(after["Outcomes"]["refused"], 0, "{after}");
    assert_eq!(after["Outcomes"]["removed"], 1, "{after}");
    assert_eq!(after["Rooms"][0]["Outcomes"], after["Outcomes"]);
    // An audit is a log of events.
    let events = object(&home, "audit");
    assert_eq!(events["Outcomes"]["refused"], 1, "{events}");
    assert_eq!(events["Outcomes"]["removed"], 1, "{events}");
}

#[test]
fn the_counts_are_those_of_the_job() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let kick = sandbox.kick("-r room-test -m spam --journal j -u nobody -o json");
    let kick = kick.many("-u", "user", 30).home(&home);
    let job = kick.stdout(any()).stderr(any()).exits(6);
    let object = object(&home, "j");
    for word in ["removed", "gone", "absent", "refused", "unknown", "unsent"] {
        assert_eq!(object["Outcomes"][word], job.count(word), "{word}");
    }
    assert_eq!(object["Members"], 31);
}

#[test]
fn more_rooms_than_have_counters_are_counted_together() {
    let home = Home::new();
    let mut lines = String::new();
    for room in 0..10_500 {
        let line = outcome(
            "2026-03-01T00:00:05Z",
            &format!("r{room}"),
            &["a"],
            "x",
            "removed",
        );
        write!(lines, "{line}").expect("a string");
    }
    home.file("a", lines);
    let object = object(&home, "a");
    assert_eq!(object["Rooms"].as_array().map(Vec::len), Some(10_000));
    assert_eq!(object["OtherRooms"]["removed"], 500);
    assert_eq!(object["Outcomes"]["removed"], 10_500);
}

#[test]
fn results_of_show_can_be_counted() {
    let home = Home::new();
    audit(&home);
    let shown = Roomctl::new("journal show a --room r2 -o json").home(&home);
    let shown = shown.stdout(any()).exits(0).stdout;
    let counted = summary(&home, "- -o json").stdin(shown);
    let object = counted.stdout(any()).exits(0).result();
    assert_eq!(object["Members"], 2);
}

#[test]
fn an_empty_file_has_no_outcomes() {
    let home = Home::new();
    home.file("empty", "");
    let object = object(&home, "empty");
    assert_eq!(object["Members"], 0);
    assert_eq!(object["FirstTime"], Value::Null);
    let text = has(["first\t-\n", "outcome\tin-doubt\t0\n"]);
    summary(&home, "empty").stdout(text).exits(0);
}

#[test]
fn an_unknown_outcome_is_in_doubt_until_a_later_run_settles_it() {
    let home = Home::new();
    let server = Server::answering([Reply::json("{}"), Reply::json(crate::support::OK)]);
    let kick = || {
        let kick = server.kick("-r r -u a -m spam --journal j --retries 0");
        kick.home(&home).stdout(any()).stderr(any())
    };
    kick().exits(5);
    let before = object(&home, "j");
    assert_eq!(before["Outcomes"]["unknown"], 1, "{before}");
    assert_eq!(before["InDoubt"], 1, "{before}");
    let note = "1 member is in doubt";
    let command = "roomctl journal show j --outcome in-doubt";
    let run = summary(&home, "j").stdout(has(["in-doubt\tr\ta\t"]));
    run.stderr(has([note, command])).exits(0);
    kick().exits(0);
    let after = object(&home, "j");
    assert_eq!(after["Outcomes"]["unknown"], 0, "{after}");
    assert_eq!(after["InDoubt"], 0, "{after}");
}
