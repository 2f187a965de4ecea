//! "Did you mean": the nearest of the names that exist.

use std::cmp::Reverse;

/// The candidate nearest to `word`, if it is near enough to be a slip: one
/// edit for every three characters, else one that `word` begins. Of equally near
/// ones it is the one that begins the longest as `word` does.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let limit = (word.chars().count() / 3).max(1);
    let distance = |candidate: &str| {
        let edits = strsim::damerau_levenshtein(&word, candidate);
        let is_begun = word.len() >= 3 && candidate.starts_with(&word);
        if is_begun {
            edits.min(limit + 1)
        } else {
            edits
        }
    };
    let is_near = |distance: usize, candidate: &str| {
        distance <= limit || (distance == limit + 1 && candidate.starts_with(&word))
    };
    candidates
        .into_iter()
        .map(|candidate| (distance(candidate), candidate))
        .filter(|(distance, candidate)| is_near(*distance, candidate))
        .min_by_key(|(distance, candidate)| (*distance, Reverse(shared(&word, candidate))))
        .map(|(_, candidate)| candidate)
}

/// How many characters two words have in common from their beginning on.
fn shared(one: &str, other: &str) -> usize {
    let pairs = one.chars().zip(other.chars());
    pairs.take_while(|(one, other)| one == other).count()
}

/// The hint about a word that is none of `candidates`.
pub(super) fn hint<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let known = candidates.join(", ");
    match nearest(word, candidates) {
        Some(near) => format!("did you mean {near}? There are: {known}"),
        None => format!("there are: {known}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let regions = ["singapore", "china", "usa"];
        assert_eq!(nearest("singapor", regions), Some("singapore"));
        assert_eq!(nearest("cihna", regions), Some("china"));
        assert_eq!(nearest("mars", regions), None);
        assert_eq!(
            hint("CHINA", regions),
            "did you mean china? There are: singapore, china, usa"
        );
    }

    #[test]
    fn of_equally_near_names_the_one_that_begins_alike_is_meant() {
        assert_eq!(nearest("rom", ["from", "room"]), Some("room"));
        assert_eq!(nearest("rom", ["room", "from"]), Some("room"));
    }

    #[test]
    fn a_slip_goes_before_a_beginning() {
        assert_eq!(nearest("users", ["usersig", "user"]), Some("user"));
    }

    #[test]
    fn the_beginning_of_a_name_is_enough() {
        assert_eq!(nearest("sing", ["usa", "singapore"]), Some("singapore"));
        assert_eq!(nearest("si", ["usa", "singapore"]), None);
    }
}
