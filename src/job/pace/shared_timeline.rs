//! What a shared timeline of slots must do, whatever keeps it.
//!
//! A timeline is one number on one clock: the time of the next free slot. Whoever
//! reserves N slots gets `first = max(next, now)` and the N - 1 steps after it, and
//! moves `next` to `first + N * step` (the generic cell rate algorithm without burst).
//! So all slots of all sharers together are evenly spaced, however many sharers there
//! are, and a sharer that ends or is killed leaves nothing behind that must be
//! cleaned up: at worst the few slots of its last lease stay unused.
//!
//! The rules, which every backend follows (`timeline` has them in Rust):
//!
//! - The timeline runs at the highest [`Want::rate`] of the last [`RATE_KEPT`]. A
//!   sharer that wants less is held back by its own pace only.
//! - The step is that of `local::step_at`: at the top rate 2 % longer.
//! - A slow-down halves the rate in force, at most once a second, only for a request
//!   that started since the last one, not below 2 a second (or the rate, if that is
//!   less). It climbs back by 10 a second each second. It is part of the state, so
//!   that one process's refusal slows all.
//! - A state that cannot be true is void: damaged, of another boot, or with its next
//!   slot further ahead than sharers can reserve ([`most_ahead`]).

use std::fmt;
use std::time::Duration;

use super::local::step_at;
use crate::error::Problem;

/// How long the highest rate that was asked for counts.
pub(crate) const RATE_KEPT: Duration = Duration::from_secs(10);

/// A timeline of slots that several processes reserve from. One process calls it from
/// one thread at a time; every call returns within about five seconds, also if the other
/// side does not answer: a new connection to a Redis server may take two, and each of at
/// most four answers half a second.
pub(crate) trait SharedTimeline: Send + fmt::Debug {
    /// Reserves slots.
    ///
    /// # Errors
    /// The timeline cannot be reached, or cannot be used: what and what to do. A later
    /// call tries again, from a new connection if needed. `exit` is
    /// [`Unreachable`](crate::exit::Exit::Unreachable) or
    /// [`Config`](crate::exit::Exit::Config).
    fn reserve(&mut self, want: Want) -> Result<Lease, Problem>;

    /// Slows all sharers down, because the service throttled a request that started
    /// `age` ago.
    fn slow_down(&mut self, age: Duration) -> Result<(), Problem>;

    /// The state, without a reservation and without a change. Fails as
    /// [`SharedTimeline::reserve`] does.
    fn view(&mut self) -> Result<TimelineView, Problem>;

    /// How much time the slots of one lease should span: many times what one call
    /// takes, and short enough that sharers alternate.
    fn lease_span(&self) -> Duration;

    /// What `-v` should say about the last calls, for example that a damaged state was
    /// replaced. Each note once.
    fn take_note(&mut self) -> Option<String> {
        None
    }

    /// Facts of the server that keeps it, for `doctor`. None for a timeline on this
    /// machine, and where the server cannot be reached.
    fn server(&mut self) -> Option<ServerFacts> {
        None
    }
}

/// The server that keeps a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServerFacts {
    /// `Redis 7.0.15`; empty if the server does not say it.
    pub(crate) version: String,
    /// From a call to its answer.
    pub(crate) round_trip: Duration,
}

/// What a sharer asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Want {
    /// At least 1. A lease may have fewer, not more.
    pub(crate) slots: u32,
    /// Requests per second that this sharer would start now if it were alone: its
    /// `--rate`, during its ramp less. 0.5 to 200.
    pub(crate) rate: f64,
}

/// Slots that belong to one sharer. All times are relative to the moment at which
/// [`SharedTimeline::reserve`] returns, so the clock of the backend does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lease {
    /// From now to the first slot; zero if it is due or past.
    pub(crate) first: Duration,
    /// From slot to slot: 1 / the rate in force.
    pub(crate) step: Duration,
    pub(crate) slots: u32,
}

/// The state of a timeline, for `doctor`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TimelineView {
    /// Where it is kept: a file, or a server without its password.
    pub(crate) place: String,
    /// Requests per second in force, slow-down included. None if nobody has reserved
    /// lately.
    pub(crate) rate: Option<f64>,
    /// Whether a slow-down is in force.
    pub(crate) is_slowed: bool,
    /// How far ahead slots are reserved.
    pub(crate) ahead: Duration,
}

/// What a timeline is for: the service limits each call of each app. Reads of member
/// lists inside a job spend from the timeline of the job, because they slow it down
/// anyway; what `members`, `bans`, `info` and `--all` read has a limit of its own and
/// goes one request at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TimelineName {
    pub(crate) sdkappid: u32,
    /// As it is shown; a rehearsal has another one than the real service.
    pub(crate) endpoint: String,
    /// `kick`, `ban` or `unban`.
    pub(crate) action: &'static str,
}

/// How far ahead the next slot of a timeline can be at `rate`, with hundreds of
/// sharers.
pub(crate) fn most_ahead(rate: f64) -> Duration {
    most_ahead_at_step(step_at(rate))
}

/// The same with slots this far from each other.
pub(crate) fn most_ahead_at_step(step: Duration) -> Duration {
    Duration::from_secs(10) + step * 200
}
