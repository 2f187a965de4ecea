//! A stopped feed: what is to be sent again of the line where the job has stopped, and
//! with what.

use std::io::Write;

use roomctl::sandbox::Options;
use rustix::process::Signal;

use crate::support::{Done, Sandbox, any};

/// The hint of the error.
#[track_caller]
fn hint(done: &Done) -> String {
    let error = done.error().expect("an error");
    error["error"]["hint"].as_str().expect("a text").to_owned()
}

/// Starts a feed of json that stays open, and stops it when so many members of the demo
/// room were removed.
#[track_caller]
fn json_stopped_after(removed: usize, feed: &str) -> Done {
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test --stream --from - --format json -m x -o json");
    let (running, mut pipe) = kick.stdout(any()).stderr(any()).start_fed();
    write!(pipe, "{feed}").expect("it reads");
    sandbox.wait_until(|sandbox| sandbox.removed().len() == removed);
    running.signal(Signal::TERM);
    let done = running.ends(143);
    drop(pipe);
    done
}

#[test]
fn what_follows_in_the_line_of_the_last_row_is_sent_as_well() {
    let rest_of_first = "the rest of line 1 of the feed and the rows after it";
    for (feed, removed, left, brackets) in [
        (
            "[\"user1\",\"user2\",",
            2,
            rest_of_first,
            ", with [ before the first row",
        ),
        (
            "{\"Member_Account\":\"user1\"} {\"Member_Account\":",
            1,
            rest_of_first,
            "",
        ),
        ("{\"Member_Account\":\"user1\"}", 1, rest_of_first, ""),
        (
            "[\n\"user1\",\n\"user2\",\n",
            2,
            "the rows after line 3 of the feed",
            ", with [ before the first row",
        ),
        (
            "[\"user1\", \"user2\"] \n",
            2,
            "the rows after line 1 of the feed",
            "",
        ),
        (
            "\"user1\"\n{\"Member_Account\":",
            1,
            "the rows after line 1 of the feed",
            "",
        ),
    ] {
        let done = json_stopped_after(removed, feed);
        assert_eq!(hint(&done), format!("send {left}{brackets}"), "{feed:?}");
        let message = done.error().expect("an error")["error"]["message"].to_string();
        let expected = format!("{left} were not read\"");
        assert!(message.ends_with(&expected), "{feed:?}: {message}");
    }
}

#[test]
fn an_array_in_one_line_is_sent_again_as_a_whole() {
    // More than the job takes before the first answers.
    let names: Vec<String> = (0..10_000).map(|n| format!("\"u{n}\"")).collect();
    let sandbox = Sandbox::with(Options::default().room("r", ["u0"]));
    let kick = sandbox.kick("-r r --stream --from - --format json -m x -o json --rate 5");
    let kick = kick.arg("--deadline=500ms").stdout(any()).stderr(any());
    let done = kick.stdin(format!("[{}]\n", names.join(","))).exits(5);
    let message = done.error().expect("an error")["error"]["message"].to_string();
    assert!(
        message.contains("; the rows of the feed were not all read"),
        "{message}"
    );
    assert_eq!(hint(&done), "send the rows of the feed again");
}

#[test]
fn a_bad_row_of_several_lines_counts_with_its_last_one() {
    let sandbox = Sandbox::untouched();
    let kick = sandbox.kick("-r room-test --stream --from - --format json -m x -o json");
    let kick = kick.arg("--max-failures=1").stdout(any()).stderr(any());
    let (running, mut feed) = kick.start_fed();
    let row = "{\n  \"Member_Account\":\n    \"\u{fc}ser\"\n}\n";
    write!(feed, "{row}").expect("it reads");
    let done = running.ends(6);
    let last = hint(&done).lines().last().map(str::to_owned);
    let expected = "send the rows after line 4 of the feed";
    assert_eq!(last.as_deref(), Some(expected), "{done}");
    drop(feed);
}

#[test]
fn a_table_that_was_read_to_its_end_is_sent_again_with_its_header_line() {
    let feed = "user\nuser1\nuser2\n";
    for (fault, words, code, members) in [
        ("70003", "", 4, "refused or not settled"),
        ("drop", "--retries 0", 5, "not settled"),
    ] {
        for (format, header) in [("csv", ", with the header line"), ("lines", "")] {
            let sandbox = Sandbox::failing(fault);
            let kick = sandbox.kick("-r room-test --stream --from - -m x -o json --format");
            let kick = kick.arg(format).args(words).stdout(any()).stderr(any());
            let feed = feed.trim_start_matches(if format == "lines" { "user\n" } else { "" });
            let done = kick.stdin(feed).exits(code);
            let expected = format!("send the rows of the members that are {members} again{header}");
            let hint = hint(&done);
            assert!(hint.lines().any(|line| line == expected), "{fault}: {hint}");
        }
    }
}
