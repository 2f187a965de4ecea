//! A feed of json: writers that pause in the middle of a line, and broken values whose
//! names must not be removed from the default room.

use std::io::Write;
use std::thread;
use std::time::Duration;

use roomctl::sandbox::Options;
use rustix::process::Signal;

use crate::support::{Done, Gate, Home, OK, Reply, Sandbox, Server, any};

/// The rooms that rows may name, and the default room, with the same members.
fn sandbox() -> Sandbox {
    let users = || (1..=9).map(|n| format!("user{n}"));
    let options = ["default", "other", "r"]
        .iter()
        .fold(Options::default(), |options, room| {
            options.room(*room, users())
        });
    Sandbox::with(options)
}

/// The hint of the error.
#[track_caller]
fn hint(done: &Done) -> String {
    let error = done.error().expect("an error");
    error["error"]["hint"].as_str().expect("a text").to_owned()
}

#[test]
fn no_row_of_json_waits_for_the_rest_of_its_line() {
    for (parts, removed) in [
        (&["\"user1\"", "\n\"user2\" ", "\t"][..], &[1, 2, 2][..]),
        (&["[\"user1\"", ",\"user2\"", "]\n"], &[1, 2, 2]),
        (&["[\n\"user1\"", ",\n \"user2\"", "\n]\n"], &[1, 2, 2]),
        (&["{\"Member_Account\":\"user1\"}", " \"user2\""], &[1, 2]),
        (&["\u{feff}\"user1", "\"", "\n"], &[0, 1, 1]),
    ] {
        let sandbox = sandbox();
        let kick = sandbox.kick("-r default --stream --from - --format json -m x -o json");
        let (running, mut feed) = kick.stdout(any()).stderr(any()).start_fed();
        for (part, removed) in parts.iter().zip(removed) {
            feed.write_all(part.as_bytes()).expect("it reads");
            sandbox.wait_until(|sandbox| sandbox.removed().len() == *removed);
        }
        drop(feed);
        let done = running.ends(0);
        let last = removed.last().copied().unwrap_or_default();
        assert_eq!(done.count("removed"), last as u64, "{parts:?}");
    }
}

#[test]
fn the_same_of_a_named_pipe() {
    let (sandbox, home) = (sandbox(), Home::new());
    let pipe = home.path().join("feed.json");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, 0o600.into()).expect("a pipe");
    let kick = sandbox.kick("-r default --stream --from feed.json -m x -o json");
    let (running, stdin) = kick.home(&home).stdout(any()).stderr(any()).start_fed();
    let mut feed = std::fs::OpenOptions::new()
        .write(true)
        .open(&pipe)
        .expect("opened");
    write!(feed, "\"user1\"").expect("it reads");
    sandbox.wait_until(|sandbox| sandbox.removed().len() == 1);
    drop((feed, stdin));
    assert_eq!(running.ends(0).count("removed"), 1);
}

#[test]
fn what_arrives_after_a_text_and_a_pause_sends_no_name_to_a_wrong_room() {
    let next = "\n{\"RoomId\":\"r\",\"Member_Account\":\"user3\"}\n";
    for rest in [
        ": [\n\"user4\",\n\"user5\"\n]\n}",
        ",\n\"user4\"\n]}",
        "]\n}",
    ] {
        let sandbox = sandbox();
        let kick = sandbox.kick("-r default --stream --from - --format json -m x -o json");
        let (running, mut feed) = kick.stdout(any()).stderr(any()).start_fed();
        write!(feed, "\"user1\"").expect("it reads");
        sandbox.wait_until(|sandbox| sandbox.removed().len() == 1);
        write!(feed, "{rest}{next}").expect("it reads");
        drop(feed);
        let done = running.ends(6);
        let expected = [("default", "user1"), ("r", "user3")];
        let expected = expected.map(|(room, user)| (room.to_owned(), user.to_owned()));
        assert_eq!(sandbox.removed(), expected.into(), "{rest:?}");
        assert!(done.stderr.contains("\"warning\":\"-:1: "), "{done}");
    }
}

#[test]
fn a_stop_after_a_text_and_a_pause_leaves_the_rest_of_its_line() {
    let sandbox = sandbox();
    let kick = sandbox.kick("-r default --stream --from - --format json -m x -o json");
    let (running, mut feed) = kick.stdout(any()).stderr(any()).start_fed();
    write!(feed, "\"user1\"").expect("it reads");
    sandbox.wait_until(|sandbox| sandbox.removed().len() == 1);
    running.signal(Signal::TERM);
    let done = running.ends(143);
    let rest = "send the rest of line 1 of the feed and the rows after it";
    assert_eq!(hint(&done), rest);
    drop(feed);
}

/// They would be removed from another room than their own.
#[test]
fn names_of_a_broken_value_in_an_array_are_not_removed_from_the_default_room() {
    let sandbox = sandbox();
    let last = "{\"RoomId\":\"r\",\"Member_Account\":\"user3\"}";
    for broken in [
        "{\"RoomId\":\"other\",\"Member_Account\" oops\n\"user1\",\n\"user2\"]},",
        "RoomId\":\"other\",\"MemberList_Account\":[\"user1\",\n\"user2\"]},",
        "list_Account\":[\"user1\",\"user2\"]},",
        "oops {\"MemberList_Account\":[\"user1\",\n\"user2\"\n],\"RoomId\":\"other\"},",
        "{\"RoomId\":\"other\"}}\n\"user1\",\n\"user2\"]},",
        "{\"RoomId\":\"other\"}\n\"user1\",\n\"user2\"]},",
        "// \"user1\", \"user2\",",
    ] {
        for list in [
            format!("[\n{broken}\n{last}\n]\n"),
            format!("[{broken}\n{last}\n]\n"),
            format!("{broken}\n{last}\n"),
        ] {
            for room in ["-r default", ""] {
                let kick = sandbox.kick("--stream --from - --format json -m x -o json");
                let kick = kick.args(room).stdout(any()).stderr(any());
                let done = kick.stdin(&*list).ends(&[1, 2, 6]);
                let wrong = sandbox.removed().into_iter().find(|(room, _)| room != "r");
                assert_eq!(wrong, None, "{list:?}: {done}");
                assert!(done.count("refused") > 0, "{list:?}: {done}");
            }
            // A list with such a value is not sent at all.
            let untouched = Sandbox::untouched();
            let kick = untouched.kick("-r default --from - --format json -m x -o json");
            kick.stdin(&*list).stdout(any()).stderr(any()).exits(2);
        }
    }
}

/// Only what follows the broken value is removed from there.
#[test]
fn objects_inside_of_a_broken_value_are_not_removed_from_the_default_room() {
    let [a, b, c] = [1, 2, 3].map(|n| format!("{{\"Member_Account\":\"user{n}\"}}"));
    let next = "{\"Member_Account\":\"user8\"}\n{\"Member_Account\":\"user9\"}\n";
    for (value, removed) in [
        (
            format!("{{\"RoomId\":\"other\",\"Reason\":\"x\"\n\"Members\":\n[{a},{b}]\n}}"),
            2,
        ),
        (
            format!("{{\"RoomId\":\"other\",,\"Members\":[\n{a},\n{b},\n{c}\n]\n}}"),
            2,
        ),
        (
            format!("{{\"RoomId\":\"other\",,\"Members\":[\n[{a}],\n[\n{b}]\n]\n}}"),
            2,
        ),
        (format!("{{\"RoomId\":\"other\",\"Members\":[\n{a}\n}}"), 2),
        // One torn line in a feed whose rows have no rooms.
        (a[..10].to_owned(), 2),
        (format!("{a}\n{}\n{c}", &b[..b.len() - 1]), 4),
    ] {
        let sandbox = sandbox();
        let kick = sandbox.kick("-r default --stream --from - --format json -m x -o json");
        let kick = kick.stdout(any()).stderr(any());
        let done = kick.stdin(format!("{value}\n{next}")).exits(6);
        assert_eq!(done.count("removed"), removed, "{value}: {done}");
        let names = sandbox.removed().into_iter().map(|(_, user)| user);
        let is_last = |user: &String| user == "user8" || user == "user9";
        assert_eq!(names.filter(is_last).count(), 2, "{value}: {done}");
    }
}

/// Nothing else names the members of these lines.
#[test]
fn the_hint_after_a_stop_speaks_of_bad_rows_and_of_a_broken_value_that_goes_on() {
    let fix = "fix the rows reported above and send them again";
    let torn = "{\"RoomId\":\"other\" \"MemberList_Account\":[\n\"user1\",\n";
    let good = "{\"RoomId\":\"r\",\"Member_Account\":\"user3\"}\n";
    for (feed, flags, expected) in [
        (
            format!("\n{good}{torn}\"user2\",\n"),
            "",
            format!("{fix}\nsend the rows after line 2 of the feed"),
        ),
        (
            format!("{torn}]}}\n{good}"),
            "",
            format!("{fix}\nsend the rows after line 4 of the feed"),
        ),
        (
            format!(
                "\"\n{{\"RoomId\":\"other\",,\"Members\":[\n{{\"Member_Account\":\"user1\"}},\n{good}"
            ),
            "",
            format!("{fix}\nsend the rows after line 1 of the feed"),
        ),
        (
            format!("{{\"Member_Account\":5}}\n{good}"),
            "--failed-to left.json",
            format!("{fix}: left.json does not have them\nsend the rows after line 2 of the feed"),
        ),
    ] {
        let (sandbox, home) = (sandbox(), Home::new());
        let kick = sandbox.kick("-r default --stream --from - --format json -m x -o json");
        let kick = kick.args(flags).home(&home).stdout(any()).stderr(any());
        let (running, mut pipe) = kick.start_fed();
        write!(pipe, "{feed}").expect("it reads");
        sandbox.wait_until(|sandbox| sandbox.removed().len() == 1);
        running.signal(Signal::TERM);
        assert_eq!(hint(&running.ends(143)), expected, "{feed:?}");
        drop(pipe);
    }
}

#[test]
fn an_array_that_ends_the_feed_leaves_its_broken_value_and_the_rows_after_it() {
    for fault in [
        "{\"RoomId\":\"other\",\"Member_Account\" oops \"user1\",",
        "// \"user1\", \"user2\",",
        "{\"RoomId\":\"other\"} \"user1\",",
    ] {
        let sandbox = sandbox();
        let kick = sandbox.kick("-r default --stream --from - --format json -m x -o json");
        let list = format!("[\n\"user3\",\n{fault}\n\"user2\"]}}\n]\n");
        let done = kick.stdin(list).stdout(any()).stderr(any()).exits(6);
        let expected = "fix the broken value that begins in line 3 of the feed; send it and all \
                        after it, with [ before it";
        assert_eq!(hint(&done), expected, "{done}");
    }
}

#[test]
fn after_a_signal_at_the_end_of_a_feed_bad_rows_are_left_to_be_sent_again() {
    for (feed, expected) in [
        (
            "{x\n\"user1\"\n",
            "fix the rows reported above and send them again",
        ),
        (
            "\"user1\"\n",
            "every member has an outcome: nothing needs to be run again",
        ),
    ] {
        let gate = Gate::default();
        let server = Server::answering([Reply::json(OK).held_by(&gate)]);
        let kick = server.kick("-r r --stream --from - --format json -m x -o json");
        let kick = kick.arg("--timeout=10m").stdout(any()).stderr(any());
        let (running, mut pipe) = kick.start_fed();
        writeln!(pipe, "{feed}{{\"Member_Account\":\"user2\"}}").expect("it reads");
        drop(pipe);
        server.wait_for(1);
        running.signal(Signal::TERM);
        // The answer must come after the signal, which nothing shows.
        thread::sleep(Duration::from_millis(500));
        gate.open();
        assert_eq!(hint(&running.ends(143)), expected, "{feed:?}");
    }
}
