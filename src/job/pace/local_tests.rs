//! The slots of one process: evenly spaced, ramped up, slowed down, after a stall.

use super::*;

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Start times of a job that is never kept waiting by anything else.
fn starts(mut pace: LocalPace, count: usize) -> Vec<Duration> {
    let mut take = || {
        let at = pace.next_slot();
        pace.take_slot(at);
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
        starts(LocalPace::new(10, 5), 4),
        [ms(0), ms(100), ms(200), ms(300)]
    );
}

#[test]
fn no_second_sees_more_than_200_at_the_top_rate() {
    assert!(most_in_a_second(&starts(LocalPace::new(200, 2000), 2000)) <= 200);
}

#[test]
fn a_long_job_starts_at_half_the_rate_and_reaches_it_after_2_seconds() {
    let mut pace = LocalPace::new(100, 101);
    assert!((pace.rate_at(ms(0)) - 50.0).abs() < 0.1);
    pace.take_slot(ms(0));
    assert!((pace.rate_at(ms(1000)) - 75.0).abs() < 0.1);
    assert!((pace.rate_at(ms(2000)) - 100.0).abs() < 0.1);
    assert!((LocalPace::new(100, 100).rate_at(ms(0)) - 100.0).abs() < 0.1);
}

#[test]
fn a_stall_is_not_caught_up_by_a_burst() {
    let mut pace = LocalPace::new(100, 10);
    pace.take_slot(ms(0));
    pace.take_slot(ms(5000));
    let at_once =
        std::iter::from_fn(|| (pace.next_slot() <= ms(5000)).then(|| pace.take_slot(ms(5000))));
    assert!(
        at_once.take(10).count() <= 2,
        "20 ms at 100/s are two starts"
    );
    let next = |rate| {
        let mut pace = LocalPace::new(rate, 10);
        pace.take_slot(ms(0));
        pace.take_slot(ms(5000));
        pace.next_slot()
    };
    assert!(next(200) > ms(5000));
    assert!(next(190) < ms(4986), "one of some starts at once");
    let at_step = |rate| catch_up_at_step(step_at(rate));
    assert_eq!([190.0, 191.0, 200.0].map(at_step), [20, 2, 2].map(ms));
}

#[test]
fn late_timers_cost_little_at_the_top_rate_and_no_second_sees_more_starts() {
    // At 190 a second they take 10,530 ms.
    for (late, most) in [(0, 10_300), (5, 10_300), (12, 10_300), (20, 10_400)] {
        let mut pace = LocalPace::new(200, 10);
        let mut starts = Vec::new();
        let mut now = ms(0);
        while starts.len() < 2000 {
            let is_late = starts.len().is_multiple_of(20) && pace.next_slot() > now;
            let delay = if is_late { ms(late) } else { ms(0) };
            now = (pace.next_slot() + delay).max(now);
            pace.take_slot(now);
            starts.push(now);
        }
        assert!(now < ms(most), "{late}: {now:?}");
        assert!(most_in_a_second(&starts) <= MAX_STARTS_AT_LIMIT);
    }
}

#[test]
fn a_top_rate_that_was_throttled_settles_at_190() {
    let mut pace = LocalPace::new(200, 10);
    pace.take_slot(ms(0));
    pace.slow_down(ms(100), ms(0));
    assert!((pace.rate_at(ms(100)) - 100.0).abs() < 0.1);
    assert!((pace.rate_at(ms(60_000)) - 190.0).abs() < 0.1);
    // Below it the rate was not what the service refused.
    let mut ramped = LocalPace::new(200, 1000);
    ramped.take_slot(ms(0));
    ramped.slow_down(ms(100), ms(0));
    assert!((ramped.rate_at(ms(60_000)) - 200.0).abs() < 0.1);
}

#[test]
fn throttling_halves_the_pace_once_a_second_and_it_climbs_back() {
    let mut pace = LocalPace::new(100, 10);
    pace.take_slot(ms(0));
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
        "an answer to an old request slows nothing down"
    );
    assert!((pace.rate_at(ms(1100)) - 60.0).abs() < 0.1);
    pace.slow_down(ms(1100), ms(100));
    assert!(
        (pace.rate_at(ms(1100)) - 30.0).abs() < 0.1,
        "a second later"
    );
    assert!((pace.rate_at(ms(60_000)) - 100.0).abs() < 0.1);
}

#[test]
fn it_never_goes_below_2_a_second() {
    let mut pace = LocalPace::new(100, 10);
    for second in 1..20 {
        pace.slow_down(ms(second * 1000), ms(second * 1000));
    }
    assert!(pace.rate_at(ms(19_000)) >= 2.0);
}

#[test]
fn waits_count_from_the_slot_and_are_reported_once_from_a_second_and_a_tenth_of_the_time_on() {
    let mut held = HeldBack::default();
    assert!(!held.end(ms(9000), ms(9000)), "nothing has waited");
    held.begin(ms(10_000), ms(10_300));
    held.begin(ms(10_400), ms(10_400));
    assert!(!held.end(ms(11_299), ms(1000)), "999 ms");
    held.begin(ms(20_000), ms(0));
    assert!(!held.end(ms(20_001), ms(10_001)), "less than a tenth");
    held.begin(ms(30_000), ms(0));
    assert!(held.end(ms(30_000), ms(10_000)), "a second and a tenth");
    held.begin(ms(40_000), ms(0));
    assert!(!held.end(ms(50_000), ms(1000)), "once");
}

#[test]
fn least_time_counts_the_ramp() {
    assert_eq!(least_time(100, 0), ms(0));
    assert_eq!(least_time(100, 1), ms(0));
    assert_eq!(least_time(100, 11), ms(100));
    let ramped = least_time(100, 1001).as_secs_f64();
    assert!((10.4..10.6).contains(&ramped), "{ramped}");
}
