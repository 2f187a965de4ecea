//! A journal identifies a member by action, room and user, and not by the length of a
//! ban. So a member who was banned for another length, or whose ban is over, counts as
//! settled: the run says so.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Done, Home, Roomctl, Sandbox, any, has, lacks};

const JOURNAL: &str = "-r room-test -m spam --journal j";

fn ban(sandbox: &Sandbox, home: &Home, words: &str) -> Roomctl {
    let ban = sandbox.roomctl("ban").args(JOURNAL).args(words);
    ban.home(home).stdout(any())
}

/// The warnings of a run with `-o json`.
fn warnings(done: &Done) -> Vec<String> {
    let lines = done.stderr.lines();
    let lines = lines.filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines
        .filter_map(|line| Some(line["warning"].as_str()?.to_owned()))
        .collect()
}

/// Changes each line of the journal, and seals it with a new checksum.
fn change_lines(home: &Home, change: impl Fn(&str) -> String) {
    let path = home.path().join("j");
    let text = fs::read_to_string(&path).expect("a journal");
    let lines = text.lines().map(|line| {
        let (body, _) = line.split_once(",\"Crc32\"").expect("a checksum");
        let body = change(body);
        let sum = crc32fast::hash(body.as_bytes());
        format!("{body},\"Crc32\":\"{sum:08x}\"}}\n")
    });
    fs::write(&path, lines.collect::<String>()).expect("written");
}

#[test]
fn a_skipped_ban_of_another_length_is_a_warning() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    ban(&sandbox, &home, "-u user1 --for 1h -q").exits(0);
    let warning = "warning: 1 of the settled members was banned for 1h, not for 7d; --again asks for 7d; the service may refuse it";
    for words in [
        "-u user1 --for 7d",
        "-u user1 --for 7d -n",
        // Without the warning, the exit code would say more than what is known.
        "-u user1 --for 7d -q",
    ] {
        ban(&sandbox, &home, words).stderr(has([warning])).exits(0);
    }
    let done = ban(&sandbox, &home, "-u user1 --for 7d -o json").json();
    let done = done.stderr(any()).exits(0);
    let text = "1 of the settled members was banned for 1h, not for 7d; --again asks for 7d; the service may refuse it";
    let warnings = warnings(&done);
    assert!(
        warnings.len() == 1 && warnings[0].starts_with(text),
        "{done}"
    );
    assert_eq!(sandbox.log().len(), 1, "the journal still counts it");

    ban(&sandbox, &home, "-u user1 --for 60m")
        .stderr(lacks(["warning"]))
        .exits(0);
    // Another reason changes nothing.
    let other = sandbox.roomctl("ban -r room-test -u user1 --for 1h -m other --journal j");
    let other = other.home(&home).stderr(has(["1 of 1 already settled"]));
    other.stderr(lacks(["warning"])).exits(0);
}

#[test]
fn the_latest_ban_counts_and_a_new_member_is_banned() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    ban(&sandbox, &home, "-u user1 -u user2 --for 1h -q").exits(0);
    ban(&sandbox, &home, "-u user3 --for 30m -q").exits(0);
    let run = ban(
        &sandbox,
        &home,
        "-u user1 -u user2 -u user3 -u user4 --for 1w",
    );
    let words = "3 of the settled members were banned for 1h or 30m, not for 1w; --again asks for 1w; the service";
    run.stderr(has(["3 of 4 already settled", words])).exits(0);
    let again = ban(&sandbox, &home, "-u user4 --for 1w").stderr(lacks(["warning"]));
    again.exits(0);
}

#[test]
fn a_skipped_ban_that_is_over_is_a_warning() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    ban(&sandbox, &home, "-u user1 -u user2 --for 1h -q").exits(0);
    change_lines(&home, |line| {
        let (before, time) = line.split_once("\"Time\":\"").expect("a time");
        format!("{before}\"Time\":\"2020-{}", &time[5..])
    });
    let warning = "2 of the settled members were banned for 1h, which is over; --again asks for";
    for length in ["1h", "7d"] {
        let run = ban(&sandbox, &home, "-u user1 -u user2 --for").arg(length);
        let run = run.stderr(has([&format!("{warning} {length}")]));
        run.stderr(lacks(["not for"])).exits(0);
    }
}

#[test]
fn a_journal_of_an_earlier_version_has_no_lengths_and_no_warning() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    ban(&sandbox, &home, "-u user1 --for 1h -q").exits(0);
    change_lines(&home, |line| line.replace(",\"Duration\":3600", ""));
    let run = ban(&sandbox, &home, "-u user1 --for 7d");
    run.stderr(has(["1 of 1 already settled"]))
        .stderr(lacks(["warning"]))
        .exits(0);
}

#[test]
fn the_length_stands_in_the_outcomes_of_bans_and_in_no_result() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let done = ban(&sandbox, &home, "-u user1 --for 1h -o json").stderr(any());
    assert!(!done.exits(0).stdout.contains("Duration"));
    let unban = sandbox.roomctl("unban -r room-test -u user1 --journal j -q");
    unban.home(&home).stdout(any()).exits(0);
    let text = fs::read_to_string(home.path().join("j")).expect("a journal");
    let lengths = text.lines().map(|line| {
        let line: Value = serde_json::from_str(line).expect("JSON");
        (line["Outcome"].clone(), line["Duration"].clone())
    });
    let lengths: Vec<_> = lengths.filter(|(word, _)| !word.is_null()).collect();
    let expected = [
        (json!("banned"), json!(3600)),
        (json!("unbanned"), Value::Null),
    ];
    assert_eq!(lengths, expected);
    let shown = Roomctl::new("journal show j -o json").home(&home);
    let shown = shown.stdout(any()).exits(0).stdout;
    assert!(!shown.contains("Duration"), "{shown}");
}
