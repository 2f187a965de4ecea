//! A feed of csv or tsv with a quote that is not closed in its line: nobody who may only
//! be named in a text is removed, and a stray quote does not silence the feed.

use std::io::Write;
use std::thread;
use std::time::Duration;

use roomctl::sandbox::Options;
use rustix::process::Signal;

use crate::support::{Done, Roomctl, Sandbox, any};

/// A room with a name as it is written in texts.
fn sandbox() -> Sandbox {
    let users = (1..=300).map(|n| format!("user{n}"));
    let users = users.chain(["bob".to_owned()]);
    Sandbox::with(Options::default().room("r", users))
}

fn kick(sandbox: &Sandbox, format: &str) -> Roomctl {
    let kick = sandbox.kick("-r r -m x --stream --from - -o json --format");
    kick.args(format).stdout(any()).stderr(any())
}

/// Who was removed, in order.
fn removed(sandbox: &Sandbox) -> Vec<String> {
    let mut users: Vec<_> = sandbox
        .removed()
        .into_iter()
        .map(|(_, user)| user)
        .collect();
    users.sort();
    users
}

#[track_caller]
fn has_warning(done: &Done, warning: &str) {
    let warning = format!("\"warning\":\"-:{warning}");
    assert_eq!(
        done.stderr.matches(&warning).count(),
        1,
        "{warning}: {done}"
    );
}

#[test]
fn nobody_who_is_named_inside_of_a_quoted_text_of_a_feed_is_removed() {
    let text = "user,reason\nuser1,\"hello\nbob, spam\n\"\nuser2,x\n";
    for (format, feed) in [
        ("csv", text.to_owned()),
        ("csv", text.replace('\n', "\r\n")),
        ("csv", text.replace(',', ";")),
        ("tsv", text.replace(',', "\t")),
        (
            "csv --columns user,reason",
            text.replace("user,reason\n", "\n"),
        ),
    ] {
        let sandbox = sandbox();
        let done = kick(&sandbox, format).stdin(feed.as_str()).exits(6);
        assert_eq!(removed(&sandbox), ["user2"], "{feed:?}: {done}");
        // The row and its other two lines.
        assert_eq!(done.count("refused"), 3, "{done}");
        has_warning(&done, "2: a quote is opened here");
        let part = "may be part of the row whose quote is opened in line 2, and is not taken";
        has_warning(&done, &format!("3: {part}"));
        has_warning(&done, &format!("4: {part}"));
    }
}

#[test]
fn a_writer_that_pauses_between_the_lines_of_a_text_removes_nobody_named_in_it() {
    let sandbox = sandbox();
    let (running, mut feed) = kick(&sandbox, "csv").start_fed();
    for line in [
        "user,reason\nuser1,x",
        "user2,\"hello",
        "bob, spam",
        "\"",
        "user3,x",
    ] {
        writeln!(feed, "{line}").expect("it reads");
        thread::sleep(Duration::from_millis(60));
    }
    // It waits for nothing: the feed is still open.
    sandbox.wait_until(|sandbox| sandbox.removed().len() == 2);
    drop(feed);
    let done = running.ends(6);
    assert_eq!(removed(&sandbox), ["user1", "user3"], "{done}");
}

#[test]
fn a_stray_quote_costs_a_bounded_number_of_rows() {
    let rows = |from: usize| {
        let rows: Vec<_> = (from..=300).map(|n| format!("user{n},spam\n")).collect();
        rows.concat()
    };
    // At most 1000 bytes of lines; up to a row with a quoted cell.
    for (feed, most) in [
        (format!("user,reason\nuser1,\"5 inch\n{}", rows(2)), 100),
        (
            format!(
                "user,reason\nuser1,\"5 inch\nuser2,x\nuser3,\"x\"\n{}",
                rows(4)
            ),
            1,
        ),
    ] {
        let sandbox = sandbox();
        let done = kick(&sandbox, "csv").stdin(feed.as_str()).exits(6);
        let refused = done.count("refused");
        assert!((2..=most + 1).contains(&refused), "{refused}: {done}");
        assert_eq!(done.count("removed"), 300 - refused, "{done}");
        assert!(removed(&sandbox).contains(&"user300".to_owned()));
    }
}

#[test]
fn a_stop_inside_of_a_quoted_text_leaves_its_row_to_be_sent_again() {
    let sandbox = sandbox();
    let (running, mut feed) = kick(&sandbox, "csv").start_fed();
    write!(feed, "user,reason\nuser1,x\nuser2,\"hello\nuser3, spam\n").expect("it reads");
    sandbox.wait_until(|sandbox| sandbox.removed().len() == 1);
    running.signal(Signal::TERM);
    let done = running.ends(143);
    let error = done.error().expect("an error");
    let hint = error["error"]["hint"].as_str().expect("a text");
    let expected = "send the rows after line 2 of the feed, with the header line";
    assert!(hint.contains(expected), "{done}");
    drop(feed);
}
