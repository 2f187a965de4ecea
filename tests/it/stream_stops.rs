//! A feed that is not read to its end: the report says after which row it was left, and
//! every row up to that one is in the results.

use std::collections::BTreeSet;
use std::io::Write;
use std::thread;

use roomctl::sandbox::Options;
use rustix::process::Signal;
use serde_json::json;

use crate::support::{Done, Home, Roomctl, Sandbox, any, lines, members};

/// More than the job takes before the first answers.
const ROWS: usize = 10_000;

fn sandbox() -> Sandbox {
    let names = (0..ROWS).map(|n| format!("u{n}"));
    Sandbox::with(Options::default().room("r", names))
}

fn stream(sandbox: &Sandbox, words: &str) -> Roomctl {
    let kick = sandbox.kick("--stream --from - --format lines -m spam -o json");
    kick.args(words).stdout(any()).stderr(any())
}

fn rows() -> String {
    lines("u", 0..ROWS)
}

/// The line after which the rows were left, as message and hint say it. The results
/// have the members of these lines and no others.
#[track_caller]
fn left_after(done: &Done) -> usize {
    let error = done.error().expect("an error");
    let text = |key: &str| error["error"][key].as_str().expect("a text").to_owned();
    let number = |text: &str| {
        let (_, rest) = text.split_once("after line ").expect("the last line");
        let number = rest.split(' ').next().expect("a number");
        number.parse::<usize>().expect("a number")
    };
    let (message, hint) = (text("message"), text("hint"));
    let last = number(&message);
    assert!(message.contains("of the feed were not read"), "{message}");
    assert_eq!(number(&hint), last, "{hint}");
    let results = done.results();
    let reported = results.iter().flat_map(members).map(|(_, user)| user);
    let reported: Vec<String> = reported.collect();
    let expected: BTreeSet<String> = (0..last).map(|n| format!("u{n}")).collect();
    assert_eq!(reported.len(), last, "each once: {message}");
    assert_eq!(reported.into_iter().collect::<BTreeSet<_>>(), expected);
    last
}

#[test]
fn a_signal_leaves_rows_that_the_report_speaks_of() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let sandbox = sandbox();
        let (running, mut feed) = stream(&sandbox, "-r r --rate 5").start_fed();
        let writer = thread::spawn(move || feed.write_all(rows().as_bytes()));
        sandbox.wait_until(|sandbox| !sandbox.removed().is_empty());
        running.signal(signal);
        let done = running.ends(128 + signal.as_raw());
        let last = left_after(&done);
        assert!(last < ROWS, "{last}");
        let hint = done.error().expect("an error")["error"]["hint"].to_string();
        assert!(hint.contains("that are not settled again, and"), "{hint}");
        // The pipe may be closed before all of it was written.
        let _ = writer.join().expect("it ends");
    }
}

#[test]
fn a_deadline_credentials_refusals_and_a_full_disk_leave_rows_that_the_report_speaks_of() {
    let home = Home::new();
    for (words, code) in [
        ("-r r --rate 5 --deadline 1s", 5),
        ("-r nowhere --rate 5 --max-failures 5", 6),
        ("-r r --rate 5 --secret-key 0000", 4),
        ("-r r --rate 5 --journal j", 7),
    ] {
        let sandbox = sandbox();
        let kick = stream(&sandbox, words).home(&home).stdin(rows());
        let done = match code {
            7 => kick.in_shell("ulimit -f 2; exec \"$0\" \"$@\"").exits(code),
            6 => kick.ends(&[1, 6]),
            _ => kick.exits(code),
        };
        let last = left_after(&done);
        assert!((20..ROWS).contains(&last), "{words}: {last}");
    }
}

#[test]
fn a_stop_while_every_row_is_settled_says_where_to_go_on() {
    let sandbox = sandbox();
    let (running, mut feed) = stream(&sandbox, "-r r").start_fed();
    writeln!(feed, "u0\n\n# a comment\nu1").expect("it reads");
    sandbox.wait_until(|sandbox| sandbox.removed().len() == 2);
    running.signal(Signal::TERM);
    let done = running.ends(143);
    let error = &done.error().expect("an error")["error"];
    assert_eq!(error["hint"], "send the rows after line 4 of the feed");
    drop(feed);
    // Before the first row.
    let (running, feed) = stream(&sandbox, "-r r --deadline 500ms").start_fed();
    let done = running.ends(5);
    let error = &done.error().expect("an error")["error"];
    let message = "stopped by --deadline; no row of the feed was read";
    assert_eq!(error["message"], message);
    assert_eq!(error["hint"], "send the rows of the feed again");
    drop(feed);
}

#[test]
fn a_row_for_several_rooms_counts_when_all_of_them_were_taken() {
    let sandbox = sandbox();
    let kick = stream(
        &sandbox,
        "-r nowhere -r elsewhere --rate 5 --max-failures 5",
    );
    let done = kick.stdin(rows()).ends(&[1, 6]);
    let error = done.error().expect("an error");
    let message = error["error"]["message"].as_str().expect("a text");
    let (_, rest) = message.split_once("after line ").expect("the last line");
    let last: usize = rest
        .split(' ')
        .next()
        .expect("one")
        .parse()
        .expect("a number");
    let reported = done.members().len();
    assert!(
        (2 * last..2 * last + 2).contains(&reported),
        "{last} {reported}"
    );
}

#[test]
fn a_feed_that_cannot_be_read_on_leaves_rows_and_one_that_ended_leaves_none() {
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test --stream --from - --format json -m x -o json");
    let kick = kick.stdout(any()).stderr(any());
    let feed = "[\n{\"Member_Account\":\"user1\"},\n{]\n{\"Member_Account\":\"user2\"}]\n";
    let done = kick.stdin(feed).exits(6);
    let error = &done.error().expect("an error")["error"];
    let message = error["message"].as_str().expect("a text");
    let hint = error["hint"].as_str().expect("a text");
    assert!(sandbox.has("room-test", "user2"));
    assert!(message.contains("rows after line 2 of the feed were not all read"));
    let expected = "fix the broken value that begins in line 3 of the feed; send it and all after it, \
                    with [ before it";
    assert_eq!(hint, expected, "{done}");

    let sandbox = sandbox_with_one();
    let done = stream(&sandbox, "-r r").stdin("u0\nu1\n").exits(1);
    let error = &done.error().expect("an error")["error"];
    assert!(!error["message"].to_string().contains("read"), "{error}");
    assert_ne!(error["hint"], json!(null));
}

#[test]
fn a_feed_that_is_not_a_list_is_exit_2_because_nothing_was_sent() {
    for (format, feed) in [
        ("csv", "name,x\nuser1,y\n"),
        ("csv", "user,\"reason\nuser1,y\n"),
        ("lines", "PK\u{3}\u{4}\nuser1\n"),
    ] {
        let sandbox = Sandbox::untouched();
        let kick = sandbox.kick("-r room-test --stream --from - -m x -o json --format");
        let kick = kick.arg(format).stderr(any());
        let done = kick.stdin(feed).exits(2);
        let error = &done.error().expect("an error");
        assert_eq!(error["error"]["kind"], "usage", "{done}");
        assert_eq!(done.count("refused"), 1, "{done}");
    }
    // One bad row is refused, as every row of a feed that cannot be used.
    let sandbox = Sandbox::untouched();
    let kick = sandbox.kick("-r room-test --stream --from - -m x");
    kick.stdin("bad row\n").stdout(any()).stderr(any()).exits(1);
}

/// The hint of the error.
#[track_caller]
fn hint(done: &Done) -> String {
    let error = done.error().expect("an error");
    error["error"]["hint"].as_str().expect("a text").to_owned()
}

/// Its row was taken, and nothing else would send it again.
#[test]
fn a_member_that_is_refused_because_of_the_credentials_is_sent_again() {
    let sandbox = Sandbox::failing("70003");
    let kick = sandbox.kick("-r room-test --stream --from - --format lines -m x -o json");
    let (running, mut feed) = kick.stdout(any()).stderr(any()).start_fed();
    writeln!(feed, "user1").expect("it reads");
    let done = running.ends(4);
    assert_eq!(done.count("refused"), 1, "{done}");
    let expected = "send the rows of the members that are refused or not settled again, and \
                    the rows after line 1 of the feed";
    assert!(hint(&done).lines().any(|line| line == expected), "{done}");
    drop(feed);
}

#[test]
fn the_rest_of_a_table_needs_its_header_line() {
    for (format, header, row, hint_end) in [
        (
            "csv",
            "user,room\n",
            "user1,room-test",
            ", with the header line",
        ),
        (
            "tsv",
            "user\troom\n",
            "user1\troom-test",
            ", with the header line",
        ),
        ("csv --columns user,room", "\n", "user1,room-test", ""),
        ("json", "\n", r#"{"Member_Account":"user1"}"#, ""),
        // As jq prints it.
        ("json", "", "{\n\"Member_Account\":\"user1\"}", ""),
    ] {
        let sandbox = Sandbox::demo();
        let kick = sandbox.kick("-r room-test --stream --from - -m x -o json --format");
        let kick = kick.args(format).stdout(any()).stderr(any());
        let (running, mut feed) = kick.start_fed();
        writeln!(feed, "{header}{row}").expect("it reads");
        sandbox.wait_until(|sandbox| sandbox.removed().len() == 1);
        running.signal(Signal::TERM);
        let done = running.ends(143);
        let expected = format!("send the rows after line 2 of the feed{hint_end}");
        assert_eq!(hint(&done), expected, "{format}");
        drop(feed);
    }
}

#[test]
fn a_feed_that_is_not_a_list_is_sent_again_as_a_whole() {
    for (format, feed, line) in [
        ("csv", "name,x\nuser1,y\n", "the first line"),
        ("csv", "\n\nname,x\nuser1,y\n", "line 3"),
        ("lines", "PK\u{3}\u{4}\nuser1\n", "the first line"),
    ] {
        let sandbox = Sandbox::untouched();
        let kick = sandbox.kick("-r room-test --stream --from - -m x -o json --format");
        let done = kick.arg(format).stderr(any()).stdin(feed).exits(2);
        let expected = format!("correct {line} of the feed and send all of it again");
        assert!(hint(&done).contains(&expected), "{done}");
        assert!(!hint(&done).contains("after line"), "{done}");
    }
}

/// A name of an inner line would be sent without the room of its value.
#[test]
fn an_array_that_is_not_read_on_is_sent_again_from_where_its_broken_value_begins() {
    let other = "{\"RoomId\":\"other\",";
    for (value, lines_before) in [
        (
            format!("{other}\n\"MemberList_Account\":[\n\"a\"\n\"b\",\n\"c\"\n]}},"),
            0,
        ),
        (format!("{other}\"Reason\":\"x\"}}\n\"b\",\n\"c\"]}},"), 0),
        (
            format!("{other}\n\"Reason\":\"x\"\n}}\n\"b\",\n\"c\"]}},"),
            0,
        ),
        (format!("\"user2\",\n{other}\n\"Reason\" \"x\"\n}}"), 1),
    ] {
        let sandbox = Sandbox::demo();
        let kick = sandbox.kick("-r room-test --stream --from - --format json -m x -o json");
        let kick = kick.stdout(any()).stderr(any());
        let feed = format!("\n[\n{{\"Member_Account\":\"user1\"}},\n{value}\n\"c\"\n]\n");
        let done = kick.stdin(feed).exits(6);
        let line = 4 + lines_before;
        let expected = format!(
            "fix the broken value that begins in line {line} of the feed; send it and all after \
             it, with [ before it"
        );
        assert_eq!(hint(&done), expected, "{value}: {done}");
    }
    // With other rows that were bad.
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test --stream --from - --format json -m x -o json");
    let feed = "\"user1\"\n{}\n[\n{\n\"x\" 1\n}]\n";
    let done = kick.stdout(any()).stderr(any()).stdin(feed).exits(6);
    let expected = "fix the rows reported above and send them again\n\
                    fix the broken value that begins in line 4 of the feed; send it and all after \
                    it, with [ before it";
    assert_eq!(hint(&done), expected, "{done}");
}

#[test]
fn a_feed_of_which_nothing_was_sent_has_one_hint_about_its_rows() {
    let broken = "[\n{\n\"RoomId\": \"r\",\n\"MemberList_Account\": [\n\"a\"\n\"b\"\n]\n}\n]\n";
    for (before, expected) in [
        ("", "correct line 2 of the feed and send all of it again"),
        (
            "{}\n",
            "correct the rows reported above and send all of the feed again",
        ),
    ] {
        let sandbox = Sandbox::untouched();
        let kick = sandbox.kick("-r room-test --stream --from - --format json -m x -o json");
        let done = kick
            .stderr(any())
            .stdin(format!("{before}{broken}"))
            .exits(2);
        assert_eq!(hint(&done), expected, "{done}");
    }
}

/// A room without members of the feed.
fn sandbox_with_one() -> Sandbox {
    Sandbox::with(Options::default().room("r", ["other"]))
}
