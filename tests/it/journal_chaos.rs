//! Under all faults mixed, with kills, restarts and lists made by `--failed-to`: the
//! results on stdout, the journal and the sandbox's log agree.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use roomctl::sandbox::{AbsentMode, Options};
use rustix::process::Signal;
use serde_json::Value;

use crate::support::*;

/// Every kind of fault; of the codes, one of each class and each batch-level
/// code. A page of a member list fails by any of them, is the last, or names the first.
const FAULTS: [&str; 20] = [
    "100001=3%",
    "60007=1%",
    "60008=2%",
    "100002=1%",
    "100004=1%",
    "100006=1%",
    "70107=1%",
    "60021=0.3%",
    "http502=2%",
    "http429=0.4%",
    "reset=4%",
    "drop=3%",
    "truncate=3%",
    "slow:500ms=3%",
    "html=1%",
    "close=3%",
    "connect:100ms=10%",
    "connect:400ms=2%",
    "list-short=15%",
    "list-loop=10%",
];

/// Runs that are interrupted, most of them by a kill.
const RUNS: usize = 14;
const ROOMS: usize = 14;
const EACH: usize = 28;
/// Members on the list and in no room, per room.
const STRANGERS: usize = 2;

/// One list against one sandbox, and the discrepancies found so far.
struct Job {
    sandbox: Sandbox,
    home: Home,
    absent: AbsentMode,
    check_room: &'static str,
    kills: usize,
    /// The outcome of each member in the latest results that named it.
    reported: HashMap<Member, String>,
    discrepancies: Vec<String>,
}

impl Job {
    fn new(absent: AbsentMode, check_room: &'static str, seed: u64) -> Self {
        let user = |n: usize| format!("u{n}");
        let room = |n: usize| (format!("r{n}"), (0..EACH).map(user).collect());
        let sandbox = Sandbox::with(Options {
            rooms: (0..ROOMS).map(room).collect(),
            latency: Duration::from_millis(10),
            faults: FAULTS.map(|text| text.parse().expect("a fault")).into(),
            seed: Some(seed),
            absent,
            ..Options::default()
        });
        let home = Home::new();
        home.file("list.ndjson", list());
        Self {
            sandbox,
            home,
            absent,
            check_room,
            kills: 0,
            reported: HashMap::new(),
            discrepancies: Vec::new(),
        }
    }

    fn kick(&self, list: &str) -> Roomctl {
        let kick =
            "-m spam -o json --journal j --failed-to left.ndjson --retries 3 --timeout 300ms";
        let kick = self.sandbox.kick(kick).args("--rate 200 --check-room");
        let kick = kick.arg(self.check_room);
        let kick = kick.arg("-f").arg(list).home(&self.home);
        kick.stdout(any()).stderr(any())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn left(&self) -> String {
        fs::read_to_string(self.path("left.ndjson")).unwrap_or_default()
    }

    /// Runs the list and sends the signal after this time.
    fn is_cut_short(&mut self, signal: Signal, after: Duration) {
        let (left, before) = (self.left(), self.journal());
        let running = self.kick("list.ndjson").start();
        thread::sleep(after);
        let (code, done) = if signal == Signal::KILL {
            running.kill_or_end()
        } else {
            running.signal(signal);
            running.ended()
        };
        if code.is_some() {
            self.check_end(code, &done, &before);
            return;
        }
        // Killed, or ended before roomctl handled signals: --failed-to is old, or new.
        self.kills += 1;
        if self.left() != left {
            self.check_left(&done);
        }
        self.check_results(&done, &before);
    }

    fn ends(&mut self, list: &str) {
        let before = self.journal();
        let (code, done) = self.kick(list).start().ended();
        self.check_end(code, &done, &before);
    }

    fn check_end(&mut self, code: Option<i32>, done: &Done, before: &Journal) {
        assert!(matches!(code, Some(0 | 1 | 4 | 5 | 6 | 143)), "{done}");
        let reported: usize = done
            .results()
            .iter()
            .map(|reported| members(reported).len())
            .sum();
        let settled = self.journal().outcomes - before.outcomes;
        assert_eq!(reported, settled, "results and records agree");
        assert_eq!(done.summary()["ExitCode"], code.unwrap_or_default());
        self.check_results(done, before);
        self.check_left(done);
    }

    /// The outcome of each member is that of the journal, and true.
    fn check_results(&mut self, done: &Done, before: &Journal) {
        let (journal, log) = (self.journal(), Log::of(self.sandbox.log()));
        assert_eq!(journal.repeated, [], "settled, and with a later intent");
        for result in done.results() {
            let outcome = result["Outcome"].as_str().expect("an outcome");
            for member in members(&result) {
                if before.is_settled(&member) {
                    self.discrepancies
                        .push(format!("{member:?} was settled before"));
                }
                if journal.latest.get(&member).map(String::as_str) != Some(outcome) {
                    let latest = journal.latest.get(&member);
                    let discrepancy = format!("{member:?} reported {outcome}, recorded {latest:?}");
                    self.discrepancies.push(discrepancy);
                }
                self.check_member(&member, &result, &log, &journal);
                self.reported.insert(member, outcome.into());
            }
        }
        for (member, times) in &log.requests {
            if times.len() > journal.intents.get(member).copied().unwrap_or_default() {
                self.discrepancies
                    .push(format!("{member:?} was sent and not recorded"));
            }
        }
    }

    fn check_member(&mut self, member: &Member, record: &Value, log: &Log, journal: &Journal) {
        let outcome = record["Outcome"].as_str().expect("an outcome");
        let removal = log.removal(member).map(|number| &log.lines[number]);
        let is_stranger = member.1.starts_with('s') || member.0 == "nowhere";
        let requests = Requests::of(member, record, log, journal);
        let is_true = match outcome {
            "removed" => removal.is_some(),
            // If an answer was lost, it is unknown whether a stranger was in
            // the room.
            "gone" => removal.is_some() || is_stranger,
            "absent" => removal.is_none_or(|line| self.is_batch_answer(line)),
            "refused" => {
                // A later run does not know that the batch before may have removed it.
                let has_false = log.since_removal(member).any(is_false_refusal);
                let is_explained = |line| self.is_batch_answer(line) && has_false;
                !requests.have_lost_answer() && removal.is_none_or(is_explained)
            }
            "unsent" => !requests.are_in_doubt() && removal.is_none(),
            "unknown" => requests.are_in_doubt() || requests.are_last_answers_unread(),
            _ => false,
        };
        if !is_true {
            let numbers = log.requests.get(member).into_iter().flatten();
            let requests: Vec<_> = numbers.map(|number| &log.lines[*number]).collect();
            self.discrepancies
                .push(format!("{member:?} is reported as {record}: {requests:#?}"));
        }
    }

    /// An answer to several members that one is absent, which may have removed
    /// the others; the summary warns about it.
    fn is_batch_answer(&self, line: &Value) -> bool {
        let is_batch = members(line).len() > 1 && line["Answer"] == 100_005;
        is_batch && self.absent == AbsentMode::Partial
    }

    /// `--failed-to` names exactly the members that were neither removed nor
    /// gone.
    fn check_left(&mut self, done: &Done) {
        let open = |line: &Value| {
            let outcome = line["Outcome"].as_str().expect("an outcome");
            let is_open = !matches!(outcome, "removed" | "gone");
            members(line).into_iter().filter(move |_| is_open)
        };
        let mut reported: Vec<Member> = done.results().iter().flat_map(open).collect();
        let left = self.left();
        let left = left.lines().map(serde_json::from_str);
        let left = left.map(|line| line.expect("a line of JSON"));
        let mut left: Vec<Member> = left.flat_map(|line: Value| members(&line)).collect();
        reported.sort();
        left.sort();
        if reported != left {
            self.discrepancies
                .push(format!("reported {reported:?}, written {left:?}"));
        }
    }

    fn journal(&self) -> Journal {
        Journal::read(&self.path("j"))
    }

    /// Compares the journal of all members, reported or not, with the log.
    fn check_journal(&mut self) {
        let (journal, log) = (self.journal(), Log::of(self.sandbox.log()));
        for member in journal.latest.keys() {
            let record = &journal.outcome_records[member];
            self.check_member(member, record, &log, &journal);
        }
        for member in all() {
            if !journal.latest.contains_key(&member) {
                self.discrepancies.push(format!("{member:?} is lost"));
            }
        }
        for (member, outcome) in &self.reported {
            let is_settled = ["removed", "gone", "absent"].contains(&outcome.as_str());
            if is_settled && journal.latest[member] != *outcome {
                let latest = &journal.latest[member];
                let discrepancy = format!("{member:?} reported {outcome}, recorded {latest}");
                self.discrepancies.push(discrepancy);
            }
        }
    }

    fn report(&self, mode: &str) -> String {
        let (log, mut faults) = (Log::of(self.sandbox.log()), BTreeMap::new());
        for line in &log.lines {
            if let Some(fault) = line["Fault"].as_str() {
                *faults.entry(fault.to_owned()).or_insert(0) += 1;
            }
        }
        let met: usize = faults.values().sum();
        format!(
            "chaos, {mode}: {} members, {} kills, {} requests, {met} faults met {faults:?}, \
             {} members named again, {} of them because of kills; {} discrepancies\n",
            all().len(),
            self.kills,
            log.lines.len(),
            log.repeats(),
            self.journal().orphans,
            self.discrepancies.len()
        )
    }
}

/// A fault that reports a removed member as refused.
fn is_false_refusal(line: &Value) -> bool {
    let fault = line["Fault"].as_str();
    members(line).len() == 1 && matches!(fault, Some("100002" | "100006" | "70107"))
}

fn all() -> Vec<Member> {
    let room = |n: usize| {
        let users = (0..EACH).map(|user| format!("u{user}"));
        let strangers = (0..STRANGERS).map(|user| format!("s{user}"));
        users
            .chain(strangers)
            .map(move |user| (format!("r{n}"), user))
    };
    let nowhere = (0..4).map(|user| ("nowhere".to_owned(), format!("u{user}")));
    (0..ROOMS).flat_map(room).chain(nowhere).collect()
}

/// Two reasons per room, so that only some batches have strangers.
fn list() -> String {
    let rows = all().into_iter().enumerate().map(|(at, (room, user))| {
        let reason = if at % 30 < 17 { "spam" } else { "fraud" };
        format!("{{\"RoomId\":\"{room}\",\"Member_Account\":\"{user}\",\"Reason\":\"{reason}\"}}")
    });
    rows.collect::<Vec<_>>().join("\n")
}

fn rehearse(absent: AbsentMode, check_room: &'static str, usual: u64) {
    // With the list read first, a job has few requests and ends soon.
    let latest = if check_room == "always" { 100 } else { 300 };
    let seed = chaos_seed(usual);
    let mut random = StdRng::seed_from_u64(seed);
    let mut job = Job::new(absent, check_room, seed);
    for _ in 0..RUNS {
        let after = Duration::from_millis(random.random_range(20..latest));
        let is_term = random.random_range(0..5) == 0;
        let signal = if is_term { Signal::TERM } else { Signal::KILL };
        job.is_cut_short(signal, after);
    }
    job.ends("list.ndjson");
    // The rest, from the file that the previous run wrote.
    for _ in 0..2 {
        fs::copy(job.path("left.ndjson"), job.path("rest.ndjson")).expect("copied");
        job.ends("rest.ndjson");
    }
    job.check_journal();
    let message = job.report(&format!("seed {seed}, {absent:?}, {check_room}"));
    io::stderr().write_all(message.as_bytes()).expect("stderr");
    assert!(job.discrepancies.is_empty(), "{:#?}", job.discrepancies);
    assert!(job.kills > RUNS / 4 || seed != usual, "{} kills", job.kills);
}

#[test]
fn with_all_faults_mixed_results_journal_and_log_agree() {
    rehearse(AbsentMode::Atomic, "auto", 4);
}

#[test]
fn with_all_faults_mixed_and_partial_effects_results_journal_and_log_agree() {
    rehearse(AbsentMode::Partial, "auto", 5);
}

#[test]
fn with_all_faults_mixed_where_every_list_is_read_results_journal_and_log_agree() {
    rehearse(AbsentMode::Partial, "always", 6);
}

#[test]
fn with_all_faults_mixed_where_no_list_is_read_results_journal_and_log_agree() {
    rehearse(AbsentMode::Atomic, "never", 7);
}
