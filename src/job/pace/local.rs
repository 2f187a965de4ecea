//! The pace of one process: evenly spaced, ramped up, slowed down.
//!
//! It only computes times; it never sleeps. After a stall it catches up at most
//! [`MAX_CATCH_UP`], and then continues at its interval.

use std::collections::VecDeque;
use std::time::Duration;

use crate::room::MAX_RATE;

/// Built-in value of `--rate`, in requests per second. It leaves a little of the
/// service's 200 to other clients.
pub(crate) const DEFAULT_RATE: u32 = 190;

/// Above this rate slots are spread wider, starts are counted, and long stalls are not
/// caught up, to stay below the service's limit. The job falls back to it when the
/// service throttles a higher rate.
const MAX_RELAXED_RATE: f64 = 190.0;

/// Shortest step above that rate. At exactly 1/200 s some sliding second would
/// see 201 starts, and at 1 % more none does. But a busy service counts requests as
/// late as it reads them: after a pause of 20 ms, four more arrive in a second. An
/// answer of 60007 costs a job some seconds, so that there is room for the four.
const STEP_AT_LIMIT: f64 = 1.02 / MAX_RATE as f64;

/// How much of a stall may be caught up.
const MAX_CATCH_UP: Duration = Duration::from_millis(20);

/// The same above [`MAX_RELAXED_RATE`] for a longer stall, and where the starts of a
/// second cannot be counted because processes share the rate: enough for a late timer.
/// With steps of 5.1 ms, 1002 ms contain 196 or 197 starts.
const MAX_CATCH_UP_AT_LIMIT: Duration = Duration::from_millis(2);

/// Most starts in any [`WINDOW_AT_LIMIT`] above [`MAX_RELAXED_RATE`]: the smaller number
/// of those that there are without any stall. On a busy machine a timer is often some
/// milliseconds late. If that was lost each time, 200 would be slower than 190: 14.3 s for
/// 2000 requests on two cores at a load of 13, where 190 took 11.0 s.
const MAX_STARTS_AT_LIMIT: usize = 196;

/// A second, and some time by which one request may take longer to arrive than another.
const WINDOW_AT_LIMIT: Duration = Duration::from_millis(1002);

/// A job of more requests than this starts at half its rate. Requests on new
/// connections arrive later than those on kept ones, so without a ramp more than
/// the rate would arrive in one second.
const RAMP_FROM: usize = 100;

/// Seconds until the full rate is reached.
const RAMP_SECONDS: f64 = 2.0;

/// The slowest rate after slow-downs, in requests per second.
pub(super) const MIN_RATE: f64 = 2.0;

/// After a slow-down the rate grows by this much per second.
pub(super) const RATE_GAIN: f64 = 10.0;

#[derive(Debug, Clone)]
pub(crate) struct LocalPace {
    rate: f64,
    has_ramp: bool,
    /// When the first request started.
    begun: Option<Duration>,
    next_slot: Duration,
    slow_down: Option<SlowDown>,
    /// The last [`MAX_STARTS_AT_LIMIT`] starts above [`MAX_RELAXED_RATE`].
    starts: VecDeque<Duration>,
    /// Not faster than this, while a shared rate cannot be reached.
    most: f64,
}

#[derive(Debug, Clone, Copy)]
struct SlowDown {
    at: Duration,
    /// The rate right after it.
    rate: f64,
}

impl LocalPace {
    /// `rate` in requests per second; `requests` is the size of the job.
    pub(crate) fn new(rate: u32, requests: usize) -> Self {
        Self {
            rate: f64::from(rate),
            has_ramp: requests > RAMP_FROM,
            begun: None,
            next_slot: Duration::ZERO,
            slow_down: None,
            starts: VecDeque::new(),
            most: f64::MAX,
        }
    }

    /// When the next request may start, as a monotonic reading. A time in the
    /// past means now.
    pub(crate) fn next_slot(&self) -> Duration {
        self.next_slot.max(self.allowed())
    }

    /// Takes the next slot for a request that starts now.
    pub(crate) fn take_slot(&mut self, now: Duration) {
        self.begun.get_or_insert(now);
        let late = now.saturating_sub(self.next_slot);
        let caught_up = if late <= MAX_CATCH_UP {
            late
        } else {
            catch_up(self.rate)
        };
        let slot = self.next_slot.max(now.saturating_sub(caught_up));
        self.next_slot = slot + self.step(now);
        if is_at_limit(self.rate) {
            self.starts.push_back(now);
            if self.starts.len() > MAX_STARTS_AT_LIMIT {
                self.starts.pop_front();
            }
        }
    }

    /// When the number of the last starts allows the next one.
    fn allowed(&self) -> Duration {
        let is_full = self.starts.len() == MAX_STARTS_AT_LIMIT;
        let oldest = self.starts.front().filter(|_| is_full);
        oldest.map_or(Duration::ZERO, |oldest| *oldest + WINDOW_AT_LIMIT)
    }

    /// Starts nothing before this time.
    pub(crate) fn hold(&mut self, until: Duration) {
        self.next_slot = self.next_slot.max(until);
    }

    /// Halves the rate because the service throttled a request that started at
    /// `started`. At most once a second, and not for requests that started
    /// before the last slow-down: they do not show whether it was enough. A rate above
    /// [`MAX_RELAXED_RATE`] does not come back: it would be throttled again. Returns
    /// whether it slowed down.
    pub(crate) fn slow_down(&mut self, now: Duration, started: Duration) -> bool {
        let is_due = self.slow_down.is_none_or(|last| {
            started >= last.at && now.saturating_sub(last.at) >= Duration::from_secs(1)
        });
        if is_due {
            let rate_now = self.rate_at(now);
            let rate = (rate_now / 2.0).max(MIN_RATE.min(self.rate));
            if is_at_limit(rate_now) {
                self.rate = MAX_RELAXED_RATE;
            }
            self.slow_down = Some(SlowDown { at: now, rate });
        }
        is_due
    }

    /// Goes on at this part of `--rate`: 10 is a tenth. Returns the rate.
    pub(super) fn limit_to_part(&mut self, part: f64) -> f64 {
        self.most = self.rate / part;
        self.most
    }

    /// Requests per second at this moment if nobody slows it down: `--rate`, during the
    /// ramp less.
    pub(super) fn rate_alone(&self, now: Duration) -> f64 {
        let ramp = match self.begun {
            _ if !self.has_ramp => 1.0,
            None => 0.5,
            Some(begun) => {
                let since = now.saturating_sub(begun).as_secs_f64();
                (0.5 + since / RAMP_SECONDS / 2.0).min(1.0)
            }
        };
        self.rate * ramp
    }

    /// Requests per second at this moment.
    fn rate_at(&self, now: Duration) -> f64 {
        let slowed = self.slow_down.map_or(f64::MAX, |last| {
            let since = now.saturating_sub(last.at).as_secs_f64();
            last.rate + RATE_GAIN * since
        });
        self.rate_alone(now).min(slowed).min(self.most)
    }

    /// From start to start at this moment.
    pub(super) fn step(&self, now: Duration) -> Duration {
        step_at(self.rate_at(now))
    }
}

/// Whether so many requests per second need the rules of [`MAX_RELAXED_RATE`].
fn is_at_limit(rate: f64) -> bool {
    rate > MAX_RELAXED_RATE
}

/// The time between two starts at so many requests per second.
pub(super) fn step_at(rate: f64) -> Duration {
    let even = 1.0 / rate;
    Duration::from_secs_f64(if is_at_limit(rate) {
        even.max(STEP_AT_LIMIT)
    } else {
        even
    })
}

/// How late a start may use its slot at so many requests per second.
fn catch_up(rate: f64) -> Duration {
    if is_at_limit(rate) {
        MAX_CATCH_UP_AT_LIMIT
    } else {
        MAX_CATCH_UP
    }
}

/// The same with slots this far from each other.
pub(super) fn catch_up_at_step(step: Duration) -> Duration {
    if step < step_at(MAX_RELAXED_RATE) {
        MAX_CATCH_UP_AT_LIMIT
    } else {
        MAX_CATCH_UP
    }
}

/// How long the limit of requests in flight has held the job below its rate.
#[derive(Debug, Default)]
pub(crate) struct HeldBack {
    /// When the request that waits now could have started.
    since: Option<Duration>,
    /// In all earlier waits.
    before: Duration,
    is_reported: bool,
}

impl HeldBack {
    /// A shorter wait may be one slow answer.
    const LONG: Duration = Duration::from_secs(1);

    /// The part of the time that must be lost: a pause in a long job is not worth
    /// a note.
    const PART: u32 = 10;

    /// A request waits that could have started at `slot` by the pace.
    pub(crate) fn begin(&mut self, now: Duration, slot: Duration) {
        self.since.get_or_insert(slot.max(now));
    }

    /// No request waits. `elapsed` is the age of the job. Returns whether the waits
    /// are to be reported, which they are once.
    pub(crate) fn end(&mut self, now: Duration, elapsed: Duration) -> bool {
        let Some(since) = self.since.take() else {
            return false;
        };
        self.before += now.saturating_sub(since);
        let is_due = self.before >= Self::LONG && self.before * Self::PART >= elapsed;
        is_due && !std::mem::replace(&mut self.is_reported, true)
    }
}

/// Shortest time until the last of `requests` requests starts.
pub(crate) fn least_time(rate: u32, requests: usize) -> Duration {
    let mut pace = LocalPace::new(rate, requests);
    for _ in 1..requests {
        pace.take_slot(pace.next_slot());
    }
    pace.next_slot()
}

#[cfg(test)]
#[path = "local_tests.rs"]
mod tests;
