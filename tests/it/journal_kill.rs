//! `kill -9` at any moment: no member is lost, no settled member is sent again,
//! and each reported outcome is true.

use std::io::{self, Write};
use std::thread;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use roomctl::sandbox::Options;

use crate::support::{Done, Home, Journal, Log, Member, Roomctl, Sandbox, any, members};

const SEED: u64 = 9;
const KILLS: usize = 50;
const ROOMS: usize = 10;
const EACH: usize = 60;

/// Members of several rooms, two per request, for many moments to kill at.
struct Job {
    sandbox: Sandbox,
    home: Home,
    kills: usize,
}

impl Job {
    fn new() -> Self {
        let user = |n: usize| format!("u{n}");
        let room = |n: usize| (format!("r{n}"), (0..EACH).map(user).collect());
        let sandbox = Sandbox::with(Options {
            rooms: (0..ROOMS).map(room).collect(),
            latency: Duration::from_millis(20),
            ..Options::default()
        });
        let home = Home::new();
        let list = all().into_iter().enumerate().map(|(at, (room, user))| {
            let reason = at / 2;
            format!("{{\"RoomId\":\"{room}\",\"Member_Account\":\"{user}\",\"Reason\":\"case {reason}\"}}\n")
        });
        home.file("list.ndjson", list.collect::<String>());
        Self {
            sandbox,
            home,
            kills: 0,
        }
    }

    fn kick(&self) -> Roomctl {
        let kick = "-f list.ndjson -o json --rate 200 --journal j";
        let kick = self.sandbox.kick(kick).home(&self.home);
        kick.stdout(any()).stderr(any())
    }

    fn journal(&self) -> Journal {
        Journal::read(&self.home.path().join("j"))
    }

    fn log(&self) -> Log {
        Log::of(self.sandbox.log())
    }

    /// Kills the run after this number of further requests and this time.
    /// Returns false if it ended before.
    fn was_killed(&mut self, requests: usize, then: Duration) -> bool {
        let settled: Vec<Member> = self.journal().settled().cloned().collect();
        let before = self.sandbox.log().len();
        let mut running = self.kick().start();
        while self.sandbox.log().len() < before + requests && !running.is_over() {
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(then);
        let (code, done) = running.kill_or_end();
        let (journal, log) = (self.journal(), self.log());
        assert_eq!(journal.repeated, [], "settled, and with a later intent");
        for member in settled {
            let last = log.requests[&member].last();
            assert!(last < Some(&before), "{member:?} was settled");
        }
        check_results(&done, &journal);
        self.kills += usize::from(code.is_none());
        code.is_none()
    }

    /// No member is lost, and journal and log agree.
    fn check(&self) {
        let (journal, log) = (self.journal(), self.log());
        for member in all() {
            let removal = log.removal(&member).expect("no member is lost");
            let last = log.requests[&member].last().copied();
            let is_ours = match journal.latest[&member].as_str() {
                "removed" => last == Some(removal),
                // It was sent once more, or the room's list was read after its removal.
                "gone" => last > Some(removal) || log.last_read(&member.0) > Some(removal),
                _ => false,
            };
            assert!(is_ours, "{member:?}: {}", journal.latest[&member]);
            let (times, intents) = (log.times(&member), journal.intents[&member]);
            assert!(
                times <= intents,
                "{member:?} was sent and not recorded: {times} times, {intents} intents"
            );
        }
    }
}

fn all() -> Vec<Member> {
    let pairs = (0..ROOMS).flat_map(|room| (0..EACH).map(move |user| (room, user)));
    let name = |(room, user)| (format!("r{room}"), format!("u{user}"));
    pairs.map(name).collect()
}

/// The reported outcome of each member is that of the journal.
fn check_results(done: &Done, journal: &Journal) {
    for result in done.results() {
        for member in members(&result) {
            let latest = journal.latest.get(&member).map(String::as_str);
            assert_eq!(latest, result["Outcome"].as_str(), "{member:?}");
        }
    }
}

#[test]
fn killed_fifty_times_no_member_is_lost_and_no_settled_one_is_sent_again() {
    let mut random = StdRng::seed_from_u64(SEED);
    let (mut kills, mut jobs, mut repeats) = (0, 0, 0);
    while kills < KILLS {
        let mut job = Job::new();
        while kills + job.kills < KILLS {
            let requests = random.random_range(0..8);
            let then = Duration::from_micros(random.random_range(0..30_000));
            if !job.was_killed(requests, then) {
                break;
            }
        }
        let done = job.kick().exits(0);
        check_results(&done, &job.journal());
        job.check();
        kills += job.kills;
        jobs += 1;
        repeats += job.log().repeats();
    }
    let message = format!(
        "journal: {} members, {kills} kills, {repeats} members sent again because of them\n",
        jobs * ROOMS * EACH
    );
    io::stderr().write_all(message.as_bytes()).expect("stderr");
}
