//! Several runs at once against one sandbox, each with a HOME of its own, as if each
//! were on another machine; and what the sandbox saw of each.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use roomctl::sandbox::Options;

use super::{Done, Home, Roomctl, Running, Sandbox, any};

/// A second in the sandbox's log.
const SECOND: u64 = 1_000_000_000;

/// A sandbox with a room for each runner, and the lists of the runners. One at a time in
/// this process: they are measured.
pub(crate) struct Runners {
    pub(crate) sandbox: Sandbox,
    requests: usize,
    _alone: MutexGuard<'static, ()>,
}

static ALONE: Mutex<()> = Mutex::new(());

impl Runners {
    /// `requests` is how many each of them sends: members of one room with reasons of
    /// their own. The sandbox refuses nothing, so it sees every pace.
    pub(crate) fn new(runners: usize, requests: usize) -> Self {
        let options = Options {
            limit: 10_000,
            ..Options::default()
        };
        let options = (0..runners).fold(options, |options, runner| {
            let names = (0..requests).map(|n| format!("u{n}"));
            options.room(format!("room{runner}"), names)
        });
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        Self {
            sandbox: Sandbox::with(options),
            requests,
            _alone: alone,
        }
    }

    /// The command of one runner, without `--rate-scope`.
    pub(crate) fn kick(&self, runner: usize) -> Roomctl {
        let home = Home::new();
        let rows = (0..self.requests).map(|n| format!("u{n},reason {n}\n"));
        let list = home.file(
            "list.csv",
            rows.fold("user,reason\n".to_owned(), |all, row| all + &row),
        );
        let kick = self.sandbox.kick("--progress never -o json --from");
        let kick = kick.arg(list).arg("-r").arg(format!("room{runner}"));
        kick.home(&home).stdout(any()).stderr(any())
    }

    /// Starts all of them with this scope.
    pub(crate) fn start(&self, runners: usize, scope: &str) -> Vec<Running> {
        let start = |runner| self.kick(runner).env("ROOMCTL_RATE_SCOPE", scope).start();
        (0..runners).map(start).collect()
    }

    /// Waits for all of them, and checks that each has removed everybody.
    pub(crate) fn all_end(&self, runners: Vec<Running>) -> Vec<Done> {
        let ends = |running: Running| {
            let done = running.ends(0);
            assert_eq!(done.count("removed"), self.requests as u64, "{done}");
            done
        };
        runners.into_iter().map(ends).collect()
    }

    /// When each request arrived, in nanoseconds, and its room.
    fn arrivals(&self) -> Vec<(u64, String)> {
        let mut arrivals: Vec<_> = self
            .sandbox
            .log()
            .iter()
            .map(|line| {
                let at = line["ArrivalNs"].as_u64().expect("a time");
                (at, line["RoomId"].as_str().expect("a room").to_owned())
            })
            .collect();
        arrivals.sort_unstable();
        arrivals
    }

    /// Most arrivals in any sliding second.
    pub(crate) fn peak(&self) -> usize {
        let arrivals = self.arrivals();
        let until = |from: u64| arrivals.partition_point(|(at, _)| *at < from + SECOND);
        let within = arrivals
            .iter()
            .enumerate()
            .map(|(n, (from, _))| until(*from) - n);
        within.max().unwrap_or(0)
    }

    /// Requests of each runner until the first of them had sent its last one, without
    /// the first second, in which they start.
    pub(crate) fn shares(&self) -> Vec<usize> {
        let arrivals = self.arrivals();
        let begin = arrivals.first().expect("requests").0 + SECOND;
        let mut counts = BTreeMap::new();
        let mut shares = BTreeMap::new();
        for (at, room) in arrivals {
            let count: &mut usize = counts.entry(room.clone()).or_default();
            *count += 1;
            if at >= begin {
                *shares.entry(room).or_default() += 1;
            }
            if *count == self.requests {
                break;
            }
        }
        shares.into_values().collect()
    }

    /// Requests per second without the first four tenths, which have the ramp, and without
    /// the last one.
    pub(crate) fn steady_rate(&self) -> u64 {
        let arrivals = self.arrivals();
        let tenth = arrivals.len() / 10;
        let middle = &arrivals[tenth * 4..arrivals.len() - tenth];
        let nanos = middle[middle.len() - 1].0 - middle[0].0;
        (middle.len() as u64 - 1) * SECOND / nanos
    }
}
