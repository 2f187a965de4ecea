//! Expected outputs as predicates; a test that gives none expects an empty
//! output.

use predicates::BoxPredicate;
use predicates::prelude::*;
use predicates::str::contains;

/// Any text: the test checks it itself, or is about something else.
pub(crate) fn any() -> BoxPredicate<str> {
    BoxPredicate::new(predicate::always())
}

/// Exactly this.
pub(crate) fn is(text: &str) -> BoxPredicate<str> {
    BoxPredicate::new(predicate::str::diff(text.to_owned()))
}

/// Each of these, somewhere.
pub(crate) fn has<const N: usize>(parts: [&str; N]) -> BoxPredicate<str> {
    parts.into_iter().fold(any(), |all, part| {
        BoxPredicate::new(all.and(contains(part)))
    })
}

/// None of these, anywhere.
pub(crate) fn lacks<const N: usize>(parts: [&str; N]) -> BoxPredicate<str> {
    parts.into_iter().fold(any(), |all, part| {
        BoxPredicate::new(all.and(contains(part).not()))
    })
}
