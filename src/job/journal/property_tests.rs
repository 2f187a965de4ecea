//! Random histories, written and replayed, compared with a simple model.

use std::collections::HashMap;

use proptest::prelude::*;

use super::tests::*;
use super::*;
use crate::job::outcome::Outcome;

/// What a run does with one group of members.
#[derive(Debug, Clone)]
struct Step {
    room: usize,
    users: Vec<usize>,
    /// Requests that were sent, before the outcome or the end of the run.
    attempts: u32,
    /// None: the run was killed.
    outcome: Option<Outcome>,
}

const ROOMS: [&str; 2] = ["r", "s"];
const USERS: [&str; 5] = ["a", "b", "c", "d", "e"];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let users = prop::sample::subsequence((0..USERS.len()).collect::<Vec<_>>(), 1..=3);
    let outcome = prop::option::of(prop::sample::select(Outcome::ALL.to_vec()));
    let step = (0..ROOMS.len(), users, 0..4_u32, outcome);
    let step = step.prop_map(|(room, users, attempts, outcome)| Step {
        room,
        users,
        attempts,
        outcome,
    });
    prop::collection::vec(step, 0..30)
}

#[derive(Debug, Default, Clone, Copy)]
struct Model {
    /// A request may have taken effect, and nothing has settled it since.
    doubt: bool,
    latest: Option<Outcome>,
}

impl Model {
    fn read_record(&mut self, step: &Step) {
        match step.outcome {
            None => self.doubt |= step.attempts > 0,
            Some(outcome) => {
                let settled = [Outcome::Done, Outcome::Gone, Outcome::Absent];
                self.doubt |= outcome == Outcome::Unknown;
                self.doubt &= !settled.contains(&outcome);
                self.latest = Some(outcome);
            }
        }
    }

    fn status(self) -> MemberStatus {
        match self.latest {
            _ if self.doubt => MemberStatus::InDoubt,
            Some(Outcome::Refused | Outcome::Unsent) | None => MemberStatus::Open,
            Some(outcome) => MemberStatus::Settled(outcome),
        }
    }
}

fn write(step: &Step, journal: &mut Journal) {
    let users = step.users.iter().map(|user| USERS[*user]);
    let users = users.collect::<Vec<_>>().join(" ");
    let room = ROOMS[step.room];
    for attempt in 1..=step.attempts {
        let batch = batch(room, &users, attempt);
        journal.write_intent(&batch, at(1)).expect("kept");
    }
    if let Some(outcome_of_step) = step.outcome {
        let settled = outcome(room, &users, outcome_of_step, step.attempts);
        journal.write_settled(&settled).expect("kept");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn replayed_statuses_are_those_of_the_model(steps in steps(), reopen in any::<u32>()) {
        let (_folder, path) = place();
        let mut model = HashMap::<(usize, usize), Model>::new();
        let mut journal = open(&path).journal;
        for (number, step) in steps.iter().enumerate() {
            write(step, &mut journal);
            for user in &step.users {
                model.entry((step.room, *user)).or_default().read_record(step);
            }
            if reopen >> number & 1 == 1 {
                drop(journal);
                journal = open(&path).journal;
            }
        }
        drop(journal);
        let history = open(&path).history;
        prop_assert_eq!(history.len(), model.values().filter(|m| m.doubt || m.latest.is_some()).count());
        for (r, room) in ROOMS.iter().enumerate() {
            for (u, user) in USERS.iter().enumerate() {
                let expected = model.get(&(r, u)).copied().unwrap_or_default();
                prop_assert_eq!(status(&history, room, user), expected.status());
            }
        }
    }
}
