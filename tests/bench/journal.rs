//! The cost of the journal: records per second while a job runs, and the time
//! and memory to read back a million settled members: by the next run of the job, and by
//! `journal show` and `journal summary`.
//!
//! In this process and on this disk, without requests: at `--rate` a run spends
//! nearly all of its time waiting for slots. Prints figures. Checks only that
//! everything that was written is read back, not the speed.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use roomctl::job::journal::{self, Author, Journal, JournalScope};
use roomctl::job::{Batch, LastAnswer, Outcome, Plan, Settled};
use roomctl::room::{Action, Reason, RoomId, UserId};

const OWNER: JournalScope = JournalScope {
    sdkappid: 1_400_000_001,
    rehearsal: None,
};
const REQUESTS: usize = 20_000;
const MILLION: usize = 1_000_000;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            let _ = writeln!(io::stderr(), "journal: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(reported)?;
    for each in [1, 20] {
        let path = folder.path().join(format!("of-{each}"));
        let batches = batches(REQUESTS, each);
        let took = write(&path, batches)?;
        let bytes = path.metadata().map_err(reported)?.len();
        let requests = REQUESTS as u64;
        say(&format!(
            "journal: {requests} requests of {each}: {} records a second, \
             {:.1} µs and {} bytes a request",
            per_second(2 * REQUESTS, took),
            micros(took, REQUESTS),
            bytes / requests,
        ));
    }
    for each in [20, 1] {
        let path = folder.path().join(format!("million-of-{each}"));
        write(&path, batches(MILLION / each, each))?;
        replay(&path, each)?;
        for command in ["show", "summary"] {
            read(command, &path, each)?;
        }
    }
    Ok(())
}

/// Reads a million members back, as the next run of their job does.
fn replay(path: &Path, each: usize) -> Result<(), String> {
    let bytes = path.metadata().map_err(reported)?.len();
    let begin = Instant::now();
    let history = journal::read_history(path, OWNER, SystemTime::now()).map_err(reported)?;
    let took = begin.elapsed();
    let is_known = history.len() == MILLION && history.last_settled().is_some();
    if !is_known {
        return Err(format!("of {MILLION} members {} are known", history.len()));
    }
    say(&format!(
        "journal: {MILLION} settled members from requests of {each}, {} MB: replayed in {:.2} s, \
         {} bytes of memory a member",
        bytes / 1_000_000,
        took.as_secs_f64(),
        history.memory() / MILLION,
    ));
    Ok(())
}

/// `roomctl journal COMMAND` over a million members, whose text goes nowhere.
fn read(command: &str, path: &Path, each: usize) -> Result<(), String> {
    let begin = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_roomctl"))
        .args(["journal", command])
        .arg(path)
        .stdout(Stdio::null())
        .spawn()
        .map_err(reported)?;
    let mut memory = 0;
    let status = loop {
        // The largest so far; only Linux has it.
        let status = fs::read_to_string(format!("/proc/{}/status", child.id()));
        memory = memory.max(status.ok().and_then(|text| peak_kib(&text)).unwrap_or(0));
        match child.try_wait().map_err(reported)? {
            Some(status) => break status,
            None => thread::sleep(Duration::from_millis(5)),
        }
    };
    if !status.success() {
        return Err(format!("journal {command}: {status}"));
    }
    say(&format!(
        "journal {command}: {MILLION} members from requests of {each} in {:.2} s, {memory} KiB of memory",
        begin.elapsed().as_secs_f64(),
    ));
    Ok(())
}

fn peak_kib(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

/// Intent and outcome of each request, and the last sync.
fn write(path: &Path, batches: impl Iterator<Item = Batch>) -> Result<Duration, String> {
    let author = Author {
        scope: OWNER,
        action: Action::Kick,
        identifier: "administrator".into(),
        profile: Some("production".into()),
        ban_seconds: None,
    };
    let opened = Journal::open(path, author, SystemTime::now()).map_err(reported)?;
    let mut journal = opened.journal;
    let mut took = Duration::ZERO;
    for batch in batches {
        let settled = settled(&batch);
        let begin = Instant::now();
        let now = SystemTime::now();
        journal.write_intent(&batch, now).map_err(reported)?;
        journal.write_settled(&settled).map_err(reported)?;
        took += begin.elapsed();
    }
    let begin = Instant::now();
    journal.finish().map_err(reported)?;
    Ok(took + begin.elapsed())
}

/// The batches of a plan, as the engine starts them.
fn batches(requests: usize, each: usize) -> impl Iterator<Item = Batch> {
    let mut plan = Plan::new(Action::Kick);
    let reason = Reason::parse("advertising in several rooms").expect("a reason");
    for number in 0..requests {
        let room = RoomId::parse(&format!("room-{number}")).expect("a room");
        for user in 0..each {
            let user = UserId::parse(&format!("member-{user}")).expect("a user");
            plan.add(&room, &user, &reason);
        }
    }
    plan.into_batches().map(|mut batch| {
        batch.start(Duration::ZERO);
        batch
    })
}

fn settled(batch: &Batch) -> Settled {
    Settled {
        last_failure: None,
        action: Action::Kick,
        room: batch.room.clone(),
        members: batch.members.clone(),
        reason: batch.reason.clone(),
        outcome: Outcome::Done,
        last_answer: LastAnswer::Answer {
            action_status: Some("OK".into()),
            error_code: 0,
            error_info: String::new(),
            request_id: Some("Id-70f312f1de274d4a9b4e26ec22ee2a1b-O-Seq-1".into()),
        },
        attempts: batch.attempts(),
        elapsed: Duration::from_millis(41),
        time: SystemTime::now(),
    }
}

fn micros(took: Duration, requests: usize) -> f64 {
    took.as_secs_f64() * 1e6 / f64::from(u32::try_from(requests).unwrap_or(u32::MAX))
}

fn per_second(records: usize, took: Duration) -> u128 {
    records as u128 * 1_000_000 / took.as_micros().max(1)
}

fn reported(why: impl std::fmt::Display) -> String {
    why.to_string()
}

fn say(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}
