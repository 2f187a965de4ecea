//! Ends the reading of a list whose pages do not end: the service, or something in
//! its place, may give a new cursor with every page.
//!
//! Memory is bounded: of each item and each cursor only a hash is kept.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use super::JsonObject;
use crate::secret::excerpt;

/// More items than any list has. With it, the hashes take about 30 MB.
const MAX_ITEMS: usize = 1_000_000;

/// More pages than any list has. At the full rate they take two minutes.
const MAX_PAGES: usize = 20_000;

/// Pages have 50 or 100 items. This many pages may have less than
/// [`FEW_ITEMS`] on average.
const SHORT_PAGES: usize = 100;

const FEW_ITEMS: usize = 10;

/// Follows the pages of one list.
#[derive(Debug)]
pub(crate) struct PageGuard {
    hasher: RandomState,
    items: HashSet<u64>,
    cursors: HashSet<u64>,
    pages: usize,
    max_items: usize,
    has_new_items: bool,
}

/// Why a list does not end.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EndlessList {
    #[error("repeat themselves: page {0:?} came a second time")]
    Repeated(String),
    #[error("do not end: page {0} has nothing new and names another page")]
    NothingNew(usize),
    #[error("do not end: {items} items came, and there can be {most} at most")]
    TooMany { items: usize, most: usize },
    #[error("do not end: {0} pages came")]
    TooManyPages(usize),
}

impl PageGuard {
    /// `first` is the cursor of the first page.
    pub(crate) fn new(first: &str) -> Self {
        let mut guard = Self {
            hasher: RandomState::new(),
            items: HashSet::new(),
            cursors: HashSet::new(),
            pages: 0,
            max_items: MAX_ITEMS,
            has_new_items: false,
        };
        guard.cursors.insert(guard.hasher.hash_one(first));
        guard
    }

    /// Pages so far.
    pub(crate) fn pages(&self) -> usize {
        self.pages
    }

    /// The list cannot have more items than this.
    pub(crate) fn limit_items(&mut self, most: usize) {
        self.max_items = most.min(MAX_ITEMS);
    }

    /// Counts a page. Returns whether it has an item that no page before had.
    pub(crate) fn add(&mut self, items: &[JsonObject]) -> bool {
        self.pages += 1;
        let before = self.items.len();
        for item in items {
            let name = item.get("Member_Account").and_then(|name| name.as_str());
            self.items.insert(self.hasher.hash_one(name));
        }
        self.has_new_items = self.items.len() > before;
        self.has_new_items
    }

    /// Whether the page after the last one, at this cursor, may be read.
    pub(crate) fn follow(&mut self, cursor: &str) -> Result<(), EndlessList> {
        if !self.cursors.insert(self.hasher.hash_one(cursor)) {
            return Err(EndlessList::Repeated(excerpt(cursor)));
        }
        if !self.has_new_items {
            return Err(EndlessList::NothingNew(self.pages));
        }
        let (items, most) = (self.items.len(), self.max_items);
        if items > most {
            return Err(EndlessList::TooMany { items, most });
        }
        let most_pages = SHORT_PAGES + most / FEW_ITEMS;
        if self.pages >= most_pages.min(MAX_PAGES) {
            return Err(EndlessList::TooManyPages(self.pages));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn page(names: &[&str]) -> Vec<JsonObject> {
        let item = |name| {
            let item = json!({ "Member_Account": name });
            item.as_object().expect("an object").clone()
        };
        names.iter().map(item).collect()
    }

    #[test]
    fn pages_with_something_new_are_followed() {
        let mut guard = PageGuard::new("");
        for (names, cursor) in [(["a", "b"], "1"), (["b", "c"], "2"), (["d", "a"], "3")] {
            assert!(guard.add(&page(&names)));
            assert_eq!(guard.follow(cursor), Ok(()));
        }
        assert!(!guard.add(&page(&["a"])), "the last page may be an old one");
    }

    #[test]
    fn a_page_with_nothing_new_ends_the_list() {
        for names in [&[][..], &["a"], &["b", "a"]] {
            let mut guard = PageGuard::new("");
            guard.add(&page(&["a", "b"]));
            assert_eq!(guard.follow("1"), Ok(()));
            guard.add(&page(names));
            assert_eq!(guard.follow("2"), Err(EndlessList::NothingNew(2)));
        }
    }

    #[test]
    fn a_cursor_that_came_before_ends_the_list() {
        let mut guard = PageGuard::new("0");
        guard.add(&page(&["a"]));
        let long = "x".repeat(1000);
        assert_eq!(guard.follow(&long), Ok(()));
        guard.add(&page(&["b"]));
        let Err(EndlessList::Repeated(shown)) = guard.follow(&long) else {
            panic!("a repeated page");
        };
        assert!(shown.len() < 100, "{shown}");
        guard.add(&page(&["c"]));
        assert_eq!(guard.follow("0"), Err(EndlessList::Repeated("0".into())));
    }

    #[test]
    fn more_pages_than_any_list_has_end_the_list() {
        let mut guard = PageGuard::new("");
        let mut follow = |n: usize| {
            guard.add(&page(&[&n.to_string()]));
            guard.follow(&n.to_string())
        };
        let end = (1..).find_map(|n| follow(n).err());
        assert_eq!(end, Some(EndlessList::TooManyPages(MAX_PAGES)));
    }

    #[test]
    fn many_short_pages_end_the_list() {
        let mut guard = PageGuard::new("");
        guard.limit_items(1000);
        let mut follow = |n: usize| {
            guard.add(&page(&[&n.to_string()]));
            guard.follow(&n.to_string())
        };
        let end = (1..).find_map(|n| follow(n).err());
        assert_eq!(end, Some(EndlessList::TooManyPages(200)));
    }

    #[test]
    fn more_items_than_there_can_be_end_the_list() {
        let mut guard = PageGuard::new("");
        guard.limit_items(2);
        guard.add(&page(&["a", "b"]));
        assert_eq!(guard.follow("1"), Ok(()));
        guard.add(&page(&["c"]));
        let too_many = EndlessList::TooMany { items: 3, most: 2 };
        assert_eq!(guard.follow("2"), Err(too_many));
    }
}
