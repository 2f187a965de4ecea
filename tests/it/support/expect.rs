//! What an output holds, as predicates; a test that names none expects nothing.

use predicates::BoxPredicate;
use predicates::prelude::*;
use predicates::str::contains;

/// Whatever it is: the test looks at it itself, or is about something else.
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
