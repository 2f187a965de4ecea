//! "Did you mean": the nearest of the names that exist.

/// The candidate nearest to `word`, if it is near enough to be a slip: one
/// edit for every three characters.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |candidate: &str| strsim::damerau_levenshtein(&word.to_lowercase(), candidate);
    let limit = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
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
}
