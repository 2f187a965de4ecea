//! Where a text names a signature: `usersig=VALUE` in all its spellings, and the query
//! string around it.

use std::ops::Range;

use super::escapes::{Unit, units};

/// The index after this word of lower-case letters, in any case.
fn skip_word(units: &[Unit], at: usize, word: &[u8]) -> Option<usize> {
    let found = units.get(at..at + word.len())?;
    let same = found.iter().zip(word);
    let is_word = same
        .into_iter()
        .all(|(unit, byte)| unit.byte.to_ascii_lowercase() == *byte);
    is_word.then_some(at + word.len())
}

/// The index after `usersig`, `UserSig`, `user_sig`, `user-signature`…
pub(super) fn skip_usersig(units: &[Unit], at: usize) -> Option<usize> {
    let after_user = skip_word(units, at, b"user")?;
    let is_joint = |unit: &Unit| matches!(unit.byte, b'_' | b'-' | b'.' | b' ');
    let joint = usize::from(units.get(after_user).is_some_and(is_joint));
    let after = skip_word(units, after_user + joint, b"sig")?;
    skip_word(units, after, b"nature").or(Some(after))
}

/// Whether a field with this name has a signature.
pub(super) fn is_usersig(name: &str) -> bool {
    let units = units(name);
    (0..units.len()).any(|at| skip_usersig(&units, at).is_some())
}

/// The index of the value after a name, and whether something like `=` or `":"` is
/// between them.
pub(super) fn skip_assignment(units: &[Unit], mut at: usize) -> (usize, bool) {
    let mut is_assigned = false;
    while let Some(unit) = units.get(at) {
        match unit.byte {
            b'=' | b':' => is_assigned = true,
            b'"' | b'\'' | b'`' | b'\\' | b'(' | b'[' | b'<' | b'>' | b'/' => {}
            byte if byte.is_ascii_whitespace() => {}
            _ => break,
        }
        at += 1;
    }
    (at, is_assigned)
}

pub(super) fn end_of_word(units: &[Unit], start: usize) -> usize {
    let is_end = |unit: &Unit| unit.byte == b'&' || ends_query(unit);
    let length = units[start.min(units.len())..].iter().position(is_end);
    length.map_or(units.len(), |length| start + length)
}

fn ends_query(unit: &Unit) -> bool {
    let ends = b"\"'`<>(){}[],;|\\?";
    unit.byte.is_ascii_whitespace() || !unit.byte.is_ascii() || ends.contains(&unit.byte)
}

/// Whether a parameter of our query string begins here.
pub(super) fn is_query(units: &[Unit], at: usize) -> bool {
    let names = ["identifier=", "random=", "contenttype="];
    let mut names = names.iter().map(|name| name.as_bytes());
    names.any(|name| skip_word(units, at, name).is_some())
}

/// The query string around these units: it is secret as a whole.
pub(super) fn query(units: &[Unit], part: Range<usize>) -> Range<usize> {
    let before = units[..part.start].iter().rev();
    let start = part.start - before.take_while(|unit| !ends_query(unit)).count();
    let after = units[part.end..].iter();
    let end = part.end + after.take_while(|unit| !ends_query(unit)).count();
    start..end
}
