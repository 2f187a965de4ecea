//! Names that are never to be removed, as patterns: `*` is any characters or
//! none, `?` is any one, all else is itself, case and all.

use std::fmt;

/// A pattern for `UserID`s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob(String);

/// Why a text is no pattern: it would match nobody, and so protect nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GlobError {
    /// Nothing there.
    #[error("is empty")]
    Empty,
    /// No `UserID` has such characters.
    #[error("has a character that no UserID can have: they are printable ASCII")]
    NotPrintable,
}

impl Glob {
    /// Takes a pattern that can match somebody.
    pub fn parse(pattern: &str) -> Result<Self, GlobError> {
        if pattern.is_empty() {
            return Err(GlobError::Empty);
        }
        if !pattern.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Err(GlobError::NotPrintable);
        }
        Ok(Self(pattern.to_owned()))
    }

    /// Whether `name` is meant. Each star takes as little as it can and one
    /// character more whenever what follows does not fit; only the latest star
    /// need ever be asked again.
    pub fn matches(&self, name: &str) -> bool {
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
    fn what_would_protect_nobody_is_a_fault() {
        assert_eq!(Glob::parse(""), Err(GlobError::Empty));
        assert_eq!(Glob::parse("主*"), Err(GlobError::NotPrintable));
        assert_eq!(Glob::parse("a\n"), Err(GlobError::NotPrintable));
    }

    /// The definition, word for word.
    fn plainly(pattern: &[u8], name: &[u8]) -> bool {
        match (pattern, name) {
            ([], []) => true,
            ([b'*', rest @ ..], _) => (0..=name.len()).any(|skip| plainly(rest, &name[skip..])),
            ([b'?', rest @ ..], [_, tail @ ..]) => plainly(rest, tail),
            ([byte, rest @ ..], [other, tail @ ..]) => byte == other && plainly(rest, tail),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn it_does_what_the_definition_says(pattern in "[ab*?]{1,8}", name in "[ab]{0,10}") {
            let expected = plainly(pattern.as_bytes(), name.as_bytes());
            prop_assert_eq!(matches(&pattern, &name), expected);
        }
    }
}
