//! Many short strings in little memory: all of them one after the other in one
//! allocation, each known by its number.
//!
//! A text of its own would cost 16 bytes for the pointer and 24 or more for the
//! allocation, here it costs 8. For [`super::plan`].

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

/// Strings by number, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct StringPool {
    all: String,
    ends: Vec<usize>,
}

impl StringPool {
    /// How many there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Keeps one more; its number.
    pub(super) fn push(&mut self, text: &str) -> u32 {
        let number = number(self.ends.len());
        self.all.push_str(text);
        self.ends.push(self.all.len());
        number
    }

    /// The text with this number.
    pub(super) fn get(&self, number: u32) -> &str {
        let number = number as usize;
        let start = match number {
            0 => 0,
            later => self.ends[later - 1],
        };
        &self.all[start..self.ends[number]]
    }
}

/// Strings of which each is kept once.
#[derive(Debug, Default)]
pub(super) struct Interner {
    pub(super) strings: StringPool,
    by_text: HashTable<u32>,
    hasher: RandomState,
}

impl Interner {
    /// The text's number, new or not.
    pub(super) fn intern(&mut self, text: &str) -> u32 {
        let Self {
            strings,
            by_text,
            hasher,
        } = self;
        let hash = hasher.hash_one(text);
        if let Some(known) = by_text.find(hash, |number| strings.get(*number) == text) {
            return *known;
        }
        let number = strings.push(text);
        let hash_of = |number: &u32| hasher.hash_one(strings.get(*number));
        by_text.insert_unique(hash, number, hash_of);
        number
    }
}

/// Positions are kept as `u32`: more than four billion of anything would need
/// some 100 GB before it came to that.
pub(super) fn number(position: usize) -> u32 {
    u32::try_from(position).expect("fewer than four billion rows")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_by_their_number() {
        let mut strings = StringPool::default();
        let numbers = ["a", "", "bc"].map(|text| strings.push(text));
        assert_eq!(numbers.map(|n| strings.get(n)), ["a", "", "bc"]);
        assert_eq!(strings.len(), 3);
    }

    #[test]
    fn a_name_is_kept_once() {
        let mut names = Interner::default();
        let numbers: Vec<u32> = (0..5000).map(|n| names.intern(&format!("n{n}"))).collect();
        assert_eq!(names.intern("n4321"), numbers[4321]);
        assert_eq!(names.strings.len(), 5000);
    }
}
