//! The calls that only read: members, bans, room information.
//!
//! A call returns one page; the caller follows the pages. The fields of a member,
//! ban or room keep the service's names and order: the documents allow free text
//! and new keys in them.
//!
//! What is not as documented is read as meant where it has one meaning: a number in
//! place of its text, a count in quotes. An entry without a name is kept apart, and the
//! list is read all the same.

use std::time::SystemTime;

use serde_json::{Map, Value};

use super::client::Client;
use super::codes::Class;
use super::error::Error;
use super::wire::{Answer, GetBannedMemberList, GetRoomInfo, GetRoomMemberList};
use crate::room::{RoomId, UserId};

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
    /// Each has a `Member_Account` with a text, which may be one that no request can
    /// name: lists are shown as they are.
    pub(crate) items: Vec<JsonObject>,
    /// What the other entries have in its place.
    pub(crate) unusable: Vec<Value>,
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
        let (items, unusable) = items(response, list)?;
        let next = next(response)?;
        Some(ListPage {
            items,
            unusable,
            next,
        })
    })
}

/// The entries of a list that have a name, and what the others have in its place.
fn items(response: &mut Value, list: &str) -> Option<(Vec<JsonObject>, Vec<Value>)> {
    let entries = response.get_mut(list)?.as_array_mut()?;
    let (mut items, mut unusable) = (Vec::with_capacity(entries.len()), Vec::new());
    for entry in std::mem::take(entries) {
        let Value::Object(mut fields) = entry else {
            unusable.push(entry);
            continue;
        };
        let name = fields.get("Member_Account").and_then(id_text);
        match name.filter(|name| !name.is_empty()) {
            Some(name) => {
                fields.insert("Member_Account".into(), name.into());
                items.push(fields);
            }
            None => unusable.push(fields.remove("Member_Account").unwrap_or_default()),
        }
    }
    Some((items, unusable))
}

/// An ID as text, also if it came as a whole number.
pub(crate) fn id_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.is_u64() || number.is_i64() => Some(number.to_string()),
        _ => None,
    }
}

/// Whether a name on a list is that of one user for sure. A name that no request can
/// carry, because it is too long or not ASCII, is somebody else's. But with a blank or
/// something invisible at an end it may be the name without that, and with nothing else
/// it is no name.
pub(crate) fn is_clear_name(name: &str) -> bool {
    let bare = name.trim_matches(|c: char| !c.is_ascii_graphic() && !c.is_alphanumeric());
    !bare.is_empty() && (bare == name || UserId::parse(bare).is_err())
}

/// `MemberCount` of a room: a number, also one like 3.0, or its text. None if it is
/// missing or something else.
pub(crate) fn member_count(info: &JsonObject) -> Option<usize> {
    let text = match info.get("MemberCount")? {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    let whole = match text.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|digit| digit == b'0') => whole,
        _ => &text,
    };
    whole.parse().ok()
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
    fn only_an_array_is_a_list() {
        let mut good = json!({"L": [{"Member_Account": "a", "More": 1}]});
        assert_eq!(items(&mut good, "L").map(|(items, _)| items.len()), Some(1));
        assert_eq!(items(&mut json!({"L": []}), "L"), Some((vec![], vec![])));
        for bad in [json!({}), json!({"L": null}), json!({"L": 1}), json!(null)] {
            assert_eq!(items(&mut bad.clone(), "L"), None, "{bad}");
        }
    }

    #[test]
    fn a_number_is_its_text_and_an_entry_without_a_name_is_kept_apart() {
        let long = "x".repeat(33);
        for (account, name) in [
            (json!(12345), "12345"),
            (json!("a b"), "a b"),
            (json!("ü"), "ü"),
            (json!("a\nb"), "a\nb"),
            (json!(long), &*long),
        ] {
            let mut list = json!({"L": [{"Member_Account": account}]});
            let (items, unusable) = items(&mut list, "L").expect("a list");
            assert_eq!(items[0]["Member_Account"], name);
            assert_eq!(unusable, [] as [Value; 0]);
        }
        for account in [
            json!(null),
            json!(""),
            json!(1.5),
            json!(true),
            json!(["a"]),
            json!({}),
        ] {
            let mut list = json!({"L": [{"Member_Account": account}, {"Member_Account": "a"}]});
            let (items, unusable) = items(&mut list, "L").expect("a list");
            assert_eq!((items.len(), unusable), (1, vec![account]));
        }
        let mut others = json!({"L": [{}, null, "a", 5]});
        let (items, unusable) = items(&mut others, "L").expect("a list");
        assert_eq!((items.len(), unusable.len()), (0, 4));
    }

    #[test]
    fn a_name_with_something_invisible_at_an_end_may_be_another_one() {
        let long = "x".repeat(33);
        for clear in ["a", "a b", "-", "ü", "用户1", "éa", "a\nb", &*long] {
            assert!(is_clear_name(clear), "{clear:?}");
        }
        let padded = format!("{} ", "x".repeat(32));
        for unclear in [
            "",
            " ",
            "\u{200b}",
            "a\n",
            " a",
            "a\u{a0}",
            "\u{feff}a",
            "a\u{200b}",
            "\0a",
            &*padded,
        ] {
            assert!(!is_clear_name(unclear), "{unclear:?}");
        }
    }

    #[test]
    fn a_member_count_is_a_whole_number_in_any_spelling() {
        let count = |count: Value| {
            let info = json!({ "MemberCount": count });
            member_count(info.as_object().expect("an object"))
        };
        for three in [json!(3), json!(3.0), json!("3"), json!(" 3 "), json!("3.0")] {
            assert_eq!(count(three.clone()), Some(3), "{three}");
        }
        for other in [
            json!(null),
            json!("abc"),
            json!(""),
            json!(-1),
            json!(1e30),
            json!(2.5),
            json!(true),
            json!([3]),
        ] {
            assert_eq!(count(other.clone()), None, "{other}");
        }
        assert_eq!(member_count(&JsonObject::new()), None);
    }
}
