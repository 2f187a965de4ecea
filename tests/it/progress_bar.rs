//! The bar on a terminal: one line that is updated, never mixed with results,
//! follows the window's width, and is gone at the end.

use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::support::{
    Gate, Home, OK, Reply, Roomctl, Sandbox, Server, Terminal, any, fail, is_installed, lines,
};

/// The sequence that clears a bar.
const ERASURE: &str = "\x1b[J\r";

fn kick(sandbox: &Sandbox, words: &str) -> Roomctl {
    let home = Home::new();
    home.file("list", lines("u", 0..2000));
    let kick = sandbox.kick("-r r -m spam --from list --yes").home(&home);
    kick.args(words)
}

/// In the lines above the bar.
fn is_one_line(shown: &str) -> bool {
    let lines = shown.lines().map(str::trim);
    lines.filter(|line| !["", "above"].contains(line)).count() == 1
}

#[test]
fn it_moves_within_one_line() {
    if !is_installed("tmux") {
        return;
    }
    for columns in [80, 40, 20] {
        let sandbox = Sandbox::crowd(50);
        let screen = kick(&sandbox, "--rate 20").on_screen(columns, true);
        screen.wait_for("20/20");
        let shown = screen.shown_now();
        assert!(is_one_line(&shown), "{columns}: {shown}");
        screen.press("C-c");
        screen.at_the_end(false);
    }
}

#[test]
fn a_window_that_changes_its_width_keeps_it_in_one_line() {
    if !is_installed("tmux") {
        return;
    }
    let sandbox = Sandbox::crowd(50);
    // A terminal that wraps a line loses one at the top.
    let kick = kick(&sandbox, "--rate 1").in_shell("yes above | head -n 9 >&2; exec \"$0\" \"$@\"");
    let screen = kick.on_screen(80, true);
    screen.wait_for("retries ETA ");
    for (columns, shape) in [
        (40, "/s ETA "),
        (100, "░ "),
        (50, "retries ETA "),
        (20, "/s "),
    ] {
        screen.becomes(columns);
        screen.wait_until(|shown| shown.contains(shape) && is_one_line(shown));
    }
    screen.press("C-c");
    let shown = screen.at_the_end(false);
    assert!(!shown.contains("/2000"), "{shown}");
}

#[test]
fn an_interrupt_clears_it() {
    if !is_installed("tmux") {
        return;
    }
    for columns in [80, 50, 40] {
        let sandbox = Sandbox::crowd(50);
        let screen = kick(&sandbox, "").on_screen(columns, true);
        screen.wait_for("/2000");
        screen.press("C-c");
        let shown = screen.at_the_end(false);
        assert!(!shown.contains("/2000") && !shown.contains("^C"), "{shown}");
        let shown = shown.strip_prefix(&message(&shown)).expect("a beginning");
        assert!(shown.starts_with("error: stopped by SIG"), "{shown}");
    }
}

/// The note while requests are in flight, with its line feed; empty without
/// any.
fn message(shown: &str) -> String {
    let lines = shown.split_inclusive('\n');
    let message = lines.take_while(|line| !line.starts_with("error:"));
    let message: String = message.collect();
    let is_it = message.starts_with("SIGINT: waiting for ") && message.ends_with("once\n");
    assert!(message.is_empty() || is_it, "{shown}");
    message
}

/// Half a minute of work; the first answer waits at the gate.
fn kick_behind(gate: &Gate) -> (Server, Roomctl) {
    let server = Server::answering([Reply::json(OK).held_by(gate)]);
    let kick = server.kick("-u x -m spam --yes --rate 1 --timeout 10m");
    let kick = kick.many("-r", "room", 30);
    (server, kick)
}

#[test]
fn the_first_interrupt_clears_it_and_the_second_ends_the_run() {
    if !is_installed("tmux") {
        return;
    }
    let gate = Gate::default();
    let (_server, kick) = kick_behind(&gate);
    let screen = kick.on_screen(80, true);
    screen.wait_for("/30");
    screen.press("C-c");
    screen.wait_until(|shown| !shown.contains("/30"));
    // Two signals at the same moment would be one.
    thread::sleep(Duration::from_millis(200));
    screen.press("C-c");
    let shown = screen.at_the_end(false);
    let waiting = "SIGINT: waiting for 1 request in flight; another one stops at once";
    assert_eq!(shown.trim().trim_end_matches("^C"), waiting, "{shown}");
    gate.open();
}

/// A room that is gone: every member is refused, and has a row.
fn refused(words: &str) -> (Server, Roomctl) {
    let (server, home) = (
        Server::answering([Reply::json(&fail(100_004))]),
        Home::new(),
    );
    home.file("list", lines("u", 0..2000));
    let kick = server.kick("-r r -m spam --from list --yes").home(&home);
    let kick = kick.args(words).env("TERM", "xterm");
    (server, kick)
}

/// How a row begins.
const ROW: &str = "r     u";

#[test]
fn results_are_drawn_with_its_next_update_and_not_each_with_one_of_its_own() {
    let ((_server, kick), terminal) = (refused(""), Terminal::new());
    kick.start_all_on(&terminal).ends(1);
    let shown = terminal.wait_for("p99");
    let pictures: Vec<&str> = shown.split(ERASURE).collect();
    let results = |picture: &&str| picture.matches(ROW).count();
    let counts: Vec<usize> = pictures.iter().map(results).collect();
    assert_eq!(counts.iter().sum::<usize>(), 2000, "{shown}");
    assert!(counts.len() > 2, "{shown}");
    // One request is for 20 of them.
    assert!(counts.iter().any(|count| *count > 60), "{counts:?}");
    assert!(shown.contains("/2000 "), "{shown}");
}

#[test]
fn results_that_wait_for_an_update_are_shown_at_a_signal_and_at_the_end() {
    let ((_server, kick), terminal) = (refused("--rate 20"), Terminal::new());
    let running = kick.start_all_on(&terminal);
    terminal.wait_for(ROW);
    running.signal(Signal::INT);
    running.ends(130);
    let shown = terminal.wait_for("p99");
    // The rest is unsent, and not listed.
    let unwrapped = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let (rows, after) = unwrapped
        .split_once(" unsent members are")
        .expect("the rest");
    let refused = rows.matches("100004 the text").count();
    let unsent = rows.rsplit(' ').next().expect("a number").replace(',', "");
    let unsent: usize = unsent.parse().expect("a number");
    assert!(refused > 0 && refused + unsent == 2000, "{shown}");
    assert!(!after.contains("/2000 "), "{after}");
}

#[test]
fn a_long_job_on_a_terminal_shows_only_members_whose_outcome_is_not_as_asked() {
    let (server, terminal) = (
        Server::answering([Reply::json(OK), Reply::json(&fail(100_004))]),
        Terminal::new(),
    );
    let kick = server.kick("-r a -r b -m spam --yes --concurrency 1 --progress never");
    let kick = kick.many("-u", "user", 11).env("TERM", "xterm");
    kick.start_all_on(&terminal).ends(6);
    let shown = terminal.wait_for("p99");
    assert_eq!(shown.matches("\nb     user").count(), 11, "{shown}");
    assert!(
        !shown.contains("a     user") && shown.contains("ERRORINFO"),
        "{shown}"
    );
    let terminal = Terminal::new();
    // Not more than 20: a block for each request, as ever.
    let kick = server.kick("-r a -m spam").many("-u", "user", 11);
    kick.start_all_on(&terminal).ends(1);
    let shown = terminal.wait_for("refused; ");
    assert!(shown.contains("ErrorCode: 100004"), "{shown}");
}

#[test]
fn a_note_hides_it_and_it_is_drawn_again() {
    let (sandbox, terminal) = (Sandbox::crowd(10), Terminal::new());
    let kick = kick(&sandbox, "-v").env("TERM", "xterm").stdout(any());
    kick.start_on(&terminal).ends(0);
    let shown = terminal.wait_for("p99");
    let lines = shown.lines().filter(|line| line.contains("> POST"));
    assert!(lines.clone().any(|line| line.contains(ERASURE)), "{shown}");
    for line in lines.filter(|line| line.contains("/2000 ")) {
        assert!(line.contains(&format!("{ERASURE}> POST")), "{line}");
    }
}

#[test]
fn a_single_request_that_was_retried_ends_with_one_line() {
    let terminal = Terminal::new();
    let server = Server::answering([Reply::json(&fail(60_008)), Reply::json(OK)]);
    let kick = server.kick("-r room-test -u user1 -m spam");
    let kick = kick.env("TERM", "xterm").stdout(any());
    kick.start_on(&terminal).ends(0);
    let shown = terminal.wait_for("requests");
    assert!(
        shown.contains("1 removed; 2 requests, 1 retry, "),
        "{shown}"
    );
}
