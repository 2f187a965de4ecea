//! When the next request may start: evenly spaced, ramped up, slowed down.
//!
//! A value that is asked, not a thing that sleeps. After a stall it goes on at
//! its interval and does not burst to catch up.

use std::time::Duration;

use crate::room::MAX_RATE;

/// Requests started per second, unless told: leaves a little of the service's
/// 200 to others.
pub const DEFAULT_RATE: u32 = 190;

/// Above this rate stalls are not caught up and slots are spread wider.
const COMFORTABLE: f64 = 190.0;

/// At exactly 1/200 s some sliding second sees 201 starts; 1 % more, never.
const STEP_AT_LIMIT: f64 = 1.01 / MAX_RATE as f64;

/// What may be caught up after a stall.
const CATCH_UP: Duration = Duration::from_millis(20);

/// What may be caught up at the top rate: no stall, only timers that are late.
/// With steps of 5.05 ms, 1002 ms hold 199 starts.
const LATE_TIMER: Duration = Duration::from_millis(2);

/// A job of more requests than this starts at half its rate: fresh connections
/// arrive later than warm ones, so that without a ramp the first second would
/// overshoot.
const RAMP_FROM: usize = 100;

/// Seconds until the full rate.
const RAMP_SECONDS: f64 = 2.0;

/// Never slower than this, requests a second.
const FLOOR: f64 = 2.0;

/// After a slow-down the rate grows by so much each second.
const CLIMB: f64 = 10.0;

/// The pace of one job.
#[derive(Debug, Clone)]
pub struct Pace {
    rate: f64,
    ramped: bool,
    /// When the first request started.
    begun: Option<Duration>,
    next: Duration,
    slowed: Option<Slowed>,
}

#[derive(Debug, Clone, Copy)]
struct Slowed {
    at: Duration,
    rate: f64,
}

impl Pace {
    /// A pace of `rate` requests a second for a job of so many requests.
    pub fn new(rate: u32, requests: usize) -> Self {
        Self {
            rate: f64::from(rate),
            ramped: requests > RAMP_FROM,
            begun: None,
            next: Duration::ZERO,
            slowed: None,
        }
    }

    /// When the next request may start; not after `now` means at once.
    pub fn earliest(&self) -> Duration {
        self.next
    }

    /// A request starts now.
    pub fn take(&mut self, now: Duration) {
        self.begun.get_or_insert(now);
        let behind = if self.rate > COMFORTABLE {
            LATE_TIMER
        } else {
            CATCH_UP
        };
        let slot = self.next.max(now.saturating_sub(behind));
        self.next = slot + self.step(now);
    }

    /// The service throttles: half the pace, at most once a second, and only
    /// for a request that started since the last time, because answers to
    /// older ones say nothing of today's pace.
    pub fn slow_down(&mut self, now: Duration, started: Duration) {
        let again = self.slowed.is_none_or(|last| {
            started >= last.at && now.saturating_sub(last.at) >= Duration::from_secs(1)
        });
        if again {
            let rate = (self.rate_at(now) / 2.0).max(FLOOR.min(self.rate));
            self.slowed = Some(Slowed { at: now, rate });
        }
    }

    /// Requests a second at this moment.
    pub fn rate_at(&self, now: Duration) -> f64 {
        let since = |at: Duration| now.saturating_sub(at).as_secs_f64();
        let ramp = match self.begun {
            _ if !self.ramped => 1.0,
            None => 0.5,
            Some(begun) => (0.5 + since(begun) / RAMP_SECONDS / 2.0).min(1.0),
        };
        let slowed = self
            .slowed
            .map_or(f64::MAX, |last| last.rate + CLIMB * since(last.at));
        (self.rate * ramp).min(slowed)
    }

    fn step(&self, now: Duration) -> Duration {
        let rate = self.rate_at(now);
        let even = 1.0 / rate;
        Duration::from_secs_f64(if rate > COMFORTABLE {
            even.max(STEP_AT_LIMIT)
        } else {
            even
        })
    }
}

/// Least time until the last of so many requests starts.
pub fn least_time(rate: u32, requests: usize) -> Duration {
    let mut pace = Pace::new(rate, requests);
    for _ in 1..requests {
        pace.take(pace.earliest());
    }
    pace.earliest()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// Start times of a job that is never kept waiting by anything else.
    fn starts(mut pace: Pace, count: usize) -> Vec<Duration> {
        let mut take = || {
            let at = pace.earliest();
            pace.take(at);
            at
        };
        (0..count).map(|_| take()).collect()
    }

    fn most_in_a_second(starts: &[Duration]) -> usize {
        let within = |from: &Duration| {
            let end = *from + Duration::from_secs(1);
            starts
                .iter()
                .filter(|at| *at >= from && **at <= end)
                .count()
        };
        starts.iter().map(within).max().unwrap_or(0)
    }

    #[test]
    fn starts_are_evenly_spaced() {
        assert_eq!(
            starts(Pace::new(10, 5), 4),
            [ms(0), ms(100), ms(200), ms(300)]
        );
    }

    #[test]
    fn no_second_sees_more_than_200_at_the_top_rate() {
        assert!(most_in_a_second(&starts(Pace::new(200, 2000), 2000)) <= 200);
    }

    #[test]
    fn a_long_job_starts_at_half_the_rate_and_reaches_it_after_2_seconds() {
        let mut pace = Pace::new(100, 101);
        assert!((pace.rate_at(ms(0)) - 50.0).abs() < 0.1);
        pace.take(ms(0));
        assert!((pace.rate_at(ms(1000)) - 75.0).abs() < 0.1);
        assert!((pace.rate_at(ms(2000)) - 100.0).abs() < 0.1);
        assert!((Pace::new(100, 100).rate_at(ms(0)) - 100.0).abs() < 0.1);
    }

    #[test]
    fn a_stall_is_not_caught_up_by_a_burst() {
        let mut pace = Pace::new(100, 10);
        pace.take(ms(0));
        pace.take(ms(5000));
        let at_once =
            std::iter::from_fn(|| (pace.earliest() <= ms(5000)).then(|| pace.take(ms(5000))));
        assert!(
            at_once.take(10).count() <= 2,
            "20 ms at 100/s are two starts"
        );
        let mut top = Pace::new(200, 10);
        top.take(ms(0));
        top.take(ms(5000));
        assert!(top.earliest() > ms(5000));
    }

    #[test]
    fn throttling_halves_the_pace_once_a_second_and_it_climbs_back() {
        let mut pace = Pace::new(100, 10);
        pace.take(ms(0));
        pace.slow_down(ms(100), ms(0));
        assert!((pace.rate_at(ms(100)) - 50.0).abs() < 0.1);
        pace.slow_down(ms(600), ms(500));
        assert!(
            (pace.rate_at(ms(600)) - 55.0).abs() < 0.1,
            "not twice in a second"
        );
        pace.slow_down(ms(2000), ms(50));
        assert!(
            pace.rate_at(ms(2000)) > 60.0,
            "an answer to an old request says nothing"
        );
        assert!((pace.rate_at(ms(1100)) - 60.0).abs() < 0.1);
        assert!((pace.rate_at(ms(60_000)) - 100.0).abs() < 0.1);
    }

    #[test]
    fn it_never_goes_below_2_a_second() {
        let mut pace = Pace::new(100, 10);
        for second in 1..20 {
            pace.slow_down(ms(second * 1000), ms(second * 1000));
        }
        assert!(pace.rate_at(ms(19_000)) >= 2.0);
    }

    #[test]
    fn least_time_counts_the_ramp() {
        assert_eq!(least_time(100, 0), ms(0));
        assert_eq!(least_time(100, 1), ms(0));
        assert_eq!(least_time(100, 11), ms(100));
        let ramped = least_time(100, 1001).as_secs_f64();
        assert!((10.4..10.6).contains(&ramped), "{ramped}");
    }
}
