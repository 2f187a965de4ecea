//! `kick --check-room`: the member list of a room shows who is absent.

use std::thread;
use std::time::Duration;

use roomctl::sandbox::{AbsentMode, Fault, Options};
use serde_json::Value;

use crate::support::{Done, Home, Journal, Member, Sandbox, any, has, lacks, members};

const KICK: &str = "-r r -f list.txt -m spam -o json --rate 200 --ignore-absent --check-room";

/// 400 names, of whom every 20th is in a room with 150 others.
fn list() -> Home {
    let home = Home::new();
    let names = (0..400).map(|n| format!("u{n}\n"));
    home.file("list.txt", names.collect::<String>());
    home
}

fn others() -> impl Iterator<Item = String> {
    (0..150).map(|n| format!("other{n}"))
}

fn sandbox(absent: AbsentMode, faults: &[&str]) -> Sandbox {
    let present = (0..400).step_by(20).map(|n| format!("u{n}"));
    let parse = |text: &&str| text.parse::<Fault>().expect("a fault");
    Sandbox::with(Options {
        absent,
        faults: faults.iter().map(parse).collect(),
        rooms: vec![("r".into(), others().chain(present).collect())],
        ..Options::default()
    })
}

fn kick(sandbox: &Sandbox, home: &Home, words: &str) -> Done {
    let kick = sandbox.kick(KICK).args(words).home(home);
    let done = kick.stdout(any()).stderr(any()).exits(0);
    assert_eq!(
        sandbox.members("r"),
        others().collect::<Vec<_>>(),
        "{words}"
    );
    let named: usize = done
        .results()
        .iter()
        .map(|result| members(result).len())
        .sum();
    assert_eq!(named, 400, "each member is in one result");
    done
}

fn count(done: &Done, what: &str) -> u64 {
    done.summary()["summary"][what].as_u64().expect("a number")
}

/// Requests of the log with this command.
fn sent(sandbox: &Sandbox, command: &str) -> usize {
    let is_one = |line: &&Value| line["Command"] == command;
    sandbox.log().iter().filter(is_one).count()
}

#[test]
fn a_list_of_mostly_absent_members_takes_few_requests_in_both_kinds_of_service() {
    let home = list();
    for absent in [AbsentMode::Atomic, AbsentMode::Partial] {
        for mode in ["auto", "always"] {
            let sandbox = sandbox(absent, &[]);
            let done = kick(&sandbox, &home, mode);
            let requests = count(&done, "Requests");
            assert!(requests <= 40, "{absent:?} {mode}: {requests}");
            assert_eq!(requests, sandbox.log().len() as u64);
            assert_eq!(sent(&sandbox, "get_room_member_list"), 4);
            if absent == AbsentMode::Atomic || mode == "always" {
                assert_eq!(count(&done, "removed"), 20, "{absent:?} {mode}");
                assert_eq!(count(&done, "absent"), 380);
            }
        }
    }
}

#[test]
fn members_that_are_not_on_the_list_have_no_code() {
    let sandbox = sandbox(AbsentMode::Atomic, &[]);
    let done = kick(&sandbox, &list(), "always");
    let results = done.results();
    let absent = results
        .iter()
        .filter(|result| result["Outcome"] == "absent");
    for result in absent {
        assert_eq!(result["ErrorInfo"], "not in the room's member list");
        for key in ["ErrorCode", "ActionStatus", "RequestId"] {
            assert_eq!(result[key], Value::Null, "{key}");
        }
        assert_eq!(result["Attempts"], 0);
    }
}

#[test]
fn never_reads_no_list_and_the_profile_can_say_so() {
    let home = list();
    let without_list = |sandbox: &Sandbox, done: &Done| {
        assert_eq!(count(done, "removed"), 20);
        assert_eq!(sent(sandbox, "get_room_member_list"), 0);
        assert_eq!(sent(sandbox, "get_room_info"), 0);
    };
    let sandbox_1 = sandbox(AbsentMode::Atomic, &[]);
    without_list(&sandbox_1, &kick(&sandbox_1, &home, "never"));
    home.config("[profiles.p]\ncheck_room = \"never\"\n");
    let sandbox_2 = sandbox(AbsentMode::Atomic, &[]);
    let words = KICK.trim_end_matches(" --check-room");
    let kick = sandbox_2.kick(words).args("--profile p").home(&home);
    without_list(&sandbox_2, &kick.stdout(any()).stderr(any()).exits(0));
}

#[test]
fn a_list_that_stops_early_or_loops_is_not_used_and_v_says_so() {
    let home = list();
    for (fault, why) in [("list-short", "it has "), ("list-loop", "twice")] {
        for mode in ["auto", "always"] {
            let sandbox = sandbox(AbsentMode::Atomic, &[fault]);
            let done = kick(&sandbox, &home, &format!("{mode} -v"));
            assert_eq!((count(&done, "removed"), count(&done, "absent")), (20, 380));
            let stderr = &done.stderr;
            assert!(stderr.contains("the member list is not used"), "{fault}");
            assert!(stderr.contains(why), "{fault}");
        }
    }
}

#[test]
fn a_resumed_job_reads_the_list_and_settles_members_in_doubt_as_gone() {
    let home = list();
    for requests in [3, 6, 8] {
        let sandbox = sandbox(AbsentMode::Atomic, &["reset=10%"]);
        let words = format!("auto --journal j{requests}");
        let first = sandbox.kick(KICK).args(&words).home(&home);
        let mut running = first.stdout(any()).stderr(any()).start();
        while sandbox.log().len() < requests && !running.is_over() {
            thread::sleep(Duration::from_millis(1));
        }
        running.kill_or_end();
        let again = sandbox.kick(KICK).args(&words).home(&home);
        again.stdout(any()).stderr(any()).exits(0);
        assert_eq!(sandbox.members("r"), others().collect::<Vec<_>>());
        let journal = Journal::read(&home.path().join(format!("j{requests}")));
        assert_eq!(journal.repeated, [], "settled, and with a later intent");
        let present = |(_, user): &&Member| user[1..].parse::<u32>().is_ok_and(|n| n % 20 == 0);
        let present: Vec<&Member> = journal.latest.keys().filter(present).collect();
        assert_eq!(present.len(), 20);
        for member in present {
            let outcome = &journal.latest[member];
            assert!(
                outcome == "removed" || outcome == "gone",
                "{member:?}: {outcome}"
            );
        }
    }
}

#[test]
fn only_a_kick_has_it_and_a_feed_reads_no_list() {
    let sandbox = sandbox(AbsentMode::Atomic, &[]);
    let ban = sandbox.roomctl("ban -r r -u u0 -m x --for 1h --check-room never");
    ban.stderr(has(["--check-room"])).exits(2);
    let feed = "--stream -f - -r r -m x --check-room always";
    let hint = has([
        "--check-room always needs the whole plan",
        "remove --check-room",
    ]);
    sandbox.kick(feed).stdin("u0\n").stderr(hint).exits(2);
    let feed = "--stream -f - -r r -m x -o json --check-room auto --ignore-absent";
    let rows: Vec<String> = (0..100).map(|n| format!("u{n}")).collect();
    let done = sandbox
        .kick(feed)
        .stdin(rows.join("\n"))
        .stdout(any())
        .stderr(lacks(["warn"]));
    assert_eq!(count(&done.exits(0), "removed"), 5);
    assert_eq!(sent(&sandbox, "get_room_info"), 0);
}
