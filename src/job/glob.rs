//! Patterns for `UserID`s, of `--protect` and `--match`: `*` matches any number of
//! characters, `?` matches one, all others match themselves. Case matters.

use std::fmt;

use crate::room::OTHER_WILDCARDS;

/// A pattern for `UserID`s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Glob(String);

/// Why a text is not a usable pattern: it could match no `UserID`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GlobError {
    #[error("is empty")]
    Empty,
    #[error("has a character that no UserID can have: they are printable ASCII")]
    NotPrintable,
    #[error("has a blank at an end, which no UserID has")]
    BlankAtEnd,
    #[error("has {0:?}, and only * and ? are wildcards")]
    OtherWildcard(char),
}

impl GlobError {
    /// What to write in its place; `each` shows how several patterns are given. A `?` is
    /// only for a name that has the character: in place of a separator it is accepted and
    /// protects nobody.
    pub(crate) fn remedy(self, each: &str) -> String {
        match self {
            Self::Empty | Self::NotPrintable => {
                "write a pattern of printable ASCII characters, like 'host-*'".into()
            }
            Self::BlankAtEnd => "write the pattern without the blank at its end".into(),
            Self::OtherWildcard(_) => format!(
                "write one pattern for each name: {each}; only if the UserID itself has that character, write ? in its place"
            ),
        }
    }
}

impl Glob {
    /// # Errors
    /// A pattern that can match no `UserID`.
    pub(crate) fn parse(pattern: &str) -> Result<Self, GlobError> {
        if pattern.is_empty() {
            return Err(GlobError::Empty);
        }
        if !pattern.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Err(GlobError::NotPrintable);
        }
        // Without the blank it could match people who are not meant.
        if pattern.trim() != pattern {
            return Err(GlobError::BlankAtEnd);
        }
        Ok(Self(pattern.to_owned()))
    }

    /// A pattern for those who stay. One that was meant otherwise would protect nobody, so
    /// what other programs read as a wildcard is not taken for a character of names.
    ///
    /// # Errors
    /// The same, and another wildcard or a quote.
    pub(crate) fn parse_protection(pattern: &str) -> Result<Self, GlobError> {
        match pattern.chars().find(|c| OTHER_WILDCARDS.contains(c)) {
            Some(other) => Err(GlobError::OtherWildcard(other)),
            None => Self::parse(pattern),
        }
    }

    /// Whether the whole name matches. Each star first takes nothing, and one
    /// character more whenever the rest does not match. Only the latest star has
    /// to be tried again, so the time is at most the product of both lengths.
    pub(crate) fn matches(&self, name: &str) -> bool {
        let (pattern, name) = (self.0.as_bytes(), name.as_bytes());
        let (mut at, mut read) = (0, 0);
        let mut star = None;
        while read < name.len() {
            match pattern.get(at) {
                Some(b'*') => {
                    star = Some((at, read));
                    at += 1;
                }
                Some(&byte) if byte == b'?' || byte == name[read] => {
                    at += 1;
                    read += 1;
                }
                _ => {
                    let Some((star_at, taken)) = star else {
                        return false;
                    };
                    star = Some((star_at, taken + 1));
                    at = star_at + 1;
                    read = taken + 1;
                }
            }
        }
        pattern[at..].iter().all(|byte| *byte == b'*')
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matches(pattern: &str, name: &str) -> bool {
        Glob::parse(pattern).expect("a pattern").matches(name)
    }

    #[test]
    fn wildcards_of_other_programs_protect_nobody_and_are_refused() {
        for (pattern, other) in [
            ("a,b", ','),
            ("a;b", ';'),
            ("\"a*\"", '"'),
            ("{a,b}", '{'),
            ("[ab]*", '['),
            ("^a", '^'),
            ("a|b", '|'),
            ("a\\*", '\\'),
        ] {
            let refused = Err(GlobError::OtherWildcard(other));
            assert_eq!(Glob::parse_protection(pattern), refused, "{pattern}");
        }
        for pattern in ["host-*", "?", "a.b", "a b", "@im#*", "a:b", "-x_1"] {
            assert!(Glob::parse_protection(pattern).is_ok(), "{pattern}");
        }
    }

    #[test]
    fn a_star_is_any_characters_and_a_question_mark_is_one() {
        for (pattern, name) in [
            ("host-*", "host-1"),
            ("host-*", "host-"),
            ("*", "x"),
            ("*admin*", "the admin!"),
            ("a*b*c", "aXbYbZc"),
            ("?", "x"),
            ("bot-??", "bot-12"),
            ("a*?", "ab"),
            ("*.*", "a*.b"),
            ("plain", "plain"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("host-*", "ghost-1"),
            ("host-*", "Host-1"),
            ("bot-??", "bot-1"),
            ("?", "xy"),
            ("a*b", "abc"),
            ("a*?", "a"),
            ("plain", "plain "),
            ("[a]", "a"),
        ] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn a_pattern_that_can_match_nobody_is_an_error() {
        assert_eq!(Glob::parse(""), Err(GlobError::Empty));
        assert_eq!(Glob::parse("主*"), Err(GlobError::NotPrintable));
        assert_eq!(Glob::parse("a\n"), Err(GlobError::NotPrintable));
        for pattern in [" *", "* ", " a*", " "] {
            assert_eq!(
                Glob::parse(pattern),
                Err(GlobError::BlankAtEnd),
                "{pattern:?}"
            );
        }
    }

    /// The definition, as a recursion.
    fn matches_by_definition(pattern: &[u8], name: &[u8]) -> bool {
        match (pattern, name) {
            ([], []) => true,
            ([b'*', rest @ ..], _) => {
                (0..=name.len()).any(|skip| matches_by_definition(rest, &name[skip..]))
            }
            ([b'?', rest @ ..], [_, tail @ ..]) => matches_by_definition(rest, tail),
            ([byte, rest @ ..], [other, tail @ ..]) => {
                byte == other && matches_by_definition(rest, tail)
            }
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn it_matches_as_the_recursive_definition(pattern in "[ab*?]{1,8}", name in "[ab]{0,10}") {
            let expected = matches_by_definition(pattern.as_bytes(), name.as_bytes());
            prop_assert_eq!(matches(&pattern, &name), expected);
        }
    }
}
