//! `journal show` and `summary` read files that are in use, torn or damaged; they
//! neither lock nor write them, and what is in doubt is visible.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::symlink;

use serde_json::json;

use crate::journal::rooms;
use crate::support::{Done, Gate, Home, OK, Reply, Roomctl, Sandbox, Server, any, has, is, lacks};

fn journal(home: &Home, words: &str) -> Roomctl {
    Roomctl::new("journal").args(words).home(home)
}

fn read(home: &Home, words: &str, exit: i32) -> Done {
    let run = journal(home, words).args("-o json");
    run.stdout(any()).stderr(any()).exits(exit)
}

/// The lines of a journal with the outcomes of five members, one per request.
fn five(home: &Home) -> Vec<String> {
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-m spam --journal j --concurrency 1");
    let list: String = (1..=5)
        .map(|n| json!({"RoomId": "room-test", "Member_Account": format!("user{n}"), "Reason": format!("case {n}")}).to_string() + "\n")
        .collect();
    home.file("list.ndjson", list);
    let kick = kick.args("-f list.ndjson").home(home);
    kick.stdout(any()).stderr(any()).exits(0);
    let text = fs::read_to_string(home.path().join("j")).expect("a journal");
    let lines: Vec<String> = text.lines().map(|line| format!("{line}\n")).collect();
    assert_eq!(lines.len(), 11);
    lines
}

#[test]
fn a_journal_in_use_is_read_and_what_is_in_flight_is_in_doubt() {
    let home = Home::new();
    let gate = Gate::default();
    let server = Server::answering([Reply::json(OK), Reply::json(OK).held_by(&gate)]);
    let running = rooms(&server, &home, &["r", "s"]).start();
    server.wait_for(2);
    let before = fs::read(home.path().join("j")).expect("a journal");

    let done = read(&home, "show j", 0);
    assert_eq!(done.members(), [("r".into(), "x".into(), "removed".into())]);
    assert!(done.stderr.contains("1 member is in doubt"), "{done}");
    let done = read(&home, "show j --outcome in-doubt", 0);
    assert_eq!(
        done.members(),
        [("s".into(), "x".into(), "in-doubt".into())]
    );
    assert_eq!(done.stderr, "");
    let done = read(&home, "summary j", 0);
    assert_eq!(done.result()["InDoubt"], 1);
    assert_eq!(done.result()["InDoubtMembers"][0]["RoomId"], "s");

    let after = fs::read(home.path().join("j")).expect("a journal");
    assert_eq!(before, after);
    gate.open();
    running.ends(0);
    let done = read(&home, "show j", 0);
    assert_eq!(done.results().len(), 2);
    assert_eq!(done.stderr, "");
}

#[test]
fn members_of_a_killed_job_are_in_doubt_until_the_next_run_settles_them() {
    let home = Home::new();
    let gate = Gate::default();
    let server = Server::answering([
        Reply::json(OK).held_by(&gate),
        Reply::json(OK),
        Reply::json(OK),
    ]);
    let running = rooms(&server, &home, &["r", "s"]).start();
    server.wait_for(1);
    running.killed();
    let done = read(&home, "show j --outcome in-doubt", 0);
    assert_eq!(
        done.members(),
        [("r".into(), "x".into(), "in-doubt".into())]
    );
    assert_eq!(done.result()["Reason"], "spam");
    assert_eq!(done.result()["Attempts"], 1);
    let filtered = read(&home, "show j --user somebody", 0);
    assert!(!filtered.stderr.contains("in doubt"), "{filtered}");

    gate.open();
    rooms(&server, &home, &["r", "s"]).exits(0);
    assert_eq!(read(&home, "summary j", 0).result()["InDoubt"], 0);
    let done = read(&home, "show j --outcome in-doubt", 0);
    assert_eq!(done.results().len(), 0);
}

#[test]
fn a_torn_last_line_is_a_note_and_stays() {
    let home = Home::new();
    let lines = five(&home);
    let torn = lines[..10].concat() + &lines[10][..40];
    home.file("torn", &torn);
    for verb in ["show", "summary"] {
        let run = journal(&home, verb).args("torn").stdout(any());
        run.stderr(has(["torn: the last line is incomplete (40 bytes)"]))
            .exits(0);
    }
    let done = read(&home, "show torn", 0);
    assert_eq!(done.results().len(), 4);
    let left = fs::read_to_string(home.path().join("torn")).expect("left");
    assert_eq!(left, torn);
    let quiet = journal(&home, "show torn -q").stdout(any());
    quiet.exits(0);
}

#[test]
fn damaged_lines_are_reported_and_all_others_printed_with_exit_7() {
    let home = Home::new();
    let mut lines = five(&home);
    lines[4] = lines[4].replacen("user2", "user9", 1);
    lines[7] = "garbage\n".into();
    home.file("damaged", lines.concat());
    let names = [
        "damaged:5: the checksum is wrong",
        "damaged:8: the checksum is wrong",
    ];
    let run = journal(&home, "show damaged -q").stdout(any());
    let done = run.stderr(has(names)).stderr(has(["hint: "])).exits(7);
    assert_eq!(done.stdout.lines().count(), 4, "{done}");
    let done = read(&home, "summary damaged", 7);
    assert_eq!(done.result()["Outcomes"]["removed"], 4);
    // The member whose outcome is damaged.
    assert_eq!(done.result()["InDoubt"], 1);
}

#[test]
fn missing_and_doubled_lines_are_reported_once() {
    let home = Home::new();
    let lines = five(&home);
    let without = [&lines[..3], &lines[5..]].concat().concat();
    home.file("j", without);
    let run = journal(&home, "show j").stdout(any());
    let message = "j:4: record 6 stands here, so lines before it are missing";
    let done = run.stderr(has([message])).stderr(lacks(["j:5:"])).exits(7);
    assert_eq!(done.stdout.lines().count(), 4);
    home.file("headless", lines[1..].concat());
    let run = journal(&home, "show headless").stdout(any());
    let message = "headless:1: record 2 stands here, so lines before it are missing";
    run.stderr(has([message])).exits(7);
}

#[test]
fn a_million_damaged_lines_are_one_message() {
    let home = Home::new();
    let lines = five(&home);
    home.file("j", lines.concat() + &"garbage\n".repeat(30_000));
    let run = journal(&home, "show j").stdout(any());
    let done = run.stderr(has(["29,999 more"])).exits(7);
    assert!(done.stderr.lines().count() < 5, "{done}");
}

#[test]
fn a_torn_line_in_an_audit_is_reported_and_the_rest_is_printed() {
    let home = Home::new();
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test -u user1 -m spam --audit a");
    home.file("a", "{\"Time\":\"2026-03-01T02:11:09Z\",\"OsUser\":\"ro");
    kick.home(&home).stdout(any()).stderr(any()).exits(0);
    let run = journal(&home, "show a").stdout(has(["\tuser1\t"]));
    run.stderr(has(["a:1: not a whole outcome"])).exits(7);
}

#[test]
fn another_file_is_exit_2_with_a_remedy_and_nothing_is_printed() {
    let home = Home::new();
    five(&home);
    home.file("list", "alice\nbob\n");
    home.file("members", "{\"RoomId\":1,\"Member_Account\":\"alice\"}\n");
    for file in ["list", "members", "list.ndjson"] {
        for verb in ["show", "summary"] {
            let run = journal(&home, verb).args("j").arg(file);
            run.stderr(has([
                file,
                "neither a journal nor an audit",
                "hint: name a file",
            ]))
            .exits(2);
        }
    }
    let run = journal(&home, "show j nowhere list .");
    let all = ["nowhere", "No such file", "list: neither", "cannot read ."];
    run.stderr(has(all)).exits(2);
    let run = journal(&home, "show - -").stderr(has(["named twice"]));
    run.exits(2);
    journal(&home, "show /dev/zero")
        .stderr(has(["neither a journal"]))
        .exits(2);
}

#[test]
fn a_journal_of_a_later_version_is_exit_7() {
    let home = Home::new();
    let lines = five(&home);
    // The checksum of a later header is that of its own text.
    let header = lines[0].split(",\"Crc32\"").next().expect("a header");
    let header = header.replace("\"Version\":1", "\"Version\":2");
    let sum = crc32fast::hash(header.as_bytes());
    home.file("j", format!("{header},\"Crc32\":\"{sum:08x}\"}}\n"));
    let run = journal(&home, "show j").stderr(has(["has version 2", "hint: use the roomctl"]));
    run.exits(7);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let home = Home::new();
    let mut lines = String::new();
    for n in 0..20_000 {
        let line = json!({
            "Time": "2026-03-01T02:11:09Z", "Action": "kick", "RoomId": "r",
            "MemberList_Account": [format!("u{n}")], "Outcome": "removed",
        });
        writeln!(lines, "{line}").expect("a string");
    }
    home.file("a", lines);
    let first = journal(&home, "show a").in_shell("\"$0\" \"$@\" | head -n 1");
    first
        .stdout(is(
            "2026-03-01T02:11:09Z\tremoved\tkick\tr\tu0\t-\t-\t-\t-\t-\n",
        ))
        .exits(0);
}

#[test]
fn a_large_file_is_read_in_bounded_memory() {
    let home = Home::new();
    let mut lines = String::new();
    let reason = "spam ".repeat(200);
    for n in 0..45_000 {
        let line = json!({
            "Time": "2026-03-01T02:11:09Z", "Action": "kick", "RoomId": format!("room-{n}"),
            "MemberList_Account": ["user"], "Reason": reason, "Outcome": "removed",
        });
        writeln!(lines, "{line}").expect("a string");
    }
    // More than 50 MB of lines in 40 MB of address space.
    assert!(lines.len() > 50_000_000);
    home.file("a", &lines);
    for words in ["show a -o json", "summary a"] {
        let limited = "ulimit -v 40000; \"$0\" \"$@\" | tail -n 1";
        let run = journal(&home, words).in_shell(limited);
        run.stdout(has(["spam"])).exits(0);
    }
}

/// A job of one removed member and one in doubt.
fn with_doubt(home: &Home) {
    let server = Server::answering([Reply::json(OK), Reply::json("{}")]);
    let kick = server.kick("-r r -r s -u a -m spam --journal j --retries 0 --concurrency 1");
    kick.home(home).stdout(any()).stderr(any()).exits(5);
}

#[test]
fn a_file_that_is_named_twice_is_read_once() {
    let home = Home::new();
    with_doubt(&home);
    let path = |name: &str| home.path().join(name);
    symlink(path("j"), path("link")).expect("a link");
    fs::hard_link(path("j"), path("hard")).expect("a link");
    let absolute = path("j").display().to_string();
    for second in ["j", "./j", "link", "hard", &absolute] {
        let note = match second {
            "j" => "j: named twice; it is read once".to_owned(),
            _ => format!("{second}: the same file as j; it is read once"),
        };
        let run = journal(&home, &format!("summary j {second} -o json"));
        let summary = run
            .stdout(any())
            .stderr(has([&note, "1 member is in doubt"]));
        let summary = summary.exits(0).result();
        assert_eq!(summary["Outcomes"]["removed"], 1, "{second}");
        assert_eq!(summary["InDoubt"], 1, "{second}");
        let run = journal(&home, &format!("show j {second} j")).stderr(has([&note]));
        let shown = run.stdout(any()).exits(0).stdout;
        assert_eq!(shown.lines().count(), 2, "{second}: {shown}");
        let quiet = journal(&home, &format!("show j {second} -q"));
        quiet.stdout(has(["removed"])).exits(0);
    }
    let stdin = journal(&home, "summary j - -o json").in_shell("\"$0\" \"$@\" < j");
    let stdin = stdin.stdout(any()).stderr(has(["-: the same file as j"]));
    assert_eq!(stdin.exits(0).result()["InDoubt"], 1);
    // The command for the members in doubt names the file once.
    let run = journal(&home, "summary j ./j").stdout(any());
    run.stderr(has(["roomctl journal show j --outcome in-doubt"]))
        .exits(0);

    fs::copy(path("j"), path("copy")).expect("a copy");
    let two = read(&home, "summary j copy", 0).result();
    assert_eq!(two["Outcomes"]["removed"], 2, "a copy is another file");
    let empty = journal(&home, "summary /dev/null /dev/null -o json");
    let empty = empty.stdout(any()).exits(0).result();
    assert_eq!(empty["Members"], 0);
}
