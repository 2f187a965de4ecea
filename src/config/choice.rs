//! Settings that are one word of a few, and the word that was probably meant
//! by a wrong one.

use std::cmp::Reverse;

use crate::api::Region;

/// One of a few values, each with a name.
pub(crate) trait Choice: Copy + Send + Sync + 'static {
    /// All of them, in the order that help shows.
    const ALL: &'static [Self];

    /// What users type.
    fn name(self) -> &'static str;

    /// The value with this name, also in capitals.
    fn named(word: &str) -> Option<Self> {
        let mut all = Self::ALL.iter();
        all.find(|choice| choice.name().eq_ignore_ascii_case(word))
            .copied()
    }
}

/// The root certificates that are trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TlsRoots {
    /// Those compiled in.
    Bundled,
    /// The operating system's, for networks that re-sign TLS.
    System,
}

/// The form of results and notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// One object a line.
    Json,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColorWhen {
    /// On a terminal.
    Auto,
    Always,
    Never,
}

/// What a profile asks a person to type before its members are removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConfirmBy {
    /// The profile's name.
    Name,
}

impl Choice for ConfirmBy {
    const ALL: &'static [Self] = &[Self::Name];

    fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
        }
    }
}

/// Whether a kick reads the member list of a room to find who is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CheckRoom {
    /// Where that costs less than asking about each member.
    Auto,
    /// Before the first request of each room.
    Always,
    Never,
}

impl Choice for Region {
    const ALL: &'static [Self] = &Self::ALL;

    fn name(self) -> &'static str {
        Self::name(self)
    }
}

impl Choice for TlsRoots {
    const ALL: &'static [Self] = &[Self::Bundled, Self::System];

    fn name(self) -> &'static str {
        match self {
            Self::Bundled => "bundled",
            Self::System => "system",
        }
    }
}

impl Choice for Format {
    const ALL: &'static [Self] = &[Self::Text, Self::Json];

    fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

impl Choice for ColorWhen {
    const ALL: &'static [Self] = &[Self::Auto, Self::Always, Self::Never];

    fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

impl Choice for CheckRoom {
    const ALL: &'static [Self] = &[Self::Auto, Self::Always, Self::Never];

    fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

/// The names of all values, for help, completion and errors.
pub(crate) fn names<T: Choice>() -> Vec<&'static str> {
    T::ALL.iter().map(|choice| choice.name()).collect()
}

/// The candidate nearest to `word`, if it is near enough to be a typing error:
/// one edit for every three characters, else a candidate that starts with
/// `word`. Of equally near ones, the one that shares the longest beginning.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word = word.to_lowercase();
    let limit = (word.chars().count() / 3).max(1);
    let distance = |candidate: &str| {
        let edits = strsim::damerau_levenshtein(&word, candidate);
        let is_beginning = word.len() >= 3 && candidate.starts_with(&word);
        if is_beginning {
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
        .min_by_key(|(distance, candidate)| (*distance, Reverse(shared_start(&word, candidate))))
        .map(|(_, candidate)| candidate)
}

/// The hint about a word that is none of `candidates`.
pub(crate) fn suggestion<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let known = candidates.join(", ");
    match nearest(word, candidates) {
        Some(near) => format!("did you mean {near}? There are: {known}"),
        None => format!("there are: {known}"),
    }
}

/// How many characters two words have in common from the start.
fn shared_start(one: &str, other: &str) -> usize {
    let pairs = one.chars().zip(other.chars());
    pairs.take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_error_is_recognised_and_another_word_is_not() {
        let regions = ["singapore", "china", "usa"];
        assert_eq!(nearest("singapor", regions), Some("singapore"));
        assert_eq!(nearest("cihna", regions), Some("china"));
        assert_eq!(nearest("mars", regions), None);
        assert_eq!(
            suggestion("CHINA", regions),
            "did you mean china? There are: singapore, china, usa"
        );
    }

    #[test]
    fn of_equally_near_names_the_one_that_begins_alike_is_meant() {
        assert_eq!(nearest("rom", ["from", "room"]), Some("room"));
        assert_eq!(nearest("rom", ["room", "from"]), Some("room"));
    }

    #[test]
    fn a_typing_error_goes_before_the_beginning_of_a_name() {
        assert_eq!(nearest("users", ["usersig", "user"]), Some("user"));
    }

    #[test]
    fn the_beginning_of_a_name_is_enough() {
        assert_eq!(nearest("sing", ["usa", "singapore"]), Some("singapore"));
        assert_eq!(nearest("si", ["usa", "singapore"]), None);
    }
}
