//! The calls that only read: members, bans, room information.
//!
//! A call returns one page; the caller follows the pages. The fields of a member,
//! ban or room keep the service's names and order: the documents allow free text
//! and new keys in them.
//!
//! [`PageGuard`] ends the reading of a list whose pages do not end: the service, or
//! something in its place, may give a new cursor with every page. Memory is bounded:
//! of each item and each cursor only a hash is kept.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::time::SystemTime;

use serde_json::{Map, Value};

use super::client::Client;
use super::codes::Class;
use super::error::Error;
use super::wire::{Answer, GetBannedMemberList, GetRoomInfo, GetRoomMemberList};
use crate::room::RoomId;
use crate::secret::excerpt;

/// The documents' default. They name no maximum.
pub(crate) const MEMBERS_PER_PAGE: u32 = 50;

/// The documents' maximum.
const BANS_PER_PAGE: u32 = 100;

/// The API calls that read a room's members, its bans and its properties.
pub(crate) const MEMBER_LIST: &str = "get_room_member_list";
pub(crate) const BAN_LIST: &str = "get_banned_member_list";
pub(crate) const ROOM_INFO: &str = "get_room_info";

/// The service's fields of one member, one ban or one room.
pub(crate) type JsonObject = Map<String, Value>;

/// The service's answer to a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum QueryAnswer<T> {
    Data(T),
    /// An error answer; its class is never [`Class::Done`].
    Failed(Answer),
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListPage<C> {
    /// Each has a `Member_Account` that is a string.
    pub(crate) items: Vec<JsonObject>,
    /// The start of the next page, if there is one.
    pub(crate) next: Option<C>,
}

impl Client {
    /// The members of a room. `next` is empty for the first
    /// page.
    pub(crate) fn get_room_member_list(
        &self,
        room: &RoomId,
        next: &str,
        now: SystemTime,
        new_connection: bool,
    ) -> Result<QueryAnswer<ListPage<String>>, Error> {
        member_page(self.member_list_answer(room, next, now, new_connection)?)
    }

    /// The answer to [`Client::get_room_member_list`], not decoded.
    pub(crate) fn member_list_answer(
        &self,
        room: &RoomId,
        next: &str,
        now: SystemTime,
        new_connection: bool,
    ) -> Result<Answer, Error> {
        let body = GetRoomMemberList {
            room_id: room.as_str(),
            count: MEMBERS_PER_PAGE,
            next,
        };
        self.call(MEMBER_LIST, &body, now, new_connection)
    }

    /// The bans of a room. `offset` is 0 for the first page.
    pub(crate) fn get_banned_member_list(
        &self,
        room: &RoomId,
        offset: u64,
        now: SystemTime,
        new_connection: bool,
    ) -> Result<QueryAnswer<ListPage<u64>>, Error> {
        let body = GetBannedMemberList {
            room_id: room.as_str(),
            limit: BANS_PER_PAGE,
            offset,
        };
        let answer = self.call(BAN_LIST, &body, now, new_connection)?;
        decode_list(answer, "BannedAccountList", |response| {
            let next = match cursor(response)? {
                None => None,
                Some(text) => Some(text.parse().ok()?),
            };
            Some(next.filter(|offset| *offset != 0))
        })
    }

    /// The answer to [`Client::get_room_info`], not decoded.
    pub(crate) fn room_info_answer(
        &self,
        room: &RoomId,
        now: SystemTime,
        new_connection: bool,
    ) -> Result<Answer, Error> {
        let body = GetRoomInfo {
            room_id: room.as_str(),
        };
        self.call(ROOM_INFO, &body, now, new_connection)
    }

    /// The fields of a room.
    pub(crate) fn get_room_info(
        &self,
        room: &RoomId,
        now: SystemTime,
        new_connection: bool,
    ) -> Result<QueryAnswer<JsonObject>, Error> {
        room_info(self.room_info_answer(room, now, new_connection)?)
    }
}

/// A page of a member list.
pub(crate) fn member_page(answer: Answer) -> Result<QueryAnswer<ListPage<String>>, Error> {
    decode_list(answer, "MemberList", cursor)
}

/// The fields of a room.
pub(crate) fn room_info(answer: Answer) -> Result<QueryAnswer<JsonObject>, Error> {
    decode(answer, |response| {
        response
            .get_mut("RoomInfo")?
            .as_object_mut()
            .map(std::mem::take)
    })
}

/// A success with an undocumented payload is not from the service.
fn decode<T>(
    mut answer: Answer,
    read: impl FnOnce(&mut Value) -> Option<T>,
) -> Result<QueryAnswer<T>, Error> {
    if answer.class() != Class::Done {
        return Ok(QueryAnswer::Failed(answer));
    }
    let data = read(&mut answer.response);
    data.map(QueryAnswer::Data).ok_or(Error::NotTheService {
        status: 200,
        what: "a Response that is not as documented",
        retry_after: answer.retry_after,
    })
}

/// Only an array is a list. A list that is missing or null is not an empty one:
/// nothing is known about the room then.
fn decode_list<C>(
    answer: Answer,
    list: &'static str,
    next: impl FnOnce(&Value) -> Option<Option<C>>,
) -> Result<QueryAnswer<ListPage<C>>, Error> {
    let has_list = answer.response.get(list).is_some_and(Value::is_array);
    if answer.class() == Class::Done && !has_list {
        let retry_after = answer.retry_after;
        return Err(Error::NoList { list, retry_after });
    }
    decode(answer, |response| {
        let items = items(response, list)?;
        let next = next(response)?;
        Some(ListPage { items, next })
    })
}

fn items(response: &mut Value, list: &str) -> Option<Vec<JsonObject>> {
    let items = response.get_mut(list)?.as_array_mut()?;
    let item = |item: &mut Value| {
        let fields = item.as_object_mut()?;
        let is_named = fields.get("Member_Account").is_some_and(Value::is_string);
        is_named.then(|| std::mem::take(fields))
    };
    items.iter_mut().map(item).collect()
}

/// `NextOffset` or `Next`, a number or a string: for bans the documents name both.
/// 0, empty, null and missing mean the end (`Some(None)`). `None` is a value of
/// another type.
#[allow(
    clippy::option_option,
    reason = "an invalid cursor is not the same as no next page"
)]
fn cursor(response: &Value) -> Option<Option<String>> {
    let names = ["NextOffset", "Next"];
    let values = names.into_iter().filter_map(|name| response.get(name));
    for value in values {
        match value {
            Value::Null => {}
            Value::String(text) if text.is_empty() => {}
            Value::Number(number) if number.as_u64() == Some(0) => {}
            Value::String(text) => return Some(Some(text.clone())),
            Value::Number(number) => return Some(Some(number.to_string())),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
        }
    }
    Some(None)
}

/// More items than any list has. With it, the hashes take about 30 MB.
const MAX_ITEMS: usize = 1_000_000;

/// More pages than any list has. At the full rate they take two minutes.
const MAX_PAGES: usize = 20_000;

/// Most pages of a list whose length is not known: 50,000 members or 100,000 bans.
const MAX_PAGES_OF_UNKNOWN: usize = 1000;

/// Pages have 50 or 100 items. This many pages may have less than
/// [`FEW_ITEMS`] on average.
const SHORT_PAGES: usize = 30;

const FEW_ITEMS: usize = 10;

/// Follows the pages of one list.
#[derive(Debug)]
pub(crate) struct PageGuard {
    hasher: RandomState,
    items: HashSet<u64>,
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

    /// Pages so far.
    pub(crate) fn pages(&self) -> usize {
        self.pages
    }

    /// The list cannot have more items than this.
    pub(crate) fn limit_items(&mut self, most: usize) {
        self.max_items = Some(most.min(MAX_ITEMS));
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
        let items = self.items.len();
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

    #[test]
    fn the_next_page_has_either_name_and_type() {
        let next = |response| cursor(&response);
        for end in [
            json!({}),
            json!({"Next": ""}),
            json!({"NextOffset": 0}),
            json!({"Next": null}),
        ] {
            assert_eq!(next(end), Some(None));
        }
        assert_eq!(next(json!({"Next": "a"})), Some(Some("a".into())));
        assert_eq!(next(json!({"Next": 7})), Some(Some("7".into())));
        assert_eq!(next(json!({"NextOffset": "7"})), Some(Some("7".into())));
        assert_eq!(
            next(json!({"NextOffset": 0, "Next": "7"})),
            Some(Some("7".into()))
        );
        assert_eq!(next(json!({"Next": [1]})), None);
    }

    #[test]
    fn a_list_with_a_nameless_item_is_invalid() {
        let mut good = json!({"L": [{"Member_Account": "a", "More": 1}]});
        assert_eq!(items(&mut good, "L").map(|items| items.len()), Some(1));
        assert_eq!(items(&mut json!({"L": []}), "L"), Some(Vec::new()));
        for bad in [
            json!({}),
            json!({"L": null}),
            json!({"L": [{}]}),
            json!({"L": [{"Member_Account": 1}]}),
            json!({"L": 1}),
            json!(null),
        ] {
            assert_eq!(items(&mut bad.clone(), "L"), None, "{bad}");
        }
    }

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
    fn more_pages_than_a_list_has_end_it() {
        // (items of a page, the most that the list can have, pages)
        for (size, most, pages) in [
            (1, None, 30),
            (9, None, 30),
            (10, None, 1000),
            (50, None, 1000),
            (1, Some(1000), 130),
            (1, Some(usize::MAX), MAX_PAGES),
        ] {
            let mut guard = PageGuard::new("");
            if let Some(most) = most {
                guard.limit_items(most);
            }
            let mut follow = |n: usize| {
                let names: Vec<String> = (0..size).map(|at| format!("{n}-{at}")).collect();
                guard.add(&page(&names.iter().map(String::as_str).collect::<Vec<_>>()));
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
        guard.add(&page(&["a", "b"]));
        assert_eq!(guard.follow("1"), Ok(()));
        guard.add(&page(&["c"]));
        let too_many = EndlessList::TooMany { items: 3, most: 2 };
        assert_eq!(guard.follow("2"), Err(too_many));
    }
}
