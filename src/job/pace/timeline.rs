//! The rules of a shared timeline, in Rust: pure, on a clock that the caller reads.
//! [`shared_timeline`](super::shared_timeline) explains them.

use std::time::Duration;

use super::local::{MIN_RATE, RATE_GAIN, step_at};
use super::shared_timeline::{Lease, RATE_KEPT, TimelineView, Want, most_ahead};
use crate::room::MAX_RATE;

/// Nobody asks for less: `--rate 1` at the start of a ramp is half of it. With far less the
/// time to the next slot is no [`Duration`] any more.
const LEAST_RATE: f64 = 0.1;

/// The state of a timeline. Times are readings of one clock that never goes back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Timeline {
    /// When the next slot is free.
    pub(crate) next: Duration,
    /// The highest rate that was asked for lately, in requests per second.
    pub(crate) rate: f64,
    /// Until when that rate counts.
    pub(crate) rate_until: Duration,
    pub(crate) slowed: Option<Slowed>,
}

/// The last slow-down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Slowed {
    pub(crate) at: Duration,
    /// The rate right after it.
    pub(crate) rate: f64,
}

/// Nobody has reserved yet.
impl Default for Timeline {
    fn default() -> Self {
        Self {
            next: Duration::ZERO,
            rate: f64::from(MAX_RATE),
            rate_until: Duration::ZERO,
            slowed: None,
        }
    }
}

impl Timeline {
    /// Reserves slots.
    pub(crate) fn reserve(&mut self, now: Duration, want: Want) -> Lease {
        if now >= self.rate_until || want.rate >= self.rate {
            self.rate = want.rate;
            self.rate_until = now + RATE_KEPT;
        }
        let step = step_at(self.rate_in_force(now));
        let first = self.next.max(now);
        self.next = first + step * want.slots;
        Lease {
            first: first.saturating_sub(now),
            step,
            slots: want.slots,
        }
    }

    /// Slows down for a request that started at `started`.
    pub(crate) fn slow_down(&mut self, now: Duration, started: Duration) {
        let is_due = self.slowed.is_none_or(|last| {
            started >= last.at && now.saturating_sub(last.at) >= Duration::from_secs(1)
        });
        if is_due {
            let rate = (self.rate_in_force(now) / 2.0).max(MIN_RATE.min(self.rate));
            self.slowed = Some(Slowed { at: now, rate });
        }
    }

    /// Requests per second at this moment, for all sharers together.
    pub(crate) fn rate_in_force(&self, now: Duration) -> f64 {
        self.slowed.map_or(self.rate, |last| {
            let since = now.saturating_sub(last.at).as_secs_f64();
            self.rate.min(last.rate + RATE_GAIN * since)
        })
    }

    /// The state for people; `place` is where it is kept.
    pub(crate) fn view(&self, now: Duration, place: String) -> TimelineView {
        TimelineView {
            place,
            rate: (now < self.rate_until).then(|| self.rate_in_force(now)),
            is_slowed: self.is_slowed(now),
            ahead: self.next.saturating_sub(now),
        }
    }

    /// Whether a slow-down is in force.
    pub(crate) fn is_slowed(&self, now: Duration) -> bool {
        self.rate_in_force(now) < self.rate
    }

    /// Whether it can have been written at or before `now`. Another state is damaged,
    /// or of another boot.
    pub(crate) fn is_plausible(&self, now: Duration) -> bool {
        let is_rate = |rate: f64| (LEAST_RATE..=f64::from(MAX_RATE)).contains(&rate);
        let is_slowed = self
            .slowed
            .is_none_or(|last| last.at <= now && is_rate(last.rate));
        is_rate(self.rate)
            && is_slowed
            && self.rate_until <= now + RATE_KEPT
            && self.next <= now + most_ahead(self.rate_in_force(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn want(slots: u32, rate: f64) -> Want {
        Want { slots, rate }
    }

    #[test]
    fn slots_are_evenly_spaced_whoever_reserves_them() {
        let mut timeline = Timeline::default();
        let now = ms(5000);
        let one = timeline.reserve(now, want(3, 100.0));
        assert_eq!((one.first, one.step, one.slots), (ms(0), ms(10), 3));
        let other = timeline.reserve(now, want(1, 100.0));
        assert_eq!(other.first, ms(30));
        let later = timeline.reserve(now + ms(500), want(1, 100.0));
        assert_eq!(
            later.first,
            ms(0),
            "slots that were free are not kept for later"
        );
    }

    #[test]
    fn at_the_top_rate_no_second_sees_more_than_200_slots() {
        let mut timeline = Timeline::default();
        let lease = timeline.reserve(ms(0), want(1, 200.0));
        assert!(Duration::from_secs(1).div_duration_f64(lease.step) < 199.0);
    }

    #[test]
    fn the_highest_rate_asked_for_lately_counts() {
        let mut timeline = Timeline::default();
        timeline.reserve(ms(0), want(1, 100.0));
        assert_eq!(timeline.reserve(ms(1000), want(1, 10.0)).step, ms(10));
        assert_eq!(timeline.reserve(ms(9999), want(1, 10.0)).step, ms(10));
        assert_eq!(timeline.reserve(ms(10_000), want(1, 10.0)).step, ms(100));
        assert_eq!(timeline.reserve(ms(10_001), want(1, 50.0)).step, ms(20));
    }

    #[test]
    fn a_rate_that_is_asked_for_again_counts_from_then_on() {
        let mut timeline = Timeline::default();
        timeline.reserve(ms(0), want(1, 100.0));
        timeline.reserve(ms(5000), want(1, 100.0));
        assert_eq!(timeline.reserve(ms(14_999), want(1, 10.0)).step, ms(10));
        assert_eq!(timeline.reserve(ms(15_000), want(1, 10.0)).step, ms(100));
    }

    #[test]
    fn the_view_shows_a_rate_while_it_counts_and_how_far_slots_are_reserved() {
        let mut timeline = Timeline::default();
        timeline.reserve(ms(0), want(3, 100.0));
        let view = |now| timeline.view(ms(now), "here".into());
        let first = TimelineView {
            place: "here".into(),
            rate: Some(100.0),
            is_slowed: false,
            ahead: ms(30),
        };
        assert_eq!(view(0), first);
        assert_eq!(view(9999).rate, Some(100.0));
        assert_eq!((view(10_000).rate, view(10_000).ahead), (None, ms(0)));
    }

    #[test]
    fn a_second_after_the_last_slow_down_comes_the_next_but_not_below_a_low_rate() {
        let mut timeline = Timeline::default();
        timeline.reserve(ms(0), want(1, 1.0));
        timeline.slow_down(ms(1000), ms(1000));
        assert!((timeline.rate_in_force(ms(1000)) - 1.0).abs() < 0.01);
        let mut timeline = Timeline::default();
        timeline.reserve(ms(0), want(1, 100.0));
        timeline.slow_down(ms(1000), ms(1000));
        timeline.slow_down(ms(2000), ms(1000));
        assert!((timeline.rate_in_force(ms(2000)) - 30.0).abs() < 0.1);
    }

    #[test]
    fn a_refusal_slows_all_once_a_second_and_the_rate_climbs_back() {
        let mut timeline = Timeline::default();
        timeline.reserve(ms(0), want(1, 100.0));
        timeline.slow_down(ms(1000), ms(900));
        assert!((timeline.rate_in_force(ms(1000)) - 50.0).abs() < 0.1);
        timeline.slow_down(ms(1500), ms(1400));
        assert!((timeline.rate_in_force(ms(1500)) - 55.0).abs() < 0.1);
        timeline.slow_down(ms(3000), ms(999));
        assert!((timeline.rate_in_force(ms(3000)) - 70.0).abs() < 0.1);
        timeline.slow_down(ms(3000), ms(1000));
        assert!((timeline.rate_in_force(ms(3000)) - 35.0).abs() < 0.1);
        assert!(timeline.is_slowed(ms(3000)) && !timeline.is_slowed(ms(10_000)));
        assert_eq!(
            timeline.reserve(ms(3000), want(1, 100.0)).step,
            step_at(35.0)
        );
    }

    #[test]
    fn it_never_goes_below_2_a_second() {
        let mut timeline = Timeline::default();
        timeline.reserve(ms(0), want(1, 100.0));
        for second in 1..20 {
            timeline.slow_down(ms(second * 1000), ms(second * 1000));
        }
        assert!(timeline.rate_in_force(ms(19_000)) >= 2.0);
    }

    #[test]
    fn a_state_that_cannot_be_true_is_noticed() {
        let now = ms(100_000);
        let mut good = Timeline::default();
        good.reserve(now, want(9, 190.0));
        good.slow_down(now, now);
        assert!(good.is_plausible(now) && Timeline::default().is_plausible(now));
        let slowed = |at, rate| Some(Slowed { at, rate });
        for bad in [
            Timeline {
                next: now + ms(120_000),
                ..good
            },
            Timeline { rate: 0.0, ..good },
            Timeline {
                rate: f64::NAN,
                ..good
            },
            Timeline { rate: 1e9, ..good },
            Timeline {
                rate: 1e-30,
                ..good
            },
            Timeline {
                rate_until: now + ms(11_000),
                ..good
            },
            Timeline {
                slowed: slowed(now + ms(1), 95.0),
                ..good
            },
            Timeline {
                slowed: slowed(now, -1.0),
                ..good
            },
            Timeline {
                slowed: slowed(now, 1e-30),
                ..good
            },
        ] {
            assert!(!bad.is_plausible(now), "{bad:?}");
        }
        assert!(!good.is_plausible(ms(10)), "the clock started anew");
    }

    #[test]
    fn slots_are_reserved_at_most_10_seconds_and_200_steps_ahead() {
        let now = ms(100_000);
        let mut timeline = Timeline::default();
        timeline.reserve(now, want(1, 100.0));
        for (ahead, is_plausible) in [(12_000, true), (12_001, false)] {
            timeline.next = now + ms(ahead);
            assert_eq!(timeline.is_plausible(now), is_plausible, "{ahead}");
        }
    }
}
