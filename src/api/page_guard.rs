//! Ends the reading of a list whose pages do not end: the service, or something in its
//! place, may give a new cursor with every page. Memory is bounded: of each item and
//! each cursor only a hash is kept.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use super::queries::{JsonObject, is_clear_name};
use crate::secret::excerpt;

/// More items than any list has. With it, the hashes take about 30 MB.
const MAX_ITEMS: usize = 1_000_000;

/// More pages than any list has. At the full rate they take two minutes.
const MAX_PAGES: usize = 20_000;

/// Most pages of a list whose length is not known: 100,000 members or 200,000 bans.
const MAX_PAGES_OF_UNKNOWN: usize = 2000;

/// Pages have 50 or 100 items. This many pages may have less than
/// [`FEW_ITEMS`] on average.
const SHORT_PAGES: usize = 30;

const FEW_ITEMS: usize = 10;

/// Follows the pages of one list.
#[derive(Debug)]
pub(crate) struct PageGuard {
    hasher: RandomState,
    items: HashSet<u64>,
    unusable: usize,
    /// Items whose name may be that of another user.
    unclear: usize,
    cursors: HashSet<u64>,
    pages: usize,
    /// None while it is not known how long the list can be.
    max_items: Option<usize>,
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
            unusable: 0,
            unclear: 0,
            cursors: HashSet::new(),
            pages: 0,
            max_items: None,
            has_new_items: false,
        };
        guard.cursors.insert(guard.hasher.hash_one(first));
        guard
    }

    /// Different items so far.
    pub(crate) fn items(&self) -> usize {
        self.items.len()
    }

    /// The same with the unusable entries.
    pub(crate) fn entries(&self) -> usize {
        self.items.len() + self.unusable
    }

    /// Entries that name nobody: each may be any user. While there is one, the list
    /// shows nobody to be absent.
    pub(crate) fn nameless(&self) -> usize {
        self.unusable + self.unclear
    }

    /// Pages so far.
    pub(crate) fn pages(&self) -> usize {
        self.pages
    }

    /// The list cannot have more items than this.
    pub(crate) fn limit_items(&mut self, most: usize) {
        self.max_items = Some(most.min(MAX_ITEMS));
    }

    /// Counts a page with these items and so many unusable entries, which cannot be
    /// told apart. Returns whether it has an item that no page before had.
    pub(crate) fn add(&mut self, items: &[JsonObject], unusable: usize) -> bool {
        self.pages += 1;
        self.unusable += unusable;
        let before = self.items.len();
        for item in items {
            let name = item.get("Member_Account").and_then(|name| name.as_str());
            self.unclear += usize::from(!name.is_some_and(is_clear_name));
            self.items.insert(self.hasher.hash_one(name));
        }
        self.has_new_items = self.items.len() > before || unusable > 0;
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
        let items = self.entries();
        let most = self.max_items.unwrap_or(MAX_ITEMS);
        if items > most {
            return Err(EndlessList::TooMany { items, most });
        }
        if self.pages >= self.max_pages() {
            return Err(EndlessList::TooManyPages(self.pages));
        }
        Ok(())
    }

    fn max_pages(&self) -> usize {
        match self.max_items {
            Some(most) => (SHORT_PAGES + most / FEW_ITEMS).min(MAX_PAGES),
            None if self.items.len() < self.pages * FEW_ITEMS => SHORT_PAGES,
            None => MAX_PAGES_OF_UNKNOWN,
        }
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
            assert!(guard.add(&page(&names), 0));
            assert_eq!(guard.follow(cursor), Ok(()));
        }
        assert!(
            !guard.add(&page(&["a"]), 0),
            "the last page may be an old one"
        );
    }

    #[test]
    fn a_page_with_nothing_new_ends_the_list() {
        for names in [&[][..], &["a"], &["b", "a"]] {
            let mut guard = PageGuard::new("");
            guard.add(&page(&["a", "b"]), 0);
            assert_eq!(guard.follow("1"), Ok(()));
            guard.add(&page(names), 0);
            assert_eq!(guard.follow("2"), Err(EndlessList::NothingNew(2)));
        }
    }

    #[test]
    fn a_cursor_that_came_before_ends_the_list() {
        let mut guard = PageGuard::new("0");
        guard.add(&page(&["a"]), 0);
        let long = "x".repeat(1000);
        assert_eq!(guard.follow(&long), Ok(()));
        guard.add(&page(&["b"]), 0);
        let Err(EndlessList::Repeated(shown)) = guard.follow(&long) else {
            panic!("a repeated page");
        };
        assert!(shown.len() < 100, "{shown}");
        guard.add(&page(&["c"]), 0);
        assert_eq!(guard.follow("0"), Err(EndlessList::Repeated("0".into())));
    }

    #[test]
    fn more_pages_than_a_list_has_end_it() {
        // (items of a page, the most that the list can have, pages)
        for (size, most, pages) in [
            (1, None, 30),
            (9, None, 30),
            (10, None, MAX_PAGES_OF_UNKNOWN),
            (50, None, MAX_PAGES_OF_UNKNOWN),
            (1, Some(1000), 130),
            (1, Some(usize::MAX), MAX_PAGES),
        ] {
            let mut guard = PageGuard::new("");
            if let Some(most) = most {
                guard.limit_items(most);
            }
            let mut follow = |n: usize| {
                let names: Vec<String> = (0..size).map(|at| format!("{n}-{at}")).collect();
                guard.add(
                    &page(&names.iter().map(String::as_str).collect::<Vec<_>>()),
                    0,
                );
                guard.follow(&n.to_string())
            };
            let end = (1..).find_map(|n| follow(n).err());
            assert_eq!(end, Some(EndlessList::TooManyPages(pages)));
        }
    }

    #[test]
    fn more_items_than_there_can_be_end_the_list() {
        let mut guard = PageGuard::new("");
        guard.limit_items(2);
        guard.add(&page(&["a", "b"]), 0);
        assert_eq!(guard.follow("1"), Ok(()));
        guard.add(&page(&["c"]), 0);
        let too_many = EndlessList::TooMany { items: 3, most: 2 };
        assert_eq!(guard.follow("2"), Err(too_many));
    }
}
