//! A timeline that a Redis server keeps, for sharers on any machine. The rules run on
//! the server, as one script: `redis_timeline.lua`.
//!
//! What the server's clock shows does not matter, nor this machine's: the answer has
//! times from the server's now, which count here from when it arrives. So slots are late
//! by the way back, and never early. The server holds one key per timeline, which expires
//! a minute after its last slot; its braces keep it in one slot of a Redis Cluster.

use std::time::{Duration, Instant};

use ::redis::{Script, cmd};

use super::shared_timeline::{
    Lease, ServerFacts, SharedTimeline, TimelineName, TimelineView, Want, most_ahead_at_step,
};
use crate::api::Transport;
use crate::error::Problem;
use crate::redis::{Connection, Failure, RedisUrl};

const SCRIPT: &str = include_str!("redis_timeline.lua");

/// A lease spans so many times what a call takes, so that the next one comes in time even
/// from far away; and at least nine requests at 190 a second, so that calls are rare.
const CALLS_PER_LEASE: u32 = 3;
const SHORTEST_LEASE: Duration = Duration::from_millis(50);
/// A process that is killed loses one, and the others wait for it.
const LONGEST_LEASE: Duration = Duration::from_millis(250);

/// The steps of the script are between that of 200 requests a second and that of a tenth
/// of one, the least rate that it takes.
const SHORTEST_STEP: Duration = Duration::from_millis(5);
const LONGEST_STEP: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(crate) struct RedisTimeline {
    connection: Connection,
    script: Script,
    key: String,
    /// The server's time of the slot after the last lease, in microseconds; 0 without
    /// one. Shows that the server has lost the timeline.
    seen: i64,
    /// The last call failed.
    is_out_of_reach: bool,
    /// A call on an open connection; the quickest lately.
    call_time: Option<Duration>,
    /// What leases of all sharers span.
    shared_span: Duration,
}

/// What the script returns.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Answer {
    lease: Lease,
    next: i64,
    ahead: Duration,
    /// In force, per second.
    rate: f64,
    /// Without slow-down; 0 if nobody has reserved lately.
    full_rate: f64,
    /// What leases of all sharers span.
    span: Duration,
}

/// What the script is asked for.
#[derive(Debug, Clone, Copy)]
enum Call {
    Reserve(Want),
    /// The age of the refused request's start.
    SlowDown(Duration),
    View,
}

impl RedisTimeline {
    /// Connects to nothing yet.
    pub(crate) fn new(url: RedisUrl, name: &TimelineName, transport: &Transport) -> Self {
        let TimelineName {
            sdkappid,
            endpoint,
            action,
        } = name;
        Self {
            connection: Connection::new(url, transport),
            script: Script::new(SCRIPT),
            key: format!("roomctl:rate:{{{sdkappid}:{endpoint}:{action}}}"),
            seen: 0,
            is_out_of_reach: false,
            call_time: None,
            shared_span: Duration::ZERO,
        }
    }

    fn call(&mut self, call: Call) -> Result<Answer, Problem> {
        let arguments = self.arguments(call);
        let (was_open, begun) = (self.connection.is_open(), Instant::now());
        let numbers = self.connection.run(&self.script, &self.key, &arguments);
        let most = match call {
            Call::Reserve(want) => want.slots.max(1),
            Call::SlowDown(_) | Call::View => 0,
        };
        let answer = numbers
            .and_then(|numbers: Vec<i64>| Answer::of(&numbers, most).ok_or(Failure::OtherAnswer));
        self.is_out_of_reach = answer.is_err();
        if was_open && answer.is_ok() {
            self.call_time = Some(remembered(self.call_time, begun.elapsed()));
        }
        answer.map_err(|failure| failure.problem(self.connection.url()))
    }

    /// What a lease should span for this process alone.
    fn own_span(&self) -> Duration {
        let call_time = self.call_time.unwrap_or_default();
        (call_time * CALLS_PER_LEASE).clamp(SHORTEST_LEASE, LONGEST_LEASE)
    }

    fn arguments(&self, call: Call) -> [String; 6] {
        let (slots, rate, seen, age) = match call {
            Call::Reserve(Want { slots, rate }) => (slots.max(1), rate, self.seen, None),
            Call::SlowDown(age) => (0, 0.0, 0, Some(age)),
            Call::View => (0, 0.0, 0, None),
        };
        [
            slots.to_string(),
            rate.to_string(),
            self.own_span().as_micros().to_string(),
            seen.to_string(),
            age.map_or("-1".into(), |age| age.as_micros().to_string()),
            u8::from(self.is_out_of_reach).to_string(),
        ]
    }
}

impl SharedTimeline for RedisTimeline {
    fn reserve(&mut self, want: Want) -> Result<Lease, Problem> {
        let answer = self.call(Call::Reserve(want))?;
        self.seen = answer.next;
        self.shared_span = answer.span.min(LONGEST_LEASE);
        Ok(answer.lease)
    }

    fn slow_down(&mut self, age: Duration) -> Result<(), Problem> {
        self.call(Call::SlowDown(age)).map(|_| ())
    }

    fn view(&mut self) -> Result<TimelineView, Problem> {
        let answer = self.call(Call::View)?;
        Ok(TimelineView {
            place: self.connection.url().to_string(),
            rate: (answer.full_rate > 0.0).then_some(answer.rate),
            is_slowed: answer.rate < answer.full_rate,
            ahead: answer.ahead,
        })
    }

    fn lease_span(&self) -> Duration {
        self.own_span().max(self.shared_span)
    }

    fn server(&mut self) -> Option<ServerFacts> {
        // A user without the right to ask for it can still share the rate.
        let info: Result<String, _> = self.connection.query(cmd("INFO").arg("server"));
        let begun = Instant::now();
        self.call(Call::View).ok()?;
        Some(ServerFacts {
            round_trip: begun.elapsed(),
            version: info.map_or(String::new(), |info| version(&info)),
        })
    }
}

/// How long a call takes: the shortest counts, and each call an eighth more.
fn remembered(before: Option<Duration>, took: Duration) -> Duration {
    before.map_or(took, |before| took.min(before * 9 / 8))
}

/// Name and version in the answer to `INFO server`.
fn version(info: &str) -> String {
    let value = |name: &str| {
        let mut lines = info.lines();
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
    };
    // Valkey has both, for clients that know only Redis.
    match (value("valkey_version"), value("redis_version")) {
        (Some(number), _) => format!("Valkey {number}"),
        (None, Some(number)) => format!("Redis {number}"),
        (None, None) => String::new(),
    }
}

impl Answer {
    /// None if these are not the script's numbers: another server may answer anything,
    /// and slots are used as they come. `most_slots` is how many were asked for.
    fn of(numbers: &[i64], most_slots: u32) -> Option<Self> {
        let micros = |number: i64| Some(Duration::from_micros(u64::try_from(number).ok()?));
        let &[first, step, slots, next, ahead, rate, full_rate, span] = numbers else {
            return None;
        };
        let per_second =
            |thousandths: i64| Some(f64::from(u32::try_from(thousandths).ok()?) / 1000.0);
        let lease = Lease {
            first: micros(first)?,
            step: micros(step)?,
            slots: u32::try_from(slots).ok()?,
        };
        let is_plausible = (SHORTEST_STEP..=LONGEST_STEP).contains(&lease.step)
            && lease.first <= most_ahead_at_step(lease.step)
            && (most_slots.min(1)..=most_slots).contains(&lease.slots);
        is_plausible.then_some(())?;
        Some(Self {
            lease,
            next,
            ahead: micros(ahead)?,
            rate: per_second(rate)?,
            full_rate: per_second(full_rate)?,
            span: micros(span)?,
        })
    }
}

#[cfg(test)]
#[path = "redis_answer_tests.rs"]
mod answer_tests;
#[cfg(test)]
#[path = "redis_tests.rs"]
mod tests;
