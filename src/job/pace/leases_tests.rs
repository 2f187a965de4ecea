//! Several engines that always have something to send share a timeline in virtual
//! time.

use std::collections::VecDeque;

use super::super::fake::FakeTimeline;
use super::super::shared_timeline::SharedTimeline;
use super::*;

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn number(count: usize) -> f64 {
    u32::try_from(count).expect("a small number").into()
}

/// One process of the simulation.
struct Sharer {
    local: LocalPace,
    leases: Leases,
    timeline: FakeTimeline,
    /// How long a reservation takes.
    call_time: Duration,
    /// Leases that are under way, and when they come.
    coming: VecDeque<(Duration, Option<Lease>)>,
    from: Duration,
    until: Duration,
    /// Most requests in flight and how long each takes, if that is what limits it.
    in_flight: Option<(usize, Duration)>,
    starts: Vec<Duration>,
    reserved: u32,
    /// How often a machine of its own with a busy processor stops it for up to 60 ms, in
    /// thousandths of the moments.
    stalls: u32,
    asleep_until: Duration,
    random: u32,
}

impl Sharer {
    fn new(timeline: &FakeTimeline, rate: u32, call_time: Duration) -> Self {
        Self {
            local: LocalPace::new(rate, 1_000_000),
            leases: Leases::new(),
            timeline: timeline.clone(),
            call_time,
            coming: VecDeque::new(),
            from: ms(0),
            until: ms(1_000_000),
            in_flight: None,
            starts: Vec::new(),
            reserved: 0,
            stalls: 0,
            asleep_until: ms(0),
            random: 1,
        }
    }

    /// Whether the system lets it run now.
    fn is_awake(&mut self, now: Duration) -> bool {
        let mut random = |below: u32| {
            self.random = self
                .random
                .wrapping_mul(1_664_525)
                .wrapping_add(1_013_904_223);
            (self.random >> 16) % below
        };
        if random(1000) < self.stalls {
            self.asleep_until = now + Duration::from_millis(random(60).into());
        }
        now >= self.asleep_until
    }

    /// What the engine does at this moment.
    fn run(&mut self, now: Duration) {
        while self.coming.front().is_some_and(|(at, _)| *at <= now) {
            let coming = self.coming.pop_front().expect("it is there");
            if let (at, Some(lease)) = coming {
                if self.leases.add(lease, at, self.timeline.lease_span()) {
                    self.local.limit_to_part(1.0);
                }
            } else {
                self.leases.fail(now);
                self.local.limit_to_part(10.0);
            }
        }
        loop {
            let is_full = self.in_flight.is_some_and(|(most, latency)| {
                let under_way = self.starts.iter().rev().take(most);
                under_way.filter(|at| **at + latency > now).count() >= most
            });
            let (start, want) = self.leases.next_start(now, &self.local, !is_full);
            if let Some(want) = want {
                let lease = self.timeline.reserve(want).ok();
                self.reserved += lease.map_or(0, |lease| lease.slots);
                self.coming.push_back((now + self.call_time, lease));
            }
            if start > now || is_full {
                return;
            }
            self.leases.take(now);
            self.local.take_slot(now);
            self.starts.push(now);
        }
    }

    /// Starts a second from this moment on.
    fn per_second(&self, from: u32, to: u32) -> f64 {
        let count = self
            .starts
            .iter()
            .filter(|at| (ms(from.into())..ms(to.into())).contains(*at));
        number(count.count()) * 1000.0 / f64::from(to - from)
    }
}

/// Runs them for so many seconds, in steps of a quarter of a millisecond. An engine
/// that waits for an answer is not called; the others wake up too often, which costs
/// nothing.
fn run(sharers: &mut [Sharer], seconds: u64, mut each: impl FnMut(u64, &mut [Sharer])) {
    for tick in 0..seconds * 4000 {
        let now = Duration::from_micros(tick * 250);
        each(tick / 4, sharers);
        for sharer in sharers.iter_mut() {
            sharer.timeline.shared().now = now;
            let answers = sharer.in_flight.is_none_or(|(most, latency)| {
                let oldest = sharer.starts.iter().rev().nth(most - 1);
                oldest.is_none_or(|at| now >= *at + latency)
            });
            let is_up = now >= sharer.from && now < sharer.until;
            if answers && is_up && sharer.is_awake(now) {
                sharer.run(now);
            }
        }
    }
}

fn most_in_a_second(sharers: &[Sharer]) -> usize {
    let mut starts: Vec<Duration> = sharers.iter().flat_map(|s| s.starts.clone()).collect();
    starts.sort();
    let within = |(index, from): (usize, &Duration)| {
        starts.partition_point(|at| *at <= *from + ms(1000)) - index
    };
    starts.iter().enumerate().map(within).max().unwrap_or(0)
}

fn several(count: usize, rate: u32, call_time: Duration) -> Vec<Sharer> {
    let timeline = FakeTimeline::default();
    let sharers = (0..count).map(|_| Sharer::new(&timeline, rate, call_time));
    sharers.collect()
}

#[test]
fn one_process_alone_reaches_the_full_rate() {
    for (rate, call_time) in [
        (190, 0),
        (190, 5),
        (190, 30),
        (200, 0),
        (100, 1),
        (10, 1),
        (1, 1),
    ] {
        let mut sharers = several(1, rate, ms(call_time));
        run(&mut sharers, 12, |_, _| {});
        let reached = sharers[0].per_second(3000, 12_000);
        let wanted = if rate == 200 { 196.0 } else { f64::from(rate) };
        assert!(
            reached >= wanted * 0.98,
            "{reached} of {rate}, {call_time} ms"
        );
        assert!(most_in_a_second(&sharers) <= 200, "{rate}, {call_time} ms");
    }
}

#[test]
fn four_processes_keep_the_limit_together_and_their_shares_are_equal() {
    for (rate, call_time) in [(190, 0), (190, 5), (190, 30), (200, 0), (50, 1)] {
        let mut sharers = several(4, rate, ms(call_time));
        run(&mut sharers, 12, |_, _| {});
        assert!(most_in_a_second(&sharers) <= 200, "{rate}, {call_time} ms");
        let each: Vec<f64> = sharers.iter().map(|s| s.per_second(2000, 12_000)).collect();
        let total: f64 = each.iter().sum();
        let wanted = if rate == 200 { 196.0 } else { f64::from(rate) };
        assert!(total >= wanted * 0.97, "{total} of {rate}, {call_time} ms");
        for share in &each {
            assert!(
                (share / total * 4.0 - 1.0).abs() < 0.1,
                "{each:?}, {call_time} ms"
            );
        }
    }
}

#[test]
fn twenty_processes_keep_the_limit_and_none_starves() {
    let mut sharers = several(20, 190, ms(1));
    run(&mut sharers, 12, |_, _| {});
    assert!(most_in_a_second(&sharers) <= 200);
    for sharer in &sharers {
        assert!((7.6..11.4).contains(&sharer.per_second(2000, 12_000)));
    }
}

#[test]
fn a_lower_rate_slows_only_its_own_process() {
    let timeline = FakeTimeline::default();
    let mut sharers = vec![
        Sharer::new(&timeline, 190, ms(1)),
        Sharer::new(&timeline, 10, ms(1)),
    ];
    run(&mut sharers, 12, |_, _| {});
    let (fast, slow) = (
        sharers[0].per_second(3000, 12_000),
        sharers[1].per_second(3000, 12_000),
    );
    assert!((9.0..=10.2).contains(&slow), "{slow}");
    assert!(fast >= 176.0, "{fast}");
    assert!(most_in_a_second(&sharers) <= 200);
}

#[test]
fn on_a_busy_machine_the_limit_is_kept_and_the_shares_are_equal() {
    for stalls in [1, 3] {
        let mut sharers = several(4, 190, ms(1));
        for (number, sharer) in (1..).zip(&mut sharers) {
            (sharer.stalls, sharer.random) = (stalls, number * 7919);
        }
        run(&mut sharers, 22, |_, _| {});
        assert!(most_in_a_second(&sharers) <= 200);
        let each: Vec<f64> = sharers.iter().map(|s| s.per_second(2000, 22_000)).collect();
        let total: f64 = each.iter().sum();
        assert!(total > 130.0, "{each:?}");
        for share in &each {
            assert!(
                (share / total * 4.0 - 1.0).abs() < 0.15,
                "{each:?}, {stalls}"
            );
        }
    }
}

#[test]
fn a_process_that_is_stopped_now_and_then_does_not_starve() {
    let mut sharers = several(4, 190, ms(1));
    sharers[0].stalls = 3;
    run(&mut sharers, 22, |_, _| {});
    let each: Vec<f64> = sharers.iter().map(|s| s.per_second(2000, 22_000)).collect();
    assert!(each[0] > 47.5 * 0.8, "{each:?}");
}

#[test]
fn a_process_that_ends_or_starts_changes_the_shares_at_once() {
    let mut sharers = several(2, 190, ms(1));
    sharers[0].until = ms(8000);
    sharers[1].from = ms(4000);
    run(&mut sharers, 12, |_, _| {});
    assert!(sharers[0].per_second(3000, 4000) >= 185.0);
    assert!((85.0..105.0).contains(&sharers[0].per_second(6500, 8000)));
    assert!(sharers[1].per_second(8500, 12_000) >= 185.0);
    assert!(most_in_a_second(&sharers) <= 200);
}

#[test]
fn a_slow_down_of_one_process_slows_all_and_they_climb_back() {
    let mut sharers = several(4, 190, ms(1));
    run(&mut sharers, 12, |millis, sharers| {
        if millis == 4000 {
            let _ = sharers[0].timeline.slow_down(ms(10));
        }
    });
    let total = |from, to| sharers.iter().map(|s| s.per_second(from, to)).sum::<f64>();
    assert!(
        (90.0..115.0).contains(&total(4200, 5200)),
        "{}",
        total(4200, 5200)
    );
    assert!(total(8000, 9000) > 130.0);
}

#[test]
fn a_process_that_waits_for_answers_uses_little_of_the_rate() {
    let timeline = FakeTimeline::default();
    let mut sharers = vec![
        Sharer::new(&timeline, 190, ms(1)),
        Sharer::new(&timeline, 190, ms(1)),
    ];
    sharers[1].in_flight = Some((1, ms(100)));
    run(&mut sharers, 12, |_, _| {});
    let used = number(sharers[1].starts.len());
    // It waits for the leases of the other as well.
    assert!(used > 60.0, "{used}");
    assert!(
        f64::from(sharers[1].reserved) < used * 1.3,
        "{} for {used}",
        sharers[1].reserved
    );
    assert!(sharers[0].per_second(4000, 12_000) > 170.0);
}

#[test]
fn an_idle_process_reserves_nothing() {
    let mut sharers = several(1, 190, ms(1));
    sharers[0].until = ms(3000);
    run(&mut sharers, 4, |_, _| {});
    let (reserved, used) = (sharers[0].reserved as usize, sharers[0].starts.len());
    assert!(reserved <= used + 20, "{reserved} for {used}");
}

#[test]
fn out_of_reach_it_goes_on_at_a_tenth_and_returns() {
    let mut sharers = several(2, 190, ms(1));
    run(&mut sharers, 14, |millis, sharers| {
        sharers[0].timeline.shared().is_down = (4000..8000).contains(&millis);
    });
    for sharer in &sharers {
        let tenth = sharer.per_second(4200, 8000);
        assert!((17.0..21.0).contains(&tenth), "{tenth}");
    }
    let total: f64 = sharers.iter().map(|s| s.per_second(9500, 13_500)).sum();
    assert!(total > 180.0, "{total}");
    assert!(most_in_a_second(&sharers) <= 200);
}

#[test]
fn a_slot_that_comes_too_late_is_forfeited() {
    let mut leases = Leases::new();
    let local = LocalPace::new(100, 1);
    let lease = Lease {
        first: ms(0),
        step: ms(10),
        slots: 3,
    };
    leases.add(lease, ms(1000), ms(50));
    assert_eq!(leases.next_start(ms(1015), &local, true).0, ms(1000));
    assert_eq!(leases.next_start(ms(1025), &local, true).0, ms(1010));
    let (start, _) = leases.next_start(ms(1200), &local, true);
    assert!(start > ms(1200), "three requests at once would be a burst");
}

#[test]
fn an_engine_that_waits_for_its_slot_is_not_idle() {
    let (mut leases, local) = (Leases::new(), LocalPace::new(100, 1));
    let (first, step, slots) = (ms(600), ms(10), 1);
    leases.add(Lease { first, step, slots }, ms(0), ms(50));
    leases.take(ms(0));
    assert_eq!(leases.next_start(ms(0), &local, true).0, first);
    leases.next_start(first, &local, true);
    assert!(leases.is_running);
}
