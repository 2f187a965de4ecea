//! `--verify`: after the last answer the member list of each room is read once more.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use roomctl::sandbox::{AbsentMode, Fault, Options};
use serde_json::Value;

use crate::support::{Done, Home, Sandbox, any, has, lacks, members};

const ONE: &str = "-r room-test -m spam -u user1 --verify";

/// A room `r` with `a` to `e` and so many others, and a room `s` with `a` only.
pub(crate) fn rooms(others: usize, faults: &[&str], absent: AbsentMode) -> Sandbox {
    let parse = |text: &&str| text.parse::<Fault>().expect("a fault");
    let others = (0..others).map(|n| format!("other{n}"));
    let names = ["a", "b", "c", "d", "e"].map(String::from);
    Sandbox::with(Options {
        absent,
        faults: faults.iter().map(parse).collect(),
        rooms: vec![
            ("r".into(), others.chain(names).collect()),
            ("s".into(), vec!["a".into()]),
        ],
        ..Options::default()
    })
}

/// Users of the file, in its order.
pub(crate) fn failed(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).expect("written");
    let lines = text.lines().map(serde_json::from_str);
    let users = |line: Value| {
        let room = line["RoomId"].as_str().expect("a room").to_owned();
        let users = members(&line).into_iter();
        users.map(move |(_, user)| format!("{room}/{user}"))
    };
    lines.flat_map(|line| users(line.expect("JSON"))).collect()
}

/// Requests of the log with this command.
pub(crate) fn sent(sandbox: &Sandbox, command: &str) -> usize {
    let is_one = |line: &&Value| line["Command"] == command;
    sandbox.log().iter().filter(is_one).count()
}

/// Removes `a` from `r` and `s`, lets it join `r` again, and runs the same job
/// with the journal once more and these words.
fn joined_again(action: &str, words: &str, code: i32) -> (Sandbox, Home, Done) {
    let (sandbox, home) = (rooms(150, &[], AbsentMode::Atomic), Home::new());
    let job = |words: &str| {
        let line = format!("{action} -r r -r s -u a -m spam --journal j {words}");
        let job = sandbox.roomctl(&line).home(&home);
        job.stdout(any()).stderr(any())
    };
    job("").exits(0);
    if action.starts_with("ban") {
        // A banned member cannot join.
        thread::sleep(Duration::from_millis(1500));
    }
    sandbox.join("r", "a");
    let done = job(words).exits(code);
    (sandbox, home, done)
}

#[test]
fn a_job_whose_members_are_out_is_verified_and_exits_0() {
    let sandbox = rooms(150, &[], AbsentMode::Atomic);
    let kick = sandbox.kick("-r r -r s -u a -m spam --verify");
    let stderr = has(["verified", "2 rooms"]);
    kick.stdout(any()).stderr(stderr).exits(0);
    // r has 154 others, s has nobody.
    assert_eq!(sent(&sandbox, "get_room_member_list"), 4 + 1);
    assert_eq!(sent(&sandbox, "get_room_info"), 2);
}

#[test]
fn a_member_that_joined_again_is_reported_and_exit_6_with_the_hint_to_ban() {
    let (_sandbox, home, done) = joined_again("kick", "--verify --failed-to left.ndjson", 6);
    let stderr = &done.stderr;
    assert!(stderr.contains("room r: 1 member"), "{stderr}");
    assert!(stderr.contains("after the last answer: a"), "{stderr}");
    assert!(!stderr.contains("room s: 1 member"), "{stderr}");
    assert!(!stderr.contains("verified:"), "{stderr}");
    assert!(stderr.contains("nobody left to process; "), "{stderr}");
    let hint = "roomctl ban --from left.ndjson --for 24h";
    assert!(stderr.contains(hint), "{stderr}");
    assert_eq!(failed(&home.path().join("left.ndjson")), ["r/a"]);
}

#[test]
fn a_member_that_joins_again_while_the_job_runs_is_found() {
    let (sandbox, home) = (rooms(0, &[], AbsentMode::Atomic), Home::new());
    let rows = "room,user\nr,a\ns,a\nr2,x\n";
    sandbox.join("r2", "x");
    home.file("list.csv", rows);
    let words = "-f list.csv -m spam --rate 1 --check-room never -o json --verify";
    let kick = sandbox.kick(words).args("--failed-to left");
    let running = kick.home(&home).stdout(any()).stderr(any()).start();
    sandbox.wait_until(|sandbox| !sandbox.has("r", "a"));
    sandbox.join("r", "a");
    let done = running.ends(6);
    assert_eq!(done.count("removed"), 3);
    assert_eq!(failed(&home.path().join("left")), ["r/a"]);
    let text = fs::read_to_string(home.path().join("left")).expect("there");
    let line: Value = serde_json::from_str(&text).expect("one line");
    assert_eq!(line["Reason"], "spam");
    // The file is a list.
    let ban = sandbox.roomctl("ban --from left --for 1h -o json");
    ban.home(&home).stdout(any()).stderr(any()).exits(0);
    assert!(!sandbox.has("r", "a"));
}

#[test]
fn json_has_warnings_and_the_counts_are_in_the_summary() {
    let (_sandbox, _home, done) = joined_again("kick", "--verify -o json", 6);
    let lines: Vec<Value> = done
        .stderr
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect();
    let warning = lines.iter().find_map(|line| line["warning"].as_str());
    assert!(warning.is_some_and(|text| text.contains("room r")));
    let summary = &done.summary();
    assert_eq!(summary["summary"]["InRoom"], 1);
    assert_eq!(summary["summary"]["RoomsVerified"], 2);
    assert_eq!(summary["summary"]["RoomsNotVerified"], 0);
    assert_eq!(summary["ExitCode"], 6);
    let error = done.error().expect("an error");
    assert_eq!(error["error"]["kind"], "partial");
    assert_eq!(error["ExitCode"], 6);
}

#[test]
fn without_the_flag_no_list_is_read_and_the_summary_is_as_before() {
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test -m spam -u user1 -o json");
    let done = kick.stdout(any()).stderr(any()).exits(0);
    assert_eq!(sandbox.log().len(), 1);
    assert!(done.summary()["summary"].get("InRoom").is_none());
}

#[test]
fn members_that_a_ban_left_in_the_room_are_found_too() {
    let sandbox = rooms(0, &[], AbsentMode::Atomic);
    let ban = sandbox.roomctl("ban -r r -u a -m spam --for 1h --verify");
    ban.stdout(any()).stderr(has(["verified"])).exits(0);
    let (sandbox, _home, done) = joined_again("ban --for 1s", "--verify", 6);
    assert!(sandbox.has("r", "a"));
    let hints = ["room r: 1 member", "roomctl bans --room r"];
    assert!(
        hints.iter().all(|hint| done.stderr.contains(hint)),
        "{}",
        done.stderr
    );
}

#[test]
fn a_member_that_was_absent_and_is_in_the_room_is_in_failed_to_once() {
    let (sandbox, home) = (rooms(0, &[], AbsentMode::Partial), Home::new());
    sandbox.join("z", "z1");
    let rows = "room,user\nr,late\nr,gone\ns,a\nz,z1\n";
    let words = "-f list.csv -m spam --rate 1 --check-room never --verify --failed-to left";
    let kick = sandbox.kick(words).home(&home);
    home.file("list.csv", rows);
    let running = kick.stdout(any()).stderr(any()).start();
    // The third request: both members of r are found to be absent.
    sandbox.wait_for(3);
    sandbox.join("r", "late");
    running.ends(6);
    assert_eq!(failed(&home.path().join("left")), ["r/late", "r/gone"]);
}

#[test]
fn a_list_that_is_not_complete_proves_nothing_and_keeps_the_exit_code() {
    for fault in ["list-short", "list-loop"] {
        let sandbox = rooms(150, &[fault], AbsentMode::Atomic);
        let kick = sandbox.kick("-r r -u a -m spam --verify -o json");
        let done = kick.stdout(any()).stderr(lacks(["verified: no"])).exits(0);
        let text = &done.stderr;
        assert!(
            text.contains("\"warning\":\"room r: not verified"),
            "{text}"
        );
        assert!(text.contains("proves nothing"), "{text}");
        let counts = &done.summary()["summary"];
        assert_eq!(counts["RoomsVerified"], 0);
        assert_eq!(counts["RoomsNotVerified"], 1);
    }
}

#[test]
fn a_member_that_is_on_an_incomplete_list_is_in_the_room_all_the_same() {
    let (sandbox, home) = (rooms(0, &["list-short"], AbsentMode::Atomic), Home::new());
    let kick = |words: &str| {
        let kick = sandbox.kick("-r r -u e -m spam --journal j").args(words);
        kick.home(&home).stdout(any()).stderr(any())
    };
    kick("").exits(0);
    sandbox.join("r", "e");
    (0..10).for_each(|n| sandbox.join("r", &format!("later{n}")));
    let done = kick("--verify").exits(6);
    for text in ["room r: not verified", "room r: 1 member"] {
        assert!(done.stderr.contains(text), "{}", done.stderr);
    }
}

#[test]
fn a_dry_run_says_that_the_lists_are_read_and_reads_none() {
    let sandbox = Sandbox::untouched();
    let kick = sandbox.kick(ONE).arg("-n");
    kick.stdout(has(["member list", "--verify"])).exits(0);
    let kick = sandbox.kick(ONE).args("-n -o json");
    let done = kick.stdout(any()).exits(0);
    assert_eq!(done.result()["Verify"], true);
}

#[test]
fn a_feed_and_an_unban_refuse_it_with_a_hint() {
    let sandbox = Sandbox::untouched();
    let feed = sandbox.kick("--stream -f - -r r --verify").stdin("a\n");
    let all = ["--verify needs the whole plan", "remove --verify"];
    feed.stderr(has(all)).exits(2);
    let unban = sandbox.roomctl("unban -r r -u a --verify");
    unban.stderr(has(["--verify", "hint: "])).exits(2);
}

#[test]
fn names_are_escaped_and_only_the_first_are_shown() {
    let (sandbox, home) = (Sandbox::crowd(0), Home::new());
    let names = (0..40).map(|n| format!("u{n}\n"));
    home.file("list.txt", names.collect::<String>());
    let job = |words: &str| {
        let job = sandbox
            .kick("-r r -f list.txt -m spam --journal j")
            .args(words);
        job.home(&home).stdout(any()).stderr(any())
    };
    job("").exits(0);
    (0..40).for_each(|n| sandbox.join("r", &format!("u{n}")));
    let done = job("--verify --failed-to left").exits(6);
    assert!(
        done.stderr.contains("room r: 40 members"),
        "{}",
        done.stderr
    );
    assert!(done.stderr.contains("more"), "{}", done.stderr);
    assert!(!done.stderr.contains("u39"), "{}", done.stderr);
    assert_eq!(failed(&home.path().join("left")).len(), 40);
}
