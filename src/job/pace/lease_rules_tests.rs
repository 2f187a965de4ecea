//! When the next lease is asked for, how many slots it has, and which slots are lost.

use super::*;

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// At this rate, and with its next slot at this time.
fn local(rate: u32, next: u64) -> LocalPace {
    let mut local = LocalPace::new(rate, 1);
    local.hold(ms(next));
    local
}

/// With slots at these times, 10 ms from each other, of an engine that uses them.
fn with_slots(slots: impl IntoIterator<Item = u64>) -> Leases {
    Leases {
        slots: slots.into_iter().map(ms).collect(),
        step: Some(ms(10)),
        span: ms(50),
        size: 64,
        is_running: true,
        ..Leases::new()
    }
}

#[test]
fn out_of_reach_an_engine_that_is_ready_tries_again_once_a_second() {
    let mut leases = with_slots([]);
    let local = local(100, 0);
    assert!(leases.fail(ms(100)), "new");
    assert!(!leases.fail(ms(100)), "known");
    let mut want = |now, is_ready| leases.next_start(ms(now), &local, is_ready).1;
    assert_eq!(want(1099, true), None);
    assert_eq!(want(1100, false), None);
    assert_eq!(want(1100, true).expect("a try").slots, 1);
    assert_eq!(want(2500, true), None, "the call is under way");
}

#[test]
fn an_engine_that_asks_more_than_250_ms_late_was_idle_and_begins_with_one_slot() {
    let mut leases = with_slots([0]);
    leases.owed = 1;
    leases.next_start(ms(0), &local(100, 0), true);
    leases.slots.push_back(ms(250));
    leases.next_start(ms(250), &local(100, 0), true);
    assert!(leases.is_running);
    leases.next_start(ms(501), &local(100, 0), true);
    assert_eq!((leases.is_running, leases.size), (false, 1));
}

#[test]
fn a_lease_of_an_engine_that_uses_its_slots_is_twice_as_long_as_the_one_before() {
    let mut leases = Leases::new();
    let lease = Lease {
        first: ms(0),
        step: ms(10),
        slots: 1,
    };
    leases.add(lease, ms(0), ms(50));
    assert_eq!(leases.size, 1, "nothing was used");
    leases.take(ms(0));
    let sizes = [(); 7].map(|()| {
        leases.add(lease, ms(0), ms(50));
        leases.size
    });
    assert_eq!(sizes, [2, 4, 8, 16, 32, 64, 64]);
}

#[test]
fn the_longest_call_counts_and_each_call_an_eighth_less() {
    let mut leases = Leases::new();
    let lease = Lease {
        first: ms(0),
        step: ms(10),
        slots: 1,
    };
    for (took, remembered) in [(80, 80), (1, 70), (65, 65), (64, 64)] {
        leases.asked = Some(ms(1000));
        leases.add(lease, ms(1000 + took), ms(50));
        assert_eq!(leases.call_time, ms(remembered));
    }
}

#[test]
fn a_slot_is_taken_when_it_is_due_and_lost_after_20_ms() {
    let mut leases = with_slots([1000, 1010]);
    leases.take(ms(999));
    assert_eq!(leases.slots.len(), 2, "the local pace was used");
    leases.take(ms(1000));
    assert_eq!(leases.slots, [ms(1010)]);
    leases.forfeit(ms(1030));
    assert_eq!((leases.slots.len(), leases.owed), (1, 0));
    leases.forfeit(ms(1031));
    assert_eq!((leases.slots.len(), leases.owed), (0, 1));
}

#[test]
fn no_more_slots_are_owed_than_a_lease_has() {
    let mut leases = with_slots([1000, 1010, 1020, 1030]);
    leases.size = 3;
    leases.forfeit(ms(2000));
    assert_eq!(leases.owed, 3);
    leases.ask(1, ms(2000), &local(100, 0));
    assert_eq!(leases.owed, 0);
}

#[test]
fn without_slots_a_lease_is_asked_for_so_that_it_comes_when_it_is_wanted() {
    for (call_time, first) in [(5, 495), (80, 480)] {
        let mut leases = with_slots([]);
        leases.call_time = ms(call_time);
        let local = local(100, 500);
        assert_eq!(leases.slots_to_ask_for(ms(first - 1), &local), None);
        assert_eq!(leases.slots_to_ask_for(ms(first), &local), Some(5));
        leases.asked = Some(ms(0));
        assert_eq!(leases.slots_to_ask_for(ms(first), &local), None);
    }
}

#[test]
fn the_next_lease_is_asked_for_two_slots_and_two_calls_before_the_last_slot() {
    // At 100 a second two slots are 20 ms, at 190 they are 10.5 ms, at 10 at most 20.
    for (rate, step, last, first) in [(100, 10, 1010, 992), (10, 100, 1100, 1172)] {
        let mut leases = with_slots([1000, last]);
        (leases.step, leases.call_time) = (Some(ms(step)), ms(3));
        let local = local(rate, 1000);
        assert_eq!(leases.slots_to_ask_for(ms(first - 1), &local), None);
        assert!(leases.slots_to_ask_for(ms(first), &local).is_some());
        leases.is_running = false;
        assert_eq!(leases.slots_to_ask_for(ms(first), &local), None);
    }
}

#[test]
fn a_lease_that_would_come_long_before_it_is_wanted_is_not_asked_for_yet() {
    let leases = with_slots([1000]);
    let ask = |next| leases.slots_to_ask_for(ms(1005), &local(100, next));
    assert!(
        ask(1010).is_some(),
        "10 ms: half of what a slot may be late"
    );
    assert_eq!(ask(1011), None);
}

#[test]
fn a_lease_has_the_slots_of_its_span_and_those_that_are_owed() {
    let mut leases = with_slots([]);
    let ask = |leases: &Leases| leases.slots_to_ask_for(ms(0), &local(100, 0));
    assert_eq!(ask(&leases), Some(5));
    leases.owed = 3;
    assert_eq!(ask(&leases), Some(8));
    leases.size = 2;
    assert_eq!(ask(&leases), Some(5));
    (leases.span, leases.owed) = (ms(0), 0);
    assert_eq!(ask(&leases), Some(1));
}

#[test]
fn a_slower_process_asks_only_for_slots_that_it_can_use_in_time() {
    let mut leases = with_slots([]);
    (leases.step, leases.span, leases.call_time) = (Some(ms(6)), ms(100), ms(8));
    // Each slot is used 4 ms later than the one before, and may be 20 ms late.
    let ask = |next| leases.slots_to_ask_for(ms(0), &local(100, next));
    assert_eq!(ask(0), Some(6));
    assert_eq!(ask(8), Some(4));
}
