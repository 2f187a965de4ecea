//! Many short strings in little memory: all of them in one allocation, each
//! known by its number.
//!
//! A `String` of its own would cost 24 bytes and an allocation of at least 24
//! more; here a string costs 8 bytes besides its text.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

/// Strings by number, in the order in which they were added.
#[derive(Debug, Default)]
pub(super) struct StringPool {
    text: String,
    /// Where each string ends in `text`.
    ends: Vec<usize>,
}

impl StringPool {
    /// Adds a string and returns its number.
    pub(super) fn push(&mut self, string: &str) -> u32 {
        let number = to_u32(self.ends.len());
        self.text.push_str(string);
        self.ends.push(self.text.len());
        number
    }

    pub(super) fn get(&self, number: u32) -> &str {
        let number = number as usize;
        let start = match number {
            0 => 0,
            later => self.ends[later - 1],
        };
        &self.text[start..self.ends[number]]
    }

    /// Bytes of all strings.
    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }
}

/// A pool that keeps equal strings only once.
#[derive(Debug, Default)]
pub(super) struct Interner {
    pub(super) strings: StringPool,
    by_string: HashTable<u32>,
    hasher: RandomState,
}

impl Interner {
    /// The number of this string, if it is known.
    pub(super) fn find(&self, string: &str) -> Option<u32> {
        let is_same = |number: &u32| self.strings.get(*number) == string;
        let found = self.by_string.find(self.hasher.hash_one(string), is_same);
        found.copied()
    }

    /// The number of this string, new or not.
    pub(super) fn intern(&mut self, string: &str) -> u32 {
        if let Some(known) = self.find(string) {
            return known;
        }
        let Self {
            strings,
            by_string,
            hasher,
        } = self;
        let hash = hasher.hash_one(string);
        let number = strings.push(string);
        let hash_of = |number: &u32| hasher.hash_one(strings.get(*number));
        by_string.insert_unique(hash, number, hash_of);
        number
    }
}

/// Numbers are `u32` to save memory: four billion rows would need about 100 GB
/// before this conversion fails.
pub(super) fn to_u32(number: usize) -> u32 {
    u32::try_from(number).expect("fewer than four billion rows")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_come_back_by_their_number() {
        let mut strings = StringPool::default();
        let numbers = ["a", "", "bc"].map(|string| strings.push(string));
        assert_eq!(numbers.map(|n| strings.get(n)), ["a", "", "bc"]);
        assert_eq!(strings.len(), 3);
    }

    #[test]
    fn equal_strings_are_kept_once() {
        let mut names = Interner::default();
        let numbers: Vec<u32> = (0..5000).map(|n| names.intern(&format!("n{n}"))).collect();
        assert_eq!(names.intern("n4321"), numbers[4321]);
        assert_eq!(names.strings.len(), 5000);
    }
}
