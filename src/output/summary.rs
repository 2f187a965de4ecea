//! The closing count of a job, on stderr.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::latencies::Latencies;
use crate::exit::Exit;
use crate::job::{Outcome, Tally};
use crate::room::Action;

/// What a job came to.
#[derive(Debug)]
pub struct Summary<'a> {
    /// What was asked for.
    pub action: Action,
    /// Its counts.
    pub tally: &'a Tally,
    /// How long its answers took.
    pub latencies: Option<&'a Latencies>,
    /// From the first request to the last outcome.
    pub elapsed: Duration,
    /// What the shell will see.
    pub exit: Exit,
}

impl Summary<'_> {
    /// One line of JSON.
    pub fn json(&self) -> String {
        let mut counts = Map::new();
        for outcome in Outcome::ALL {
            let count = self.tally.count(outcome);
            counts.insert(outcome.name(self.action).to_owned(), Value::from(count));
        }
        counts.insert("Requests".into(), Value::from(self.tally.requests));
        counts.insert("Retries".into(), Value::from(self.tally.retries));
        let elapsed = u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX);
        counts.insert("ElapsedMs".into(), Value::from(elapsed));
        json!({ "summary": counts, "ExitCode": self.exit.code() }).to_string()
    }

    /// Whether people would rather look at it than read it: not of a lone
    /// request, however often it was repeated.
    pub fn is_bulk(&self) -> bool {
        self.tally.requests - self.tally.retries > 1
    }

    /// One line for people; outcomes that did not occur are left out.
    pub fn text(&self) -> String {
        let occurred = Outcome::ALL
            .into_iter()
            .filter(|o| self.tally.count(*o) > 0);
        let counts: Vec<String> = occurred
            .map(|o| format!("{} {}", self.tally.count(o), o.name(self.action)))
            .collect();
        if counts.is_empty() {
            return "nothing to do".into();
        }
        format!(
            "{}; {}, {}, {:.2} s",
            counts.join(", "),
            plural(self.tally.requests, "request", "requests"),
            plural(self.tally.retries, "retry", "retries"),
            self.elapsed.as_secs_f64(),
        )
    }
}

pub(super) fn plural(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
