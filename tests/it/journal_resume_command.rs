//! A job with a journal that a signal or a full disk stops prints the command
//! that continues it; typed into a shell as printed, it finishes the job.

use std::time::Duration;

use roomctl::sandbox::Options;
use rustix::process::Signal;

use crate::support::{Done, Home, Journal, Log, Roomctl, Sandbox, any, has};

const SIGNALS: [(Signal, i32); 3] = [(Signal::HUP, 129), (Signal::INT, 130), (Signal::TERM, 143)];

/// More than a second of work; each run is stopped near its start.
const ROOMS: usize = 16;

/// An argument that a shell would split if it were not quoted.
const REASON: &str = "it's \"spam\" & $HOME; `rm -r *` \\ !x ~";

fn crowd() -> Sandbox {
    let room = |n| (format!("r{n}"), vec!["u x".to_owned(), "*".to_owned()]);
    Sandbox::with(Options {
        rooms: (1..=ROOMS).map(room).collect(),
        latency: Duration::from_millis(5),
        ..Options::default()
    })
}

fn kick(sandbox: &Sandbox, home: &Home) -> Roomctl {
    let kick = sandbox.kick("--rate 10 -y --journal").arg("my journal");
    let kick = kick.arg("-u").arg("*").arg("-m").arg(REASON);
    let kick = kick.arg("--failed-to").arg("who's left");
    kick.home(home).stdout(any()).stderr(any())
}

/// Stopped by a signal soon after its first request.
fn stopped(sandbox: &Sandbox, kick: Roomctl, (signal, code): (Signal, i32)) -> Done {
    let before = sandbox.log().len();
    let running = kick.start();
    sandbox.wait_for(before + 1);
    running.signal(signal);
    running.ends(code)
}

/// The command in this hint.
fn command(hint: &str) -> &str {
    let (_, command) = hint.split_once("continue with: ").expect("how to continue");
    command.lines().next().expect("a line")
}

/// Every member was removed once, and none was sent twice.
fn check(sandbox: &Sandbox, home: &Home) {
    let book = Journal::read(&home.path().join("my journal"));
    assert_eq!(book.settled().count(), ROOMS);
    assert_eq!(Log::of(sandbox.log()).repeats(), 0);
}

#[test]
fn a_signal_prints_the_command_that_finishes_the_job() {
    for signal in SIGNALS {
        let (sandbox, home) = (crowd(), Home::new());
        let first = kick(&sandbox, &home).many("-r", "r", ROOMS);
        let done = stopped(&sandbox, first, signal);
        let line = command(&done.stderr);
        let again = sandbox.kick("").in_shell(&format!("exec {line}"));
        let again = again.home(&home).stdout(any());
        again
            .stderr(has(["already settled in my journal"]))
            .exits(0);
        check(&sandbox, &home);
    }
}

#[test]
fn stopped_several_times_the_printed_command_still_finishes_the_job() {
    let (sandbox, home) = (crowd(), Home::new());
    // Only JSON takes such a name as it is.
    let row = |n| format!(r#"{{"RoomId":"r{n}","Member_Account":"*"}}"#);
    let rows: Vec<String> = (1..=ROOMS).map(row).collect();
    let list = home.file("the list", rows.join("\n"));
    let first = kick(&sandbox, &home).args("-o json --again");
    let first = first.arg("--format").arg("json").arg("-f").arg(list);
    // The room applies to the member of the flag only.
    let mut done = stopped(&sandbox, first.args("-r r1"), SIGNALS[0]);
    for signal in [Some(SIGNALS[1]), Some(SIGNALS[2]), None] {
        let error = done.error().expect("an error");
        let hint = error["error"]["hint"].as_str().expect("a hint").to_owned();
        let line = format!("exec {}", command(&hint));
        let again = sandbox.kick("").in_shell(&line).home(&home);
        let again = again.stdout(any()).stderr(any());
        done = match signal {
            Some(signal) => stopped(&sandbox, again, signal),
            None => again.exits(0),
        };
    }
    check(&sandbox, &home);
}

#[test]
fn after_a_full_disk_the_printed_command_finishes_the_job_where_there_is_room() {
    let (sandbox, home) = (crowd(), Home::new());
    let first = kick(&sandbox, &home).many("-r", "r", ROOMS);
    let first = first.in_shell("ulimit -f 4; exec \"$0\" \"$@\"");
    let done = first.exits(7);
    let line = format!("exec {}", command(&done.stderr));
    let again = sandbox.kick("").in_shell(&line).home(&home);
    again.stdout(any()).stderr(any()).exits(0);
    let book = Journal::read(&home.path().join("my journal"));
    assert_eq!((book.settled().count(), book.repeated), (ROOMS, vec![]));
}
