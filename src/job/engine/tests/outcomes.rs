//! Whatever goes wrong, the reported outcomes are true: a model of the service
//! knows which members it removed, and outcomes are compared with it.

use std::collections::HashSet;
use std::time::Duration;

use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::virtual_time::{Job, RunResult, code, lost, refused_connection};
use super::{name, names};
use crate::api::{Answer, Error};
use crate::interrupt::Signal;
use crate::job::{Batch, Outcome, Stop};

/// A service with all the behaviour that its documents allow.
struct Model {
    present: HashSet<String>,
    removed: HashSet<String>,
    /// Owners of a room, for example: 100006 for requests with them.
    untouchable: HashSet<String>,
    /// 100002 for requests with them.
    invalid: HashSet<String>,
    /// Removes the members it can, whatever the others are.
    partial: bool,
    /// Percentage of requests that fail in some other way.
    chaos: u32,
    /// Per mille of requests that get rejected credentials.
    rejected: u32,
    random: StdRng,
}

/// One job against one model.
#[derive(Debug, Clone)]
struct Case {
    seed: u64,
    members: usize,
    partial: bool,
    chaos: u32,
    rejected: u32,
    /// Percentages of members that are absent, untouchable and invalid.
    odd: [u32; 3],
    retries: u32,
    concurrency: usize,
    stop: Option<(u64, u8)>,
    max_failures: Option<u64>,
}

impl Model {
    fn of(case: &Case) -> Self {
        let mut random = StdRng::seed_from_u64(case.seed);
        let all: Vec<String> = (0..case.members).map(name).collect();
        let mut some = |percent: u32| -> HashSet<String> {
            let picked = all.iter().filter(|_| random.random_range(0..100) < percent);
            picked.cloned().collect()
        };
        let [absent, untouchable, invalid] = case.odd.map(&mut some);
        Self {
            present: all.into_iter().filter(|u| !absent.contains(u)).collect(),
            removed: HashSet::new(),
            untouchable,
            invalid,
            partial: case.partial,
            chaos: case.chaos,
            rejected: case.rejected,
            random,
        }
    }

    fn take_effect(&mut self, batch: &Batch) -> Result<Answer, Error> {
        let all = names(batch);
        if all.iter().any(|user| self.invalid.contains(user)) {
            return code(100_002);
        }
        let is_absent = |user: &String| !self.present.contains(user);
        let answer = match () {
            () if all.iter().any(|user| self.untouchable.contains(user)) => 100_006,
            () if all.iter().any(is_absent) => 100_005,
            () => 0,
        };
        if answer == 0 || self.partial {
            for user in all {
                if !self.untouchable.contains(&user) && self.present.remove(&user) {
                    self.removed.insert(user);
                }
            }
        }
        code(answer)
    }

    fn answer(&mut self, batch: &Batch) -> Result<Answer, Error> {
        if self.random.random_range(0..1000) < self.rejected {
            return code(60_021);
        }
        if self.random.random_range(0..100) >= self.chaos {
            return self.take_effect(batch);
        }
        // A fault that leaves the effect unknown may follow an effect.
        let fault = self.random.random_range(0..12);
        if fault < 6 && self.random.random() {
            let _ = self.take_effect(batch);
        }
        match fault {
            0 => lost(false),
            1 => lost(true),
            2 => code(60_008),
            3 => Err(Error::AnswerTimedOut {
                from: "h".into(),
                limit: Duration::from_secs(10).into(),
            }),
            4 => Err(Error::NotTheService {
                status: 502,
                what: "HTML",
                retry_after: None,
            }),
            5 => Err(Error::Panicked),
            6 => code(100_001),
            7 => code(60_007),
            8 => refused_connection(),
            9 => Err(Error::Throttled {
                retry_after: Some(Duration::from_secs(1)),
            }),
            10 => code(100_004),
            _ => code(60_003),
        }
    }
}

fn case() -> impl Strategy<Value = Case> {
    let odd = prop_oneof![
        Just([0; 3]),
        [0..20_u32, 0..4_u32, 0..4_u32],
        [0..100_u32, 0..50_u32, 0..50_u32]
    ];
    let stop = proptest::option::weighted(0.3, (0..3000_u64, 0..4_u8));
    let chaos = prop_oneof![Just(0), 0..30_u32, 30..100_u32];
    let rejected = prop_oneof![4 => Just(0), 1 => 0..20_u32];
    let most = proptest::option::weighted(0.2, 1..60_u64);
    let basics = (
        any::<u64>(),
        1..140_usize,
        any::<bool>(),
        0..6_u32,
        1..12_usize,
    );
    (basics, chaos, rejected, odd, stop, most).prop_map(
        |(
            (seed, members, partial, retries, concurrency),
            chaos,
            rejected,
            odd,
            stop,
            max_failures,
        )| Case {
            seed,
            members,
            partial,
            chaos,
            rejected,
            odd,
            retries,
            concurrency,
            stop,
            max_failures,
        },
    )
}

fn run(case: &Case) -> (RunResult, Model) {
    let mut job = Job::of(case.members);
    job.options.retries = case.retries;
    job.options.concurrency = case.concurrency;
    job.options.max_failures = case.max_failures;
    let stops = [
        Stop::Signal(Signal::Int),
        Stop::RecordLost,
        Stop::OutputClosed,
        Stop::Deadline,
    ];
    job.stop = case
        .stop
        .map(|(at, why)| (Duration::from_millis(at), stops[usize::from(why)]));
    let mut model = Model::of(case);
    let ran = job.run(|batch| model.answer(batch));
    (ran, model)
}

/// The reported outcomes that are wrong.
fn wrong_outcomes(ran: &RunResult, model: &Model) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut maybe_removed = 0;
    for (user, outcome) in ran.outcomes() {
        let (was_removed, is_present) =
            (model.removed.contains(&user), model.present.contains(&user));
        let is_true = match outcome {
            Outcome::Done => was_removed,
            Outcome::Gone => !is_present,
            Outcome::Absent => {
                maybe_removed += u64::from(was_removed);
                !is_present
            }
            Outcome::Refused | Outcome::Unsent => !was_removed,
            Outcome::Unknown => true,
        };
        if !is_true {
            wrong.push(format!(
                "{user} {outcome:?}, removed: {was_removed}, present: {is_present}"
            ));
        }
    }
    if maybe_removed > ran.engine.tally().maybe_removed {
        wrong.push(format!(
            "{maybe_removed} absent were removed by us, {} counted",
            ran.engine.tally().maybe_removed
        ));
    }
    let sent = |settled: &&crate::job::Settled| {
        settled.outcome == Outcome::Unknown && settled.attempts == 0
    };
    wrong.extend(
        ran.settled
            .iter()
            .find(sent)
            .map(|settled| format!("never sent: {settled:?}")),
    );
    wrong
}

proptest! {
    #[test]
    fn every_reported_outcome_is_true_whatever_goes_wrong(case in case()) {
        let (ran, model) = run(&case);
        let settled: Vec<String> = ran.outcomes().into_iter().map(|(user, _)| user).collect();
        let all: Vec<String> = (0..case.members).map(name).collect();
        prop_assert_eq!(settled, all, "each member is settled exactly once");
        prop_assert_eq!(wrong_outcomes(&ran, &model), Vec::<String>::new());
        let tally = ran.engine.tally();
        prop_assert_eq!(tally.total(), case.members as u64);
        prop_assert_eq!(tally.requests, ran.starts.len() as u64);
        prop_assert!(tally.retries <= ran.retries.len() as u64);
    }
}

#[test]
fn without_faults_everybody_who_can_be_removed_is() {
    for partial in [false, true] {
        let case = Case {
            seed: 1,
            members: 1000,
            partial,
            chaos: 0,
            rejected: 0,
            odd: [0, 3, 3],
            retries: 0,
            concurrency: 64,
            stop: None,
            max_failures: None,
        };
        let (ran, model) = run(&case);
        let left: HashSet<String> = model.untouchable.union(&model.invalid).cloned().collect();
        assert_eq!(model.present, left);
        assert_eq!(ran.count(Outcome::Refused), left.len() as u64);
        assert_eq!(ran.count(Outcome::Unknown) + ran.count(Outcome::Unsent), 0);
    }
}
