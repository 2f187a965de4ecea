//! When the next request may start.
//!
//! The engine asks a [`Pace`] and never waits for anything else. By itself a pace is
//! that of this process (`local`). With `--rate-scope` it also reserves its slots from
//! a timeline that all processes of one app share; then a request starts when both
//! allow it.
//!
//! Bottom up:
//!
//! - `local`: the pace of one process: `--rate`, ramp, slow-down. `retry`: delays of
//!   retries.
//! - `budget`: what a shared timeline must do, and its name. `timeline`: its rules.
//!   `fake`: one in memory, for tests. `redis`: one on a Redis server.

#[allow(dead_code, reason = "its users follow in the next commits")]
mod budget;
#[cfg(test)]
#[allow(dead_code, reason = "its users follow in the next commits")]
mod fake;
mod local;
#[cfg(feature = "redis")]
#[allow(dead_code, reason = "its users follow in the next commits")]
mod redis;
mod retry;
#[allow(dead_code, reason = "its users follow in the next commits")]
mod timeline;

use std::time::Duration;

pub(crate) use local::{DEFAULT_RATE, HeldBack, least_time};
pub(crate) use retry::{DEFAULT_RETRIES, retry_delay};

use crate::api::Transport;
use crate::config::{Env, RateScope};
use crate::error::Problem;
use crate::redis::RedisUrl;
use budget::{Budget, TimelineName};
use local::LocalPace;

/// Opens the timeline of a scope; None for this process alone. Nothing is reserved. Of
/// `transport` the roots and the limit of a connection count, for a Redis.
///
/// # Errors
/// It cannot be used (exit 3) or not be reached (exit 5).
#[allow(dead_code, reason = "its users follow in the next commits")]
pub(crate) fn open_budget(
    scope: &RateScope,
    name: &TimelineName,
    _env: &Env,
    transport: &Transport,
) -> Result<Option<Box<dyn Budget>>, Problem> {
    let not_yet = |what| Problem::config(format!("{what} is not built in"), "use process");
    match scope {
        RateScope::Process => Ok(None),
        RateScope::Host => Err(not_yet("--rate-scope host")),
        RateScope::Redis(url) => on_redis(url, name, transport).map(Some),
    }
}

#[cfg(feature = "redis")]
#[allow(clippy::unnecessary_wraps, reason = "without the feature it fails")]
fn on_redis(
    url: &RedisUrl,
    name: &TimelineName,
    transport: &Transport,
) -> Result<Box<dyn Budget>, Problem> {
    let budget = redis::RedisBudget::new(url.clone(), name, transport);
    Ok(Box::new(budget))
}

#[cfg(not(feature = "redis"))]
fn on_redis(url: &RedisUrl, _: &TimelineName, _: &Transport) -> Result<Box<dyn Budget>, Problem> {
    Err(Problem::config(
        format!("this roomctl was built without Redis, so the rate cannot be shared at {url}"),
        "build it with cargo build --release --features redis; or give --rate-scope host or process",
    ))
}

/// When the next request of a job may start.
#[derive(Debug)]
pub(crate) struct Pace {
    local: LocalPace,
}

impl Pace {
    /// The pace of this process alone. `rate` in requests per second; `requests` is
    /// the size of the job.
    pub(crate) fn new(rate: u32, requests: usize) -> Self {
        Self {
            local: LocalPace::new(rate, requests),
        }
    }

    /// When the next request may start, as a monotonic reading. A time in the
    /// past means now.
    pub(crate) fn next_slot(&self) -> Duration {
        self.local.next_slot()
    }

    /// Takes the next slot for a request that starts now.
    pub(crate) fn take_slot(&mut self, now: Duration) {
        self.local.take_slot(now);
    }

    /// Starts nothing before this time.
    pub(crate) fn hold(&mut self, until: Duration) {
        self.local.hold(until);
    }

    /// Slows down because the service throttled a request that started at `started`.
    pub(crate) fn slow_down(&mut self, now: Duration, started: Duration) {
        self.local.slow_down(now, started);
    }
}
