//! Answers of a server that is not the one that was meant.

use super::*;
use crate::job::pace::leases::Leases;

/// An answer to a wish for 20 slots.
const GOOD: [i64; 8] = [
    100,
    5_264,
    20,
    1_800_000_000_000_000,
    105_380,
    190_000,
    190_000,
    50_000,
];

fn with(at: usize, number: i64) -> [i64; 8] {
    let mut numbers = GOOD;
    numbers[at] = number;
    numbers
}

#[test]
fn an_answer_with_more_slots_than_wanted_or_an_impossible_step_is_not_the_scripts() {
    let (first, step, slots) = (0, 1, 2);
    for numbers in [
        with(slots, 21),
        with(slots, 0),
        with(slots, -1),
        with(slots, i64::from(u32::MAX)),
        with(slots, i64::MAX),
        with(step, 0),
        with(step, 4_999),
        with(step, 10_000_001),
        with(step, i64::MAX),
        with(first, -1),
        with(first, 11_053_000),
        with(first, i64::MAX),
        with(5, -1),
    ] {
        assert_eq!(Answer::of(&numbers, 20), None, "{numbers:?}");
    }
    assert_eq!(Answer::of(&GOOD[..7], 20), None);
    for numbers in [
        GOOD,
        with(slots, 1),
        with(step, 5_100),
        with(first, 11_000_000),
    ] {
        let answer = Answer::of(&numbers, 20).expect("an answer");
        // Whatever is accepted can be used.
        let mut leases = Leases::new();
        leases.add(answer.lease, Duration::from_secs(1), answer.span);
    }
    // Nothing was reserved.
    assert!(Answer::of(&with(slots, 0), 0).is_some());
    assert_eq!(Answer::of(&with(slots, 1), 0), None);
}
