//! `--stream`: rows are sent soon and in batches while the stream is open; a
//! bad row is reported and ends nothing.

use std::io::Write;
use std::process::ChildStdin;
use std::thread;
use std::time::Duration;

use roomctl::sandbox::Options;
use rustix::process::Signal;

use crate::support::{Home, Journal, Roomctl, Sandbox, any, has, lacks, lines, wait_until};

const ROOMS: usize = 37;

fn sandbox(latency: u64) -> Sandbox {
    let options = Options {
        latency: Duration::from_millis(latency),
        ..Options::default()
    };
    let with_room = |options: Options, room| {
        let names = (0..500).map(|n| format!("u{n}"));
        options.room(format!("room{room}"), names)
    };
    Sandbox::with((0..ROOMS).fold(options, with_room))
}

fn stream(sandbox: &Sandbox, words: &str) -> Roomctl {
    let kick = sandbox.kick("--stream --from - -m spam -o json");
    kick.args(words).stdout(any()).stderr(any())
}

fn write_row(feed: &mut ChildStdin, line: &str) {
    writeln!(feed, "{line}").expect("it reads");
}

#[test]
fn a_row_every_7_ms_over_37_rooms_is_sent_while_the_stream_is_open() {
    let sandbox = sandbox(20);
    let (running, mut feed) = stream(&sandbox, "--format csv").start_fed();
    write_row(&mut feed, "user,room");
    for n in 0..500 {
        write_row(&mut feed, &format!("u{n},room{}", n * 11 % ROOMS));
        thread::sleep(Duration::from_millis(7));
    }
    // The stream is still open: the requests were not sent because of its end.
    sandbox.wait_until(|sandbox| sandbox.removed().len() == 500);
    drop(feed);
    let done = running.ends(0);
    assert_eq!((done.count("removed"), done.members().len()), (500, 500));
    let batches = sandbox.batches();
    assert_eq!(batches.iter().sum::<usize>(), 500, "each is sent once");
    assert!(batches.iter().all(|size| *size <= 20));
}

#[test]
fn a_burst_is_sent_in_full_requests() {
    let sandbox = sandbox(0);
    let users = lines("u", 0..200);
    let done = stream(&sandbox, "-r room1").stdin(users).exits(0);
    assert_eq!((done.count("removed"), done.count("Requests")), (200, 10));
}

#[test]
fn the_same_row_later_is_sent_again() {
    let (sandbox, home) = (sandbox(0), Home::new());
    let kick = stream(&sandbox, "-r room1 --ignore-absent --journal j").home(&home);
    let (running, mut feed) = kick.start_fed();
    for outcomes in 1..=3 {
        write_row(&mut feed, "u1");
        let journal = home.path().join("j");
        wait_until("its outcome is known", || {
            Journal::read(&journal).outcomes == outcomes
        });
    }
    drop(feed);
    let done = running.ends(0);
    assert_eq!((done.count("removed"), done.count("absent")), (1, 2));
}

#[test]
fn a_bad_row_is_reported_with_its_line_and_counts_as_refused() {
    let sandbox = sandbox(0);
    let feed = "u1\nu2 \n\nu3\n";
    let kick =
        stream(&sandbox, "-r room1").stderr(has([r#"{"warning":"-:2: user \"u2 \""#, "blank"]));
    let done = kick.stdin(feed).exits(6);
    assert_eq!((done.count("removed"), done.count("refused")), (2, 1));
    let done = stream(&sandbox, "-r room1 --max-failures 1")
        .stdin(feed)
        .exits(6);
    assert_eq!(done.count("refused"), 1);
}

#[test]
fn every_bad_row_is_shown_with_quiet() {
    for output in ["text", "json"] {
        let sandbox = sandbox(0);
        let kick = sandbox
            .kick("--stream --from - -m spam -r room1 -q -o")
            .arg(output);
        let kick = kick.stdout(any()).stderr(any());
        let done = kick.stdin("u1\nbad one\nbad two\nu2\n").exits(6);
        for line in ["-:2: ", "-:3: "] {
            assert!(done.stderr.contains(line), "{done}");
        }
    }
}

#[test]
fn protected_rows_are_refused_or_skipped_as_in_lists() {
    let sandbox = sandbox(0);
    let feed = "u1\nu99\nadministrator\n";
    let words = "-r room1 --protect u9*";
    let kick = stream(&sandbox, words).stderr(has(["-:2:", "u9*", "-:3:", "calling account"]));
    let done = kick.stdin(feed).exits(6);
    assert_eq!((done.count("removed"), done.count("refused")), (1, 2));
    let words = "-r room2 --protect u9* --skip-protected";
    let kick = stream(&sandbox, words).stderr(has(["skipped: -:2:", "skipped: -:3:"]));
    let done = kick.stdin(feed).exits(0);
    assert_eq!((done.count("removed"), done.count("refused")), (1, 0));
    assert!(sandbox.has("room2", "u99"));
}

#[test]
fn a_signal_ends_a_stream_that_is_not_closed() {
    let sandbox = sandbox(0);
    let (running, mut feed) = stream(&sandbox, "-r room1").start_fed();
    write_row(&mut feed, "u1");
    sandbox.wait_until(|sandbox| sandbox.removed().len() == 1);
    running.signal(Signal::TERM);
    let done = running.ends(143);
    assert_eq!(done.members().len(), 1);
    drop(feed);
}

#[test]
fn a_deadline_ends_a_silent_stream() {
    let sandbox = sandbox(0);
    let (running, mut feed) = stream(&sandbox, "-r room1 --deadline 1s").start_fed();
    write_row(&mut feed, "u1");
    let done = running.ends(5);
    assert_eq!(done.count("removed"), 1);
    assert!(done.stderr.contains("stopped by --deadline"), "{done}");
    drop(feed);
}

#[test]
fn flags_that_need_the_whole_plan_are_refused_with_stream() {
    let sandbox = Sandbox::untouched();
    for (words, message) in [
        ("--dry-run", "--dry-run"),
        ("-u x", "--user"),
        ("--max-members 5", "--max-members"),
        ("--max-failures 5%", "--max-failures"),
        ("--from x.csv", "one live feed"),
        ("--journal j --again", "--again"),
    ] {
        let kick = stream(&sandbox, "-r room1")
            .args(words)
            .stdout(crate::support::is(""));
        let done = kick.stderr(has([message])).exits(2);
        assert!(
            done.stderr.contains("\"kind\":\"usage\""),
            "{words}: {done}"
        );
    }
}

#[test]
fn max_members_of_a_profile_does_not_limit_a_stream_and_gives_a_warning() {
    let (sandbox, home) = (sandbox(0), Home::new());
    home.config("[profiles.p]\nmax_members = 1\n");
    let kick = stream(&sandbox, "-r room1 --profile p").home(&home);
    let kick = kick.stderr(has(["max_members (profile p", "--stream"]));
    let done = kick.stdin("u1\nu2\n").exits(0);
    assert_eq!(done.count("removed"), 2);
    // Without the key there is no warning.
    home.config("[profiles.p]\nrate = 100\n");
    let kick = stream(&sandbox, "-r room2 --profile p").home(&home);
    let kick = kick.stderr(lacks(["max_members"]));
    kick.stdin("u1\n").exits(0);
}

/// Runs `--stream` over a list in the demo room. Returns who was removed, in order,
/// and the error output.
fn feed(format: &str, list: &str, code: i32) -> (Vec<String>, String) {
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test -m x --stream -o json --from - --format");
    let kick = kick.arg(format).stdout(any()).stderr(any());
    let done = kick.stdin(list).exits(code);
    let mut removed: Vec<String> = sandbox
        .removed()
        .into_iter()
        .map(|(_, user)| user)
        .collect();
    removed.sort();
    (removed, done.stderr)
}

#[test]
fn a_quoted_cell_of_a_feed_ends_in_its_line() {
    for (format, list, removed, errors) in [
        (
            "csv",
            "user,reason\nuser1,\"a, b\"\n\"user2\",c\n",
            &["user1", "user2"][..],
            None,
        ),
        (
            "csv",
            "user,reason\nuser1,\"first\nuser2,\"c\"\nuser3,c\n",
            &["user2", "user3"],
            Some("-:2: "),
        ),
        ("tsv", "user\treason\nuser1\t\"a\tb\"\n", &["user1"], None),
        (
            "csv",
            "user,reason\nuser1,c\nuser2,\"x\n\"user3\",y\nuser4,z\n",
            &["user1", "user3", "user4"],
            Some("-:3: "),
        ),
        (
            "tsv",
            "user\treason\nuser1\t\"\nuser2\t\"c\"\n",
            &["user2"],
            Some("-:2: "),
        ),
    ] {
        let (found, stderr) = feed(format, list, if errors.is_some() { 6 } else { 0 });
        assert_eq!(found, removed, "{list:?}: {stderr}");
        let bad = stderr.matches("\"warning\":\"-:").count();
        assert_eq!(bad, usize::from(errors.is_some()), "{list:?}: {stderr}");
        assert!(errors.is_none_or(|line| stderr.contains(line)), "{stderr}");
    }
}

#[test]
fn one_bad_line_never_ends_a_feed() {
    for (format, first, bad, last) in [
        ("lines", "user1\n", "us\0er9", "user2\n"),
        ("csv", "user,reason\nuser1,\n", "us\0er9,", "user2,\n"),
        ("json", "\"user1\"\n", "\"us\0er9\"", "\"user2\"\n"),
        ("json", "\"user1\"\n", "[,]", "\"user2\"\n"),
        ("json", "\"user1\"\n", "[[\"user9\"]]", "\"user2\"\n"),
        ("json", "[\"user1\"]\n", "[\"us", "[\"user2\"]\n"),
        (
            "json",
            "[\"user1\"]\n",
            "{",
            "{\"Member_Account\":\"user2\"}\n",
        ),
    ] {
        let (removed, stderr) = feed(format, &format!("{first}{bad}\n{last}"), 6);
        assert_eq!(removed, ["user1", "user2"], "{bad:?}: {stderr}");
        let line = first.lines().count() + 1;
        let warning = format!("\"warning\":\"-:{line}: ");
        assert_eq!(stderr.matches(&warning).count(), 1, "{bad:?}: {stderr}");
    }
}

/// They would be removed from another room than their own.
#[test]
fn names_inside_of_a_broken_object_are_not_removed_and_its_lines_are_reported() {
    let names = "\"MemberList_Account\":[\n\"user1\"\n\"user2\"\n]\n}";
    let list = format!("{{\n\"RoomId\":\"room-b\",\n{names}\n\"user3\"\n{{\"a\n\"user1\"\n");
    let (removed, stderr) = feed("json", &list, 6);
    assert_eq!(removed, ["user3"], "{stderr}");
    for warning in [
        "-:1: is not valid JSON: expected `,` or `]` (in line 5); roomctl skips the next lines",
        "-:2-7: skipped: part of the broken value of line 1",
        "-:9: is not valid JSON: control character",
        "-:10: skipped: part of the broken value of line 9",
    ] {
        assert_eq!(
            stderr.matches(&format!("\"warning\":\"{warning}")).count(),
            1,
            "{warning}: {stderr}"
        );
    }
    assert!(stderr.contains("\"refused\":2,"), "{stderr}");
}
