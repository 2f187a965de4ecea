//! If the journal cannot be written, the job stops with exit 7 and no request
//! was sent without a record. If another process uses the journal, nothing is
//! sent.

use std::fs;
use std::process::Command;

use roomctl::sandbox::Options;

use crate::support::{
    Gate, Home, Journal, Log, OK, Reply, Roomctl, Sandbox, Server, any, report_skipped, wait_until,
};

const ROOMS: usize = 30;

/// Thirty rooms with one member each.
fn crowd() -> Sandbox {
    let room = |n| (format!("r{n}"), vec!["x".to_owned()]);
    Sandbox::with(Options {
        rooms: (1..=ROOMS).map(room).collect(),
        ..Options::default()
    })
}

fn kick(sandbox: &Sandbox, home: &Home, journal: &str) -> Roomctl {
    let kick = sandbox.kick("-u x -m spam -o json --retries 0 --journal");
    let kick = kick.arg(journal).many("-r", "r", ROOMS);
    kick.home(home).stdout(any()).stderr(any())
}

/// Ends with exit 7 on a disk that is too small, then continues on a larger
/// one. Returns how many requests were sent before and after.
fn runs_out(sandbox: &Sandbox, home: &Home, script: &str, kept: &str) -> (usize, usize) {
    let full = kick(sandbox, home, "small/j").in_shell(script).exits(7);
    let error = full.error().expect("an error");
    assert_eq!(error["error"]["kind"], "record", "{full}");
    let text = error["error"].to_string();
    assert!(text.contains("journal small/j"), "{text}");
    let sent = sandbox.log().len();
    let journal = Journal::read(&home.path().join(kept));
    let intents: usize = journal.intents.values().sum();
    assert_eq!(intents, sent, "sent is what is recorded");
    let reported = full.results();
    assert!(
        reported.is_empty() || reported.len() == ROOMS,
        "all are reported"
    );
    let unsent = reported
        .iter()
        .filter(|reported| reported["Outcome"] == "unsent");
    assert_eq!(
        unsent.count(),
        reported.len().saturating_sub(sent),
        "{full}"
    );

    kick(sandbox, home, kept).exits(0);
    let (journal, log) = (
        Journal::read(&home.path().join(kept)),
        Log::of(sandbox.log()),
    );
    assert_eq!(journal.settled().count(), ROOMS);
    assert_eq!(log.removed.len(), ROOMS);
    assert_eq!(journal.repeated, []);
    (sent, log.lines.len() - sent)
}

#[test]
fn a_file_size_limit_stops_the_job_wherever_it_cuts_a_record() {
    let sizes = [0, 1, 2, 3, 5, 8, 11];
    let sents = sizes.map(|blocks| {
        let (sandbox, home) = (crowd(), Home::new());
        fs::create_dir(home.path().join("small")).expect("a folder");
        let script = format!("ulimit -f {blocks}; exec \"$0\" \"$@\"");
        runs_out(&sandbox, &home, &script, "small/j").0
    });
    assert_eq!(sents[0], 0, "without a single record nothing is sent");
    // How many records fit depends on timing.
    assert!(sents[6] > sents[1], "{sents:?}");
    assert!(sents[6] > 0 && sents[6] < ROOMS, "{sents:?}");
}

/// A small disk in a namespace that ends with the run; its journal is copied to
/// `left`.
const SMALL_DISK: &str = "mount -t tmpfs -o size=8k none small || exit 99
    \"$0\" \"$@\"; code=$?
    cp small/j left; exit $code";

/// Whether this system allows mounting in a new namespace.
fn is_mounting_allowed() -> bool {
    let script = "mkdir small && mount -t tmpfs -o size=8k none small";
    let folder = tempfile::tempdir().expect("a folder");
    let mut mount = Command::new("unshare");
    mount.args(["--mount", "sh", "-c", script]);
    let made = mount.current_dir(folder.path()).output();
    made.is_ok_and(|made| made.status.success())
}

#[test]
fn a_full_disk_stops_the_job() {
    if !is_mounting_allowed() {
        report_skipped("a_full_disk_stops_the_job needs root, to mount a small disk");
        return;
    }
    let (sandbox, home) = (crowd(), Home::new());
    fs::create_dir(home.path().join("small")).expect("a folder");
    home.file("run", SMALL_DISK);
    let script = "exec unshare --mount sh -c \"$(cat run)\" \"$0\" \"$@\"";
    let (before, after) = runs_out(&sandbox, &home, script, "left");
    assert!(before > 0 && after > 0, "{before} and {after}");
}

#[test]
fn of_two_that_start_together_one_works_and_the_other_sends_nothing() {
    let home = Home::new();
    let gate = Gate::default();
    let server = Server::answering([Reply::json(OK).held_by(&gate)]);
    let start = || {
        let kick = server.kick("-u x -m spam -o json --journal j --concurrency 1");
        let kick = kick.many("-r", "r", 3).home(&home);
        kick.stdout(any()).stderr(any()).start()
    };
    let (mut one, mut other) = (start(), start());
    wait_until("one of them ends", || one.is_over() || other.is_over());
    let (winner, loser) = if one.is_over() {
        (other, one)
    } else {
        (one, other)
    };
    let refused = loser.ends(7);
    assert_eq!(refused.stdout, "");
    let error = refused.error().expect("an error");
    let message = error["error"]["message"].as_str().expect("a message");
    assert!(message.contains("another process"), "{message}");
    gate.open();
    winner.ends(0);
    assert_eq!(server.requests().len(), 3);
    let journal = Journal::read(&home.path().join("j"));
    assert_eq!((journal.records, journal.settled().count()), (7, 3));
}
